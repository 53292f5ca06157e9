/* A batch of updates becomes one transaction: a savepoint for each update, and the cursor moved with all of them. */
#ifndef SEPAREX_DISPATCH_H
#define SEPAREX_DISPATCH_H

#include "app.h"

/* Handles and commits a batch. True when it is on the disk and the poll may go on behind it; false when nothing of it
 * was kept (the same updates come again). */
bool dispatch_batch(struct app *a, const struct telegram_batch *batch, int64_t now_ms);

/* Answers one request to our own pages. */
void dispatch_web(struct app *a, const struct http_event *event, int64_t now_ms);

/* Rewrites a group id everywhere: it became a supergroup with a new one. */
void dispatch_moved(struct app *a, struct turn *t, int64_t from, int64_t to);

/* The id that a group has now; the same id for a chat that never moved. */
int64_t dispatch_present_chat(struct db_tx *tx, void *ctx, int64_t chat_id);

#endif
