/* Methods that change or remove messages: see api.h. */
#include "api.h"

#include "js.h"

#include <string.h>
#include <talloc.h>

enum { TEXT_UNITS_MAX = 4096, CAPTION_UNITS_MAX = 1024 };

#define DELETE_WITHIN_MS (48 * HOUR_MS)

/* The message to edit, with the chat that shows it. NULL with a refusal. A message in a synthetic chat is not kept, so
 * *chat is set and the result is NULL without a refusal. */
static struct message *target(struct call *c, struct chat **chat)
{
	const char *inline_id = api_text(c, "inline_message_id", NULL);
	struct message *m;

	*chat = NULL;
	if (inline_id) {
		m = message_with_inline_id(c->w, inline_id, chat);
		if (!m)
			api_refuse(c, REFUSED_STATE, 400, "Bad Request: MESSAGE_ID_INVALID");
		return m;
	}
	if (!json_object_get(c->p, "chat_id") || !json_object_get(c->p, "message_id")) {
		api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: message identifier is not specified");
		return NULL;
	}
	*chat = api_writable(c);
	if (!*chat || (*chat)->synthetic)
		return NULL;
	m = message_with_id(*chat, api_int(c, "message_id", 0));
	if (!m)
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to edit not found");
	else if (js_int(m->object, "from.id", 0) != BOT_ID) {
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: message can't be edited");
		return NULL;
	}
	return m;
}

/* In a synthetic chat an edit always succeeds. */
static bool synthetic_edit(struct call *c, struct chat *chat)
{
	if (!chat || !chat->synthetic)
		return false; /* the refusal is set */
	c->result = message_new(c->w, chat, bot_user());
	json_object_set(c->result, "message_id", json_object_get(c->p, "message_id"));
	return true;
}

bool api_replace(struct call *c, struct chat *chat, struct message *m, json_t *new)
{
	json_t *markup = json_object_get(c->p, "reply_markup");

	json_object_del(new, "reply_markup");
	if (!api_markup(c, markup, chat, new))
		return false;
	if (json_equal(new, m->object))
		return api_refuse(c, REFUSED_STATE, 400,
				  "Bad Request: message is not modified: specified new message content and reply "
				  "markup are exactly the same as a current content and reply markup of the message");
	json_object_set_new(new, "edit_date", json_integer(world_now_ms(c->w) / SECOND_MS));
	json_decref(m->object);
	m->object = json_incref(new);
	world_changed(c->w);
	c->result = api_text(c, "inline_message_id", NULL) || m->ephemeral_id ? json_true() : json_incref(new);
	return true;
}

bool api_replace_text(struct call *c, struct chat *chat, struct message *m, const struct rich_text *t)
{
	json_t *new = js_own(c->r, json_copy(m->object));

	json_object_set_new(new, "text", json_string(t->text));
	json_object_del(new, "entities");
	if (json_array_size(t->entities))
		json_object_set(new, "entities", t->entities);
	json_object_del(new, "link_preview_options");
	if (json_object_get(c->p, "link_preview_options"))
		json_object_set(new, "link_preview_options", json_object_get(c->p, "link_preview_options"));
	return api_replace(c, chat, m, new);
}

bool api_edit_text(struct call *c)
{
	struct rich_text t;
	struct chat *chat;
	struct message *m;

	if (!api_rich_text(c, c->p, "text", "entities", TEXT_UNITS_MAX, &t))
		return false;
	m = target(c, &chat);
	if (!m)
		return synthetic_edit(c, chat);
	if (!json_object_get(m->object, "text"))
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: there is no text in the message to edit");
	return api_replace_text(c, chat, m, &t);
}

bool api_edit_caption(struct call *c)
{
	struct rich_text t;
	struct chat *chat;
	struct message *m;
	json_t *new;

	if (!api_rich_text(c, c->p, "caption", "caption_entities", CAPTION_UNITS_MAX, &t))
		return false;
	m = target(c, &chat);
	if (!m)
		return synthetic_edit(c, chat);
	if (json_object_get(m->object, "text"))
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: there is no caption in the message to edit");
	new = js_own(c->r, json_copy(m->object));
	json_object_del(new, "caption");
	json_object_del(new, "caption_entities");
	if (t.units)
		json_object_set_new(new, "caption", json_string(t.text));
	if (json_array_size(t.entities))
		json_object_set(new, "caption_entities", t.entities);
	return api_replace(c, chat, m, new);
}

bool api_edit_markup(struct call *c)
{
	struct chat *chat;
	struct message *m = target(c, &chat);

	if (!m)
		return synthetic_edit(c, chat);
	return api_replace(c, chat, m, js_own(c->r, json_copy(m->object)));
}

bool api_edit_media(struct call *c)
{
	const json_t *media = json_object_get(c->p, "media");
	struct chat *chat;
	struct message *m = target(c, &chat);
	struct file *f;
	json_t *new;

	if (!m)
		return synthetic_edit(c, chat);
	if (*m->inline_id && strncmp(js_str(media, "media", ""), "attach://", 9) == 0)
		return api_refuse(c, REFUSED_VIOLATION, 400,
				  "Bad Request: a new file can't be uploaded into an inline message, only named by its "
				  "file_id");
	f = api_file(c, "media", js_str(media, "media", ""), file_kind_of(js_str(media, "type", "")));
	new = f ? js_own(c->r, json_copy(m->object)) : NULL;
	if (!new || !api_media(c, new, f, media))
		return false;
	json_object_del(new, "text");
	json_object_del(new, "entities");
	json_object_del(new, "link_preview_options");
	return api_replace(c, chat, m, new);
}

bool api_delete(struct call *c)
{
	struct chat *chat = api_writable(c);
	struct message *m = chat ? message_with_id(chat, api_int(c, "message_id", 0)) : NULL;
	int64_t age_ms;

	if (!chat)
		return false;
	if (!m && !chat->synthetic)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to delete not found");
	age_ms = m ? world_now_ms(c->w) - js_int(m->object, "date", 0) * SECOND_MS : 0;
	if (age_ms > DELETE_WITHIN_MS && chat->owner)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message can't be deleted");
	if (m)
		m->gone = true;
	world_changed(c->w);
	c->result = json_true();
	return true;
}

bool api_delete_many(struct call *c)
{
	struct chat *chat = api_writable(c);
	size_t i;
	json_t *id;

	if (!chat)
		return false;
	json_array_foreach(json_object_get(c->p, "message_ids"), i, id)
	{
		struct message *m = message_with_id(chat, json_integer_value(id));

		if (m)
			m->gone = true;
	}
	world_changed(c->w);
	c->result = json_true();
	return true;
}

bool api_pin(struct call *c)
{
	struct chat *chat = api_writable(c);
	const struct message *m = chat ? message_with_id(chat, api_int(c, "message_id", 0)) : NULL;

	if (!chat)
		return false;
	if (!m && !chat->synthetic)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to pin not found");
	chat->pinned = m ? m->id : 0;
	world_changed(c->w);
	c->result = json_true();
	return true;
}

bool api_unpin(struct call *c)
{
	struct chat *chat = api_writable(c);

	if (!chat)
		return false;
	if (!chat->pinned)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to unpin not found");
	chat->pinned = 0;
	world_changed(c->w);
	c->result = json_true();
	return true;
}

bool api_reaction(struct call *c)
{
	struct chat *chat = api_writable(c);
	const struct message *m = chat ? message_with_id(chat, api_int(c, "message_id", 0)) : NULL;

	if (!chat)
		return false;
	if (!m && !chat->synthetic)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to react not found");
	world_changed(c->w);
	c->result = json_true();
	return true;
}
