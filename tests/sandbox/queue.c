/* Updates on their way to the bot: see queue.h. */
#include "queue.h"

#include "bench.h"
#include "buf.h"
#include "js.h"
#include "queries.h"
#include "reply.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { POLL_MAX_S = 50, BATCH_MAX = 100, BATCH_BYTES = 32 << 20 };

struct update {
	int64_t id;
	int64_t expires_ms; /* virtual */
	bool twice; /* already doubled by a fault */
	char *text; /* malloc'd: the whole object */
	struct update *next;
};

struct queue {
	struct update *first, *last;
	size_t n;
	int64_t *next_id;
	json_t *allowed; /* what the bot asked for, NULL for the default */
	struct request *poll;
	int64_t poll_deadline_ms; /* monotonic */
	int64_t poll_limit;
	bool poll_twice;
};

/* How long Telegram keeps an update that nobody fetches, in seconds. */
static const struct {
	const char *kind;
	int64_t seconds;
} lifetimes[] = {
	{"callback_query", 150},
	{"chosen_inline_result", 600},
	{"inline_query", 30},
	{NULL, 86400},
};

struct queue *queue_new(void *ctx, int64_t *next_id)
{
	struct queue *q = talloc_zero(ctx, struct queue);

	q->next_id = next_id;
	return q;
}

static void drop_first(struct queue *q)
{
	struct update *u = q->first;

	q->first = u->next;
	if (!q->first)
		q->last = NULL;
	q->n--;
	free(u->text);
	free(u);
}

void queue_drop_pending(struct world *w)
{
	while (w->queue->first)
		drop_first(w->queue);
	bench_confirm(w, INT64_MAX);
	world_changed(w);
}

void queue_free(struct world *w)
{
	while (w->queue->first)
		drop_first(w->queue);
	assert(!w->queue->poll);
	json_decref(w->queue->allowed);
	w->queue->allowed = NULL;
}

static bool wanted(const struct queue *q, const char *kind)
{
	size_t i;
	json_t *v;

	if (!q->allowed || json_array_size(q->allowed) == 0)
		return strcmp(kind, "chat_member") != 0 && strncmp(kind, "message_reaction", 16) != 0;
	json_array_foreach(q->allowed, i, v)
	{
		if (strcmp(json_string_value(v), kind) == 0)
			return true;
	}
	return false;
}

static int64_t append(struct world *w, char *text, int64_t lifetime_s)
{
	struct queue *q = w->queue;
	struct update *u = calloc(1, sizeof *u);

	if (!u || !text)
		abort();
	if (q->n == UPDATES_MAX)
		drop_first(q);
	*u = (struct update){
		.id = (*q->next_id)++, .expires_ms = world_now_ms(w) + lifetime_s * SECOND_MS, .text = text};
	if (q->last)
		q->last->next = u;
	else
		q->first = u;
	q->last = u;
	q->n++;
	return u->id;
}

int64_t queue_add(struct world *w, const char *kind, json_t *object)
{
	json_t *whole;
	int64_t id;
	size_t i = 0;

	if (!wanted(w->queue, kind)) {
		json_decref(object);
		return 0;
	}
	while (lifetimes[i].kind && strcmp(lifetimes[i].kind, kind) != 0)
		i++;
	whole = json_pack("{sIso}", "update_id", (json_int_t)*w->queue->next_id, kind, object);
	id = append(w, json_dumps(whole, JSON_COMPACT), lifetimes[i].seconds);
	json_decref(whole);
	world_changed(w);
	queue_wake(w);
	return id;
}

int64_t queue_add_raw(struct world *w, const char *text)
{
	const char *mark = strstr(text, "@ID@");
	char *whole = NULL;
	int64_t id;

	if (mark &&
	    asprintf(&whole, "%.*s%lld%s", (int)(mark - text), text, (long long)*w->queue->next_id, mark + 4) < 0)
		abort();
	id = append(w, mark ? whole : strdup(text), 86400);
	world_changed(w);
	queue_wake(w);
	return id;
}

int64_t queue_take_ids(struct world *w, int64_t n)
{
	int64_t first = *w->queue->next_id;

	*w->queue->next_id += n;
	return first;
}

/* The same press again as Telegram re-sends it: a new query under a new update id. */
static void double_press(struct world *w, struct update *u)
{
	json_t *whole = json_loads(u->text, 0, NULL);
	json_t *query = json_object_get(whole, "callback_query");

	u->twice = true;
	if (query) {
		query = json_deep_copy(query);
		json_object_set_new(query, "id", queries_again(w, query));
		if (queue_add(w, "callback_query", query))
			w->queue->last->twice = true;
	}
	json_decref(whole);
}

static bool put_update(struct buf *b, const struct update *u, size_t *count)
{
	size_t before = b->len;

	if ((*count && !buf_putc(b, ',')) || !buf_puts(b, u->text)) {
		b->len = before; /* it did not fit: the next batch has it */
		b->data[before] = '\0';
		return false;
	}
	++*count;
	return true;
}

/* Writes up to `limit` updates; with `twice` those that are no presses stand there two times, as after a lost offset.
 */
static size_t put_updates(struct world *w, struct buf *b, int64_t limit, bool twice)
{
	struct queue *q = w->queue;
	size_t count = 0;
	int64_t last = bench_first_id(w); /* what was queued after the bench waits for its end */

	for (struct update *u = q->first; u && u->id < last && (int64_t)count < limit; u = u->next) {
		bool press = strstr(u->text, "\"callback_query\":") != NULL;

		if (!put_update(b, u, &count))
			break;
		if (twice && !u->twice && press)
			double_press(w, u);
		else if (twice && !press && (int64_t)count < limit)
			put_update(b, u, &count);
	}
	return count;
}

static void answer_poll(struct world *w, struct request *r, bool waited)
{
	struct buf *b = buf_new(r, BATCH_BYTES);
	size_t n;

	buf_puts(b, "{\"ok\":true,\"result\":[");
	n = put_updates(w, b, w->queue->poll_limit, w->queue->poll_twice);
	bench_put(w, b, (size_t)w->queue->poll_limit - n, n, waited);
	buf_puts(b, "]}");
	reply_bytes(w, r, 200, "application/json", b->data, b->len);
}

static void expire(struct world *w)
{
	struct queue *q = w->queue;
	int64_t now = world_now_ms(w);
	struct update **at = &q->first;

	q->last = NULL;
	while (*at) {
		struct update *u = *at;

		if (u->expires_ms > now) {
			q->last = u;
			at = &u->next;
			continue;
		}
		*at = u->next;
		q->n--;
		free(u->text);
		free(u);
	}
}

static bool available(struct world *w)
{
	const struct update *u = w->queue->first;

	return (u && u->id < bench_first_id(w)) || bench_available(w);
}

void queue_release_poll(struct world *w)
{
	struct queue *q = w->queue;
	struct request *r = q->poll;

	if (!r)
		return;
	q->poll = NULL;
	answer_poll(w, r, true);
}

void queue_wake(struct world *w)
{
	if (w->queue->poll && available(w))
		queue_release_poll(w);
}

static void confirm(struct world *w, int64_t offset)
{
	struct queue *q = w->queue;

	if (offset < 0) {
		while ((int64_t)q->n > -offset)
			drop_first(q);
		return;
	}
	while (q->first && q->first->id < offset)
		drop_first(q);
	bench_confirm(w, offset);
}

static void end_older_poll(struct world *w)
{
	struct request *old = w->queue->poll;
	const struct fault conflict = {.kind = FAULT_409};

	w->queue->poll = NULL;
	if (old)
		reply_fault(w, old, &conflict);
}

void queue_get_updates(struct world *w, struct request *r, bool twice)
{
	struct queue *q = w->queue;
	int64_t timeout_s = js_int(r->params, "timeout", 0);
	json_t *allowed = json_object_get(r->params, "allowed_updates");

	end_older_poll(w);
	if (allowed) {
		json_decref(q->allowed);
		q->allowed = json_incref(allowed);
	}
	expire(w);
	confirm(w, js_int(r->params, "offset", 0));
	q->poll_limit = js_int(r->params, "limit", BATCH_MAX);
	q->poll_twice = twice;
	if (available(w) || timeout_s <= 0) {
		answer_poll(w, r, false);
		return;
	}
	q->poll = r;
	q->poll_deadline_ms = real_now_ms() + (timeout_s > POLL_MAX_S ? POLL_MAX_S : timeout_s) * SECOND_MS;
}

size_t queue_pending(const struct world *w)
{
	return w->queue->n;
}

json_t *queue_allowed(const struct world *w)
{
	return w->queue->allowed;
}

bool queue_polled(const struct world *w)
{
	return w->queue->poll != NULL;
}

int64_t queue_tick(struct world *w)
{
	struct queue *q = w->queue;
	int64_t left;

	if (!q->poll)
		return -1;
	queue_wake(w);
	if (!q->poll)
		return 0;
	left = q->poll_deadline_ms - real_now_ms();
	if (left > 0)
		return left;
	queue_release_poll(w);
	return 0;
}
