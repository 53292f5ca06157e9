/* A load for measuring: n text updates from made-up people, and how fast each was answered. */
#ifndef SANDBOX_BENCH_H
#define SANDBOX_BENCH_H

#include "buf.h"
#include "world.h"

enum { BENCH_UPDATES_MAX = 1000000, BENCH_USERS_MAX = 200000, BENCH_TEXT_MAX = 512 };

struct bench *bench_new(void *ctx);

/* Starts what POST /sim/bench orders. NULL, or what is wrong with the order, on ctx. */
char *bench_order(struct world *w, void *ctx, const json_t *order);

/* The first update id of a bench that is not wholly confirmed, INT64_MAX for none. */
int64_t bench_first_id(const struct world *w);
bool bench_available(struct world *w);
/* Writes up to `limit` updates; `already` updates stand before them. Returns how many. `waited`: the poll was there
 * before the updates, so their clocks start now and not when they were due (which would count our timer's slack). */
size_t bench_put(struct world *w, struct buf *b, size_t limit, size_t already, bool waited);
void bench_confirm(struct world *w, int64_t offset);

/* The bot wrote to this synthetic chat. */
void bench_sent(struct world *w, int64_t chat_id);

/* ms until the next update becomes available, -1 when nothing is awaited. */
int64_t bench_tick(struct world *w);

json_t *bench_state(const struct world *w, void *ctx);

#endif
