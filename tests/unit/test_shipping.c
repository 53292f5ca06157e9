/* Tracking codes: each flaw by the mistake that people make. */
#include "shipping.h"
#include "tap.h"

#include <string.h>

struct row {
	enum carrier carrier;
	const char *text;
	enum tracking_flaw flaw;
	const char *out;
};

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char out[TRACKING_BYTES] = "unset";
		enum tracking_flaw flaw = tracking_read(rows[i].carrier, rows[i].text, out);

		ck_assert_msg(flaw == rows[i].flaw, "row %zu \"%s\": %d, not %d", i, rows[i].text, flaw, rows[i].flaw);
		ck_assert_str_eq(out, rows[i].out);
	}
}

START_TEST(iran_post)
{
	static const struct row rows[] = {
		{CARRIER_POST, NULL, TRACKING_EMPTY, ""},
		{CARRIER_POST, " \n", TRACKING_EMPTY, ""},
		{CARRIER_POST, "205880404401000145910114", TRACKING_OK, "205880404401000145910114"},
		{CARRIER_POST, "۲۰۵۸۸-۰۴۰۴۴ ۰۱۰۰۰\n۱۴۵۹۱ ۰۱۱۴", TRACKING_OK, "205880404401000145910114"},
		{CARRIER_POST, "09123456789", TRACKING_IS_PHONE, ""},
		{CARRIER_POST, "9123456789", TRACKING_IS_PHONE, ""},
		{CARRIER_POST, "+98 912 345 67 89", TRACKING_IS_PHONE, ""},
		{CARRIER_POST, "02188776655", TRACKING_IS_PHONE, ""},
		{CARRIER_POST, "1.23E+23", TRACKING_SPREADSHEET, ""},
		{CARRIER_POST, "1,23e+23", TRACKING_SPREADSHEET, ""},
		{CARRIER_POST, "۲٫۰۵E+۲۳", TRACKING_SPREADSHEET, ""},
		{CARRIER_POST, "2E+23", TRACKING_SPREADSHEET, ""},
		{CARRIER_POST, "205880404401000000000000", TRACKING_SPREADSHEET, ""},
		{CARRIER_POST, "205880404401000100000000", TRACKING_OK, "205880404401000100000000"},
		{CARRIER_POST, "20588040440100014591011A", TRACKING_LETTERS, ""},
		{CARRIER_POST, "RR473124829IR", TRACKING_LETTERS, ""},
		{CARRIER_POST, "فرستادم", TRACKING_LETTERS, ""},
		{CARRIER_POST, "https://tracking.post.ir/?id=205880404401000145910114", TRACKING_LETTERS, ""},
		{CARRIER_POST, "20588040440100014591011", TRACKING_ONE_MISSING, ""},
		{CARRIER_POST, "2058804044010001459101", TRACKING_SHORT, ""},
		{CARRIER_POST, "2058804044010001459101144", TRACKING_LONG, ""},
		{CARRIER_POST, "111111111111111111111111", TRACKING_FAKE, ""},
		{CARRIER_POST, "0", TRACKING_FAKE, ""},
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(other_carriers)
{
	static const struct row rows[] = {
		{CARRIER_TIPAX, "", TRACKING_EMPTY, ""},
		{CARRIER_TIPAX, "12345", TRACKING_SHORT, ""},
		{CARRIER_TIPAX, "123456", TRACKING_OK, "123456"},
		{CARRIER_CHAPAR, "ab-12 cd۳۴", TRACKING_OK, "AB-12CD34"},
		{CARRIER_OTHER,
		 "ab\xE2\x80\x93"
		 "1234",
		 TRACKING_OK, "AB-1234"},
		{CARRIER_MAHEX, "123456789012345678901234567890", TRACKING_OK, "123456789012345678901234567890"},
		{CARRIER_MAHEX, "1234567890123456789012345678901", TRACKING_LONG, ""},
		{CARRIER_OTHER, "AB/1234", TRACKING_SIGNS, ""},
		{CARRIER_OTHER, "کد ۱۲۳۴۵۶", TRACKING_SIGNS, ""},
		{CARRIER_OTHER, "1.23E+23", TRACKING_SPREADSHEET, ""},
		{CARRIER_OTHER, "12345E67", TRACKING_OK, "12345E67"},
		{CARRIER_ALOPEYK, "0912 345 6789", TRACKING_IS_PHONE, ""},
		{CARRIER_SNAPPBOX, "9123456789", TRACKING_OK, "9123456789"},
		{CARRIER_OTHER, "02188776655", TRACKING_OK, "02188776655"},
		{CARRIER_OTHER, "000000", TRACKING_FAKE, ""},
		{CARRIER_OTHER, "ABCDEF", TRACKING_FAKE, ""},
		{CARRIER_OTHER, "------", TRACKING_FAKE, ""},
	};

	check_rows(rows, sizeof rows / sizeof rows[0]);
}
END_TEST

START_TEST(long_texts)
{
	char text[4097], out[TRACKING_BYTES];

	memset(text, '7', sizeof text - 1);
	text[0] = '1';
	text[sizeof text - 1] = '\0';
	ck_assert_int_eq(tracking_read(CARRIER_POST, text, out), TRACKING_LONG);
	ck_assert_int_eq(tracking_read(CARRIER_OTHER, text, out), TRACKING_LONG);
	ck_assert_str_eq(out, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shipping");
	TCase *cases = tcase_create("shipping");

	tcase_add_test(cases, iran_post);
	tcase_add_test(cases, other_carriers);
	tcase_add_test(cases, long_texts);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
