/* Long polling: see telegram_poll.h. */
#include "telegram_poll.h"

#include "clock.h"
#include "log.h"
#include "telegram_in.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum {
	LONGEST_POLL_S = 50, /* the server cuts longer ones to this (telegram.md 1.2) */
	FIRST_BACKOFF_MS = 500,
	LONGEST_BACKOFF_MS = 30 * 1000,
	MOST_DOUBLINGS = 6,
	CONFLICT_WAIT_MS = 5 * 1000,
	UNCONFIRMED_WAIT_MS = 1000,
	HASTY_MS = 500, /* an empty answer sooner than this did not wait for anything */
	HASTY_FREE = 3, /* so many in a row are forgiven: a server may wake us for other reasons */
	HASTY_SPACING_MS = 1000,
	LOG_AGAIN_MS = 60 * 1000
};

enum trouble {
	TROUBLE_NONE,
	TROUBLE_NETWORK, /* no answer */
	TROUBLE_BODY, /* an answer that is no Bot API envelope, or a result that is no list */
	TROUBLE_SERVER, /* 5xx and any refusal that has no row of its own */
	TROUBLE_SLOW_DOWN,
	TROUBLE_CONFLICT,
	TROUBLE_WEBHOOK,
	TROUBLE_TOKEN
};

static const char *const advice[] = {
	[TROUBLE_NONE] = "",
	[TROUBLE_NETWORK] =
		"the Bot API server does not answer: check the network, telegram.api_base and telegram.proxy",
	[TROUBLE_BODY] = "what answers is not a Bot API server (a proxy's or filter's page?): check telegram.api_base "
			 "and telegram.proxy",
	[TROUBLE_SERVER] = "the Bot API server has a fault of its own",
	[TROUBLE_SLOW_DOWN] = "the Bot API server asks for patience",
	[TROUBLE_CONFLICT] = "another program polls with this bot's token: stop it, or give this one its own bot "
			     "(@BotFather, /newbot)",
	[TROUBLE_WEBHOOK] = "a webhook is set for this bot, so it cannot be polled: it is removed now",
	[TROUBLE_TOKEN] = "the Bot API server does not know this token: put the one that @BotFather shows under "
			  "/mybots, API Token, into telegram.token and start again",
};

struct telegram_poll {
	struct telegram_options options;
	int64_t offset; /* 0: leave it out */
	int64_t due_ms;
	int64_t sent_ms;
	int64_t answered_ms; /* the last whole answer, or the start */
	bool out;
	unsigned failures; /* in a row */
	unsigned unreadable; /* in a row: a body that was broken or made no sense */
	unsigned hasty;
	enum trouble trouble;
	int64_t trouble_since_ms, trouble_logged_ms;
};

struct telegram_poll *telegram_poll_new(void *ctx, const struct telegram_options *o, int64_t now_ms)
{
	struct telegram_poll *p = talloc_zero(ctx, struct telegram_poll);

	if (!p)
		abort();
	p->options = *o;
	if (p->options.poll_timeout_s <= 0)
		p->options.poll_timeout_s = TELEGRAM_POLL_TIMEOUT_S;
	if (p->options.poll_timeout_s > LONGEST_POLL_S)
		p->options.poll_timeout_s = LONGEST_POLL_S;
	p->due_ms = p->answered_ms = now_ms;
	telegram_hide_token(o);
	return p;
}

void telegram_poll_named(struct telegram_poll *p, const char *bot_username)
{
	p->options.bot_username = talloc_strdup(p, bot_username);
	if (!p->options.bot_username)
		abort();
}

/* A batch that never arrives whole may be too big for the line: ask for less until one does. */
static int batch_limit(const struct telegram_poll *p)
{
	if (p->unreadable < 2)
		return TELEGRAM_POLL_LIMIT;
	return p->unreadable < 4 ? TELEGRAM_POLL_LIMIT / 10 : 1;
}

static const char *poll_body(void *ctx, const struct telegram_poll *p)
{
	/* offset 0 is left out: Bale takes it for "the last one, again" (telegram.md 1.15) */
	char *offset = p->offset ? talloc_asprintf(ctx, ",\"offset\":%" PRId64, p->offset) : talloc_strdup(ctx, "");
	char *body = talloc_asprintf(ctx,
				     "{\"timeout\":%d,\"limit\":%d,\"allowed_updates\":[\"message\","
				     "\"edited_message\",\"callback_query\",\"my_chat_member\",\"inline_query\","
				     "\"chosen_inline_result\"]%s}",
				     p->options.poll_timeout_s, batch_limit(p), offset);

	if (!offset || !body)
		abort();
	return body;
}

bool telegram_poll_next(struct telegram_poll *p, void *ctx, int64_t now_ms, struct http_request *out)
{
	bool too_early = now_ms < p->due_ms && p->due_ms - now_ms <= TELEGRAM_LONGEST_WAIT_S * SECOND_MS;

	if (p->out || p->trouble == TROUBLE_TOKEN || too_early)
		return false;
	telegram_request(ctx, &p->options, "getUpdates", poll_body(ctx, p), out);
	out->timeout_ms = (p->options.poll_timeout_s + TELEGRAM_POLL_GRACE_S) * SECOND_MS;
	out->max_answer = TELEGRAM_POLL_MAX_ANSWER;
	out->fresh = p->trouble == TROUBLE_NETWORK; /* the kept connection may be the dead one */
	p->out = true;
	p->sent_ms = now_ms;
	return true;
}

int64_t telegram_poll_due(const struct telegram_poll *p)
{
	return p->out || p->trouble == TROUBLE_TOKEN ? INT64_MAX : p->due_ms;
}

static enum trouble trouble_of(const struct telegram_reply *r, const struct http_answer *a)
{
	if (a->result != HTTP_ANSWERED)
		return TROUBLE_NETWORK;
	if (r->code == 429 || r->code == 420)
		return TROUBLE_SLOW_DOWN;
	if (r->code >= 500)
		return TROUBLE_SERVER;
	if (!r->understood || r->ok)
		return TROUBLE_BODY;
	if (r->code == 409)
		return telegram_says(r, "webhook") ? TROUBLE_WEBHOOK : TROUBLE_CONFLICT;
	return r->code == 401 || r->code == 404 ? TROUBLE_TOKEN : TROUBLE_SERVER;
}

static int64_t wait_ms(const struct telegram_poll *p, const struct telegram_reply *r, uint32_t random)
{
	unsigned doublings = p->failures < MOST_DOUBLINGS ? p->failures : MOST_DOUBLINGS;
	int64_t backoff = INT64_C(1) * FIRST_BACKOFF_MS << doublings;

	if (p->trouble == TROUBLE_SLOW_DOWN && r->retry_after_s > 0)
		return r->retry_after_s * SECOND_MS;
	if (p->trouble == TROUBLE_CONFLICT || p->trouble == TROUBLE_WEBHOOK)
		return CONFLICT_WAIT_MS + random % FIRST_BACKOFF_MS;
	if (backoff > LONGEST_BACKOFF_MS)
		backoff = LONGEST_BACKOFF_MS;
	return backoff / 2 + random % (backoff / 2 + 1);
}

static void log_trouble(struct telegram_poll *p, enum trouble now, int64_t now_ms, const char *reason)
{
	bool same = now == p->trouble && now_ms - p->trouble_logged_ms < LOG_AGAIN_MS;

	if (now == TROUBLE_NONE && p->trouble != TROUBLE_NONE)
		log_info("telegram: polling works again after %lld s",
			 (long long)((now_ms - p->trouble_since_ms) / SECOND_MS));
	if (now != TROUBLE_NONE && !same) {
		log_line(now == TROUBLE_TOKEN ? LOG_ERROR : LOG_WARN, "telegram: %s (%s)", advice[now], reason);
		p->trouble_logged_ms = now_ms;
	}
	if (p->trouble == TROUBLE_NONE)
		p->trouble_since_ms = now_ms;
	p->trouble = now;
}

static void fail(struct telegram_poll *p, int64_t now_ms, const struct telegram_reply *r, const struct http_answer *a,
		 uint32_t random, struct telegram_batch *out)
{
	enum trouble now = trouble_of(r, a);

	log_trouble(p, now, now_ms, out->trouble);
	p->due_ms = now_ms + wait_ms(p, r, random);
	p->failures++;
	if (now == TROUBLE_BODY || a->result == HTTP_BROKEN)
		p->unreadable++;
	out->verdict = TELEGRAM_POLL_TROUBLE;
	if (now == TROUBLE_WEBHOOK)
		out->verdict = TELEGRAM_POLL_WEBHOOK;
	if (now == TROUBLE_TOKEN)
		out->verdict = TELEGRAM_POLL_FATAL;
	if (now == TROUBLE_TOKEN || now == TROUBLE_CONFLICT)
		out->trouble = advice[now];
}

/* Connections are thought dead when no whole answer came for long; then again only after as long. */
static bool watchdog(struct telegram_poll *p, int64_t now_ms, const struct http_answer *a)
{
	bool bites = a->result != HTTP_ANSWERED && now_ms - p->answered_ms >= TELEGRAM_POLL_WATCHDOG_S * SECOND_MS;

	if (bites)
		log_warn("telegram: no poll ended well for %d s, starting over with new connections",
			 TELEGRAM_POLL_WATCHDOG_S);
	if (bites || a->result == HTTP_ANSWERED)
		p->answered_ms = now_ms;
	return bites;
}

/* A server that ignores `timeout` answers at once; without a pause that would be a busy loop. */
static int64_t spacing_ms(struct telegram_poll *p, int64_t now_ms, size_t n)
{
	if (n)
		return UNCONFIRMED_WAIT_MS; /* telegram_poll_confirmed cuts it short */
	if (now_ms - p->sent_ms >= HASTY_MS) {
		p->hasty = 0;
		return 0;
	}
	return ++p->hasty > HASTY_FREE ? HASTY_SPACING_MS : 0;
}

static int64_t offset_after(const struct update *list, size_t n)
{
	int64_t last = 0;

	for (size_t i = 0; i < n; i++)
		if (list[i].id > last)
			last = list[i].id;
	return last && last < INT64_MAX ? last + 1 : last;
}

void telegram_poll_answer(struct telegram_poll *p, void *ctx, int64_t now_ms, const struct http_answer *a,
			  uint32_t random, struct telegram_batch *out)
{
	struct telegram_reply r;
	bool whole = a->result == HTTP_ANSWERED && a->status >= 200 && a->status < 300;

	assert(p->out);
	p->out = false;
	*out = (struct telegram_batch){.verdict = TELEGRAM_POLL_UPDATES, .trouble = ""};
	out->drop_connections = watchdog(p, now_ms, a);
	if (whole)
		out->updates = telegram_updates(ctx, a->body, a->body_bytes, p->options.bot_username, &out->n);
	if (!out->updates) {
		telegram_reply_read(ctx, a, &r);
		out->trouble = telegram_reason(ctx, &r, a);
		fail(p, now_ms, &r, a, random, out);
		return;
	}
	log_trouble(p, TROUBLE_NONE, now_ms, "");
	p->failures = p->unreadable = 0;
	if (out->n)
		p->hasty = 0;
	out->next_offset = offset_after(out->updates, out->n);
	p->due_ms = now_ms + spacing_ms(p, now_ms, out->n);
}

void telegram_poll_confirmed(struct telegram_poll *p, int64_t next_offset)
{
	assert(next_offset >= 0); /* a negative one would make the server forget (telegram.md 1.2) */
	p->offset = next_offset;
	if (p->trouble == TROUBLE_NONE && !p->out)
		p->due_ms = 0;
}

void telegram_webhook_request(void *ctx, const struct telegram_options *o, struct http_request *out)
{
	telegram_request(ctx, o, "deleteWebhook", "{\"drop_pending_updates\":false}", out);
}
