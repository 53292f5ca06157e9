/* The queue of events between the two engines (http_curl, http_mhd) and whoever takes them with next(). */
#ifndef SEPAREX_NET_EVENTS_H
#define SEPAREX_NET_EVENTS_H

#include "http.h"

enum { NET_EVENTS_MAX = 4096 };

/* An event owns its texts: they are its talloc children. */
struct net_event {
	struct http_event event;
	struct net_event *next;
};

/* First in, first out. Zero-initialised it is empty. */
struct net_events {
	struct net_event *first, *last;
	size_t count;
	uint64_t last_id;
};

/* The next id for a request or an inbound exchange: never 0, never repeated. */
uint64_t net_events_new_id(struct net_events *q);

/* An event that is in no queue yet, every text "" and every "absent" number -1. Lives on ctx. */
struct net_event *net_event_new(const void *ctx, enum http_event_kind kind, uint64_t id);

/* Adds at the end. Passing NET_EVENTS_MAX ends the process: the engines hold far fewer, so only a caller that submits
 * for ever and never takes an event gets there. The queue does not own the event. */
void net_events_push(struct net_events *q, struct net_event *e);

/* Takes the oldest, NULL when there is none. */
struct net_event *net_events_take(struct net_events *q);

#endif
