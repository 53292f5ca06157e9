/* The control interface: what people write, alone or as an album. See sim.h. */
#include "sim.h"

#include "acts.h"
#include "files.h"
#include "html.h"
#include "js.h"
#include "reply.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

enum { TEXT_UNITS_MAX = 4096, ALBUM_MIN = 2, ALBUM_MAX = 10 };

/* What can be sent as a file; the first that a request has is meant. */
static const struct {
	const char *part;
	enum file_kind kind;
} parts[] = {{"photo", FILE_PHOTO},
	     {"document", FILE_DOCUMENT},
	     {"video", FILE_VIDEO},
	     {"voice", FILE_VOICE},
	     {"sticker", FILE_STICKER}};

static struct file *kept(struct world *w, struct request *r, enum file_kind kind, const char *name, const char *bytes,
			 size_t n)
{
	const char *error = "";
	struct file *f = files_add(w, kind, name, bytes, n, &error);

	if (!f)
		reply_sim_error(w, r, "%s", error);
	return f;
}

/* The file that a value means: a sample for `true`, the id of a file, base64 text, {"name", "data": base64}. NULL with
 * an answer when it cannot be taken. */
static struct file *given_file(struct world *w, struct request *r, const char *part, enum file_kind kind,
			       const json_t *v)
{
	const char *text = json_is_object(v) ? js_str(v, "data", "") : json_string_value(v);
	const char *name = js_str(v, "name", kind == FILE_PHOTO ? "photo.png" : "document.pdf");
	struct file *f = text ? files_with_id(w, text) : NULL;
	unsigned char *raw;
	size_t n;

	if (json_is_true(v))
		return files_sample(w, kind);
	if (f && f->kind == kind)
		return f;
	raw = talloc_size(r, text ? strlen(text) + 1 : 1);
	if (!text || sodium_base642bin(raw, strlen(text), text, strlen(text), "\r\n", &n, NULL,
				       sodium_base64_VARIANT_ORIGINAL) != 0) {
		reply_sim_error(w, r, "give \"%s\": true, a file_id, base64 text or {\"name\",\"data\"}", part);
		return NULL;
	}
	return kept(w, r, kind, name, (const char *)raw, n);
}

static const struct upload *uploaded(const struct request *r, const char *part)
{
	for (size_t i = 0; i < r->n_uploads; i++)
		if (strcmp(r->uploads[i].field, part) == 0)
			return &r->uploads[i];
	return NULL;
}

/* Adds the photo, document or the like, if any. False when the request was answered with an error. */
static bool add_file(struct world *w, struct request *r, json_t *m)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct upload *u = uploaded(r, parts[i].part);
		const json_t *v = json_object_get(r->params, parts[i].part);
		struct file *f;

		if (!u && (!v || json_is_false(v)))
			continue;
		f = u ? kept(w, r, parts[i].kind, u->filename, u->bytes->data, u->bytes->len)
		      : given_file(w, r, parts[i].part, parts[i].kind, v);
		if (f)
			file_put(m, f);
		return f != NULL;
	}
	return true;
}

static json_t *own_contact(const struct person *as)
{
	char phone[24];

	snprintf(phone, sizeof phone, "98912%07lld", (long long)(as->id % 10000000));
	return json_pack("{sssssssI}", "phone_number", phone, "first_name", as->first, "last_name", as->last, "user_id",
			 (json_int_t)as->id);
}

static void add_extras(const struct request *r, const struct person *as, json_t *m)
{
	json_t *location = json_object_get(r->params, "location"), *contact = json_object_get(r->params, "contact");

	if (json_is_true(location))
		json_object_set_new(m, "location", json_pack("{sfsf}", "latitude", 35.6997, "longitude", 51.338));
	else if (json_is_object(location))
		json_object_set(m, "location", location);
	if (json_is_true(contact))
		json_object_set_new(m, "contact", own_contact(as));
	else if (json_is_object(contact))
		json_object_set(m, "contact", contact);
}

static bool add_origin(struct world *w, struct request *r, json_t *m)
{
	const char *name = request_text(r, "forward_from");
	const struct person *from = person_named(w, name);
	json_t *date = json_object_get(m, "date");

	if (!name)
		return true;
	if (from)
		json_object_set_new(m, "forward_origin",
				    json_pack("{sssOsO}", "type", "user", "date", date, "sender_user", from->user));
	else if (strcmp(name, "bot") == 0)
		json_object_set_new(m, "forward_origin",
				    json_pack("{sssOsO}", "type", "user", "date", date, "sender_user", bot_user()));
	else
		json_object_set_new(
			m, "forward_origin",
			json_pack("{sssOss}", "type", "hidden_user", "date", date, "sender_user_name", name));
	return true;
}

static bool add_reply(struct world *w, struct request *r, const struct chat *c, json_t *m)
{
	int64_t id = sim_int(r, "reply_to", 0);
	const struct message *old = id ? message_with_id((struct chat *)c, id) : NULL;
	json_t *copy;

	if (!id)
		return true;
	if (!old) {
		reply_sim_error(w, r, "reply_to %lld is no message of this chat", (long long)id);
		return false;
	}
	copy = json_copy(old->object);
	json_object_del(copy, "reply_to_message");
	json_object_set_new(m, "reply_to_message", copy);
	return true;
}

/* A person without a username is mentioned by name: the first name in the text becomes the link that Telegram's list of
 * members makes. */
static bool add_mention(struct world *w, struct request *r, json_t *m)
{
	const char *key = request_text(r, "text_mention"), *text = request_text(r, "text");
	const struct person *who = person_named(w, key);
	const char *at = who && text ? strstr(text, who->first) : NULL;

	if (!key)
		return true;
	if (!at) {
		reply_sim_error(w, r,
				"text_mention: give one of sara, reza, mina, omid whose first name is in the text");
		return false;
	}
	json_object_set_new(m, "entities",
			    json_pack("[{sssIsIsO}]", "type", "text_mention", "offset",
				      (json_int_t)utf16_units(text, (size_t)(at - text)), "length",
				      (json_int_t)utf16_units(who->first, strlen(who->first)), "user", who->user));
	return true;
}

static bool has_content(const json_t *m)
{
	static const char *const content[] = {"text", "location", "contact"};

	for (size_t i = 0; i < sizeof content / sizeof *content; i++)
		if (json_object_get(m, content[i]))
			return true;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (json_object_get(m, parts[i].part))
			return true;
	return false;
}

/* A message with all that does not depend on its content. NULL when the request was answered with an error. */
static json_t *begin(struct world *w, struct request *r, struct person *as, struct chat *c)
{
	json_t *m = js_own(r, message_new(w, c, as->user));

	if (!add_reply(w, r, c, m) || !add_origin(w, r, m))
		return NULL;
	if (sim_int(r, "thread", 0) && c->forum) {
		json_object_set_new(m, "message_thread_id", json_integer(sim_int(r, "thread", 0)));
		json_object_set_new(m, "is_topic_message", json_true());
	}
	return m;
}

static void send_one(struct world *w, struct request *r, struct person *as, struct chat *c, const char *text)
{
	json_t *m = begin(w, r, as, c);

	if (!m || !add_file(w, r, m))
		return;
	add_extras(r, as, m);
	if (text && *text && has_content(m))
		json_object_set_new(m, "caption", json_string(text));
	else if (text && *text && !add_mention(w, r, m))
		return;
	else if (text && *text)
		json_object_set_new(m, "text", json_string(text));
	if (!has_content(m)) {
		reply_sim_error(w, r,
				"the message is empty: give text, photo, document, video, voice, sticker, "
				"album, location or contact");
		return;
	}
	reply_json(w, r, 200,
		   json_pack("{sbsI}", "ok", 1, "message_id", (json_int_t)act_message(w, as, c, json_incref(m))));
}

/* Several photos with one media_group_id: a message and an update each, as Telegram sends them. */
static void send_album(struct world *w, struct request *r, struct person *as, struct chat *c, const json_t *album)
{
	const char *group = rnd_token(r, &w->rnd, 9), *text = request_text(r, "text");
	json_t *list = js_own(r, json_array()), *ids, *one, *m;
	size_t i;

	if (json_array_size(album) < ALBUM_MIN || json_array_size(album) > ALBUM_MAX) {
		reply_sim_error(w, r,
				"give \"album\": %d to %d photos, each true, a file_id, base64 text or "
				"{\"name\",\"data\"}",
				ALBUM_MIN, ALBUM_MAX);
		return;
	}
	json_array_foreach((json_t *)album, i, one)
	{
		struct file *f = given_file(w, r, "album", FILE_PHOTO, one);

		m = f ? begin(w, r, as, c) : NULL;
		if (!m)
			return;
		file_put(m, f);
		json_object_set_new(m, "media_group_id", json_string(group));
		if (i == 0 && text && *text)
			json_object_set_new(m, "caption", json_string(text));
		json_array_append(list, m);
	}
	ids = json_array();
	json_array_foreach(list, i, m)
	{
		json_array_append_new(ids, json_integer(act_message(w, as, c, json_incref(m))));
	}
	reply_json(w, r, 200,
		   json_pack("{sbsOsoss}", "ok", 1, "message_id", json_array_get(ids, 0), "message_ids", ids,
			     "media_group_id", group));
}

void sim_message(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	const char *text = request_text(r, "text");
	const json_t *album = json_object_get(r->params, "album");

	if (!as)
		return;
	if (text && utf16_units(text, strlen(text)) > TEXT_UNITS_MAX) {
		reply_sim_error(w, r, "text has more than %d characters: Telegram would send it in parts",
				TEXT_UNITS_MAX);
		return;
	}
	if (album)
		send_album(w, r, as, c, album);
	else
		send_one(w, r, as, c, text);
}
