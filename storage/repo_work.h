/* Work that waits to be done outside: written by the transaction that decided it, done by bot/app/worker. */
#ifndef SEPAREX_REPO_WORK_H
#define SEPAREX_REPO_WORK_H

#include "db.h"

/* Numbers are stored: only add. */
enum work_kind { WORK_SEND = 1, WORK_BANK = 2, WORK_FETCH = 3, WORK_IDENTITY = 4, WORK_SMS = 5 };
enum work_lane { LANE_BANK = 0, LANE_REPLY = 1, LANE_NOTICE = 2, LANE_BULK = 3 };
enum work_state {
	WORK_WAITING = 1,
	WORK_STARTED = 2, /* a bank call that may have left: after a crash its outcome is uncertain */
	WORK_DEAD = 3 /* given up, kept with its reason */
};

struct work {
	int64_t id;
	enum work_kind kind;
	enum work_lane lane;
	const char *chain; /* rows of one chain are done one after the other, oldest first: "telegram:CHAT", "deal:ID",
			    "file:EVIDENCE" */
	const char *collapse; /* "" or the name of what a newer waiting row replaces: "card:DEAL:PLACE" */
	int64_t subject_id; /* WORK_BANK: payment or settlement; WORK_SEND: deal whose card it is, or 0;
			    WORK_FETCH: evidence; WORK_SMS: sms */
	int64_t edition; /* counts how often a newer payload took this row's place */
	const char *payload; /* JSON: WORK_SEND an outmsg and what to do with its message id; WORK_BANK the call;
			      * WORK_FETCH nothing */
	enum work_state state;
	int64_t due_ms;
	int64_t tries;
	const char *reason; /* of the last failure */
	int64_t created_ms;
	const char *origin; /* what it was decided in, as the log names it (log_scope): "update 17" */
};

/* Writes a row (id, state, tries, reason and origin are not read). A waiting row with the same non-empty collapse takes
 * over the new payload instead and keeps its place. Returns the row's id, 0 when the store failed. */
int64_t work_add(struct db_tx *tx, const struct work *w);

/* Rows that are due and first in their chain (a bulk row holds up only other bulk rows of it), in the order of lane and
 * age, except those in lanes before `first`. Fills up to `most` into out (texts on ctx); returns how many. */
size_t work_due(struct db_tx *tx, void *ctx, int64_t now_ms, enum work_lane first, struct work *out, size_t most);

/* When, after after_ms, the next waiting row that is first in its chain becomes due, or INT64_MAX. Those behind an
 * older one wait for its end, whatever their own time: counting them would make the loop spin. */
int64_t work_next_due(struct db_tx *tx, int64_t after_ms);

void work_started(struct db_tx *tx, int64_t id);
/* Removes a finished row; when a newer payload took its place meanwhile (another edition), that one waits on. */
void work_done(struct db_tx *tx, int64_t id, int64_t edition);
/* True when a younger row waits in the row's chain. */
bool work_has_younger(struct db_tx *tx, const struct work *w);
/* Waits again until due_ms. `tries` is the new count. */
void work_retry(struct db_tx *tx, int64_t id, int64_t due_ms, int64_t tries, const char *reason);
/* Gives a row up, unless a newer payload took its place meanwhile: that one waits on. */
void work_dead(struct db_tx *tx, int64_t id, int64_t edition, const char *reason);
/* For the payload that the caller knows: when a newer one took its place meanwhile, that one stays. */
void work_set_payload(struct db_tx *tx, int64_t id, int64_t edition, const char *payload);
/* Drops all waiting rows of a chain (a person who blocked the bot). */
/* Makes the waiting row of a chain that has this collapse say nothing (payload "{}"), if there is one. It keeps its
 * place: it may be out at this moment, and what is behind it must not overtake it. */
void work_void(struct db_tx *tx, const char *chain, const char *collapse);
void work_drop_chain(struct db_tx *tx, const char *chain);
/* A group got a new id: its waiting rows move to the new chain. Payloads are read by the worker, which knows the map.
 */
void work_move_chain(struct db_tx *tx, const char *from, const char *to);

/* Rows with a state, oldest first, at most `most`: for the owner's eyes and for a restart. */
size_t work_list(struct db_tx *tx, void *ctx, enum work_state state, struct work *out, size_t most);
/* The waiting rows of a chain become due now. */
void work_hurry(struct db_tx *tx, const char *chain, int64_t now_ms);

/* Bank calls (all are in LANE_BANK) with that state and ids above `after`, rising. */
size_t work_bank_rows(struct db_tx *tx, void *ctx, enum work_state state, int64_t after, struct work *out, size_t most);

/* What is due, by lane, and when the one that waits longest could have been done (a row's due moment; waits for a limit
 * or a retry do not count). */
struct work_queue {
	int64_t n[LANE_BULK + 1], since_ms[LANE_BULK + 1];
};
struct work_queue work_queue(struct db_tx *tx, int64_t now_ms);

int64_t work_count(struct db_tx *tx, enum work_state state);

#endif
