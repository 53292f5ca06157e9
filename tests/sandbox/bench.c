/* A load for measuring: see bench.h. */
#include "bench.h"

#include "js.h"
#include "queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

enum { NONE = -1 };

struct bench {
	int64_t n, users, first_id;
	int64_t confirmed; /* how many the bot confirmed */
	int64_t handed; /* the furthest that was handed out */
	int64_t answered, sends;
	double rate; /* updates a second, 0 for all at once */
	int64_t begun_us, first_send_us, last_send_us, last_confirm_us;
	char *text; /* escaped for JSON, without quotes */
	int64_t *since_us; /* by update: when its clock started */
	int32_t *latency_us; /* by update: NONE while unanswered */
	int32_t *turn; /* by user: how many of its updates were answered */
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

struct bench *bench_new(void *ctx)
{
	return talloc_zero(ctx, struct bench);
}

static void start(struct world *w, struct bench *b)
{
	b->since_us = talloc_zero_array(b, int64_t, (unsigned)b->n);
	b->latency_us = talloc_array(b, int32_t, (unsigned)b->n);
	b->turn = talloc_zero_array(b, int32_t, (unsigned)b->users);
	if (!b->since_us || !b->latency_us || !b->turn)
		abort();
	for (int64_t i = 0; i < b->n; i++)
		b->latency_us[i] = NONE;
	b->first_id = queue_take_ids(w, b->n);
	b->begun_us = now_us();
}

char *bench_order(struct world *w, void *ctx, const json_t *order)
{
	int64_t n = js_int(order, "updates", 0), users = js_int(order, "users", n / 10 > 0 ? n / 10 : 1);
	const char *text = js_str(order, "text", "/start");
	json_t *rate = json_object_get(order, "rate"), *quoted;
	char *escaped;
	struct bench *b;

	if (n < 1 || n > BENCH_UPDATES_MAX)
		return talloc_asprintf(ctx, "updates must be 1 to %d", BENCH_UPDATES_MAX);
	if (strlen(text) > BENCH_TEXT_MAX)
		return talloc_asprintf(ctx, "text must have at most %d bytes", BENCH_TEXT_MAX);
	users = users > BENCH_USERS_MAX ? BENCH_USERS_MAX : users;
	if (users < 1 || (rate && json_number_value(rate) <= 0))
		return talloc_strdup(ctx, "users and rate must be positive");
	talloc_free(w->bench);
	b = w->bench = bench_new(w->parts);
	b->n = n;
	b->users = users;
	b->rate = json_number_value(rate);
	quoted = json_string(text);
	escaped = js_text(b, quoted);
	json_decref(quoted);
	b->text = talloc_strndup(b, escaped + 1, strlen(escaped) - 2);
	start(w, b);
	queue_wake(w);
	return NULL;
}

int64_t bench_first_id(const struct world *w)
{
	return w->bench->confirmed < w->bench->n ? w->bench->first_id : INT64_MAX;
}

/* How many updates are out in the world by now. */
static int64_t due(const struct bench *b, int64_t now)
{
	double so_far = b->rate > 0 ? (double)(now - b->begun_us) * b->rate / 1e6 + 1 : (double)b->n;

	return so_far < (double)b->n ? (int64_t)so_far : b->n;
}

bool bench_available(struct world *w)
{
	struct bench *b = w->bench;

	return b->confirmed < b->n && due(b, now_us()) > b->confirmed;
}

static bool put_one(const struct world *w, struct buf *out, int64_t i, bool comma)
{
	const struct bench *b = w->bench;
	long long user = BENCH_FIRST_ID + i % b->users;
	bool command = b->text[0] == '/';
	size_t before = out->len;

	if (buf_printf(out,
		       "%s{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"date\":%lld,\"chat\":{\"id\":%lld,"
		       "\"type\":\"private\",\"first_name\":\"Bench\"},\"from\":{\"id\":%lld,\"is_bot\":false,"
		       "\"first_name\":\"Bench\",\"language_code\":\"fa\"},\"text\":\"%s\"",
		       comma ? "," : "", (long long)(b->first_id + i), (long long)(i + 1),
		       (long long)(world_now_ms(w) / SECOND_MS), user, user, b->text) &&
	    (!command || buf_printf(out, ",\"entities\":[{\"type\":\"bot_command\",\"offset\":0,\"length\":%zu}]",
				    strcspn(b->text, " \\\""))) &&
	    buf_puts(out, "}}"))
		return true;
	out->len = before;
	return false;
}

size_t bench_put(struct world *w, struct buf *out, size_t limit, size_t already, bool waited)
{
	struct bench *b = w->bench;
	int64_t now = now_us(), until = due(b, now), i = b->confirmed;
	size_t count = 0;

	for (; i < until && count < limit; i++, count++) {
		if (!put_one(w, out, i, already + count > 0))
			break;
		if (b->since_us[i] == 0)
			b->since_us[i] =
				b->rate > 0 && !waited ? b->begun_us + (int64_t)((double)i * 1e6 / b->rate) : now;
	}
	b->handed = i > b->handed ? i : b->handed;
	return count;
}

void bench_confirm(struct world *w, int64_t offset)
{
	struct bench *b = w->bench;
	int64_t upto = offset - b->first_id;

	if (!b->n || upto <= b->confirmed)
		return;
	b->confirmed = upto < b->n ? upto : b->n;
	b->last_confirm_us = now_us();
}

void bench_sent(struct world *w, int64_t chat_id)
{
	struct bench *b = w->bench;
	int64_t user = chat_id - BENCH_FIRST_ID, i;

	if (user < 0 || user >= b->users)
		return;
	b->last_send_us = now_us();
	if (!b->sends++)
		b->first_send_us = b->last_send_us;
	i = (int64_t)b->turn[user] * b->users + user;
	if (i >= b->handed || b->latency_us[i] != NONE)
		return; /* a second message for the same update */
	b->latency_us[i] = (int32_t)(b->last_send_us - b->since_us[i]);
	b->turn[user]++;
	b->answered++;
}

int64_t bench_tick(struct world *w)
{
	const struct bench *b = w->bench;
	int64_t out, next_us;

	if (b->confirmed >= b->n || b->rate <= 0 || !queue_polled(w))
		return -1;
	out = due(b, now_us());
	next_us = b->begun_us + (int64_t)((double)out * 1e6 / b->rate) - now_us();
	return next_us > 0 ? (next_us + 999) / 1000 : 0;
}

static int by_value(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

json_t *bench_state(const struct world *w, void *ctx)
{
	const struct bench *b = w->bench;
	int32_t *sorted = talloc_array(ctx, int32_t, (unsigned)(b->answered ? b->answered : 1));
	int64_t k = 0;
	double seconds = (double)(b->last_send_us - b->begun_us) / 1e6;

	for (int64_t i = 0; i < b->n; i++)
		if (b->latency_us[i] != NONE)
			sorted[k++] = b->latency_us[i];
	qsort(sorted, (size_t)k, sizeof *sorted, by_value);
	return json_pack("{sbsIsIsIsIsIsIsIsIsIsIsIsf}", "ok", 1, "updates", (json_int_t)b->n, "users",
			 (json_int_t)b->users, "handed_out", (json_int_t)b->handed, "confirmed",
			 (json_int_t)b->confirmed, "answered", (json_int_t)b->answered, "sends", (json_int_t)b->sends,
			 "p50_us", (json_int_t)(k ? sorted[k / 2] : 0), "p99_us",
			 (json_int_t)(k ? sorted[k - 1 - k / 100] : 0), "first_send_us",
			 (json_int_t)(b->sends ? b->first_send_us - b->begun_us : 0), "last_send_us",
			 (json_int_t)(b->sends ? b->last_send_us - b->begun_us : 0), "last_confirm_us",
			 (json_int_t)(b->last_confirm_us ? b->last_confirm_us - b->begun_us : 0), "answered_per_s",
			 b->answered && seconds > 0 ? (double)b->answered / seconds : 0.0);
}
