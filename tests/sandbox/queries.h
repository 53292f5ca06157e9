/* Button presses and inline queries that wait for the bot's answer. */
#ifndef SANDBOX_QUERIES_H
#define SANDBOX_QUERIES_H

#include "world.h"

enum { QUERIES_MAX = 2000, QUERY_LIFE_MS = 150000, INLINE_QUERY_LIFE_MS = 30000 };

struct query {
	int64_t id;
	bool is_inline, answered;
	struct person *as;
	struct chat *chat; /* where the button was pressed or the query typed */
	int64_t message_id; /* 0 for an inline message's button */
	int64_t at_ms; /* virtual */
	char *text; /* of an inline query */
};

struct queries *queries_new(void *ctx);

/* Remembers a press and gives its id as a new JSON string. The oldest of too many is forgotten. */
json_t *queries_new_id(struct world *w, struct person *as, struct chat *c, int64_t message_id);
/* The same for an inline query. */
json_t *queries_new_inline(struct world *w, struct person *as, struct chat *c, const char *text);

/* A fresh id for the same press as in the callback_query object given. A new reference. */
json_t *queries_again(struct world *w, const json_t *callback_query);

/* The query that waits under this id, or NULL: unknown, answered, or older than Telegram keeps it. */
struct query *queries_waiting(struct world *w, const char *id, bool is_inline);

/* The press with this id, whether answered or not; NULL when it is none or forgotten. */
const struct query *queries_pressed(struct world *w, const char *id);

#endif
