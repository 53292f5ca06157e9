/* Advertisements as people paste them: what is for sale, for how much, and what must not be shown. */
#include "ad.h"
#include "contacts.h"
#include "rnd.h"
#include "safe_name.h"
#include "tap.h"
#include "utf8.h"
#include <string.h>
#include <talloc.h>

static const struct {
	const char *text;
	bool is_ad;
	const char *title, *description;
	size_t n_prices;
	int64_t prices[AD_MAX_PRICES];
} ads[] = {
	/* One advertisement in one line. */
	/* clang-format off */
	{"گوشی سامسونگ A52\nسالم، بدون خط و خش\n۱۲۸ گیگ\nقیمت: ۸٬۵۰۰٬۰۰۰ تومان\nتماس: ۰۹۱۲۱۲۳۴۵۶۷", true, "گوشی سامسونگ A52", "سالم، بدون خط و خش\n۱۲۸ گیگ\nقیمت: ۸٬۵۰۰٬۰۰۰ تومان\nتماس: •••••••••••", 1, {85000000}},
	{"آیفون ۱۳ پرو مکس ۲۵۶ گیگ\nhttps://divar.ir/v/آیفون-۱۳/gZ3kQ8aB\nقیمت ۶۲ میلیون تومان", true, "آیفون ۱۳ پرو مکس ۲۵۶ گیگ", "قیمت ۶۲ میلیون تومان", 1, {620000000}},
	{"🔥🔥 فروش فوری 🔥🔥\n\n#گوشی #موبایل #تهران\nPS5 دیسک‌خور با دو دسته\nقیمت ۳۰ میلیون فیکس\n@ali_shop", true, "PS5 دیسک‌خور با دو دسته", "🔥🔥 فروش فوری 🔥🔥\nقیمت ۳۰ میلیون فیکس\n@ali_shop", 1, {300000000}},
	{"#فروشی #آیفون_13\niPhone 13 128GB\nبا جعبه و شارژر\n25m\nDM: @seller_123", true, "iPhone 13 128GB", "با جعبه و شارژر\n25m\nDM: @seller_123", 1, {250000000}},
	{"سلام دوستان\nیک عدد لپ‌تاپ ایسوس دارم\nرم ۱۶، هارد ۵۱۲\nقیمت ۳۵ میلیون\nشماره کارت: 6037-7016-8909-5443\nبه نام رضا رضایی", true, "یک عدد لپ‌تاپ ایسوس دارم", "سلام دوستان\nرم ۱۶، هارد ۵۱۲\nقیمت ۳۵ میلیون\nشماره کارت: ••••-••••-••••-••••\nبه نام رضا رضایی", 1, {350000000}},
	{"Selling MacBook Air M1, 8/256, like new\nPrice: 45 million toman\nCall 0912 123 4567\nhttps://t.me/my_store", true, "Selling MacBook Air M1, 8/256, like new", "Price: 45 million toman\nCall •••• ••• ••••", 1, {450000000}},
	{"فروش اکانت کلش آف کلنز\n۱ ماهه: ۹۹ هزار تومان\n۲ ماهه: ۱۸۰ هزار تومان\n۳ ماهه: ۲۵۰ هزار تومان\n۶ ماهه: ۴۵۰ هزار تومان\n۱۲ ماهه: ۸۰۰ هزار تومان", true, "فروش اکانت کلش آف کلنز", "۱ ماهه: ۹۹ هزار تومان\n۲ ماهه: ۱۸۰ هزار تومان\n۳ ماهه: ۲۵۰ هزار تومان\n۶ ماهه: ۴۵۰ هزار تومان\n۱۲ ماهه: ۸۰۰ هزار تومان", 5, {990000, 1800000, 2500000, 4500000, 8000000}},
	{"یوسی پابجی\n60 UC ۷۰ هزار تومان\n325 UC ۳۵۰ هزار تومان\n660 UC ۶۵۰ هزار تومان\n1800 UC ۱/۷ میلیون تومان\n3850 UC ۳/۴ میلیون تومان\n8100 UC ۶/۸ میلیون تومان", true, "یوسی پابجی", "60 UC ۷۰ هزار تومان\n325 UC ۳۵۰ هزار تومان\n660 UC ۶۵۰ هزار تومان\n1800 UC ۱/۷ میلیون تومان\n3850 UC ۳/۴ میلیون تومان\n8100 UC ۶/۸ میلیون تومان", 5, {700000, 3500000, 6500000, 17000000, 34000000}},
	{"گوشی شیائومی نوت ۱۲\nکاملاً سالم\nقیمت توافقی\nتماس بگیرید", true, "گوشی شیائومی نوت ۱۲", "کاملاً سالم\nقیمت توافقی\nتماس بگیرید", 0, {0}},
	{"🔥💰🎉\n😀😀\n💎", false, "", "🔥💰🎉\n😀😀\n💎", 0, {0}},
	{"فروش فوری", false, "", "فروش فوری", 0, {0}},
	{"قیمت: ۲۵ میلیون", false, "", "قیمت: ۲۵ میلیون", 1, {250000000}},
	{"سلام خوبی؟", false, "سلام خوبی", "", 0, {0}},
	{"گوشی ۲۵ میلیون", false, "گوشی", "", 1, {250000000}},
	{"فروش گوشی سامسونگ S21 اولترا بسیار تمیز با کارتن و لوازم ۲۲ میلیون تومان تماس ۰۹۳۵۱۲۳۴۵۶۷", true, "فروش گوشی سامسونگ S21 اولترا بسیار تمیز با کارتن و لوازم", "", 1, {220000000}},
	{"پراید ۱۳۱ مدل ۱۳۹۸\nکارکرد ۸۵۰۰۰ کیلومتر\nبیمه تا آخر سال\n۲۵۰ میلیون تومان\nتهران، نارمک", true, "پراید ۱۳۱ مدل ۱۳۹۸", "کارکرد ۸۵۰۰۰ کیلومتر\nبیمه تا آخر سال\n۲۵۰ میلیون تومان\nتهران، نارمک", 1, {2500000000}},
	{"دوچرخه کوهستان ویوا سایز ۲۶\nhttp://bit.ly/3abc\n۷ میلیون و ۵۰۰", true, "دوچرخه کوهستان ویوا سایز ۲۶", "۷ میلیون و ۵۰۰", 1, {75000000}},
	{"ساعت هوشمند اپل واچ سری ۷\nبرای خرید وارد ربات شوید: https://t.me/fake_separex_bot?start=abc\n۱۲ میلیون", true, "ساعت هوشمند اپل واچ سری ۷", "برای خرید وارد ربات شوید:\n۱۲ میلیون", 1, {120000000}},
	{"\u202Eگوشی سالم\u202C\n\u202E25 میلیون\u202C", true, "گوشی سالم", "25 میلیون", 1, {250000000}},
	{"کفش نایک اصل\nسایز ۴۲ و ۴۳\n۲/۵ میلیون تومن\nشبا: IR820540102680020817909002", true, "کفش نایک اصل", "سایز ۴۲ و ۴۳\n۲/۵ میلیون تومن\nشبا: IR••••••••••••••••••••••••", 1, {25000000}},
	{"📱 Samsung Galaxy S24 Ultra 512GB\n✅ Brand new, sealed\n💰 60m\n📞 +98 912 123 4567\n#samsung #s24 #tehran", true, "Samsung Galaxy S24 Ultra 512GB", "✅ Brand new, sealed\n💰 60m\n📞 +•• ••• ••• ••••", 1, {600000000}},
	{"مبل هفت‌نفره راحتی\nدر حد نو، رنگ طوسی\nعلت فروش: جابه‌جایی\nقیمت خرید ۴۰ میلیون، قیمت فروش ۱۸ میلیون تومان", true, "مبل هفت‌نفره راحتی", "در حد نو، رنگ طوسی\nعلت فروش: جابه‌جایی\nقیمت خرید ۴۰ میلیون، قیمت فروش ۱۸ میلیون تومان", 2, {400000000, 180000000}},
	{"عنوان: دوربین کانن 80D\nلنز ۱۸-۱۳۵\nقیمت: ۲۸,۰۰۰,۰۰۰", true, "دوربین کانن 80D", "لنز ۱۸-۱۳۵\nقیمت: ۲۸,۰۰۰,۰۰۰", 1, {280000000}},
	{"فروش کانال تلگرام\n۱۰ هزار ممبر واقعی\nموضوع: طنز\nقیمت ۱۵ میلیون تومان\nآیدی: @channel_owner", true, "فروش کانال تلگرام", "۱۰ هزار ممبر واقعی\nموضوع: طنز\nقیمت ۱۵ میلیون تومان\nآیدی: @channel_owner", 1, {150000000}},
	{"خط ۰۹۱۲ کد ۳ صفر\n0912-345-6789\n۱۵۰ میلیون تومان", true, "خط ۰۹۱۲ کد ۳ صفر", "••••-•••-••••\n۱۵۰ میلیون تومان", 1, {1500000000}},
	{"Logo design service\n- 3 concepts\n- source files\n2,500,000 toman\ncontact: someone@example.com", true, "Logo design service", "- 3 concepts\n- source files\n2,500,000 toman\ncontact: someone@example.com", 1, {25000000}},
	{"تدریس خصوصی ریاضی\nجلسه‌ای ۲۵۰ هزار تومان\nآنلاین و حضوری", true, "تدریس خصوصی ریاضی", "جلسه‌ای ۲۵۰ هزار تومان\nآنلاین و حضوری", 1, {2500000}},
	{"گیفت کارت اپل ۱۰۰ دلاری\n۶ میلیون و ۵۰۰ هزار تومان", true, "گیفت کارت اپل ۱۰۰ دلاری", "۶ میلیون و ۵۰۰ هزار تومان", 1, {65000000}},
	{"سکه پارسیان ۱ گرمی\n۶۵۰۰۰۰۰۰ ریال", true, "سکه پارسیان ۱ گرمی", "۶۵۰۰۰۰۰۰ ریال", 1, {65000000}},
	{"کتاب هزار و یک شب، چاپ قدیم\nدو جلدی\n۵۰۰ هزار تومان", true, "کتاب هزار و یک شب، چاپ قدیم", "دو جلدی\n۵۰۰ هزار تومان", 1, {5000000}},
	{"موتور هوندا ۱۲۵\nمدل ۱۴۰۰\nتخفیف جزئی پای معامله\nسی و پنج میلیون تومان", true, "موتور هوندا ۱۲۵", "مدل ۱۴۰۰\nتخفیف جزئی پای معامله\nسی و پنج میلیون تومان", 1, {350000000}},
	{"میز تحریر\n\n\n\nچوبی\n\n\n۱ میلیون", true, "میز تحریر", "چوبی\n۱ میلیون", 1, {10000000}},
	{"فروشی\nآگهی\nقیمت مناسب\nیخچال سامسونگ ۲۲ فوت\n۲۵ تومن", true, "یخچال سامسونگ ۲۲ فوت", "فروشی\nآگهی\nقیمت مناسب\n۲۵ تومن", 1, {250000}},
	{"RTX 3060 12GB\nWith box\n15m\nhttps://www.sheypoor.com/v/rtx-3060-441234567.html", true, "RTX 3060 12GB", "With box\n15m", 1, {150000000}},
	{"#دوربین_کانن\n#فروش\n۱۲ میلیون", true, "دوربین کانن", "۱۲ میلیون", 1, {120000000}},
	{"«تابلو فرش» دستبافت تبریز\n(۵۰×۷۰)\nقیمت: ۱۲ تا ۱۵ میلیون", true, "«تابلو فرش» دستبافت تبریز", "(۵۰×۷۰)\nقیمت: ۱۲ تا ۱۵ میلیون", 0, {0}},
	{"Nintendo Switch OLED - 21 میلیون تومان - تهران\nبا دو بازی", true, "Nintendo Switch OLED تهران", "با دو بازی", 1, {210000000}},
	{"https://divar.ir/v/gZ3kQ8aB", false, "", "", 0, {0}},
	{"لباس مجلسی سایز ۴۰\nقیمت ۱۲۰۰ تومن", true, "لباس مجلسی سایز ۴۰", "قیمت ۱۲۰۰ تومن", 1, {12000}},
	{"🎸 گیتار یاماها C40 🎸\n✅ سالم ✅ با کیف\n💵 ۵/۵ تومن 💵", true, "گیتار یاماها C40", "✅ سالم ✅ با کیف\n💵 ۵/۵ تومن 💵", 1, {55000}},
	{"تور استانبول ۳ شب\n۵۰۰ دلار\n۰۲۱-۸۸۷۷۶۶۵۵", true, "تور استانبول ۳ شب", "۵۰۰ دلار\n•••-••••••••", 0, {0}},
	{"فروش اقساطی موبایل\nپیش‌پرداخت ۵ میلیون، ماهی ۲ میلیون، کل ۲۵ میلیون تومان", true, "فروش اقساطی موبایل", "پیش‌پرداخت ۵ میلیون، ماهی ۲ میلیون، کل ۲۵ میلیون تومان", 3, {50000000, 20000000, 250000000}},
	{"", false, "", "", 0, {0}},
	{"   \n \n", false, "", "", 0, {0}},
	{"اسباب‌بازی لگو\nقیمت ۲ میلیون تومان (۲۰٬۰۰۰٬۰۰۰ ریال)", true, "اسباب‌بازی لگو", "قیمت ۲ میلیون تومان (۲۰٬۰۰۰٬۰۰۰ ریال)", 1, {20000000}},
	{"لپ تاپ لنوو مدل تینک پد ایکس وان کربن نسل نهم با پردازنده نسل یازدهم اینتل و شانزده گیگابایت رم و پانصد گیگ هارد اس اس دی در حد نو و بدون خط و خش", false, "لپ تاپ لنوو مدل تینک پد ایکس وان کربن نسل نهم با پردازنده نسل یازدهم اینتل و شانزده گیگابایت رم و", "لپ تاپ لنوو مدل تینک پد ایکس وان کربن نسل نهم با پردازنده نسل یازدهم اینتل و شانزده گیگابایت رم و پانصد گیگ هارد اس اس دی در حد نو و بدون خط و خش", 0, {0}},
	/* clang-format on */
};

START_TEST(table)
{
	void *ctx = talloc_new(NULL);
	struct ad a;
	bool is = ad_read(ctx, ads[_i].text, &a);

	ck_assert_msg(is == ads[_i].is_ad, "%s: %d", ads[_i].text, is);
	ck_assert_str_eq(a.title, ads[_i].title);
	ck_assert_str_eq(a.description, ads[_i].description);
	ck_assert_uint_eq(a.n_prices, ads[_i].n_prices);
	for (size_t i = 0; i < a.n_prices; i++)
		ck_assert_int_eq(a.prices[i].rial, ads[_i].prices[i]);
	talloc_free(ctx);
}
END_TEST

static size_t codepoints(const char *s)
{
	size_t n = 0;

	while (utf8_next(&s))
		n++;
	return n;
}

/* What is promised of every text. */
static bool check_promises(void *ctx, const char *text)
{
	struct ad a;
	struct contact c;
	bool is = ad_read(ctx, text, &a);

	ck_assert(utf8_valid(a.title, strlen(a.title)) && utf8_valid(a.description, strlen(a.description)));
	ck_assert_uint_le(codepoints(a.title), AD_TITLE_CODEPOINTS);
	ck_assert_uint_le(codepoints(a.description), AD_DESCRIPTION_CODEPOINTS);
	ck_assert(!strchr(a.title, '\n') && a.n_prices <= AD_MAX_PRICES);
	ck_assert_str_eq(safe_text(ctx, a.title, AD_TITLE_CODEPOINTS, false), a.title);
	ck_assert_msg(!contact_next(a.title, 0, &c), "%s", a.title);
	ck_assert_msg(!contact_next(a.description, 0, &c), "%s", a.description);
	ck_assert(!is || a.title[0]);
	return is;
}

START_TEST(long_texts)
{
	static char text[200001];
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < 4096; i++)
		text[i] = 'a';
	ck_assert(!check_promises(ctx, text));
	for (size_t i = 0; i + 24 < sizeof text; i += 24)
		memcpy(text + i, "iPhone 13 64GB 25 m\nnew ", 24);
	ck_assert(check_promises(ctx, text));
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = "5\n"[i % 2];
	ck_assert(!check_promises(ctx, text));
	ck_assert(!check_promises(ctx, NULL));
	talloc_free(ctx);
}
END_TEST

START_TEST(any_text)
{
	static const char *const parts[] = {"گوشی",
					    "iPhone 13",
					    "۲۵ میلیون",
					    "قیمت:",
					    "\n",
					    "\n",
					    " ",
					    "#tag",
					    "@name",
					    "0912",
					    "1234567",
					    "6037701689095443",
					    "https://t.me/x_bot",
					    "🔥",
					    "\u202E",
					    "\xFF",
					    "•",
					    "IR820540102680020817909002",
					    "(",
					    "»",
					    "فروش فوری",
					    "تماس",
					    "\u200c",
					    "5,000"};
	void *ctx = talloc_new(NULL);
	uint64_t state = 9;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < 5000; i++) {
		char text[1200] = "";
		unsigned char pick[20];

		rnd.fill(rnd.arg, pick, sizeof pick);
		for (size_t k = 0; k < sizeof pick; k++)
			strcat(text, parts[pick[k] % (sizeof parts / sizeof *parts)]);
		check_promises(ctx, text);
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}
END_TEST

/* Only the result is left on the context. */
START_TEST(memory)
{
	void *ctx = talloc_new(NULL);
	struct ad a;

	ad_read(ctx, "گوشی\n۲۵ میلیون\nhttps://divar.ir/v/gZ3kQ8aB", &a);
	ck_assert_uint_le(talloc_total_blocks(ctx), 4);
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ad");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, table, 0, (int)(sizeof ads / sizeof *ads));
	tcase_add_test(t, long_texts);
	tcase_add_test(t, any_text);
	tcase_add_test(t, memory);
	suite_add_tcase(s, t);
	return tap_run(s);
}
