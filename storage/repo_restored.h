/* What a restored backup does not know: whether money of the deals in it has left since. Until the treasurers have
 * looked at the bank, such a deal is held: nothing that is decided about it from then on leaves. */
#ifndef SEPAREX_REPO_RESTORED_H
#define SEPAREX_REPO_RESTORED_H

#include "db.h"

/* Holds every deal that is there now, whatever was released after an earlier restore, lets the numbers of batches go
 * on where no lost one can have been, and has the cards of open deals drawn again. */
void restored_hold_all(struct db_tx *tx);

/* Whether a deal is held. */
bool restored_holds(struct db_tx *tx, int64_t deal_id);
/* Whether a settlement was decided after the restore, so that the bank cannot be asked about it by its track id. */
bool restored_is_new(struct db_tx *tx, int64_t settlement_id);
/* The treasurers' word: what leaves from now on has not left before. */
void restored_release(struct db_tx *tx, int64_t deal_id);
/* When the store that was restored last heard the world; 0 without a restore. */
int64_t restored_as_of_ms(struct db_tx *tx);

/* What is on its way out: how many sums, and together, in rial. */
struct restored_owed {
	int64_t n, sum;
};
struct restored_owed restored_owed(struct db_tx *tx);

/* The next batch gets a number above this one. */
#define RESTORED_BATCH "restored.batch"

#endif
