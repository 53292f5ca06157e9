/* Forgetting a person: everything that says who they are goes; the deals, the books and what the staff did stay, of
 * somebody whom nobody can name any more. */
#ifndef SEPAREX_FORGET_H
#define SEPAREX_FORGET_H

#include "db.h"

enum { FORGET_FILES_MOST = 2000 };

/* What keeps a person from being forgotten. */
struct forget_bar {
	int64_t live_deals; /* unfinished, or with money that waits for a word */
	int64_t last_end_ms; /* when the last deal of theirs ended; 0 when they had none */
};
/* False when the store failed. */
bool forget_bar(struct db_tx *tx, int64_t person_id, struct forget_bar *out);

/* Forgets. Names of files (SHA-256) that nobody else's evidence needs any more are put on ctx into files, at most
 * FORGET_FILES_MOST: the caller removes them after the commit. Returns how many. */
size_t forget_person(struct db_tx *tx, void *ctx, int64_t person_id, const char **files);

#endif
