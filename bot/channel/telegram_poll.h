/* Long polling as a state machine without I/O: it makes requests, reads answers, and says when to ask again.
 *
 * At most one poll is out at a time. The offset moves only by telegram_poll_confirmed, after the commit. */
#ifndef SEPAREX_TELEGRAM_POLL_H
#define SEPAREX_TELEGRAM_POLL_H

#include "http.h"
#include "telegram_api.h"
#include "update.h"

enum {
	TELEGRAM_POLL_LIMIT = 100,
	TELEGRAM_POLL_TIMEOUT_S = 25, /* when the options say 0 */
	TELEGRAM_POLL_GRACE_S = 10, /* our own time-out comes this much after the server's */
	TELEGRAM_POLL_WATCHDOG_S = 90, /* without a whole answer for so long, cached connections are thought dead */
	TELEGRAM_POLL_MAX_ANSWER = 16 * 1024 * 1024 /* bytes */
};

enum telegram_poll_verdict {
	TELEGRAM_POLL_UPDATES, /* n updates, may be 0: handle, commit, telegram_poll_confirmed */
	TELEGRAM_POLL_TROUBLE, /* it waits and asks again by itself */
	TELEGRAM_POLL_WEBHOOK, /* a webhook is set: send telegram_webhook_request; it waits and asks again by itself */
	TELEGRAM_POLL_FATAL /* the token is wrong: `trouble` says what to do; no further poll is made */
};

struct telegram_batch {
	enum telegram_poll_verdict verdict;
	struct update *updates; /* on ctx */
	size_t n;
	int64_t next_offset; /* what to commit with these updates; 0 when n is 0 */
	bool drop_connections; /* the watchdog: call net_drop_connections before the next request */
	const char *trouble; /* for the owner; on ctx or static; "" when there is none */
};

struct telegram_poll;

/* A new poller. `o` is copied, its texts are borrowed. It never asks for old updates again until told an offset. */
struct telegram_poll *telegram_poll_new(void *ctx, const struct telegram_options *o, int64_t now_ms);

/* True: submit `out` now (texts on ctx; owner and tag are the caller's). False: one is out, or it is too early, or the
 * token is wrong. */
bool telegram_poll_next(struct telegram_poll *p, void *ctx, int64_t now_ms, struct http_request *out);

/* When telegram_poll_next may say true; INT64_MAX while a poll is out or after a fatal answer. */
int64_t telegram_poll_due(const struct telegram_poll *p);

/* Takes the answer to the poll that is out. `random` is any random number: it spreads the back-off. Logs a trouble when
 * it begins, changes or ends, and once a minute while it lasts. */
void telegram_poll_answer(struct telegram_poll *p, void *ctx, int64_t now_ms, const struct http_answer *a,
			  uint32_t random, struct telegram_batch *out);

/* The next poll asks from `next_offset` on, at once. Only after the commit that stored it (and once at start with the
 * stored one; 0 for none). Without it the same updates come again, a second later. */
void telegram_poll_confirmed(struct telegram_poll *p, int64_t next_offset);

/* The username getMe told, for commands like /sell@our_bot. Copied. */
void telegram_poll_named(struct telegram_poll *p, const char *bot_username);

/* deleteWebhook that keeps the waiting updates. Read the answer by telegram_call_outcome. */
void telegram_webhook_request(void *ctx, const struct telegram_options *o, struct http_request *out);

#endif
