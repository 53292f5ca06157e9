/* Does the work rows: messages through the channel, calls through the gateways, files that are fetched. Nothing is
 * taken before its commit, and every outcome is recorded in a second short transaction. */
#ifndef SEPAREX_WORKER_H
#define SEPAREX_WORKER_H

#include "app.h"

/* A worker on ctx. Bank calls that were under way when the last run ended are turned into questions to the bank. */
struct worker *worker_new(void *ctx, struct app *a);

/* Submits what is due, as far as there is room. When to be called next, in ms since 1970. */
int64_t worker_step(struct worker *w, int64_t now_ms);

/* An answer for OWNER_SEND, OWNER_BANK or OWNER_FETCH. */
void worker_answer(struct worker *w, const struct http_event *event, int64_t now_ms);

/* Records the outcomes at hand inside a transaction that is about to be committed anyway: one write to the disk serves
 * both. Outcomes that the store refuses leave the transaction as it was. Once that is committed, worker_recorded(). */
void worker_record_with(struct worker *w, struct db_tx *tx, int64_t now_ms);
void worker_recorded(struct worker *w);

/* Records what is not recorded yet, when it is time; called once a loop turn. `last`: the program ends. */
void worker_record(struct worker *w, int64_t now_ms, bool last);

/* When worker_record will have something to do even if no answer comes; INT64_MAX for never. */
int64_t worker_record_due(const struct worker *w);

/* Something was written that may be due: the next step looks. */
void worker_look(struct worker *w);

/* How many rows are known to be due and have no room yet; at least so many when the store holds more. */
size_t worker_waiting(const struct worker *w);

/* How many requests are out. */
size_t worker_out(const struct worker *w);

#endif
