/* Cursors, the inbox and facts: see repo_inbox.h. */
#include "repo_inbox.h"

bool inbox_first_time(struct db_tx *tx, const char *source, int64_t outside_id, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("INSERT INTO inbox (source, outside_id, seen_ms) VALUES (?, ?, ?) "
					    "ON CONFLICT (source, outside_id) DO NOTHING");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, source);
	db_int(s, outside_id);
	db_int(s, now_ms);
	return db_exec(s) == DB_DONE && db_changes(tx) == 1;
}

void inbox_prune(struct db_tx *tx, int64_t before_ms)
{
	static struct db_query q =
		DB_QUERY("DELETE FROM inbox WHERE (source, outside_id) IN (SELECT source, outside_id "
			 "FROM inbox WHERE seen_ms < ? ORDER BY seen_ms LIMIT 500)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, before_ms);
	db_exec(s);
}

int64_t cursor_get(struct db_tx *tx, const char *source)
{
	static struct db_query q = DB_QUERY("SELECT position FROM cursor WHERE source = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t position = 0;

	db_text(s, source);
	db_one_int(s, &position);
	return position;
}

void cursor_set(struct db_tx *tx, const char *source, int64_t position)
{
	static struct db_query q = DB_QUERY("INSERT INTO cursor (source, position) VALUES (?, ?) "
					    "ON CONFLICT (source) DO UPDATE SET position = excluded.position");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, source);
	db_int(s, position);
	db_exec(s);
}

int64_t fact_number(struct db_tx *tx, const char *name, int64_t otherwise)
{
	static struct db_query q = DB_QUERY("SELECT number FROM fact WHERE name = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t number = otherwise;

	db_text(s, name);
	db_one_int(s, &number);
	return number;
}

const char *fact_text(struct db_tx *tx, void *ctx, const char *name, const char *otherwise)
{
	static struct db_query q = DB_QUERY("SELECT text FROM fact WHERE name = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	const char *text = otherwise;

	db_text(s, name);
	if (db_step(s) == DB_ROW)
		text = db_col_text(ctx, s, "text");
	db_free(&s);
	return text;
}

void fact_set(struct db_tx *tx, const char *name, int64_t number, const char *text)
{
	static struct db_query q = DB_QUERY("INSERT INTO fact (name, number, text) VALUES (?, ?, ?) "
					    "ON CONFLICT (name) DO UPDATE SET number = excluded.number, "
					    "text = excluded.text");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, name);
	db_int(s, number);
	db_text(s, text);
	db_exec(s);
}

const char *secret_get(struct db_tx *tx, void *ctx, const char *name)
{
	static struct db_query q = DB_QUERY("SELECT text FROM secret WHERE name = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	const char *text = "";

	db_text(s, name);
	if (db_step(s) == DB_ROW)
		text = db_col_text_sealed(ctx, s, "text", "secret.text");
	db_free(&s);
	return text;
}

void secret_set(struct db_tx *tx, const char *name, const char *text)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO secret (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
			 "text = excluded.text");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, name);
	db_text_sealed(s, "secret.text", text);
	db_exec(s);
}
