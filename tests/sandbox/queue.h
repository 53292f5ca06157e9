/* Updates on their way to the bot, and the one poll that may wait for them (reference/telegram.md 1.2 and 1.3). */
#ifndef SANDBOX_QUEUE_H
#define SANDBOX_QUEUE_H

#include "world.h"

enum { UPDATES_MAX = 100000 };

/* A new queue whose ids go on from *next_id, which stays the caller's and is moved on. */
struct queue *queue_new(void *ctx, int64_t *next_id);
/* Before the queue is freed: no poll may wait any more. */
void queue_free(struct world *w);

/* Queues {"update_id":…, kind: object}; takes over the reference. An update of a kind that the bot did not ask for is
 * dropped, as Telegram does when it creates it. Returns its id, 0 when dropped. */
int64_t queue_add(struct world *w, const char *kind, json_t *object);

/* Queues the text of a whole update as it is; "@ID@" in it becomes the update_id. Returns the id. */
int64_t queue_add_raw(struct world *w, const char *text);

/* Takes n ids in a row for the bench; updates queued later come after them. */
int64_t queue_take_ids(struct world *w, int64_t n);

/* Something became available: answers the waiting poll. */
void queue_wake(struct world *w);
/* Answers the waiting poll with what there is, be it nothing. */
void queue_release_poll(struct world *w);

/* Answers a getUpdates whose parameters were checked, now or later. */
void queue_get_updates(struct world *w, struct request *r, bool twice);

void queue_drop_pending(struct world *w);
size_t queue_pending(const struct world *w);
json_t *queue_allowed(const struct world *w); /* borrowed; NULL for the default */
bool queue_polled(const struct world *w); /* is a poll waiting now? */

/* Answers a poll whose time is over. Returns ms until it will be, -1 for none. */
int64_t queue_tick(struct world *w);

#endif
