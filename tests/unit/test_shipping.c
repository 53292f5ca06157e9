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

#define CODE "205880404401000145910114"

START_TEST(pages_of_carriers)
{
	static const struct {
		enum carrier carrier;
		const char *code, *url;
	} rows[] = {
		{CARRIER_POST, CODE, "https://tracking.post.ir/?id=" CODE},
		{CARRIER_TIPAX, "123456", "https://tipaxco.com/tracking?id=123456"},
		{CARRIER_MAHEX, "AB-123456", "https://mahex.com/tracking?id=AB-123456"},
		{CARRIER_MAHEX, "123456789012345678901234567890",
		 "https://mahex.com/tracking?id=123456789012345678901234567890"},
		{CARRIER_CHAPAR, "12345678", "https://chapar.io/tracking/12345678"},
		{CARRIER_SNAPPBOX, "12345678", "https://box.snapp.ir/tracking"},
		{CARRIER_ALOPEYK, "12345678", ""},
		{CARRIER_OTHER, "12345678", ""},
		{(enum carrier)77, "12345678", ""},
		{CARRIER_POST, "12345678", ""},
		{CARRIER_POST, NULL, ""},
		{CARRIER_TIPAX, "123456&x=<b>", ""},
		{CARRIER_TIPAX, "ab 123456", ""}, /* not the normal form */
	};
	char out[TRACKING_URL_BYTES];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ck_assert_str_eq(carrier_tracking_url(rows[i].carrier, rows[i].code, out), rows[i].url);
}
END_TEST

START_TEST(codes_in_sentences)
{
	static const struct {
		const char *text;
		enum tracking_found found;
	} rows[] = {
		{NULL, TRACKING_FOUND_NONE},
		{"", TRACKING_FOUND_NONE},
		{CODE, TRACKING_FOUND_ONE},
		{"کد رهگیری: " CODE, TRACKING_FOUND_ONE},
		{"سلام، فرستادم. کد:۲۰۵۸۸۰۴۰۴۴۰۱۰۰۰۱۴۵۹۱۰۱۱۴ لطفاً بررسی کنید", TRACKING_FOUND_ONE},
		{"٢٠٥٨٨٠٤٠٤٤٠١٠٠٠١٤٥٩١٠١١٤.", TRACKING_FOUND_ONE},
		{"کد 20588-04044 01000 14591\u200c0114 است", TRACKING_FOUND_ONE},
		{"2058 8040 4401 0001 4591 0114", TRACKING_FOUND_ONE},
		{"205880404401 000145910114", TRACKING_FOUND_ONE},
		{"https://tracking.post.ir/?id=" CODE "&x=1", TRACKING_FOUND_ONE},
		{CODE " تکرار می‌کنم " CODE, TRACKING_FOUND_ONE},
		{"تلفن 09121234567 " CODE, TRACKING_FOUND_ONE},
		{CODE "\n09121234567", TRACKING_FOUND_ONE},
		{"2 بسته: " CODE, TRACKING_FOUND_ONE},
		{"کد " CODE " و 205880404401000145910115", TRACKING_FOUND_SEVERAL},
		{CODE "\n205880404401000145910115", TRACKING_FOUND_SEVERAL},
		{CODE " 205880404401000145910115 " CODE, TRACKING_FOUND_SEVERAL},
		{"09121234567", TRACKING_FOUND_NONE},
		{"20588040440100014591011", TRACKING_FOUND_NONE},
		{"2058804044010001459101144", TRACKING_FOUND_NONE},
		{"IR205880404401000145910114", TRACKING_FOUND_NONE},
		{"IR20 5880 4044 0100 0145 9101 14", TRACKING_FOUND_NONE},
		{"شبا IR820540102680020817909002 کد " CODE, TRACKING_FOUND_ONE},
		{"111111111111111111111111", TRACKING_FOUND_NONE},
		{"205880404401000000000000", TRACKING_FOUND_NONE},
		{"09121234567 1234567890123", TRACKING_FOUND_NONE},
		{"6037701689095443 12345678", TRACKING_FOUND_NONE},
		{"\xFF" CODE "\xC3", TRACKING_FOUND_ONE},
		{"2.05880404401E+23", TRACKING_FOUND_NONE},
	};
	char out[TRACKING_BYTES];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum tracking_found found = tracking_find(rows[i].text, out);

		ck_assert_msg(found == rows[i].found, "%s: %d", rows[i].text, found);
		ck_assert_str_eq(out, found == TRACKING_FOUND_ONE ? CODE : "");
	}
}
END_TEST

/* Long lists of numbers: no crash, and the code behind them is still found. */
START_TEST(code_behind_many_numbers)
{
	char text[4000] = "", out[TRACKING_BYTES];

	for (size_t i = 0; i < 1000; i++)
		strcat(text, i % 7 ? "12 " : "9-");
	strcat(text, ": " CODE);
	ck_assert_int_eq(tracking_find(text, out), TRACKING_FOUND_ONE);
	memset(text, '5', sizeof text - 1);
	ck_assert_int_eq(tracking_find(text, out), TRACKING_FOUND_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shipping");
	TCase *cases = tcase_create("shipping");

	tcase_add_test(cases, iran_post);
	tcase_add_test(cases, other_carriers);
	tcase_add_test(cases, long_texts);
	tcase_add_test(cases, pages_of_carriers);
	tcase_add_test(cases, codes_in_sentences);
	tcase_add_test(cases, code_behind_many_numbers);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
