/* Zarinpal's protocol as requests and verdicts: see gateway_zarinpal.h. */
#include "gateway_zarinpal.h"

#include "bank_code.h"
#include "js.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TIMEOUT_MS = 15000, MAX_ANSWER_BYTES = 262144, AUTHORITY_BYTES = 36, NO_CODE = -1000000 };

#define PAGE_MS (INT64_C(15) * 60000)
#define LOST_MS (INT64_C(35) * 60000)
#define REVERSE_MS (INT64_C(29) * 60000) /* 30 minutes from the payment */

struct zarinpal {
	struct gateway gateway;
	const char *url, *merchant_id;
	enum zarinpal_sweep sweep;
};

/* rails.md 3.1; the class steers what the rules below leave open. */
static const struct bank_code codes[] = {
	{100, CODE_OK, "", "done"},
	{101, CODE_OK, "", "verified before"},
	{-9, CODE_CONFIG, "our_fault", "validation error"},
	{-10, CODE_CONFIG, "our_fault", "wrong merchant or address"},
	{-11, CODE_CONFIG, "our_fault", "merchant inactive"},
	{-12, CODE_RETRY, "our_bank_off", "too many tries"},
	{-14, CODE_CONFIG, "our_fault", "callback domain"},
	{-15, CODE_CONFIG, "our_fault", "merchant suspended"},
	{-16, CODE_CONFIG, "our_fault", "merchant level"},
	{-40, CODE_CONFIG, "our_fault", "expire_in"},
	{-41, CODE_CONFIG, "our_fault", "amount above the maximum"},
	{-50, CODE_STATE, "not_paid", "the sum differs from what was paid"},
	{-51, CODE_PAYER, "not_paid", "the payment failed"},
	{-52, CODE_UNKNOWN, "our_bank_off", "unexpected error"},
	{-53, CODE_CONFIG, "our_fault", "not this merchant's payment"},
	{-54, CODE_STATE, "not_paid", "authority invalid"},
	{-55, CODE_STATE, "not_paid", "payment not found"},
	{-60, CODE_STATE, "", "cannot be reversed"},
	{-61, CODE_STATE, "", "not paid, or reversed before"},
	{-62, CODE_CONFIG, "", "our address is not registered"},
	{-63, CODE_STATE, "", "too late to reverse"},
};

/* --- the request --- */

static const char *path_of(const struct zarinpal *z, enum gateway_op op)
{
	switch ((int)op) {
	case GATEWAY_START:
		return "request";
	case GATEWAY_VERIFY:
		return "verify";
	case GATEWAY_REVERSE:
		return "reverse";
	case GATEWAY_REFUND_INQUIRY:
		return "inquiry";
	default: /* GATEWAY_INQUIRY: zarinpal_begin lets no other op through */
		return z->sweep == ZARINPAL_UNVERIFIED ? "unVerified" : "inquiry";
	}
}

static void put(json_t *o, const char *name, json_t *value)
{
	if (json_object_set_new(o, name, value) != 0)
		abort();
}

static void put_start(json_t *body, const struct gateway_call *call)
{
	json_t *meta = json_object();

	put(body, "amount", json_integer(call->amount_rial));
	put(body, "currency", json_string("IRR"));
	put(body, "callback_url", json_string(call->callback_url));
	put(body, "description", json_string(call->order_id));
	put(meta, "order_id", json_string(call->order_id));
	if (call->mobile[0])
		put(meta, "mobile", json_string(call->mobile));
	put(body, "metadata", meta);
}

static void make_request(void *self, void *ctx, const struct gateway_call *call, struct http_request *out)
{
	const struct zarinpal *z = self;
	json_t *body = js_own(ctx, json_object());
	bool sweeps = call->op == GATEWAY_INQUIRY && z->sweep == ZARINPAL_UNVERIFIED;
	const char *text;

	put(body, "merchant_id", json_string(z->merchant_id));
	if (call->op == GATEWAY_START)
		put_start(body, call);
	else if (!sweeps)
		put(body, "authority", json_string(call->token));
	if (call->op == GATEWAY_VERIFY)
		put(body, "amount", json_integer(call->amount_rial));
	text = js_text(ctx, body);
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/pg/v4/payment/%s.json", z->url, path_of(z, call->op)),
		.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
		.n_headers = 2,
		.body = text,
		.body_bytes = strlen(text),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* --- what came back --- */

static bool is_authority(const char *text)
{
	return strlen(text) == AUTHORITY_BYTES && (text[0] == 'A' || text[0] == 'S') &&
	       bank_only(text, AUTHORITY_BYTES, BANK_WORD_LETTERS);
}

/* "data" and "errors" swap: whichever says nothing is an empty list (rails.md 3.1). */
static int code_of(const json_t *answer)
{
	const json_t *data = json_object_get(answer, "data"), *errors = json_object_get(answer, "errors");

	if (json_is_object(data) && json_is_integer(json_object_get(data, "code")))
		return (int)js_int(data, "code", NO_CODE);
	return json_is_object(errors) ? (int)js_int(errors, "code", NO_CODE) : NO_CODE;
}

static void take_start(void *ctx, const struct zarinpal *z, const json_t *data, struct gateway_result *out)
{
	const char *authority = js_str(data, "authority", "");

	if (out->code != 100) {
		out->verdict = out->code == -12 ? GATEWAY_RETRY : GATEWAY_NO;
		return;
	}
	if (!is_authority(authority)) {
		out->reason = "no usable authority in the answer";
		return;
	}
	out->verdict = GATEWAY_YES;
	out->token = talloc_strdup(ctx, authority);
	out->pay_url = talloc_asprintf(ctx, "%s/pg/StartPay/%s", z->url, authority);
}

static void take_verify(void *ctx, const struct gateway_call *call, const struct bank_code *c, const json_t *data,
			struct gateway_result *out)
{
	if (out->code == 100 || out->code == 101) {
		out->verdict = GATEWAY_YES;
		out->verified = out->settled = true;
		out->amount_rial = call->amount_rial;
		out->ref = talloc_asprintf(ctx, "%lld", (long long)js_int(data, "ref_id", 0));
		out->card_mask = bank_card_mask(ctx, js_str(data, "card_pan", ""));
		if (bank_only(js_str(data, "card_hash", ""), 128, BANK_WORD_LETTERS))
			out->card_hash = talloc_strdup(ctx, js_str(data, "card_hash", ""));
	} else if (out->code == -51 || out->code == -54 || out->code == -55) {
		out->verdict = GATEWAY_NO;
	} else if (c && (c->class == CODE_CONFIG || c->class == CODE_RETRY)) {
		out->verdict = GATEWAY_RETRY;
	}
}

static void take_inquiry(const json_t *data, struct gateway_result *out)
{
	static const struct {
		const char *status;
		enum gateway_verdict verdict;
		bool verified, reversed;
	} states[] = {{"PAID", GATEWAY_YES, false, false},
		      {"VERIFIED", GATEWAY_YES, true, false},
		      {"IN_BANK", GATEWAY_WAITING, false, false},
		      {"FAILED", GATEWAY_WAITING, false, false}, /* another try on the same page may still come */
		      {"REVERSED", GATEWAY_NO, false, true}};
	const char *status = js_str(data, "status", "");

	out->verdict = out->code == -54 || out->code == -55 ? GATEWAY_WAITING : GATEWAY_RETRY;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (!strcmp(states[i].status, status)) {
			out->verdict = states[i].verdict;
			out->verified = out->settled = states[i].verified;
			out->reversed = states[i].reversed;
		}
}

/* The list of what was paid and not verified: ours is among them, or not paid (yet). */
static void take_sweep(const struct gateway_call *call, const json_t *data, struct gateway_result *out)
{
	const json_t *list = json_object_get(data, "authorities"), *one;
	size_t i;

	if (out->code != 100)
		return;
	out->verdict = GATEWAY_WAITING;
	json_array_foreach(list, i, one)
	{
		if (!strcmp(js_str(one, "authority", ""), call->token))
			out->verdict = GATEWAY_YES;
	}
}

/* The documents do not say what a second reverse of the same payment is answered, and -61 may be that: so whatever is
 * refused is looked up. */
static void take_reverse(struct gateway_result *out)
{
	if (out->code == 100)
		out->verdict = GATEWAY_YES;
	else if (out->code <= -60 && out->code >= -63)
		out->look = true;
	if (out->look || out->code == -54 || out->code == -55)
		out->verdict = GATEWAY_NO;
}

/* Whether a payment of ours was undone. */
static void take_reversal_state(const json_t *data, struct gateway_result *out)
{
	const char *status = js_str(data, "status", "");

	out->verdict = GATEWAY_RETRY;
	if (!strcmp(status, "REVERSED"))
		out->verdict = GATEWAY_YES;
	else if (!strcmp(status, "VERIFIED") || !strcmp(status, "PAID"))
		out->verdict = GATEWAY_NO;
}

static void take_answer(void *ctx, const struct zarinpal *z, const struct gateway_call *call, const json_t *answer,
			struct gateway_result *out)
{
	const json_t *data = json_object_get(answer, "data");
	const struct bank_code *c;

	out->code = code_of(answer);
	c = bank_code_find(codes, sizeof codes / sizeof *codes, out->code);
	out->reason = c ? c->meaning : "a code that the list does not have";
	out->said = c ? c->said : "";
	if (out->code == NO_CODE) {
		out->code = -1;
		out->reason = "no code in the answer";
		return;
	}
	if (call->op == GATEWAY_START)
		take_start(ctx, z, data, out);
	else if (call->op == GATEWAY_VERIFY)
		take_verify(ctx, call, c, data, out);
	else if (call->op == GATEWAY_REVERSE)
		take_reverse(out);
	else if (call->op == GATEWAY_REFUND_INQUIRY)
		take_reversal_state(data, out);
	else if (z->sweep == ZARINPAL_UNVERIFIED)
		take_sweep(call, data, out);
	else
		take_inquiry(data, out);
}

static void read_result(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
			struct gateway_result *out)
{
	const json_t *answer;

	*out = bank_nothing_known();
	out->verdict = bank_unread(call->op);
	out->said = "our_bank_off";
	if (a->result == HTTP_UNSENT) {
		out->verdict = GATEWAY_RETRY;
		out->reason = "not sent";
		return;
	}
	if (a->result != HTTP_ANSWERED || a->status >= 500) {
		out->reason = a->result == HTTP_ANSWERED ? "an HTTP status and no answer" : "no whole answer";
		return;
	}
	answer = js_parse(ctx, a->body, a->body_bytes); /* a refusal comes with a 4xx status and its code */
	if (json_is_object(answer))
		take_answer(ctx, self, call, answer, out);
	else
		out->reason = "the answer is no JSON object";
}

/* --- the buyer's way there and back --- */

static void make_redirect(void *self, void *ctx, const struct gateway_call *call, const char *pay_url,
			  struct gateway_redirect *out)
{
	const struct zarinpal *z = self;

	(void)pay_url;
	*out = (struct gateway_redirect){.url = talloc_asprintf(ctx, "%s/pg/StartPay/%s", z->url, call->token)};
}

static bool read_return(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out)
{
	const char *authority = bank_field(in, "Authority"), *status = bank_field(in, "Status");

	(void)self;
	if (!is_authority(authority) || (strcmp(status, "OK") && strcmp(status, "NOK")))
		return false;
	*out = (struct gateway_return){.order_id = "",
				       .token = talloc_strdup(ctx, authority),
				       .ref = "",
				       .card_mask = "",
				       .card_hash = "",
				       .says_paid = !strcmp(status, "OK"),
				       .code = -1,
				       .said = strcmp(status, "OK") ? "not_paid" : ""};
	return true;
}

struct gateway *gateway_zarinpal(void *ctx, const struct gateway_zarinpal_options *o)
{
	struct zarinpal *z = talloc_zero(ctx, struct zarinpal);

	if (!z)
		abort();
	z->url = bank_base_url(z, o->url);
	z->merchant_id = talloc_strdup(z, o->merchant_id);
	z->sweep = o->sweep;
	z->gateway = (struct gateway){
		.self = z,
		.name = "zarinpal",
		.ops = GATEWAY_CAN(GATEWAY_START) | GATEWAY_CAN(GATEWAY_VERIFY) | GATEWAY_CAN(GATEWAY_INQUIRY) |
		       GATEWAY_CAN(GATEWAY_REVERSE) | GATEWAY_CAN(GATEWAY_REFUND_INQUIRY),
		.finds_lost = true,
		.page_ms = PAGE_MS,
		.lost_ms = LOST_MS,
		.reverse_ms = REVERSE_MS,
		.request = make_request,
		.result = read_result,
		.redirect = make_redirect,
		.returned = read_return,
	};
	return &z->gateway;
}
