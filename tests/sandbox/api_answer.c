/* Answers to pressed buttons and inline queries: see api.h. */
#include "api.h"

#include "acts.h"
#include "js.h"
#include "queries.h"
#include "reply.h"
#include "waiters.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static bool too_old(struct call *c)
{
	return api_refuse(c, REFUSED_STATE, 400,
			  "Bad Request: query is too old and response timeout expired or query ID is invalid");
}

bool api_answer_callback(struct call *c)
{
	const char *id = api_text(c, "callback_query_id", ""), *url = api_text(c, "url", NULL);
	struct query *q = queries_waiting(c->w, id, false);
	char *payload = NULL;

	if (url && *url && !link_payload(c->r, url, &payload))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: URL_INVALID");
	if (!q)
		return too_old(c);
	q->answered = true;
	act_seen_answer(c->w, q->as,
			json_pack("{sssssbsssIsIsI}", "callback_query_id", id, "text", api_text(c, "text", ""),
				  "show_alert", js_bool(c->p, "show_alert", false), "url", url ? url : "", "chat_id",
				  (json_int_t)q->chat->id, "message_id", (json_int_t)q->message_id, "date",
				  (json_int_t)(world_now_ms(c->w) / SECOND_MS)));
	if (payload)
		act_open(c->w, q->as, payload); /* what the person's app does with such an answer */
	c->result = json_true();
	return true;
}

/* The message that choosing this result would send, for the checks. */
static bool result_valid(struct call *c, json_t *result)
{
	struct rich_text t;

	return api_rich_text(c, json_object_get(result, "input_message_content"), "message_text", "entities", 4096,
			     &t) &&
	       api_markup(c, json_object_get(result, "reply_markup"), NULL, NULL);
}

static bool ids_differ(struct call *c, const json_t *results)
{
	size_t i;
	json_t *r, *seen = js_own(c->r, json_object());

	json_array_foreach((json_t *)results, i, r)
	{
		const char *id = js_str(r, "id", "");

		if (json_object_get(seen, id))
			return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: RESULT_ID_DUPLICATE");
		json_object_set_new(seen, id, json_true());
	}
	return true;
}

bool api_answer_inline(struct call *c)
{
	const char *id = api_text(c, "inline_query_id", "");
	json_t *results = json_object_get(c->p, "results"), *r, *button = json_object_get(c->p, "button");
	struct query *q;
	struct request *asker;
	size_t i;

	json_array_foreach(results, i, r)
	{
		if (!result_valid(c, r))
			return false;
	}
	if (!ids_differ(c, results))
		return false;
	q = queries_waiting(c->w, id, true);
	if (!q)
		return too_old(c);
	q->answered = true;
	json_decref(q->as->inline_results);
	q->as->inline_results = json_incref(results);
	asker = waiters_take(c->w, WAIT_INLINE, q->id);
	if (asker)
		reply_json(c->w, asker, 200, json_pack("{sbsOsO*}", "ok", 1, "results", results, "button", button));
	world_changed(c->w);
	c->result = json_true();
	return true;
}
