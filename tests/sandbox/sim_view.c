/* The control interface: what a person sees, and what the whole world holds. See sim.h. */
#include "sim.h"

#include "api.h"
#include "bank.h"
#include "faults.h"
#include "js.h"
#include "queue.h"
#include "reply.h"
#include "stub.h"
#include "stub_sms.h"
#include "stub_vandar.h"

#include <string.h>
#include <talloc.h>

/* A message with what the person's app knows beside it. A new reference. */
static json_t *shown(const struct message *m)
{
	json_t *copy = json_copy(m->object);

	if (*m->inline_id)
		json_object_set_new(copy, "inline_message_id", json_string(m->inline_id));
	if (m->only_for)
		json_object_set_new(copy, "ephemeral_for", json_string(m->only_for->key));
	if (m->silent)
		json_object_set_new(copy, "silent", json_true());
	return copy;
}

static json_t *visible_messages(const struct chat *c, const struct person *as)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_messages; i++)
		if (message_seen_by(&c->messages[i], as))
			json_array_append_new(list, shown(&c->messages[i]));
	return list;
}

static json_t *answers_here(const struct person *as, const struct chat *c)
{
	json_t *list = json_array(), *a;
	size_t i;

	json_array_foreach(as->answers, i, a)
	{
		if (js_int(a, "chat_id", 0) == c->id)
			json_array_append(list, a);
	}
	return list;
}

/* The chat's name for this person: of two people's chat the other one. A new reference. */
static json_t *shown_chat(struct world *w, const struct chat *c, const struct person *as)
{
	const struct person *other = NULL;

	for (size_t i = 0; i < PEOPLE; i++)
		if (c->members[i] && &w->people[i] != as)
			other = &w->people[i];
	if (c->owner || strcmp(c->type, "private") != 0 || !other)
		return json_incref(c->object);
	return json_pack("{sIssssss*}", "id", (json_int_t)other->id, "type", "private", "first_name", other->first,
			 "last_name", other->last, "username", *other->username ? other->username : NULL);
}

void sim_chat(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);

	if (!as)
		return;
	reply_json(w, r, 200,
		   json_pack("{sbsosososssosO?sIsI}", "ok", 1, "messages", visible_messages(c, as), "answers",
			     answers_here(as, c), "person",
			     json_pack("{sssOsbsb}", "key", as->key, "user", as->user, "started", as->started,
				       "blocked", as->blocked),
			     "chat_key", c->owner ? "private" : c->key, "chat", shown_chat(w, c, as), "keyboard",
			     c->keyboard, "pinned", (json_int_t)c->pinned, "version", (json_int_t)w->version));
}

static json_t *people_state(const struct world *w)
{
	json_t *list = json_object();

	for (size_t i = 0; i < PEOPLE; i++)
		json_object_set_new(list, w->people[i].key,
				    json_pack("{sOsbsb}", "user", w->people[i].user, "started", w->people[i].started,
					      "blocked", w->people[i].blocked));
	return list;
}

static json_t *members_of(const struct world *w, const struct chat *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < PEOPLE; i++)
		if (c->members[i])
			json_array_append_new(list, json_string(w->people[i].key));
	return list;
}

static json_t *chats_state(const struct world *w)
{
	json_t *list = json_object();

	for (size_t i = 0; i < CHATS; i++) {
		const struct chat *c = &w->chats[i];
		const char *key = c->owner ? c->owner->key : c->key;
		size_t shown = 0;

		for (size_t k = 0; k < c->n_messages; k++)
			shown += !c->messages[k].gone;
		json_object_set_new(list, key,
				    json_pack("{sOsIsbsIso}", "chat", c->object, "messages", (json_int_t)shown,
					      "bot_inside", c->bot_inside, "pinned", (json_int_t)c->pinned, "members",
					      members_of(w, c)));
	}
	return list;
}

void sim_state(struct world *w, struct request *r)
{
	json_t *state;

	bank_tick(w);
	state = json_pack("{sbsIs{sIsI}sosososossss}", "ok", 1, "version", (json_int_t)w->version, "clock", "now_ms",
			  (json_int_t)world_now_ms(w), "ahead_ms", (json_int_t)w->clock.ahead_ms, "people",
			  people_state(w), "chats", chats_state(w), "faults", faults_state(w), "profile",
			  profile_seen(w), "url", w->url, "bot_username", BOT_USERNAME);
	json_object_set_new(state, "pending_updates", json_integer((json_int_t)queue_pending(w)));
	json_object_set_new(state, "telegram", sim_telegram_state(w));
	json_object_set_new(state, "polling", json_boolean(queue_polled(w)));
	json_object_set(state, "allowed_updates", queue_allowed(w) ? queue_allowed(w) : json_null());
	records_state(w, state);
	bank_state(w, state);
	stubs_state(w, state);
	vandar_state(w, state);
	sms_stub_state(w, state);
	reply_json(w, r, 200, state);
}

void sim_file(struct world *w, struct request *r)
{
	const char *id = request_text(r, "file_id");
	const struct file *f = id ? files_with_id(w, id) : NULL;

	if (f)
		reply_bytes(w, r, 200, f->mime, f->bytes, f->n);
	else
		reply_sim_error(w, r,
				"give \"file_id\" of a picture or document that was sent; only the last %d are kept",
				FILES_MAX);
}
