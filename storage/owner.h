/* One writer at a time: who holds the store, and the epoch that fences off a holder who lost it unnoticed. */
#ifndef SEPAREX_OWNER_H
#define SEPAREX_OWNER_H

#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

/* Makes this process the store's only writer until owner_release or its death (kill -9 too: the kernel drops the lock).
 * On SQLite: an flock on FILE.lock held for life, and the epoch in the table store_owner raised by one, which each
 * later db_tx of this connection compares. False and a message in `e`: "another separex process (pid N) uses this
 * store; stop it first", or why the lock file cannot be written. Call it once, before migrate_run. The child of a fork
 * shares the lock and must not use the store. */
bool owner_take(struct db *db, int64_t now_ms, struct err *e);

/* Gives the store free again. Closing the store does it too. Fine when it was not taken. */
void owner_release(struct db *db);

/* The epoch held, 1 and up; 0 when none is. */
int64_t owner_epoch(const struct db *db);

#endif
