/* Control requests that wait: for any change, for an inline answer, for a bank's callbacks. */
#ifndef SANDBOX_WAITERS_H
#define SANDBOX_WAITERS_H

#include "world.h"

enum { WAITERS_MAX = 200 };

enum waiter_kind { WAIT_CHANGE = 1, WAIT_INLINE, WAIT_HANG };

struct waiters *waiters_new(void *ctx);

/* Keeps `r` until something happens or the time is over. False when too many wait already. For WAIT_CHANGE `key` is
 * ignored; for WAIT_INLINE it is the query's id. */
bool waiters_add(struct world *w, enum waiter_kind kind, struct request *r, int64_t key, int64_t timeout_ms);

/* Answers those that wait for a change. */
void waiters_changed(struct world *w);

/* The request that waits for this inline query, taken off the list; NULL when nobody waits. */
struct request *waiters_take(struct world *w, enum waiter_kind kind, int64_t key);

/* Answers those whose time is over. Returns ms until the next one, -1 for none. */
int64_t waiters_tick(struct world *w);

/* Lets everybody go. */
void waiters_release(struct world *w);

#endif
