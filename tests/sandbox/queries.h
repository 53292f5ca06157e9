/* Button presses and inline queries that wait for the bot's answer. */
#ifndef SANDBOX_QUERIES_H
#define SANDBOX_QUERIES_H

#include "world.h"

enum { QUERIES_MAX = 2000, QUERY_LIFE_MS = 150000 };

struct query {
	int64_t id;
	bool is_inline, answered;
	struct person *as;
	struct chat *chat; /* where the button was pressed or the query typed */
	int64_t message_id; /* 0 for an inline message's button */
	int64_t at_ms; /* virtual */
};

struct queries *queries_new(void *ctx);

/* Remembers a new query and gives its id as a new JSON string. The oldest of too many is forgotten. */
json_t *queries_new_id(struct world *w, bool is_inline, struct person *as, struct chat *c, int64_t message_id);

/* A fresh id for the same press as in the callback_query object given. A new reference. */
json_t *queries_again(struct world *w, const json_t *callback_query);

/* The query that waits under this id, or NULL: unknown, answered, or older than Telegram keeps it. */
struct query *queries_waiting(struct world *w, const char *id, bool is_inline);

#endif
