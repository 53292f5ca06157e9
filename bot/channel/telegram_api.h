/* What every call to a Bot API server shares: the address, the request's shape, and reading the answer's envelope. */
#ifndef SEPAREX_TELEGRAM_API_H
#define SEPAREX_TELEGRAM_API_H

#include "channel.h"
#include "http.h"
#include <jansson.h>
#include <stdint.h>

enum {
	TELEGRAM_CALL_TIMEOUT_MS = 30 * 1000, /* queueing included */
	TELEGRAM_UPLOAD_TIMEOUT_MS = 90 * 1000,
	TELEGRAM_MAX_ANSWER = 1024 * 1024, /* of a call that is not getUpdates; bytes */
	TELEGRAM_LONGEST_WAIT_S = 3600 /* a longer retry_after is taken as this */
};

/* Where the bot lives. The texts are borrowed and must outlive whatever was made from the options. */
struct telegram_options {
	const char *token;
	const char *api_base; /* "https://api.telegram.org": "/bot<token>/<method>" is put behind it */
	const char *file_base; /* "https://api.telegram.org/file": "/bot<token>/<path>" is put behind it */
	const char *bot_username; /* without "@"; "" until getMe told it */
	int poll_timeout_s; /* what the server is asked to wait, 1-50; 0 for 25 */
};

/* Registers the token with the log (log_hide), so that no line can show it. Call once before any request is made. */
void telegram_hide_token(const struct telegram_options *o);

/* A POST of `json_body` (borrowed; NULL for none) to `method`; the rest of `out` is filled, owner and tag are 0.
 * The URL is on ctx and holds the token. */
void telegram_request(void *ctx, const struct telegram_options *o, const char *method, const char *json_body,
		      struct http_request *out);

/* An answer's envelope {ok, result, error_code, description, parameters}. */
struct telegram_reply {
	bool understood; /* a Bot API envelope; false for HTML pages, cut, empty or foreign bodies */
	bool ok;
	int code; /* error_code, else the HTTP status; 0 when there is neither */
	const char *description; /* "" when none; borrowed from result's tree, on ctx */
	int64_t retry_after_s; /* -1 when nobody said; at most TELEGRAM_LONGEST_WAIT_S */
	int64_t migrate_to; /* 0 for none */
	const json_t *result; /* NULL unless ok; lives on ctx */
};

void telegram_reply_read(void *ctx, const struct http_answer *a, struct telegram_reply *out);

/* What the answer to a call that is no outmsg (getMe, setMyCommands, getFile, deleteWebhook) means: SEND_DONE,
 * SEND_RETRY, SEND_SLOW_DOWN, SEND_FATAL or SEND_REFUSED, with retry_ms and reason as in channel.h. */
void telegram_call_outcome(void *ctx, const struct telegram_reply *r, const struct http_answer *a,
			   struct send_outcome *out);

/* A line for the log about an answer that was no success: "400 Bad Request: chat not found", masked, on ctx. */
const char *telegram_reason(void *ctx, const struct telegram_reply *r, const struct http_answer *a);

/* True when the description holds `words`, whatever the case of its letters. */
bool telegram_says(const struct telegram_reply *r, const char *words);

/* The largest of a PhotoSize array by area, or NULL. */
const json_t *telegram_largest_photo(const json_t *sizes);

#endif
