/* Waiting presses and inline queries: see queries.h. */
#include "queries.h"

#include "js.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct queries {
	struct query ring[QUERIES_MAX];
	size_t next;
};

struct queries *queries_new(void *ctx)
{
	return talloc_zero(ctx, struct queries);
}

json_t *queries_new_id(struct world *w, bool is_inline, struct person *as, struct chat *c, int64_t message_id)
{
	struct queries *q = w->queries;
	struct query *slot = &q->ring[q->next++ % QUERIES_MAX];
	char text[32];

	*slot = (struct query){.id = w->next_query_id++,
			       .is_inline = is_inline,
			       .as = as,
			       .chat = c,
			       .message_id = message_id,
			       .at_ms = world_now_ms(w)};
	snprintf(text, sizeof text, "%lld", 770000000000 + (long long)slot->id);
	return json_string(text);
}

static struct query *find(struct world *w, const char *id)
{
	int64_t n = strtoll(id, NULL, 10) - INT64_C(770000000000);

	for (size_t i = 0; n > 0 && i < QUERIES_MAX; i++)
		if (w->queries->ring[i].id == n)
			return &w->queries->ring[i];
	return NULL;
}

json_t *queries_again(struct world *w, const json_t *callback_query)
{
	const struct query *old = find(w, js_str(callback_query, "id", ""));

	if (!old)
		return json_string("770000000000");
	return queries_new_id(w, false, old->as, old->chat, old->message_id);
}

struct query *queries_waiting(struct world *w, const char *id, bool is_inline)
{
	struct query *q = find(w, id);

	if (!q || q->answered || q->is_inline != is_inline || world_now_ms(w) - q->at_ms > QUERY_LIFE_MS)
		return NULL;
	return q;
}
