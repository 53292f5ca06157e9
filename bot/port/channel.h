/* A chat channel's way out: how an outgoing message becomes a request, and what the answer means. */
#ifndef SEPAREX_CHANNEL_H
#define SEPAREX_CHANNEL_H

#include "http.h"
#include "outmsg.h"

enum send_verdict {
	SEND_DONE, /* delivered (or already so: "message is not modified") */
	SEND_RETRY, /* try the same again after retry_ms */
	SEND_SLOW_DOWN, /* 429: this chat waits retry_ms, then the same again */
	SEND_MOVED, /* the group has a new id: new_chat_id; rewrite it everywhere, then the same again */
	SEND_UNREACHABLE, /* the person blocked the bot, or it was removed: nothing more goes there */
	SEND_GONE, /* the message to edit no longer exists: send a new one */
	SEND_NO_FILE, /* the channel does not know the file id any more: draw and upload it anew */
	SEND_STALE, /* a button answer that came too late: forget it */
	SEND_PLAIN, /* the channel could not read our HTML: the same again as plain text, and it is our bug */
	SEND_REFUSED, /* for good; reason says why */
	SEND_FATAL /* the token is wrong: nothing can be sent at all */
};

struct send_outcome {
	enum send_verdict verdict;
	int64_t message_id; /* of the new message, 0 for none (also for one that only one person sees) */
	const char *file_id; /* of the uploaded picture, or NULL; on ctx */
	int64_t retry_ms;
	int64_t new_chat_id;
	const char *reason; /* for the log and the dead letter; on ctx; never holds the token */
};

struct channel {
	void *self;
	const char *name; /* "telegram" */
	/* Builds the request for `m` on ctx; its owner and tag are left 0. */
	void (*request)(void *self, void *ctx, const struct outmsg *m, struct http_request *out);
	/* Says what the answer to `m` means. */
	void (*outcome)(void *self, void *ctx, const struct outmsg *m, const struct http_answer *a,
			struct send_outcome *out);
};

#endif
