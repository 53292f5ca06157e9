/* What people do: see acts.h. */
#include "acts.h"

#include "api.h"
#include "html.h"
#include "js.h"
#include "queries.h"
#include "queue.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { PAYLOAD_MAX = 64 };

static void mark_entities(json_t *m, const char *text_name, const char *entities_name)
{
	void *ctx = talloc_new(NULL);
	const char *text = js_str(m, text_name, NULL);
	struct rich_text t;

	if (text) {
		/* What people type arrives as it is: a hostile text must reach the bot unchanged. */
		t = (struct rich_text){.text = talloc_strdup(ctx, text), .entities = js_own(ctx, json_array())};
		json_array_extend(t.entities, json_object_get(m, entities_name));
		entities_find(&t);
		if (json_array_size(t.entities))
			json_object_set(m, entities_name, t.entities);
	}
	talloc_free(ctx);
}

int64_t act_message(struct world *w, struct person *as, struct chat *c, json_t *m)
{
	if (c->owner) {
		if (as->blocked)
			act_block(w, as, false);
		as->started = true;
	}
	mark_entities(m, "text", "entities");
	mark_entities(m, "caption", "caption_entities");
	message_file(w, c, m);
	if (c->bot_inside)
		queue_add(w, "message", json_incref(m));
	json_decref(m);
	return js_int(c->messages[c->n_messages - 1].object, "message_id", 0);
}

int64_t act_text(struct world *w, struct person *as, struct chat *c, const char *text)
{
	json_t *m = message_new(w, c, as->user);

	json_object_set_new(m, "text", json_string(text));
	return act_message(w, as, c, m);
}

void act_edit(struct world *w, struct chat *c, struct message *m, const char *text)
{
	bool plain = json_object_get(m->object, "text") != NULL;
	json_t *new = json_copy(m->object);

	json_object_set_new(new, plain ? "text" : "caption", json_string(text));
	json_object_del(new, plain ? "entities" : "caption_entities");
	mark_entities(new, plain ? "text" : "caption", plain ? "entities" : "caption_entities");
	json_object_set_new(new, "edit_date", json_integer(world_now_ms(w) / SECOND_MS));
	json_decref(m->object);
	m->object = new;
	world_changed(w);
	if (c->bot_inside)
		queue_add(w, "edited_message", json_incref(new));
}

json_t *act_callback(struct world *w, struct person *as, struct chat *c, const struct message *m, const char *data)
{
	json_t *id = queries_new_id(w, as, c, m ? m->id : 0);
	char instance[32];
	json_t *query;

	snprintf(instance, sizeof instance, "%lld", (long long)(c->id * 31 + 17)); /* one for all who are in the chat */
	query = json_pack("{sOsOssss}", "id", id, "from", as->user, "chat_instance", instance, "data", data);
	if (m && *m->inline_id)
		json_object_set_new(query, "inline_message_id", json_string(m->inline_id));
	else if (m)
		json_object_set(query, "message", m->object);
	else /* an InaccessibleMessage: date 0, nothing but its place */
		json_object_set_new(query, "message",
				    json_pack("{sOsisi}", "chat", c->object, "message_id", 1, "date", 0));
	queue_add(w, "callback_query", query);
	return id;
}

bool link_carries(const char *payload)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	size_t n = strlen(payload);

	return n <= PAYLOAD_MAX && strspn(payload, letters) == n;
}

static const char *after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncasecmp(s, prefix, n) == 0 ? s + n : NULL;
}

bool link_payload(void *ctx, const char *link, char **payload)
{
	static const char *const roots[] = {"https://t.me/" BOT_USERNAME, "http://t.me/" BOT_USERNAME,
					    "t.me/" BOT_USERNAME, "https://telegram.me/" BOT_USERNAME,
					    "tg://resolve?domain=" BOT_USERNAME};

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		const char *rest = after(link, roots[i]), *start;

		if (!rest || (*rest && !strchr("?&", *rest)))
			continue;
		start = strstr(rest, "start=");
		*payload = start ? talloc_strndup(ctx, start + 6, strcspn(start + 6, "&#")) : talloc_strdup(ctx, "");
		return true;
	}
	return false;
}

int64_t act_open(struct world *w, struct person *as, const char *payload)
{
	char text[PAYLOAD_MAX + 8];

	if (!link_carries(payload))
		return 0;
	snprintf(text, sizeof text, *payload ? "/start %s" : "/start%s", payload);
	return act_text(w, as, &w->chats[as - w->people], text);
}

static void tell_membership(struct world *w, const struct person *by, const struct chat *c, const char *before,
			    const char *after)
{
	queue_add(w, "my_chat_member",
		  json_pack("{sOsOsIsoso}", "chat", c->object, "from", by->user, "date",
			    (json_int_t)(world_now_ms(w) / SECOND_MS), "old_chat_member",
			    api_member(bot_user(), before), "new_chat_member", api_member(bot_user(), after)));
	world_changed(w);
}

void act_membership(struct world *w, struct chat *c, bool inside)
{
	const struct person *by = &w->people[c->creator >= 0 ? c->creator : c->admin];

	if (c->bot_inside == inside)
		return;
	c->bot_inside = inside;
	c->hidden = c->hidden && !inside;
	tell_membership(w, by, c, inside ? "left" : "administrator", inside ? "administrator" : "left");
}

void act_block(struct world *w, struct person *as, bool blocked)
{
	if (as->blocked == blocked)
		return;
	as->blocked = blocked;
	tell_membership(w, as, &w->chats[as - w->people], blocked ? "member" : "kicked", blocked ? "kicked" : "member");
}

void act_seen_answer(struct world *w, struct person *as, json_t *answer)
{
	if (json_array_size(as->answers) == ANSWERS_MAX)
		json_array_remove(as->answers, 0);
	json_array_append_new(as->answers, answer);
	world_changed(w);
}
