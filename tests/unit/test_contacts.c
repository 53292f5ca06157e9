/* Phones, cards and IBANs inside of sentences. */
#include "contacts.h"
#include "rnd.h"
#include "tap.h"
#include "utf8.h"
#include <string.h>
#include <talloc.h>

static const struct {
	const char *text;
	int kind; /* of the first, 0 for none */
	const char *masked, *first;
} rows[] = {
	{"", 0, "", NULL},
	{"گوشی ۲۵ میلیون", 0, "گوشی ۲۵ میلیون", NULL},
	{"تماس 09121234567", CONTACT_PHONE, "تماس •••••••••••", "09121234567"},
	{"۰۹۱۲ ۱۲۳ ۴۵ ۶۷ زنگ بزنید", CONTACT_PHONE, "•••• ••• •• •• زنگ بزنید", "09121234567"},
	{"+98 (912) 123-4567", CONTACT_PHONE, "+•• (•••) •••-••••", "09121234567"},
	{"00989121234567", CONTACT_PHONE, "••••••••••••••", "09121234567"},
	{"989121234567", CONTACT_PHONE, "••••••••••••", "09121234567"},
	{"9121234567", CONTACT_PHONE, "••••••••••", "09121234567"},
	{"9120000000 تومان", 0, "9120000000 تومان", NULL},
	{"9 121 234 567 تومان", 0, "9 121 234 567 تومان", NULL},
	{"021-88776655 داخلی ۲", CONTACT_PHONE, "•••-•••••••• داخلی ۲", ""},
	{"۰۲۱۸۸۷۷۶۶۵۵", CONTACT_PHONE, "•••••••••••", ""},
	{"09121234567 25000000", CONTACT_PHONE, "••••••••••• 25000000", "09121234567"},
	{"120 09121234567", CONTACT_PHONE, "120 •••••••••••", "09121234567"},
	{"6037701689095443", CONTACT_CARD, "••••••••••••••••", "6037701689095443"},
	{"۶۰۳۷-۷۰۱۶-۸۹۰۹-۵۴۴۳ رضا", CONTACT_CARD, "••••-••••-••••-•••• رضا", "6037701689095443"},
	{"6037 7016 8909 5443", CONTACT_CARD, "•••• •••• •••• ••••", "6037701689095443"},
	{"6219861034529008", CONTACT_CARD, "••••••••••••••••", ""}, /* a slip in it */
	{"IR820540102680020817909002", CONTACT_IBAN, "IR••••••••••••••••••••••••", "IR820540102680020817909002"},
	{"ir 82 0540 1026 8002 0817 9090 02", CONTACT_IBAN, "ir •• •••• •••• •••• •••• •••• ••",
	 "IR820540102680020817909002"},
	{"820540102680020817909002", CONTACT_IBAN, "••••••••••••••••••••••••", "IR820540102680020817909002"},
	{"IR820540102680020817909003", CONTACT_IBAN, "IR••••••••••••••••••••••••", ""},
	{"205880404401000145910114", 0, "205880404401000145910114", NULL},
	{"کد ملی 0499370899", 0, "کد ملی 0499370899", NULL},
	{"1402/05/12 ساعت 12:30", 0, "1402/05/12 ساعت 12:30", NULL},
	{"A52 8/256 4G", 0, "A52 8/256 4G", NULL},
	{"6037\n7016\n8909\n5443", 0, "6037\n7016\n8909\n5443", NULL},
	{"کارت 6037701689095443 شبا IR820540102680020817909002 تلفن 09121234567", CONTACT_CARD,
	 "کارت •••••••••••••••• شبا IR•••••••••••••••••••••••• تلفن •••••••••••", "6037701689095443"},
};

START_TEST(table)
{
	struct contact c = {.value = ""};
	char *masked = contacts_mask(NULL, rows[_i].text);
	bool found = contact_next(rows[_i].text, 0, &c);

	ck_assert_str_eq(masked, rows[_i].masked);
	ck_assert_int_eq(found, rows[_i].first != NULL);
	ck_assert_int_eq(found ? (int)c.kind : 0, rows[_i].kind);
	if (found)
		ck_assert_str_eq(c.value, rows[_i].first);
	talloc_free(masked);
}
END_TEST

/* Valid text stays valid, nothing but digits changes, and what is masked has no contact left. */
START_TEST(any_text)
{
	static const char *const parts[] = {"0912",
					    "1234567",
					    "۶۰۳۷",
					    "7016",
					    "8909",
					    "5443",
					    " ",
					    "-",
					    "IR",
					    "+98",
					    "820540102680020817909002",
					    "م",
					    "\n",
					    "(",
					    ")",
					    "\u200c",
					    "9",
					    "۰۹۱۲۱۲۳۴۵۶۷"};
	uint64_t state = 5;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < 20000; i++) {
		char text[600] = "", *masked;
		struct contact c;
		unsigned char pick[12];

		rnd.fill(rnd.arg, pick, sizeof pick);
		for (size_t k = 0; k < sizeof pick; k++)
			strcat(text, parts[pick[k] % (sizeof parts / sizeof *parts)]);
		masked = contacts_mask(NULL, text);
		ck_assert(utf8_valid(masked, strlen(masked)));
		ck_assert_int_eq(strcmp(masked, text) != 0, contact_next(text, 0, &c));
		ck_assert_msg(!contact_next(masked, 0, &c), "%s: %s", text, masked);
		talloc_free(masked);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("contacts");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, table, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(t, any_text);
	suite_add_tcase(s, t);
	return tap_run(s);
}
