/* The books: see repo_ledger.h. */
#include "repo_ledger.h"

#include "log.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { MAX_SET_BYTES = 4096 };

void ledger_content_add(struct buf *b, const struct transfer *t)
{
	char debit[40], credit[40];

	buf_printf(b, "%s%d %s %s %" PRId64, b->len ? "; " : "", (int)t->code, account_name(t->debit, debit),
		   account_name(t->credit, credit), rial_raw(t->amount));
}

static const char *content_of(void *ctx, const struct transfer *t, size_t n)
{
	struct buf *b = buf_new(ctx, MAX_SET_BYTES);

	for (size_t i = 0; i < n; i++)
		ledger_content_add(b, &t[i]);
	assert(!b->failed);
	return b->data;
}

/* Time in the journal never goes back (I10): a set is never older than the one before it, whatever a clock that was
 * corrected, or a machine that woke with another one, believes. */
static int64_t not_before_last(struct db_tx *tx, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("SELECT at_ms FROM ledger_set ORDER BY id DESC LIMIT 1");
	int64_t last_ms = 0;

	db_one_int(db_stmt(tx, &q), &last_ms);
	return last_ms > now_ms ? last_ms : now_ms;
}

static int64_t insert_set(struct db_tx *tx, const char *key, const char *content, int64_t deal_id, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("INSERT INTO ledger_set (natural_key, content, deal_id, at_ms) "
					    "VALUES (?, ?, ?, ?) ON CONFLICT (natural_key) DO NOTHING RETURNING id");
	int64_t id = 0, at_ms = not_before_last(tx, now_ms);
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, key);
	db_text(s, content);
	if (deal_id)
		db_int(s, deal_id);
	else
		db_null(s);
	db_int(s, at_ms);
	db_one_int(s, &id);
	return id;
}

static bool same_content(struct db_tx *tx, void *ctx, const char *key, const char *content)
{
	static struct db_query q = DB_QUERY("SELECT content FROM ledger_set WHERE natural_key = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool same;

	db_text(s, key);
	same = db_step(s) == DB_ROW && !strcmp(db_col_text(ctx, s, "content"), content);
	db_free(&s);
	return same;
}

static bool insert_transfer(struct db_tx *tx, int64_t set_id, size_t number, const struct transfer *t)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO ledger_transfer (set_id, number, debit_kind, debit_id, credit_kind, credit_id, "
			 "amount, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, set_id);
	db_int(s, (int64_t)number);
	db_int(s, t->debit.kind);
	db_int(s, t->debit.id);
	db_int(s, t->credit.kind);
	db_int(s, t->credit.id);
	db_int(s, rial_raw(t->amount));
	db_int(s, t->code);
	return db_exec(s) == DB_DONE;
}

/* The CHECK on the table keeps what we owe at zero or above; an account at a bank may be below until its statement
 * comes.
 */
static bool change_balance(struct db_tx *tx, struct account a, int64_t by)
{
	static struct db_query open = DB_QUERY("INSERT INTO ledger_balance (kind, id, balance) VALUES (?, ?, 0) "
					       "ON CONFLICT (kind, id) DO NOTHING");
	static struct db_query add = DB_QUERY("UPDATE ledger_balance SET balance = balance + ? WHERE kind = ? AND id = "
					      "? AND (balance + ? >= 0 OR ? = 1)");
	struct db_stmt *s = db_stmt(tx, &open);

	db_int(s, a.kind);
	db_int(s, a.id);
	if (db_exec(s) != DB_DONE)
		return false;
	s = db_stmt(tx, &add);
	db_int(s, by);
	db_int(s, a.kind);
	db_int(s, a.id);
	db_int(s, by);
	db_int(s, account_is_asset(a.kind));
	return db_exec(s) == DB_DONE && db_changes(tx) == 1;
}

static bool book(struct db_tx *tx, int64_t set_id, size_t number, const struct transfer *t)
{
	int64_t amount = rial_raw(t->amount);

	return transfer_valid(t) && insert_transfer(tx, set_id, number, t) &&
	       change_balance(tx, t->debit, account_is_asset(t->debit.kind) ? amount : -amount) &&
	       change_balance(tx, t->credit, account_is_asset(t->credit.kind) ? -amount : amount);
}

enum ledger_post ledger_post(struct db_tx *tx, const char *key, int64_t deal_id, const struct transfer *transfers,
			     size_t n, int64_t now_ms)
{
	void *scratch = talloc_new(NULL);
	const char *content = content_of(scratch, transfers, n);
	int64_t set_id = insert_set(tx, key, content, deal_id, now_ms);
	enum ledger_post r = LEDGER_POSTED;

	if (!set_id)
		r = same_content(tx, scratch, key, content) ? LEDGER_SAME : LEDGER_CLASH;
	for (size_t i = 0; i < n && r == LEDGER_POSTED; i++)
		if (!book(tx, set_id, i, &transfers[i]))
			r = LEDGER_CLASH;
	if (r == LEDGER_CLASH)
		log_error("ledger: set %s of deal %" PRId64 " cannot be posted; nothing of it is kept", key, deal_id);
	talloc_free(scratch);
	return r;
}

struct rial ledger_balance(struct db_tx *tx, struct account a)
{
	static struct db_query q = DB_QUERY("SELECT balance FROM ledger_balance WHERE kind = ? AND id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t balance = 0;

	db_int(s, a.kind);
	db_int(s, a.id);
	db_one_int(s, &balance);
	return rial_of(balance);
}
