/* `separex backup FILE`, and what a backup has in common with its restoring. */
#ifndef SEPAREX_BACKUP_H
#define SEPAREX_BACKUP_H

#include "audit.h"
#include "config.h"
#include "db.h"

/* Writes a copy of the store to FILE, also beside a running bot, and says what is in it. FILE is there only when it is
 * whole and proven; one that is there already is never touched. The exit code: 0 also means that the books agree. */
int backup_command(const struct config *c, const char *file);

/* Reads the store to its end and derives the books again. False and why in `e` when it cannot be read; what disagrees
 * is in the report. Texts on ctx. */
bool backup_audit(void *ctx, struct db *db, struct audit_report *report, struct err *e);

/* Brings the names in the folder of `path` to the disk. */
bool backup_sync_folder(void *ctx, const char *path, struct err *e);

#endif
