/* Bank statements: see repo_statement.h. */
#include "repo_statement.h"

#include <string.h>

int64_t statement_insert(struct db_tx *tx, const struct statement_row *r, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO statement_row (account, row_key, day, amount, words, reference, state, "
		"seen_ms) VALUES (?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (account, row_key) DO NOTHING RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_text(s, r->account);
	db_text(s, r->key);
	db_int(s, r->day);
	db_int(s, r->amount_rial);
	db_text_sealed(s, "statement_row.words", r->words);
	db_text_sealed(s, "statement_row.reference", r->reference);
	db_int(s, now_ms);
	db_one_int(s, &id);
	return id;
}

static void take(struct db_stmt *s, void *ctx, struct statement_row *out)
{
	*out = (struct statement_row){.id = db_col_int(s, "id"),
				      .account = db_col_text(ctx, s, "account"),
				      .key = db_col_text(ctx, s, "row_key"),
				      .day = db_col_int(s, "day"),
				      .amount_rial = db_col_int(s, "amount"),
				      .words = db_col_text_sealed(ctx, s, "words", "statement_row.words"),
				      .reference = db_col_text_sealed(ctx, s, "reference", "statement_row.reference"),
				      .state = (enum statement_state)db_col_int(s, "state"),
				      .matched_id = db_col_int(s, "matched_id"),
				      .seen_ms = db_col_int(s, "seen_ms")};
}

bool statement_by_key(struct db_tx *tx, void *ctx, const char *account, const char *key, struct statement_row *out)
{
	static struct db_query q =
		DB_QUERY("SELECT id, account, row_key, day, amount, words, reference, state, matched_id, seen_ms "
			 "FROM statement_row WHERE account = ? AND row_key = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_text(s, account);
	db_text(s, key);
	found = db_step(s) == DB_ROW;
	if (found)
		take(s, ctx, out);
	db_free(&s);
	return found;
}

void statement_save(struct db_tx *tx, const struct statement_row *r)
{
	static struct db_query q = DB_QUERY("UPDATE statement_row SET state = ?, matched_id = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, r->state);
	db_int(s, r->matched_id);
	db_int(s, r->id);
	db_exec(s);
}

size_t statement_open_rows(struct db_tx *tx, void *ctx, int64_t after, int64_t since_ms, struct statement_row *out,
			   size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT id, account, row_key, day, amount, words, reference, state, matched_id, seen_ms "
			 "FROM statement_row WHERE state = 1 AND id > ? AND seen_ms >= ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, after);
	db_int(s, since_ms);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		take(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

int64_t statement_find_clearing(struct db_tx *tx, int64_t gateway, int64_t amount_rial, int64_t day, int64_t days)
{
	static struct db_query q =
		DB_QUERY("SELECT id FROM statement_row AS ours WHERE state = 4 AND matched_id = ? AND amount = ? AND "
			 "day >= ? AND day <= ? AND NOT EXISTS (SELECT 1 FROM statement_row AS other WHERE "
			 "other.matched_id = ours.id AND other.state = 6) ORDER BY day, id LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, gateway);
	db_int(s, amount_rial);
	db_int(s, day - days);
	db_int(s, day + days);
	db_one_int(s, &id);
	return id;
}

bool statement_has(struct db_tx *tx, enum statement_state what, int64_t id, bool came_in)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) FROM statement_row WHERE matched_id = ? AND state = ? AND "
					    "(CASE WHEN amount > 0 THEN 1 ELSE 0 END) = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, id);
	db_int(s, what);
	db_int(s, came_in);
	db_one_int(s, &n);
	return n > 0;
}

bool statement_find_payment(struct db_tx *tx, void *ctx, const char *account, const char *number, struct payment *out)
{
	static struct db_query q =
		DB_QUERY("SELECT id FROM payment WHERE gateway = ? AND ref = ? AND paid > 0 LIMIT 1");
	struct db_stmt *s;
	int64_t id = 0;

	if (payment_by_order(tx, ctx, number, out))
		return !strcmp(out->gateway, account) && rial_is_positive(out->paid);
	s = db_stmt(tx, &q);
	db_text(s, account);
	db_text(s, number);
	db_one_int(s, &id);
	return id && payment_by_id(tx, ctx, id, out);
}

bool statement_find_settlement(struct db_tx *tx, void *ctx, const char *account, const char *number,
			       struct settlement *out)
{
	static struct db_query q = DB_QUERY("SELECT id FROM settlement WHERE gateway = ? AND ref = ? LIMIT 1");
	struct db_stmt *s;
	int64_t id = 0;

	if (settlement_by_track(tx, ctx, number, out))
		return !strcmp(out->gateway, account);
	s = db_stmt(tx, &q);
	db_text(s, account);
	db_text(s, number);
	db_one_int(s, &id);
	return id && settlement_by_id(tx, ctx, id, out);
}

bool statement_span(struct db_tx *tx, const char *account, struct statement_span *out)
{
	static struct db_query q =
		DB_QUERY("SELECT MIN(CASE WHEN day > 0 THEN day END) AS first, MAX(day) AS last, COUNT(*) AS rows, "
			 "SUM(CASE WHEN state = 1 THEN 1 ELSE 0 END) AS open, SUM(amount) AS sum FROM statement_row "
			 "WHERE account = ? HAVING COUNT(*) > 0");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_text(s, account);
	found = db_step(s) == DB_ROW;
	if (found)
		*out = (struct statement_span){.first = db_col_null(s, "first") ? 0 : db_col_int(s, "first"),
					       .last = db_col_int(s, "last"),
					       .rows = db_col_int(s, "rows"),
					       .open = db_col_int(s, "open"),
					       .sum = db_col_int(s, "sum")};
	db_free(&s);
	return found;
}

size_t statement_missing(struct db_tx *tx, void *ctx, const char *account, int64_t from_ms, int64_t to_ms,
			 struct statement_missing *out, size_t most)
{
	static struct db_query q = DB_QUERY(
		"SELECT 1 AS is_payment, order_id AS number, deal_id, paid AS amount, credited_ms AS at_ms FROM "
		"payment "
		"WHERE gateway = ? AND paid > 0 AND credited_ms >= ? AND credited_ms < ? AND NOT EXISTS (SELECT 1 FROM "
		"statement_row WHERE statement_row.matched_id = payment.id AND statement_row.state = 2) UNION ALL "
		"SELECT 0 AS is_payment, track_id AS number, deal_id, amount, changed_ms AS at_ms FROM settlement "
		"WHERE "
		"gateway = ? AND state IN (2, 3) AND changed_ms >= ? AND changed_ms < ? AND NOT EXISTS (SELECT 1 FROM "
		"statement_row WHERE statement_row.matched_id = settlement.id AND statement_row.state = 3) "
		"ORDER BY at_ms, number LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		db_text(s, account);
		db_int(s, from_ms);
		db_int(s, to_ms);
	}
	db_int(s, (int64_t)most);
	for (; n < most && db_step(s) == DB_ROW; n++)
		out[n] = (struct statement_missing){.is_payment = db_col_int(s, "is_payment") != 0,
						    .number = db_col_text(ctx, s, "number"),
						    .deal_id = db_col_int(s, "deal_id"),
						    .amount_rial = db_col_int(s, "amount"),
						    .at_ms = db_col_int(s, "at_ms")};
	db_free(&s);
	return n;
}
