/* The books in a few numbers: see books.h. */
#include "books.h"

bool books_read(struct db_tx *tx, struct books *out)
{
	static struct db_query sums =
		DB_QUERY("SELECT kind, SUM(balance) AS balance FROM ledger_balance WHERE balance <> 0 "
			 "GROUP BY kind");
	static struct db_query banks =
		DB_QUERY("SELECT id, balance FROM ledger_balance WHERE kind = 1 ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &sums);
	enum db_result r;

	*out = (struct books){.n_banks = 0};
	while ((r = db_step(s)) == DB_ROW) {
		int64_t kind = db_col_int(s, "kind");

		if (kind > 0 && kind < ACCOUNT_KIND_END)
			out->of[kind] = db_col_int(s, "balance");
	}
	db_free(&s);
	if (r == DB_FAIL)
		return false;
	s = db_stmt(tx, &banks);
	db_int(s, BOOKS_BANKS_MAX);
	while (out->n_banks < BOOKS_BANKS_MAX && (r = db_step(s)) == DB_ROW) {
		out->banks[out->n_banks].id = db_col_int(s, "id");
		out->banks[out->n_banks++].balance = db_col_int(s, "balance");
	}
	db_free(&s);
	return r != DB_FAIL;
}

int64_t books_held(const struct books *b)
{
	return b->of[ACCOUNT_BANK];
}

int64_t books_owed(const struct books *b)
{
	return b->of[ACCOUNT_HOLD] + b->of[ACCOUNT_SUSPENSE] + b->of[ACCOUNT_PAYABLE] + b->of[ACCOUNT_REFUND] +
	       b->of[ACCOUNT_INFLIGHT];
}

int64_t books_own(const struct books *b)
{
	return b->of[ACCOUNT_FEE_INCOME] - b->of[ACCOUNT_COST];
}

bool books_agree(const struct books *b)
{
	return books_held(b) == books_owed(b) + books_own(b);
}

size_t books_suspense(struct db_tx *tx, struct suspense *out, size_t most)
{
	static struct db_query q = DB_QUERY(
		"SELECT ledger_balance.id AS deal_id, balance, (SELECT MIN(at_ms) FROM ledger_set JOIN ledger_transfer "
		"ON "
		"set_id = ledger_set.id WHERE ledger_set.deal_id = ledger_balance.id AND credit_kind = 2) AS since_ms "
		"FROM ledger_balance WHERE kind = 2 AND balance <> 0 ORDER BY since_ms, ledger_balance.id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, (int64_t)most);
	for (; n < most && db_step(s) == DB_ROW; n++)
		out[n] = (struct suspense){db_col_int(s, "deal_id"), db_col_int(s, "balance"),
					   db_col_int(s, "since_ms")};
	db_free(&s);
	return n;
}
