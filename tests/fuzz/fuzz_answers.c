/* What Telegram's server answers to our calls. The first byte chooses the HTTP status, the second what was asked. */
#include "fuzz.h"
#include "telegram_file.h"
#include "telegram_out.h"
#include "telegram_poll.h"
#include "telegram_setup.h"

static const struct telegram_options options = {.token = "1:secret-token-of-this-bot",
						.api_base = "https://api.example",
						.file_base = "https://api.example/file",
						.bot_username = "separex_bot"};

static void outcome_holds(const struct send_outcome *o)
{
	HOLDS(o->verdict >= SEND_DONE && o->verdict <= SEND_FATAL, "%d", (int)o->verdict);
	HOLDS(o->retry_ms >= 0 && o->retry_ms <= TELEGRAM_LONGEST_WAIT_S * INT64_C(1000) * 2, "%lld",
	      (long long)o->retry_ms);
	HOLDS(o->verdict != SEND_MOVED || o->new_chat_id, " ");
	if (o->file_id)
		fuzz_is_text(o->file_id);
	if (o->reason)
		HOLDS(!strstr(o->reason, "secret-token"), "%s", o->reason);
}

static void message_sent(void *ctx, struct channel *c, unsigned kind, const struct http_answer *a)
{
	struct outmsg m = {.kind = (enum out_kind)(kind % (OUT_RESULTS + 1)),
			   .chat_id = 5,
			   .message_id = 6,
			   .callback_id = "7",
			   .text = "words",
			   .only_for = kind & 64 ? 8 : 0};
	struct send_outcome o = {0};

	c->outcome(c->self, ctx, &m, a, &o);
	outcome_holds(&o);
	HOLDS(a->status != 200 || strstr(a->body, "ok") || o.verdict != SEND_DONE, " ");
}

static void poll_answered(void *ctx, const struct http_answer *a)
{
	struct telegram_poll *p = telegram_poll_new(ctx, &options, 1000);
	struct telegram_batch b = {0};
	struct http_request r = {0};

	telegram_poll_confirmed(p, 5);
	if (!telegram_poll_next(p, ctx, 1000, &r))
		return;
	telegram_poll_answer(p, ctx, 2000, a, 3, &b);
	HOLDS(b.trouble && !strstr(b.trouble, "secret-token"), "%s", b.trouble);
	for (size_t i = 0; i < b.n; i++)
		HOLDS(b.updates[i].id < b.next_offset, "%lld", (long long)b.updates[i].id);
	HOLDS(b.verdict == TELEGRAM_POLL_UPDATES || !b.n, " ");
	HOLDS(b.verdict == TELEGRAM_POLL_FATAL || telegram_poll_due(p) < INT64_MAX, " ");
}

static void rest_answered(void *ctx, const struct http_answer *a)
{
	struct telegram_download d = {0};
	struct telegram_me me = {0};
	struct send_outcome o = {0};

	telegram_file_answer(ctx, &options, a, &d, &o);
	outcome_holds(&o);
	if (o.verdict == SEND_DONE) {
		HOLDS(!strncmp(d.request.url, options.file_base, strlen(options.file_base)), "%s", d.request.url);
		HOLDS(!strstr(d.request.url, "..") && d.bytes >= 0 && d.bytes <= TELEGRAM_MAX_DOWNLOAD, "%s",
		      d.request.url);
	}
	o = (struct send_outcome){0};
	telegram_file_came(ctx, a, 10, &o);
	HOLDS(o.verdict != SEND_DONE || a->body_bytes == 10, " ");
	o = (struct send_outcome){0};
	telegram_me_answer(ctx, a, &me, &o);
	outcome_holds(&o);
	if (o.verdict == SEND_DONE) {
		HOLDS(me.bot_id > 0, " ");
		fuzz_is_text(me.username);
		fuzz_is_text(me.name);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 400, 401, 403, 409, 429, 500, 502};
	void *ctx = talloc_new(NULL);
	unsigned status = fuzz_choice(&data, &size), asked = fuzz_choice(&data, &size);
	struct http_answer a = {.result = HTTP_ANSWERED,
				.status = statuses[status % 8],
				.body = fuzz_text(ctx, data, size),
				.body_bytes = size,
				.retry_after_s = status & 8 ? 9 : -1,
				.sandbox_ahead_ms = -1,
				.trouble = ""};

	fuzz_quiet();
	message_sent(ctx, telegram_channel(ctx, &options), asked, &a);
	poll_answered(ctx, &a);
	rest_answered(ctx, &a);
	talloc_free(ctx);
	return 0;
}
