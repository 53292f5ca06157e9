/* What has been read from outside: cursors, updates already handled, and small facts that survive a restart. */
#ifndef SEPAREX_REPO_INBOX_H
#define SEPAREX_REPO_INBOX_H

#include "db.h"

/* Marks an update as handled. False when it already was (or the store failed): then nothing is to be done for it. */
bool inbox_first_time(struct db_tx *tx, const char *source, int64_t outside_id, int64_t now_ms);
/* Forgets what was seen before `before_ms`, at most 500 rows a call. */
void inbox_prune(struct db_tx *tx, int64_t before_ms);

/* 0 when the source was never read. */
int64_t cursor_get(struct db_tx *tx, const char *source);
void cursor_set(struct db_tx *tx, const char *source, int64_t position);

/* A named fact; the number or text given when it was never set. Text on ctx. */
int64_t fact_number(struct db_tx *tx, const char *name, int64_t otherwise);
const char *fact_text(struct db_tx *tx, void *ctx, const char *name, const char *otherwise);
void fact_set(struct db_tx *tx, const char *name, int64_t number, const char *text);

/* Tokens of services, sealed. "" for one that is not there. */
const char *secret_get(struct db_tx *tx, void *ctx, const char *name);
void secret_set(struct db_tx *tx, const char *name, const char *text);

#endif
