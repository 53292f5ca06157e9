/* Telegram, as far as a deal needs it: chats in which the last messages and their buttons are remembered, and updates
 * that wait for a poll under numbers that only grow (telegram.md 1.2). */
#include "simulator.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { CHATS = FOLK + OPERATORS + 1, UPDATES_MAX = 4096, BATCH_MAX = 100 };

struct room {
	int64_t id;
	struct shown messages[MESSAGES_KEPT];
	size_t n; /* ever shown; the newest is at (n - 1) % MESSAGES_KEPT */
};

struct update {
	int64_t id;
	char *json;
};

struct chats {
	struct sim *sim;
	struct room rooms[CHATS];
	struct update updates[UPDATES_MAX];
	size_t n_updates;
	int64_t next_update, next_message, next_query;
};

static struct room *room_of(struct chats *t, int64_t chat)
{
	for (int i = 0; i < CHATS; i++)
		if (t->rooms[i].id == chat)
			return &t->rooms[i];
	return NULL;
}

/* --- what the bot shows --- */

static void take_buttons(struct shown *m, const char *markup)
{
	json_t *j = markup ? json_loads(markup, 0, NULL) : NULL, *row, *button;
	size_t r, b;

	m->n_buttons = 0;
	json_array_foreach(json_object_get(j, "inline_keyboard"), r, row)
	{
		json_array_foreach(row, b, button)
		{
			const char *data = json_string_value(json_object_get(button, "callback_data"));
			const char *url = json_string_value(json_object_get(button, "url"));

			if (m->n_buttons == BUTTONS_MAX || (!data && !url))
				continue;
			m->buttons[m->n_buttons].is_link = !data;
			snprintf(m->buttons[m->n_buttons++].data, sizeof m->buttons->data, "%s", data ? data : url);
		}
	}
	json_decref(j);
}

static struct shown *shown_with(struct room *r, int64_t id)
{
	for (size_t i = 0; i < MESSAGES_KEPT && i < r->n; i++)
		if (r->messages[i].id == id)
			return &r->messages[i];
	return NULL;
}

static struct shown *shown_new(struct chats *t, struct room *r)
{
	struct shown *m = &r->messages[r->n++ % MESSAGES_KEPT];

	memset(m, 0, sizeof *m);
	m->id = ++t->next_message;
	return m;
}

/* --- the calls --- */

static struct wire_answer said(json_t *result)
{
	json_t *j = json_pack("{sbso}", "ok", 1, "result", result);
	char *text = json_dumps(j, JSON_COMPACT);

	json_decref(j);
	return (struct wire_answer){200, text, strlen(text)};
}

static struct wire_answer refused(int code, const char *why)
{
	json_t *j = json_pack("{sbsiss}", "ok", 0, "error_code", code, "description", why);
	char *text = json_dumps(j, JSON_COMPACT);

	json_decref(j);
	return (struct wire_answer){code, text, strlen(text)};
}

/* The fields of a call, be it JSON or the parts of a form ("name\x1fvalue\x1e…"). */
static json_t *fields(const char *body)
{
	json_t *j;

	if (*body == '{')
		return json_loads(body, 0, NULL);
	j = json_object();
	while (*body) {
		size_t n = strcspn(body, "\x1e"), name = strcspn(body, "\x1f");
		char key[64];

		if (name < n) {
			snprintf(key, sizeof key, "%.*s", (int)name, body);
			json_object_set_new(j, key, json_stringn(body + name + 1, n - name - 1));
		}
		body += n + (body[n] != '\0');
	}
	return j;
}

static int64_t number_in(const json_t *j, const char *name)
{
	const json_t *v = json_object_get(j, name);

	return json_is_string(v) ? strtoll(json_string_value(v), NULL, 10) : json_integer_value(v);
}

static char *markup_in(const json_t *j)
{
	const json_t *v = json_object_get(j, "reply_markup");

	if (!v)
		return NULL;
	return json_is_string(v) ? strdup(json_string_value(v)) : json_dumps(v, JSON_COMPACT);
}

static json_t *message_object(const struct chats *t, const struct room *r, int64_t id, const char *method)
{
	json_t *m =
		json_pack("{sIsIs{sIss}}", "message_id", (json_int_t)id, "date", (json_int_t)(t->sim->now_ms / 1000),
			  "chat", "id", (json_int_t)r->id, "type", r->id > 0 ? "private" : "supergroup");

	if (strstr(method, "Photo") || strstr(method, "Media"))
		json_object_set_new(m, "photo",
				    json_pack("[{sssssisi}]", "file_id", "photo", "file_unique_id", "p", "width", 100,
					      "height", 100));
	if (strstr(method, "Document"))
		json_object_set_new(m, "document", json_pack("{ssss}", "file_id", "file", "file_unique_id", "f"));
	return m;
}

static struct wire_answer send(struct chats *t, const char *method, json_t *j)
{
	struct room *r = room_of(t, number_in(j, "chat_id"));
	char *markup = markup_in(j);
	struct shown *m;

	if (!r) {
		free(markup);
		return refused(400, "Bad Request: chat not found");
	}
	m = shown_new(t, r);
	take_buttons(m, markup);
	free(markup);
	return said(message_object(t, r, m->id, method));
}

static struct wire_answer edit(struct chats *t, const char *method, json_t *j)
{
	struct room *r = room_of(t, number_in(j, "chat_id"));
	int64_t id = number_in(j, "message_id");
	struct shown *m = r ? shown_with(r, id) : NULL;
	char *markup = markup_in(j);

	if (!r) {
		free(markup);
		return refused(400, "Bad Request: chat not found");
	}
	if (m)
		take_buttons(m, markup);
	free(markup);
	return said(message_object(t, r, id, method));
}

static struct wire_answer updates_from(struct chats *t)
{
	size_t n = t->n_updates < BATCH_MAX ? t->n_updates : BATCH_MAX;
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_loads(t->updates[i].json, 0, NULL));
	return said(list);
}

static void confirm(struct chats *t, int64_t offset)
{
	size_t gone = 0;

	while (gone < t->n_updates && t->updates[gone].id < offset)
		free(t->updates[gone++].json);
	memmove(t->updates, t->updates + gone, (t->n_updates - gone) * sizeof *t->updates);
	t->n_updates -= gone;
}

struct wire_answer chats_poll(struct chats *t)
{
	return updates_from(t);
}

bool chats_has_updates(const struct chats *t)
{
	return t->n_updates > 0;
}

struct wire_answer chats_call(struct chats *t, const char *method, const char *body, bool *poll)
{
	json_t *j = fields(body);
	struct wire_answer a;

	if (!strcmp(method, "f.jpg")) {
		a = (struct wire_answer){200, strdup("jpg"), 3};
	} else if (!strcmp(method, "getUpdates")) {
		confirm(t, number_in(j, "offset"));
		*poll = !t->n_updates;
		a = *poll ? (struct wire_answer){0} : updates_from(t);
	} else if (!strcmp(method, "getMe")) {
		a = said(json_pack("{sIsbssss}", "id", (json_int_t)4242, "is_bot", 1, "first_name", "Separex",
				   "username", "separex_sim_bot"));
	} else if (!strncmp(method, "sendMediaGroup", 14)) {
		a = said(json_array());
	} else if (!strncmp(method, "send", 4) && strcmp(method, "sendChatAction")) {
		a = send(t, method, j);
	} else if (!strncmp(method, "edit", 4)) {
		a = edit(t, method, j);
	} else if (!strcmp(method, "getFile")) {
		a = said(json_pack("{sssssi}", "file_id", "f", "file_path", "f.jpg", "file_size", 3));
	} else {
		a = said(json_true());
	}
	json_decref(j);
	return a;
}

/* --- what people do --- */

static json_t *user(int64_t person)
{
	char name[32];

	snprintf(name, sizeof name, "p%lld", (long long)person);
	return json_pack("{sIsbssssss}", "id", (json_int_t)person, "is_bot", 0, "first_name", name, "username", name,
			 "language_code", "fa");
}

static json_t *chat_object(int64_t id)
{
	return json_pack("{sIss}", "id", (json_int_t)id, "type", id > 0 ? "private" : "supergroup");
}

static void add_update(struct chats *t, const char *kind, json_t *what)
{
	struct sim *s = t->sim;
	int64_t id = ++t->next_update;
	json_t *j = json_pack("{sIso}", "update_id", (json_int_t)id, kind, what);

	if (t->n_updates < UPDATES_MAX) {
		t->updates[t->n_updates++] = (struct update){id, json_dumps(j, JSON_COMPACT)};
		s->tally->updates++;
	}
	json_decref(j);
	wire_answer_poll(s->wire);
}

static json_t *message_from(struct chats *t, int64_t person, int64_t chat)
{
	return json_pack("{sIsIsoso}", "message_id", (json_int_t)++t->next_message, "date",
			 (json_int_t)(t->sim->now_ms / 1000), "chat", chat_object(chat), "from", user(person));
}

void chats_says(struct chats *t, int64_t person, int64_t chat, const char *text)
{
	json_t *m = message_from(t, person, chat);

	sim_note(t->sim, "%lld says %s", (long long)person, text);
	json_object_set_new(m, "text", json_string(text));
	if (*text == '/')
		json_object_set_new(
			m, "entities",
			json_pack("[{sssisi}]", "type", "bot_command", "offset", 0, "length", (int)strcspn(text, " ")));
	add_update(t, "message", m);
}

void chats_shows_contact(struct chats *t, int64_t person, const char *mobile)
{
	json_t *m = message_from(t, person, person);

	sim_note(t->sim, "%lld shows a contact", (long long)person);
	json_object_set_new(
		m, "contact",
		json_pack("{sssssI}", "phone_number", mobile, "first_name", "x", "user_id", (json_int_t)person));
	add_update(t, "message", m);
}

void chats_shows_photo(struct chats *t, int64_t person, int64_t chat, const char *caption)
{
	json_t *m = message_from(t, person, chat);

	sim_note(t->sim, "%lld shows a photo", (long long)person);
	json_object_set_new(m, "photo",
			    json_pack("[{sssssisisi}]", "file_id", "seen", "file_unique_id", "s", "width", 50, "height",
				      50, "file_size", 3));
	json_object_set_new(m, "caption", json_string(caption));
	add_update(t, "message", m);
}

void chats_presses(struct chats *t, int64_t person, int64_t chat, int64_t message_id, const char *data)
{
	char query[32];
	json_t *m;

	snprintf(query, sizeof query, "%lld", (long long)++t->next_query);
	sim_note(t->sim, "%lld presses %s", (long long)person, data);
	m = json_pack("{sssosss{sIsIso}ss}", "id", query, "from", user(person), "data", data, "message", "message_id",
		      (json_int_t)message_id, "date", (json_int_t)(t->sim->now_ms / 1000), "chat", chat_object(chat),
		      "chat_instance", "1");
	add_update(t, "callback_query", m);
}

size_t chats_shown(const struct chats *t, int64_t chat, const struct shown **out, size_t most)
{
	const struct room *r = room_of((struct chats *)t, chat);
	size_t n = 0;

	for (size_t i = 0; r && n < most && i < MESSAGES_KEPT && i < r->n; i++) {
		const struct shown *m = &r->messages[(r->n - 1 - i) % MESSAGES_KEPT];

		if (m->n_buttons)
			out[n++] = m;
	}
	return n;
}

struct chats *chats_new(struct sim *s)
{
	struct chats *t = calloc(1, sizeof *t);

	if (!t)
		abort();
	t->sim = s;
	for (int i = 0; i < FOLK + OPERATORS; i++)
		t->rooms[i].id = PERSON_ID(i);
	t->rooms[FOLK + OPERATORS].id = STAFF_CHAT;
	return t;
}

void chats_free(struct chats *t)
{
	for (size_t i = 0; i < t->n_updates; i++)
		free(t->updates[i].json);
	free(t);
}
