/* Which amount of a text is meant, where it stands, and what remains as the title. */
#include "amount.h"
#include "amount_grammar.h"
#include "amount_lex.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

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

	while (tokens[at].kind != TOKEN_END) {
		if (!amount_parse(tokens, at, in_line, &c)) {
			at++;
			continue;
		}
		at = c.end;
		if (c.rank > best.rank)
			best = c;
		else if (c.rank == best.rank && c.rank != RANK_NONE && (c.rial != best.rial || c.error != best.error))
			best.error = AMOUNT_WHICH;
	}
	conclude(tokens, &best, out);
	out->confirm |= best.error == AMOUNT_WHICH;
}

static size_t skip_marks(const struct token *tokens, size_t at)
{
	while (tokens[at].kind == TOKEN_MARK)
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
	return t->kind == TOKEN_LEAD || t->kind == TOKEN_MINUS || (t->kind == TOKEN_MARK && is_separator(line, t));
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
	title = talloc_asprintf(ctx, "%.*s%s%s", (int)left, line, left > 0 && line[right] ? " " : "", line + right);
	if (!title)
		abort();
	return title;
}
