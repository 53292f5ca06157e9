/* Imitations are seen, and ordinary names are left in peace. */
#include "look_alike.h"
#include "rnd.h"
#include "tap.h"
#include <string.h>

static const struct {
	const char *a, *b;
	bool alike;
} pairs[] = {
	{"SeparexBot", "SeparexBot", false}, /* the same */
	{"SeparexBot", "separexbot", true},
	{"SeparexBot", "SeparexB0t", true},
	{"SeparexBot", "Sep\u0430rexBot", true}, /* Cyrillic a */
	{"SeparexBot", "\u0405\u0435p\u0430r\u0435\u0445B\u043Et", true},
	{"SeparexBot", "Separex_Bot", true},
	{"SeparexBot", "Separex Bot", true},
	{"SeparexBot", "S\u00E9parexBot", true},
	{"SeparexBot", "Separex\u200BBot", true},
	{"SeparexBot", "\u202ESeparexBot", true},
	{"SeparexBot", "\uFF33eparexBot", true}, /* full width */
	{"SeparexBot", "\U0001D412eparexBot", true}, /* mathematical bold */
	{"SeparexBot", "SeparexxBot", false},
	{"SeparexBot", "SeparexBot2", false},
	{"SeparexBot", "Separex", false},
	{"paypal", "paypaI", true}, /* capital i */
	{"paypal", "paypa1", true},
	{"Iran", "iran", true},
	{"Iran", "lran", true},
	{"modern", "rnodern", true},
	{"پشتیبانی سپارکس", "پشتيباني سپاركس", true},
	{"پشتیبانی سپارکس", "پشتیبانی\u200Cسپارکس", true},
	{"پشتیبانی سپارکس", "پشتیبانی سپارکس ✅", false},
	{"پشتیبانی سپارکس", "پشتیبانی سپارکش", false},
	{"پشتیبانی سپارکس", "پـشتیبانی سپارکس", true},
	{"سپارکس ۱", "سپارکس 1", true},
	{"سپارکس ۱", "سپارکس ٢", false},
	{"آرش", "ارش", true},
	{"رضائی", "رضایی", true},
	{"مؤمن", "مومن", true},
	{"فاطمه", "فاطمة", true},
	{"", "", false},
	{"", "a", false},
	{"\u200B", "\u200C", false},
	{"😀", "😀😀", false},
	{"\xFF\xFE", "\xFE", false},
};

START_TEST(imitations)
{
	ck_assert_msg(look_alike(pairs[_i].a, pairs[_i].b) == pairs[_i].alike, "%s / %s", pairs[_i].a, pairs[_i].b);
	ck_assert_int_eq(look_alike(pairs[_i].b, pairs[_i].a), pairs[_i].alike);
}
END_TEST

static const char *const ordinary[] = {
	"علی",           "علی رضایی",   "علیرضا",   "رضا",        "سارا",          "شارا",
	"زهرا",          "مریم",        "محمد",     "محمود",      "حمید",          "حمیده",
	"سعید",          "سعیده",       "وحید",     "وحیده",      "فرید",          "فریده",
	"نوید",          "امید",        "امیر",     "امین",       "مهدی",          "مهدیه",
	"هادی",          "مجید",        "مجیده",    "پریسا",      "پرستو",         "برنا",
	"پرنا",          "نازنین",      "نازی",     "یاسمن",      "یاسمین",        "گلناز",
	"کلناز",         "ژاله",        "زاله",     "شهرام",      "بهرام",         "مهرام",
	"می‌گل",   "سید علی",     "محمد Ali", "علی Ahmadi", "Ali",           "Ali Rezaei",
	"Reza",          "Sara",        "Sarah",    "Zahra",      "Maryam",        "Mohammad",
	"Mahmoud",       "Hamid",       "Hamed",    "John",       "Joan",          "Jane",
	"Emily",         "José García", "Zoë",      "Ali 😎",      "فروشگاه Apple", "موبایل iPhone ۱۳",
	"Shop تهران",    "Ali_1370",    "mehdi.k",  "علی(Ali)",   "علیAli",        "Иван",
	"Мария Петрова", "Γιώργος",     "山田太郎", "Иван Ali"};

START_TEST(ordinary_names)
{
	size_t n = sizeof ordinary / sizeof *ordinary;

	ck_assert_uint_ge(n, 60);
	for (size_t i = 0; i < n; i++) {
		ck_assert_msg(!mixed_script(ordinary[i]), "%s", ordinary[i]);
		for (size_t j = 0; j < n; j++)
			ck_assert_msg(!look_alike(ordinary[i], ordinary[j]), "%s / %s", ordinary[i], ordinary[j]);
	}
}
END_TEST

START_TEST(mixed_names)
{
	static const char *const mixed[] = {"Sep\u0430rex", "\u0410li",         "P\u0430yP\u0430l", "\u0391li",
					    "Re\u03B6a",    "علی S\u0435parex", "Ali\u200B\u0430",  "\u041F\u03B1"};

	for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++)
		ck_assert_msg(mixed_script(mixed[i]), "%s", mixed[i]);
	ck_assert(!mixed_script(""));
	ck_assert(!mixed_script("\xFF"));
}
END_TEST

/* Any bytes, also long ones. */
START_TEST(any_bytes)
{
	static char text[5000];
	uint64_t state = 8;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < 2000; i++) {
		char a[120] = "", b[120] = "";

		rnd.fill(rnd.arg, a, 100);
		rnd.fill(rnd.arg, b, 100);
		ck_assert_int_eq(look_alike(a, b), look_alike(b, a));
		(void)mixed_script(a);
	}
	for (size_t i = 0; i + 3 < sizeof text; i += 3)
		memcpy(text + i, "\xEF\xB7\xBA", 3); /* decomposes to eighteen letters */
	ck_assert(!look_alike(text, "a"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("look_alike");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, imitations, 0, (int)(sizeof pairs / sizeof *pairs));
	tcase_add_test(t, ordinary_names);
	tcase_add_test(t, mixed_names);
	tcase_add_test(t, any_bytes);
	suite_add_tcase(s, t);
	return tap_run(s);
}
