/* What a seller's message says of a parcel: sentences, captions, slips, and numbers that are no code at all. */
#include "ship_code.h"
#include "tap.h"

#include <string.h>

#define CODE "205880404401000145910114"
#define OTHER "205880404401000145910115"

static const struct row {
	const char *text;
	enum tracking_flaw flaw;
	bool several, sure;
	enum carrier carrier;
	const char *code;
} rows[] = {
	{NULL, TRACKING_EMPTY, false, false, 0, ""},
	{"", TRACKING_EMPTY, false, false, 0, ""},
	{CODE, TRACKING_OK, false, true, CARRIER_POST, CODE},
	{"سلام، فرستادم. کد رهگیری: ۲۰۵۸۸۰۴۰۴۴۰۱۰۰۰۱۴۵۹۱۰۱۱۴ ممنون", TRACKING_OK, false, true, CARRIER_POST, CODE},
	{"https://tracking.post.ir/?id=" CODE, TRACKING_OK, false, true, CARRIER_POST, CODE},
	{"2058-8040 440100014591 0114", TRACKING_OK, false, true, CARRIER_POST, CODE},
	{"it is " CODE ", call 09123456789", TRACKING_OK, false, true, CARRIER_POST, CODE},
	{CODE " " CODE, TRACKING_OK, false, true, CARRIER_POST, CODE},
	{CODE "\n" OTHER, TRACKING_OK, true, true, CARRIER_POST, ""},

	/* Slips in Iran Post's code, alone and in a sentence. */
	{"20588040440100014591011", TRACKING_ONE_MISSING, false, true, 0, ""},
	{"کد: ۲۰۵۸۸۰۴۰۴۴۰۱۰۰۰۱۴۵۹۱۰۱۱ است", TRACKING_ONE_MISSING, false, true, 0, ""},
	{"order 12345678, code 20588040440100014591011", TRACKING_ONE_MISSING, false, true, 0, ""},
	{"2058804044010001459101144", TRACKING_LONG, false, true, 0, ""},
	{"my code: 2058804044010001459101144", TRACKING_LONG, false, true, 0, ""},
	{"2058804044010001459101", TRACKING_SHORT, false, true, 0, ""},
	{"2.05880404401E+23", TRACKING_SPREADSHEET, false, true, 0, ""},
	{"کد ۲٫۰۵E+۲۳", TRACKING_SPREADSHEET, false, true, 0, ""},
	{"code 2.05880404401E+23.", TRACKING_SPREADSHEET, false, true, 0, ""},
	{"205880404401000000000000", TRACKING_SPREADSHEET, false, true, 0, ""},
	{"111111111111111111111111", TRACKING_FAKE, false, false, 0, ""},
	{"09123456789", TRACKING_IS_PHONE, false, false, 0, ""},
	{"شماره‌ام ۰۹۱۲۳۴۵۶۷۸۹ است", TRACKING_IS_PHONE, false, false, 0, ""},
	{"sent it!", TRACKING_LETTERS, false, false, 0, ""},
	{"???", TRACKING_LETTERS, false, false, 0, ""},
	{"12345", TRACKING_SHORT, false, false, 0, ""},
	{"sent at 5 pm", TRACKING_LETTERS, false, false, 0, ""},
	{"TX_90817263", TRACKING_SIGNS, false, false, 0, ""},

	/* Other carriers. */
	{"TX-90817263", TRACKING_OK, false, true, 0, "TX-90817263"},
	{"tx-90817263", TRACKING_OK, false, true, 0, "TX-90817263"},
	{"#90817263", TRACKING_OK, false, false, 0, "90817263"},
	{"تیپاکس ۹۰۸۱۷۲۶۳", TRACKING_OK, false, true, CARRIER_TIPAX, "90817263"},
	{"با ماهکس فرستادم، کد 908172.", TRACKING_OK, false, true, CARRIER_MAHEX, "908172"},
	{"https://tipaxco.com/tracking?id=90817263", TRACKING_OK, false, true, CARRIER_TIPAX, "90817263"},
	{"چاپار 90817263، تلفن 09123456789", TRACKING_OK, false, true, CARRIER_CHAPAR, "90817263"},
	{"chapar or tipax 90817263", TRACKING_OK, false, false, 0, "90817263"},
	{"my code is 90817263", TRACKING_OK, false, false, 0, "90817263"},
	{"TX 908 172 63", TRACKING_OK, false, true, 0, "TX90817263"},
	{"90817263 or 90817264", TRACKING_OK, true, false, 0, ""},
	{"90817263\n90817264", TRACKING_OK, true, false, 0, ""},
	{"تیپاکس 20588040440100014591011", TRACKING_OK, false, true, CARRIER_TIPAX, "20588040440100014591011"},

	/* Numbers that people send for other reasons are never sure. */
	{"2500000", TRACKING_OK, false, false, 0, "2500000"},
	{"6037991234567893", TRACKING_OK, false, false, 0, "6037991234567893"},
	{"IR062960000000100324200001", TRACKING_OK, false, false, 0, "IR062960000000100324200001"},
	{"گوشی سامسونگ ۲۵۰۰۰۰۰۰ تومان", TRACKING_OK, false, false, 0, "25000000"},
	{"iPhone 13 256 GB 42,000,000", TRACKING_LETTERS, false, false, 0, ""},
};

START_TEST(each_message)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct ship_code c;

		ship_code_read(r->text, &c);
		ck_assert_msg(c.flaw == r->flaw && c.several == r->several && c.sure == r->sure &&
				      c.carrier == r->carrier && !strcmp(c.code, r->code),
			      "row %zu \"%s\": flaw %d several %d sure %d carrier %d code \"%s\"", i, r->text, c.flaw,
			      c.several, c.sure, c.carrier, c.code);
	}
}
END_TEST

/* Whatever bytes come: an answer that holds together. */
START_TEST(any_bytes)
{
	static const char alphabet[] = "0123456789 -._#AZ\n\xD9\xDB\xB1\xE2\x80\x8C\xFF";
	char text[2048];
	uint32_t seed = 7;

	for (int round = 0; round < 2000; round++) {
		size_t n = 0;
		struct ship_code c;

		for (; n < sizeof text - 1 && n < (size_t)round; n++) {
			seed = seed * 1664525u + 1013904223u;
			text[n] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		text[n] = '\0';
		ship_code_read(text, &c);
		ck_assert(strlen(c.code) < TRACKING_BYTES);
		ck_assert_int_eq(c.code[0] != '\0', c.flaw == TRACKING_OK && !c.several);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ship_code");
	TCase *t = tcase_create("ship_code");

	tcase_add_test(t, each_message);
	tcase_add_test(t, any_bytes);
	suite_add_tcase(s, t);
	return tap_run(s);
}
