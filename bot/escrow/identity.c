/* The checks of identity.h. */
#include "identity.h"
#include "typed.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { TYPED_BYTES = 64, IBAN_DIGITS = 24, CARD_DIGITS = 16, ID_DIGITS = 10, BIN_DIGITS = 6 };

/* The first six digits of the cards of Iran's banks, in order, and the Sheba code of the bank, or of the one that it
 * was merged into; "" where two banks share them. Source: persian-tools/persian-tools (MIT), getBankNameFromCardNumber;
 * cards of merged banks stay in circulation. */
static const struct bin {
	const char *digits, *bank;
} bins[] = {
	{"170019", "017"}, {"207177", "020"},  {"502229", "057"}, {"502806", "061"}, {"502908", "022"},
	{"502910", "053"}, {"502938", "066"},  {"504172", "070"}, {"504706", "061"}, {"505416", "064"},
	{"505426", "064"}, {"505785", "069"},  {"505801", "015"}, {"507677", "017"}, {"581874", "095"},
	{"585947", "078"}, {"585983", "018"},  {"589210", "015"}, {"589463", "013"}, {"603769", "019"},
	{"603770", "016"}, {"603799", "017"},  {"606256", "075"}, {"606373", "060"}, {"610433", "012"},
	{"621986", "056"}, {"622106", "054"},  {"627353", "018"}, {"627381", "015"}, {"627412", "055"},
	{"627488", "053"}, {"627593", "None"}, {"627648", "020"}, {"627760", "021"}, {"627884", "054"},
	{"627961", "011"}, {"628023", "014"},  {"628157", "051"}, {"636214", "017"}, {"636795", "010"},
	{"636797", "010"}, {"636949", "015"},  {"639194", "054"}, {"639217", "016"}, {"639346", "059"},
	{"639347", "057"}, {"639370", "015"},  {"639599", "015"}, {"639607", "058"}, {"903769", "019"},
	{"991975", "012"},
};

/* Sheba codes of banks that were merged, and of those that they belong to now. */
static const struct merger {
	const char *from, *into;
} mergers[] = {{"052", "015"}, {"063", "015"}, {"065", "015"}, {"073", "015"},
	       {"079", "015"}, {"080", "017"}, {"062", "017"}};

/* The remainder by 97 of the account digits followed by the country letters as numbers and the check digits. */
static int iban_remainder(const char digits[IBAN_DIGITS + 1])
{
	static const char country[] = "1827"; /* I = 18, R = 27 */
	int r = 0;

	for (int i = 2; i < IBAN_DIGITS; i++)
		r = (r * 10 + (digits[i] - '0')) % 97;
	for (int i = 0; i < 4; i++)
		r = (r * 10 + (country[i] - '0')) % 97;
	for (int i = 0; i < 2; i++)
		r = (r * 10 + (digits[i] - '0')) % 97;
	return r;
}

static bool luhn(const char digits[CARD_DIGITS + 1])
{
	int sum = 0;

	for (int i = 0; i < CARD_DIGITS; i++) {
		int d = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

static bool letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

enum iban_flaw iban_read(const char *text, char out[IBAN_BYTES])
{
	char typed[TYPED_BYTES], *digits = typed;
	size_t n = typed_fold(text, "-.", typed, sizeof typed);

	out[0] = '\0';
	if (n == 0)
		return IBAN_EMPTY;
	if (letter(typed[0]) && letter(typed[1])) {
		if (typed[0] != 'I' || typed[1] != 'R')
			return IBAN_FOREIGN;
		digits += 2;
	}
	n = strlen(digits);
	if (!typed_digits(digits, n))
		return IBAN_LETTERS;
	if (n == CARD_DIGITS && digits == typed && luhn(digits))
		return IBAN_IS_CARD;
	if (n != IBAN_DIGITS)
		return n < IBAN_DIGITS ? IBAN_SHORT : IBAN_LONG;
	/* Bank 000 does not exist, though a text of zeros can be given fitting check digits. */
	if (iban_remainder(digits) != 1 || memcmp(digits + 2, "000", 3) == 0)
		return IBAN_CHECK;
	memcpy(out, "IR", 2);
	memcpy(out + 2, digits, IBAN_DIGITS + 1);
	assert(strlen(out) == IBAN_BYTES - 1);
	return IBAN_OK;
}

static const struct bin *bin_of(const char *digits)
{
	for (size_t i = 0; i < sizeof bins / sizeof bins[0]; i++)
		if (memcmp(bins[i].digits, digits, BIN_DIGITS) == 0)
			return &bins[i];
	return NULL;
}

const char *card_bank(const char *card)
{
	const struct bin *bin = strspn(card, "0123456789") >= BIN_DIGITS ? bin_of(card) : NULL;

	return bin ? bin->bank : "";
}

bool iban_bank(const char *iban, char out[BANK_CODE_BYTES])
{
	if (strlen(iban) != IBAN_BYTES - 1)
		return false;
	snprintf(out, BANK_CODE_BYTES, "%.3s", iban + 4);
	for (size_t i = 0; i < sizeof mergers / sizeof mergers[0]; i++)
		if (!strcmp(out, mergers[i].from))
			snprintf(out, BANK_CODE_BYTES, "%s", mergers[i].into);
	return true;
}

enum card_flaw card_read(const char *text, char out[CARD_BYTES])
{
	char typed[TYPED_BYTES], iban[IBAN_BYTES];
	size_t n = typed_fold(text, "-.", typed, sizeof typed);

	out[0] = '\0';
	if (n == 0)
		return CARD_EMPTY;
	if (iban_read(typed, iban) == IBAN_OK)
		return CARD_IS_IBAN;
	if (!typed_digits(typed, strlen(typed)))
		return CARD_LETTERS;
	if (n != CARD_DIGITS)
		return n < CARD_DIGITS ? CARD_SHORT : CARD_LONG;
	if (!luhn(typed))
		return CARD_CHECK;
	memcpy(out, typed, CARD_BYTES);
	return bin_of(out) ? CARD_OK : CARD_BANK;
}

/* Steps over the country code and the trunk zero. NULL: another country. */
static const char *national_part(const char *typed)
{
	bool abroad = typed[0] == '+' || strncmp(typed, "00", 2) == 0;
	const char *s = typed;

	if (abroad)
		s += typed[0] == '+' ? 1 : 2;
	if (abroad)
		return strncmp(s, "98", 2) == 0 ? s + 2 : NULL;
	if (s[0] == '0')
		return s + 1;
	/* "98912…" without a plus; ten digits that begin with 98 are a number of their own. */
	return strncmp(s, "98", 2) == 0 && strlen(s) > 10 ? s + 2 : s;
}

enum mobile_flaw mobile_read(const char *text, char out[MOBILE_BYTES])
{
	char typed[TYPED_BYTES];
	size_t n = typed_fold(text, "-()./", typed, sizeof typed);
	const char *s;

	out[0] = '\0';
	if (n == 0)
		return MOBILE_EMPTY;
	if (!typed_digits(typed + (typed[0] == '+'), strlen(typed) - (typed[0] == '+')))
		return MOBILE_LETTERS;
	s = national_part(typed);
	if (!s)
		return MOBILE_FOREIGN;
	if (strlen(s) != 10)
		return strlen(s) < 10 ? MOBILE_SHORT : MOBILE_LONG;
	if (s[0] != '9')
		return MOBILE_LANDLINE;
	out[0] = '0';
	memcpy(out + 1, s, MOBILE_BYTES - 1);
	assert(strlen(out) == MOBILE_BYTES - 1);
	/* 090 to 094 and 099 are in use (single operators' ranges change too often to be a rule). */
	return s[1] >= '5' && s[1] <= '8' ? MOBILE_RANGE : MOBILE_OK;
}

static bool national_id_check(const char *digits)
{
	int sum = 0, r;

	for (int i = 0; i < ID_DIGITS - 1; i++)
		sum += (digits[i] - '0') * (ID_DIGITS - i);
	r = sum % 11;
	return digits[ID_DIGITS - 1] - '0' == (r < 2 ? r : 11 - r);
}

enum national_id_flaw national_id_read(const char *text, char out[NATIONAL_ID_BYTES])
{
	char typed[TYPED_BYTES], padded[NATIONAL_ID_BYTES] = "0000000000";
	size_t n = typed_fold(text, "-./", typed, sizeof typed);

	out[0] = '\0';
	if (n == 0)
		return NATIONAL_ID_EMPTY;
	if (!typed_digits(typed, strlen(typed)))
		return NATIONAL_ID_LETTERS;
	if (n < 8 || n > ID_DIGITS)
		return n < 8 ? NATIONAL_ID_SHORT : NATIONAL_ID_LONG;
	memcpy(padded + (ID_DIGITS - n), typed, n + 1);
	if (typed_one_digit_only(padded) || memcmp(padded + 3, "000000", 6) == 0)
		return NATIONAL_ID_FAKE;
	if (!national_id_check(padded))
		return NATIONAL_ID_CHECK;
	memcpy(out, padded, NATIONAL_ID_BYTES);
	return NATIONAL_ID_OK;
}
