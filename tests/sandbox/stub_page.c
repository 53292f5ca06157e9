/* The payer's page at a stub bank: it looks like a bank's, says that it is none, and lets the payer decide what
 * happens. */
#include "stub.h"

#include "bank.h"
#include "bank_look.h"
#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { PAGE_MAX = 32 << 10 };

static const char *const titles[STUB_BANKS] = {
	[STUB_MELLAT] = "درگاه بانک ملت (تمرینی)",
	[STUB_PARSIAN] = "درگاه بانک پارسیان (تمرینی)",
	[STUB_ZARINPAL] = "درگاه زرین‌پال (تمرینی)",
};

/* What can happen, the first two beside each other, the rest folded away. */
static const struct choice {
	const char *act, *label, *class;
} choices[] = {
	{"pay", "پرداخت", "pay"},
	{"cancel", "انصراف", "refuse"},
	{"fail", "موجودی کافی نیست", ""},
	{"vanish", "پرداخت می‌شود، ولی مرورگر برنمی‌گردد", ""},
	{"twice", "پرداخت می‌شود، خبرش دو بار می‌رسد", ""},
	{"forge", "پرداخت نمی‌شود، ولی خبر دروغینِ موفقیت می‌رسد", ""},
};

static struct buf *page_open(void *ctx, const char *title)
{
	struct buf *b = buf_new(ctx, PAGE_MAX);

	buf_printf(
		b,
		"<!doctype html><html lang=\"fa\" dir=\"rtl\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>%s"
		"</title><style>%s input{width:100%%;min-height:48px;font:inherit;padding:.5rem;border-radius:12px;"
		"border:1px solid var(--l);background:transparent;color:var(--t)}</style></head><body><main><h1>%s</h1>"
		"<p class=\"note\">این صفحه برای تمرین است. هیچ پولی جابه‌جا "
		"نمی‌شود.</p>",
		title, bank_style, title);
	return b;
}

static void page_close(struct world *w, struct request *r, struct buf *b, unsigned status, const char *csp)
{
	buf_puts(b, "</main></body></html>");
	reply_page(w, r, status, b->data, csp);
}

static void say(struct world *w, struct request *r, unsigned status, const char *title, const char *text)
{
	struct buf *b = page_open(r, title);

	buf_printf(b, "<section role=\"status\"><p>%s</p></section>", text);
	page_close(w, r, b, status, bank_own_csp);
}

static void put_choice(struct buf *b, const struct choice *c)
{
	buf_printf(b, "<button name=\"do\" value=\"%s\" class=\"%s\">%s</button>", c->act, c->class, c->label);
}

static void choose_page(struct world *w, struct request *r, const struct stub_payment *p)
{
	struct buf *b = page_open(r, titles[p->bank]);

	buf_puts(b, "<section><dl><dt>پذیرنده</dt><dd>Separex</dd><dt>مبلغ</dt><dd class=\"sum\">");
	bank_put_amount(b, p->amount, true);
	buf_puts(b, " ریال</dd><dt></dt><dd>");
	bank_put_amount(b, p->amount / 10, true);
	buf_puts(b, " تومان</dd><dt>شمارهٔ سفارش</dt><dd><bdi dir=\"ltr\">");
	bank_put_escaped(b, p->order);
	buf_printf(
		b,
		"</bdi></dd></dl></section><form method=\"post\"><input type=\"hidden\" name=\"RefId\" value=\"%s\">"
		"<input type=\"hidden\" name=\"Token\" value=\"%s\"><p><label for=\"card\">شمارهٔ کارت</label>"
		"<input id=\"card\" name=\"card\" inputmode=\"numeric\" dir=\"ltr\" maxlength=\"16\" value=\"%s\"></p>",
		p->token, p->token, p->card);
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		if (i == 2)
			buf_puts(b, "<details><summary>تمرین پیشامدهای ناخوشایند</summary>");
		put_choice(b, &choices[i]);
	}
	buf_puts(b, "</details></form>");
	page_close(w, r, b, 200, bank_own_csp);
}

/* Carries the browser back: Zarinpal by a link, the others by a form that sends itself, or by its button. */
static void return_page(struct world *w, struct request *r, const struct stub_payment *p, const char *fields)
{
	struct buf *b = page_open(r, titles[p->bank]);
	bool link = p->bank == STUB_ZARINPAL;
	const char *nonce = rnd_token(r, &w->rnd, 16);
	const char *csp = talloc_asprintf(r,
					  "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-%s'; "
					  "form-action http: https:; base-uri 'none'; frame-ancestors 'self'",
					  nonce);

	buf_printf(b,
		   "<section role=\"status\"><p>در حال بازگشت به فروشگاه…</p><form id=\"back\" method=\"%s\" action=\"",
		   link ? "get" : "post");
	bank_put_escaped(b, p->callback);
	buf_puts(b, "\">");
	bank_put_fields(b, fields);
	buf_printf(b,
		   "<button class=\"pay\">بازگشت به فروشگاه</button></form></section><script nonce=\"%s\">"
		   "document.getElementById('back').submit()</script>",
		   nonce);
	page_close(w, r, b, 200, csp);
}

static void decide(struct world *w, struct request *r, struct stub_payment *p)
{
	const char *act = js_str(r->params, "do", ""), *fields;
	int code = p->bank == STUB_MELLAT ? 12 : 51; /* not enough money, in each bank's list */
	struct payment carried = {.order_id = ""};

	if (stub_decide(w, p, act, js_str(r->params, "card", NULL), code)) {
		say(w, r, 400, titles[p->bank],
		    "این پرداخت پیش‌تر انجام یا لغو شده است.");
		return;
	}
	if (!strcmp(act, "vanish")) {
		say(w, r, 200, titles[p->bank],
		    "پرداخت انجام شد و مرورگر برنمی‌گردد. این صفحه را "
		    "ببندید.");
		return;
	}
	fields = stub_fields(w, r, p, act);
	if (!strcmp(act, "twice")) { /* once by itself, before the page is left, and once by the browser */
		snprintf(carried.callback, sizeof carried.callback, "%s", p->callback);
		callback_post(w, &carried, fields, 1, NULL);
	}
	return_page(w, r, p, fields);
}

/* The first visit is our shop's form or link; what is pressed on the page carries "do". */
void stub_page(struct world *w, struct request *r, struct stub_payment *p)
{
	if (!p)
		say(w, r, 404, "درگاه تمرینی", "چنین پرداختی در این بانک نیست. لینک را از ربات دوباره بگیرید.");
	else if (!strcmp(r->verb, "POST") && js_str(r->params, "do", NULL))
		decide(w, r, p);
	else if (p->state != STUB_NEW)
		say(w, r, 200, titles[p->bank],
		    "این پرداخت پیش‌تر انجام یا لغو شده است.");
	else
		choose_page(w, r, p);
}
