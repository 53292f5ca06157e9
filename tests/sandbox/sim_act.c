/* The control interface: people open links and change their messages, people and groups change. See sim.h. */
#include "sim.h"

#include "acts.h"
#include "html.h"
#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { TEXT_UNITS_MAX = 4096 };

void sim_open(struct world *w, struct request *r)
{
	struct person *as = sim_person(w, r, NULL);
	const char *link = request_text(r, "link");
	char *payload = NULL;
	int64_t id;

	if (!as)
		return;
	if (!link) {
		reply_sim_error(w, r, "give \"link\": a t.me link of this bot, or a start payload");
		return;
	}
	if (!link_payload(r, link, &payload)) {
		if (strpbrk(link, ":/?")) {
			reply_sim_error(w, r, "the link is none of this bot: it begins with https://t.me/%s?start=",
					BOT_USERNAME);
			return;
		}
		payload = talloc_strdup(r, link);
	}
	id = act_open(w, as, payload);
	if (!id)
		reply_sim_error(w, r, "a start payload has at most 64 characters of A-Z a-z 0-9 _ -");
	else
		reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "message_id", (json_int_t)id));
}

static void take_text(const struct request *r, const char *name, char *into, size_t room)
{
	const char *text = request_text(r, name);

	if (text)
		snprintf(into, room, "%s", text);
}

void sim_set_person(struct world *w, struct request *r)
{
	struct person *as = sim_person(w, r, NULL);
	const json_t *blocked = json_object_get(r->params, "blocked");
	const char *name = request_text(r, "name");

	if (!as)
		return;
	if ((name && (!*name || strlen(name) >= NAME_BYTES)) ||
	    (request_text(r, "username") && strlen(request_text(r, "username")) >= NAME_BYTES)) {
		reply_sim_error(w, r, "a name has 1 to %d bytes", NAME_BYTES - 1);
		return;
	}
	take_text(r, "language", as->language, sizeof as->language);
	take_text(r, "username", as->username, sizeof as->username);
	if (name) {
		snprintf(as->first, sizeof as->first, "%s", name);
		as->last[0] = '\0';
	}
	take_text(r, "last_name", as->last, sizeof as->last);
	person_refresh(as);
	chat_refresh(&w->chats[as - w->people]);
	if (blocked)
		act_block(w, as, json_is_true(blocked));
	world_changed(w);
	reply_json(w, r, 200, json_pack("{sbsO}", "ok", 1, "user", as->user));
}

/* The message that a request names, as far as this person sees it; NULL when it was answered with an error. */
static struct message *named_message(struct world *w, struct request *r, struct person **as, struct chat **c)
{
	struct message *m;

	*as = sim_person(w, r, c);
	m = *as ? message_with_id(*c, sim_int(r, "message_id", 0)) : NULL;
	if (*as && !m)
		reply_sim_error(w, r, "give \"message_id\": a message of this chat that is still there");
	return m;
}

void sim_edit(struct world *w, struct request *r)
{
	const char *text = request_text(r, "text");
	struct person *as;
	struct chat *c;
	struct message *m = named_message(w, r, &as, &c);

	if (!m)
		return;
	if (js_int(m->object, "from.id", 0) != as->id || js_at(m->object, "via_bot") ||
	    js_at(m->object, "forward_origin")) {
		reply_sim_error(w, r, "%s can edit only what %s wrote: no forwards, no inline messages", as->key,
				as->key);
		return;
	}
	if (!text || !*text || utf16_units(text, strlen(text)) > TEXT_UNITS_MAX) {
		reply_sim_error(w, r, "give \"text\": 1 to %d characters", TEXT_UNITS_MAX);
		return;
	}
	act_edit(w, c, m, text);
	reply_json(w, r, 200, json_pack("{sbsI}", "ok", 1, "message_id", (json_int_t)m->id));
}

void sim_delete(struct world *w, struct request *r)
{
	struct person *as;
	struct chat *c;
	struct message *m = named_message(w, r, &as, &c);
	int i;

	if (!m)
		return;
	i = (int)(as - w->people);
	if (strcmp(c->type, "private") != 0 && c->creator != i && c->admin != i &&
	    js_int(m->object, "from.id", 0) != as->id) {
		reply_sim_error(w, r, "in a group %s can delete only what %s wrote", as->key, as->key);
		return;
	}
	m->gone = true;
	world_changed(w);
	reply_json(w, r, 200, json_pack("{sb}", "ok", 1));
}

static struct chat *named_group(struct world *w, const char *key)
{
	for (size_t i = PEOPLE; key && i < CHATS; i++)
		if (strcmp(w->chats[i].key, key) == 0 && strcmp(w->chats[i].type, "private") != 0)
			return &w->chats[i];
	return NULL;
}

void sim_set_group(struct world *w, struct request *r)
{
	struct chat *c = named_group(w, request_text(r, "chat"));
	const json_t *topics = json_object_get(r->params, "topics");

	if (!c) {
		reply_sim_error(w, r, "give \"chat\": bazaar, staff or market");
		return;
	}
	if (topics) {
		c->forum = json_is_true(topics);
		chat_refresh(c);
	}
	if (json_is_true(json_object_get(r->params, "migrate")))
		chat_migrate(w, c);
	if (json_object_get(r->params, "bot_inside"))
		act_membership(w, c, js_bool(r->params, "bot_inside", true));
	world_changed(w);
	reply_json(w, r, 200, json_pack("{sbsO}", "ok", 1, "chat", c->object));
}

json_t *sim_telegram_state(const struct world *w)
{
	return json_pack("{sbsb}", "inline_feedback", w->inline_feedback, "ephemeral", w->ephemeral);
}

void sim_set_telegram(struct world *w, struct request *r)
{
	json_t *answer;

	w->inline_feedback = js_bool(r->params, "inline_feedback", w->inline_feedback);
	w->ephemeral = js_bool(r->params, "ephemeral", w->ephemeral);
	world_changed(w);
	answer = sim_telegram_state(w);
	json_object_set_new(answer, "ok", json_true());
	reply_json(w, r, 200, answer);
}
