/* Vandar's checks as requests and verdicts: see identity_vandar.h. */
#include "identity_vandar.h"

#include "bank_code.h"
#include "gateway_vandar.h"
#include "js.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TIMEOUT_MS = 15000, MAX_ANSWER_BYTES = 65536, OWNER_BYTES = 120 };

struct identity {
	struct identity_provider provider;
	const char *url, *business;
	const struct gateway *vandar;
};

static void put(json_t *o, const char *name, const char *value)
{
	if (json_object_set_new(o, name, json_string(value)) != 0)
		abort();
}

static void make_request(void *self, void *ctx, const struct identity_call *call, struct http_request *out)
{
	const struct identity *v = self;
	bool mobile = call->question == IDENTITY_MOBILE;
	json_t *body = js_own(ctx, json_object());

	put(body, "national_code", call->national_id);
	put(body, mobile ? "mobile" : "iban", mobile ? call->mobile : call->iban);
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/v3/business/%s/customers/inquiry/%s", v->url, v->business,
				       mobile ? "shahkar" : "match-national-code-iban"),
		.headers = {{"Authorization", talloc_asprintf(ctx, "Bearer %s", gateway_vandar_token(v->vandar))},
			    {"Accept", "application/json"},
			    {"Content-Type", "application/json"}},
		.n_headers = 3,
		.body = js_text(ctx, body),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
	out->body_bytes = strlen(out->body);
}

/* The first of the known names that holds a yes or a no. */
static const json_t *find_match(const json_t *data)
{
	static const char *const names[] = {"match", "matched", "is_match", "isMatched", "result"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (json_is_boolean(json_object_get(data, names[i])))
			return json_object_get(data, names[i]);
	return NULL;
}

static void read_result(void *self, void *ctx, const struct identity_call *call, const struct http_answer *a,
			struct identity_result *out)
{
	const json_t *data, *match;

	(void)self;
	(void)call;
	*out = (struct identity_result){.verdict = IDENTITY_RETRY, .owner = "", .code = -1, .reason = "no answer"};
	if (a->result != HTTP_ANSWERED)
		return;
	out->code = a->status;
	out->reason = "refused";
	if (a->status == 403 || a->status == 410)
		out->verdict = IDENTITY_OFF;
	if (a->status != 200)
		return;
	data = json_object_get(js_parse(ctx, a->body, a->body_bytes), "data");
	match = find_match(data);
	if (!match) {
		out->reason = "no yes and no no in the answer";
		return;
	}
	out->verdict = json_is_true(match) ? IDENTITY_MATCH : IDENTITY_OTHER;
	out->reason = json_is_true(match) ? "match" : "no match";
	if (strlen(js_str(data, "owner", "")) <= OWNER_BYTES)
		out->owner = talloc_strdup(ctx, js_str(data, "owner", ""));
}

struct identity_provider *identity_vandar(void *ctx, const char *url, const char *business, const void *vandar)
{
	struct identity *v = talloc_zero(ctx, struct identity);

	if (!v)
		abort();
	v->url = bank_base_url(v, url);
	v->business = talloc_strdup(v, business);
	v->vandar = vandar;
	v->provider =
		(struct identity_provider){.self = v, .name = "vandar", .request = make_request, .result = read_result};
	return &v->provider;
}
