/* IBAN, card, mobile and national id: every shared vector, and each flaw by its own example. */
#include "identity.h"
#include "shipping.h"
#include "tap.h"
#include "typed.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 1024, LEAST_ROWS = 70 };

struct vector {
	char *kind, *input, *expected, *normal;
};

/* One reader of the product behind one form. True: no flaw. */
static bool read_kind(const char *kind, const char *input, char out[64])
{
	if (strcmp(kind, "sheba") == 0)
		return iban_read(input, out) == IBAN_OK;
	if (strcmp(kind, "card") == 0)
		return card_read(input, out) == CARD_OK;
	if (strcmp(kind, "mobile") == 0)
		return mobile_read(input, out) == MOBILE_OK;
	if (strcmp(kind, "national_id") == 0)
		return national_id_read(input, out) == NATIONAL_ID_OK;
	if (strcmp(kind, "post24") == 0)
		return tracking_read(CARRIER_POST, input, out) == TRACKING_OK;
	ck_abort_msg("a kind nobody reads: %s", kind);
	return false;
}

static void check_vector(const struct vector *v)
{
	char out[64] = "";
	bool ok = read_kind(v->kind, v->input, out);

	ck_assert_msg(ok == (strcmp(v->expected, "valid") == 0), "%s %s should be %s", v->kind, v->input, v->expected);
	if (ok)
		ck_assert_str_eq(out, v->normal);
}

START_TEST(shared_vectors)
{
	const char *root = getenv("SEPAREX_SOURCE");
	char path[LINE_BYTES], line[LINE_BYTES];
	int rows = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/tests/unit/data/vectors.tsv", root ? root : ".");
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "run from the repository root, or set SEPAREX_SOURCE");
	while (fgets(line, sizeof line, f)) {
		char *rest = line;
		struct vector v;

		if (line[0] == '#')
			continue;
		v.kind = strsep(&rest, "\t");
		v.input = strsep(&rest, "\t");
		v.expected = strsep(&rest, "\t");
		v.normal = strsep(&rest, "\t");
		ck_assert_ptr_nonnull(v.normal);
		check_vector(&v);
		rows++;
	}
	fclose(f);
	ck_assert_int_ge(rows, LEAST_ROWS);
}
END_TEST

START_TEST(iban_flaws)
{
	static const struct {
		const char *text;
		enum iban_flaw flaw;
	} rows[] = {
		{NULL, IBAN_EMPTY},
		{"", IBAN_EMPTY},
		{" \xE2\x80\x8F - ", IBAN_EMPTY},
		{"840120000000000123456789", IBAN_OK},
		{"IR\xE2\x80\x8C۸۴۰۱۲۰۰۰۰۰۰۰۰۰۰۱۲۳۴۵۶۷۸۹", IBAN_OK},
		{"IR84-0120-0000-0000-0123-4567-89", IBAN_OK},
		{"\xE2\x80\xAA"
		 "ir84 0120 0000 0000 0123 4567 ٨٩\xE2\x80\xAC",
		 IBAN_OK},
		{"DE840120000000000123456789", IBAN_FOREIGN},
		{"IR84012000000000O123456789", IBAN_LETTERS},
		{"شبا", IBAN_LETTERS},
		{"IR", IBAN_SHORT},
		{"6104330000000011", IBAN_IS_CARD},
		{"6104330000000012", IBAN_SHORT},
		{"IR84012000000000012345678", IBAN_SHORT},
		{"IR8401200000000001234567890", IBAN_LONG},
		{"IR840120000000000123456798", IBAN_CHECK},
		{"IR490000000000000000000000", IBAN_CHECK},
		{"\xFF\xFE\xC0", IBAN_LETTERS},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[IBAN_BYTES] = "unset";
		enum iban_flaw flaw = iban_read(rows[i].text, out);

		ck_assert_msg(flaw == rows[i].flaw, "row %zu: %d", i, flaw);
		ck_assert_str_eq(out, flaw == IBAN_OK ? "IR840120000000000123456789" : "");
	}
}
END_TEST

START_TEST(card_flaws)
{
	static const struct {
		const char *text;
		enum card_flaw flaw;
	} rows[] = {
		{"", CARD_EMPTY},
		{"۶۱۰۴ ۳۳۰۰ ۰۰۰۰ ۰۰۱۱", CARD_OK},
		{"6104.3300.0000.0011", CARD_OK},
		{"IR840120000000000123456789", CARD_IS_IBAN},
		{"840120000000000123456789", CARD_IS_IBAN},
		{"610433******0011", CARD_LETTERS},
		{"610433000000001", CARD_SHORT},
		{"61043300000000110", CARD_LONG},
		{"6104330000000012", CARD_CHECK},
		{"4444333322221111", CARD_BANK},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[CARD_BYTES] = "unset";
		enum card_flaw flaw = card_read(rows[i].text, out);

		ck_assert_msg(flaw == rows[i].flaw, "row %zu: %d", i, flaw);
		ck_assert_str_eq(out, flaw == CARD_OK     ? "6104330000000011"
				      : flaw == CARD_BANK ? "4444333322221111"
							  : "");
	}
}
END_TEST

START_TEST(mobile_flaws)
{
	static const struct {
		const char *text;
		enum mobile_flaw flaw;
		const char *out;
	} rows[] = {
		{"  ", MOBILE_EMPTY, ""},
		{"(0912) 345-67.89", MOBILE_OK, "09123456789"},
		{"\xE2\x80\xAA+98 912 345 6789\xE2\x80\xAC", MOBILE_OK, "09123456789"},
		{"989123456789", MOBILE_OK, "09123456789"},
		{"9812345678", MOBILE_RANGE, "09812345678"},
		{"0912+3456789", MOBILE_LETTERS, ""},
		{"@sara_shop", MOBILE_LETTERS, ""},
		{"+971501234567", MOBILE_FOREIGN, ""},
		{"00491512345678", MOBILE_FOREIGN, ""},
		{"02188776655", MOBILE_LANDLINE, ""},
		{"0912345678", MOBILE_SHORT, ""},
		{"+98", MOBILE_SHORT, ""},
		{"091234567890", MOBILE_LONG, ""},
		{"09802002580", MOBILE_RANGE, "09802002580"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[MOBILE_BYTES] = "unset";
		enum mobile_flaw flaw = mobile_read(rows[i].text, out);

		ck_assert_msg(flaw == rows[i].flaw, "row %zu: %d", i, flaw);
		ck_assert_str_eq(out, rows[i].out);
	}
}
END_TEST

START_TEST(national_id_flaws)
{
	static const struct {
		const char *text;
		enum national_id_flaw flaw;
	} rows[] = {
		{"", NATIONAL_ID_EMPTY},
		{"۰۴۹۹۳۷۰۸۹۹", NATIONAL_ID_OK},
		{"049-937089-9", NATIONAL_ID_OK},
		{"499370899", NATIONAL_ID_OK},
		{"049937089x", NATIONAL_ID_LETTERS},
		{"4993708", NATIONAL_ID_SHORT},
		{"04993708990", NATIONAL_ID_LONG},
		{"1111111111", NATIONAL_ID_FAKE},
		{"0010000000", NATIONAL_ID_FAKE},
		{"0499370898", NATIONAL_ID_CHECK},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[NATIONAL_ID_BYTES] = "unset";
		enum national_id_flaw flaw = national_id_read(rows[i].text, out);

		ck_assert_msg(flaw == rows[i].flaw, "row %zu: %d", i, flaw);
		ck_assert_str_eq(out, flaw == NATIONAL_ID_OK ? "0499370899" : "");
	}
}
END_TEST

/* Every single wrong digit and every swap of unequal neighbours in a valid IBAN must be caught: that is what mod 97 is
 * for, and a weight off by one would pass the few vectors above. */
START_TEST(iban_catches_typing_mistakes)
{
	static const char good[] = "IR820540102680020817909002";
	char bad[sizeof good], out[IBAN_BYTES];

	for (size_t i = 2; i < sizeof good - 1; i++) {
		for (int d = '0'; d <= '9'; d++) {
			memcpy(bad, good, sizeof good);
			bad[i] = (char)d;
			ck_assert_int_eq(iban_read(bad, out) == IBAN_OK, d == good[i]);
		}
		if (i + 2 >= sizeof good || good[i] == good[i + 1])
			continue;
		memcpy(bad, good, sizeof good);
		bad[i] = good[i + 1];
		bad[i + 1] = good[i];
		ck_assert_int_eq(iban_read(bad, out), IBAN_CHECK);
	}
}
END_TEST

START_TEST(long_and_strange_texts)
{
	char text[4097], out[64];

	memset(text, '9', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert_int_eq(iban_read(text, out), IBAN_LONG);
	ck_assert_int_eq(card_read(text, out), CARD_LONG);
	ck_assert_int_eq(mobile_read(text, out), MOBILE_LONG);
	ck_assert_int_eq(national_id_read(text, out), NATIONAL_ID_LONG);
	ck_assert_str_eq(out, "");
	ck_assert_int_eq(mobile_read("0912\xD9", out), MOBILE_LETTERS);
	ck_assert_int_eq(mobile_read("\xF0\x9F\x98\x80", out), MOBILE_LETTERS);
}
END_TEST

START_TEST(the_fold)
{
	char out[8];

	ck_assert_uint_eq(typed_fold("a\t۱-٢\xE2\x80\x94.", "-", out, sizeof out), 4);
	ck_assert_str_eq(out, "A12.");
	ck_assert_uint_eq(typed_fold("1234567", "", out, sizeof out), 7);
	ck_assert_uint_eq(typed_fold("12345678", "", out, sizeof out), sizeof out);
	ck_assert_str_eq(out, "1234567");
	ck_assert(typed_one_digit_only("77") && !typed_one_digit_only("78") && !typed_one_digit_only(""));
}
END_TEST

START_TEST(the_bank_of_a_card_and_of_an_iban)
{
	char bank[BANK_CODE_BYTES];

	ck_assert_str_eq(card_bank("610433******1234"), "012"); /* Mellat */
	ck_assert_str_eq(card_bank("6037701689095443"), "016");
	ck_assert_str_eq(card_bank("111111******1234"), "");
	ck_assert_str_eq(card_bank("6104"), "");
	ck_assert_str_eq(card_bank(""), "");
	ck_assert(iban_bank("IR820540102680020817909002", bank));
	ck_assert_str_eq(bank, "054");
	ck_assert(iban_bank("IR060630000000100324200001", bank)); /* Ansar, now Sepah */
	ck_assert_str_eq(bank, "015");
	ck_assert(!iban_bank("", bank));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identity");
	TCase *cases = tcase_create("identity");

	tcase_add_test(cases, shared_vectors);
	tcase_add_test(cases, iban_flaws);
	tcase_add_test(cases, card_flaws);
	tcase_add_test(cases, mobile_flaws);
	tcase_add_test(cases, national_id_flaws);
	tcase_add_test(cases, iban_catches_typing_mistakes);
	tcase_add_test(cases, long_and_strange_texts);
	tcase_add_test(cases, the_fold);
	tcase_add_test(cases, the_bank_of_a_card_and_of_an_iban);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
