/* The event queue: see net_events.h. */
#include "net_events.h"

#include "log.h"

#include <assert.h>
#include <stdlib.h>
#include <talloc.h>

uint64_t net_events_new_id(struct net_events *q)
{
	return ++q->last_id;
}

struct net_event *net_event_new(const void *ctx, enum http_event_kind kind, uint64_t id)
{
	struct net_event *e = talloc_zero(ctx, struct net_event);

	if (!e)
		abort();
	e->event.kind = kind;
	e->event.id = id;
	e->event.answer.body = "";
	e->event.answer.trouble = "";
	e->event.answer.retry_after_s = -1;
	e->event.answer.sandbox_ahead_ms = -1;
	e->event.inbound.method = "";
	e->event.inbound.path = "";
	e->event.inbound.peer = "";
	e->event.inbound.language = "";
	e->event.inbound.body = "";
	return e;
}

void net_events_push(struct net_events *q, struct net_event *e)
{
	assert(!e->next);
	if (q->count >= NET_EVENTS_MAX) {
		log_error("net: %d events wait and nobody takes them", NET_EVENTS_MAX);
		abort();
	}
	if (q->last)
		q->last->next = e;
	else
		q->first = e;
	q->last = e;
	q->count++;
}

struct net_event *net_events_take(struct net_events *q)
{
	struct net_event *e = q->first;

	if (!e)
		return NULL;
	assert(q->count > 0);
	q->first = e->next;
	if (!q->first)
		q->last = NULL;
	q->count--;
	e->next = NULL;
	return e;
}
