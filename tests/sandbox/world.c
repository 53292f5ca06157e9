/* People, chats, messages: see world.h. */
#include "world.h"

#include "api.h"
#include "bank.h"
#include "bench.h"
#include "faults.h"
#include "files.h"
#include "js.h"
#include "queries.h"
#include "queue.h"
#include "records.h"
#include "stub.h"
#include "stub_sms.h"
#include "stub_vandar.h"
#include "waiters.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

static const struct {
	const char *key;
	int64_t id;
	const char *first, *last, *username;
} cast[PEOPLE] = {
	{"sara", 1001, "سارا", "رضایی", "sara_shop"},
	{"reza", 1002, "رضا", "کریمی", "reza_k"},
	{"mina", 1003, "مینا", "احمدی", "mina_admin"},
	{"omid", INT64_C(5000000004), "امید", "نوری", "omid_staff"}, /* beyond 31 bits, as real ids are */
};

/* Who sits where; the indexes are those of `cast`. */
static const struct {
	const char *key;
	int64_t id;
	const char *type, *title;
	bool members[PEOPLE];
	int creator, admin;
	bool bot_inside;
} rooms[GROUPS] = {
	{"bazaar", INT64_C(-1001000000001), "supergroup", "بازار موبایل", {true, true, true, true}, 2, -1, true},
	{"staff", INT64_C(-1001000000002), "supergroup", "اتاق عملیات", {false, false, false, true}, -1, 3, true},
	{"market", INT64_C(-1001000000003), "supergroup", "دیوار محله", {true, true, true, false}, 1, -1, false},
	{"direct", 900, "private", NULL, {true, true, false, false}, -1, -1, false},
};

json_t *bot_user(void)
{
	static json_t *user;

	if (!user)
		user = json_pack("{sIsbssss}", "id", (json_int_t)BOT_ID, "is_bot", 1, "first_name", "Separex",
				 "username", BOT_USERNAME);
	return user;
}

int64_t world_now_ms(const struct world *w)
{
	return clock_now_ms(&w->clock);
}

int64_t real_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

void world_changed(struct world *w)
{
	w->version++;
	waiters_changed(w);
}

void person_refresh(struct person *p)
{
	json_decref(p->user);
	p->user = json_pack("{sIsbss}", "id", (json_int_t)p->id, "is_bot", 0, "first_name", p->first);
	if (*p->last)
		json_object_set_new(p->user, "last_name", json_string(p->last));
	if (*p->username)
		json_object_set_new(p->user, "username", json_string(p->username));
	if (*p->language)
		json_object_set_new(p->user, "language_code", json_string(p->language));
}

void chat_refresh(struct chat *c)
{
	json_decref(c->object);
	c->object = json_pack("{sIss}", "id", (json_int_t)c->id, "type", c->type);
	if (c->title)
		json_object_set_new(c->object, "title", json_string(c->title));
	if (c->forum)
		json_object_set_new(c->object, "is_forum", json_true());
	if (!c->owner)
		return;
	json_object_set_new(c->object, "first_name", json_string(c->owner->first));
	if (*c->owner->last)
		json_object_set_new(c->object, "last_name", json_string(c->owner->last));
	if (*c->owner->username)
		json_object_set_new(c->object, "username", json_string(c->owner->username));
}

static void populate_person(struct world *w, size_t i)
{
	struct person *p = &w->people[i];
	struct chat *c = &w->chats[i];

	*p = (struct person){.id = cast[i].id, .answers = json_array()};
	snprintf(p->key, sizeof p->key, "%s", cast[i].key);
	snprintf(p->first, sizeof p->first, "%s", cast[i].first);
	snprintf(p->last, sizeof p->last, "%s", cast[i].last);
	snprintf(p->username, sizeof p->username, "%s", cast[i].username);
	snprintf(p->language, sizeof p->language, "fa");
	person_refresh(p);
	*c = (struct chat){.key = "private", .id = p->id, .type = "private", .owner = p, .creator = -1, .admin = -1};
	c->members[i] = true;
	c->bot_inside = true;
	chat_refresh(c);
}

static void populate_group(struct world *w, size_t i, int64_t next_id)
{
	struct chat *c = &w->chats[PEOPLE + i];

	*c = (struct chat){.id = rooms[i].id,
			   .type = rooms[i].type,
			   .title = rooms[i].title,
			   .creator = rooms[i].creator,
			   .admin = rooms[i].admin,
			   .bot_inside = rooms[i].bot_inside,
			   .hidden = !rooms[i].bot_inside,
			   .next_id = next_id};
	snprintf(c->key, sizeof c->key, "%s", rooms[i].key);
	memcpy(c->members, rooms[i].members, sizeof c->members);
	chat_refresh(c);
}

/* The parts hang on one context, so that a reset can drop them all at once. */
static void make_parts(struct world *w)
{
	w->parts = talloc_new(w);
	w->queue = queue_new(w->parts, &w->next_update_id);
	w->faults = faults_new(w->parts);
	w->files = files_new(w->parts);
	w->records = records_new(w->parts);
	w->queries = queries_new(w->parts);
	w->profile = profile_new(w->parts);
	w->bank = bank_new(w->parts);
	w->stubs = stubs_new(w->parts);
	w->vandar = vandar_new(w->parts);
	w->sms = sms_stub_new(w->parts);
	w->bench = bench_new(w->parts);
}

void world_populate(struct world *w)
{
	int64_t next_ids[GROUPS];

	for (size_t i = 0; i < GROUPS; i++)
		next_ids[i] = w->chats[PEOPLE + i].next_id ? w->chats[PEOPLE + i].next_id : (int64_t)i * 5000 + 1;
	for (size_t i = 0; i < PEOPLE; i++)
		populate_person(w, i);
	for (size_t i = 0; i < GROUPS; i++)
		populate_group(w, i, next_ids[i]);
	make_parts(w);
	w->inline_feedback = w->ephemeral = true;
	if (!w->next_private_id)
		w->next_private_id = 100;
	if (!w->next_query_id)
		w->next_query_id = 1;
	if (!w->next_update_id)
		w->next_update_id = 700001;
	if (!w->next_ephemeral_id)
		w->next_ephemeral_id = 1;
}

static void chat_clear(struct chat *c)
{
	for (size_t i = 0; i < c->n_messages; i++)
		json_decref(c->messages[i].object);
	talloc_free(c->messages);
	c->messages = NULL;
	c->n_messages = 0;
	json_decref(c->object);
	json_decref(c->keyboard);
	c->object = c->keyboard = NULL;
}

void world_clear(struct world *w)
{
	records_free(w);
	profile_free(w);
	queue_free(w);
	talloc_free(w->parts);
	json_decref(w->bench_chat.object);
	w->bench_chat.object = NULL;
	for (size_t i = 0; i < PEOPLE; i++) {
		json_decref(w->people[i].user);
		json_decref(w->people[i].answers);
		json_decref(w->people[i].inline_answer);
	}
	for (size_t i = 0; i < CHATS; i++)
		chat_clear(&w->chats[i]);
}

struct person *person_named(struct world *w, const char *key)
{
	for (size_t i = 0; key && i < PEOPLE; i++)
		if (strcmp(w->people[i].key, key) == 0)
			return &w->people[i];
	return NULL;
}

struct person *person_with_id(struct world *w, int64_t id)
{
	for (size_t i = 0; i < PEOPLE; i++)
		if (w->people[i].id == id)
			return &w->people[i];
	return NULL;
}

static struct chat *bench_chat(struct world *w, int64_t id)
{
	struct chat *c = &w->bench_chat;

	if (c->object && c->id == id)
		return c;
	json_decref(c->object);
	*c = (struct chat){.id = id, .type = "private", .creator = -1, .admin = -1, .bot_inside = true};
	c->synthetic = true;
	c->object = json_pack("{sIssss}", "id", (json_int_t)id, "type", "private", "first_name", "Bench");
	return c;
}

struct chat *chat_with_id(struct world *w, int64_t id)
{
	if (id >= BENCH_FIRST_ID && id < BENCH_FIRST_ID + 1000000)
		return bench_chat(w, id);
	for (size_t i = 0; i < CHATS; i++)
		if (!w->chats[i].hidden && (w->chats[i].id == id || (w->chats[i].old_id == id && id)))
			return &w->chats[i];
	return NULL;
}

bool chat_has(const struct world *w, const struct chat *c, const struct person *p)
{
	return c->members[p - w->people];
}

struct chat *chat_seen_by(struct world *w, const struct person *as, const json_t *which)
{
	const char *key = json_string_value(which);
	struct chat *c = NULL;

	if (!which || (key && strcmp(key, "private") == 0))
		return &w->chats[as - w->people];
	for (size_t i = PEOPLE; key && i < CHATS; i++)
		if (strcmp(w->chats[i].key, key) == 0)
			c = &w->chats[i];
	if (!c && (json_is_integer(which) || key))
		c = chat_with_id(w, key ? strtoll(key, NULL, 10) : json_integer_value(which));
	return c && !c->synthetic && chat_has(w, c, as) ? c : NULL;
}

void chat_migrate(struct world *w, struct chat *c)
{
	c->old_id = c->id;
	c->id -= 1000000000; /* far from every other id, and never one that was used */
	chat_refresh(c);
	world_changed(w);
}

json_t *message_new(struct world *w, struct chat *c, json_t *from)
{
	int64_t id = c->owner || c->synthetic ? w->next_private_id++ : c->next_id++;
	json_t *m = json_pack("{sIsIsO}", "message_id", (json_int_t)id, "date",
			      (json_int_t)(world_now_ms(w) / SECOND_MS), "chat", c->object);

	if (from)
		json_object_set(m, "from", from);
	return m;
}

struct message *message_file(struct world *w, struct chat *c, json_t *object)
{
	struct message *m;

	if (c->synthetic)
		return NULL;
	if (!c->messages)
		c->messages = talloc_zero_array(w, struct message, HISTORY_MAX);
	if (c->n_messages == HISTORY_MAX) {
		json_decref(c->messages[0].object);
		memmove(c->messages, c->messages + 1, (HISTORY_MAX - 1) * sizeof *c->messages);
		c->n_messages--;
	}
	m = &c->messages[c->n_messages++];
	*m = (struct message){.id = js_int(object, "message_id", 0),
			      .object = json_incref(object),
			      .ephemeral_id = js_int(object, "ephemeral_message_id", 0)};
	if (m->ephemeral_id)
		m->only_for = person_with_id(w, js_int(object, "receiver_user.id", 0));
	assert((m->id > 0) != (m->ephemeral_id > 0));
	world_changed(w);
	return m;
}

struct message *message_with_id(struct chat *c, int64_t id)
{
	for (size_t i = c->n_messages; id > 0 && i-- > 0;)
		if (c->messages[i].id == id && !c->messages[i].gone)
			return &c->messages[i];
	return NULL;
}

struct message *message_ephemeral(struct chat *c, int64_t ephemeral_id, int64_t receiver_id)
{
	for (size_t i = c->n_messages; i-- > 0;) {
		struct message *m = &c->messages[i];

		if (m->only_for && m->only_for->id == receiver_id && m->ephemeral_id == ephemeral_id && !m->gone)
			return m;
	}
	return NULL;
}

bool message_seen_by(const struct message *m, const struct person *as)
{
	return !m->gone && (!m->only_for || m->only_for == as);
}

struct message *message_with_inline_id(struct world *w, const char *id, struct chat **chat)
{
	for (size_t k = 0; k < CHATS; k++)
		for (size_t i = w->chats[k].n_messages; i-- > 0;) {
			struct message *m = &w->chats[k].messages[i];

			if (*m->inline_id && strcmp(m->inline_id, id) == 0 && !m->gone) {
				*chat = &w->chats[k];
				return m;
			}
		}
	return NULL;
}
