/* The tracking code in what a seller writes: see ship_code.h. */
#include "ship_code.h"

#include "identity.h"
#include "safe_name.h"
#include "typed.h"
#include "utf8.h"
#include <string.h>
#include <talloc.h>

enum {
	READ_CODEPOINTS = 1024,
	WORD_BYTES = 64,
	OTHER_LEAST = 6, /* characters of a code of another carrier, see shipping.h */
	BARE_LEAST = 8, /* a bare code of another carrier that nobody asked for: shorter ones may be anything */
	BARE_DIGITS = 5,
	CARD_DIGITS = 16,
	NEAR_POST = 21 /* so many digits and more can only be a code of Iran Post, perhaps with a mistake */
};

/* Typing slips in the middle of a code; at its ends they are decoration. */
static const char digits[] = "0123456789", signs[] = "_#*@%$~^\\";

/* As people name them. */
static const struct {
	enum carrier carrier;
	const char *name;
} names[] = {
#define CARRIER_WORD(carrier, text) {carrier, text},
#include "ship_words.def"
#undef CARRIER_WORD
};

enum carrier ship_carrier_named(const char *text)
{
	enum carrier found = (enum carrier)0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].carrier == found || !strcasestr(text, names[i].name))
			continue;
		if (found)
			return (enum carrier)0;
		found = names[i].carrier;
	}
	return found;
}

static size_t digits_in(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += strchr(digits, *s) != NULL;
	return n;
}

/* So many digits are nobody else's, and these mistakes nobody makes elsewhere. */
static bool mistaken_post(const char *word, enum tracking_flaw post)
{
	return post == TRACKING_SPREADSHEET || post == TRACKING_ONE_MISSING ||
	       (post != TRACKING_OK && typed_digits(word, strlen(word)) && strlen(word) >= NEAR_POST);
}

static void note_code(const char code[TRACKING_BYTES], struct ship_code *out)
{
	out->several = out->several || (out->flaw == TRACKING_OK && strcmp(out->code, code) != 0);
	out->flaw = TRACKING_OK;
	memcpy(out->code, code, TRACKING_BYTES);
}

/* One word, folded, of a text in which no code of Iran Post was found. A mistake in such a code outweighs whatever else
 * looks like one. */
static void judge_word(const char *word, enum carrier named, struct ship_code *out)
{
	char code[TRACKING_BYTES];
	enum tracking_flaw post = tracking_read(CARRIER_POST, word, code);

	if (out->sure || digits_in(word) == 0 || strlen(word) < OTHER_LEAST)
		return;
	if (!named && mistaken_post(word, post)) {
		out->flaw = post;
		out->sure = true;
	} else if (post == TRACKING_IS_PHONE) {
		out->flaw = out->flaw == TRACKING_OK ? TRACKING_OK : post;
	} else if (tracking_read(CARRIER_OTHER, word, code) == TRACKING_OK) {
		note_code(code, out);
	} else if (out->flaw == TRACKING_LETTERS && strpbrk(word, signs)) {
		out->flaw = TRACKING_SIGNS;
	}
}

/* What may stand in a code, and in the ways in which spreadsheets and phones write numbers. */
static bool in_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c && strchr("-.+", c)) || (c && strchr(signs, c));
}

static void end_word(char word[WORD_BYTES], size_t *n, enum carrier named, struct ship_code *out)
{
	size_t first;

	while (*n && (strchr("-.+", word[*n - 1]) || strchr(signs, word[*n - 1])))
		--*n;
	word[*n] = '\0';
	first = strspn(word, "-.");
	first += strspn(word + first, signs);
	judge_word(word + first, named, out);
	*n = 0;
}

/* Each run of letters, digits and the like, one after another. A run too long for a code is cut, and is none. */
static void judge_words(const char *text, enum carrier named, struct ship_code *out)
{
	char word[WORD_BYTES];
	size_t n = 0, left = strlen(text);

	while (left) {
		size_t step = utf8_step(text, left);
		char one[5] = "", c[8];

		step = step ? step : 1;
		memcpy(one, text, step);
		typed_fold(one, "", c, sizeof c);
		if (!in_word(c[0]))
			end_word(word, &n, named, out);
		else if (n < WORD_BYTES - 1)
			word[n++] = c[0];
		text += step;
		left -= step;
	}
	end_word(word, &n, named, out);
}

/* "12 345 678", "TX 123 456": one code, whose parts are too short to be one. */
static void judge_whole(const char *text, struct ship_code *out)
{
	char code[TRACKING_BYTES];

	if (tracking_read(CARRIER_OTHER, text, code) == TRACKING_OK && digits_in(code) >= OTHER_LEAST)
		note_code(code, out);
}

/* Some carrier's code and nothing else, and none of the other numbers that people send. */
static bool bare_code(const char *text, const char *code)
{
	char typed[WORD_BYTES], iban[IBAN_BYTES];
	size_t n = typed_fold(text, "", typed, sizeof typed);

	return !strcmp(typed, code) && n >= BARE_LEAST && digits_in(typed) >= BARE_DIGITS &&
	       !(n == CARD_DIGITS && typed_digits(typed, n)) && iban_read(text, iban) != IBAN_OK;
}

/* `post` is what the whole text is as a code of Iran Post: no good one. */
static void look_for_others(const char *text, enum tracking_flaw post, struct ship_code *out)
{
	enum carrier named = ship_carrier_named(text);

	out->flaw = post;
	out->sure = mistaken_post("", post);
	if (out->sure || post == TRACKING_EMPTY || post == TRACKING_IS_PHONE || post == TRACKING_FAKE)
		return;
	judge_words(text, named, out);
	if (out->flaw != TRACKING_OK && !out->sure)
		judge_whole(text, out);
	if (out->flaw != TRACKING_OK || out->several)
		return;
	out->carrier = named;
	out->sure = named || bare_code(text, out->code);
}

void ship_code_read(const char *text, struct ship_code *out)
{
	void *ctx = talloc_new(NULL);
	const char *clean = safe_text(ctx, text, READ_CODEPOINTS, false);
	enum tracking_found found;
	enum tracking_flaw post = TRACKING_OK;

	*out = (struct ship_code){.flaw = TRACKING_OK};
	found = tracking_find(clean, out->code);
	if (found == TRACKING_FOUND_NONE)
		post = tracking_read(CARRIER_POST, clean, out->code);
	if (post == TRACKING_OK) {
		out->several = found == TRACKING_FOUND_SEVERAL;
		out->carrier = CARRIER_POST;
		out->sure = true;
	} else {
		look_for_others(clean, post, out);
	}
	if (out->several || out->flaw != TRACKING_OK)
		out->code[0] = '\0';
	talloc_free(ctx);
}
