/* Which amount of a text is meant, where it stands, and what remains as the title. */
#include "amount.h"
#include "amount_grammar.h"
#include "amount_lex.h"
#include "safe_name.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>

static void conclude(const struct token *tokens, const struct amount_candidate *c, struct amount_reading *out)
{
	*out = (struct amount_reading){.error = c->error};
	if (c->error != AMOUNT_OK) {
		out->confirm = c->error == AMOUNT_UNCLEAR;
		return;
	}
	assert(c->rial > 0 && c->rial <= AMOUNT_MAX_RIAL && c->end > c->first);
	out->rial = c->rial;
	out->confirm = c->confirm;
	out->start = tokens[c->first].start;
	out->end = tokens[c->end - 1].end;
}

/* Keeps the best-ranked candidate; several of the same rank and another sum are a question. */
static void choose(const struct token *tokens, bool in_line, struct amount_reading *out)
{
	struct amount_candidate best = {.error = AMOUNT_NONE}, c;
	size_t at = 0;
	bool rivals = false;

	while (tokens[at].kind != TOKEN_END) {
		if (!amount_parse(tokens, at, in_line, &c)) {
			at++;
			continue;
		}
		at = c.end;
		rivals |= c.rank >= RANK_MULTIPLIER && best.rank >= RANK_MULTIPLIER && c.rial != best.rial;
		if (c.rank > best.rank)
			best = c;
		else if (c.rank == best.rank && c.rank != RANK_NONE && (c.rial != best.rial || c.error != best.error))
			best.error = AMOUNT_WHICH;
	}
	conclude(tokens, &best, out);
	out->confirm |= best.error == AMOUNT_WHICH || (rivals && best.error == AMOUNT_OK);
}

static size_t skip_marks(const struct token *tokens, size_t at)
{
	while (tokens[at].kind == TOKEN_MARK || tokens[at].kind == TOKEN_LEAD)
		at++;
	return at;
}

static bool has_odd(const struct token *tokens)
{
	for (size_t i = 0; tokens[i].kind != TOKEN_END; i++) {
		if (tokens[i].kind == TOKEN_ODD)
			return true;
	}
	return false;
}

bool amount_read(const char *text, struct amount_reading *out)
{
	struct token tokens[AMOUNT_MAX_TOKENS];
	struct amount_candidate c;
	size_t first;

	amount_lex(text ? text : "", AMOUNT_TEXT_BYTES, tokens, AMOUNT_MAX_TOKENS);
	first = skip_marks(tokens, 0);
	if (amount_parse(tokens, first, false, &c) && c.rank != RANK_NONE &&
	    tokens[skip_marks(tokens, c.end)].kind == TOKEN_END) {
		conclude(tokens, &c, out);
		return out->error == AMOUNT_OK;
	}
	choose(tokens, true, out);
	if (out->error == AMOUNT_NONE)
		choose(tokens, false, out);
	out->confirm = out->error == AMOUNT_OK || out->confirm;
	if (out->error == AMOUNT_NONE && has_odd(tokens))
		out->error = AMOUNT_UNCLEAR;
	return out->error == AMOUNT_OK;
}

bool amount_find(const char *line, struct amount_reading *out)
{
	struct token tokens[AMOUNT_MAX_TOKENS];

	amount_lex(line ? line : "", AMOUNT_TEXT_BYTES, tokens, AMOUNT_MAX_TOKENS);
	choose(tokens, true, out);
	return out->error == AMOUNT_OK;
}

static bool is_listed(const struct amount_reading *out, size_t n, int64_t rial)
{
	for (size_t i = 0; i < n; i++) {
		if (out[i].rial == rial)
			return true;
	}
	return false;
}

/* Lists the amounts of at least this rank. */
static size_t list_amounts(const struct token *tokens, enum amount_rank least, struct amount_reading *out, size_t most)
{
	struct amount_candidate c;
	size_t at = 0, n = 0;

	while (tokens[at].kind != TOKEN_END && n < most) {
		if (!amount_parse(tokens, at, true, &c)) {
			at++;
			continue;
		}
		at = c.end;
		if (c.error == AMOUNT_OK && c.rank >= least && !is_listed(out, n, c.rial))
			conclude(tokens, &c, &out[n++]);
	}
	return n;
}

size_t amount_all(const char *text, struct amount_reading out[], size_t most)
{
	struct token tokens[AMOUNT_MAX_TOKENS];
	size_t n;

	amount_lex(text ? text : "", AMOUNT_TEXT_BYTES, tokens, AMOUNT_MAX_TOKENS);
	n = list_amounts(tokens, RANK_MULTIPLIER, out, most);
	return n > 0 ? n : list_amounts(tokens, RANK_BARE, out, most);
}

/* Marks that part a price from a title. Brackets, quotes and pictures belong to the title. */
static bool is_separator(const char *line, const struct token *t)
{
	static const char *const separators[] = {"-",
						 ":",
						 ",",
						 ".",
						 ";",
						 "|",
						 "/",
						 "=",
						 "~",
						 "_",
						 "\xE2\x80\x93", /* dashes */
						 "\xE2\x80\x94",
						 "\xD8\x8C",
						 "\xD8\x9B",
						 "\xE2\x80\xA2"};

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		size_t n = strlen(separators[i]);

		if (t->end - t->start == n && memcmp(line + t->start, separators[i], n) == 0)
			return true;
	}
	return false;
}

static bool leads_to_amount(const char *line, const struct token *t)
{
	return t->kind == TOKEN_LEAD || t->kind == TOKEN_ABOUT || t->kind == TOKEN_MINUS ||
	       (t->kind == TOKEN_MARK && is_separator(line, t));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t trim_end(const char *line, size_t n)
{
	while (n > 0 && is_blank(line[n - 1]))
		n--;
	return n;
}

/* Whether there is a letter or a digit: pictures alone name nothing. */
static bool says_something(const char *s)
{
	uint32_t cp;

	while ((cp = utf8_next(&s)) != 0) {
		if (u_isalnum((UChar32)cp))
			return true;
	}
	return false;
}

char *amount_title(const void *ctx, const char *line, const struct amount_reading *reading)
{
	struct token tokens[AMOUNT_MAX_TOKENS];
	size_t left = reading->start, right = reading->end, n = 0, at;
	char *title;

	assert(reading->start <= reading->end && reading->end <= strlen(line));
	amount_lex(line, AMOUNT_TEXT_BYTES, tokens, AMOUNT_MAX_TOKENS);
	while (tokens[n].kind != TOKEN_END && tokens[n].end <= reading->start)
		n++;
	for (at = n; right > 0 && at > 0 && leads_to_amount(line, &tokens[at - 1]); at--)
		left = tokens[at - 1].start;
	for (at = n; tokens[at].kind != TOKEN_END && tokens[at].start < reading->end; at++)
		;
	for (; right > 0 && leads_to_amount(line, &tokens[at]); at++)
		right = tokens[at].end;
	left = trim_end(line, left);
	while (is_blank(line[right]))
		right++;
	if (left > 0 && line[left - 1] == '(' && line[right] == ')') {
		left = trim_end(line, left - 1);
		right++;
	}
	title = talloc_asprintf(ctx, "%.*s%s%s", (int)left, line, left > 0 && line[right] ? " " : "", line + right);
	if (!title)
		abort();
	if (right > 0 && !says_something(title))
		title[0] = '\0';
	return title;
}
