/* Amounts as people write them: every row of data/amounts.tsv, and the one amount in a line with a title. */
#include "amount.h"
#include "catalog.h"
#include "format.h"
#include "tap.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char *source(void)
{
	const char *dir = getenv("SEPAREX_SOURCE");

	return dir ? dir : ".";
}

static void check_row(const char *text, const char *expected, const char *confirm)
{
	struct amount_reading r;
	bool ok = amount_read(text, &r);

	ck_assert_int_eq(ok, r.error == AMOUNT_OK);
	if (strcmp(expected, "ERR") == 0)
		ck_assert_msg(!ok && r.rial == 0, "%s: read as %lld", text, (long long)r.rial);
	else
		ck_assert_msg(ok && r.rial == strtoll(expected, NULL, 10), "%s: error %d, rial %lld, not %s", text,
			      r.error, (long long)r.rial, expected);
	ck_assert_msg(r.confirm == (*confirm == '1'), "%s: confirm is %d", text, r.confirm);
}

START_TEST(table)
{
	char path[512], line[512];
	FILE *f;
	int rows = 0;

	snprintf(path, sizeof(path), "%s/tests/unit/data/amounts.tsv", source());
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s is missing", path);
	while (fgets(line, sizeof(line), f)) {
		char *rest = line;
		const char *text = strsep(&rest, "\t"), *expected = strsep(&rest, "\t"), *confirm = strsep(&rest, "\t");

		if (*text == '#' || !confirm || strcmp(text, "text") == 0)
			continue;
		check_row(text, expected, confirm);
		rows++;
	}
	fclose(f);
	ck_assert_int_ge(rows, 48);
}
END_TEST

static const struct {
	const char *text;
	enum amount_error error;
	int64_t rial;
	bool confirm;
} alone[] = {
	{"12 million", AMOUNT_OK, 120000000, false},
	{"1.5m", AMOUNT_OK, 15000000, false},
	{"25M", AMOUNT_OK, 250000000, false},
	{"250k toman", AMOUNT_OK, 2500000, false},
	{"2,500,000 Toman", AMOUNT_OK, 25000000, false},
	{"two million five hundred thousand toman", AMOUNT_OK, 25000000, false},
	{"twenty-five million", AMOUNT_OK, 250000000, false},
	{"one hundred and twenty thousand", AMOUNT_OK, 1200000, false},
	{"half million toman", AMOUNT_OK, 5000000, false},
	{"1,250.5 million", AMOUNT_OK, 12505000000, false},
	{"صدوپنجاه هزارتومان", AMOUNT_OK, 1500000, false},
	{"دو میلیون پانصد هزار", AMOUNT_OK, 25000000, false},
	{"۲ میلیون و نیم", AMOUNT_OK, 25000000, false},
	{"۲۵۰‌هزار‌تومان!", AMOUNT_OK, 2500000, false},
	{"\u202B۲۵۰ هزار\u202C", AMOUNT_OK, 2500000, false},
	{"۱/۵۰۰/۰۰۰ تومان", AMOUNT_OK, 15000000, false},
	{"1.500 تومان", AMOUNT_OK, 15000, true},
	{"2,5 میلیون", AMOUNT_OK, 25000000, true},
	{"۱ میلیارد و ۲۰۰ تومان", AMOUNT_OK, 12000000000, true},
	{"۲ تومن", AMOUNT_OK, 20000, true},
	{"قیمت ۵۰۰", AMOUNT_OK, 5000000, true},
	{"حدود ۲ میلیون", AMOUNT_OK, 20000000, true},
	{"۵ ریال", AMOUNT_OK, 5, true},
	{"100000000000000 تومان", AMOUNT_OK, AMOUNT_MAX_RIAL, false},
	{"100000000000001 تومان", AMOUNT_TOO_BIG, 0, false},
	{"999999999999999999999999999999", AMOUNT_TOO_BIG, 0, false},
	{"9223372036854775807", AMOUNT_TOO_BIG, 0, false},
	{"900000000000 میلیارد", AMOUNT_TOO_BIG, 0, false},
	{"0", AMOUNT_ZERO, 0, false},
	{"۰ تومان", AMOUNT_ZERO, 0, false},
	{"-1", AMOUNT_NEGATIVE, 0, false},
	{"منفی ۵ میلیون", AMOUNT_NEGATIVE, 0, false},
	{"250$", AMOUNT_CURRENCY, 0, false},
	{"100 USDT", AMOUNT_CURRENCY, 0, false},
	{"ده بیست تومن", AMOUNT_UNCLEAR, 0, true},
	{"دو سه میلیون", AMOUNT_UNCLEAR, 0, true},
	{"2-3 million", AMOUNT_UNCLEAR, 0, true},
	{"1.00001 تومان", AMOUNT_UNCLEAR, 0, true},
	{"09121234567", AMOUNT_UNCLEAR, 0, false},
	{"5m و 6m", AMOUNT_WHICH, 0, true},
	{"", AMOUNT_NONE, 0, false},
	{NULL, AMOUNT_NONE, 0, false},
	{"نه", AMOUNT_NONE, 0, false},
	{"تومان", AMOUNT_NONE, 0, false},
	{"m", AMOUNT_NONE, 0, false},
	{"\xFF\xFE", AMOUNT_NONE, 0, false},
};

START_TEST(only_an_amount)
{
	struct amount_reading r;

	amount_read(alone[_i].text, &r);
	ck_assert_msg(r.error == alone[_i].error && r.rial == alone[_i].rial && r.confirm == alone[_i].confirm,
		      "%s: error %d, rial %lld, confirm %d", alone[_i].text, r.error, (long long)r.rial, r.confirm);
}
END_TEST

static const struct {
	const char *line;
	enum amount_error error;
	int64_t rial;
	const char *title;
} lines[] = {
	{"گوشی آیفون ۱۳ — ۲۵ میلیون", AMOUNT_OK, 250000000, "گوشی آیفون ۱۳"},
	{"25m iPhone 13", AMOUNT_OK, 250000000, "iPhone 13"},
	{"iPhone 13 pro max 256 گیگ ۴۲ میلیون تومان", AMOUNT_OK, 420000000, "iPhone 13 pro max 256 گیگ"},
	{"iPhone 13 25m, like new", AMOUNT_OK, 250000000, "iPhone 13 like new"},
	{"گوشی (نو) ۲۵ میلیون", AMOUNT_OK, 250000000, "گوشی (نو)"},
	{"گوشی به قیمت: ۲۵ میلیون", AMOUNT_OK, 250000000, "گوشی"},
	{"iPhone 13 for 25 million toman", AMOUNT_OK, 250000000, "iPhone 13"},
	{"iPhone 13 -25m", AMOUNT_OK, 250000000, "iPhone 13"},
	{"تلویزیون 4K سامسونگ ۲۵ میلیون", AMOUNT_OK, 250000000, "تلویزیون 4K سامسونگ"},
	{"کتاب هزار و یک شب ۲۵۰ هزار", AMOUNT_OK, 2500000, "کتاب هزار و یک شب"},
	{"پراید ۱۳۹۸ ۲۵۰ میلیون", AMOUNT_OK, 2500000000, "پراید ۱۳۹۸"},
	{"سایز ۴۲ ۲۵۰ هزار", AMOUNT_OK, 2500000, "سایز ۴۲"},
	{"گیفت کارت ۱۰۰ دلار ۵ میلیون تومان", AMOUNT_OK, 50000000, "گیفت کارت ۱۰۰ دلار"},
	{"domain.ir 30000000", AMOUNT_OK, 300000000, "domain.ir"},
	{"A52 64GB 8,500,000", AMOUNT_OK, 85000000, "A52 64GB"},
	{"پاوربانک 20000mAh 900000", AMOUNT_OK, 9000000, "پاوربانک 20000mAh"},
	{"باتری ۸۰٪ ۱۲ میلیون", AMOUNT_OK, 120000000, "باتری ۸۰٪"},
	{"۲۵۰ت جوراب", AMOUNT_OK, 2500000, "جوراب"},
	{"کابل 2m 500 هزار", AMOUNT_OK, 5000000, "کابل 2m"},
	{"فروش فوری ۲ میلیون و ۵۰۰ هزار تومان ساعت", AMOUNT_OK, 25000000, "فروش فوری ساعت"},
	{"IMEI 356938035643809 10m", AMOUNT_OK, 100000000, "IMEI 356938035643809"},
	{"iPhone 13", AMOUNT_NONE, 0, "iPhone 13"},
	{"iPhone 13 256", AMOUNT_NONE, 0, "iPhone 13 256"},
	{"تماس 09121234567", AMOUNT_NONE, 0, "تماس 09121234567"},
	{"20000000 یخچال 30000000", AMOUNT_WHICH, 0, "20000000 یخچال 30000000"},
	{"گوشی ۲۵ میلیون کیف ۲ میلیون", AMOUNT_WHICH, 0, "گوشی ۲۵ میلیون کیف ۲ میلیون"},
	{"گوشی ۲۵ میلیون، همان ۲۵ میلیون", AMOUNT_OK, 250000000, "گوشی همان ۲۵ میلیون"},
	{"گوشی ۲۰ تا ۲۵ میلیون", AMOUNT_UNCLEAR, 0, "گوشی ۲۰ تا ۲۵ میلیون"},
	{"گوشی ۲۵ میلیون یا ۳۰ میلیون", AMOUNT_UNCLEAR, 0, "گوشی ۲۵ میلیون یا ۳۰ میلیون"},
	{"گوشی ۰ تومان", AMOUNT_ZERO, 0, "گوشی ۰ تومان"},
	{"hosting 20$", AMOUNT_CURRENCY, 0, "hosting 20$"},
	{"", AMOUNT_NONE, 0, ""},
};

START_TEST(in_a_line)
{
	struct amount_reading r;
	char *title;

	amount_find(lines[_i].line, &r);
	ck_assert_msg(r.error == lines[_i].error && r.rial == lines[_i].rial, "%s: error %d, rial %lld", lines[_i].line,
		      r.error, (long long)r.rial);
	title = amount_title(NULL, lines[_i].line, &r);
	ck_assert_str_eq(title, lines[_i].title);
	talloc_free(title);
}
END_TEST

START_TEST(place_of_the_amount)
{
	const char *line = "گوشی ۲۵ میلیون تومان نو";
	struct amount_reading r;

	ck_assert(amount_find(line, &r));
	ck_assert_uint_eq(r.start, strlen("گوشی "));
	ck_assert_uint_eq(r.end, strlen("گوشی ۲۵ میلیون تومان"));
	ck_assert(!r.confirm);
	ck_assert(amount_find("ساعت ۲۵۰ تومن", &r));
	ck_assert(r.confirm);
}
END_TEST

/* What we write in words or digits, we read back as the same sum, in both languages. */
START_TEST(round_trip)
{
	static const int64_t sums[] = {100000,      110000,       1210000,     9990000,    25000000,
				       125500000,   499999990,    500000000,   1000100000, 9999990000,
				       12340000000, 500000000000, 99909090000, 1010010000, 30013000000};
	void *ctx = talloc_new(NULL);
	char dir[512];
	struct err e;
	struct catalog *cat;

	snprintf(dir, sizeof(dir), "%s/locales", source());
	cat = catalog_load(ctx, dir, &e);
	ck_assert_msg(cat != NULL, "%s", cat ? "" : e.text);
	for (size_t i = 0; i < 2 * sizeof(sums) / sizeof(sums[0]); i++) {
		const char *lang = i % 2 ? "en" : "fa";
		const char *words = money_words(ctx, cat, lang, sums[i / 2]), *digits;
		struct amount_reading r;

		digits = format_money(ctx, cat, lang, sums[i / 2]);
		ck_assert_msg(amount_read(words, &r) && r.rial == sums[i / 2] && !r.confirm, "%s: %d %lld", words,
			      r.error, (long long)r.rial);
		ck_assert_msg(amount_read(digits, &r) && r.rial == sums[i / 2] && !r.confirm, "%s", digits);
	}
	talloc_free(ctx);
}
END_TEST

/* Whatever is typed: no crash, and a result that keeps its promises. */
START_TEST(any_text)
{
	static const char *const parts[] = {
		"۲", "۵۰۰",          "13",   ",", "٬", ".",  "/",  " ",    " و ", "میلیون", "هزار",   "نیم",  "م",
		"k", "تومان",        "ریال", "$", "-", "تا", "صد", "بیست", "پنج", "قیمت",   "iPhone", "\xFF", "\u200c",
		"%", "999999999999", "0",    "\n"};
	uint32_t state = 4711;

	for (int round = 0; round < 20000; round++) {
		char text[400] = "";
		struct amount_reading r;
		char *title;

		for (int i = 0; i < 12; i++) {
			state = state * 1664525 + 1013904223;
			strcat(text, parts[(state >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
		}
		for (int find = 0; find < 2; find++) {
			bool ok = find ? amount_find(text, &r) : amount_read(text, &r);

			ck_assert_int_eq(ok, r.error == AMOUNT_OK);
			ck_assert(ok ? r.rial > 0 && r.rial <= AMOUNT_MAX_RIAL : r.rial == 0);
			ck_assert(ok ? r.start < r.end && r.end <= strlen(text) : r.end == 0);
			title = amount_title(NULL, text, &r);
			talloc_free(title);
		}
	}
}
END_TEST

START_TEST(very_long_text)
{
	char *text = malloc(200001);
	struct amount_reading r;

	for (size_t i = 0; i < 200000; i++)
		text[i] = "5 "[i % 2];
	text[200000] = '\0';
	ck_assert(!amount_find(text, &r));
	memset(text, '5', 200000);
	ck_assert(!amount_read(text, &r));
	ck_assert_int_eq(r.error, AMOUNT_TOO_BIG);
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("amount");
	TCase *t = tcase_create("all");

	tcase_add_test(t, table);
	tcase_add_loop_test(t, only_an_amount, 0, (int)(sizeof(alone) / sizeof(alone[0])));
	tcase_add_loop_test(t, in_a_line, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(t, place_of_the_amount);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, any_text);
	tcase_add_test(t, very_long_text);
	suite_add_tcase(s, t);
	return tap_run(s);
}
