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

static struct query *remember(struct world *w, struct person *as, struct chat *c)
{
	struct queries *q = w->queries;
	struct query *slot = &q->ring[q->next++ % QUERIES_MAX];

	talloc_free(slot->text);
	*slot = (struct query){.id = w->next_query_id++, .as = as, .chat = c, .at_ms = world_now_ms(w)};
	return slot;
}

static json_t *shown_id(const struct query *q)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", 770000000000 + (long long)q->id);
	return json_string(text);
}

json_t *queries_new_id(struct world *w, struct person *as, struct chat *c, int64_t message_id)
{
	struct query *q = remember(w, as, c);

	q->message_id = message_id;
	return shown_id(q);
}

json_t *queries_new_inline(struct world *w, struct person *as, struct chat *c, const char *text)
{
	struct query *q = remember(w, as, c);

	q->is_inline = true;
	q->text = talloc_strdup(w->queries, text);
	return shown_id(q);
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
	return queries_new_id(w, old->as, old->chat, old->message_id);
}

struct query *queries_waiting(struct world *w, const char *id, bool is_inline)
{
	struct query *q = find(w, id);

	int64_t life_ms = is_inline ? INLINE_QUERY_LIFE_MS : QUERY_LIFE_MS;

	if (!q || q->answered || q->is_inline != is_inline || world_now_ms(w) - q->at_ms > life_ms)
		return NULL;
	return q;
}

const struct query *queries_pressed(struct world *w, const char *id)
{
	const struct query *q = find(w, id);

	return q && !q->is_inline ? q : NULL;
}
