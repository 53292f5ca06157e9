/* The only file that talks to ICU's formatters. */
#include "tongue.h"
#include "log.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/udat.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumsys.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

enum {
	OUT_UNITS = 512, /* UTF-16 units of one formatted value: the longest int64 in words has about 250 */
	OUT_BYTES = OUT_UNITS * 3 + 1,
	SYMBOL_BYTES = 16,
	DIGITS = 10
};

struct tongue {
	char locale[ULOC_FULLNAME_CAPACITY];
	UPluralRules *plurals;
	UNumberFormat *words; /* opened late */
	UDateFormat *dates[TONGUE_PATTERNS]; /* opened late */
	char digits[DIGITS][SYMBOL_BYTES];
	char group[SYMBOL_BYTES];
	char minus[SYMBOL_BYTES];
};

static int tongue_close(struct tongue *t)
{
	if (t->plurals)
		uplrules_close(t->plurals);
	if (t->words)
		unum_close(t->words);
	for (size_t i = 0; i < TONGUE_PATTERNS; i++) {
		if (t->dates[i])
			udat_close(t->dates[i]);
	}
	return 0;
}

static bool to_utf8(const UChar *from, int32_t n, char *out, int32_t cap)
{
	UErrorCode code = U_ZERO_ERROR;

	u_strToUTF8(out, cap, NULL, from, n, &code);
	return U_SUCCESS(code) && code != U_STRING_NOT_TERMINATED_WARNING;
}

static void read_symbol(UNumberFormat *f, UNumberFormatSymbol which, char out[SYMBOL_BYTES], UErrorCode *code)
{
	UChar units[SYMBOL_BYTES];
	int32_t n = unum_getSymbol(f, which, units, SYMBOL_BYTES, code);

	if (U_SUCCESS(*code) && !to_utf8(units, n, out, SYMBOL_BYTES))
		*code = U_BUFFER_OVERFLOW_ERROR;
}

static void read_digits(struct tongue *t, UErrorCode *code)
{
	UNumberingSystem *system = unumsys_open(t->locale, code);
	UChar units[DIGITS * 2 + 1];
	int32_t n, at = 0;

	if (U_FAILURE(*code))
		return;
	n = unumsys_getDescription(system, units, DIGITS * 2 + 1, code);
	for (size_t i = 0; i < DIGITS && U_SUCCESS(*code); i++) {
		int32_t from = at;

		U16_FWD_1(units, at, n);
		if (at == from || !to_utf8(units + from, at - from, t->digits[i], SYMBOL_BYTES))
			*code = U_INVALID_FORMAT_ERROR;
	}
	unumsys_close(system);
}

static void read_symbols(struct tongue *t, UErrorCode *code)
{
	UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, t->locale, NULL, code);

	if (U_FAILURE(*code))
		return;
	read_symbol(f, UNUM_GROUPING_SEPARATOR_SYMBOL, t->group, code);
	read_symbol(f, UNUM_MINUS_SIGN_SYMBOL, t->minus, code);
	unum_close(f);
}

struct tongue *tongue_open(void *ctx, const char *language, struct err *e)
{
	struct tongue *t = talloc_zero(ctx, struct tongue);
	UErrorCode code = U_ZERO_ERROR;

	if (!t)
		abort();
	talloc_set_destructor(t, tongue_close);
	uloc_addLikelySubtags(language, t->locale, sizeof(t->locale), &code);
	if (U_SUCCESS(code))
		t->plurals = uplrules_openForType(t->locale, UPLURAL_TYPE_CARDINAL, &code);
	if (U_SUCCESS(code))
		read_digits(t, &code);
	if (U_SUCCESS(code))
		read_symbols(t, &code);
	if (U_FAILURE(code)) {
		err_set(e, "ICU cannot serve the language \"%s\" (%s): is libicu's data installed?", language,
			u_errorName(code));
		talloc_free(t);
		return NULL;
	}
	return t;
}

size_t tongue_categories(const struct tongue *t, char out[TONGUE_CATEGORIES][TONGUE_CATEGORY_BYTES])
{
	UErrorCode code = U_ZERO_ERROR;
	UEnumeration *all = uplrules_getKeywords(t->plurals, &code);
	const char *keyword;
	size_t n = 0;

	while (U_SUCCESS(code) && n < TONGUE_CATEGORIES && (keyword = uenum_next(all, NULL, &code)) != NULL) {
		assert(strlen(keyword) < TONGUE_CATEGORY_BYTES);
		memcpy(out[n++], keyword, strlen(keyword) + 1);
	}
	uenum_close(all);
	return n;
}

void tongue_plural(const struct tongue *t, int64_t n, char out[TONGUE_CATEGORY_BYTES])
{
	UErrorCode code = U_ZERO_ERROR;
	UChar units[TONGUE_CATEGORY_BYTES];
	int32_t len = uplrules_select(t->plurals, (double)n, units, TONGUE_CATEGORY_BYTES, &code);

	if (U_FAILURE(code) || !to_utf8(units, len, out, TONGUE_CATEGORY_BYTES))
		memcpy(out, "other", sizeof("other"));
}

void tongue_int(const struct tongue *t, int64_t n, bool grouped, struct buf *out)
{
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
	unsigned char digits[20]; /* least first; 2^64 has 20 */
	size_t count = 0;

	do {
		digits[count++] = (unsigned char)(rest % 10);
		rest /= 10;
	} while (rest);
	if (n < 0)
		buf_puts(out, t->minus);
	while (count-- > 0) {
		buf_puts(out, t->digits[digits[count]]);
		if (grouped && count > 0 && count % 3 == 0)
			buf_puts(out, t->group);
	}
}

static void add_units(struct buf *out, const UChar *units, int32_t n, UErrorCode code)
{
	char bytes[OUT_BYTES];

	if (U_FAILURE(code) || n >= OUT_UNITS || !to_utf8(units, n, bytes, sizeof(bytes))) {
		log_error("text: ICU could not format a value: %s", u_errorName(code));
		return;
	}
	buf_puts(out, bytes);
}

void tongue_words(struct tongue *t, int64_t n, struct buf *out)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar units[OUT_UNITS];
	int32_t len = 0;

	if (!t->words)
		t->words = unum_open(UNUM_SPELLOUT, NULL, 0, t->locale, NULL, &code);
	if (U_SUCCESS(code))
		len = unum_formatInt64(t->words, n, units, OUT_UNITS, NULL, &code);
	add_units(out, units, len, code);
}

static UDateFormat *open_dates(const struct tongue *t, const char *pattern, UErrorCode *code)
{
	UChar units[OUT_UNITS], zone[] = u"Asia/Tehran";
	int32_t n = 0;
	UDateFormat *f;

	u_strFromUTF8(units, OUT_UNITS, &n, pattern, -1, code);
	if (U_FAILURE(*code))
		return NULL;
	f = udat_open(UDAT_PATTERN, UDAT_PATTERN, t->locale, zone, -1, units, n, code);
	if (U_FAILURE(*code)) {
		udat_close(f);
		return NULL;
	}
	return f;
}

void tongue_time(struct tongue *t, enum tongue_pattern slot, const char *pattern, int64_t ms, struct buf *out)
{
	UErrorCode code = U_ZERO_ERROR;
	UChar units[OUT_UNITS];
	int32_t n = 0;

	assert(slot < TONGUE_PATTERNS);
	if (!t->dates[slot])
		t->dates[slot] = open_dates(t, pattern, &code);
	if (U_SUCCESS(code))
		n = udat_format(t->dates[slot], (UDate)ms, units, OUT_UNITS, NULL, &code);
	add_units(out, units, n, code);
}
