/* The routes of our public pages, and what happens when a browser presses or returns: see web_pay.h. */
#include "web_pay.h"

#include "bank_choice.h"
#include "log.h"
#include "money_in.h"
#include "money_out.h"
#include "web_pay_page.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { WORD_MOST = 64 };

/* The deal of a page, and the try that counts of the page's part. */
static bool load(struct visit *v, const char *page, struct payment *p, struct deal_file *f)
{
	struct turn *t = v->t;
	struct payment named;

	return payment_by_page(t->tx, t->ctx, page, &named) &&
	       payment_of_part(t->tx, t->ctx, named.deal_id, named.part, p) && deal_by_id(t->tx, t->ctx, p->deal_id, f);
}

static void speak_to_buyer(struct visit *v, const struct deal_file *f)
{
	struct person buyer;
	bool known = person_by_id(v->t->tx, v->t->ctx, f->deal.buyer_id, &buyer);

	v->emblem = known ? buyer.emblem : 0;
	visit_speak(v, known ? buyer.language : NULL);
}

/* The page that the address names, in its buyer's language; says so when there is none. */
static bool find_page(struct visit *v, struct payment *p, struct deal_file *f)
{
	if (!load(v, v->word, p, f)) {
		visit_missing(v);
		return false;
	}
	speak_to_buyer(v, f);
	return true;
}

/* --- GET /p/PAGE --- */

/* The moment of the return goes into the address, so that the page knows when to stop asking by itself. */
static const char *back_query(const struct visit *v)
{
	return talloc_asprintf(v->t->ctx, "back=1&at=%" PRId64, v->t->now_ms);
}

static void show(struct visit *v)
{
	struct payment p;
	struct deal_file f;

	if (!find_page(v, &p, &f))
		return;
	if (http_field(v->in, "back") && !http_field(v->in, "at"))
		visit_go(v, visit_path(v, p.page, back_query(v)));
	else
		pay_page_show(v, &p, &f);
}

/* --- GET /p/PAGE/now, GET /p/PAGE/bank: on to the bank --- */

static bool leads_to_bank(const struct visit *v, const struct payment *p, const struct deal_file *f)
{
	return money_awaited(&f->deal) && money_page_lives(v->t, p);
}

static void find_bank(const struct visit *v, const struct payment *p, struct gateway_redirect *where)
{
	const struct house_bank *bank = bank_named(v->t->house, p->gateway);
	struct gateway_call call = {.order_id = p->order_id, .token = p->token, .mobile = "", .ref = ""};

	bank->gateway->redirect(bank->gateway->self, v->t->ctx, &call, p->pay_url, where);
}

/* By a page of ours: a browser that has just sent a form follows no redirect to another origin than the form's page
 * named, and that page did not know yet where the bank's is. */
static void to_bank(struct visit *v, const struct payment *p)
{
	struct gateway_redirect where;

	find_bank(v, p, &where);
	pay_page_send(v, &where);
}

/* A GET changes nothing, so where there is no way to the bank the page says what there is; while the bank is asked, it
 * comes back here by itself. */
static void bank_page(struct visit *v)
{
	struct payment p;
	struct deal_file f;

	if (!find_page(v, &p, &f))
		return;
	if (leads_to_bank(v, &p, &f))
		to_bank(v, &p);
	else
		pay_page_show(v, &p, &f);
}

/* The address of a link in the chat: where the bank takes a GET there is no page in between. */
static void bank_now(struct visit *v)
{
	struct gateway_redirect where = {.post = true};
	struct payment p;
	struct deal_file f;

	if (load(v, v->word, &p, &f) && leads_to_bank(v, &p, &f))
		find_bank(v, &p, &where);
	if (where.post)
		bank_page(v);
	else
		visit_go(v, where.url);
}

/* --- POST /p/PAGE/go --- */

/* The bank that was pressed, if it carries the sum; else the one that is offered first. */
static const struct house_bank *wanted_bank(struct visit *v, const struct payment *p)
{
	const struct house_bank *banks[HOUSE_MAX_BANKS];
	const char *name = http_field(v->in, "bank");
	size_t n = banks_for(v->t, p->amount, banks);

	for (size_t i = 0; name && i < n; i++)
		if (!strcmp(banks[i]->name, name))
			return banks[i];
	return n ? banks[0] : NULL;
}

static bool wants_other_bank(const struct visit *v, const struct payment *p)
{
	const char *name = http_field(v->in, "bank");

	return name && strcmp(name, p->gateway) != 0 && bank_named(v->t->house, name);
}

/* A try that is under way is waited for, unless another bank was pressed; pressed twice, the second finds the first. */
static bool needs_new_try(const struct visit *v, const struct payment *p)
{
	if (money_credited(p))
		return false;
	if (p->state == PAYMENT_ASKED)
		return wants_other_bank(v, p);
	return p->state != PAYMENT_OPEN || !money_page_lives(v->t, p) || wants_other_bank(v, p);
}

static void go(struct visit *v)
{
	struct payment p;
	struct deal_file f;
	struct person buyer;
	const struct house_bank *bank;

	if (!find_page(v, &p, &f))
		return;
	if (!money_awaited(&f.deal) || !person_by_id(v->t->tx, v->t->ctx, f.deal.buyer_id, &buyer) ||
	    money_card_wanted(v->t, &buyer)) {
		visit_go(v, visit_path(v, p.page, ""));
		return;
	}
	bank = needs_new_try(v, &p) ? wanted_bank(v, &p) : NULL;
	if (!bank && leads_to_bank(v, &p, &f)) {
		to_bank(v, &p);
		return;
	}
	if (bank)
		money_start(v->t, &f, &p, bank);
	visit_go(v,
		 visit_path(v, p.state == PAYMENT_ASKED ? talloc_asprintf(v->t->ctx, "%s/bank", p.page) : p.page, ""));
}

/* --- GET, POST /bank/NAME/return --- */

static const struct gateway *gateway_named(const struct visit *v, const char *name)
{
	for (size_t i = 0; i < v->n_gateways; i++)
		if (strcmp(v->gateways[i]->name, name) == 0)
			return v->gateways[i];
	return NULL;
}

static bool find_returned(struct visit *v, const struct gateway *g, const struct gateway_return *back,
			  struct payment *p)
{
	struct turn *t = v->t;

	if (back->order_id[0])
		return payment_by_order(t->tx, t->ctx, back->order_id, p) && !strcmp(p->gateway, g->name);
	return payment_by_token(t->tx, t->ctx, g->name, back->token, p);
}

static void bank_return(struct visit *v)
{
	const struct gateway *g = gateway_named(v, v->word);
	struct turn *t = v->t;
	struct gateway_return back;
	struct payment p;

	if (!g || !g->returned || !g->returned(g->self, t->ctx, v->in, &back) || !find_returned(v, g, &back, &p)) {
		log_info("a browser came back from bank %s with no payment of ours", g ? g->name : "(unknown)");
		visit_missing(v);
		return;
	}
	money_returned(t, &p, &back);
	payment_of_part(t->tx, t->ctx, p.deal_id, p.part, &p);
	visit_speak(v, NULL);
	visit_go(v, visit_path(v, p.page, back_query(v)));
}

/* --- POST /bank/NAME/notify --- */

/* Somebody says that something became of a payout: the bank is asked now, and what was said is forgotten. */
static void bank_notice(struct visit *v)
{
	const struct gateway *g = gateway_named(v, v->word);
	struct turn *t = v->t;
	const char *track = g && g->notified ? g->notified(g->self, t->ctx, v->in) : NULL;
	struct settlement s;

	if (track && settlement_by_track(t->tx, t->ctx, track, &s) && !strcmp(s.gateway, g->name))
		money_ask_about(t, &s);
	visit_health(v);
}

/* --- routes --- */

static const struct route {
	const char *method;
	const char *before, *after; /* of the one changing word; `after` NULL: there is none and the path is `before` */
	void (*answer)(struct visit *v);
} routes[] = {
	{"GET", "/", NULL, visit_home},
	{"GET", "/healthz", NULL, visit_health},
	{"GET", "/p/", "", show},
	{"GET", "/p/", "/now", bank_now},
	{"GET", "/p/", "/bank", bank_page},
	{"POST", "/p/", "/go", go},
	{"GET", "/bank/", "/return", bank_return},
	{"POST", "/bank/", "/return", bank_return},
	{"POST", "/bank/", "/notify", bank_notice},
};

static const char word_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/* True when the path is the route's; then *word is its changing part. */
static bool path_fits(const struct visit *v, const struct route *r, const char **word)
{
	const char *path = v->in->path, *rest;
	size_t n;

	*word = "";
	if (!r->after)
		return strcmp(path, r->before) == 0;
	if (strncmp(path, r->before, strlen(r->before)) != 0)
		return false;
	rest = path + strlen(r->before);
	n = strspn(rest, word_letters);
	if (n == 0 || n > WORD_MOST || strcmp(rest + n, r->after) != 0)
		return false;
	*word = talloc_strndup(v->t->ctx, rest, n);
	return true;
}

static bool method_fits(const struct visit *v, const struct route *r)
{
	const char *method = strcmp(v->in->method, "HEAD") == 0 ? "GET" : v->in->method;

	return strcmp(method, r->method) == 0;
}

void web_answer(struct turn *t, const struct http_inbound *in, const struct gateway *const *gateways, size_t n,
		struct http_reply *out)
{
	struct visit v = {.t = t, .in = in, .gateways = gateways, .n_gateways = n, .out = out, .word = ""};

	for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
		if (method_fits(&v, &routes[i]) && path_fits(&v, &routes[i], &v.word)) {
			routes[i].answer(&v);
			return;
		}
	visit_missing(&v);
}

void web_answer_broken(struct turn *t, const struct http_inbound *in, struct http_reply *out)
{
	struct visit v = {.t = t, .in = in, .out = out, .word = ""};

	visit_broken(&v);
}
