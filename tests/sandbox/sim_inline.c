/* The control interface: inline queries and the results that people choose. See sim.h. */
#include "sim.h"

#include "api.h"
#include "js.h"
#include "queries.h"
#include "queue.h"
#include "reply.h"
#include "waiters.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { INLINE_WAIT_MS = 15000, QUERY_UNITS_MAX = 256 };

void sim_inline(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	const char *query = request_text(r, "query"), *offset = request_text(r, "offset");
	json_t *id;

	if (!as)
		return;
	if (!query || utf16_units(query, strlen(query)) > QUERY_UNITS_MAX) {
		reply_sim_error(w, r, "give \"query\": at most %d characters", QUERY_UNITS_MAX);
		return;
	}
	id = queries_new_inline(w, as, c, query);
	if (!waiters_add(w, WAIT_INLINE, r, w->next_query_id - 1, INLINE_WAIT_MS)) {
		json_decref(id);
		reply_sim_error(w, r, "too many requests wait already");
		return;
	}
	queue_add(w, "inline_query",
		  json_pack("{sosOssssss}", "id", id, "from", as->user, "query", query, "offset", offset ? offset : "",
			    "chat_type", c->owner ? "sender" : c->type));
}

/* The result that `wish` means: its place in the list, or a part of its title or id. */
static json_t *chosen(const struct person *as, const json_t *wish)
{
	json_t *results = json_object_get(as->inline_answer, "results"), *one;
	size_t i;

	if (json_is_integer(wish))
		return json_array_get(results, (size_t)json_integer_value(wish));
	json_array_foreach(results, i, one)
	{
		if (json_is_string(wish) && (strstr(js_str(one, "title", ""), json_string_value(wish)) ||
					     strstr(js_str(one, "id", ""), json_string_value(wish))))
			return one;
	}
	return NULL;
}

/* Posts the message. The bot can edit it only when it has buttons, wherever it is. */
static struct message *post(struct world *w, struct chat *c, json_t *m)
{
	struct message *filed = message_file(w, c, m);

	if (json_object_get(m, "reply_markup"))
		snprintf(filed->inline_id, sizeof filed->inline_id, "AAQ%lld", (long long)w->next_query_id++);
	if (c->bot_inside)
		queue_add(w, "message", json_incref(m));
	return filed;
}

static void tell_chosen(struct world *w, const struct person *as, json_t *result, const struct message *m)
{
	json_t *told = json_pack("{sOsOsO}", "result_id", json_object_get(result, "id"), "from", as->user, "query",
				 json_object_get(as->inline_answer, "query"));

	if (*m->inline_id)
		json_object_set_new(told, "inline_message_id", json_string(m->inline_id));
	queue_add(w, "chosen_inline_result", told);
}

void sim_choose(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	json_t *one = as ? chosen(as, json_object_get(r->params, "result")) : NULL, *m;
	struct call call = {.w = w, .r = r, .p = r->params};
	const struct message *filed;

	if (!as)
		return;
	if (!one) {
		reply_sim_error(w, r,
				"give \"result\": the place, a part of the title or the id of a result of %s's last "
				"inline query",
				as->key);
		return;
	}
	m = js_own(r, message_new(w, c, as->user));
	json_object_set(m, "via_bot", bot_user());
	if (!api_inline_content(&call, one, m)) {
		reply_sim_error(w, r, "the result cannot be sent any more: %s", call.description);
		return;
	}
	filed = post(w, c, m);
	if (w->inline_feedback)
		tell_chosen(w, as, one, filed);
	reply_json(w, r, 200,
		   json_pack("{sbsIss*}", "ok", 1, "message_id", (json_int_t)filed->id, "inline_message_id",
			     *filed->inline_id ? filed->inline_id : NULL));
}
