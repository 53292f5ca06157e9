/* People and where they stand in a conversation.
 * In every repository: writes that fail (disk, another writer) doom the transaction, which is then rolled back whole by
 * db_tx; so writes return nothing, and reads return false both for "not there" and for "could not be read". */
#ifndef SEPAREX_REPO_PERSON_H
#define SEPAREX_REPO_PERSON_H

#include "db.h"

/* What the identity provider says of a number. Stored; only add. */
enum proof_state { PROOF_NONE = 0, PROOF_ASKED = 1, PROOF_MATCH = 2, PROOF_OTHER = 3 };

struct person {
	int64_t id; /* ours */
	const char *channel;
	int64_t outside_id; /* the channel's: also the chat id of the private chat */
	const char *name; /* as typed by the person: escape when shown */
	const char *username; /* without "@", "" for none */
	const char *language; /* "fa", "en" */
	bool language_chosen; /* by the person, not guessed from the app */
	bool reachable; /* pressed Start and did not block the bot */
	int64_t strikes;
	const char *iban; /* "" until given */
	int64_t iban_changed_ms; /* when another one was replaced by it; 0 for a first one */
	const char *card_said; /* the last four digits of the card they pay with, as they say; "" for none */
	const char *owner_name; /* of the IBAN, as the bank has it; "" until known */
	const char *mobile, *national_id; /* "" until given */
	int mobile_state, iban_state; /* enum proof_state */
	int emblem; /* 0: none yet */
	bool emblem_picked; /* by the person, not given for a start */
	const char *former_name; /* "" when it never changed */
	int64_t renamed_ms; /* when the name changed last, 0 for never */
	int terms_version; /* of the terms of use accepted last, 0 for none */
	bool dark_pictures, few_notices;
	bool sms_off; /* no short messages but those about money */
	int quiet_from_h, quiet_to_h; /* Tehran's hours; equal: no quiet time */
	int64_t first_seen_ms;
};

/* Texts of *out belong to ctx. */
bool person_by_id(struct db_tx *tx, void *ctx, int64_t id, struct person *out);
bool person_by_outside_id(struct db_tx *tx, void *ctx, const char *channel, int64_t outside_id, struct person *out);

/* By username, whatever its case, without "@": whoever was met under it last. */
bool person_by_username(struct db_tx *tx, void *ctx, const char *channel, const char *username, struct person *out);

/* Adds the person, or updates name and username where they changed (a changed name is noted with its time); a username
 * is taken from whoever was known by it before. `guess` is the language for a newcomer. Fills *out; false only when the
 * store failed. */
bool person_meet(struct db_tx *tx, void *ctx, const char *channel, int64_t outside_id, const char *name,
		 const char *username, const char *guess, int64_t now_ms, struct person *out);

void person_set_language(struct db_tx *tx, int64_t id, const char *language);
void person_set_reachable(struct db_tx *tx, const char *channel, int64_t outside_id, bool reachable);
/* True when another one takes the place of one that was there or was forgotten, which is noted with its time; false for
 * the very first, and for the same again. */
bool person_set_iban(struct db_tx *tx, int64_t id, const char *iban, int64_t now_ms);
/* Forgets one that a bank refused. */
void person_forget_iban(struct db_tx *tx, int64_t id, int64_t now_ms);
void person_set_card_said(struct db_tx *tx, int64_t id, const char *last_four);
/* The provider knows the mobile and the IBAN as theirs. */
bool person_is_proven(const struct person *p);
/* What was proven of a number is void when it changes. */
void person_set_mobile(struct db_tx *tx, int64_t id, const char *mobile);
void person_set_national_id(struct db_tx *tx, int64_t id, const char *national_id);
/* `question`: 1 the mobile, 2 the IBAN (enum identity_question); `state`: enum proof_state. */
void person_set_proof(struct db_tx *tx, int64_t id, int question, int state);
/* The name of the IBAN's owner, as the bank has it. */
void person_set_owner_name(struct db_tx *tx, int64_t id, const char *name);
void person_strike(struct db_tx *tx, int64_t id);
/* `picked`: by the person. */
void person_set_emblem(struct db_tx *tx, int64_t id, int emblem, bool picked);
/* Writes what the person wishes: dark_pictures, few_notices, sms_off, quiet_from_h, quiet_to_h of *p. */
void person_set_wishes(struct db_tx *tx, const struct person *p);
/* Notes that a version of the terms of use was accepted; the same again changes nothing. */
void person_accept_terms(struct db_tx *tx, int64_t id, int version, int64_t now_ms);
/* When a version was accepted, 0 for never. */
int64_t person_accepted_ms(struct db_tx *tx, int64_t id, int version);

/* person_id wants no deal with other_id, or wants one again. */
void person_block(struct db_tx *tx, int64_t person_id, int64_t other_id, int64_t now_ms);
void person_unblock(struct db_tx *tx, int64_t person_id, int64_t other_id);
/* True when either of the two blocked the other. */
bool persons_blocked(struct db_tx *tx, int64_t one, int64_t other);
/* Whom a person blocked, newest first, at most `most`; texts on ctx. */
size_t persons_blocked_by(struct db_tx *tx, void *ctx, int64_t person_id, struct person *out, size_t most);
int64_t persons_blocked_count(struct db_tx *tx, int64_t person_id);

/* The step a person is at: "" and "{}" when at none. `data` is the step's own JSON. Texts on ctx. */
struct conversation {
	const char *step;
	const char *data;
};
void conversation_load(struct db_tx *tx, void *ctx, int64_t person_id, struct conversation *out);
void conversation_save(struct db_tx *tx, int64_t person_id, const char *step, const char *data, int64_t now_ms);
void conversation_end(struct db_tx *tx, int64_t person_id);

#endif
