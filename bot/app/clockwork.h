/* What happens because time passes: deals' clocks, outages, and the sandbox's clock. */
#ifndef SEPAREX_CLOCKWORK_H
#define SEPAREX_CLOCKWORK_H

#include "app.h"

/* Loads what a former run remembers of when it last heard from people. */
void clockwork_start(struct app *a, struct db_tx *tx, int64_t now_ms);

/* A poll was answered. A gap longer than an outage stretches every deadline by it, keeps punitive ends away for the
 * grace, and has all open cards drawn again. */
void clockwork_heard(struct app *a, int64_t now_ms);

/* The sandbox's clock, from any of its answers; -1 when the answer said nothing. `poll`: from the answer to a poll.
 * Only ever moves our clock forward. */
void clockwork_sandbox(struct app *a, int64_t ahead_ms, bool poll);

/* Fires due clocks and draws cards again, a bounded number a call. When to be called next, in ms since 1970. */
int64_t clockwork_step(struct app *a, int64_t now_ms);

/* Something may have set a clock: the next step looks. */
void clockwork_look(struct app *a);

#endif
