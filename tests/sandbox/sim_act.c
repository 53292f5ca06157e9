/* The control interface: what people write, press and open. See sim.h. */
#include "sim.h"

#include "acts.h"
#include "files.h"
#include "html.h"
#include "js.h"
#include "reply.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TEXT_UNITS_MAX = 4096 };

/* Bytes of a photo or document: an uploaded part, base64 text, {"data": base64}, or a sample for `true`. NULL with an
 * answer when they cannot be taken. */
static struct file *sent_file(struct world *w, struct request *r, const char *part, bool photo)
{
	const json_t *v = json_object_get(r->params, part);
	const char *text = json_is_object(v) ? js_str(v, "data", "") : json_string_value(v);
	const char *name = js_str(v, "name", photo ? "photo.png" : "document.pdf"), *error = "";
	struct file *f;
	unsigned char *raw;
	size_t n;

	for (size_t i = 0; i < r->n_uploads; i++)
		if (strcmp(r->uploads[i].field, part) == 0) {
			f = files_add(w, photo, r->uploads[i].filename, r->uploads[i].bytes->data,
				      r->uploads[i].bytes->len, &error);
			if (!f)
				reply_sim_error(w, r, "%s", error);
			return f;
		}
	if (json_is_true(v))
		return photo ? files_sample_photo(w) : files_add(w, false, name, "sample\n", 7, &error);
	f = text ? files_with_id(w, text) : NULL;
	if (f && f->photo == photo)
		return f;
	raw = talloc_size(r, text ? strlen(text) + 1 : 1);
	if (!text || sodium_base642bin(raw, strlen(text), text, strlen(text), "\r\n", &n, NULL,
				       sodium_base64_VARIANT_ORIGINAL) != 0) {
		reply_sim_error(w, r, "give \"%s\": true, a file_id, base64 text or {\"name\",\"data\"}", part);
		return NULL;
	}
	f = files_add(w, photo, name, (const char *)raw, n, &error);
	if (!f)
		reply_sim_error(w, r, "%s", error);
	return f;
}

static bool has_part(const struct request *r, const char *part)
{
	for (size_t i = 0; i < r->n_uploads; i++)
		if (strcmp(r->uploads[i].field, part) == 0)
			return true;
	return json_object_get(r->params, part) != NULL && !json_is_false(json_object_get(r->params, part));
}

/* Adds the photo or document, if any. False when the request was answered with an error. */
static bool add_file(struct world *w, struct request *r, json_t *m)
{
	bool photo = has_part(r, "photo");
	struct file *f;

	if (!photo && !has_part(r, "document"))
		return true;
	f = sent_file(w, r, photo ? "photo" : "document", photo);
	if (!f)
		return false;
	json_object_set_new(m, photo ? "photo" : "document", photo ? file_photo_sizes(f) : file_document(f));
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

static bool has_content(const json_t *m)
{
	static const char *const content[] = {"text", "photo", "document", "location", "contact"};

	for (size_t i = 0; i < sizeof content / sizeof *content; i++)
		if (json_object_get(m, content[i]))
			return true;
	return false;
}

void sim_message(struct world *w, struct request *r)
{
	struct chat *c;
	struct person *as = sim_person(w, r, &c);
	const char *text = request_text(r, "text");
	json_t *m;

	if (!as)
		return;
	if (text && utf16_units(text, strlen(text)) > TEXT_UNITS_MAX) {
		reply_sim_error(w, r, "text has more than %d characters: Telegram would send it in parts",
				TEXT_UNITS_MAX);
		return;
	}
	m = js_own(r, message_new(w, c, as->user));
	if (!add_file(w, r, m) || !add_reply(w, r, c, m) || !add_origin(w, r, m))
		return;
	add_extras(r, as, m);
	if (sim_int(r, "thread", 0) && c->forum) {
		json_object_set_new(m, "message_thread_id", json_integer(sim_int(r, "thread", 0)));
		json_object_set_new(m, "is_topic_message", json_true());
	}
	if (text && *text)
		json_object_set_new(m, has_content(m) ? "caption" : "text", json_string(text));
	if (!has_content(m)) {
		reply_sim_error(w, r, "the message is empty: give text, photo, document, location or contact");
		return;
	}
	reply_json(w, r, 200,
		   json_pack("{sbsI}", "ok", 1, "message_id", (json_int_t)act_message(w, as, c, json_incref(m))));
}

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
	if (blocked)
		act_block(w, as, json_is_true(blocked));
	world_changed(w);
	reply_json(w, r, 200, json_pack("{sbsO}", "ok", 1, "user", as->user));
}

void sim_set_group(struct world *w, struct request *r)
{
	struct chat *c = chat_seen_by(w, &w->people[3], json_object_get(r->params, "chat"));
	const json_t *topics = json_object_get(r->params, "topics");

	if (!c || c->owner) {
		reply_sim_error(w, r, "give \"chat\": bazaar or staff");
		return;
	}
	if (topics) {
		c->forum = json_is_true(topics);
		if (c->forum)
			json_object_set_new(c->object, "is_forum", json_true());
		else
			json_object_del(c->object, "is_forum");
	}
	if (json_is_true(json_object_get(r->params, "migrate")))
		chat_migrate(w, c);
	if (json_object_get(r->params, "bot_inside"))
		c->bot_inside = js_bool(r->params, "bot_inside", true);
	world_changed(w);
	reply_json(w, r, 200, json_pack("{sbsO}", "ok", 1, "chat", c->object));
}
