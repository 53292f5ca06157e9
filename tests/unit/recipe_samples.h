/* Recipes of ordinary deals, for tests and for the bench. */
#ifndef SEPAREX_RECIPE_SAMPLES_H
#define SEPAREX_RECIPE_SAMPLES_H

#include "recipe.h"

static const char sample_url[] = "https://separex.example/p/Zr8v1Tn5Yx0aBcDeFgHiJkLmNoPqRsTuVw";

static inline struct recipe sample_payment_fa(void)
{
	return (struct recipe){
		.kind = RECIPE_PAYMENT,
		.language = "fa",
		.emblem = 1,
		.emblem_name = "نشان شما: ماه",
		.brand = "سپارکس",
		.heading = "کارت پرداخت",
		.title = "گوشی سامسونگ گلکسی A54 با حافظهٔ ۲۵۶ گیگ، جعبه و شارژر",
		.sum = "۱۸٬۶۸۵٬۰۰۰ تومان",
		.sum_words = "هجده میلیون و ششصد و هشتاد و پنج هزار تومان",
		.n_rows = 3,
		.rows = {{"فروشنده", "سارا محمدی", false},
			 {"کارمزد سپارکس", "۱۸۵٬۰۰۰ تومان", false},
			 {"مهلت پرداخت", "پنجشنبه ۶ آذر، ساعت ۱۸:۳۰", true}},
		.qr = sample_url,
		.code = "7Q9F-KX2M",
		.foot = "پول تا تأیید شما نزد سپارکس می‌ماند. "
			"فقط وقتی بپردازید که نشان همین باشد.",
	};
}

static inline struct recipe sample_payment_en(void)
{
	return (struct recipe){
		.kind = RECIPE_PAYMENT,
		.language = "en",
		.dark = true,
		.emblem = 11,
		.emblem_name = "Your emblem: Boat",
		.brand = "Separex",
		.heading = "Payment card",
		.title = "Samsung Galaxy A54 (256 GB), with its box",
		.sum = "18,685,000 toman",
		.sum_words = "eighteen million six hundred eighty-five thousand toman",
		.n_rows = 3,
		.rows = {{"Seller", "Sara Mohammadi", false},
			 {"Separex's fee", "185,000 toman", false},
			 {"Pay until", "Thursday 27 November, 18:30", true}},
		.qr = sample_url,
		.code = "7Q9F-KX2M",
		.foot = "Separex holds the money until you confirm. Pay only when you see this emblem.",
	};
}

static inline struct recipe sample_status_fa(void)
{
	return (struct recipe){
		.kind = RECIPE_STATUS,
		.language = "fa",
		.emblem = 10,
		.emblem_name = "نشان شما: درخت",
		.brand = "سپارکس",
		.heading = "وضعیت معامله",
		.title = "گوشی سامسونگ گلکسی A54 با حافظهٔ ۲۵۶ گیگ، جعبه و شارژر",
		.sum = "",
		.sum_words = "",
		.n_steps = 6,
		.steps = {{"توافق هر دو طرف", "چهارشنبه ۵ آذر، ساعت ۱۰:۱۲", MARK_DONE},
			  {"پرداخت خریدار", "۱۸٬۶۸۵٬۰۰۰ تومان نزد سپارکس امن است", MARK_DONE},
			  {"ارسال با پست پیشتاز", "کد رهگیری: \u2066RR123456785IR\u2069", MARK_DONE},
			  {"تحویل و بررسی", "تا شنبه ۸ آذر، ساعت ۱۸:۳۰ فرصت بررسی هست", MARK_NOW},
			  {"تأیید خریدار", "", MARK_AHEAD},
			  {"واریز به فروشنده", "", MARK_AHEAD}},
		.qr = "",
		.code = "7Q9F-KX2M",
		.foot = "اگر ایرادی دیدید، پیش از پایان مهلت «گزارش مشکل» را بزنید.",
	};
}

static inline struct recipe sample_receipt_fa(void)
{
	return (struct recipe){
		.kind = RECIPE_RECEIPT,
		.language = "fa",
		.emblem_name = "",
		.brand = "سپارکس",
		.heading = "رسید معامله",
		.title = "گوشی سامسونگ گلکسی A54 با حافظهٔ ۲۵۶ گیگ، جعبه و شارژر",
		.sum = "۱۸٬۵۰۰٬۰۰۰ تومان",
		.sum_words = "هجده میلیون و پانصد هزار تومان",
		.n_rows = 6,
		.rows = {{"نتیجه", "پول به فروشنده رسید", true},
			 {"فروشنده", "سارا محمدی", false},
			 {"خریدار", "رضا کریمی", false},
			 {"کارمزد سپارکس", "۱۸۵٬۰۰۰ تومان", false},
			 {"شمارهٔ پیگیری بانک", "\u2066140409051234567\u2069", false},
			 {"زمان واریز", "یکشنبه ۹ آذر ۱۴۰۴، ساعت ۱۱:۰۵", false}},
		.qr = "https://t.me/separex_bot?start=c_7Q9FKX2M",
		.code = "R-7Q9F-KX2M-4T",
		.foot = "درستی این رسید را با فرستادن «\u2066/check\u2069» و کد بالا به ربات بسنجید.",
	};
}

#endif
