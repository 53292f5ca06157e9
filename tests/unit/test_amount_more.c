/* Amounts, the long table and the properties: what is written is read or refused, and never read as more than written.
 */
#include "amount.h"
#include "catalog.h"
#include "format.h"
#include "locale_folder.h"
#include "rnd.h"
#include "tap.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { TEXT_BYTES = 512, ROUNDS = 8000 };

/* A NONE word or a sum, as the table writes it. */
static const char *outcome(const struct amount_reading *r, char out[32])
{
	static const char *const names[] = {
		[AMOUNT_OK] = "OK",           [AMOUNT_NONE] = "NONE",       [AMOUNT_NEGATIVE] = "NEGATIVE",
		[AMOUNT_ZERO] = "ZERO",       [AMOUNT_TOO_BIG] = "TOO_BIG", [AMOUNT_CURRENCY] = "CURRENCY",
		[AMOUNT_UNCLEAR] = "UNCLEAR", [AMOUNT_WHICH] = "WHICH"};

	snprintf(out, 32, "%s", names[r->error]);
	if (r->error == AMOUNT_OK)
		snprintf(out, 32, "%" PRId64, r->rial);
	return out;
}

static void check_row(char *row)
{
	char *text = strsep(&row, "\t"), *read = strsep(&row, "\t"), *read_confirm = strsep(&row, "\t");
	char *find = strsep(&row, "\t"), *find_confirm = strsep(&row, "\t"), *title = strsep(&row, "\t"), got[32];
	struct amount_reading r;

	ck_assert_msg(title != NULL, "%s: a row of six columns", text);
	amount_read(text, &r);
	ck_assert_msg(!strcmp(outcome(&r, got), read) && r.confirm == (*read_confirm == '1'), "read %s: %s %d", text,
		      got, r.confirm);
	amount_find(text, &r);
	ck_assert_msg(!strcmp(outcome(&r, got), find) && r.confirm == (*find_confirm == '1'), "find %s: %s %d", text,
		      got, r.confirm);
	text = amount_title(NULL, text, &r);
	ck_assert_str_eq(text, title);
	talloc_free(text);
}

START_TEST(table)
{
	char path[TEXT_BYTES], line[TEXT_BYTES];
	int rows = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/tests/unit/data/amounts_more.tsv", source_folder());
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s is missing", path);
	ck_assert(fgets(line, sizeof line, f) != NULL);
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = '\0';
		check_row(line);
		rows++;
	}
	fclose(f);
	ck_assert_int_ge(rows, 400);
}
END_TEST

static const struct {
	const char *text;
	size_t n;
	int64_t rial[5];
} several[] = {
	{"", 0, {0}},
	{"قیمت توافقی", 0, {0}},
	{"گوشی ۲۵ میلیون", 1, {250000000}},
	{"گوشی ۲۵ میلیون، آخرش ۲۵ میلیون تومان", 1, {250000000}},
	{"۶۴ گیگ: ۱۲ میلیون\n۱۲۸ گیگ: ۱۵ میلیون\n۲۵۶ گیگ: ۱۸/۵ میلیون تومان", 3, {120000000, 150000000, 185000000}},
	{"1 ماهه 99000\n2 ماهه 180000\n3 ماهه 250000", 3, {990000, 1800000, 2500000}},
	{"کد ۱۲۳۴۵ — ۲۵ میلیون", 1, {250000000}},
	{"1m 2m 3m 4m 5m 6m 7m", 5, {10000000, 20000000, 30000000, 40000000, 50000000}},
	{"تماس 0912 123 4567 کارت 6037 7016 8909 5443 مبلغ ۲ میلیون", 1, {20000000}},
	{"۱۰۰ دلار، ۶ میلیون تومان", 1, {60000000}},
};

START_TEST(all_amounts)
{
	struct amount_reading out[5];
	size_t n = amount_all(several[_i].text, out, 5), end = 0;

	ck_assert_msg(n == several[_i].n, "%s: %zu", several[_i].text, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(out[i].rial, several[_i].rial[i]);
		ck_assert(out[i].start >= end && out[i].end > out[i].start && out[i].end <= strlen(several[_i].text));
		end = out[i].end;
	}
	ck_assert_uint_eq(amount_all(several[_i].text, out, 0), 0);
	ck_assert_uint_eq(amount_all(NULL, out, 5), 0);
}
END_TEST

static uint64_t draw(const struct rnd *r, uint64_t below)
{
	uint64_t x;

	r->fill(r->arg, &x, sizeof x);
	return x % below;
}

/* Toman, spread over the sizes that people trade in. */
static int64_t draw_toman(const struct rnd *r)
{
	static const int64_t steps[] = {1000, 10000, 50000, 100000, 1000000, 100000000};
	int64_t step = steps[draw(r, sizeof steps / sizeof *steps)];

	return step * (int64_t)(1 + draw(r, 999));
}

static void to_persian(const char *ascii, char *out)
{
	for (; *ascii; ascii++) {
		if (*ascii >= '0' && *ascii <= '9') {
			*out++ = '\xDB';
			*out++ = (char)('\xB0' + (*ascii - '0'));
		} else {
			*out++ = *ascii;
		}
	}
	*out = '\0';
}

static void grouped(int64_t n, const char *mark, char *out)
{
	char digits[32];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRId64, n);

	*out = '\0';
	for (size_t i = 0; i < len; i++) {
		strcat(out, (char[]){digits[i], '\0'});
		if (i + 1 < len && (len - i - 1) % 3 == 0)
			strcat(out, mark);
	}
}

/* Millions and thousands as people say them: "12 million and 500 thousand". */
static void in_steps(int64_t toman, const char *million, const char *thousand, char *out)
{
	int64_t m = toman / 1000000, k = toman / 1000 % 1000;

	*out = '\0';
	if (m)
		snprintf(out, 64, "%" PRId64 "%s", m, million);
	if (k)
		snprintf(out + strlen(out), 64, "%s%" PRId64 "%s", m ? " و " : "", k, thousand);
}

/* Writes a sum of whole thousands of toman in one of ten ways. */
static void write_toman(const struct rnd *r, int64_t toman, char out[TEXT_BYTES])
{
	static const char *const marks[] = {",", "٬", "،", "'", " ", "."};
	char plain[128];
	uint64_t way = draw(r, 10);

	if (way < 5)
		grouped(toman, marks[draw(r, toman < 1000000 ? 5 : 6)], plain);
	else if (way < 7)
		in_steps(toman, " میلیون", " هزار", plain);
	else if (way == 7)
		in_steps(toman, "م", "ک", plain);
	else if (way == 8)
		snprintf(plain, sizeof plain, "%" PRId64 ".%03" PRId64 "m", toman / 1000000, toman / 1000 % 1000);
	else
		snprintf(plain, sizeof plain, "%" PRId64, toman);
	if (draw(r, 2))
		to_persian(plain, out);
	else
		snprintf(out, TEXT_BYTES, "%s", plain);
	strcat(out, draw(r, 2) ? " تومان" : "تومن");
}

START_TEST(written_is_read)
{
	uint64_t state = 20251;
	struct rnd rnd = rnd_seeded(&state);
	char text[TEXT_BYTES], line[TEXT_BYTES + 64];
	struct amount_reading r;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t toman = draw_toman(&rnd);

		write_toman(&rnd, toman, text);
		ck_assert_msg(amount_read(text, &r) && r.rial == toman * 10, "%s: %d %" PRId64, text, r.error, r.rial);
		ck_assert_msg(!r.confirm || toman < 10000, "%s: in doubt", text);
		snprintf(line, sizeof line, "گوشی آیفون: %s نو", text);
		ck_assert_msg(amount_find(line, &r) && r.rial == toman * 10, "%s: %d %" PRId64, line, r.error, r.rial);
	}
}
END_TEST

/* Whatever is lost from the end of a sum in toman: a reading without a question is never more than was written. */
START_TEST(cut_texts)
{
	uint64_t state = 99;
	struct rnd rnd = rnd_seeded(&state);
	char text[TEXT_BYTES];
	struct amount_reading r;

	for (int i = 0; i < ROUNDS / 10; i++) {
		int64_t toman = draw_toman(&rnd);

		write_toman(&rnd, toman, text);
		for (size_t n = strlen(text); n-- > 0;) {
			text[n] = '\0';
			if (amount_read(text, &r))
				ck_assert_msg(r.rial <= toman * 10 * (r.confirm ? 1000 : 1), "%s: %" PRId64, text,
					      r.rial);
		}
	}
}
END_TEST

/* What the digits and words of a text can spell at most, in rial: all digits in a row and every word's value, times the
 * greatest multiplier. `asked`: a question allows the colloquial thousand. */
static __int128 spelt_at_most(const char *text, bool asked)
{
	static const struct {
		const char *word;
		int64_t value, multiplier;
	} words[] = {{"صد", 900, 1},
		     {"بیست", 20, 1},
		     {"پنج", 5, 1},
		     {"هزار", 1, 1000},
		     {"میلیون", 1, 1000000},
		     {"م", 1, 1000000},
		     {"میلیارد", 1, 1000000000},
		     {"k", 1, 1000},
		     {"m", 1, 1000000}};
	__int128 digits = 0, sum = 1, most = asked ? 1000 : 1;

	for (const char *s = text; *s; s++) {
		unsigned char lead = (unsigned char)s[0], digit = (unsigned char)s[1];

		if (*s >= '0' && *s <= '9')
			digits = digits * 10 + (*s - '0');
		else if (lead == 0xDB && digit >= 0xB0 && digit <= 0xB9)
			digits = digits * 10 + (digit - 0xB0);
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			if (strncmp(s, words[i].word, strlen(words[i].word)) != 0)
				continue;
			sum += words[i].value;
			most = words[i].multiplier > most ? words[i].multiplier : most;
		}
		if (digits > (__int128)1 << 62)
			return (__int128)1 << 100;
	}
	return (digits + sum) * most * 10;
}

START_TEST(no_more_than_spelt)
{
	static const char *const parts[] = {"1",   "25", "۳",    "۷۵۰", "000",     "0",      " ",      " ",
					    " و ", "صد", "بیست", "پنج", "نیم",     "هزار",   "میلیون", "م",
					    "m",   "k",  ".",    ",",   "/",       "٬",      "تومان",  "ریال",
					    "-",   "تا", "گوشی", "\n",  "میلیارد", "\u200c", "ه",      "از"};
	uint64_t state = 4242;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < 5 * ROUNDS; i++) {
		char text[TEXT_BYTES] = "";
		struct amount_reading r[5];
		size_t n;

		for (uint64_t k = 2 + draw(&rnd, 9); k > 0; k--)
			strcat(text, parts[draw(&rnd, sizeof parts / sizeof *parts)]);
		if (amount_read(text, r))
			ck_assert_msg(r->rial <= spelt_at_most(text, r->confirm), "read %s: %" PRId64, text, r->rial);
		if (amount_find(text, r))
			ck_assert_msg(r->rial <= spelt_at_most(text, r->confirm), "find %s: %" PRId64, text, r->rial);
		n = amount_all(text, r, 5);
		for (size_t k = 0; k < n; k++)
			ck_assert_msg(r[k].rial <= spelt_at_most(text, r[k].confirm), "all %s", text);
	}
}
END_TEST

/* Any bytes at all. */
START_TEST(any_bytes)
{
	uint64_t state = 7;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < ROUNDS; i++) {
		char text[200] = "";
		struct amount_reading r[5];
		size_t n = draw(&rnd, sizeof text);

		rnd.fill(rnd.arg, text, n);
		for (size_t k = 0; k < n; k += 3)
			text[k] = (char)(draw(&rnd, 2) ? 0xDB : '0' + (int)draw(&rnd, 10));
		text[n] = '\0';
		for (int how = 0; how < 2; how++) {
			bool ok = how ? amount_find(text, r) : amount_read(text, r);
			char *title = amount_title(NULL, text, r);

			ck_assert_int_eq(ok, r->error == AMOUNT_OK);
			ck_assert(ok ? r->rial > 0 && r->rial <= AMOUNT_MAX_RIAL : r->rial == 0);
			ck_assert(r->end <= strlen(text) && strlen(title) <= strlen(text));
			talloc_free(title);
		}
		ck_assert_uint_le(amount_all(text, r, 5), 5);
	}
}
END_TEST

/* What we show, we read back as the same sum, without a question. */
START_TEST(shown_is_read)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	struct catalog *cat = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e);
	uint64_t state = 31337;
	struct rnd rnd = rnd_seeded(&state);

	ck_assert_msg(cat != NULL, "%s", e.text);
	for (int i = 0; i < ROUNDS / 10; i++) {
		const char *lang = i % 2 ? "en" : "fa";
		int64_t rial = draw_toman(&rnd) * 10;
		void *one = talloc_new(ctx);
		const char *shown[] = {format_money(one, cat, lang, rial), money_words(one, cat, lang, rial)};
		struct amount_reading r;

		for (size_t k = 0; k < 2; k++)
			ck_assert_msg(amount_read(shown[k], &r) && r.rial == rial && !r.confirm, "%s: %" PRId64 " %d",
				      shown[k], r.rial, r.confirm);
		talloc_free(one);
	}
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("amount_more");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, table);
	tcase_add_loop_test(t, all_amounts, 0, (int)(sizeof several / sizeof *several));
	tcase_add_test(t, written_is_read);
	tcase_add_test(t, cut_texts);
	tcase_add_test(t, no_more_than_spelt);
	tcase_add_test(t, any_bytes);
	tcase_add_test(t, shown_is_read);
	suite_add_tcase(s, t);
	return tap_run(s);
}
