/* The checks of shipping.h. */
#include "shipping.h"
#include "identity.h"
#include "typed.h"

#include <assert.h>
#include <string.h>

enum { TYPED_BYTES = 64, POST_DIGITS = 24, SPREADSHEET_DIGITS = 15, OTHER_LEAST = 6, OTHER_MOST = 30 };

static const char digits[] = "0123456789";

/* "2.05880404401E+23", "2,05E23", "2E+23". */
static bool scientific(const char *s)
{
	size_t n = strspn(s, digits);
	bool marked = false;

	if (n == 0)
		return false;
	s += n;
	if (*s && strchr(".,/", *s)) {
		s += 1 + strspn(s + 1, digits);
		marked = true;
	}
	if (*s++ != 'E')
		return false;
	if (*s == '+') {
		s++;
		marked = true;
	}
	n = strspn(s, digits);
	return marked && n > 0 && s[n] == '\0';
}

/* Spreadsheets keep 15 digits of a number and write zeros for the rest. */
static bool zeros_at_the_end(const char *s)
{
	return !typed_one_digit_only(s) && strspn(s + SPREADSHEET_DIGITS, "0") == POST_DIGITS - SPREADSHEET_DIGITS;
}

/* A number that reaches a phone, whoever answers it. */
static bool phone(const char *text)
{
	char mobile[MOBILE_BYTES];
	enum mobile_flaw flaw = mobile_read(text, mobile);

	return flaw == MOBILE_OK || flaw == MOBILE_LANDLINE;
}

/* The same, only when it can be nothing else: other carriers' codes may look like a landline or bare ten digits. */
static bool surely_phone(const char *text)
{
	char mobile[MOBILE_BYTES], typed[TYPED_BYTES];

	typed_fold(text, "-()./", typed, sizeof typed);
	return mobile_read(text, mobile) == MOBILE_OK && (typed[0] == '0' || typed[0] == '+');
}

static enum tracking_flaw post_read(const char *text, char out[TRACKING_BYTES])
{
	char typed[TYPED_BYTES];
	size_t n = typed_fold(text, "-", typed, sizeof typed);

	if (phone(text))
		return TRACKING_IS_PHONE;
	if (!typed_digits(typed, strlen(typed)))
		return TRACKING_LETTERS;
	if (typed_one_digit_only(typed))
		return TRACKING_FAKE;
	if (n == POST_DIGITS - 1)
		return TRACKING_ONE_MISSING;
	if (n != POST_DIGITS)
		return n < POST_DIGITS ? TRACKING_SHORT : TRACKING_LONG;
	if (zeros_at_the_end(typed))
		return TRACKING_SPREADSHEET;
	memcpy(out, typed, n + 1);
	return TRACKING_OK;
}

static enum tracking_flaw other_read(const char *text, char out[TRACKING_BYTES])
{
	char typed[TYPED_BYTES];
	size_t n = typed_fold(text, "", typed, sizeof typed);

	if (typed[strspn(typed, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")])
		return TRACKING_SIGNS;
	if (n < OTHER_LEAST)
		return TRACKING_SHORT;
	if (n > OTHER_MOST)
		return TRACKING_LONG;
	if (typed_one_digit_only(typed) || !strpbrk(typed, digits))
		return TRACKING_FAKE;
	memcpy(out, typed, n + 1);
	return TRACKING_OK;
}

enum tracking_flaw tracking_read(enum carrier carrier, const char *text, char out[TRACKING_BYTES])
{
	char typed[TYPED_BYTES];
	enum tracking_flaw flaw;

	out[0] = '\0';
	if (typed_fold(text, "", typed, sizeof typed) == 0)
		return TRACKING_EMPTY;
	if (surely_phone(text))
		return TRACKING_IS_PHONE;
	if (scientific(typed))
		return TRACKING_SPREADSHEET;
	flaw = carrier == CARRIER_POST ? post_read(text, out) : other_read(text, out);
	assert((flaw == TRACKING_OK) == (out[0] != '\0'));
	return flaw;
}
