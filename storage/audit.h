/* The audit: derives the books and every deal's state again from what was written once, and names each row that
 * disagrees. The invariants I1 to I10 are those of escrow-rules.md section 3.3. */
#ifndef SEPAREX_AUDIT_H
#define SEPAREX_AUDIT_H

#include "db.h"

#include <stdio.h>

enum { AUDIT_MAX_LINES = 100 };

/* What was found. Sums are rial, derived from the transfers, not read from the balances. */
struct audit_report {
	int64_t deals, sets, transfers;
	int64_t banks; /* what the banks hold for us */
	int64_t held; /* HOLD: for running deals */
	int64_t waiting; /* SUSPENSE: to be cleared */
	int64_t owed; /* PAYABLE, REFUND and INFLIGHT: on its way to people */
	int64_t fees; /* our income */
	int64_t costs; /* COST: what banks took for their work */
	int64_t flaws; /* all that was found, also what is not among the lines */
	size_t n_lines;
	const char *lines[AUDIT_MAX_LINES]; /* "ledger_balance HOLD:17 says 25,000,000 but its transfers make 0" */
};

/* Fills *out; its lines are talloc'd on ctx. Reads only, so db_read will do, also beside a running bot. Memory does not
 * grow with the store. False when the store could not be read to its end (db_last_error says why): then the report is
 * worth nothing. A damaged store never ends the process. */
bool audit_run(struct db_tx *tx, const void *ctx, struct audit_report *out);

/* Writes counts, sums and lines in English. Returns the exit code: 0 when nothing disagrees, else 1. */
int audit_print(const struct audit_report *r, FILE *to);

#endif
