/* What people ask about, and the tricks that are played with it. */
#include "link_read.h"
#include "rnd.h"
#include "tap.h"
#include "utf8.h"
#include <string.h>
#include <talloc.h>

static const struct {
	const char *text;
	enum link_kind kind;
	const char *value;
	unsigned flags;
	const char *start;
} rows[] = {
	{NULL, LINK_PLAIN, "", 0, ""},
	{"", LINK_PLAIN, "", 0, ""},
	{"سلام این درسته؟", LINK_PLAIN, "", 0, ""},
	{"...", LINK_PLAIN, "", 0, ""},
	{"@", LINK_PLAIN, "", 0, ""},
	/* codes */
	{"K7WQ2MXD", LINK_DEAL, "K7WQ2MXD", 0, ""},
	{" k7wq2mxd ", LINK_DEAL, "K7WQ2MXD", 0, ""},
	{"#K7WQ-2MXD", LINK_DEAL, "K7WQ2MXD", 0, ""},
	{"K۷WQ۲MXD", LINK_DEAL, "K7WQ2MXD", 0, ""},
	{"HJKMNPQR", LINK_DEAL, "HJKMNPQR", 0, ""},
	{"K7WQ2MXDAB", LINK_RECEIPT, "K7WQ2MXDAB", 0, ""},
	{"کد رسید K7WQ2MXDAB درسته؟", LINK_RECEIPT, "K7WQ2MXDAB", 0, ""},
	{"معامله «K7WQ2MXD»", LINK_DEAL, "K7WQ2MXD", 0, ""},
	{"K7WQ2MX", LINK_PLAIN, "", 0, ""},
	{"K7WQ2MX0", LINK_PLAIN, "", 0, ""}, /* no zero in our codes */
	{"research question", LINK_PLAIN, "", 0, ""},
	/* Telegram */
	{"@SeparexBot", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"این @SeparexBot خودتونید؟", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"(@SeparexBot)", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"@Sep\u0430rexBot", LINK_TELEGRAM, "Sep\u0430rexBot", LINK_IDN, ""}, /* a Cyrillic letter */
	{"@abc", LINK_PLAIN, "", 0, ""},
	{"https://t.me/SeparexBot?start=d_K7WQ2MXD", LINK_TELEGRAM, "SeparexBot", 0, "d_K7WQ2MXD"},
	{"t.me/SeparexBot", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"http://T.ME/SeparexBot/", LINK_TELEGRAM, "SeparexBot", LINK_INSECURE, ""},
	{"https://www.t.me/SeparexBot", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"telegram.me/SeparexBot?x=1&startgroup=abc#y", LINK_TELEGRAM, "SeparexBot", 0, "abc"},
	{"https://t.me/s/channel_one/12", LINK_TELEGRAM, "channel_one", 0, ""},
	{"https://separexbot.t.me?start=x", LINK_TELEGRAM, "separexbot", 0, "x"},
	{"https://t.me/SeparexBot/app?startapp=q", LINK_TELEGRAM, "SeparexBot", 0, "q"},
	{"https://t.me/+AbCdEfGh", LINK_TELEGRAM, "", 0, ""},
	{"https://t.me/joinchat/AbCdEfGh", LINK_TELEGRAM, "", 0, ""},
	{"https://t.me/c/123456/7", LINK_TELEGRAM, "", 0, ""},
	{"https://t.me/", LINK_TELEGRAM, "", 0, ""},
	{"tg://resolve?domain=SeparexBot&start=d_K7WQ2MXD", LINK_TELEGRAM, "SeparexBot", 0, "d_K7WQ2MXD"},
	{"tg:resolve?start=a&domain=SeparexBot", LINK_TELEGRAM, "SeparexBot", 0, "a"},
	{"tg://join?invite=abc", LINK_TELEGRAM, "", 0, ""},
	{"https://t.me/SeparexB\u043Et", LINK_TELEGRAM, "SeparexB\u043Et", LINK_IDN, ""},
	/* web */
	{"https://example.com/pay", LINK_WEB, "example.com", 0, ""},
	{"HTTPS://Example.COM:8443/pay", LINK_WEB, "example.com", 0, ""},
	{"example.com.", LINK_WEB, "example.com", 0, ""},
	{"http://example.com", LINK_WEB, "example.com", LINK_INSECURE, ""},
	{"برو به www.example.xyz!", LINK_WEB, "www.example.xyz", 0, ""},
	{"<https://example.com>", LINK_WEB, "example.com", 0, ""},
	{"https://example.com و https://example.org", LINK_WEB, "example.com", LINK_MORE, ""},
	{"https://xn--shaparak-x1a.com/", LINK_WEB, "xn--shaparak-x1a.com", LINK_IDN | LINK_IMITATES, ""},
	{"https://pay.xn--abc.ir/", LINK_WEB, "pay.xn--abc.ir", LINK_IDN, ""},
	{"https://sh\u0430parak.ir/", LINK_WEB, "sh\u0430parak.ir", LINK_IDN, ""},
	{"https://shaparak%2Eir/", LINK_WEB, "shaparak%2eir", LINK_IDN | LINK_IMITATES, ""},
	{"https://bpm.shaparak.ir@evil.com/pay", LINK_WEB, "evil.com", LINK_USERINFO, ""},
	{"https://bpm.shaparak.ir\\@evil.com/", LINK_BANK, "bpm.shaparak.ir", 0, ""}, /* a browser goes there too */
	{"https://a:b@bpm.shaparak.ir/", LINK_WEB, "bpm.shaparak.ir", LINK_USERINFO, ""},
	{"https://1.2.3.4/shaparak.ir", LINK_WEB, "1.2.3.4", LINK_IP, ""},
	{"http://2130706433/", LINK_WEB, "2130706433", LINK_IP | LINK_INSECURE, ""},
	{"http://0x7f.0.0.0x1/", LINK_WEB, "0x7f.0.0.0x1", LINK_IP | LINK_INSECURE, ""},
	{"https://[::1]:80/x", LINK_WEB, "[::1]", LINK_IP, ""},
	{"https://bit.ly/3abc", LINK_WEB, "bit.ly", LINK_SHORTENER, ""},
	{"yun.ir/abc", LINK_WEB, "yun.ir", LINK_SHORTENER, ""},
	{"https://notbit.ly.example.com", LINK_WEB, "notbit.ly.example.com", 0, ""},
	/* banks */
	{"https://bpm.shaparak.ir/pgwchannel/startpay.mellat", LINK_BANK, "bpm.shaparak.ir", 0, ""},
	{"sep.shaparak.ir/payment.aspx", LINK_BANK, "sep.shaparak.ir", 0, ""},
	{"https://SHAPARAK.ir", LINK_BANK, "shaparak.ir", 0, ""},
	{"http://bpm.shaparak.ir/", LINK_WEB, "bpm.shaparak.ir", LINK_INSECURE, ""},
	{"https://bpm.shaparak.ir.pay-mellat.com/", LINK_WEB, "bpm.shaparak.ir.pay-mellat.com", LINK_IMITATES, ""},
	{"https://bpm-shaparak.ir/", LINK_WEB, "bpm-shaparak.ir", LINK_IMITATES, ""},
	{"https://shaparack.ir/", LINK_WEB, "shaparack.ir", LINK_IMITATES, ""},
	{"https://bpm.shapark.ir/", LINK_WEB, "bpm.shapark.ir", LINK_IMITATES, ""},
	{"https://sh4parak.com/", LINK_WEB, "sh4parak.com", LINK_IMITATES, ""},
	{"https://notshaparak.ir/", LINK_WEB, "notshaparak.ir", LINK_IMITATES, ""},
	{"https://shaparak.ir\u202E/moc.live", LINK_WEB, "shaparak.ir", LINK_IDN, ""},
	/* Divar and Sheypoor */
	{"https://divar.ir/v/gZ3kQ8aB", LINK_DIVAR, "gZ3kQ8aB", 0, ""},
	{"https://divar.ir/v/-/gZ3kQ8aB?ref=x#y", LINK_DIVAR, "gZ3kQ8aB", 0, ""},
	{"https://www.divar.ir/v/%DA%AF%D9%88%D8%B4%DB%8C/gZ3kQ8aBc/", LINK_DIVAR, "gZ3kQ8aBc", 0, ""},
	{"گوشی عالی https://divar.ir/v/گوشی-سالم/gZ3kQ8aB", LINK_DIVAR, "gZ3kQ8aB", 0, ""},
	{"https://divar.ir/v/gZ3kQ8aBcDeFgHiJk", LINK_DIVAR, "", LINK_SECRET, ""},
	{"https://divar.ir/manage/gZ3kQ8aBcDeFgHiJk", LINK_DIVAR, "", LINK_SECRET, ""},
	{"https://divar.ir/s/tehran", LINK_WEB, "divar.ir", 0, ""},
	{"https://divar.ir/chat/abc", LINK_WEB, "divar.ir", 0, ""},
	{"https://divar-ir.com/v/gZ3kQ8aB", LINK_WEB, "divar-ir.com", LINK_IMITATES, ""},
	{"https://divar.ir.pay.com/v/gZ3kQ8aB", LINK_WEB, "divar.ir.pay.com", LINK_IMITATES, ""},
	{"https://divar.ir@evil.com/v/gZ3kQ8aB", LINK_WEB, "evil.com", LINK_USERINFO, ""},
	{"https://d1var.ir/v/gZ3kQ8aB", LINK_WEB, "d1var.ir", 0, ""},
	{"https://www.sheypoor.com/v/گوشی-سامسونگ-441234567.html", LINK_SHEYPOOR, "441234567", 0, ""},
	{"https://www.sheypoor.com/v/441234567", LINK_SHEYPOOR, "441234567", 0, ""},
	{"https://sheypoor.com/samsung-a52-441234567.html?x=1", LINK_SHEYPOOR, "441234567", 0, ""},
	{"https://www.sheypoor.com/v/a52", LINK_WEB, "www.sheypoor.com", 0, ""},
	{"https://sheypour.com/v/441234567", LINK_WEB, "sheypour.com", LINK_IMITATES, ""},
	/* numbers */
	{"6037701689095443", LINK_CARD, "6037701689095443", 0, ""},
	{"به این کارت بزنم؟ ۶۰۳۷-۷۰۱۶-۸۹۰۹-۵۴۴۳", LINK_CARD, "6037701689095443", 0, ""},
	{"6219861034529008", LINK_CARD, "", 0, ""},
	{"IR82 0540 1026 8002 0817 9090 02", LINK_IBAN, "IR820540102680020817909002", 0, ""},
	{"۰۹۱۲ ۱۲۳ ۴۵۶۷", LINK_PHONE, "09121234567", 0, ""},
	{"021-88776655", LINK_PHONE, "", 0, ""},
	/* a link counts before a number, a number before a code */
	{"09121234567 https://t.me/SeparexBot", LINK_TELEGRAM, "SeparexBot", 0, ""},
	{"K7WQ2MXD 09121234567", LINK_PHONE, "09121234567", 0, ""},
	{"mail me: someone@example.com", LINK_PLAIN, "", 0, ""},
	{"قیمت 2.5 میلیون", LINK_PLAIN, "", 0, ""},
};

START_TEST(table)
{
	void *ctx = talloc_new(NULL);
	struct link l;

	link_read(ctx, rows[_i].text, &l);
	ck_assert_msg(l.kind == rows[_i].kind && l.flags == rows[_i].flags && !strcmp(l.value, rows[_i].value) &&
			      !strcmp(l.start, rows[_i].start),
		      "%s: kind %d, flags %u, value %s, start %s", rows[_i].text, l.kind, l.flags, l.value, l.start);
	talloc_free(ctx);
}
END_TEST

/* A secret is nowhere in the result. */
START_TEST(secret_is_not_kept)
{
	void *ctx = talloc_new(NULL);
	struct link l;

	link_read(ctx, "https://divar.ir/v/gZ3kQ8aBcDeFgHiJk", &l);
	ck_assert(!strstr(l.value, "gZ3") && !strstr(l.host, "gZ3") && !strstr(l.start, "gZ3"));
	talloc_free(ctx);
}
END_TEST

START_TEST(any_text)
{
	static const char *const parts[] = {"https://",
					    "t.me/",
					    "@",
					    "tg:",
					    "divar.ir/v/",
					    "shaparak.ir",
					    "%",
					    "xn--",
					    ".",
					    "/",
					    "?start=",
					    "abc",
					    "1",
					    " ",
					    "\n",
					    "[",
					    "]:",
					    "\\",
					    "\xFF",
					    "\u202E",
					    "ی",
					    "K7WQ2MXD",
					    "sheypoor.com/",
					    "-",
					    "441234567",
					    "«",
					    "\u200c",
					    "#",
					    "0x",
					    "www."};
	void *ctx = talloc_new(NULL);
	uint64_t state = 6;
	struct rnd rnd = rnd_seeded(&state);

	for (int i = 0; i < 20000; i++) {
		char text[400] = "";
		unsigned char pick[14];
		struct link l;

		rnd.fill(rnd.arg, pick, sizeof pick);
		for (size_t k = 0; k < sizeof pick; k++)
			strcat(text, parts[pick[k] % (sizeof parts / sizeof *parts)]);
		ck_assert_int_eq(link_read(ctx, text, &l), l.kind);
		ck_assert(utf8_valid(l.value, strlen(l.value)) && utf8_valid(l.start, strlen(l.start)));
		ck_assert(strlen(l.value) <= strlen(text) && !strpbrk(l.value, " \n"));
		ck_assert(l.kind != LINK_BANK || (l.flags & ~(unsigned)LINK_MORE) == 0);
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(long_texts)
{
	static char text[200001];
	void *ctx = talloc_new(NULL);
	struct link l;

	memset(text, 'a', sizeof text - 1);
	ck_assert_int_eq(link_read(ctx, text, &l), LINK_PLAIN);
	memcpy(text, "https://", 8);
	ck_assert_int_eq(link_read(ctx, text, &l), LINK_WEB);
	for (size_t i = 0; i < sizeof text - 1; i++)
		text[i] = ". "[i % 2];
	ck_assert_int_eq(link_read(ctx, text, &l), LINK_PLAIN);
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("link_read");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, table, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(t, secret_is_not_kept);
	tcase_add_test(t, any_text);
	tcase_add_test(t, long_texts);
	suite_add_tcase(s, t);
	return tap_run(s);
}
