/* Control requests that wait: see waiters.h. */
#include "waiters.h"

#include "js.h"
#include "reply.h"

#include <string.h>
#include <talloc.h>

struct waiter {
	enum waiter_kind kind;
	struct request *r;
	int64_t key;
	int64_t deadline_ms; /* monotonic */
};

struct waiters {
	struct waiter list[WAITERS_MAX];
	size_t n;
};

struct waiters *waiters_new(void *ctx)
{
	return talloc_zero(ctx, struct waiters);
}

bool waiters_add(struct world *w, enum waiter_kind kind, struct request *r, int64_t key, int64_t timeout_ms)
{
	struct waiters *q = w->waiters;

	if (q->n == WAITERS_MAX)
		return false;
	q->list[q->n++] = (struct waiter){kind, r, key, real_now_ms() + timeout_ms};
	return true;
}

static struct request *take_at(struct waiters *q, size_t i)
{
	struct request *r = q->list[i].r;

	q->list[i] = q->list[--q->n];
	return r;
}

static void answer(struct world *w, enum waiter_kind kind, struct request *r)
{
	switch (kind) {
	case WAIT_CHANGE:
		reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "version", (json_int_t)w->version));
		return;
	case WAIT_INLINE:
		reply_sim_error(w, r, "the bot did not answer the inline query in time");
		return;
	case WAIT_HANG:
		server_drop(r);
		return;
	}
}

void waiters_changed(struct world *w)
{
	struct waiters *q = w->waiters;

	for (size_t i = q ? q->n : 0; i-- > 0;)
		if (q->list[i].kind == WAIT_CHANGE)
			answer(w, WAIT_CHANGE, take_at(q, i));
}

struct request *waiters_take(struct world *w, enum waiter_kind kind, int64_t key)
{
	struct waiters *q = w->waiters;

	for (size_t i = 0; i < q->n; i++)
		if (q->list[i].kind == kind && q->list[i].key == key)
			return take_at(q, i);
	return NULL;
}

int64_t waiters_tick(struct world *w)
{
	struct waiters *q = w->waiters;
	int64_t now = q->n ? real_now_ms() : 0, next = -1;

	for (size_t i = q->n; i-- > 0;) {
		int64_t left = q->list[i].deadline_ms - now;
		enum waiter_kind kind = q->list[i].kind;

		if (left <= 0)
			answer(w, kind, take_at(q, i));
		else if (next < 0 || left < next)
			next = left;
	}
	return next;
}

void waiters_release(struct world *w)
{
	while (w->waiters->n) {
		enum waiter_kind kind = w->waiters->list[w->waiters->n - 1].kind;

		answer(w, kind, take_at(w->waiters, w->waiters->n - 1));
	}
}
