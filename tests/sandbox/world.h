/* The sandbox's little world: its people, chats and messages, its clock, and the parts that hang on it.
 * One thread owns everything; nothing is stored on disk; every list has a stated maximum. */
#ifndef SANDBOX_WORLD_H
#define SANDBOX_WORLD_H

#include "clock.h"
#include "rnd.h"
#include "server.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PEOPLE = 4,
	GROUPS = 4, /* and the chat of two people, which is none of the bot's */
	CHATS = PEOPLE + GROUPS,
	HISTORY_MAX = 400, /* messages kept in one chat; the oldest go first */
	ANSWERS_MAX = 50, /* callback answers kept for one person */
	NAME_BYTES = 128
};

#define BOT_ID INT64_C(4242)
#define BOT_USERNAME "separex_sandbox_bot"
#define BENCH_FIRST_ID INT64_C(1000000)

struct person {
	char key[16]; /* "sara" */
	int64_t id;
	char first[NAME_BYTES], last[NAME_BYTES], username[NAME_BYTES], language[16];
	bool started; /* pressed Start, so the bot may write */
	bool blocked;
	json_t *user; /* Bot API User object */
	json_t *answers; /* array of the last callback answers, newest last */
	json_t *inline_answer; /* what the bot last answered to an inline query: "query", "results" and more; or NULL */
};

struct message {
	int64_t id;
	json_t *object; /* Bot API Message */
	char inline_id[32]; /* inline_message_id when it came by inline mode, "" */
	bool gone; /* deleted: nobody sees it any more */
	bool silent; /* came without a sound */
	int64_t ephemeral_id; /* 0 for a lasting message; an ephemeral one has id 0 */
	const struct person *only_for; /* who sees an ephemeral message; NULL: everybody */
};

struct chat {
	char key[16]; /* "bazaar"; "private" for a private chat */
	int64_t id, old_id; /* old_id: its id before a migration, 0 */
	const char *type; /* "private", "supergroup" */
	const char *title;
	struct person *owner; /* of a private chat */
	bool members[PEOPLE];
	int creator, admin; /* index of a person, -1 for none */
	bool bot_inside, forum, synthetic;
	bool hidden; /* the bot was never inside: no call of the Bot API finds it */
	int64_t next_id, pinned;
	struct message *messages;
	size_t n_messages;
	json_t *object; /* Bot API Chat */
	json_t *keyboard; /* the reply keyboard shown, or NULL */
};

struct world {
	struct server *server;
	struct server *stub_servers[3]; /* of the stub banks, in the order of enum stub_bank */
	char stub_urls[3][40];
	struct clock clock; /* real time + ahead_ms */
	struct rnd rnd;
	const char *token; /* the only token allowed, NULL for any */
	const char *reset_file; /* written at each reset, so that whoever runs the bot hears of it; NULL for none */
	const char *bank_password; /* the only one allowed, NULL for any but "wrong" */
	char url[80]; /* "http://127.0.0.1:8080", no slash at the end */
	uint64_t version; /* grows with every change that somebody could see; never goes back */

	struct person people[PEOPLE];
	struct chat chats[CHATS]; /* private chats in the order of people, then the groups */
	int64_t next_private_id, next_query_id, next_update_id, next_ephemeral_id;
	bool inline_feedback, ephemeral; /* what this Telegram can do: POST /sim/telegram */
	struct chat bench_chat; /* stands for whichever synthetic person was looked up last */

	void *parts; /* context of all that follows but the waiters; a reset drops it whole */
	struct queue *queue;
	struct faults *faults;
	struct files *files;
	struct records *records;
	struct queries *queries;
	struct profile *profile;
	struct bank *bank;
	struct stubs *stubs;
	struct vandar *vandar;
	struct sms_stub *sms;
	struct bench *bench;
	struct waiters *waiters;
};

/* Makes people, chats and parts as they are at the start. */
void world_populate(struct world *w);

/* Releases people, chats and parts; nobody may be waiting for an answer of theirs any more. Ids already used stay used,
 * so that a bot with a store is not confused. */
void world_clear(struct world *w);

/* Something visible changed: wakes whoever waits for it. */
void world_changed(struct world *w);

int64_t world_now_ms(const struct world *w); /* virtual */
int64_t real_now_ms(void); /* monotonic, for time-outs of waiting requests */

struct person *person_named(struct world *w, const char *key);
struct person *person_with_id(struct world *w, int64_t id);
/* Builds the User object again after a change of name or language. */
void person_refresh(struct person *p);

/* Builds the Chat object again after a change of what it tells. */
void chat_refresh(struct chat *c);

/* The chat with this id as the bot knows it, also under its old id; synthetic people's chats are made on the fly. NULL
 * for none. */
struct chat *chat_with_id(struct world *w, int64_t id);
/* The chat that the control interface means: "private", a group's key or an id, as seen by `as`. NULL when the person
 * is not in it. */
struct chat *chat_seen_by(struct world *w, const struct person *as, const json_t *which);
bool chat_has(const struct world *w, const struct chat *c, const struct person *p);
/* Gives a group a new id; the old one keeps pointing to it. */
void chat_migrate(struct world *w, struct chat *c);

/* A new message object with id, date and chat; `from` may be NULL. The caller owns the reference. */
json_t *message_new(struct world *w, struct chat *c, json_t *from);
/* Files a finished message in its chat (takes a new reference) and returns its place; NULL in a synthetic chat. */
struct message *message_file(struct world *w, struct chat *c, json_t *object);
struct message *message_with_id(struct chat *c, int64_t id);
struct message *message_ephemeral(struct chat *c, int64_t ephemeral_id, int64_t receiver_id);
bool message_seen_by(const struct message *m, const struct person *as);
struct message *message_with_inline_id(struct world *w, const char *id, struct chat **chat);

/* The Bot API's User object of the bot. Borrowed. */
json_t *bot_user(void);

#endif
