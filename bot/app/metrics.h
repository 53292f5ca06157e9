/* What is counted while the program runs, and the page that tells it to Prometheus (text format 0.0.4: "Exposition
 * formats", prometheus.io/docs). Counting costs an addition; the page reads a few rows of the store by their indexes.
 */
#ifndef SEPAREX_METRICS_H
#define SEPAREX_METRICS_H

#include "buf.h"
#include "channel.h"
#include "gateway.h"
#include "house.h"
#include "telegram_poll.h"

struct app;
struct db_tx;

enum { METRICS_BOUNDS = 15, METRICS_OTHERS = 5, METRICS_PAGE_BYTES = 64 * 1024 };

/* How long something took: how many times up to each bound (metrics.c), and the sum of all, in ms. */
struct span_counts {
	int64_t upto[METRICS_BOUNDS + 1]; /* the last: longer than every bound */
	int64_t sum_ms;
};

/* To whom requests go. */
enum metrics_other { METRICS_CHAT, METRICS_FILES, METRICS_BANKS, METRICS_IDENTITY, METRICS_SMS };

struct metrics {
	int64_t updates, updates_again, updates_undone;
	int64_t polls[TELEGRAM_POLL_FATAL + 1]; /* by verdict */
	int64_t sends[SEND_FATAL + 1]; /* by verdict */
	int64_t banks[APP_MAX_GATEWAYS][GATEWAY_UNKNOWN + 1]; /* as in app.gateways, by verdict */
	int64_t webs[6]; /* answers to browsers, by the first digit of their status */
	struct span_counts reply; /* from an update to the channel's word that its reply has arrived */
	struct span_counts calls[METRICS_OTHERS]; /* from a request to its answer */
};

/* A clock that was set back counts as 0. */
void metrics_took(struct span_counts *s, int64_t ms);

/* Writes the page. False when the store failed or the page does not fit. */
bool metrics_write(const struct app *a, struct db_tx *tx, int64_t now_ms, struct buf *out);

#endif
