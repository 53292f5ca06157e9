/* say(): numbers, money, time and people's words, in Persian and in English. */
#include "clock.h"
#include "format.h"
#include "locale_folder.h"
#include "tap.h"

/* Monday 23 November 2026, 14:30:00 in Tehran. */
#define MOMENT INT64_C(1795431600000)

static void *ctx;
static struct catalog *cat;

static const char texts[] =
	"{\"t\": {\"none\": \"<b>done</b> &amp; &lt;ok&gt;\", \"text\": \"<b>{{x}}</b>!\", \"link\": \"<a "
	"href=\\\"{{x}}\\\">go</a>\","
	"\"two\": \"{{b}}-{{a}}-{{b}}\", \"n\": \"{{n, number}}\", \"digits\": \"{{n, digits}}\", \"money\": \"{{p, "
	"money}}\","
	"\"rial\": \"{{p, rial}}\", \"words\": \"{{p, words}}\", \"time\": \"{{w, time}}\", \"date\": \"{{w, date}}\","
	"\"clock\": \"{{w, clock}}\", \"span\": \"{{s, duration}}\", \"items_one\": \"{{count}} item\","
	"\"items_other\": \"{{count}} items\"}}";

static void begin(void)
{
	struct err e = {""};

	ctx = talloc_new(NULL);
	cat = catalog_of(ctx,
			 (const struct locale_file[]){{"fa.json", with_formats(ctx, "fa", texts)},
						      {"en.json", with_formats(ctx, "en", texts)},
						      {NULL, NULL}},
			 &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
}

static void finish(void)
{
	talloc_free(ctx);
}

START_TEST(sentences)
{
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.none"), "<b>done</b> &amp; &lt;ok&gt;");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "en", "t.none"), "done & <ok>");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.two", ARG_INT("a", 1), ARG_INT("b", 2)), "2-1-2");
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.two", ARG_INT("a", 1), ARG_INT("b", 2)), "۲-۱-۲");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.items", ARG_INT("count", 1)), "1 item");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.items", ARG_INT("count", 5)), "5 items");
	ck_assert_str_eq(SAY(ctx, cat, NULL, "t.items", ARG_INT("count", 5)), "۵ items");
}
END_TEST

START_TEST(peoples_words)
{
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", " <i>a&\u202Eb\n\"c\" ")),
			 "<b>\u2068&lt;i&gt;a&amp;b &quot;c&quot;\u2069</b>!");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "en", "t.text", ARG_TEXT("x", "<i>a&b")), "\u2068<i>a&b\u2069!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", "\u200e")), "<b></b>!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", NULL)), "<b></b>!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_LINES("x", "a\n\n<b>")),
			 "<b>\u2068a\u2069\n\n\u2068&lt;b&gt;\u2069</b>!");
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.text", ARG_CODE("x", "7K<2")), "<b>7K&lt;2</b>!");
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.text", ARG_RAW("x", "<i>y</i>")), "<b><i>y</i></b>!");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "fa", "t.text", ARG_RAW("x", "<i>y&amp;</i>")), "y&!");
	/* Nothing in it can be tapped under our name. */
	ck_assert_str_eq(
		SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", "https://t.me/a @b_c /sell a/b 2.5 e. g@ :)")),
		"<b>\u2068https:\u2060//\u2060t.\u2060me/a @\u2060b_c /\u2060sell a/b 2.\u20605 e. g@ :)\u2069</b>!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_LINES("x", "t.me/a\n(@b)")),
			 "<b>\u2068t.\u2060me/a\u2069\n\u2068(@\u2060b)\u2069</b>!");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "en", "t.text", ARG_TEXT("x", "t.me/a")), "\u2068t.me/a\u2069!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_ACCOUNT("x", "b_c")), "<b>\u2068@b_c\u2069</b>!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_ACCOUNT("x", "")), "<b></b>!");
	/* What a person types is never an argument or a tag. */
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", "{{x}} %s")), "<b>\u2068{{x}} %s\u2069</b>!");
}
END_TEST

START_TEST(links)
{
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.link", ARG_CODE("x", "https://a.b/?c=1&d=\"")),
			 "<a href=\"https://a.b/?c=1&amp;d=&quot;\">go</a>");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "en", "t.link", ARG_CODE("x", "https://a.b/?c=1&d=>")), "go");
	ck_assert_str_eq(SAY_PLAIN(ctx, cat, "en", "t.link", ARG_INT("x", 7)), "go");
}
END_TEST

START_TEST(mistakes_in_the_code)
{
	ck_assert_str_eq(SAY(ctx, cat, "en", "no.such<key>"), "no.such&lt;key&gt;");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text"), "<b>{x}</b>!");
	ck_assert_str_eq(say(ctx, cat, "en", "t.text", NULL), "<b>{x}</b>!");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.money", ARG_INT("p", 5)), "5");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.n", ARG_TEXT("n", "5")), "\u20685\u2069");
}
END_TEST

static const struct {
	int64_t n;
	const char *fa, *en;
} numbers[] = {
	{0, "۰", "0"},
	{999, "۹۹۹", "999"},
	{1000, "۱٬۰۰۰", "1,000"},
	{2500000, "۲٬۵۰۰٬۰۰۰", "2,500,000"},
	{-1234, "\u200e\u2212۱٬۲۳۴", "-1,234"},
	{INT64_MAX, "۹٬۲۲۳٬۳۷۲٬۰۳۶٬۸۵۴٬۷۷۵٬۸۰۷", "9,223,372,036,854,775,807"},
	{INT64_MIN, "\u200e\u2212۹٬۲۲۳٬۳۷۲٬۰۳۶٬۸۵۴٬۷۷۵٬۸۰۸", "-9,223,372,036,854,775,808"},
};

START_TEST(integers)
{
	ck_assert_str_eq(format_int(ctx, cat, "fa", numbers[_i].n), numbers[_i].fa);
	ck_assert_str_eq(format_int(ctx, cat, "en", numbers[_i].n), numbers[_i].en);
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.n", ARG_INT("n", numbers[_i].n)), numbers[_i].fa);
}
END_TEST

START_TEST(digits_without_marks)
{
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.digits", ARG_INT("n", 123456)), "۱۲۳۴۵۶");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.digits", ARG_INT("n", 123456)), "123456");
}
END_TEST

static const struct {
	int64_t rial;
	const char *fa, *en, *fa_words, *en_words;
} sums[] = {
	{25000000, "۲٬۵۰۰٬۰۰۰ تومان", "2,500,000 toman", "دو میلیون و پانصد هزار تومان",
	 "two million five hundred thousand toman"},
	{0, "۰ تومان", "0 toman", "صفر تومان", "zero toman"},
	{10, "۱ تومان", "1 toman", "یک تومان", "one toman"},
	{7, "۷ ریال", "7 rial", "هفت ریال", "seven rial"},
	{1005, "۱۰۰ تومان و ۵ ریال", "100 toman and 5 rial", "صد تومان و پنج ریال", "one hundred toman and five rial"},
	{-1005, "\u200e\u2212۱۰۰ تومان و ۵ ریال", "-100 toman and 5 rial", "منفی صد تومان و پنج ریال",
	 "minus one hundred toman and five rial"},
	{500000000, "۵۰٬۰۰۰٬۰۰۰ تومان", "50,000,000 toman", "پنجاه میلیون تومان", "fifty million toman"},
};

START_TEST(money)
{
	ck_assert_str_eq(format_money(ctx, cat, "fa", sums[_i].rial), sums[_i].fa);
	ck_assert_str_eq(format_money(ctx, cat, "en", sums[_i].rial), sums[_i].en);
	ck_assert_str_eq(money_words(ctx, cat, "fa", sums[_i].rial), sums[_i].fa_words);
	ck_assert_str_eq(money_words(ctx, cat, "en", sums[_i].rial), sums[_i].en_words);
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.money", ARG_MONEY("p", sums[_i].rial)), sums[_i].fa);
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.words", ARG_MONEY("p", sums[_i].rial)), sums[_i].en_words);
}
END_TEST

START_TEST(rial)
{
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.rial", ARG_MONEY("p", 25000000)), "۲۵٬۰۰۰٬۰۰۰ ریال");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.rial", ARG_MONEY("p", 25000000)), "25,000,000 rial");
	ck_assert(strlen(money_words(ctx, cat, "en", INT64_MIN)) > 100);
}
END_TEST

static const struct {
	int64_t ms;
	const char *fa, *en, *fa_date, *en_date;
} moments[] = {
	{MOMENT, "دوشنبه ۲ آذر، ساعت ۱۴:۳۰", "Monday 23 November, 14:30", "۲ آذر ۱۴۰۵", "23 November 2026"},
	/* No summer time since 1401: 1 Mordad 1405 is at +03:30 too. */
	{INT64_C(1784824200000), "پنجشنبه ۱ مرداد، ساعت ۲۰:۰۰", "Thursday 23 July, 20:00", "۱ مرداد ۱۴۰۵",
	 "23 July 2026"},
	/* The leap day of 1403, and the new year a second after midnight. */
	{INT64_C(1742416200000), "پنجشنبه ۳۰ اسفند، ساعت ۰۰:۰۰", "Thursday 20 March, 00:00", "۳۰ اسفند ۱۴۰۳",
	 "20 March 2025"},
	{INT64_C(1742502601000), "جمعه ۱ فروردین، ساعت ۰۰:۰۰", "Friday 21 March, 00:00", "۱ فروردین ۱۴۰۴",
	 "21 March 2025"},
	{0, "پنجشنبه ۱۱ دی، ساعت ۰۳:۳۰", "Thursday 1 January, 03:30", "۱۱ دی ۱۳۴۸", "1 January 1970"},
};

START_TEST(times)
{
	ck_assert_str_eq(format_time(ctx, cat, "fa", moments[_i].ms), moments[_i].fa);
	ck_assert_str_eq(format_time(ctx, cat, "en", moments[_i].ms), moments[_i].en);
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.date", ARG_TIME("w", moments[_i].ms)), moments[_i].fa_date);
	ck_assert_str_eq(format_date(ctx, cat, "en", moments[_i].ms), moments[_i].en_date);
}
END_TEST

START_TEST(clocks)
{
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.clock", ARG_TIME("w", MOMENT)), "۱۴:۳۰");
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.clock", ARG_TIME("w", MOMENT + 6 * HOUR_MS)), "20:30");
	ck_assert(*format_time(ctx, cat, "fa", INT64_MAX));
}
END_TEST

static const struct {
	int64_t ms;
	const char *fa, *en;
} spans[] = {
	{2 * DAY_MS + 3 * HOUR_MS, "۲ روز و ۳ ساعت", "2 days and 3 hours"},
	{DAY_MS, "۱ روز", "1 day"},
	{2 * DAY_MS - SECOND_MS, "۲ روز", "2 days"},
	{DAY_MS - SECOND_MS, "۱ روز", "1 day"},
	{DAY_MS - MINUTE_MS, "۲۳ ساعت و ۵۹ دقیقه", "23 hours and 59 minutes"},
	{HOUR_MS + 20 * SECOND_MS, "۱ ساعت", "1 hour"},
	{HOUR_MS - SECOND_MS, "۱ ساعت", "1 hour"},
	{90 * MINUTE_MS, "۱ ساعت و ۳۰ دقیقه", "1 hour and 30 minutes"},
	{29 * MINUTE_MS + 31 * SECOND_MS, "۳۰ دقیقه", "30 minutes"},
	{MINUTE_MS, "۱ دقیقه", "1 minute"},
	{MINUTE_MS - 1, "کمتر از یک دقیقه", "less than a minute"},
	{0, "کمتر از یک دقیقه", "less than a minute"},
	{-5 * DAY_MS, "کمتر از یک دقیقه", "less than a minute"},
};

START_TEST(durations)
{
	ck_assert_str_eq(SAY(ctx, cat, "fa", "t.span", ARG_SPAN("s", spans[_i].ms)), spans[_i].fa);
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.span", ARG_SPAN("s", spans[_i].ms)), spans[_i].en);
}
END_TEST

START_TEST(a_very_long_argument_is_cut)
{
	char *text = talloc_size(ctx, 300001);

	memset(text, '<', 300000);
	text[300000] = '\0';
	ck_assert_uint_eq(strlen(SAY(ctx, cat, "en", "t.text", ARG_TEXT("x", text))),
			  strlen("<b></b>!") + 6 + SAY_TEXT_CODEPOINTS * strlen("&lt;"));
	/* Raw HTML of ours past the limit is left out whole, so that no tag is cut in two. */
	ck_assert_str_eq(SAY(ctx, cat, "en", "t.text", ARG_RAW("x", text)), "<b></b>!");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("format");
	TCase *t = tcase_create("all");

	tcase_add_checked_fixture(t, begin, finish);
	tcase_add_test(t, sentences);
	tcase_add_test(t, peoples_words);
	tcase_add_test(t, links);
	tcase_add_test(t, mistakes_in_the_code);
	tcase_add_loop_test(t, integers, 0, (int)(sizeof(numbers) / sizeof(numbers[0])));
	tcase_add_test(t, digits_without_marks);
	tcase_add_loop_test(t, money, 0, (int)(sizeof(sums) / sizeof(sums[0])));
	tcase_add_test(t, rial);
	tcase_add_loop_test(t, times, 0, (int)(sizeof(moments) / sizeof(moments[0])));
	tcase_add_test(t, clocks);
	tcase_add_loop_test(t, durations, 0, (int)(sizeof(spans) / sizeof(spans[0])));
	tcase_add_test(t, a_very_long_argument_is_cut);
	suite_add_tcase(s, t);
	return tap_run(s);
}
