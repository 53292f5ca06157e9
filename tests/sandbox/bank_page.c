/* The practice bank's page for the buyer, in Persian and English: plain forms, no outside resource, no script needed.
 */
#include "bank.h"

#include "bank_look.h"
#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { PAGE_MAX = 32 << 10 };

struct words {
	const char *lang, *dir;
	const char *title, *practice, *shop, *sum, *rial, *toman, *order, *choose;
	const char *pay, *refuse, *more, *vanish, *twice, *late, *forge;
	const char *unknown, *decided, *phones, *back, *back_button, *gone, *gone_late;
	const char *other, *other_lang;
};

static const struct words fa = {
	.lang = "fa",
	.dir = "rtl",
	.title = "بانک تمرینی",
	.practice = "این صفحه برای تمرین است. هیچ پولی جابه‌جا نمی‌شود.",
	.shop = "پذیرنده",
	.sum = "مبلغ",
	.rial = "ریال",
	.toman = "تومان",
	.order = "شمارهٔ سفارش",
	.choose = "چه اتفاقی بیفتد؟",
	.pay = "پرداخت",
	.refuse = "انصراف",
	.more = "تمرین پیشامدهای ناخوشایند",
	.vanish = "پرداخت می‌شود، ولی مرورگر برنمی‌گردد",
	.twice = "پرداخت می‌شود، خبرش دو بار می‌رسد",
	.late = "پرداخت می‌شود، خبرش ده دقیقه دیرتر می‌رسد",
	.forge = "پرداخت نمی‌شود، ولی خبر دروغینِ موفقیت می‌رسد",
	.unknown = "چنین پرداختی در این بانک نیست. لینک را از ربات دوباره بگیرید.",
	.decided = "این پرداخت پیش‌تر انجام یا لغو شده است.",
	.phones = "بازگشت به گوشی‌ها",
	.back = "در حال بازگشت به فروشگاه…",
	.back_button = "بازگشت به فروشگاه",
	.gone = "پرداخت انجام شد و مرورگر برنمی‌گردد. "
		"می‌توانید این صفحه را ببندید.",
	.gone_late = "پرداخت انجام شد. خبرش ده دقیقه دیگر (به ساعت تمرینی) به فروشگاه "
		     "می‌رسد.",
	.other = "English",
	.other_lang = "en",
};

static const struct words en = {
	.lang = "en",
	.dir = "ltr",
	.title = "Practice bank",
	.practice = "This page is for practice. No money moves.",
	.shop = "Merchant",
	.sum = "Amount",
	.rial = "rial",
	.toman = "toman",
	.order = "Order number",
	.choose = "What shall happen?",
	.pay = "Pay",
	.refuse = "Cancel",
	.more = "Practise mishaps",
	.vanish = "Paid, but the browser never returns",
	.twice = "Paid, and the news arrives twice",
	.late = "Paid, and the news arrives ten minutes late",
	.forge = "Not paid, but false news of success arrives",
	.unknown = "This bank has no such payment. Take the link from the bot again.",
	.decided = "This payment has been made or cancelled before.",
	.phones = "Back to the phones",
	.back = "Going back to the shop…",
	.back_button = "Back to the shop",
	.gone = "Paid; the browser does not return. You can close this page.",
	.gone_late = "Paid. The news reaches the shop in ten minutes of the practice clock.",
	.other = "فارسی",
	.other_lang = "fa",
};

const char bank_style[] =
	":root{color-scheme:light "
	"dark;--b:#f4f6f8;--c:#fff;--t:#16202b;--m:#5d6b7a;--l:#d6dde5;--p:#0b6e4f;--r:#b3261e}"
	"@media(prefers-color-scheme:dark){:root{--b:#10151b;--c:#1a222b;--t:#e8edf2;--m:#9aa8b6;--l:#33404d;--p:#"
	"2fae84;"
	"--r:#f2867f}}"
	"*{box-sizing:border-box}body{margin:0;background:var(--b);color:var(--t);font:17px/1.7 Vazirmatn,Tahoma,"
	"'DejaVu Sans',sans-serif}main{max-width:26rem;margin:0 auto;padding:1rem}"
	"h1{font-size:1.3rem;margin:.4rem 0}section{background:var(--c);border:1px solid var(--l);border-radius:14px;"
	"padding:1rem;margin:1rem 0}.note{color:var(--m);font-size:.9rem;margin:0}"
	"dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem 1rem;margin:0}dt{color:var(--m)}dd{margin:0;"
	"text-align:end;overflow-wrap:anywhere}.sum{font-size:1.4rem;font-weight:700}"
	"button{width:100%;min-height:48px;margin:.3rem 0;padding:.5rem;border-radius:12px;border:1px solid var(--l);"
	"background:transparent;color:var(--t);font:inherit;cursor:pointer}button:focus-visible{outline:3px solid "
	"var(--p)}"
	".pay{background:var(--p);border-color:var(--p);color:#fff;font-weight:700}.refuse{color:var(--r);border-color:"
	"var(--r)}@media(prefers-color-scheme:dark){.pay{color:#06130e}}"
	"summary{cursor:pointer;min-height:44px;padding:.5rem 0}a{color:var(--p)}";

void bank_put_escaped(struct buf *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '<')
			buf_puts(b, "&lt;");
		else if (*s == '>')
			buf_puts(b, "&gt;");
		else if (*s == '&')
			buf_puts(b, "&amp;");
		else if (*s == '"')
			buf_puts(b, "&quot;");
		else
			buf_putc(b, *s);
	}
}

void bank_put_amount(struct buf *b, int64_t amount, bool persian)
{
	char digits[24];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)amount);

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			buf_puts(b, persian ? "٬" : ",");
		if (persian)
			buf_printf(b, "\xDB%c", 0xB0 + (digits[i] - '0'));
		else
			buf_putc(b, digits[i]);
	}
}

static struct buf *page_open(void *ctx, const struct words *t)
{
	struct buf *b = buf_new(ctx, PAGE_MAX);

	buf_printf(b,
		   "<!doctype html><html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		   "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>%s"
		   "</title><style>%s</style></head><body><main><h1>%s</h1><p class=\"note\">%s</p>",
		   t->lang, t->dir, t->title, bank_style, t->title, t->practice);
	return b;
}

static void page_close(struct world *w, struct request *r, struct buf *b, unsigned status, const char *csp)
{
	buf_puts(b, "</main></body></html>");
	reply_page(w, r, status, b->data, csp);
}

const char bank_own_csp[] = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
			    "frame-ancestors 'self'";

static void say(struct world *w, struct request *r, const struct words *t, unsigned status, const char *text)
{
	struct buf *b = page_open(r, t);

	buf_printf(b, "<section role=\"status\"><p>%s</p></section>", text);
	page_close(w, r, b, status, bank_own_csp);
}

/* The shop has no page for a payment that is over; the deal goes on in the chats, which the sandbox's page shows. */
static void say_decided(struct world *w, struct request *r, const struct words *t, unsigned status)
{
	struct buf *b = page_open(r, t);

	buf_printf(b, "<section role=\"status\"><p>%s</p><p><a href=\"/\">%s</a></p></section>", t->decided, t->phones);
	page_close(w, r, b, status, bank_own_csp);
}

static void put_button(struct buf *b, const char *act, const char *label)
{
	buf_printf(b, "<button name=\"do\" value=\"%s\" class=\"%s\">%s</button>", act, act, label);
}

static void put_details(struct buf *b, const struct words *t, const struct payment *p)
{
	buf_printf(b, "<section><dl><dt>%s</dt><dd>Separex</dd><dt>%s</dt><dd class=\"sum\">", t->shop, t->sum);
	bank_put_amount(b, p->amount, t == &fa);
	buf_printf(b, " %s</dd><dt></dt><dd>", t->rial);
	bank_put_amount(b, p->amount / 10, t == &fa);
	buf_printf(b, " %s</dd><dt>%s</dt><dd><bdi dir=\"ltr\">", t->toman, t->order);
	bank_put_escaped(b, p->order_id);
	buf_puts(b, "</bdi></dd></dl></section>");
}

static void choose_page(struct world *w, struct request *r, const struct words *t, const struct payment *p)
{
	struct buf *b = page_open(r, t);

	put_details(b, t, p);
	buf_printf(b,
		   "<form method=\"post\" action=\"/bank/pay\"><input type=\"hidden\" name=\"token\" value=\"%s\">"
		   "<input type=\"hidden\" name=\"lang\" value=\"%s\">",
		   p->token, t->lang);
	put_button(b, "pay", t->pay);
	put_button(b, "refuse", t->refuse);
	buf_printf(b, "<details><summary>%s</summary>", t->more);
	put_button(b, "vanish", t->vanish);
	put_button(b, "twice", t->twice);
	put_button(b, "late", t->late);
	put_button(b, "forge", t->forge);
	buf_printf(b, "</details></form><p><a href=\"/bank/pay?token=%s&amp;lang=%s\" lang=\"%s\">%s</a></p>", p->token,
		   t->other_lang, t->other_lang, t->other);
	page_close(w, r, b, 200, bank_own_csp);
}

void bank_put_fields(struct buf *b, const char *fields)
{
	while (*fields) {
		size_t name = strcspn(fields, "="), value = strcspn(fields + name + 1, "&");

		buf_printf(b, "<input type=\"hidden\" name=\"%.*s\" value=\"%.*s\">", (int)name, fields, (int)value,
			   fields + name + 1);
		fields += name + 1 + value;
		fields += *fields == '&';
	}
}

/* Carries the browser back by a form that sends itself; without scripts the button does it. */
static void return_page(struct world *w, struct request *r, const struct words *t, const struct payment *p,
			const char *fields)
{
	struct buf *b = page_open(r, t);
	const char *nonce = rnd_token(r, &w->rnd, 16);
	const char *csp = talloc_asprintf(r,
					  "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-%s'; "
					  "form-action http: https:; base-uri 'none'; frame-ancestors 'self'",
					  nonce);

	buf_printf(b, "<section role=\"status\"><p>%s</p><form id=\"back\" method=\"post\" action=\"", t->back);
	bank_put_escaped(b, p->callback);
	buf_puts(b, "\">");
	bank_put_fields(b, fields);
	buf_printf(b,
		   "<button class=\"pay\">%s</button></form></section><script nonce=\"%s\">"
		   "document.getElementById('back').submit()</script>",
		   t->back_button, nonce);
	page_close(w, r, b, 200, csp);
}

static void decide(struct world *w, struct request *r, const struct words *t, struct payment *p)
{
	const char *act = js_str(r->params, "do", "");
	bool forged = strcmp(act, "forge") == 0;
	const char *fields;

	if (bank_decide(w, p, act)) {
		say_decided(w, r, t, 400);
		return;
	}
	if (strcmp(act, "vanish") == 0 || strcmp(act, "late") == 0) {
		say(w, r, t, 200, strcmp(act, "late") == 0 ? t->gone_late : t->gone);
		return;
	}
	fields = bank_fields(w, r, p, forged);
	if (strcmp(act, "twice") == 0) /* once by itself, once by the browser */
		callback_post(w, p, fields, 1, NULL);
	return_page(w, r, t, p, fields);
}

void bank_page(struct world *w, struct request *r)
{
	const char *lang = request_text(r, "lang"), *token = request_text(r, "token");
	const struct words *t = lang && strcmp(lang, "en") == 0 ? &en : &fa;
	struct payment *p;

	bank_tick(w);
	p = token && strlen(token) > 10 ? bank_payment(w, token) : NULL;
	if (!p || strcmp(p->token, token) != 0)
		say(w, r, t, 404, t->unknown);
	else if (strcmp(r->verb, "POST") == 0)
		decide(w, r, t, p);
	else if (p->state != PAY_CREATED)
		say_decided(w, r, t, 200);
	else
		choose_page(w, r, t, p);
}
