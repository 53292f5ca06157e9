/* A whole installation from one store to another, on whichever engine each of them is: `separex copy`. */
#ifndef SEPAREX_STORE_COPY_H
#define SEPAREX_STORE_COPY_H

#include "audit.h"
#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

/* What was copied, and found the same on both sides. */
struct store_copied {
	int64_t tables, rows;
	int64_t transfers, ledger_sum; /* rows of the books, and their amounts together, in rial */
	struct audit_report audit; /* of the new store */
	struct err unmarked; /* what is to be done so that the old store is not used again; "" when it is marked */
};

/* Copies the store `from`, in which nothing is written, into the empty store `to`: the whole of it in one transaction,
 * which is kept only when every table has the same rows on both sides, the ledger's sums are equal and the audit finds
 * nothing. Then the old store is marked, so that no bot starts on it (db_retire). The two tables that a store has of
 * itself, `migration` and `store_owner`, are the new store's own.
 *
 * False, and what to do in `e`, when the old store is in use, damaged, or of another version than this program; when
 * there is anything in the new one; when the proof fails. The new store is then empty (its tables may be there) and the
 * old one not marked. Texts on ctx. Memory does not grow with the store. */
bool store_copy(void *ctx, const char *from, const char *to, int64_t now_ms, struct store_copied *out, struct err *e);

#endif
