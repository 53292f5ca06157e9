/* The grammar of amounts (rails.md 6, conventions 4 to 6). Sums are kept as integers over powers of ten. */
#include "amount_grammar.h"
#include <assert.h>

enum {
	MAX_TERMS = 6, /* of one amount: milliard, million, thousand, rest, halves */
	THOUSAND = 1000,
	TOMAN = 10, /* rial in one */
	BARE_SMALL = 10000, /* toman; below it a bare number is doubtful, and inside a line it is no price */
	MAX_BARE_DIGITS = 13 /* in a line, more digits are a card, an IBAN, a serial number */
};

/* value / 10^scale * multiplier */
struct term {
	uint64_t value;
	unsigned scale;
	uint64_t multiplier;
	bool words; /* written in words, not digits */
};

/* An amount while it is read. `at` is the next token. */
struct parse {
	const struct token *tokens;
	size_t at;
	bool in_line; /* amount_find: a title may be around */
	struct term terms[MAX_TERMS];
	size_t n_terms;
	uint64_t unit; /* rial in one of the currency, 0 when none was named */
	bool letter, word; /* a multiplier was there: one letter, a word */
	bool bare_multiplier; /* the first one had no number before it */
	bool unmarked; /* digits without any mark: "1200 toman" may be thousands */
	bool spaced; /* groups of digits were joined over blanks */
	bool negative, foreign, unclear, huge, guess;
};

static const struct token *peek(const struct parse *p, size_t ahead)
{
	for (size_t i = 0; i < ahead; i++) {
		if (p->tokens[p->at + i].kind == TOKEN_END)
			return &p->tokens[p->at + i];
	}
	return &p->tokens[p->at + ahead];
}

static bool is_number_word(const struct token *t)
{
	return t->kind >= TOKEN_UNIT && t->kind <= TOKEN_HUNDREDS;
}

static bool begins_numeral(const struct token *t)
{
	return t->kind == TOKEN_NUMBER || is_number_word(t);
}

static bool is_multiplier(const struct token *t)
{
	return t->kind == TOKEN_MULTIPLIER || t->kind == TOKEN_LETTER || t->kind == TOKEN_SHORT;
}

static bool is_currency(const struct token *t)
{
	return t->kind == TOKEN_CURRENCY || t->kind == TOKEN_LETTER_CURRENCY;
}

/* What a number word may follow: units after tens after hundreds. */
static unsigned word_rank(const struct token *t)
{
	if (t->kind == TOKEN_UNIT)
		return 1;
	return t->kind == TOKEN_TEEN || t->kind == TOKEN_TENS ? 2 : 3;
}

static bool is_group_of_three(const struct token *t)
{
	/* "1 050 000": its second group alone is no quantity. */
	return (t->kind == TOKEN_NUMBER || t->kind == TOKEN_ODD) && t->digits == 3 && !t->glued;
}

/* Joins "1 250 000". In a line with a title two numbers may just stand side by side, so there only groups that look
 * like nothing else are joined: two or more, or one of zeros. */
static void read_spaced_groups(struct parse *p, struct term *t, const struct token *first)
{
	size_t groups = 0;

	if (first->digits == 0 || first->digits > 3 || first->value == 0)
		return;
	while (groups < 4 && is_group_of_three(peek(p, groups)))
		groups++;
	if (groups == 0 || (p->in_line && groups == 1 && peek(p, 0)->value != 0))
		return;
	if (p->in_line && is_multiplier(peek(p, groups)))
		return;
	for (size_t i = 0; i < groups; i++)
		t->value = t->value * THOUSAND + p->tokens[p->at++].value;
	p->spaced = true;
}

static void read_digits(struct parse *p, struct term *t)
{
	const struct token *first = peek(p, 0);

	p->at++;
	t->value = first->value;
	t->scale = first->scale;
	p->huge |= first->huge;
	p->guess |= first->guess;
	p->unmarked |= first->digits > 0;
	read_spaced_groups(p, t, first);
	if (peek(p, 0)->kind == TOKEN_HUNDRED && t->value < 10 && t->scale == 0) {
		t->value *= 100;
		p->at++;
	}
	/* "1.500" is a thousand and a half only before a multiplier. */
	if (first->three && !is_multiplier(peek(p, 0))) {
		t->scale = 0;
		p->guess = true;
	}
}

/* One number word, or a unit and "hundred". */
static uint64_t read_one_word(struct parse *p)
{
	const struct token *t = peek(p, 0);

	p->at++;
	if (t->kind == TOKEN_UNIT && peek(p, 0)->kind == TOKEN_HUNDRED) {
		p->at++;
		return t->value * 100;
	}
	return t->value;
}

/* The rank of the word or of the "unit hundred" that comes `ahead`. */
static unsigned coming_rank(const struct parse *p, size_t ahead)
{
	if (peek(p, ahead)->kind == TOKEN_UNIT && peek(p, ahead + 1)->kind == TOKEN_HUNDRED)
		return 3;
	return word_rank(peek(p, ahead));
}

static void read_words(struct parse *p, struct term *t)
{
	unsigned rank = coming_rank(p, 0);
	bool closed = peek(p, 0)->kind == TOKEN_TEEN;

	t->words = true;
	t->value = read_one_word(p);
	for (;;) {
		size_t skip = peek(p, 0)->kind == TOKEN_AND;
		unsigned next;

		if (!is_number_word(peek(p, skip)))
			return;
		next = coming_rank(p, skip);
		if (closed || next >= rank) {
			/* Two or three: side by side they are a range. */
			p->unclear |= skip == 0;
			return;
		}
		p->at += skip;
		closed = peek(p, 0)->kind == TOKEN_TEEN;
		t->value += read_one_word(p);
		rank = next;
	}
}

/* "25_m", "25. million": a finger that slipped. */
static bool is_loose_mark(const struct token *t)
{
	return t->kind == TOKEN_MARK && t->glued &&
	       (t->value == '_' || t->value == '.' || t->value == ',' || t->value == '/' || t->value == 0x060C);
}

static bool take_multiplier(struct parse *p, struct term *t)
{
	p->at += is_loose_mark(peek(p, 0)) && is_multiplier(peek(p, 1));
	if (!is_multiplier(peek(p, 0)))
		return false;
	t->multiplier = peek(p, 0)->value;
	p->letter |= peek(p, 0)->kind != TOKEN_MULTIPLIER;
	p->word |= peek(p, 0)->kind == TOKEN_MULTIPLIER;
	p->guess |= peek(p, 0)->kind == TOKEN_SHORT;
	p->at++;
	/* "thousand million": nobody says which. */
	if (is_multiplier(peek(p, 0)) && peek(p, 0)->value >= t->multiplier)
		p->unclear = true;
	return true;
}

/* "and a half" before a multiplier, or at the end of a number that has none. */
static void take_half(struct parse *p, struct term *t)
{
	if (peek(p, 0)->kind != TOKEN_AND || peek(p, 1)->kind != TOKEN_HALF || t->scale > 0)
		return;
	t->value = t->value * 10 + 5;
	t->scale = 1;
	p->at += 2;
}

/* What stands before says that it is no whole one: "a quarter million", "1.2.3 million", "some hundred thousand". */
static bool cannot_count(const struct parse *p)
{
	const struct token *before = p->at > 0 ? &p->tokens[p->at - 1] : NULL;

	return before && (before->kind == TOKEN_PART || (before->kind == TOKEN_ODD && is_multiplier(peek(p, 0))));
}

/* Reads one term; false, with nothing taken, when none begins here. */
static bool read_term(struct parse *p, struct term *t)
{
	*t = (struct term){.value = 1, .multiplier = 1};
	if (peek(p, 0)->kind == TOKEN_HALF && is_multiplier(peek(p, 1))) {
		t->value = 5;
		t->scale = 1;
		p->at++;
		return take_multiplier(p, t);
	}
	if (peek(p, 0)->kind == TOKEN_MULTIPLIER) {
		p->bare_multiplier |= p->n_terms == 0;
		p->unclear |= p->n_terms == 0 && cannot_count(p);
		t->words = true;
		return take_multiplier(p, t);
	}
	if (!begins_numeral(peek(p, 0)))
		return false;
	p->unclear |= p->n_terms == 0 && is_number_word(peek(p, 0)) && cannot_count(p);
	if (peek(p, 0)->kind == TOKEN_NUMBER)
		read_digits(p, t);
	else
		read_words(p, t);
	if (t->value <= INT64_MAX / 100)
		take_half(p, t);
	(void)take_multiplier(p, t);
	return true;
}

/* "a million and a half": half of the multiplier before. */
static bool read_late_half(struct parse *p, const struct term *before)
{
	if (peek(p, 0)->kind != TOKEN_AND || peek(p, 1)->kind != TOKEN_HALF || before->multiplier < THOUSAND)
		return false;
	p->at += 2;
	p->terms[p->n_terms++] = (struct term){.value = 5, .scale = 1, .multiplier = before->multiplier};
	return true;
}

/* Whether `t`, read after `before`, is a part of the same sum. */
static bool continues(const struct term *before, const struct term *t, bool joined)
{
	if (t->multiplier >= before->multiplier)
		return false;
	if (t->multiplier > 1)
		return true;
	return (joined || t->words) && t->value < before->multiplier;
}

/* Reads the next part of a sum; false, with nothing taken, when the sum ends here. */
static bool read_next_term(struct parse *p)
{
	const struct term *before = &p->terms[p->n_terms - 1];
	const struct parse saved = *p;
	bool with_and = peek(p, 0)->kind == TOKEN_AND;

	bool glued = peek(p, 0)->glued;

	if (before->multiplier == 1 ||
	    (!with_and && p->in_line && !glued && p->tokens[p->at - 1].kind != TOKEN_MULTIPLIER))
		return false;
	p->at += with_and;
	if (!read_term(p, &p->terms[p->n_terms]) ||
	    !continues(before, &p->terms[p->n_terms], with_and || !p->in_line)) {
		*p = saved;
		return false;
	}
	p->n_terms++;
	return true;
}

/* Takes what is left of a number that nobody can read, so that no part of it is found as a price of its own. */
static void swallow(struct parse *p)
{
	for (;;) {
		const struct token *t = peek(p, 0);

		if (t->kind == TOKEN_AND)
			t = peek(p, 1);
		if (!begins_numeral(t) && !is_multiplier(t) && t->kind != TOKEN_HALF)
			return;
		p->letter |= t->kind == TOKEN_LETTER || t->kind == TOKEN_SHORT;
		p->word |= t->kind == TOKEN_MULTIPLIER;
		p->at = (size_t)(t - p->tokens) + 1;
	}
}

/* Reads "two million and five hundred thousand and 300". */
static bool read_sum(struct parse *p)
{
	if (!read_term(p, &p->terms[0]))
		return false;
	p->n_terms = 1;
	while (p->n_terms < MAX_TERMS && !p->unclear) {
		if (read_late_half(p, &p->terms[p->n_terms - 1]) || !read_next_term(p))
			break;
	}
	if (p->unclear)
		swallow(p);
	return true;
}

/* Takes the currencies behind the sum. Two different ones are unclear. */
static void read_currencies(struct parse *p)
{
	for (;;) {
		const struct token *t = peek(p, 0);

		if (is_currency(t)) {
			p->unclear |= p->unit != 0 && p->unit != t->value;
			p->unit = t->value;
		} else if (t->kind == TOKEN_FOREIGN) {
			p->foreign = true;
		} else {
			return;
		}
		p->at++;
	}
}

/* "Between 5 and 6 million"; alone also "5 - 6 million", and "one and two hundred", which may mean 1.2 million. */
static bool joins_range(const struct parse *p, size_t first)
{
	const struct token *t = peek(p, 0), *before = first > 0 ? &p->tokens[first - 1] : NULL;
	bool between = before && before->kind == TOKEN_ABOUT && before->value == 1;

	if (t->kind == TOKEN_AND)
		return between || (!p->in_line && p->unit == 0 && !p->word && !p->letter);
	return !p->in_line && t->value == '-' && (t->kind == TOKEN_MARK || t->kind == TOKEN_MINUS);
}

/* "2 to 3 million", "250 toman or rial": takes the second part too, so that it is not found as a price of its own. */
static void read_range(struct parse *p, size_t first)
{
	const struct token *next = peek(p, 1);

	if (peek(p, 0)->kind != TOKEN_RANGE && !joins_range(p, first))
		return;
	if (!begins_numeral(next) && !is_currency(next) && next->kind != TOKEN_MULTIPLIER)
		return;
	p->unclear = true;
	p->at++;
	swallow(p);
	read_currencies(p);
}

/* A currency or a sign in front. */
static void read_front(struct parse *p)
{
	const struct token *t = peek(p, 0), *next = peek(p, 1);

	if (t->kind == TOKEN_CURRENCY && (begins_numeral(next) || next->kind == TOKEN_MINUS)) {
		p->unit = t->value;
		p->at++;
	} else if (t->kind == TOKEN_FOREIGN && begins_numeral(next)) {
		p->foreign = true;
		p->at++;
	}
	if (peek(p, 0)->kind == TOKEN_MINUS && (begins_numeral(peek(p, 1)) || is_multiplier(peek(p, 1)))) {
		/* Inside a line it is a dash that leads to the price. */
		p->negative = !p->in_line || p->at == 0;
		p->at++;
	}
}

/* What people mean by "100 toman" and by "3 million and 450": the next smaller step. */
static bool step_down(const struct parse *p, struct term *last)
{
	uint64_t step = THOUSAND;

	if (p->unit == 1 || last->multiplier != 1 || last->value / (last->scale ? 10 : 1) >= THOUSAND)
		return false;
	if (p->n_terms > 1) {
		step = p->terms[p->n_terms - 2].multiplier / THOUSAND;
		if (step <= 1)
			return false;
	}
	last->multiplier = step;
	return true;
}

static bool add_term(const struct term *t, uint64_t unit, int64_t *sum)
{
	int64_t part, power = 1;

	if (__builtin_mul_overflow((int64_t)t->value, (int64_t)t->multiplier, &part) ||
	    __builtin_mul_overflow(part, (int64_t)unit, &part))
		return false;
	for (unsigned i = 0; i < t->scale; i++)
		power *= 10;
	if (part % power != 0)
		return false;
	return !__builtin_add_overflow(*sum, part / power, sum);
}

/* A sum that cannot be is too big, or has parts of a rial. */
static enum amount_error sum_up(struct parse *p, int64_t *rial)
{
	*rial = 0;
	for (size_t i = 0; i < p->n_terms; i++) {
		const struct term *t = &p->terms[i];

		if (p->huge || t->value > AMOUNT_MAX_RIAL)
			return AMOUNT_TOO_BIG;
		if (!add_term(t, p->unit ? p->unit : TOMAN, rial))
			return t->scale ? AMOUNT_UNCLEAR : AMOUNT_TOO_BIG;
	}
	if (*rial > AMOUNT_MAX_RIAL)
		return AMOUNT_TOO_BIG;
	return *rial == 0 ? AMOUNT_ZERO : AMOUNT_OK;
}

static enum amount_rank rank_of(const struct parse *p)
{
	const struct term *t = &p->terms[0];

	if (p->unit)
		return RANK_CURRENCY;
	if (p->foreign)
		return RANK_FOREIGN;
	if (p->in_line && p->letter && t->multiplier == THOUSAND && t->value < 10)
		return RANK_NONE; /* a 4K screen */
	if ((p->word || p->letter) && !(p->in_line && p->bare_multiplier))
		return p->word ? RANK_MULTIPLIER : RANK_BARE;
	if (t->scale == 0 && !t->words && t->value >= BARE_SMALL)
		return RANK_BARE;
	return p->in_line || (t->words && t->value < 10 && !p->unclear) ? RANK_NONE : RANK_SMALL;
}

static enum amount_error flag_error(const struct parse *p)
{
	if (p->foreign)
		return AMOUNT_CURRENCY;
	if (p->negative)
		return AMOUNT_NEGATIVE;
	return p->unclear ? AMOUNT_UNCLEAR : AMOUNT_OK;
}

/* A bare number that people would not choose as a price may be a phone or a post code. */
static bool is_crooked(const struct parse *p, const struct term *t)
{
	return !p->unit && p->n_terms == 1 && t->multiplier == 1 && t->scale == 0 && t->value % THOUSAND != 0;
}

static bool is_doubtful(const struct parse *p, const struct term *t)
{
	return p->guess || is_crooked(p, t) || (p->spaced && p->in_line) || (p->bare_multiplier && !p->unit) ||
	       (p->n_terms == 1 && t->multiplier == 1 && t->value < BARE_SMALL && (p->unit != TOMAN || p->unmarked));
}

static void judge(struct parse *p, struct amount_candidate *c)
{
	struct term *last = &p->terms[p->n_terms - 1];
	enum amount_error flagged = flag_error(p);

	c->rank = rank_of(p);
	c->confirm = is_doubtful(p, last);
	c->confirm |= step_down(p, last);
	c->error = sum_up(p, &c->rial);
	if (flagged != AMOUNT_OK)
		c->error = flagged;
}

/* Neighbours that make a price doubtful: "about 25 million", "100 and 150 thousand", "25 million 200". */
static bool is_surrounded(const struct parse *p, size_t first)
{
	const struct token *t = &p->tokens[first], *next = peek(p, 0);

	if (first > 0 && t[-1].kind == TOKEN_ABOUT)
		return true;
	if (first > 1 && t[-1].kind == TOKEN_AND && begins_numeral(&t[-2]))
		return true;
	return p->in_line && p->terms[0].multiplier > THOUSAND && p->unit == 0 && next->kind == TOKEN_NUMBER &&
	       next->digits == 3;
}

bool amount_parse(const struct token *tokens, size_t first, bool in_line, struct amount_candidate *c)
{
	struct parse p = {.tokens = tokens, .at = first, .in_line = in_line};

	read_front(&p);
	if (!read_sum(&p))
		return false;
	read_currencies(&p);
	read_range(&p, first);
	*c = (struct amount_candidate){.first = first, .end = p.at};
	judge(&p, c);
	c->confirm |= is_surrounded(&p, first);
	if (peek(&p, 0)->kind == TOKEN_PERCENT ||
	    (first > 0 && tokens[first - 1].kind == TOKEN_PERCENT && tokens[first].glued && p.unit == 0))
		c->rank = RANK_NONE;
	if (in_line && c->rank == RANK_BARE && tokens[first].digits > MAX_BARE_DIGITS)
		c->rank = RANK_NONE;
	return true;
}
