/* The envelope of Bot API calls: see telegram_api.h. */
#include "telegram_api.h"

#include "js.h"
#include "log.h"
#include "telegram_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

void telegram_hide_token(const struct telegram_options *o)
{
	log_hide(o->token);
}

void telegram_request(void *ctx, const struct telegram_options *o, const char *method, const char *json_body,
		      struct http_request *out)
{
	char *url = talloc_asprintf(ctx, "%s/bot%s/%s", o->api_base, o->token, method);

	if (!url)
		abort();
	*out = (struct http_request){
		.method = "POST",
		.url = url,
		.timeout_ms = TELEGRAM_CALL_TIMEOUT_MS,
		.max_answer = TELEGRAM_MAX_ANSWER,
		.proxied = true,
	};
	if (!json_body)
		return;
	out->headers[out->n_headers++] = (struct http_header){"Content-Type", "application/json"};
	out->body = json_body;
	out->body_bytes = strlen(json_body);
}

static int64_t capped_wait(int64_t s)
{
	if (s < 0)
		return -1;
	return s > TELEGRAM_LONGEST_WAIT_S ? TELEGRAM_LONGEST_WAIT_S : s;
}

void telegram_reply_read(void *ctx, const struct http_answer *a, struct telegram_reply *out)
{
	const json_t *j;

	*out = (struct telegram_reply){.description = "", .retry_after_s = -1};
	if (a->result != HTTP_ANSWERED)
		return;
	out->code = a->status;
	out->retry_after_s = capped_wait(a->retry_after_s);
	j = telegram_parse(ctx, (struct span){a->body, a->body_bytes});
	if (!json_is_boolean(js_at(j, "ok")))
		return;
	out->understood = true;
	out->ok = js_bool(j, "ok", false);
	if (out->ok) {
		out->result = js_at(j, "result");
		return;
	}
	out->code = (int)js_int(j, "error_code", a->status);
	out->description = js_str(j, "description", "");
	out->retry_after_s = capped_wait(js_int(j, "parameters.retry_after", out->retry_after_s));
	out->migrate_to = js_int(j, "parameters.migrate_to_chat_id", 0);
}

bool telegram_says(const struct telegram_reply *r, const char *words)
{
	return strcasestr(r->description, words) != NULL;
}

static const char *shape_of_trouble(const struct telegram_reply *r, const struct http_answer *a)
{
	if (a->result != HTTP_ANSWERED)
		return a->trouble && *a->trouble ? a->trouble : "no answer";
	if (r->understood)
		return *r->description ? r->description : "no description";
	return a->body_bytes ? "the answer is no Bot API envelope" : "the answer is empty";
}

const char *telegram_reason(void *ctx, const struct telegram_reply *r, const struct http_answer *a)
{
	const char *what = shape_of_trouble(r, a);
	char *line = r->code ? talloc_asprintf(ctx, "%d %s", r->code, what) : talloc_strdup(ctx, what);

	if (!line)
		abort();
	log_mask(line);
	return line;
}

void telegram_call_outcome(void *ctx, const struct telegram_reply *r, const struct http_answer *a,
			   struct send_outcome *out)
{
	*out = (struct send_outcome){.verdict = SEND_DONE, .reason = ""};
	if (r->ok)
		return;
	out->reason = telegram_reason(ctx, r, a);
	if (r->code == 429 || r->code == 420) { /* 420 is Bale's */
		out->verdict = SEND_SLOW_DOWN;
		out->retry_ms = (r->retry_after_s > 0 ? r->retry_after_s : 1) * 1000;
	} else if (!r->understood || r->code >= 500) {
		out->verdict = SEND_RETRY;
	} else if (r->code == 401 || r->code == 404) {
		out->verdict = SEND_FATAL;
	} else {
		out->verdict = SEND_REFUSED;
	}
}

static int64_t area(const json_t *size)
{
	int64_t w = js_int(size, "width", 0), h = js_int(size, "height", 0);
	int64_t product;

	if (w < 0 || h < 0 || __builtin_mul_overflow(w, h, &product))
		return 0;
	return product;
}

const json_t *telegram_largest_photo(const json_t *sizes)
{
	const json_t *best = NULL, *size;
	size_t i;

	json_array_foreach(sizes, i, size)
	{
		if (js_str(size, "file_id", NULL) && (!best || area(size) >= area(best)))
			best = size;
	}
	return best;
}
