/* Uploaded pictures and receipts: see repo_picture.h. */
#include "repo_picture.h"

static const char *one_text(struct db_stmt *s, void *ctx, const char *column)
{
	const char *text = db_step(s) == DB_ROW ? db_col_text(ctx, s, column) : NULL;

	db_free(&s);
	return text;
}

const char *picture_file(struct db_tx *tx, void *ctx, const char *recipe_sha256)
{
	static struct db_query q = DB_QUERY("SELECT file_id FROM picture WHERE recipe_sha256 = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, recipe_sha256);
	return one_text(s, ctx, "file_id");
}

void picture_keep(struct db_tx *tx, const char *recipe_sha256, const char *file_id, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("INSERT INTO picture (recipe_sha256, file_id, at_ms) VALUES (?, ?, ?) "
					    "ON CONFLICT (recipe_sha256) DO UPDATE SET file_id = excluded.file_id, "
					    "at_ms = excluded.at_ms");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, recipe_sha256);
	db_text(s, file_id);
	db_int(s, now_ms);
	db_exec(s);
}

void picture_forget(struct db_tx *tx, const char *recipe_sha256)
{
	static struct db_query q = DB_QUERY("DELETE FROM picture WHERE recipe_sha256 = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, recipe_sha256);
	db_exec(s);
}

void picture_prune(struct db_tx *tx, int64_t before_ms)
{
	static struct db_query q = DB_QUERY("DELETE FROM picture WHERE recipe_sha256 IN (SELECT recipe_sha256 "
					    "FROM picture WHERE at_ms < ? ORDER BY at_ms LIMIT 500)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, before_ms);
	db_exec(s);
}

int64_t receipt_deal(struct db_tx *tx, const char *code)
{
	static struct db_query q = DB_QUERY("SELECT deal_id FROM receipt WHERE code = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t deal_id = 0;

	db_text(s, code);
	db_one_int(s, &deal_id);
	return deal_id;
}

const char *receipt_of(struct db_tx *tx, void *ctx, int64_t deal_id)
{
	static struct db_query q = DB_QUERY("SELECT code FROM receipt WHERE deal_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	return one_text(s, ctx, "code");
}

bool receipt_add(struct db_tx *tx, const char *code, int64_t deal_id, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO receipt (code, deal_id, at_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, code);
	db_int(s, deal_id);
	db_int(s, now_ms);
	return db_exec(s) == DB_DONE && db_changes(tx) == 1;
}
