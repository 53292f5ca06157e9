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

enum { TEXT_UNITS_MAX = 4096 };

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

static bool put_text(struct call *c, const json_t *content, json_t *m)
{
	json_t *preview = json_object_get(content, "link_preview_options");
	struct rich_text t;

	if (!api_rich_text(c, content, "message_text", "entities", TEXT_UNITS_MAX, &t))
		return false;
	json_object_set_new(m, "text", json_string(t.text));
	if (json_array_size(t.entities))
		json_object_set(m, "entities", t.entities);
	if (preview)
		json_object_set(m, "link_preview_options", preview);
	return true;
}

bool api_inline_content(struct call *c, const json_t *result, json_t *m)
{
	const json_t *content = json_object_get(result, "input_message_content");
	struct file *f;

	if (content && !put_text(c, content, m))
		return false;
	if (!content) { /* only a photo may do without */
		f = api_file(c, "photo", js_str(result, "photo_file_id", ""), FILE_PHOTO);
		if (!f || !api_media(c, m, f, result))
			return false;
	}
	return api_markup(c, json_object_get(result, "reply_markup"), NULL, m);
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

/* The button above the results opens the private chat or a Web App, never both. */
static bool button_valid(struct call *c, const json_t *button)
{
	const char *start = js_str(button, "start_parameter", NULL), *app = js_str(button, "web_app.url", NULL);

	if (!button)
		return true;
	if (!start == !app)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: can't parse inline query results button: exactly one of web_app and "
				  "start_parameter is allowed");
	if (start && !link_carries(start))
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: START_PARAM_INVALID");
	if (app && strncmp(app, "https://", 8) != 0)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: inline query results button Web App URL '%s' is invalid: Only HTTPS "
				  "links are allowed",
				  app);
	return true;
}

static bool results_valid(struct call *c, const json_t *results)
{
	size_t i;
	json_t *one;

	json_array_foreach((json_t *)results, i, one)
	{
		if (!api_inline_content(c, one, js_own(c->r, json_object())))
			return false;
	}
	return ids_differ(c, results);
}

/* What the person's app now shows, as the bot gave it. A new reference. */
static json_t *shown_answer(const struct call *c, const struct query *q)
{
	static const char *const as_given[] = {"results", "button", "cache_time", "is_personal", "next_offset"};
	json_t *shown = json_pack("{ss}", "query", q->text);

	for (size_t i = 0; i < sizeof as_given / sizeof *as_given; i++)
		if (json_object_get(c->p, as_given[i]))
			json_object_set(shown, as_given[i], json_object_get(c->p, as_given[i]));
	return shown;
}

bool api_answer_inline(struct call *c)
{
	const char *id = api_text(c, "inline_query_id", "");
	struct request *asker;
	struct query *q;
	json_t *answer;

	if (!results_valid(c, json_object_get(c->p, "results")) || !button_valid(c, json_object_get(c->p, "button")))
		return false;
	q = queries_waiting(c->w, id, true);
	if (!q)
		return too_old(c);
	q->answered = true;
	json_decref(q->as->inline_answer);
	q->as->inline_answer = shown_answer(c, q);
	asker = waiters_take(c->w, WAIT_INLINE, q->id);
	if (asker) {
		answer = json_copy(q->as->inline_answer);
		json_object_set_new(answer, "ok", json_true());
		reply_json(c->w, asker, 200, answer);
	}
	world_changed(c->w);
	c->result = json_true();
	return true;
}
