/* Deals, their history, clocks, evidence and cards. deal_save is the one UPDATE of a deal's state. */
#ifndef SEPAREX_REPO_DEAL_H
#define SEPAREX_REPO_DEAL_H

#include "db.h"
#include "deal.h"

/* A deal with what the rules do not need to know. Texts on the ctx that it was read with. */
struct deal_file {
	struct deal deal;
	const char *code; /* what people may see: "K7M2QX9A" */
	const char *title;
	int64_t origin_chat; /* the chat where it began; 0 for a private one */
	int64_t invited_id; /* the channel's id of the person for whom the other seat is kept, 0 for anybody */
	const char *invited_name; /* the same by username, lower case without "@"; "" for anybody */
	struct rial public_price; /* as published; 0 before */
	enum fee_payer public_payer;
	const char *description; /* what the ad said beside title and price, "" for nothing */
	const char *album; /* further pictures of this album belong to the draft; "" for none */
	int carrier; /* enum carrier, 0 while nothing was shipped */
	const char *tracking;
	int64_t created_ms, changed_ms;
};

bool deal_by_id(struct db_tx *tx, void *ctx, int64_t id, struct deal_file *out);
bool deal_by_code(struct db_tx *tx, void *ctx, const char *code, struct deal_file *out);

/* Writes a new deal (f->deal.id is not read) and returns its id; 0 when the code is taken or the store failed. */
int64_t deal_insert(struct db_tx *tx, const struct deal_file *f);

/* Writes the deal after an event, if it is still in `before`'s state and version. False when it is not (or the store
 * failed): somebody else was quicker, and nothing was written. */
bool deal_save(struct db_tx *tx, const struct deal *before, const struct deal *after, int64_t now_ms);

void deal_set_title(struct db_tx *tx, int64_t id, const char *title);
/* Where the deal began and for whom its other seat is kept. */
void deal_set_invitation(struct db_tx *tx, int64_t id, int64_t origin_chat, int64_t invited_id,
			 const char *invited_name);
/* What was published where others read. */
void deal_set_public(struct db_tx *tx, int64_t id, struct rial price, enum fee_payer payer);
/* What the ad said, and its album. */
void deal_set_ad(struct db_tx *tx, int64_t id, const char *description, const char *album);
/* The newest draft of a person that began with this album; false when there is none. */
bool deal_by_album(struct db_tx *tx, void *ctx, int64_t person_id, const char *album, struct deal_file *out);

enum { DEAL_MAX_PHOTOS = 10 };
/* Adds a picture of the goods; beyond DEAL_MAX_PHOTOS nothing is added. */
void deal_photo_add(struct db_tx *tx, int64_t deal_id, const char *file_id);
/* The channel's file ids, in the order of their coming; returns how many. Texts on ctx. */
size_t deal_photos(struct db_tx *tx, void *ctx, int64_t deal_id, const char *out[DEAL_MAX_PHOTOS]);
void deal_set_tracking(struct db_tx *tx, int64_t id, int carrier, const char *tracking);

/* Takes a tracking code for a deal. False when another deal has it. */
bool tracking_claim(struct db_tx *tx, const char *code, int64_t deal_id, int64_t now_ms);

struct deal_history {
	int64_t version;
	int row;
	enum event_kind event;
	enum role role;
	int64_t actor_id, second_id;
	enum deal_state before, after;
	struct rial amount;
	const char *note;
	int64_t at_ms;
};
void history_add(struct db_tx *tx, int64_t deal_id, const struct deal_history *h);
/* The newest first, at most `most`. */
size_t history_list(struct db_tx *tx, void *ctx, int64_t deal_id, struct deal_history *out, size_t most);

struct deal_timer {
	int64_t deal_id;
	enum timer_kind kind;
	int64_t set_ms, due_ms;
	int stage; /* 0: the 50 % reminder is next, 1: the 90 % one, 2: the event */
	int64_t next_ms;
};
/* Sets (or, with due_ms 0, stops) a clock. `reminds`: whether stages 0 and 1 exist for it. */
void timer_set(struct db_tx *tx, int64_t deal_id, enum timer_kind kind, int64_t now_ms, int64_t due_ms, bool reminds);
void timers_stop(struct db_tx *tx, int64_t deal_id);
void timers_shift(struct db_tx *tx, int64_t deal_id, int64_t by_ms);
void timer_stage(struct db_tx *tx, const struct deal_timer *t, int stage, int64_t next_ms);
bool timer_get(struct db_tx *tx, int64_t deal_id, enum timer_kind kind, struct deal_timer *out);
/* The deal's running clock that ends first, among those that take something from somebody. False when there is none. */
bool timer_nearest(struct db_tx *tx, int64_t deal_id, struct deal_timer *out);
/* Clocks whose next_ms has come, oldest first, at most `most`. Those of frozen deals are among them. */
size_t timers_due(struct db_tx *tx, int64_t now_ms, struct deal_timer *out, size_t most);
int64_t timers_next(struct db_tx *tx);
/* After an outage of `length_ms` that ended at now_ms: every clock of a punitive kind moves by it and does not end
 * before now_ms + grace_ms. The others take nothing from anybody and come when they come. */
void timers_after_outage(struct db_tx *tx, int64_t now_ms, int64_t length_ms, int64_t grace_ms);

enum { EVIDENCE_MOST = 240 }; /* pieces of a deal that are ever read: more must not be added */

/* Numbers are stored: only add. 0 is written as a story. */
enum evidence_purpose {
	PURPOSE_STORY = 1,
	PURPOSE_WAYBILL = 2,
	PURPOSE_PACKING = 3,
	PURPOSE_GOODS = 4,
	PURPOSE_WITHDRAWN = 5 /* taken back before anybody saw it: shown to nobody */
};

struct evidence {
	int64_t person_id;
	enum role role;
	const char *text;
	const char *file_id; /* the channel's, "" for none */
	const char *file_kind; /* "photo", "document" or "" */
	enum evidence_purpose purpose;
	int64_t message_id; /* in the private chat of that person */
	int64_t at_ms;
};
/* The id of the new piece, 0 when the store failed. */
int64_t evidence_add(struct db_tx *tx, int64_t deal_id, const struct evidence *e);
/* The channel's id of a piece's file, on ctx; "" when there is no such piece or it has no file. */
const char *evidence_file(struct db_tx *tx, void *ctx, int64_t id);
/* Notes that a piece's file has been fetched and kept: its SHA-256 (lower-case hex) and its bytes. */
void evidence_kept(struct db_tx *tx, int64_t id, const char *sha256, int64_t bytes);
/* Oldest first, without what was withdrawn. */
size_t evidence_list(struct db_tx *tx, void *ctx, int64_t deal_id, struct evidence *out, size_t most);
/* Files of one side's stories (proof of sending is counted apart) since then: how many. */
int64_t evidence_count(struct db_tx *tx, int64_t deal_id, enum role role, int64_t since_ms);
/* Files that prove the sending (every purpose but the story) of one side, ROLE_NOBODY for both: how many. */
int64_t proof_count(struct db_tx *tx, int64_t deal_id, enum role role);
/* The same with those that were withdrawn. */
int64_t proof_ever(struct db_tx *tx, int64_t deal_id, enum role role);
/* Withdraws those of one side behind the piece `after` that came at or after `since_ms`; returns how many. */
size_t proof_hide(struct db_tx *tx, int64_t deal_id, enum role role, int64_t after, int64_t since_ms);
/* Those of one side behind the piece `after` (0 for all), oldest first; *newest is the id of the last one, or `after`.
 */
size_t proof_list(struct db_tx *tx, void *ctx, int64_t deal_id, enum role role, int64_t after, struct evidence *out,
		  size_t most, int64_t *newest);

/* Where a deal is shown. Numbers are stored: only add. */
enum card_place {
	CARD_BUYER = 1,
	CARD_SELLER = 2,
	CARD_STAFF = 3,
	CARD_QR = 4, /* the payment picture */
	CARD_GROUP = 5, /* the public card in the group where the deal began */
	CARD_INLINE = 6 /* the public card in a chat where the bot is no member */
};
struct card {
	int64_t chat_id, message_id;
	const char *inline_id; /* CARD_INLINE: names the message instead; "" or NULL elsewhere */
};
/* inline_id on ctx. */
bool card_get(struct db_tx *tx, void *ctx, int64_t deal_id, enum card_place place, struct card *out);
void card_set(struct db_tx *tx, int64_t deal_id, enum card_place place, struct card card);
void card_forget(struct db_tx *tx, int64_t deal_id, enum card_place place);

/* A person's deals, newest first, after skipping `skip`; open ones only, or all. */
size_t deals_of(struct db_tx *tx, void *ctx, int64_t person_id, bool open_only, size_t skip, struct deal_file *out,
		size_t most);
/* DEALS_LIVE: unfinished, or closed with late money that still waits for a word. DEALS_OVER: all others. */
enum deals_class { DEALS_OVER = 0, DEALS_LIVE = 1 };
/* The same of one class. */
size_t deals_of_class(struct db_tx *tx, void *ctx, int64_t person_id, enum deals_class which, size_t skip,
		      struct deal_file *out, size_t most);
int64_t deals_class_count(struct db_tx *tx, int64_t person_id, enum deals_class which);
/* How many unfinished deals a person has. */
int64_t deals_open_count(struct db_tx *tx, int64_t person_id);
/* Ids of unfinished deals above `after`, rising, at most `most`. */
size_t deals_open_ids(struct db_tx *tx, int64_t after, int64_t *out, size_t most);
/* A group got a new id. */
void chat_moved(struct db_tx *tx, int64_t from, int64_t to);

#endif
