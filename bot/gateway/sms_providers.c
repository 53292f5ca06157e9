/* Kavenegar and sms.ir as requests and verdicts: see sms_providers.h. */
#include "sms_providers.h"

#include "bank_code.h"
#include "buf.h"
#include "js.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TIMEOUT_MS = 15000, MAX_ANSWER_BYTES = 65536, MAX_FORM_BYTES = 2048 };

struct provider {
	struct sms_provider port;
	const struct sms_options *o;
	const char *url;
};

static struct sms_result nothing_known(void)
{
	return (struct sms_result){.verdict = SMS_UNKNOWN, .message_id = "", .code = -1, .reason = "no whole answer"};
}

static const char *number_text(void *ctx, int64_t n)
{
	return n > 0 ? talloc_asprintf(ctx, "%" PRId64, n) : "";
}

/* --- Kavenegar: verify/lookup, by form --- */

/* Tokens are digits and Latin letters by the rules of whoever fills them; anything else is left out. */
static void put_token(struct buf *b, const char *name, const char *token)
{
	if (bank_only(token, 100, BANK_WORD_LETTERS))
		buf_printf(b, "&%s=%s", name, token);
}

static void kavenegar_send(void *self, void *ctx, const struct sms_call *call, struct http_request *out)
{
	const struct provider *p = self;
	struct buf *b = buf_new(ctx, MAX_FORM_BYTES);

	buf_printf(b, "receptor=%s&template=%s-%s", call->mobile, p->o->kavenegar_template, call->event);
	put_token(b, "token", call->tokens[0]);
	put_token(b, "token2", call->tokens[1]);
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/v1/%s/verify/lookup.json", p->url, p->o->kavenegar_key),
		.headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
		.n_headers = 1,
		.body = b->data,
		.body_bytes = b->len,
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* return.status of rails.md 7.1, which HTTP's repeats. */
static enum sms_verdict kavenegar_verdict(int code)
{
	static const int later[] = {409, 451}, never[] = {411},
			 ours[] = {400, 401, 403, 404, 405, 406, 407, 418, 420, 422, 424, 426, 428, 429, 431, 432, 501};

	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		if (later[i] == code)
			return SMS_RETRY;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (never[i] == code)
			return SMS_REFUSED;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (ours[i] == code)
			return SMS_OFF;
	return code == 200 ? SMS_TAKEN : SMS_UNKNOWN;
}

static const json_t *first_entry(const json_t *answer)
{
	return json_array_get(json_object_get(answer, "entries"), 0);
}

static void kavenegar_sent(void *self, void *ctx, const struct http_answer *a, struct sms_result *out)
{
	const json_t *answer, *entry;

	(void)self;
	*out = nothing_known();
	if (a->result == HTTP_UNSENT)
		out->verdict = SMS_RETRY;
	if (a->result != HTTP_ANSWERED)
		return;
	answer = js_parse(ctx, a->body, a->body_bytes);
	out->code = (int)js_int(json_object_get(answer, "return"), "status", a->status / 100 == 4 ? a->status : -1);
	out->verdict = kavenegar_verdict(out->code);
	out->reason = out->verdict == SMS_TAKEN ? "taken" : "refused";
	entry = first_entry(answer);
	if (out->verdict == SMS_TAKEN && entry) {
		out->message_id = number_text(ctx, js_int(entry, "messageid", 0));
		out->cost_rial = js_int(entry, "cost", 0);
	}
}

static void kavenegar_ask(void *self, void *ctx, const char *message_id, struct http_request *out)
{
	const struct provider *p = self;

	*out = (struct http_request){
		.method = "GET",
		.url = talloc_asprintf(ctx, "%s/v1/%s/sms/status.json?messageid=%s", p->url, p->o->kavenegar_key,
				       message_id),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

static enum sms_delivery kavenegar_told(void *self, void *ctx, const struct http_answer *a)
{
	(void)self;
	if (a->result != HTTP_ANSWERED)
		return SMS_ON_ITS_WAY;
	switch (js_int(first_entry(js_parse(ctx, a->body, a->body_bytes)), "status", 0)) {
	case 10:
		return SMS_DELIVERED;
	case 6:
	case 11:
	case 13:
	case 14:
		return SMS_FAILED;
	case 100:
		return SMS_NOBODY_KNOWS;
	default: /* queued, sent, or no answer to read */
		return SMS_ON_ITS_WAY;
	}
}

/* --- sms.ir: send/verify, by JSON --- */

/* "paid:123456" of the list; 0 when the event has none. */
static int64_t template_of(const struct sms_options *o, const char *event)
{
	size_t n = strlen(event);

	for (size_t i = 0; i < o->smsir_n_templates; i++)
		if (!strncmp(o->smsir_templates[i], event, n) && o->smsir_templates[i][n] == ':')
			return strtoll(o->smsir_templates[i] + n + 1, NULL, 10);
	return 0;
}

static void smsir_send(void *self, void *ctx, const struct sms_call *call, struct http_request *out)
{
	static const char *const names[SMS_TOKENS] = {"TOKEN", "TOKEN2"};
	const struct provider *p = self;
	json_t *body = js_own(ctx, json_object()), *list = json_array();
	const char *text;

	for (size_t i = 0; i < SMS_TOKENS; i++)
		if (call->tokens[i][0])
			json_array_append_new(list, json_pack("{ssss}", "name", names[i], "value", call->tokens[i]));
	json_object_set_new(body, "mobile", json_string(call->mobile));
	json_object_set_new(body, "templateId", json_integer(template_of(p->o, call->event)));
	json_object_set_new(body, "parameters", list);
	text = js_text(ctx, body);
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/v1/send/verify", p->url),
		.headers = {{"Content-Type", "application/json"},
			    {"Accept", "application/json"},
			    {"X-API-KEY", p->o->smsir_key}},
		.n_headers = 3,
		.body = text,
		.body_bytes = strlen(text),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* status of rails.md 7.2. */
static enum sms_verdict smsir_verdict(int status, int http)
{
	if (status == 1)
		return SMS_TAKEN;
	if (status == 20 || http == 429)
		return SMS_RETRY;
	if (status == 115)
		return SMS_REFUSED;
	return status >= 10 || http == 401 ? SMS_OFF : SMS_UNKNOWN;
}

static void smsir_sent(void *self, void *ctx, const struct http_answer *a, struct sms_result *out)
{
	const json_t *answer, *data;

	(void)self;
	*out = nothing_known();
	if (a->result == HTTP_UNSENT)
		out->verdict = SMS_RETRY;
	if (a->result != HTTP_ANSWERED)
		return;
	answer = js_parse(ctx, a->body, a->body_bytes);
	out->code = (int)js_int(answer, "status", -1);
	out->verdict = smsir_verdict(out->code, a->status);
	out->reason = out->verdict == SMS_TAKEN ? "taken" : "refused";
	data = json_object_get(answer, "data");
	if (out->verdict == SMS_TAKEN) {
		out->message_id = number_text(ctx, js_int(data, "messageId", 0));
		out->cost_rial = js_int(data, "cost", 0);
	}
}

static void smsir_ask(void *self, void *ctx, const char *message_id, struct http_request *out)
{
	const struct provider *p = self;

	*out = (struct http_request){
		.method = "GET",
		.url = talloc_asprintf(ctx, "%s/v1/send/%s", p->url, message_id),
		.headers = {{"X-API-KEY", p->o->smsir_key}},
		.n_headers = 1,
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

static enum sms_delivery smsir_told(void *self, void *ctx, const struct http_answer *a)
{
	(void)self;
	if (a->result != HTTP_ANSWERED)
		return SMS_ON_ITS_WAY;
	switch (js_int(json_object_get(js_parse(ctx, a->body, a->body_bytes), "data"), "deliveryState", 0)) {
	case 1:
		return SMS_DELIVERED;
	case 2:
	case 4:
	case 6:
	case 7:
		return SMS_FAILED;
	case 8:
		return SMS_NOBODY_KNOWS;
	default: /* queued, sent, or no answer to read */
		return SMS_ON_ITS_WAY;
	}
}

/* --- the registry --- */

struct sms_provider *sms_provider_open(void *ctx, const char *name, const struct sms_options *o, struct err *e)
{
	struct provider *p = talloc_zero(ctx, struct provider);
	bool kavenegar = !strcmp(name, "kavenegar");

	if (!p)
		abort();
	p->o = o;
	if (!kavenegar && strcmp(name, "smsir")) {
		err_set(e, "sms.providers: there is none named \"%.40s\"; there are kavenegar and smsir", name);
		return NULL;
	}
	if (!(kavenegar ? o->kavenegar_key : o->smsir_key)[0]) {
		err_set(e, "sms.providers: %s needs its key in [%s]", name, name);
		return NULL;
	}
	p->url = bank_base_url(p, kavenegar ? o->kavenegar_url : o->smsir_url);
	p->port = kavenegar ? (struct sms_provider){p,
						    "kavenegar",
						    kavenegar_send,
						    kavenegar_sent,
						    kavenegar_ask,
						    kavenegar_told}
			    : (struct sms_provider){p, "smsir", smsir_send, smsir_sent, smsir_ask, smsir_told};
	return &p->port;
}
