/* From getUpdates to neutral updates: see telegram_in.h. */
#include "telegram_in.h"

#include "js.h"
#include "log.h"
#include "telegram_api.h"
#include "telegram_json.h"
#include "utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#define LARGEST_ID (INT64_C(1) << 53) /* chats and people have at most 52 significant bits (telegram.md 1.5) */
#define LATEST_DATE_S (INT64_C(1) << 40)

enum {
	DATA_BYTES = 64,
	FILE_ID_BYTES = 512,
	MIME_UNITS = 128,
	PHONE_UNITS = 32,
	LANGUAGE_UNITS = 16,
	COMMAND_BYTES = 32,
	FIRST_BATCH = 16
};

/* Accounts of Telegram's own that stand for somebody else: service notices, anonymous admins, posts as a channel. */
static const int64_t nobody_ids[] = {777000, 1087968824, 136817688};

struct reading {
	void *ctx;
	const char *bot_username;
};

static struct update blank(int64_t id)
{
	return (struct update){
		.id = id,
		.kind = UPDATE_OTHER,
		.chat_title = "",
		.from_name = "",
		.from_username = "",
		.from_language = "",
		.reply_to_text = "",
		.reply_to_file_id = "",
		.album = "",
		.text = "",
		.args = "",
		.callback_id = "",
		.data = "",
		.inline_id = "",
		.file_id = "",
		.file_unique_id = "",
		.file_mime = "",
		.contact_phone = "",
	};
}

/* An id of a chat, person or message; 0 when it is missing, of another type or out of range. */
static int64_t id_at(const json_t *j, const char *path)
{
	int64_t id = js_int(j, path, 0);

	return id > -LARGEST_ID && id < LARGEST_ID ? id : 0;
}

static const char *cut_units(void *ctx, const char *s, size_t units)
{
	size_t fits = utf8_fit_utf16(s, units);
	char *copy;

	if (!s[fits])
		return s;
	copy = talloc_strndup(ctx, s, fits);
	if (!copy)
		abort();
	return copy;
}

static const char *text_at(const struct reading *r, const json_t *j, const char *path, size_t units)
{
	return cut_units(r->ctx, js_str(j, path, ""), units);
}

/* An opaque word of the server's or of our own: whole or not at all, since a part of it means nothing. */
static const char *word_at(const json_t *j, const char *path, size_t most_bytes)
{
	const char *s = js_str(j, path, "");

	return strlen(s) <= most_bytes ? s : "";
}

static bool read_chat(const struct reading *r, const json_t *chat, struct update *u)
{
	static const struct {
		const char *type;
		enum chat_kind kind;
	} kinds[] = {{"private", CHAT_PRIVATE},
		     {"group", CHAT_GROUP},
		     {"supergroup", CHAT_GROUP},
		     {"channel", CHAT_CHANNEL}};
	const char *type = js_str(chat, "type", "");

	u->chat_id = id_at(chat, "id");
	if (!u->chat_id)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(type, kinds[i].type))
			continue;
		u->chat_kind = kinds[i].kind;
		if (u->chat_kind != CHAT_PRIVATE)
			u->chat_title = text_at(r, chat, "title", TELEGRAM_NAME_UNITS);
		return true;
	}
	return false;
}

static bool is_nobody(int64_t id)
{
	for (size_t i = 0; i < sizeof nobody_ids / sizeof nobody_ids[0]; i++)
		if (id == nobody_ids[i])
			return true;
	return false;
}

static const char *full_name(const struct reading *r, const json_t *from)
{
	const char *first = js_str(from, "first_name", ""), *last = js_str(from, "last_name", "");
	char *both;

	if (!*last)
		return cut_units(r->ctx, first, TELEGRAM_NAME_UNITS);
	both = talloc_asprintf(r->ctx, "%s %s", first, last);
	if (!both)
		abort();
	return cut_units(r->ctx, both, TELEGRAM_NAME_UNITS);
}

static void read_person(const struct reading *r, const json_t *from, struct update *u)
{
	u->from_id = id_at(from, "id");
	if (u->from_id <= 0 || is_nobody(u->from_id))
		u->from_id = 0;
	u->from_name = full_name(r, from);
	u->from_username = text_at(r, from, "username", TELEGRAM_NAME_UNITS);
	u->from_language = text_at(r, from, "language_code", LANGUAGE_UNITS);
	u->from_is_bot = js_bool(from, "is_bot", false);
}

static int64_t date_ms(const json_t *j)
{
	int64_t s = js_int(j, "date", 0);

	return s > 0 && s < LATEST_DATE_S ? s * 1000 : 0;
}

/* Where the message stands: topic, number, date, what it answers. */
static void read_place(const json_t *m, struct update *u)
{
	u->message_id = id_at(m, "message_id");
	u->date_ms = date_ms(m);
	if (js_bool(m, "is_topic_message", false))
		u->thread_id = id_at(m, "message_thread_id");
	u->album = word_at(m, "media_group_id", FILE_ID_BYTES);
	/* In a topic each message "replies" to the notice that opened the topic; nobody meant that. */
	if (!js_at(m, "reply_to_message.forum_topic_created"))
		u->reply_to_message_id = id_at(m, "reply_to_message.message_id");
}

/* What the message answers: who wrote it, its words, its picture. */
static void read_answered(const struct reading *r, const json_t *m, struct update *u)
{
	const json_t *old = js_at(m, "reply_to_message"), *from = js_at(old, "from");
	int64_t id = id_at(from, "id");

	if (!u->reply_to_message_id)
		return;
	u->reply_to_text = text_at(r, old, js_at(old, "text") ? "text" : "caption", TELEGRAM_TEXT_UNITS);
	u->reply_to_file_id = word_at(telegram_largest_photo(js_at(old, "photo")), "file_id", FILE_ID_BYTES);
	if (id <= 0 || is_nobody(id) || js_at(old, "sender_chat") || js_bool(from, "is_bot", false))
		return;
	u->reply_to_id = id;
}

/* Both forms: forward_origin, and what servers before Bot API 7.0 (and Bale) say. */
static void read_forward(const json_t *m, struct update *u)
{
	u->forwarded = js_at(m, "forward_origin") || js_at(m, "forward_date");
	u->forwarded_from_id = id_at(m, "forward_origin.sender_user.id");
	if (!u->forwarded_from_id)
		u->forwarded_from_id = id_at(m, "forward_from.id");
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Skips "@name"; false when the name is another bot's. */
static bool skip_our_name(const char **at, const char *ours)
{
	size_t n = strlen(ours);

	if (**at != '@')
		return true;
	if (!n || strncasecmp(*at + 1, ours, n))
		return false;
	*at += 1 + n;
	return !is_word_byte(**at);
}

static const char *trimmed_rest(void *ctx, const char *s)
{
	size_t n;
	char *copy;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	if (!s[n])
		return s;
	copy = talloc_strndup(ctx, s, n);
	if (!copy)
		abort();
	return copy;
}

static void read_command(const struct reading *r, struct update *u)
{
	const char *at = u->text;
	size_t n = 0;
	char *name;

	if (*at++ != '/')
		return;
	while (is_word_byte(at[n]))
		n++;
	if (!n || n > COMMAND_BYTES)
		return;
	name = talloc_strndup(r->ctx, at, n);
	if (!name)
		abort();
	at += n;
	/* What follows may be a Persian letter or mark without a space, but not another path or name. */
	if (!skip_our_name(&at, r->bot_username) || (ispunct((unsigned char)*at)))
		return;
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	u->command = name;
	u->args = trimmed_rest(r->ctx, at);
}

static bool read_file(const json_t *file, struct update *u)
{
	u->file_id = word_at(file, "file_id", FILE_ID_BYTES);
	u->file_unique_id = word_at(file, "file_unique_id", FILE_ID_BYTES);
	u->file_bytes = js_int(file, "file_size", 0);
	if (u->file_bytes < 0)
		u->file_bytes = 0;
	return *u->file_id != '\0';
}

/* Readers of a message's content. Each is given the member that names it; false: not what it claims to be. */

static bool read_text(const struct reading *r, const json_t *text, struct update *u)
{
	if (!json_is_string(text))
		return false;
	u->text = cut_units(r->ctx, json_string_value(text), TELEGRAM_TEXT_UNITS);
	return true;
}

static bool read_photo(const struct reading *r, const json_t *sizes, struct update *u)
{
	(void)r;
	u->file_mime = "image/jpeg"; /* the API re-encodes every photo and names no type */
	return read_file(telegram_largest_photo(sizes), u);
}

static bool read_document(const struct reading *r, const json_t *file, struct update *u)
{
	u->file_mime = text_at(r, file, "mime_type", MIME_UNITS);
	return read_file(file, u);
}

static bool read_contact(const struct reading *r, const json_t *contact, struct update *u)
{
	u->contact_user_id = id_at(contact, "user_id");
	u->contact_phone = text_at(r, contact, "phone_number", PHONE_UNITS);
	return *u->contact_phone != '\0';
}

static bool read_location(const struct reading *r, const json_t *place, struct update *u)
{
	const json_t *latitude = js_at(place, "latitude"), *longitude = js_at(place, "longitude");

	(void)r;
	if (!json_is_number(latitude) || !json_is_number(longitude))
		return false;
	u->latitude = json_number_value(latitude);
	u->longitude = json_number_value(longitude);
	return u->latitude >= -90 && u->latitude <= 90 && u->longitude >= -180 && u->longitude <= 180;
}

static bool read_nothing(const struct reading *r, const json_t *member, struct update *u)
{
	(void)r;
	(void)u;
	return json_is_object(member);
}

static const struct {
	const char *member;
	enum update_kind kind;
	bool (*read)(const struct reading *, const json_t *, struct update *);
} contents[] = {
	{"text", UPDATE_TEXT, read_text},
	{"photo", UPDATE_PHOTO, read_photo},
	{"document", UPDATE_DOCUMENT, read_document},
	{"video", UPDATE_DOCUMENT, read_document},
	{"audio", UPDATE_DOCUMENT, read_document},
	{"voice", UPDATE_DOCUMENT, read_document},
	{"video_note", UPDATE_DOCUMENT, read_document},
	{"contact", UPDATE_CONTACT, read_contact},
	{"location", UPDATE_LOCATION, read_location},
	{"sticker", UPDATE_STICKER, read_nothing},
	{"animation", UPDATE_STICKER, read_nothing},
	{"dice", UPDATE_STICKER, read_nothing},
	{"poll", UPDATE_STICKER, read_nothing},
};

/* A group that became a supergroup, told in the old chat or in the new one. */
static bool read_migration(const json_t *m, struct update *u)
{
	int64_t to = id_at(m, "migrate_to_chat_id"), from = id_at(m, "migrate_from_chat_id");

	if (!to && !from)
		return false;
	u->kind = UPDATE_MIGRATED;
	u->new_chat_id = to ? to : u->chat_id;
	if (!to)
		u->chat_id = from;
	return true;
}

static bool read_content(const struct reading *r, const json_t *m, struct update *u)
{
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		const json_t *member = js_at(m, contents[i].member);

		if (!member)
			continue;
		u->kind = contents[i].kind;
		u->text = text_at(r, m, "caption", TELEGRAM_TEXT_UNITS);
		if (!contents[i].read(r, member, u))
			return false;
		read_command(r, u);
		return true;
	}
	return false;
}

static bool read_message(const struct reading *r, const json_t *m, struct update *u)
{
	if (!read_chat(r, js_at(m, "chat"), u))
		return false;
	read_person(r, js_at(m, "from"), u);
	if (js_at(m, "sender_chat"))
		u->from_id = 0; /* written in the name of a chat: `from` is a stand-in */
	if (js_at(m, "via_bot"))
		return false; /* a bot's words, perhaps our own card */
	read_place(m, u);
	read_answered(r, m, u);
	read_forward(m, u);
	return read_migration(m, u) || read_content(r, m, u);
}

/* A changed message acts on nothing by itself, so it is no command and no step: only its words are told. */
static bool read_edited(const struct reading *r, const json_t *m, struct update *u)
{
	if (!read_message(r, m, u) || u->kind == UPDATE_MIGRATED)
		return false;
	u->kind = UPDATE_EDITED;
	u->command = NULL;
	return true;
}

static bool read_inline(const struct reading *r, const json_t *q, struct update *u)
{
	read_person(r, js_at(q, "from"), u);
	u->callback_id = word_at(q, "id", FILE_ID_BYTES);
	u->text = text_at(r, q, "query", TELEGRAM_QUERY_UNITS);
	u->kind = UPDATE_INLINE;
	u->chat_id = u->from_id;
	u->chat_kind = CHAT_GROUP; /* which chat it is nobody tells: none that may be written to */
	return u->from_id && *u->callback_id;
}

static bool read_chosen(const struct reading *r, const json_t *c, struct update *u)
{
	read_person(r, js_at(c, "from"), u);
	u->data = word_at(c, "result_id", DATA_BYTES);
	u->inline_id = word_at(c, "inline_message_id", FILE_ID_BYTES);
	u->text = text_at(r, c, "query", TELEGRAM_QUERY_UNITS);
	u->kind = UPDATE_CHOSEN;
	u->chat_id = u->from_id;
	u->chat_kind = CHAT_GROUP;
	return u->from_id && *u->data;
}

static bool read_button(const struct reading *r, const json_t *q, struct update *u)
{
	const json_t *m = js_at(q, "message");

	read_person(r, js_at(q, "from"), u);
	u->callback_id = word_at(q, "id", FILE_ID_BYTES);
	if (!u->from_id || !*u->callback_id || !json_is_string(js_at(q, "data")))
		return false;
	u->data = word_at(q, "data", DATA_BYTES);
	u->inline_id = word_at(q, "inline_message_id", FILE_ID_BYTES);
	u->kind = UPDATE_BUTTON;
	u->chat_id = u->from_id;
	u->chat_kind = *u->inline_id ? CHAT_GROUP : CHAT_PRIVATE;
	if (!m)
		return true;
	read_place(m, u);
	return read_chat(r, js_at(m, "chat"), u);
}

static bool may_write(const json_t *member)
{
	const char *status = js_str(member, "status", "");

	if (!strcmp(status, "restricted"))
		return js_bool(member, "is_member", false) && js_bool(member, "can_send_messages", false);
	return !strcmp(status, "member") || !strcmp(status, "administrator") || !strcmp(status, "creator");
}

static bool read_membership(const struct reading *r, const json_t *change, struct update *u)
{
	const json_t *now = js_at(change, "new_chat_member");

	if (!read_chat(r, js_at(change, "chat"), u) || !js_str(now, "status", NULL))
		return false;
	read_person(r, js_at(change, "from"), u);
	u->date_ms = date_ms(change);
	u->kind = UPDATE_MEMBERSHIP;
	u->bot_can_write = may_write(now);
	if (u->chat_kind == CHAT_CHANNEL)
		u->bot_can_write = u->bot_can_write && js_bool(now, "can_post_messages", false);
	return true;
}

static const struct {
	const char *member;
	bool (*read)(const struct reading *, const json_t *, struct update *);
} kinds[] = {
	{"message", read_message},       {"callback_query", read_button}, {"my_chat_member", read_membership},
	{"edited_message", read_edited}, {"inline_query", read_inline},   {"chosen_inline_result", read_chosen},
};

/* The update_id of an element that is no JSON; 0 when there is none. */
static int64_t id_of_wreck(struct span element)
{
	static const char *const name = "update_id";
	struct span digits;
	char copy[24], *end;
	int64_t id;

	if (!span_members(element, &name, &digits, 1) || !digits.n || digits.n >= sizeof copy)
		return 0;
	memcpy(copy, digits.at, digits.n);
	copy[digits.n] = '\0';
	id = strtoll(copy, &end, 10);
	return *end ? 0 : id;
}

static bool read_element(const struct reading *r, struct span element, struct update *u)
{
	const json_t *j = telegram_parse(r->ctx, element);
	int64_t id = j ? js_int(j, "update_id", 0) : id_of_wreck(element);

	if (id <= 0 || id == INT64_MAX) { /* the next poll asks from id + 1 on */
		log_warn("telegram: an update without a usable update_id is skipped");
		return false;
	}
	*u = blank(id);
	if (!j)
		log_warn("telegram: update %lld is unreadable and skipped", (long long)id);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const json_t *body = js_at(j, kinds[i].member);

		if (!body)
			continue;
		if (!kinds[i].read(r, body, u))
			*u = blank(id);
		return true;
	}
	return true;
}

/* The inside of `result` in a body that says ok. */
static bool find_result(struct span body, struct span *inside)
{
	static const char *const names[] = {"ok", "result"};
	struct span found[2];

	return span_members(body, names, found, 2) && span_says(found[0], "true") && span_inside(found[1], inside);
}

struct update *telegram_updates(void *ctx, const char *body, size_t n, const char *bot_username, size_t *n_updates)
{
	const struct reading r = {.ctx = ctx, .bot_username = bot_username ? bot_username : ""};
	unsigned room = FIRST_BATCH;
	struct span inside, element;
	struct update *list;

	*n_updates = 0;
	if (!body || !find_result((struct span){body, n}, &inside))
		return NULL;
	list = talloc_array(ctx, struct update, room);
	while (list && *n_updates < TELEGRAM_MAX_BATCH && span_next(&inside, &element)) {
		if (!read_element(&r, element, &list[*n_updates]) || ++*n_updates < room)
			continue;
		room *= 2;
		list = talloc_realloc(ctx, list, struct update, room);
	}
	if (!list)
		abort();
	return list;
}
