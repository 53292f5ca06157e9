/* The control interface: pressing buttons, inline queries and their results. See sim.h. */
#include "sim.h"

#include "acts.h"
#include "api.h"
#include "js.h"
#include "queries.h"
#include "queue.h"
#include "reply.h"
#include "waiters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { INLINE_WAIT_MS = 15000, SHOWN_MAX = 1500, LABEL_MAX = 1100 };

/* Copies a label without direction marks (U+200E, U+200F, U+202A..E, U+2066..9): nobody can type them. */
static void without_marks(const char *s, char *out, size_t room)
{
	size_t n = 0;

	while (*s && n + 1 < room) {
		const unsigned char *u = (const unsigned char *)s;
		bool mark = u[0] == 0xE2 &&
			    ((u[1] == 0x80 && (u[2] == 0x8E || u[2] == 0x8F || (u[2] >= 0xAA && u[2] <= 0xAE))) ||
			     (u[1] == 0x81 && u[2] >= 0xA6 && u[2] <= 0xA9));

		if (mark)
			s += 3;
		else
			out[n++] = *s++;
	}
	out[n] = '\0';
}

static bool meant(const json_t *b, const char *wish)
{
	char label[LABEL_MAX];

	without_marks(js_str(b, "text", ""), label, sizeof label);
	return strstr(js_str(b, "text", ""), wish) || strstr(label, wish) ||
	       strstr(js_str(b, "callback_data", ""), wish);
}

static json_t *button_in(const json_t *rows, const char *wish)
{
	size_t i, k;
	json_t *row, *b;

	json_array_foreach((json_t *)rows, i, row)
	{
		json_array_foreach(row, k, b)
		{
			if (meant(b, wish))
				return b;
		}
	}
	return NULL;
}

/* The newest inline button that is meant, and the message it hangs under. */
static json_t *find_button(const struct request *r, struct chat *c, const char *wish, struct message **under)
{
	int64_t only = sim_int(r, "message_id", 0);

	for (size_t i = c->n_messages; i-- > 0;) {
		struct message *m = &c->messages[i];
		json_t *b = m->gone || (only && m->id != only)
				    ? NULL
				    : button_in(js_at(m->object, "reply_markup.inline_keyboard"), wish);

		if (b) {
			*under = m;
			return b;
		}
	}
	return NULL;
}

static void open_url(struct world *w, struct request *r, struct person *as, const char *url)
{
	char *payload;
	bool ours = link_payload(r, url, &payload);
	int64_t id = ours ? act_open(w, as, payload) : 0;

	if (ours && !id)
		reply_sim_error(w, r, "the button's link carries a payload that Telegram would not");
	else
		reply_json(w, r, 200,
			   json_pack("{sbsssbsI}", "ok", 1, "url", url, "opened", ours, "message_id", (json_int_t)id));
}

static void press_inline(struct world *w, struct request *r, struct person *as, struct chat *c, const struct message *m,
			 json_t *b)
{
	const char *data = js_str(b, "callback_data", NULL), *url = js_str(b, "url", js_str(b, "web_app.url", NULL));
	const char *copy = js_str(b, "copy_text.text", NULL);
	json_t *id;

	if (data) {
		id = act_callback(w, as, c, m, data);
		reply_json(w, r, 200,
			   json_pack("{sbsosIsO}", "ok", 1, "callback_query_id", id, "message_id", (json_int_t)m->id,
				     "button", b));
	} else if (url) {
		open_url(w, r, as, url);
	} else if (copy) {
		reply_json(w, r, 200, json_pack("{sbss}", "ok", 1, "copied", copy));
	} else {
		reply_json(w, r, 200, json_pack("{sbsO}", "ok", 1, "button", b));
	}
}

/* A button of the reply keyboard sends its label, or what it asks for. */
static void press_keyboard(struct world *w, struct request *r, struct person *as, struct chat *c, const json_t *b)
{
	const char *what = js_bool(b, "request_contact", false)    ? "contact"
			   : js_bool(b, "request_location", false) ? "location"
								   : NULL;

	(void)as, (void)c;
	if (what)
		json_object_set_new(r->params, what, json_true());
	else
		json_object_set(r->params, "text", json_object_get(b, "text"));
	sim_message(w, r);
}

static void list_buttons(const struct chat *c, char *out, size_t room)
{
	size_t i, k, used = 0;
	json_t *row, *b;

	out[0] = '\0';
	for (size_t n = c->n_messages; n-- > 0;) {
		json_array_foreach(js_at(c->messages[n].object, "reply_markup.inline_keyboard"), i, row)
		{
			json_array_foreach(row, k, b)
			{
				if (!c->messages[n].gone && used + 200 < room)
					used += (size_t)snprintf(out + used, room - used, "%s\"%.60s\"",
								 used ? ", " : "", js_str(b, "text", ""));
			}
		}
	}
}

void sim_press(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	const char *wish = request_text(r, "button"), *forged = request_text(r, "data");
	struct message *m = NULL;
	char shown[SHOWN_MAX];
	json_t *b;

	if (!as)
		return;
	if (forged) { /* data that no button holds, as a hostile client can send it */
		m = message_with_id(c, sim_int(r, "message_id", 0));
		reply_json(w, r, 200,
			   json_pack("{sbso}", "ok", 1, "callback_query_id", act_callback(w, as, c, m, forged)));
		return;
	}
	if (!wish) {
		reply_sim_error(w, r, "give \"button\": a part of its label or data");
		return;
	}
	b = find_button(r, c, wish, &m);
	if (b) {
		press_inline(w, r, as, c, m, b);
		return;
	}
	b = button_in(json_object_get(c->keyboard, "keyboard"), wish);
	if (b) {
		press_keyboard(w, r, as, c, b);
		return;
	}
	list_buttons(c, shown, sizeof shown);
	reply_sim_error(w, r, "no button here has \"%s\" in its label or data; there are: %s", wish,
			*shown ? shown : "none");
}

void sim_inline(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	const char *query = request_text(r, "query");
	json_t *id;

	if (!as)
		return;
	if (!query || utf16_units(query, strlen(query)) > 256) {
		reply_sim_error(w, r, "give \"query\": at most 256 characters");
		return;
	}
	id = queries_new_id(w, true, as, c, 0);
	if (!waiters_add(w, WAIT_INLINE, r, w->next_query_id - 1, INLINE_WAIT_MS)) {
		json_decref(id);
		reply_sim_error(w, r, "too many requests wait already");
		return;
	}
	queue_add(w, "inline_query",
		  json_pack("{sosOssssss}", "id", id, "from", as->user, "query", query, "offset", "", "chat_type",
			    c->owner ? "sender" : "supergroup"));
}

/* The result that `wish` means: its place in the list, or a part of its title or id. */
static json_t *chosen(const struct person *as, const json_t *wish)
{
	size_t i;
	json_t *one;

	if (json_is_integer(wish))
		return json_array_get(as->inline_results, (size_t)json_integer_value(wish));
	json_array_foreach(as->inline_results, i, one)
	{
		if (json_is_string(wish) && (strstr(js_str(one, "title", ""), json_string_value(wish)) ||
					     strstr(js_str(one, "id", ""), json_string_value(wish))))
			return one;
	}
	return NULL;
}

static int64_t post_result(struct world *w, struct person *as, struct chat *c, json_t *m, bool editable)
{
	struct message *filed = message_file(w, c, m);

	if (editable)
		snprintf(filed->inline_id, sizeof filed->inline_id, "AAQ%lld", (long long)w->next_query_id++);
	if (c->bot_inside)
		queue_add(w, "message", json_incref(m));
	(void)as;
	return filed->id;
}

void sim_choose(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	json_t *one = as ? chosen(as, json_object_get(r->params, "result")) : NULL, *m, *update;
	struct call call = {.w = w, .r = r, .p = r->params};
	struct rich_text t;
	int64_t id;

	if (!as)
		return;
	if (!one || !api_rich_text(&call, json_object_get(one, "input_message_content"), "message_text", "entities",
				   4096, &t)) {
		reply_sim_error(w, r,
				"give \"result\": the place, a part of the title or the id of a result of %s's last "
				"inline query",
				as->key);
		return;
	}
	m = js_own(r, message_new(w, c, as->user));
	json_object_set(m, "via_bot", bot_user());
	json_object_set_new(m, "text", json_string(t.text));
	if (json_array_size(t.entities))
		json_object_set(m, "entities", t.entities);
	api_markup(&call, json_object_get(one, "reply_markup"), c, m);
	id = post_result(w, as, c, m, json_object_get(m, "reply_markup") != NULL);
	update = json_pack("{sOsOss}", "result_id", json_object_get(one, "id"), "from", as->user, "query", "");
	if (*message_with_id(c, id)->inline_id)
		json_object_set_new(update, "inline_message_id", json_string(message_with_id(c, id)->inline_id));
	queue_add(w, "chosen_inline_result", update);
	reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "message_id", (json_int_t)id));
}
