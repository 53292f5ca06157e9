/* Zarinpal v4 as rails.md 3.1 describes it: JSON, with "data" and "errors" that swap their type. */
#include "stub.h"

#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static json_t *data(json_t *fields)
{
	return json_pack("{soso}", "data", fields, "errors", json_array());
}

static json_t *error(int code)
{
	return json_pack("{sos{sisssi}}", "data", json_array(), "errors", "code", code, "message", "refused",
			 "validations", 0);
}

static json_t *ask_page(struct world *w, struct request *r)
{
	int64_t amount = js_int(r->params, "amount", 0);
	static int64_t number;
	const char *order = js_str(json_object_get(r->params, "metadata"), "order_id", NULL);
	struct stub_payment *p;

	if (strcmp(js_str(r->params, "currency", "IRR"), "IRR") || amount < 1000)
		return error(-9);
	if (amount > 500000000)
		return error(-41);
	p = stub_open(w, STUB_ZARINPAL, order ? order : talloc_asprintf(r, "z%lld", (long long)++number), amount,
		      js_str(r->params, "callback_url", ""));
	if (!p)
		return error(-9);
	return data(json_pack("{sissssssso}", "code", 100, "message", "Success", "authority", p->token, "fee_type",
			      "Merchant", "fee", json_integer(5000)));
}

static json_t *verify(struct world *w, struct stub_payment *p, const json_t *in)
{
	bool again = p && (p->state == STUB_VERIFIED || p->state == STUB_SETTLED);
	char mask[20];

	if (!p)
		return error(-54);
	if (js_int(in, "amount", 0) != p->amount)
		return error(-50);
	if (p->state != STUB_SOLD && !again)
		return error(-51);
	if (!again) {
		p->state = STUB_VERIFIED;
		p->verified_ms = world_now_ms(w);
		world_changed(w);
	}
	snprintf(mask, sizeof mask, "%.6s******%s", p->card, p->card + 12);
	return data(json_pack("{sisssosssssi}", "code", again ? 101 : 100, "message", "Paid", "ref_id",
			      json_integer(strtoll(p->ref, NULL, 10)), "card_pan", mask, "card_hash", p->card + 8,
			      "fee", 5000));
}

static json_t *inquiry(const struct stub_payment *p)
{
	static const char *const says[] = {"IN_BANK", "PAID", "VERIFIED", "VERIFIED", "REVERSED", "FAILED"};

	if (!p)
		return error(-54);
	return data(json_pack("{sssiss}", "status", says[p->state], "code", 100, "message", "Success"));
}

static json_t *unverified(struct world *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->stubs->n; i++)
		if (w->stubs->payments[i]->bank == STUB_ZARINPAL && w->stubs->payments[i]->state == STUB_SOLD)
			json_array_append_new(list, json_pack("{sssI}", "authority", w->stubs->payments[i]->token,
							      "amount", (json_int_t)w->stubs->payments[i]->amount));
	return data(json_pack("{sisssso}", "code", 100, "message", "Success", "authorities", list));
}

static json_t *reverse(struct world *w, struct stub_payment *p)
{
	if (!p)
		return error(-54);
	if (p->state != STUB_VERIFIED && p->state != STUB_SETTLED)
		return error(-61);
	if (world_now_ms(w) - p->sold_ms > 30 * MINUTE_MS)
		return error(-63);
	p->state = STUB_REVERSED;
	return data(json_pack("{siss}", "code", 100, "message", "Reversed"));
}

static json_t *answer(struct world *w, struct request *r, const char *operation)
{
	struct stub_payment *p = stub_by_token(w, STUB_ZARINPAL, js_str(r->params, "authority", ""));

	if (!r->typed || strlen(js_str(r->params, "merchant_id", "")) != 36)
		return error(-10);
	if (!strcmp(operation, "request"))
		return ask_page(w, r);
	if (!strcmp(operation, "verify"))
		return verify(w, p, r->params);
	if (!strcmp(operation, "inquiry"))
		return inquiry(p);
	if (!strcmp(operation, "unVerified"))
		return unverified(w);
	return reverse(w, p);
}

void stub_zarinpal_serve(struct world *w, struct request *r)
{
	static const char *const operations[] = {"request", "verify", "inquiry", "unVerified", "reverse"};

	if (!strncmp(r->path, "/pg/StartPay/", 13)) {
		stub_page(w, r, stub_by_token(w, STUB_ZARINPAL, r->path + 13));
		return;
	}
	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
		json_t *j;

		if (strcmp(r->path, talloc_asprintf(r, "/pg/v4/payment/%s.json", operations[i])))
			continue;
		if (stub_fault(w, r, STUB_ZARINPAL, operations[i]))
			return;
		j = answer(w, r, operations[i]);
		reply_json(w, r, json_is_object(json_object_get(j, "data")) ? 200 : 422, j);
		return;
	}
	reply_bytes(w, r, 404, "text/plain", "not found\n", 10);
}
