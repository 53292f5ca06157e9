/* Methods that send: see api.h. */
#include "api.h"

#include "bench.h"
#include "js.h"
#include "reply.h"

#include <assert.h>
#include <string.h>
#include <talloc.h>

enum { TEXT_UNITS_MAX = 4096 };

/* Fills in the message that is answered to; false with a refusal when it has to exist and does not. */
static bool set_reply(struct call *c, struct chat *chat, json_t *m)
{
	const json_t *wish = json_object_get(c->p, "reply_parameters");
	const struct message *old = wish ? message_with_id(chat, js_int(wish, "message_id", 0)) : NULL;
	json_t *copy;

	if (!wish)
		return true;
	if (!old && js_bool(wish, "allow_sending_without_reply", false))
		return true;
	if (!old)
		return api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to be replied not found");
	copy = json_copy(old->object);
	json_object_del(copy, "reply_to_message");
	json_object_set_new(m, "reply_to_message", copy);
	return true;
}

/* What all sending methods do before their own part. NULL with a refusal. */
static json_t *begin(struct call *c, struct chat **chat)
{
	json_t *m;

	*chat = api_writable(c);
	if (!*chat || !api_markup(c, json_object_get(c->p, "reply_markup"), *chat, NULL))
		return NULL;
	m = js_own(c->r, message_new(c->w, *chat, bot_user()));
	if (!set_reply(c, *chat, m))
		return NULL;
	if (api_int(c, "message_thread_id", 0)) {
		json_object_set_new(m, "message_thread_id", json_integer(api_int(c, "message_thread_id", 0)));
		json_object_set_new(m, "is_topic_message", json_true());
	}
	if (js_bool(c->p, "protect_content", false))
		json_object_set_new(m, "has_protected_content", json_true());
	return m;
}

static void finish(struct call *c, struct chat *chat, json_t *m)
{
	struct message *filed;

	api_markup(c, json_object_get(c->p, "reply_markup"), chat, m);
	if (chat->synthetic)
		bench_sent(c->w, chat->id);
	filed = message_file(c->w, chat, m);
	if (filed)
		filed->silent = js_bool(c->p, "disable_notification", false);
}

bool api_send_message(struct call *c)
{
	struct rich_text t;
	struct chat *chat;
	json_t *m;

	if (!api_rich_text(c, c->p, "text", "entities", TEXT_UNITS_MAX, &t))
		return false;
	m = begin(c, &chat);
	if (!m || !api_ephemeral(c, chat, m))
		return false;
	json_object_set_new(m, "text", json_string(t.text));
	if (json_array_size(t.entities))
		json_object_set(m, "entities", t.entities);
	if (json_object_get(c->p, "link_preview_options"))
		json_object_set(m, "link_preview_options", json_object_get(c->p, "link_preview_options"));
	finish(c, chat, m);
	c->result = json_incref(m);
	return true;
}

static bool send_file(struct call *c, const char *part, enum file_kind kind)
{
	struct chat *chat;
	struct file *f = api_file(c, part, api_text(c, part, NULL), kind);
	json_t *m = f ? begin(c, &chat) : NULL;

	if (!m || !api_media(c, m, f, c->p))
		return false;
	if (js_bool(c->p, "has_spoiler", false))
		json_object_set_new(m, "has_media_spoiler", json_true());
	finish(c, chat, m);
	c->result = json_incref(m);
	return true;
}

bool api_send_photo(struct call *c)
{
	return send_file(c, "photo", FILE_PHOTO);
}

bool api_send_document(struct call *c)
{
	return send_file(c, "document", FILE_DOCUMENT);
}

bool api_send_media_group(struct call *c)
{
	json_t *media = json_object_get(c->p, "media"), *done = js_own(c->r, json_array()), *item;
	const char *group = rnd_token(c->r, &c->w->rnd, 9);
	struct chat *chat = NULL;
	const char *type = js_str(json_array_get(media, 0), "type", "");
	enum file_kind kind = file_kind_of(type);
	size_t i;

	if (kind != FILE_PHOTO && kind != FILE_DOCUMENT)
		return api_refuse(c, REFUSED_VIOLATION, 400, "Bad Request: an album holds photos or documents");
	json_array_foreach(media, i, item)
	{
		struct file *f;
		json_t *m;

		if (strcmp(js_str(item, "type", ""), type) != 0)
			return api_refuse(c, REFUSED_VIOLATION, 400,
					  "Bad Request: document can't be mixed with other media types");
		f = api_file(c, "media", js_str(item, "media", ""), kind);
		m = f ? begin(c, &chat) : NULL;
		if (!m || !api_media(c, m, f, item))
			return false;
		json_object_set_new(m, "media_group_id", json_string(group));
		json_array_append(done, m);
	}
	assert(chat); /* the table asks for two at least */
	json_array_foreach(done, i, item)
	{
		finish(c, chat, item);
	}
	c->result = json_incref(done);
	return true;
}

/* The message that is to be sent on; NULL with a refusal. */
static const struct message *source(struct call *c, const char *what)
{
	struct chat *from = api_chat(c, "from_chat_id");
	const struct message *old = from ? message_with_id(from, api_int(c, "message_id", 0)) : NULL;

	if (from && !old)
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: message to %s not found", what);
	else if (old && js_bool(old->object, "has_protected_content", false)) {
		api_refuse(c, REFUSED_STATE, 400, "Bad Request: the message can't be %s", what);
		return NULL;
	}
	return old;
}

static void take_content(json_t *m, const json_t *old)
{
	static const char *const content[] = {
		"text",     "entities", "photo", "document", "caption", "caption_entities",
		"location", "contact",  "venue", NULL};

	for (size_t i = 0; content[i]; i++)
		if (json_object_get(old, content[i]))
			json_object_set(m, content[i], json_object_get(old, content[i]));
}

bool api_forward(struct call *c)
{
	const struct message *old = source(c, "forward");
	struct chat *chat;
	json_t *m = old ? begin(c, &chat) : NULL;

	if (!m)
		return false;
	take_content(m, old->object);
	json_object_set_new(m, "forward_origin",
			    json_pack("{sssOsO}", "type", "user", "date", json_object_get(old->object, "date"),
				      "sender_user", json_object_get(old->object, "from")));
	finish(c, chat, m);
	c->result = json_incref(m);
	return true;
}

bool api_copy(struct call *c)
{
	const struct message *old = source(c, "copy");
	struct chat *chat;
	json_t *m = old ? begin(c, &chat) : NULL;
	struct rich_text t;

	if (!m)
		return false;
	take_content(m, old->object);
	if (json_object_get(c->p, "caption")) {
		if (!api_rich_text(c, c->p, "caption", "caption_entities", 1024, &t))
			return false;
		json_object_set_new(m, "caption", json_string(t.text));
		json_object_set(m, "caption_entities", t.entities);
	}
	finish(c, chat, m);
	c->result = json_pack("{sO}", "message_id", json_object_get(m, "message_id"));
	return true;
}
