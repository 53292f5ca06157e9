/* Phones and cards among tokens. They are recognised by how their groups of digits add up. */
#include "amount_odd.h"

enum {
	CARD_GROUP = 4,
	CARD_GROUPS = 4,
	MAX_GROUPS = 8, /* of one number */
	PHONE_MOST = 14 /* 0098 and ten digits */
};

static bool is_group(const struct token *t)
{
	return (t->kind == TOKEN_NUMBER || t->kind == TOKEN_ODD) && t->digits > 0 && !t->huge;
}

static bool is_counted(const struct token *next)
{
	return next->kind == TOKEN_MULTIPLIER || next->kind == TOKEN_LETTER || next->kind == TOKEN_SHORT ||
	       next->kind == TOKEN_CURRENCY || next->kind == TOKEN_LETTER_CURRENCY;
}

static bool is_joint(const struct token *t)
{
	return (t->kind == TOKEN_RANGE || t->kind == TOKEN_MINUS || t->kind == TOKEN_MARK) &&
	       (t->value == '-' || t->value == ')' || t->value == '.');
}

/* The group of digits behind group `at`, over at most one dash or bracket; 0 when there is none. */
static size_t next_group(const struct token *tokens, size_t at)
{
	size_t next = at + 1;

	if (is_joint(&tokens[next]))
		next++;
	return is_group(&tokens[next]) && !is_counted(&tokens[next + 1]) ? next : 0;
}

static uint64_t power(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* How many zeros lead: 0, 1 or 2. */
static unsigned leading_zeros(const struct token *t)
{
	if (t->digits < 3 || t->value == 0 || t->value >= power(t->digits - 1))
		return 0;
	return t->value < power(t->digits - 2) ? 2 : 1;
}

/* Whether a number with this beginning is complete with `total` digits. */
static bool is_phone_length(bool plus, unsigned zeros, unsigned total)
{
	if (plus)
		return total >= 11 && total <= 13;
	return total == 10 || total == 11 || (zeros == 2 && total == PHONE_MOST);
}

/* "12:30" */
static size_t mark_time(struct token *tokens, size_t at)
{
	const struct token *colon = &tokens[at + 1];

	if (colon->kind != TOKEN_MARK || colon->value != ':' || !colon->glued || tokens[at].digits > 2 ||
	    !is_group(&tokens[at + 2]) || !tokens[at + 2].glued || tokens[at + 2].digits != 2)
		return at;
	tokens[at].kind = tokens[at + 2].kind = TOKEN_ODD;
	return at + 2;
}

static void mark(struct token *tokens, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++) {
		if (tokens[i].kind == TOKEN_NUMBER || tokens[i].kind == TOKEN_RANGE || tokens[i].kind == TOKEN_MINUS)
			tokens[i].kind = TOKEN_ODD;
	}
}

/* The last token of the phone number that begins at `first`; `first` itself when no further group belongs to it. */
static size_t phone_end(const struct token *tokens, size_t first, bool plus, unsigned zeros)
{
	unsigned total = tokens[first].digits;
	size_t last = first, at = first;

	for (size_t i = 0; i < MAX_GROUPS; i++) {
		at = next_group(tokens, at);
		if (at == 0 || total + tokens[at].digits > PHONE_MOST)
			return last;
		total += tokens[at].digits;
		if (is_phone_length(plus, zeros, total))
			last = at;
	}
	return last;
}

/* Ten digits that begin with 9, or twelve with 989, are a mobile that lost its front, unless they are round. */
static bool is_bare_mobile(const struct token *t, const struct token *next)
{
	if (t->kind != TOKEN_NUMBER || t->value % 1000 == 0 || is_counted(next))
		return false;
	return (t->digits == 10 && t->value / power(9) == 9) || (t->digits == 12 && t->value / power(9) == 989);
}

static size_t mark_phone(struct token *tokens, size_t at)
{
	bool plus = at > 0 && tokens[at - 1].kind == TOKEN_MARK && tokens[at - 1].value == '+' && tokens[at].glued;
	unsigned zeros = leading_zeros(&tokens[at]);
	size_t last;

	if (is_bare_mobile(&tokens[at], &tokens[at + 1]))
		tokens[at].kind = TOKEN_ODD;
	if (!plus && zeros == 0)
		return at;
	last = phone_end(tokens, at, plus, zeros);
	mark(tokens, at, last);
	return last;
}

/* Four groups of four, and what of an IBAN is behind them. */
static size_t mark_card(struct token *tokens, size_t first)
{
	size_t last = first, at = first, groups = 1;

	while (groups < MAX_GROUPS && tokens[at].digits == CARD_GROUP) {
		at = next_group(tokens, at);
		if (at == 0 || tokens[at].digits > CARD_GROUP)
			break;
		last = at;
		groups++;
	}
	if (groups < CARD_GROUPS)
		return first;
	mark(tokens, first, last);
	return last;
}

static bool is_hyphen(const struct token *t)
{
	return t->value == '-' && t->glued &&
	       (t->kind == TOKEN_RANGE || t->kind == TOKEN_MINUS || t->kind == TOKEN_MARK);
}

/* "1402-05-12", and anything else of three groups with hyphens. */
static size_t mark_date(struct token *tokens, size_t at)
{
	size_t last = at;

	while (is_hyphen(&tokens[last + 1]) && is_group(&tokens[last + 2]))
		last += 2;
	if (last < at + 4)
		return at;
	mark(tokens, at, last);
	return last;
}

void amount_odd_mark(struct token *tokens)
{
	for (size_t at = 0; tokens[at].kind != TOKEN_END; at++) {
		if (!is_group(&tokens[at]))
			continue;
		at = mark_time(tokens, at);
		at = mark_date(tokens, at);
		if (tokens[at].digits == CARD_GROUP)
			at = mark_card(tokens, at);
		at = mark_phone(tokens, at);
	}
}
