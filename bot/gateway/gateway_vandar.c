/* Vandar's protocol as requests and verdicts: see gateway_vandar.h. */
#include "gateway_vandar.h"

#include "bank_code.h"
#include "js.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum {
	TIMEOUT_MS = 20000,
	MAX_ANSWER_BYTES = 262144,
	MAX_TRACK_DIGITS = 20,
	MAX_TOKEN_BYTES = 4096,
	RIAL_A_TOMAN = 10,
	GAP_MS = 110, /* 30 POSTs in 3 s */
	LEAST_RIAL = 50000 /* of a settlement (rails.md 3.3) */
};

struct vandar {
	struct gateway gateway;
	const char *url, *business, *type;
	bool instant;
	char *token;
};

/* --- the request --- */

static void put(json_t *o, const char *name, json_t *value)
{
	if (json_object_set_new(o, name, value) != 0)
		abort();
}

static const char *payout_body(void *ctx, const struct vandar *v, const struct gateway_call *call)
{
	json_t *body = js_own(ctx, json_object());

	/* Sums of ours are whole toman (money.h, rial_floor_toman). */
	put(body, "amount", json_integer(call->amount_rial / RIAL_A_TOMAN));
	put(body, "iban", json_string(call->iban));
	put(body, "track_id", json_string(call->track_id));
	put(body, "payment_number", json_string(call->track_id));
	put(body, "is_instant", json_boolean(v->instant));
	put(body, "type", json_string(v->type));
	put(body, "description", json_string("Separex"));
	if (call->callback_url[0])
		put(body, "notify_url", json_string(call->callback_url));
	return js_text(ctx, body);
}

static void make_request(void *self, void *ctx, const struct gateway_call *call, struct http_request *out)
{
	const struct vandar *v = self;
	bool sends = call->op == GATEWAY_PAYOUT;

	*out = (struct http_request){
		.method = sends ? "POST" : "GET",
		.url = sends ? talloc_asprintf(ctx, "%s/v3/business/%s/settlement/store", v->url, v->business)
			     : talloc_asprintf(ctx, "%s/v4/business/%s/settlement/%s", v->url, v->business,
					       call->track_id),
		.headers = {{"Authorization", talloc_asprintf(ctx, "Bearer %s", v->token)},
			    {"Accept", "application/json"},
			    {"Content-Type", "application/json"}},
		.n_headers = sends ? 3 : 2,
		.body = sends ? payout_body(ctx, v, call) : NULL,
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
	out->body_bytes = out->body ? strlen(out->body) : 0;
}

/* --- what came back --- */

/* How many of the transfers stand how, and their sum in rial. */
struct tally {
	size_t n, done, failed;
	int64_t rial;
};

/* "settlement" is a list of one or more; an inquiry may answer with the one alone. */
static struct tally count(const json_t *answer)
{
	const json_t *list = json_object_get(json_object_get(answer, "data"), "settlement"), *one;
	struct tally t = {0};
	json_t *alone = json_is_object(list) ? json_pack("[O]", list) : NULL;
	size_t i;

	json_array_foreach(alone ? alone : list, i, one)
	{
		const char *status = js_str(one, "status", "");

		t.n++;
		t.done += !strcmp(status, "DONE");
		t.failed += !strcmp(status, "FAILED") || !strcmp(status, "CANCELED");
		t.rial += js_int(one, "amount", 0);
	}
	json_decref(alone);
	return t;
}

static void take_settlement(const struct gateway_call *call, const json_t *answer, struct gateway_result *out)
{
	struct tally t = count(answer);

	if (!t.n) {
		out->reason = "no settlement in the answer";
		return;
	}
	if (t.rial != call->amount_rial || (t.failed && t.failed < t.n)) {
		out->verdict = GATEWAY_NO;
		out->clash = true;
		out->reason = t.rial != call->amount_rial ? "another sum than ours" : "a part of it failed";
	} else if (t.failed) {
		out->verdict = GATEWAY_NO;
		out->reason = "failed";
	} else {
		/* What was only just stored is never the end of it. */
		out->verdict = t.done == t.n && call->op == GATEWAY_PAYOUT_INQUIRY ? GATEWAY_YES : GATEWAY_WAITING;
		out->reason = out->verdict == GATEWAY_YES ? "done" : "on its way";
	}
}

/* A refusal that names the account is final; one that names the number is to be looked up; any other is ours to mend.
 */
static void take_refusal(const struct gateway_call *call, const json_t *answer, struct gateway_result *out)
{
	const json_t *errors = json_object_get(answer, "errors");

	out->verdict = GATEWAY_RETRY;
	out->reason = "refused";
	if (call->op != GATEWAY_PAYOUT)
		return;
	if (json_object_get(errors, "iban")) {
		out->verdict = GATEWAY_NO;
		out->reason = "the account is refused";
	} else if (json_object_get(errors, "track_id")) {
		out->verdict = GATEWAY_UNKNOWN;
		out->reason = "the track id is known";
	}
}

static void take_status(const struct gateway_call *call, const struct http_answer *a, const json_t *answer,
			struct gateway_result *out)
{
	out->code = a->status;
	switch (a->status) {
	case 200:
		take_settlement(call, answer, out);
		return;
	case 404:
		out->reason = "unheard of";
		out->verdict = call->op == GATEWAY_PAYOUT_INQUIRY ? GATEWAY_NO : GATEWAY_RETRY;
		out->unheard = call->op == GATEWAY_PAYOUT_INQUIRY;
		return;
	case 422:
		take_refusal(call, answer, out);
		return;
	case 401:
	case 403:
	case 410:
	case 429: /* nothing was done: ours to mend, or later */
		out->verdict = GATEWAY_RETRY;
		out->reason = a->status == 401 ? "the access token has run out" : "refused";
		return;
	default: /* any other status: whether it was done is not known */
		out->reason = "an HTTP status and no answer";
	}
}

static void read_result(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
			struct gateway_result *out)
{
	const json_t *answer;

	(void)self;
	*out = bank_nothing_known();
	out->verdict = bank_unread(call->op);
	if (a->result == HTTP_UNSENT) {
		out->verdict = GATEWAY_RETRY;
		out->reason = "not sent";
		return;
	}
	if (a->result != HTTP_ANSWERED) {
		out->reason = "no whole answer";
		return;
	}
	answer = js_parse(ctx, a->body, a->body_bytes);
	if (a->status == 200 && !json_is_object(answer))
		out->reason = "the answer is no JSON object";
	else
		take_status(call, a, answer, out);
}

/* --- tokens and the webhook --- */

void gateway_vandar_set_token(struct gateway *vandar, const char *access_token)
{
	struct vandar *v = vandar->self;

	talloc_free(v->token);
	v->token = talloc_strdup(v, access_token);
}

const char *gateway_vandar_token(const struct gateway *vandar)
{
	const struct vandar *v = vandar->self;

	return v->token;
}

void vandar_renew_request(void *ctx, const char *url, const char *refresh_token, struct http_request *out)
{
	json_t *body = js_own(ctx, json_object());

	put(body, "refreshtoken", json_string(refresh_token));
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/v3/refreshtoken", bank_base_url(ctx, url)),
		.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
		.n_headers = 2,
		.body = js_text(ctx, body),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
	out->body_bytes = strlen(out->body);
}

static bool is_token(const char *text)
{
	return bank_only(text, MAX_TOKEN_BYTES, BANK_WORD_LETTERS "._~+/=|");
}

bool vandar_renew_result(void *ctx, const struct http_answer *a, const char **access, const char **refresh)
{
	const json_t *answer;

	if (a->result != HTTP_ANSWERED || a->status != 200)
		return false;
	answer = js_parse(ctx, a->body, a->body_bytes);
	*access = js_str(answer, "access_token", "");
	*refresh = js_str(answer, "refresh_token", "");
	return is_token(*access) && is_token(*refresh);
}

/* The notice is signed by nobody, so only the number that we gave is taken from it (rails.md 3.3). */
static const char *read_notice(void *self, void *ctx, const struct http_inbound *in)
{
	const char *number = bank_field(in, "payment_number");

	(void)self;
	return bank_only(number, MAX_TRACK_DIGITS, BANK_DIGITS) ? talloc_strdup(ctx, number) : NULL;
}

struct gateway *gateway_vandar(void *ctx, const struct gateway_vandar_options *o)
{
	struct vandar *v = talloc_zero(ctx, struct vandar);

	if (!v)
		abort();
	v->url = bank_base_url(v, o->url);
	v->business = talloc_strdup(v, o->business);
	v->type = talloc_strdup(v, o->type);
	v->instant = o->instant;
	v->token = talloc_strdup(v, "");
	v->gateway = (struct gateway){
		.self = v,
		.name = "vandar",
		.ops = GATEWAY_CAN(GATEWAY_PAYOUT) | GATEWAY_CAN(GATEWAY_PAYOUT_INQUIRY),
		.request = make_request,
		.result = read_result,
		.notified = read_notice,
		.least_rial = LEAST_RIAL,
		.gap_ms = GAP_MS,
	};
	return &v->gateway;
}
