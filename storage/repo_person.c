/* People and conversations: see repo_person.h. */
#include "repo_person.h"

#include <string.h>
#include <talloc.h>

#define PERSON_COLUMNS                                                                                                 \
	"id, channel, outside_id, name, username, language, language_chosen, reachable, strikes, iban, "               \
	"iban_changed_ms "

static bool take_person(struct db_stmt *s, void *ctx, struct person *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
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
			.iban = db_col_text(ctx, s, "iban"),
			.iban_changed_ms = db_col_int(s, "iban_changed_ms"),
		};
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

static void rename_person(struct db_tx *tx, int64_t id, const char *name, const char *username)
{
	static struct db_query q = DB_QUERY("UPDATE person SET name = ?, username = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, name);
	db_text(s, username);
	db_int(s, id);
	db_exec(s);
}

bool person_meet(struct db_tx *tx, void *ctx, const char *channel, int64_t outside_id, const char *name,
		 const char *username, const char *guess, int64_t now_ms, struct person *out)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (channel, outside_id, name, username, language, "
					    "first_seen_ms) VALUES (?, ?, ?, ?, ?, ?)");
	struct db_stmt *s;

	if (person_by_outside_id(tx, ctx, channel, outside_id, out)) {
		if (strcmp(out->name, name) || strcmp(out->username, username))
			rename_person(tx, out->id, name, username);
		out->name = talloc_strdup(ctx, name);
		out->username = talloc_strdup(ctx, username);
		return true;
	}
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

void person_set_iban(struct db_tx *tx, int64_t id, const char *iban, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE person SET iban_changed_ms = CASE WHEN iban = '' OR iban = ? "
					    "THEN iban_changed_ms ELSE ? END, iban = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, iban);
	db_int(s, now_ms);
	db_text(s, iban);
	db_int(s, id);
	db_exec(s);
}

void person_forget_iban(struct db_tx *tx, int64_t id)
{
	static struct db_query q = DB_QUERY("UPDATE person SET iban = '' WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

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
