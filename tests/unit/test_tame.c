/* What of a text is drawn: all that people write for each other, and a bounded part of all else. */
#include "tame.h"
#include "tap.h"

#include <string.h>
#include <talloc.h>

static const char *tamed(void *ctx, const char *text)
{
	int guests = 3;

	return tame(ctx, text, &guests);
}

static const char *repeated(void *ctx, const char *piece, int times)
{
	char *all = talloc_strdup(ctx, "");

	for (int i = 0; i < times; i++)
		all = talloc_strdup_append(all, piece);
	return all;
}

START_TEST(ordinary_words_stay_as_they_are)
{
	static const char *const good[] = {
		"",
		"گوشی سامسونگ A54، ۲۵۶ گیگ؛ «نو» (۹۵٪) می‌فروشم",
		"مُؤَدَّب، مسئلهٔ \u2066a b\u2069",
		"iPhone 13 – 25 m² ½ €5",
		"Ελλάδα Москва",
		"😀 هدیه 🎁",
		"שלום לך Հայերեն ქართული"};
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_str_eq(tamed(ctx, good[i]), good[i]);
	talloc_free(ctx);
}
END_TEST

START_TEST(guests_are_few)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(tamed(ctx, repeated(ctx, "😀", 100)), "😀😀😀");
	ck_assert_str_eq(tamed(ctx, "😀a😀😀b😀c"), "😀a😀😀bc");
	ck_assert_str_eq(tamed(ctx, "←∑☀♥ سلام"), "←∑☀ سلام");
	ck_assert_str_eq(tamed(ctx, "1\uFE0F2\uFE0F3\uFE0F4\uFE0F"), "1\uFE0F2\uFE0F3\uFE0F4");
	ck_assert_str_eq(tamed(ctx, "שaשaשaשa"), "שaשaשaa");
	ck_assert_str_eq(tamed(ctx, "שԱשԱשԱ"), "שԱשש");
	talloc_free(ctx);
}
END_TEST

START_TEST(guests_of_a_picture_are_counted_together)
{
	void *ctx = talloc_new(NULL);
	int guests = 3;

	ck_assert_str_eq(tame(ctx, "😀😀", &guests), "😀😀");
	ck_assert_str_eq(tame(ctx, "😀😀", &guests), "😀");
	ck_assert_int_eq(guests, 0);
	talloc_free(ctx);
}
END_TEST

START_TEST(scripts_without_a_font_are_one_ellipsis)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(tamed(ctx, "漢字 گوشی हिन्दी"), "… گوشی …");
	ck_assert_str_eq(tamed(ctx, repeated(ctx, "漢हไעሀ", 1)), "…ע…");
	ck_assert_str_eq(tamed(ctx, "a𓀀b"), "a…b");
	talloc_free(ctx);
}
END_TEST

START_TEST(marks_do_not_pile_up)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(tamed(ctx, "a\u0301\u0302\u0303\u0304b\u0301"), "a\u0301\u0302b\u0301");
	ck_assert_uint_eq(strlen(tamed(ctx, repeated(ctx, "\u064b", 600))), 4);
	talloc_free(ctx);
}
END_TEST

START_TEST(texts_are_one_short_valid_line)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(tamed(ctx, "a\nb\r\t\x1b\x7f\xc2\x85\u2028\u2029z"), "a b       z");
	ck_assert_uint_eq(strlen(tamed(ctx, repeated(ctx, "W", 1000))), TAME_MOST_UNITS);
	ck_assert_str_eq(tamed(ctx, "\xff"), "\uFFFD");
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tame");
	TCase *c = tcase_create("texts");

	tcase_add_test(c, ordinary_words_stay_as_they_are);
	tcase_add_test(c, guests_are_few);
	tcase_add_test(c, guests_of_a_picture_are_counted_together);
	tcase_add_test(c, scripts_without_a_font_are_one_ellipsis);
	tcase_add_test(c, marks_do_not_pile_up);
	tcase_add_test(c, texts_are_one_short_valid_line);
	suite_add_tcase(s, c);
	return tap_run(s);
}
