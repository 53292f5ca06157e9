/* Files between us and our banks: the approved batches are written, and what the treasurers drop in (results of
 * payouts, statements of accounts) is taken. */
#ifndef SEPAREX_BANK_FILES_H
#define SEPAREX_BANK_FILES_H

#include "app.h"

/* Makes the folders of payout.folder. False with what to do in `e`. */
bool bank_files_open(const struct config *c, struct err *e);

/* Removes the bank's files that are older than payout.keep_days: what was ordered and what came of it is in the store
 * and in the reports. */
void bank_files_sweep(const struct config *c, int64_t now_ms);

/* Writes the files of approved batches, each once and the same bytes however often a crash repeats it, and takes the
 * banks' files that lie in FOLDER/in. When to be called next, in ms since 1970. */
int64_t bank_files_step(struct app *a, int64_t now_ms);

/* `separex import-results FILE` (account NULL) and `separex import-statement ACCOUNT FILE`: looks the file over and
 * puts it where the running bot takes it. The exit code. */
int bank_files_import(const struct config *c, const char *account, const char *path);

#endif
