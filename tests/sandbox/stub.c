/* What the stub banks share: their books, their clock, the payer's decisions, faults. See stub.h. */
#include "stub.h"

#include "bank.h"
#include "faults.h"
#include "js.h"
#include "reply.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* rails.md 1.5 and 1.7; PEC's time is not public (2.3), Zarinpal's is its page's. */
static const struct stub {
	const char *name;
	void (*serve)(struct world *w, struct request *r);
	int64_t verify_within_ms, settles_after_ms; /* 0: never by itself */
} stubs[STUB_BANKS] = {
	[STUB_MELLAT] = {"mellat", stub_mellat_serve, 20 * MINUTE_MS, 180 * MINUTE_MS},
	[STUB_PARSIAN] = {"parsian", stub_parsian_serve, 20 * MINUTE_MS, 0},
	[STUB_ZARINPAL] = {"zarinpal", stub_zarinpal_serve, 30 * MINUTE_MS, 0},
};

static const char *const state_names[] = {"NEW", "SOLD", "VERIFIED", "SETTLED", "REVERSED", "FAILED"};

static const char default_card[] = "6037701689095443";

struct stubs *stubs_new(void *ctx)
{
	struct stubs *s = talloc_zero(ctx, struct stubs);

	s->payments = talloc_zero_array(s, struct stub_payment *, STUB_PAYMENTS_MAX);
	return s;
}

const char *stub_name(enum stub_bank bank)
{
	return stubs[bank].name;
}

const char *stub_url(const struct world *w, enum stub_bank bank)
{
	return w->stub_urls[bank];
}

static void serve(void *arg, struct request *r)
{
	struct world *w = arg;

	stubs_tick(w);
	for (int i = 0; i < STUB_BANKS; i++)
		if (w->stub_servers[i] == r->server)
			stubs[i].serve(w, r);
}

bool stubs_listen(struct world *w, const char *host, const uint16_t ports[STUB_BANKS])
{
	for (int i = 0; i < STUB_BANKS; i++) {
		w->stub_servers[i] = server_start(w, host, ports[i], serve, w);
		if (!w->stub_servers[i])
			return false;
		snprintf(w->stub_urls[i], sizeof w->stub_urls[i], "http://%s:%u", host,
			 server_port(w->stub_servers[i]));
	}
	return true;
}

void stubs_tick(struct world *w)
{
	int64_t now = world_now_ms(w);

	for (size_t i = 0; i < w->stubs->n; i++) {
		struct stub_payment *p = w->stubs->payments[i];
		const struct stub *s = &stubs[p->bank];

		if (p->state == STUB_SOLD && now - p->sold_ms >= s->verify_within_ms)
			p->state = STUB_REVERSED;
		if (p->state == STUB_VERIFIED && s->settles_after_ms && now - p->verified_ms >= s->settles_after_ms)
			p->state = STUB_SETTLED;
	}
}

/* --- payments --- */

struct stub_payment *stub_by_order(struct world *w, enum stub_bank bank, const char *order)
{
	for (size_t i = w->stubs->n; i-- > 0;)
		if (w->stubs->payments[i]->bank == bank && !strcmp(w->stubs->payments[i]->order, order))
			return w->stubs->payments[i];
	return NULL;
}

struct stub_payment *stub_by_token(struct world *w, enum stub_bank bank, const char *token)
{
	for (size_t i = w->stubs->n; i-- > 0;)
		if (w->stubs->payments[i]->bank == bank && !strcmp(w->stubs->payments[i]->token, token))
			return w->stubs->payments[i];
	return NULL;
}

/* Each bank names a payment in its own way. */
static void make_token(struct world *w, struct stub_payment *p)
{
	uint64_t random;

	w->rnd.fill(w->rnd.arg, &random, sizeof random);
	if (p->bank == STUB_PARSIAN)
		snprintf(p->token, sizeof p->token, "%llu", (unsigned long long)(random % 900000000000 + 100000000000));
	else if (p->bank == STUB_ZARINPAL)
		snprintf(p->token, sizeof p->token, "S%035llx", (unsigned long long)random);
	else
		snprintf(p->token, sizeof p->token, "AF%016llXm", (unsigned long long)random);
}

struct stub_payment *stub_open(struct world *w, enum stub_bank bank, const char *order, int64_t amount,
			       const char *callback)
{
	struct stub_payment *p;

	if (stub_by_order(w, bank, order) || w->stubs->n == STUB_PAYMENTS_MAX)
		return NULL;
	p = w->stubs->payments[w->stubs->n++] = talloc_zero(w->stubs, struct stub_payment);
	p->bank = bank;
	p->amount = amount;
	p->made_ms = world_now_ms(w);
	snprintf(p->order, sizeof p->order, "%s", order);
	snprintf(p->callback, sizeof p->callback, "%s", callback);
	snprintf(p->card, sizeof p->card, "%s", default_card);
	make_token(w, p);
	world_changed(w);
	return p;
}

/* --- the payer --- */

static const struct act {
	const char *name;
	bool pays, fails;
	int callbacks; /* sent by themselves through /sim/stub */
} acts[] = {
	{"pay", true, false, 1},         {"cancel", false, true, 1},    {"fail", false, true, 1},
	{"vanish", true, false, 0},      {"twice", true, false, 2},     {"forge", false, false, 1},
	{"wrong_token", true, false, 1}, {"other_ref", true, false, 1}, {"wrong_amount", true, false, 1},
	{"commas", true, false, 1},
};

static const struct act *act_named(const char *name)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (!strcmp(acts[i].name, name))
			return &acts[i];
	return NULL;
}

int stub_callbacks(const char *act)
{
	const struct act *a = act_named(act);

	return a ? a->callbacks : 0;
}

static int cancel_code(enum stub_bank bank)
{
	return bank == STUB_MELLAT ? 17 : (bank == STUB_PARSIAN ? -138 : 0);
}

const char *stub_decide(struct world *w, struct stub_payment *p, const char *act, const char *card, int code)
{
	const struct act *a = act_named(act);

	if (!a)
		return "do must be one of pay, cancel, fail, vanish, twice, forge, wrong_token, other_ref, "
		       "wrong_amount, "
		       "commas";
	if (!strcmp(act, "forge"))
		return NULL;
	if (p->state != STUB_NEW)
		return "this payment is decided already";
	if (card && strlen(card) == 16)
		snprintf(p->card, sizeof p->card, "%s", card);
	if (a->fails) {
		p->state = STUB_FAILED;
		p->fail_code = strcmp(act, "fail") ? cancel_code(p->bank) : code;
	}
	if (a->pays) {
		p->state = STUB_SOLD;
		p->sold_ms = world_now_ms(w);
		snprintf(
			p->ref, sizeof p->ref, "%lld",
			(long long)(100000000000 + (p->sold_ms * 7919 + (int64_t)w->stubs->n * 104729) % 800000000000));
	}
	world_changed(w);
	return NULL;
}

/* Another payment's reference at the same bank, or one that nobody has. */
static const char *other_ref(struct world *w, const struct stub_payment *p)
{
	for (size_t i = 0; i < w->stubs->n; i++)
		if (w->stubs->payments[i] != p && w->stubs->payments[i]->bank == p->bank && *w->stubs->payments[i]->ref)
			return w->stubs->payments[i]->ref;
	return "999999999999";
}

static const char *with_commas(void *ctx, int64_t n)
{
	char plain[24], *out = talloc_strdup(ctx, "");
	int len = snprintf(plain, sizeof plain, "%lld", (long long)n);

	for (int i = 0; i < len; i++)
		out = talloc_asprintf_append(out, "%s%c", i && (len - i) % 3 == 0 ? "," : "", plain[i]);
	return out;
}

static char *mellat_fields(struct world *w, void *ctx, const struct stub_payment *p, const char *act, bool paid)
{
	const char *ref = !strcmp(act, "other_ref") || !strcmp(act, "forge") ? other_ref(w, p) : p->ref;
	const char *token = strcmp(act, "wrong_token") ? p->token : "WRONG";

	if (!paid)
		return talloc_asprintf(ctx, "RefId=%s&ResCode=%d&SaleOrderId=%s&SaleReferenceId=0", token, p->fail_code,
				       p->order);
	return talloc_asprintf(ctx,
			       "RefId=%s&ResCode=0&SaleOrderId=%s&SaleReferenceId=%s&CardHolderPan=%.6s******%s&"
			       "CardHolderInfo=HASH%s&FinalAmount=%lld",
			       token, p->order, ref, p->card, p->card + 12, p->card + 8, (long long)p->amount);
}

static char *parsian_fields(struct world *w, void *ctx, const struct stub_payment *p, const char *act, bool paid)
{
	const char *rrn = !strcmp(act, "other_ref") || !strcmp(act, "forge") ? other_ref(w, p) : p->ref;
	int64_t amount = strcmp(act, "wrong_amount") ? p->amount : p->amount / 2;
	const char *sum =
		strcmp(act, "commas") ? talloc_asprintf(ctx, "%lld", (long long)amount) : with_commas(ctx, amount);

	return talloc_asprintf(ctx,
			       "Token=%s&status=%d&OrderId=%s&TerminalNo=777&RRN=%s&Amount=%s&HashCardNumber=HASH%s",
			       strcmp(act, "wrong_token") ? p->token : "1", paid ? 0 : p->fail_code, p->order,
			       paid ? rrn : "0", sum, p->card + 8);
}

char *stub_fields(struct world *w, void *ctx, const struct stub_payment *p, const char *act)
{
	bool paid = p->state != STUB_FAILED;

	if (p->bank == STUB_MELLAT)
		return mellat_fields(w, ctx, p, act, paid);
	if (p->bank == STUB_PARSIAN)
		return parsian_fields(w, ctx, p, act, paid);
	return talloc_asprintf(ctx, "Authority=%s&Status=%s",
			       strcmp(act, "wrong_token") ? p->token : "S00000000000000000000000000000000wrong",
			       paid ? "OK" : "NOK");
}

static struct stub_payment *payment_wished(struct world *w, const json_t *in)
{
	const char *bank = js_str(in, "bank", ""), *wish = js_str(in, "payment", "newest");
	struct stub_payment *p = NULL;

	for (size_t i = w->stubs->n; i-- > 0 && !p;) {
		struct stub_payment *q = w->stubs->payments[i];

		if (*bank && strcmp(bank, stub_name(q->bank)))
			continue;
		if (!strcmp(wish, "newest") || !strcmp(wish, q->order) || !strcmp(wish, q->token))
			p = q;
	}
	return p;
}

void stub_act(struct world *w, struct request *r)
{
	struct stub_payment *p = payment_wished(w, r->params);
	const char *act = js_str(r->params, "do", ""), *wrong;
	struct payment carried = {.order_id = ""};

	stubs_tick(w);
	if (!p) {
		reply_sim_error(w, r,
				"give \"bank\" and \"payment\" (a token, an order, or \"newest\"); there is none such");
		return;
	}
	wrong = stub_decide(w, p, act, js_str(r->params, "card", NULL), (int)js_int(r->params, "code", 51));
	if (wrong) {
		reply_sim_error(w, r, "%s (it is %s)", wrong, state_names[p->state]);
		return;
	}
	snprintf(carried.token, sizeof carried.token, "%.39s", p->token);
	snprintf(carried.order_id, sizeof carried.order_id, "%s", p->order);
	snprintf(carried.callback, sizeof carried.callback, "%s%s%s", p->callback, p->bank == STUB_ZARINPAL ? "?" : "",
		 p->bank == STUB_ZARINPAL ? stub_fields(w, r, p, act) : "");
	callback_post(w, &carried, stub_fields(w, r, p, act), stub_callbacks(act), r);
}

static json_t *payment_json(const struct stub_payment *p)
{
	return json_pack("{sssssssssIsssssI}", "bank", stub_name(p->bank), "order", p->order, "token", p->token, "ref",
			 p->ref, "amount", (json_int_t)p->amount, "state", state_names[p->state], "card", p->card,
			 "refunded", (json_int_t)p->refunded);
}

void stubs_state(const struct world *w, json_t *state)
{
	json_t *urls = json_object(), *list = json_array();

	for (int i = 0; i < STUB_BANKS; i++)
		json_object_set_new(urls, stubs[i].name, json_string(w->stub_urls[i]));
	for (size_t i = 0; i < w->stubs->n; i++)
		json_array_append_new(list, payment_json(w->stubs->payments[i]));
	json_object_set_new(state, "stubs", json_pack("{soso}", "urls", urls, "payments", list));
}

/* --- faults and answers --- */

bool stub_fault(struct world *w, struct request *r, enum stub_bank bank, const char *operation)
{
	struct fault f = fault_take(w, talloc_asprintf(r, "%s.%s", stub_name(bank), operation),
				    talloc_asprintf(r, "%s.*", stub_name(bank)), false);

	if (f.kind == FAULT_SOAP) {
		stub_soap_fault(w, r, "Internal error");
		return true;
	}
	if (f.kind == FAULT_HTML200) {
		static const char html[] = "<!doctype html><title>Maintenance</title><p>We are back soon.</p>";

		reply_bytes(w, r, 200, "text/html", html, sizeof html - 1);
		return true;
	}
	return reply_fault(w, r, &f);
}

static char *replaced(void *ctx, const char *text, const char *what, const char *by)
{
	char *out = talloc_strdup(ctx, "");

	for (const char *at; (at = strstr(text, what)); text = at + strlen(what))
		out = talloc_asprintf_append(out, "%.*s%s", (int)(at - text), text, by);
	return talloc_asprintf_append(out, "%s", text);
}

void stub_xml(struct world *w, struct request *r, unsigned status, const char *xml)
{
	enum { HUGE_BYTES = 10 << 20 };
	static const char bomb[] = "<!DOCTYPE x [<!ENTITY a \"0\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
	const char *body = xml;

	if (r->mangle == FAULT_BOMB)
		body = talloc_asprintf(r, "%s%s", bomb, replaced(r, xml, ">0<", ">&b;<"));
	if (r->mangle == FAULT_PREFIX)
		body = replaced(r, replaced(r, xml, "soap:", "SOAP-ENV:"), "xmlns:soap=", "xmlns:SOAP-ENV=");
	if (r->mangle == FAULT_BLANK)
		body = replaced(r, xml, ",", ", ");
	if (r->mangle == FAULT_HUGE)
		body = talloc_asprintf(r, "%s<!--%*s-->", xml, (int)HUGE_BYTES, "");
	reply_bytes(w, r, status, "text/xml; charset=utf-8", body, strlen(body));
}

void stub_soap_fault(struct world *w, struct request *r, const char *why)
{
	r->mangle = 0;
	stub_xml(w, r, 500,
		 talloc_asprintf(
			 r,
			 "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
			 "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>%s</faultstring></soap:Fault>"
			 "</soap:Body></soap:Envelope>",
			 why));
}
