/* Skeletons of names. ICU's checker is opened once and kept for the life of the process. */
#include "look_alike.h"
#include "log.h"
#include "safe_name.h"
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

enum { UNITS = 1024 /* of a name of SAFE_NAME_CODEPOINTS, with room for what decomposition adds */ };

struct units {
	UChar at[UNITS];
	int32_t n;
};

static const USpoofChecker *checker(void)
{
	static USpoofChecker *kept;
	UErrorCode code = U_ZERO_ERROR;

	if (kept)
		return kept;
	kept = uspoof_open(&code);
	if (U_FAILURE(code)) {
		log_error("text: ICU knows no confusable letters: %s", u_errorName(code));
		kept = NULL;
	}
	return kept;
}

/* Forms of one letter that neither decomposition nor Unicode's table makes equal. */
static UChar32 fold_persian(UChar32 c)
{
	switch (c) {
	case 0x0649:
	case 0x064A:
		return 0x06CC;
	case 0x0643:
		return 0x06A9;
	case 0x0629:
	case 0x06BE:
	case 0x06C1:
	case 0x06D5:
		return 0x0647;
	default: /* every other character is itself */
		return c;
	}
}

static bool is_left_out(UChar32 c)
{
	uint32_t mask = U_GET_GC_MASK(c);

	return (mask & (U_GC_M_MASK | U_GC_Z_MASK | U_GC_C_MASK)) || c == '_' || c == '-' || c == '.' || c == 0x0640;
}

/* Decomposed, without accents and blanks, with the letters and digits of Persian in one form. */
static bool prepare(const char *name, struct units *out)
{
	void *ctx = talloc_new(NULL);
	UErrorCode code = U_ZERO_ERROR;
	struct units raw, whole;
	int32_t i = 0, n = 0;

	u_strFromUTF8(raw.at, UNITS, &raw.n, safe_name(ctx, name), -1, &code);
	talloc_free(ctx);
	whole.n = unorm2_normalize(unorm2_getNFKDInstance(&code), raw.at, raw.n, whole.at, UNITS, &code);
	if (U_FAILURE(code))
		return false;
	while (i < whole.n) {
		UChar32 c;

		U16_NEXT(whole.at, i, whole.n, c);
		if (is_left_out(c))
			continue;
		c = u_charDigitValue(c) >= 0 ? '0' + u_charDigitValue(c) : fold_persian(c);
		U16_APPEND_UNSAFE(out->at, n, c); /* never more units than were read */
	}
	out->n = n;
	return n > 0;
}

static bool skeleton(const struct units *in, struct units *out)
{
	UErrorCode code = U_ZERO_ERROR;

	if (!checker())
		return false;
	out->n = uspoof_getSkeleton(checker(), 0, in->at, in->n, out->at, UNITS, &code);
	return U_SUCCESS(code) && out->n <= UNITS;
}

static bool fold_case(const struct units *in, struct units *out)
{
	UErrorCode code = U_ZERO_ERROR;

	out->n = u_strFoldCase(out->at, UNITS, in->at, in->n, U_FOLD_CASE_DEFAULT, &code);
	return U_SUCCESS(code) && out->n <= UNITS;
}

static bool same(const struct units *a, const struct units *b)
{
	return a->n == b->n && u_memcmp(a->at, b->at, a->n) == 0;
}

/* Letter case before the skeleton makes "Iran" and "iran" one; after it "0" and "o", or "I" and "l". */
struct look {
	struct units folded_first, folded_last;
};

struct look *look_of(const void *ctx, const char *name)
{
	struct look *look = talloc(ctx, struct look);
	struct units plain, step;

	if (!look)
		abort();
	if (prepare(name, &plain) && fold_case(&plain, &step) && skeleton(&step, &look->folded_first) &&
	    skeleton(&plain, &step) && fold_case(&step, &plain) && skeleton(&plain, &look->folded_last))
		return look;
	talloc_free(look);
	return NULL;
}

bool looks_same(const struct look *a, const struct look *b)
{
	return a && b && (same(&a->folded_first, &b->folded_first) || same(&a->folded_last, &b->folded_last));
}

bool look_alike(const char *a, const char *b)
{
	void *ctx = talloc_new(NULL);
	bool alike = strcmp(a, b) != 0 && looks_same(look_of(ctx, a), look_of(ctx, b));

	talloc_free(ctx);
	return alike;
}

/* A bit for each script whose letters can be taken for another's; 0 for all others. */
static unsigned script_bit(UChar32 c)
{
	static const UScriptCode kin[] = {USCRIPT_LATIN,    USCRIPT_CYRILLIC, USCRIPT_GREEK, USCRIPT_ARMENIAN,
					  USCRIPT_CHEROKEE, USCRIPT_COPTIC,   USCRIPT_LISU};
	UErrorCode code = U_ZERO_ERROR;
	UScriptCode script = uscript_getScript(c, &code);

	for (size_t i = 0; U_SUCCESS(code) && i < sizeof kin / sizeof *kin; i++) {
		if (kin[i] == script)
			return 1U << i;
	}
	return 0;
}

bool mixed_script(const char *name)
{
	void *ctx = talloc_new(NULL);
	const char *s = safe_name(ctx, name);
	unsigned seen = 0;
	bool mixed = false;
	uint32_t c;

	while (!mixed && (c = utf8_next(&s)) != 0) {
		seen = u_isUWhiteSpace((UChar32)c) ? 0 : seen | script_bit((UChar32)c);
		mixed = (seen & (seen - 1)) != 0;
	}
	talloc_free(ctx);
	return mixed;
}
