/* The books: sets of transfers under natural keys, and the balances they make. */
#ifndef SEPAREX_REPO_LEDGER_H
#define SEPAREX_REPO_LEDGER_H

#include "buf.h"
#include "db.h"
#include "ledger.h"

enum ledger_post {
	LEDGER_POSTED,
	LEDGER_SAME, /* the key is known with the same content: nothing to do */
	LEDGER_CLASH /* the key is known with other content, a balance would fall below zero, a transfer is no allowed
		      * flow, or the store failed: nothing may be committed. Already logged. */
};

/* Posts one set, whole or not at all. `key` names the outside fact or the deal's transition, for ever. deal_id 0: a set
 * of no deal. */
enum ledger_post ledger_post(struct db_tx *tx, const char *key, int64_t deal_id, const struct transfer *transfers,
			     size_t n, int64_t now_ms);

/* Adds one transfer to the text of a set's content, in which transfers stand in their order: the text by which "the
 * same again" is told from "something else". */
void ledger_content_add(struct buf *b, const struct transfer *t);

/* Zero for an account that was never used. */
struct rial ledger_balance(struct db_tx *tx, struct account a);

#endif
