/* Every private column once more under the newest key: for a store that is older than sealing, and after a new key. */
#ifndef SEPAREX_RESEAL_H
#define SEPAREX_RESEAL_H

#include "db.h"

/* Seals what is not sealed under the newest key, in small transactions, so that a stop at any moment loses nothing and
 * the next call goes on. False when the store failed (db_last_error). *n is how many values were sealed. */
bool reseal_run(struct db *db, int64_t *n);

#endif
