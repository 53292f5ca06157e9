/* People and conversations: see repo_person.h. */
#include "repo_person.h"

#include <string.h>
#include <talloc.h>

#define PERSON_COLUMNS                                                                                                 \
	"id, channel, outside_id, name, username, language, language_chosen, reachable, strikes, iban, card_said, "    \
	"mobile, national_id, mobile_state, iban_state, owner_name, "                                                  \
	"iban_changed_ms, emblem, emblem_picked, former_name, renamed_ms, terms_version, dark_pictures, few_notices, " \
	"sms_off, "                                                                                                    \
	"quiet_from_h, quiet_to_h, first_seen_ms "

static void read_person(struct db_stmt *s, void *ctx, struct person *out)
{
	*out = (struct person){
		.id = db_col_int(s, "id"),
		.channel = db_col_text(ctx, s, "channel"),
		.outside_id = db_col_int(s, "outside_id"),
		.name = db_col_text(ctx, s, "name"),
		.username = db_col_text(ctx, s, "username"),
		.language = db_col_text(ctx, s, "language"),
		.language_chosen = db_col_int(s, "language_chosen"),
		.reachable = db_col_int(s, "reachable"),
		.strikes = db_col_int(s, "strikes"),
		.iban = db_col_text_sealed(ctx, s, "iban", "person.iban"),
		.card_said = db_col_text(ctx, s, "card_said"),
		.mobile = db_col_text_sealed(ctx, s, "mobile", "person.mobile"),
		.national_id = db_col_text_sealed(ctx, s, "national_id", "person.national_id"),
		.owner_name = db_col_text_sealed(ctx, s, "owner_name", "person.owner_name"),
		.mobile_state = (int)db_col_int(s, "mobile_state"),
		.iban_state = (int)db_col_int(s, "iban_state"),
		.iban_changed_ms = db_col_int(s, "iban_changed_ms"),
		.emblem = (int)db_col_int(s, "emblem"),
		.emblem_picked = db_col_int(s, "emblem_picked"),
		.former_name = db_col_text(ctx, s, "former_name"),
		.renamed_ms = db_col_int(s, "renamed_ms"),
		.terms_version = (int)db_col_int(s, "terms_version"),
		.dark_pictures = db_col_int(s, "dark_pictures"),
		.few_notices = db_col_int(s, "few_notices"),
		.sms_off = db_col_int(s, "sms_off"),
		.quiet_from_h = (int)db_col_int(s, "quiet_from_h"),
		.quiet_to_h = (int)db_col_int(s, "quiet_to_h"),
		.first_seen_ms = db_col_int(s, "first_seen_ms"),
	};
}

static bool take_person(struct db_stmt *s, void *ctx, struct person *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		read_person(s, ctx, out);
	db_free(&s);
	return found;
}

bool person_by_id(struct db_tx *tx, void *ctx, int64_t id, struct person *out)
{
	static struct db_query q = DB_QUERY("SELECT " PERSON_COLUMNS "FROM person WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	return take_person(s, ctx, out);
}

bool person_by_outside_id(struct db_tx *tx, void *ctx, const char *channel, int64_t outside_id, struct person *out)
{
	static struct db_query q =
		DB_QUERY("SELECT " PERSON_COLUMNS "FROM person WHERE channel = ? AND outside_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, channel);
	db_int(s, outside_id);
	return take_person(s, ctx, out);
}

bool person_by_username(struct db_tx *tx, void *ctx, const char *channel, const char *username, struct person *out)
{
	static struct db_query q = DB_QUERY("SELECT " PERSON_COLUMNS "FROM person WHERE channel = ? AND username <> '' "
					    "AND LOWER(username) = LOWER(?) ORDER BY id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, channel);
	db_text(s, username);
	return take_person(s, ctx, out);
}

/* A name that changed is told to the other side of a deal for a while (fraud.md: renamed just before a deal). */
static void rename_person(struct db_tx *tx, const struct person *p, const char *name, const char *username,
			  int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE person SET name = ?, username = ?, former_name = ?, renamed_ms = ? "
					    "WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool renamed = strcmp(p->name, name) != 0;

	db_text(s, name);
	db_text(s, username);
	db_text(s, renamed ? p->name : p->former_name);
	db_int(s, renamed ? now_ms : p->renamed_ms);
	db_int(s, p->id);
	db_exec(s);
}

/* Usernames wander: who is met under one has it now, and nobody else we know. */
static void take_username(struct db_tx *tx, const char *channel, int64_t outside_id, const char *username)
{
	static struct db_query q = DB_QUERY("UPDATE person SET username = '' WHERE channel = ? "
					    "AND LOWER(username) = LOWER(?) AND outside_id <> ?");
	struct db_stmt *s;

	if (!username[0])
		return;
	s = db_stmt(tx, &q);
	db_text(s, channel);
	db_text(s, username);
	db_int(s, outside_id);
	db_exec(s);
}

bool person_meet(struct db_tx *tx, void *ctx, const char *channel, int64_t outside_id, const char *name,
		 const char *username, const char *guess, int64_t now_ms, struct person *out)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (channel, outside_id, name, username, language, "
					    "first_seen_ms) VALUES (?, ?, ?, ?, ?, ?)");
	struct db_stmt *s;

	if (person_by_outside_id(tx, ctx, channel, outside_id, out)) {
		if (!strcmp(out->name, name) && !strcmp(out->username, username))
			return true;
		take_username(tx, channel, outside_id, username);
		rename_person(tx, out, name, username, now_ms);
		return person_by_outside_id(tx, ctx, channel, outside_id, out);
	}
	take_username(tx, channel, outside_id, username);
	s = db_stmt(tx, &q);
	db_text(s, channel);
	db_int(s, outside_id);
	db_text(s, name);
	db_text(s, username);
	db_text(s, guess);
	db_int(s, now_ms);
	return db_exec(s) == DB_DONE && person_by_outside_id(tx, ctx, channel, outside_id, out);
}

void person_set_language(struct db_tx *tx, int64_t id, const char *language)
{
	static struct db_query q = DB_QUERY("UPDATE person SET language = ?, language_chosen = 1 WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, language);
	db_int(s, id);
	db_exec(s);
}

void person_set_reachable(struct db_tx *tx, const char *channel, int64_t outside_id, bool reachable)
{
	static struct db_query q =
		DB_QUERY("UPDATE person SET reachable = ? WHERE channel = ? AND outside_id = ? AND reachable <> ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, reachable);
	db_text(s, channel);
	db_int(s, outside_id);
	db_int(s, reachable);
	db_exec(s);
}

bool person_set_iban(struct db_tx *tx, int64_t id, const char *iban, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("UPDATE person SET iban_changed_ms = ?, iban_state = 0, iban = ? WHERE id = ?");
	void *ctx = talloc_new(NULL);
	struct person before;
	/* What stands there is sealed, so the store cannot compare it. */
	bool set = person_by_id(tx, ctx, id, &before) && strcmp(before.iban, iban) != 0;
	bool another = set && (before.iban[0] || before.iban_changed_ms);

	if (set) {
		struct db_stmt *s = db_stmt(tx, &q);

		db_int(s, another ? now_ms : 0);
		db_text_sealed(s, "person.iban", iban);
		db_int(s, id);
		db_exec(s);
	}
	talloc_free(ctx);
	return another;
}

static void set_sealed(struct db_tx *tx, struct db_query *q, int64_t id, const char *column, const char *text)
{
	struct db_stmt *s = db_stmt(tx, q);

	db_text_sealed(s, column, text);
	db_int(s, id);
	db_exec(s);
}

void person_set_mobile(struct db_tx *tx, int64_t id, const char *mobile)
{
	static struct db_query q = DB_QUERY("UPDATE person SET mobile = ?, mobile_state = 0 WHERE id = ?");

	set_sealed(tx, &q, id, "person.mobile", mobile);
}

void person_set_national_id(struct db_tx *tx, int64_t id, const char *national_id)
{
	static struct db_query q =
		DB_QUERY("UPDATE person SET national_id = ?, mobile_state = 0, iban_state = 0 WHERE id = ?");

	set_sealed(tx, &q, id, "person.national_id", national_id);
}

void person_set_owner_name(struct db_tx *tx, int64_t id, const char *name)
{
	static struct db_query q = DB_QUERY("UPDATE person SET owner_name = ? WHERE id = ?");

	set_sealed(tx, &q, id, "person.owner_name", name);
}

bool person_is_proven(const struct person *p)
{
	return p->mobile_state == PROOF_MATCH && p->iban_state == PROOF_MATCH;
}

void person_set_proof(struct db_tx *tx, int64_t id, int question, int state)
{
	static struct db_query of_mobile = DB_QUERY("UPDATE person SET mobile_state = ? WHERE id = ?");
	static struct db_query of_iban = DB_QUERY("UPDATE person SET iban_state = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, question == 1 ? &of_mobile : &of_iban);

	db_int(s, state);
	db_int(s, id);
	db_exec(s);
}

void person_set_card_said(struct db_tx *tx, int64_t id, const char *last_four)
{
	static struct db_query q = DB_QUERY("UPDATE person SET card_said = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, last_four);
	db_int(s, id);
	db_exec(s);
}

void person_forget_iban(struct db_tx *tx, int64_t id, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("UPDATE person SET iban = '', iban_state = 0, iban_changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, now_ms);
	db_int(s, id);
	db_exec(s);
}

void person_strike(struct db_tx *tx, int64_t id)
{
	static struct db_query q = DB_QUERY("UPDATE person SET strikes = strikes + 1 WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	db_exec(s);
}

void person_set_emblem(struct db_tx *tx, int64_t id, int emblem, bool picked)
{
	static struct db_query q = DB_QUERY("UPDATE person SET emblem = ?, emblem_picked = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, emblem);
	db_int(s, picked);
	db_int(s, id);
	db_exec(s);
}

void person_set_wishes(struct db_tx *tx, const struct person *p)
{
	static struct db_query q =
		DB_QUERY("UPDATE person SET dark_pictures = ?, few_notices = ?, sms_off = ?, quiet_from_h = ?, "
			 "quiet_to_h = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, p->dark_pictures);
	db_int(s, p->few_notices);
	db_int(s, p->sms_off);
	db_int(s, p->quiet_from_h);
	db_int(s, p->quiet_to_h);
	db_int(s, p->id);
	db_exec(s);
}

void person_accept_terms(struct db_tx *tx, int64_t id, int version, int64_t now_ms)
{
	static struct db_query note = DB_QUERY("INSERT INTO terms_accepted (person_id, version, at_ms) "
					       "VALUES (?, ?, ?) ON CONFLICT (person_id, version) DO NOTHING");
	static struct db_query set = DB_QUERY("UPDATE person SET terms_version = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &note);

	db_int(s, id);
	db_int(s, version);
	db_int(s, now_ms);
	db_exec(s);
	s = db_stmt(tx, &set);
	db_int(s, version);
	db_int(s, id);
	db_exec(s);
}

int64_t person_accepted_ms(struct db_tx *tx, int64_t id, int version)
{
	static struct db_query q = DB_QUERY("SELECT at_ms FROM terms_accepted WHERE person_id = ? AND version = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t at_ms = 0;

	db_int(s, id);
	db_int(s, version);
	db_one_int(s, &at_ms);
	return at_ms;
}

void person_block(struct db_tx *tx, int64_t person_id, int64_t other_id, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("INSERT INTO blocked (person_id, other_id, at_ms) VALUES (?, ?, ?) "
					    "ON CONFLICT (person_id, other_id) DO NOTHING");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_int(s, other_id);
	db_int(s, now_ms);
	db_exec(s);
}

void person_unblock(struct db_tx *tx, int64_t person_id, int64_t other_id)
{
	static struct db_query q = DB_QUERY("DELETE FROM blocked WHERE person_id = ? AND other_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_int(s, other_id);
	db_exec(s);
}

bool persons_blocked(struct db_tx *tx, int64_t one, int64_t other)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM blocked WHERE (person_id = ? AND other_id = ?) "
					    "OR (person_id = ? AND other_id = ?)");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, one);
	db_int(s, other);
	db_int(s, other);
	db_int(s, one);
	db_one_int(s, &n);
	return n > 0;
}

size_t persons_blocked_by(struct db_tx *tx, void *ctx, int64_t person_id, struct person *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT " PERSON_COLUMNS "FROM person JOIN (SELECT other_id, "
					    "at_ms AS blocked_ms FROM blocked WHERE person_id = ?) AS mine "
					    "ON other_id = person.id ORDER BY blocked_ms DESC, person.id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, person_id);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		read_person(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

int64_t persons_blocked_count(struct db_tx *tx, int64_t person_id)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM blocked WHERE person_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, person_id);
	db_one_int(s, &n);
	return n;
}

void conversation_load(struct db_tx *tx, void *ctx, int64_t person_id, struct conversation *out)
{
	static struct db_query q = DB_QUERY("SELECT step, data FROM conversation WHERE person_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	*out = (struct conversation){"", "{}"};
	db_int(s, person_id);
	if (db_step(s) == DB_ROW)
		*out = (struct conversation){db_col_text(ctx, s, "step"), db_col_text(ctx, s, "data")};
	db_free(&s);
}

void conversation_save(struct db_tx *tx, int64_t person_id, const char *step, const char *data, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("INSERT INTO conversation (person_id, step, data, since_ms) "
					    "VALUES (?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET "
					    "step = excluded.step, data = excluded.data, since_ms = excluded.since_ms");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_text(s, step);
	db_text(s, data);
	db_int(s, now_ms);
	db_exec(s);
}

void conversation_end(struct db_tx *tx, int64_t person_id)
{
	static struct db_query q = DB_QUERY("DELETE FROM conversation WHERE person_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_exec(s);
}
