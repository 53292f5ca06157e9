/* Which characters of a text are drawn: see tame.h. */
#include "tame.h"

#include "utf8.h"

#include <stdbool.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

enum {
	MOST_MARKS = 2, /* on one letter: Persian needs no more */
	SIGNS_END = 0x2190, /* punctuation, currencies and fractions below it are in the main fonts */
	EMOJI_SELECTOR = 0xFE0F, /* makes even a digit an emoji */
	ELLIPSIS = 0x2026
};

enum origin {
	AT_HOME, /* in the main fonts */
	GUEST, /* in another font of letters.c */
	STRANGER /* in none: pango would search long for it and then draw a box */
};

struct tamer {
	char *out;
	int32_t n;
	int marks; /* in a row */
	int *guests;
	UScriptCode guest; /* the script of the run of guests that goes on */
	bool cut; /* the last thing written is an ellipsis for strangers */
};

static enum origin origin_of(UChar32 c, UScriptCode script)
{
	switch ((int)script) {
	case USCRIPT_LATIN:
	case USCRIPT_ARABIC:
	case USCRIPT_GREEK:
	case USCRIPT_CYRILLIC:
	case USCRIPT_INHERITED:
		return c == EMOJI_SELECTOR ? GUEST : c > 0xFFFF ? STRANGER : AT_HOME;
	case USCRIPT_COMMON:
		return c < SIGNS_END ? AT_HOME : GUEST;
	case USCRIPT_HEBREW:
	case USCRIPT_ARMENIAN:
	case USCRIPT_GEORGIAN:
		return GUEST;
	default: /* the scripts of the rest of the world */
		return STRANGER;
	}
}

static bool is_letter_of_guests(UScriptCode script)
{
	return script == USCRIPT_HEBREW || script == USCRIPT_ARMENIAN || script == USCRIPT_GEORGIAN;
}

/* Letters count once for a run, everything else one by one. */
static bool guest_may_come(struct tamer *t, UScriptCode script)
{
	if (is_letter_of_guests(script) && t->guest == script)
		return true;
	if (*t->guests <= 0)
		return false;
	--*t->guests;
	t->guest = script;
	return true;
}

static void put(struct tamer *t, UChar32 c)
{
	U8_APPEND_UNSAFE(t->out, t->n, c);
}

static void take(struct tamer *t, UChar32 c)
{
	UErrorCode code = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript(c, &code);
	enum origin origin = U_SUCCESS(code) ? origin_of(c, script) : STRANGER;
	bool mark = (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0;

	t->marks = mark ? t->marks + 1 : 0;
	if (t->marks > MOST_MARKS)
		return;
	if (origin == GUEST && !guest_may_come(t, script))
		return;
	if (origin == STRANGER && !t->cut)
		put(t, ELLIPSIS);
	else if (origin != STRANGER)
		put(t, c);
	t->cut = origin == STRANGER;
	if (origin == AT_HOME && script != USCRIPT_COMMON && script != USCRIPT_INHERITED)
		t->guest = USCRIPT_INVALID_CODE;
}

static bool is_break(UChar32 c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

char *tame(void *ctx, const char *text, int *guests)
{
	const char *whole = utf8_mend(ctx, text);
	int32_t n = (int32_t)utf8_fit_utf16(whole, TAME_MOST_UNITS);
	/* An ellipsis can be longer than the stranger for which it stands. */
	struct tamer t = {.out = talloc_array(ctx, char, (unsigned)n * 2 + 1), .guests = guests};

	t.guest = USCRIPT_INVALID_CODE;
	for (int32_t i = 0; i < n;) {
		UChar32 c;

		U8_NEXT_UNSAFE(whole, i, c);
		take(&t, is_break(c) ? ' ' : c);
	}
	t.out[t.n] = '\0';
	return t.out;
}
