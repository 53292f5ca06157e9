/* Tokens of amounts (rails.md 6, conventions 1 to 4): digits of three scripts, marks between them, the words. */
#include "amount_lex.h"
#include "amount_odd.h"
#include "safe_name.h"
#include <assert.h>
#include <string.h>
#include <unicode/uchar.h>

enum {
	WORD_BYTES = 64, /* longer words are no number words */
	MAX_GROUPS = 8, /* of digits between marks */
	MAX_DIGITS = 18, /* always fit uint64_t */
	CP_ZWNJ = 0x200C
};

static const struct vocabulary {
	const char *text;
	size_t length;
	enum token_kind kind;
	uint64_t value;
} vocabulary[] = {
#define WORD(text, kind, value) {text, sizeof(text) - 1, TOKEN_##kind, value},
#include "amount_words.def"
#undef WORD
};

struct lexer {
	const char *text;
	size_t at, max_bytes;
	struct token *out;
	size_t n, max;
	bool blank_before;
};

/* Marks that stand inside words and numbers without a meaning for either. */
static bool is_ignored(uint32_t cp)
{
	return cp == 0x0640 || (cp >= 0x064B && cp <= 0x065F) || cp == 0x0670 || cp == 0x061C || cp == 0x200B ||
	       (cp >= 0x200D && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
	       cp == 0xFEFF || cp == 0x00AD;
}

static uint32_t fold(uint32_t cp)
{
	if (cp >= 0x06F0 && cp <= 0x06F9)
		return cp - 0x06F0 + '0';
	if (cp >= 0x0660 && cp <= 0x0669)
		return cp - 0x0660 + '0';
	if (cp >= 0xFF10 && cp <= 0xFF19)
		return cp - 0xFF10 + '0';
	if (cp >= 'A' && cp <= 'Z')
		return cp - 'A' + 'a';
	if (cp == 0x064A || cp == 0x0649)
		return 0x06CC;
	if (cp == 0x0643)
		return 0x06A9;
	return cp == CP_ZWNJ ? ' ' : cp;
}

/* The folded code point at *at, which moves past it and past what is ignored before it; 0 at the end. */
static uint32_t next_cp(const struct lexer *l, size_t *at)
{
	const char *s = l->text + *at;
	uint32_t cp;

	do {
		cp = (size_t)(s - l->text) < l->max_bytes ? utf8_next(&s) : 0;
	} while (is_ignored(cp));
	*at = (size_t)(s - l->text);
	return fold(cp);
}

static uint32_t peek_cp(const struct lexer *l, size_t at)
{
	return next_cp(l, &at);
}

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool is_letter(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 0x80 && u_isalpha((UChar32)cp));
}

/* Comma, Arabic comma, Arabic thousands mark, apostrophes. */
static bool is_thousands_mark(uint32_t cp)
{
	return cp == ',' || cp == 0x060C || cp == 0x066C || cp == '\'' || cp == 0x2019;
}

/* Full stop, slash (as Persian hands write 2/5), Arabic decimal mark. */
static bool is_decimal_mark(uint32_t cp)
{
	return cp == '.' || cp == '/' || cp == 0x066B;
}

static bool is_dash(uint32_t cp)
{
	return cp == '-' || cp == 0x2212 || cp == 0x2010 || cp == 0x2011 || cp == 0x2013 || cp == 0x2014;
}

static struct token *push(struct lexer *l, enum token_kind kind, size_t start, size_t end)
{
	struct token *t = &l->out[l->n];

	assert(l->n + 1 < l->max);
	*t = (struct token){.kind = kind, .start = start, .end = end};
	t->glued = l->n > 0 && !l->blank_before;
	l->blank_before = false;
	l->n++;
	return t;
}

/* Digits and the marks between them, as they stand. */
struct run {
	size_t n; /* groups */
	unsigned length[MAX_GROUPS];
	uint32_t mark[MAX_GROUPS]; /* mark[i] is before group i */
	uint64_t value;
	unsigned digits;
	bool zero_first;
};

static void read_group(const struct lexer *l, size_t *at, struct run *r)
{
	unsigned length = 0;

	while (is_digit(peek_cp(l, *at))) {
		uint32_t cp = next_cp(l, at);

		if (r->digits == 0)
			r->zero_first = cp == '0';
		if (r->digits < MAX_DIGITS)
			r->value = r->value * 10 + (cp - '0');
		r->digits++;
		length++;
	}
	r->length[r->n++] = length;
}

static void read_run(const struct lexer *l, size_t *at, struct run *r)
{
	read_group(l, at, r);
	while (r->n < MAX_GROUPS) {
		size_t ahead = *at;
		uint32_t mark = next_cp(l, &ahead);

		if (!(is_thousands_mark(mark) || is_decimal_mark(mark)) || !is_digit(peek_cp(l, ahead)))
			return;
		r->mark[r->n] = mark;
		*at = ahead;
		read_group(l, at, r);
	}
}

/* Groups 1 to n-1 are of three digits behind one of one to three. */
static bool is_grouped(const struct run *r, size_t n)
{
	if (r->length[0] > 3)
		return false;
	for (size_t i = 1; i < n; i++) {
		if (r->length[i] != 3)
			return false;
	}
	return true;
}

static bool marks_are(const struct run *r, size_t n, bool (*is)(uint32_t))
{
	for (size_t i = 1; i < n; i++) {
		if (!is(r->mark[i]))
			return false;
	}
	return true;
}

/* "25,000,000.00" is a whole number. */
static void set_scale(const struct run *r, struct token *t)
{
	t->scale = r->length[r->n - 1];
	for (; r->n > 2 && t->scale > 0 && t->value % 10 == 0; t->scale--)
		t->value /= 10;
}

/* 1/2 is one and two tenths to Persian hands, and a half to others. */
static bool is_fraction(const struct run *r)
{
	return r->mark[1] == '/' && r->digits == 2 && (r->value == 12 || r->value == 14 || r->value == 34);
}

/* Decides what the marks of a run mean; TOKEN_ODD when they mean no number. */
static void judge_run(const struct run *r, struct token *t)
{
	size_t last = r->n - 1;

	t->value = r->value;
	t->digits = r->n == 1 ? r->digits : 0;
	t->huge = r->digits > MAX_DIGITS;
	if (r->zero_first && r->length[0] > 1 && r->value != 0)
		t->kind = TOKEN_ODD;
	else if (r->n == 1)
		return;
	else if (is_grouped(r, r->n) && marks_are(r, r->n, is_thousands_mark))
		return;
	else if (r->n > 2 && is_grouped(r, r->n) && marks_are(r, r->n, is_decimal_mark))
		return;
	else if (is_decimal_mark(r->mark[last]) && is_grouped(r, last) && marks_are(r, last, is_thousands_mark))
		set_scale(r, t);
	else if (r->n == 2 && (is_decimal_mark(r->mark[1]) || r->length[1] <= 2))
		t->scale = r->length[1];
	else
		t->kind = TOKEN_ODD;
	t->three = r->n == 2 && t->scale == 3 && r->length[0] <= 3;
	t->guess = r->n == 2 && (is_thousands_mark(r->mark[1]) || is_fraction(r));
}

/* ".5", "2..5": whether a digit is missing nobody knows. */
static bool is_lone_point(const struct lexer *l, const struct token *t)
{
	if (t->kind != TOKEN_MARK || !is_decimal_mark((uint32_t)t->value))
		return false;
	return !t->glued || (t > l->out && t[-1].kind == TOKEN_MARK);
}

static void lex_number(struct lexer *l)
{
	struct run r = {0};
	size_t start = l->at;
	struct token *t;

	read_run(l, &l->at, &r);
	t = push(l, TOKEN_NUMBER, start, l->at);
	judge_run(&r, t);
	if (t->glued && ((t[-1].kind == TOKEN_WORD && t[-1].latin) || is_lone_point(l, &t[-1])))
		t->kind = TOKEN_ODD;
}

static const struct vocabulary *find_word(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(vocabulary) / sizeof(vocabulary[0]); i++) {
		if (vocabulary[i].length == n && memcmp(vocabulary[i].text, s, n) == 0)
			return &vocabulary[i];
	}
	return NULL;
}

/* A word in folded letters, and for each of its bytes the place in the text behind it. */
struct word {
	char bytes[WORD_BYTES];
	size_t ends[WORD_BYTES];
	size_t n;
	bool whole; /* it fitted */
	bool latin;
};

static bool is_latin(uint32_t cp)
{
	return cp < 0x250;
}

/* Letters of one script: "25m" and a Persian word behind it are two words. */
static void read_word(struct lexer *l, struct word *w)
{
	w->whole = true;
	w->latin = is_latin(peek_cp(l, l->at));
	while (is_letter(peek_cp(l, l->at)) && is_latin(peek_cp(l, l->at)) == w->latin) {
		uint32_t cp = next_cp(l, &l->at);
		char utf8[4];
		size_t n = utf8_put(utf8, cp);

		if (!w->whole || w->n + n > WORD_BYTES) {
			w->whole = false;
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			w->bytes[w->n] = utf8[i];
			w->ends[w->n++] = l->at;
		}
	}
}

static bool fits_compound(enum token_kind kind)
{
	return kind != TOKEN_LETTER && kind != TOKEN_SHORT && kind != TOKEN_LETTER_CURRENCY && kind != TOKEN_LEAD &&
	       kind != TOKEN_RANGE && kind != TOKEN_ABOUT && kind != TOKEN_PART && kind != TOKEN_PERCENT;
}

/* Persian endings that make "it is a million" or "of a million" of a million. */
static bool is_ending(const struct word *w, size_t from, const struct vocabulary *before)
{
	static const char *const endings[] = {"ه", "ی", "یه", "ست", "س"};

	if (!before || (before->kind != TOKEN_MULTIPLIER && before->kind != TOKEN_CURRENCY))
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (strlen(endings[i]) == w->n - from && memcmp(endings[i], w->bytes + from, w->n - from) == 0)
			return true;
	}
	return false;
}

/* The longest word of the vocabulary that begins at byte `from`; single letters only as the whole word. */
static const struct vocabulary *longest_part(const struct word *w, size_t from)
{
	const struct vocabulary *best = NULL;

	for (size_t i = 0; i < sizeof(vocabulary) / sizeof(vocabulary[0]); i++) {
		const struct vocabulary *v = &vocabulary[i];

		if (v->length <= w->n - from && (!best || v->length > best->length) && fits_compound(v->kind) &&
		    memcmp(v->text, w->bytes + from, v->length) == 0)
			best = v;
	}
	return best;
}

/* "fiftythousandtoman" as people write it in Persian: only when every part is a word of the vocabulary. An ending
 * counts behind two parts, or behind a number: one word with it is a word of its own. */
static bool is_compound(const struct word *w, bool behind_number)
{
	const struct vocabulary *v = NULL, *before;
	size_t from = 0, parts = 0;

	for (; from < w->n; parts++) {
		before = v;
		v = longest_part(w, from);
		if (!v)
			return (parts > 1 || behind_number) && is_ending(w, from, before);
		from += v->length;
	}
	return w->n > 0;
}

static void push_known(struct lexer *l, const struct vocabulary *v, size_t start, size_t end)
{
	push(l, v->kind, start, end)->value = v->value;
}

static void push_compound(struct lexer *l, const struct word *w, size_t start)
{
	size_t from = 0;

	while (from < w->n && l->n + 1 < l->max) {
		const struct vocabulary *v = longest_part(w, from);

		if (!v) {
			l->out[l->n - 1].end = l->at; /* the ending */
			return;
		}
		from += v->length;
		push_known(l, v, start, w->ends[from - 1]);
		start = w->ends[from - 1];
	}
}

/* "25mtoman", also in Persian letters: digits, one letter, a currency. */
static bool push_letter_currency(struct lexer *l, const struct word *w, size_t start)
{
	const struct vocabulary *letter, *currency;
	size_t n = w->latin ? 1 : 2;

	if (w->n <= n)
		return false;
	letter = find_word(w->bytes, n);
	currency = find_word(w->bytes + n, w->n - n);
	if (!letter || letter->kind != TOKEN_LETTER || !currency || currency->kind != TOKEN_CURRENCY)
		return false;
	push_known(l, letter, start, w->ends[n - 1]);
	if (l->n + 1 < l->max)
		push_known(l, currency, w->ends[n - 1], l->at);
	return true;
}

/* "Half a million", "one and a half": the article says nothing. */
static bool is_article(const struct lexer *l, const struct word *w)
{
	const struct token *before = l->n > 0 ? &l->out[l->n - 1] : NULL;

	return w->n == 1 && w->bytes[0] == 'a' && before && (before->kind == TOKEN_HALF || before->kind == TOKEN_AND);
}

/* Single letters mean something only behind digits: "12 m". */
static bool letter_fits(const struct lexer *l, const struct vocabulary *v)
{
	if (v->kind != TOKEN_LETTER && v->kind != TOKEN_SHORT && v->kind != TOKEN_LETTER_CURRENCY)
		return true;
	if (l->n == 0)
		return false;
	return l->out[l->n - 1].kind == TOKEN_NUMBER ||
	       (v->kind == TOKEN_LETTER_CURRENCY &&
		(l->out[l->n - 1].kind == TOKEN_LETTER || l->out[l->n - 1].kind == TOKEN_SHORT));
}

/* Digits with a strange word glued to them are no quantity, also over one letter. */
static void spoil_number(struct lexer *l)
{
	struct token *t = &l->out[l->n - 1];

	if (l->n > 1 && t->glued && t[-1].kind == TOKEN_NUMBER)
		t[-1].kind = TOKEN_ODD;
	else if (l->n > 2 && t->glued && t[-1].glued && t[-1].kind == TOKEN_LETTER && t[-2].kind == TOKEN_NUMBER)
		t[-1].kind = t[-2].kind = TOKEN_ODD;
}

static void lex_word(struct lexer *l)
{
	static const char tatweel[] = "\xD9\x80"; /* the tail of a shortened word */
	struct word w = {0};
	size_t start = l->at;
	const struct vocabulary *v;
	enum token_kind before = l->n > 0 ? l->out[l->n - 1].kind : TOKEN_END;
	bool behind_number = before >= TOKEN_NUMBER && before <= TOKEN_MULTIPLIER && before != TOKEN_ODD;
	bool glued = before == TOKEN_NUMBER && !l->blank_before;

	read_word(l, &w);
	while (strncmp(l->text + l->at, tatweel, strlen(tatweel)) == 0)
		l->at += strlen(tatweel);
	v = w.whole ? find_word(w.bytes, w.n) : NULL;
	if (v && letter_fits(l, v)) {
		push_known(l, v, start, l->at);
		return;
	}
	if (is_article(l, &w)) {
		l->blank_before = true;
		return;
	}
	if (w.whole && glued && push_letter_currency(l, &w, start))
		return;
	if (!v && w.whole && (!w.latin || glued) && is_compound(&w, behind_number)) {
		push_compound(l, &w, start);
		return;
	}
	push(l, TOKEN_WORD, start, l->at)->latin = w.latin;
	spoil_number(l);
}

/* A dash is a minus before digits, a range between digits, a hyphen between letters, else punctuation. */
static void lex_dash(struct lexer *l)
{
	size_t start = l->at;
	bool behind_digit = l->n > 0 && !l->blank_before && l->out[l->n - 1].kind == TOKEN_NUMBER;
	bool behind_letter = l->n > 0 && !l->blank_before && l->out[l->n - 1].kind != TOKEN_MARK;
	uint32_t dash = next_cp(l, &l->at), after = peek_cp(l, l->at);

	if (behind_digit && is_digit(after))
		push(l, TOKEN_RANGE, start, l->at)->value = '-';
	else if (behind_letter && is_letter(after))
		l->blank_before = true;
	else if (!behind_letter && is_digit(after) && (dash == '-' || dash == 0x2212))
		push(l, TOKEN_MINUS, start, l->at)->value = '-';
	else
		push(l, TOKEN_MARK, start, l->at)->value = '-';
}

static void lex_mark(struct lexer *l)
{
	size_t start = l->at;
	char utf8[4] = "";
	uint32_t cp = next_cp(l, &l->at);
	size_t n = utf8_put(utf8, cp);
	const struct vocabulary *v = find_word(utf8, n);
	bool between_digits =
		l->n > 0 && !l->blank_before && l->out[l->n - 1].kind == TOKEN_NUMBER && is_digit(peek_cp(l, l->at));

	if (cp == '~' && between_digits)
		push(l, TOKEN_RANGE, start, l->at);
	else if (v)
		push_known(l, v, start, l->at);
	else
		push(l, cp == '%' || cp == 0x066A ? TOKEN_PERCENT : TOKEN_MARK, start, l->at)->value = cp;
}

static void lex_one(struct lexer *l)
{
	uint32_t cp = peek_cp(l, l->at);

	if (cp == '\n') {
		lex_mark(l); /* no number goes on in the next line */
		l->blank_before = true;
	} else if (u_isUWhiteSpace((UChar32)cp)) {
		next_cp(l, &l->at);
		l->blank_before = true;
	} else if (is_digit(cp)) {
		lex_number(l);
	} else if (is_letter(cp)) {
		lex_word(l);
	} else if (is_dash(cp)) {
		lex_dash(l);
	} else {
		lex_mark(l);
	}
}

void amount_lex(const char *text, size_t max_bytes, struct token *out, size_t max)
{
	struct lexer l = {.text = text, .max_bytes = max_bytes, .out = out, .max = max};

	assert(max > 1);
	while (l.n + 1 < max && peek_cp(&l, l.at) != 0)
		lex_one(&l);
	out[l.n] = (struct token){.kind = TOKEN_END, .start = l.at, .end = l.at};
	amount_odd_mark(out);
}
