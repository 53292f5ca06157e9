/* The control interface: pressing buttons. See sim.h. */
#include "sim.h"

#include "acts.h"
#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { SHOWN_MAX = 1500, LABEL_MAX = 1100 };

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

static bool meant(const json_t *b, const char *wish, bool exact)
{
	char label[LABEL_MAX];

	if (exact)
		return !strcmp(js_str(b, "callback_data", ""), wish);
	without_marks(js_str(b, "text", ""), label, sizeof label);
	return strstr(js_str(b, "text", ""), wish) || strstr(label, wish) ||
	       strstr(js_str(b, "callback_data", ""), wish);
}

static json_t *button_in(const json_t *rows, const char *wish, bool exact)
{
	size_t i, k;
	json_t *row, *b;

	json_array_foreach((json_t *)rows, i, row)
	{
		json_array_foreach(row, k, b)
		{
			if (meant(b, wish, exact))
				return b;
		}
	}
	return NULL;
}

static json_t *newest_button(const struct request *r, struct chat *c, const struct person *as, const char *wish,
			     bool exact, struct message **under)
{
	int64_t only = sim_int(r, "message_id", 0), ephemeral = sim_int(r, "ephemeral_message_id", 0);

	for (size_t i = c->n_messages; i-- > 0;) {
		struct message *m = &c->messages[i];
		bool meant_one = (!only || m->id == only) && (!ephemeral || m->ephemeral_id == ephemeral);
		json_t *b = !meant_one || !message_seen_by(m, as)
				    ? NULL
				    : button_in(js_at(m->object, "reply_markup.inline_keyboard"), wish, exact);

		if (b) {
			*under = m;
			return b;
		}
	}
	return NULL;
}

/* The newest inline button that is meant, and the message it hangs under: one with just that data before one that only
 * contains it, so that "cancel" is not taken for "cancel.yes". */
static json_t *find_button(const struct request *r, struct chat *c, const struct person *as, const char *wish,
			   struct message **under)
{
	json_t *b = newest_button(r, c, as, wish, true, under);

	return b ? b : newest_button(r, c, as, wish, false, under);
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

/* What the person's app does of the three buttons that lead to inline mode; NULL for other buttons. A new reference. */
static json_t *switched(const json_t *b)
{
	json_t *chosen = json_object_get(b, "switch_inline_query_chosen_chat"), *to;
	const char *any = js_str(b, "switch_inline_query", NULL);
	const char *here = js_str(b, "switch_inline_query_current_chat", NULL);

	if (any || here)
		return json_pack("{ssss}", "query", any ? any : here, "chat", any ? "any" : "current");
	if (!chosen)
		return NULL;
	to = json_pack("{ssss}", "query", "", "chat", "chosen");
	json_object_update(to, chosen);
	return to;
}

static void press_inline(struct world *w, struct request *r, struct person *as, struct chat *c, const struct message *m,
			 json_t *b)
{
	const char *data = js_str(b, "callback_data", NULL), *url = js_str(b, "url", js_str(b, "web_app.url", NULL));
	const char *copy = js_str(b, "copy_text.text", NULL);
	json_t *id, *to = switched(b);

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
		reply_json(w, r, 200, json_pack("{sbso*sO}", "ok", 1, "switch_inline", to, "button", b));
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

static void list_buttons(const struct chat *c, const struct person *as, char *out, size_t room)
{
	size_t i, k, used = 0;
	json_t *row, *b;

	out[0] = '\0';
	for (size_t n = c->n_messages; n-- > 0;) {
		json_array_foreach(js_at(c->messages[n].object, "reply_markup.inline_keyboard"), i, row)
		{
			json_array_foreach(row, k, b)
			{
				if (message_seen_by(&c->messages[n], as) && used + 200 < room)
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
	b = find_button(r, c, as, wish, &m);
	if (b) {
		press_inline(w, r, as, c, m, b);
		return;
	}
	b = button_in(json_object_get(c->keyboard, "keyboard"), wish, false);
	if (b) {
		press_keyboard(w, r, as, c, b);
		return;
	}
	list_buttons(c, as, shown, sizeof shown);
	reply_sim_error(w, r, "no button here has \"%s\" in its label or data; there are: %s", wish,
			*shown ? shown : "none");
}
