/* From store to store: see store_copy.h. Nothing here knows what a table means; the triggers of the books forbid
 * changing and deleting, and a copy only adds. */
#include "store_copy.h"

#include "db_driver.h"
#include "migrate.h"
#include "owner.h"
#include "rows_copy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Every table of the migrations, none before one that it refers to. A copy that meets another one is refused. */
static const char *const tables[] = {
	"person",
	"conversation",
	"cursor",
	"inbox",
	"fact",
	"deal",
	"deal_history",
	"evidence",
	"card",
	"tracking_code",
	"deal_timer",
	"deal_photo",
	"ledger_set",
	"ledger_transfer",
	"ledger_balance",
	"payment",
	"settlement",
	"work",
	"terms_accepted",
	"blocked",
	"inline_offer",
	"picture",
	"receipt",
	"staff_act",
	"payout_batch",
	"payout_batch_row",
	"sms",
	"statement_row",
	"secret",
};

/* What each store has of itself: which files made it, and who has it. */
static const char *const own[] = {"migration", "store_owner"};

enum { TABLES = sizeof tables / sizeof *tables, OWN = sizeof own / sizeof *own, SQL_BYTES = 80 };

/* Which of the tables a store has. */
struct catalogue {
	bool has[TABLES];
	size_t n;
};

struct copy {
	struct db *from, *to;
	struct db_tx *target; /* while it runs */
	bool begun; /* reading from the old store, in this attempt */
	struct rows_sum sums[TABLES]; /* as they were read there */
	int64_t transfers, ledger_sum; /* there too */
	struct store_copied *out;
	void *ctx;
	struct err *e; /* why it was given up; "" as long as it was not */
};

/* What keeps a transaction only when all is well; else `e` says why. */
static enum db_result kept_if(bool fine)
{
	return fine ? DB_DONE : DB_CONFLICT;
}

static bool about(struct err *e, const char *which)
{
	struct err why = *e;

	return err_set(e, "%s: %s", which, why.text);
}

/* ---- which tables are there ---- */

static bool is_own(const char *name)
{
	for (size_t i = 0; i < OWN; i++)
		if (!strcmp(own[i], name))
			return true;
	return false;
}

/* False for a table that is none of ours. */
static bool note_table(struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < TABLES; i++) {
		if (strcmp(tables[i], name) != 0)
			continue;
		c->has[i] = true;
		c->n++;
		return true;
	}
	return is_own(name);
}

static bool read_catalogue(struct db_tx *tx, struct catalogue *c, struct err *e)
{
	struct db_stmt *s = db_stmt_made(tx, db_driver_of(db_of(tx))->tables);
	bool known = true;

	memset(c, 0, sizeof *c);
	while (known && db_step(s) == DB_ROW) {
		const char *name = db_col_text(s, s, "name");

		known = note_table(c, name) ||
			err_set(e, "it has a table %.60s, which this version of Separex does not know", name);
	}
	db_free(&s);
	return known && (!db_tx_failed(tx) || err_set(e, "it cannot be read: %s", db_last_error(db_of(tx))));
}

static bool has_rows(struct db_tx *tx, const char *table)
{
	char sql[SQL_BYTES];
	int64_t one;

	snprintf(sql, sizeof sql, "SELECT 1 AS n FROM %s LIMIT 1", table);
	return db_one_int(db_stmt_made(tx, sql), &one) == DB_ROW;
}

static bool is_empty(struct db_tx *tx, const struct catalogue *c, struct err *e)
{
	for (size_t i = 0; i < TABLES; i++)
		if (c->has[i] && has_rows(tx, tables[i]))
			return err_set(e,
				       "it is not empty (there are rows in %s); a copy is made into an empty one only: "
				       "give it a new file or database",
				       tables[i]);
	return !db_tx_failed(tx) || err_set(e, "it cannot be read: %s", db_last_error(db_of(tx)));
}

static bool is_whole(const struct catalogue *c, struct err *e)
{
	for (size_t i = 0; i < TABLES; i++)
		if (!c->has[i])
			return err_set(e, "it lacks the table %s", tables[i]);
	return true;
}

/* ---- opening ---- */

static enum db_result look_before(struct db_tx *tx, void *arg)
{
	struct copy *c = arg;
	struct catalogue there;

	return kept_if(read_catalogue(tx, &there, c->e) && is_empty(tx, &there, c->e));
}

/* The lock is taken as a bot would take it; the epoch is not, that would be written. */
static bool open_old(struct copy *c, const char *url)
{
	c->from = db_open_readonly(c->ctx, url, c->e);
	if (!c->from)
		return false;
	if (!db_lock(c->from, true, c->e) || !migrate_check(c->from, c->e))
		return about(c->e, "the old store");
	return db_check(c->from) == DB_DONE || err_set(c->e, "the old store is damaged: %s", db_last_error(c->from));
}

/* Nothing is written into a store that was not looked into. */
static bool open_new(struct copy *c, const char *url, int64_t now_ms)
{
	c->to = db_open(c->ctx, url, c->e);
	if (!c->to)
		return false;
	db_stream(c->to);
	if (db_read(c->to, "look into the new store", look_before, c) != DB_DONE)
		return about(c->e, "the new store");
	return (owner_take(c->to, now_ms, c->e) && migrate_run(c->to, now_ms, c->e)) || about(c->e, "the new store");
}

/* ---- copying ---- */

static bool read_ledger(struct db_tx *tx, int64_t *transfers, int64_t *sum, struct err *e)
{
	static struct db_query q =
		DB_QUERY("SELECT COUNT(*) AS n, COALESCE(SUM(amount), 0) AS sum FROM ledger_transfer");
	struct db_stmt *s = db_stmt(tx, &q);
	bool read = db_step(s) == DB_ROW;

	*transfers = read ? db_col_int(s, "n") : 0;
	*sum = read ? db_col_int(s, "sum") : 0;
	db_free(&s);
	return read || err_set(e, "the ledger cannot be read: %s", db_last_error(db_of(tx)));
}

/* All of the old store, in one view of it. */
static enum db_result copy_rows(struct db_tx *tx, void *arg)
{
	struct copy *c = arg;
	struct catalogue there;
	bool fine;

	if (c->begun) /* db_read tries again, but what was written is written: the whole copy has to */
		return DB_FAIL;
	c->begun = true;
	fine = (read_catalogue(tx, &there, c->e) && is_whole(&there, c->e)) || about(c->e, "the old store");
	fine = fine && read_ledger(tx, &c->transfers, &c->ledger_sum, c->e);
	for (size_t i = 0; i < TABLES && fine; i++)
		fine = rows_copy(tx, c->target, tables[i], &c->sums[i], c->e);
	return kept_if(fine);
}

/* ---- the proof ---- */

static bool prove_table(struct db_tx *tx, struct copy *c, size_t i)
{
	struct rows_sum here;

	if (!rows_read(tx, tables[i], &here, c->e))
		return false;
	c->out->tables++;
	c->out->rows += here.rows;
	return rows_same(&here, &c->sums[i]) ||
	       err_set(c->e, "%s is not what it is in the old store (%lld rows here, %lld there)", tables[i],
		       (long long)here.rows, (long long)c->sums[i].rows);
}

static bool prove_ledger(struct db_tx *tx, struct copy *c)
{
	struct store_copied *out = c->out;

	return read_ledger(tx, &out->transfers, &out->ledger_sum, c->e) &&
	       ((out->transfers == c->transfers && out->ledger_sum == c->ledger_sum) ||
		err_set(c->e, "the ledger is not what it is in the old store"));
}

static bool prove_books(struct db_tx *tx, struct copy *c)
{
	struct audit_report *audit = &c->out->audit;

	if (!audit_run(tx, c->ctx, audit))
		return err_set(c->e, "the books cannot be read: %s", db_last_error(db_of(tx)));
	return !audit->flaws ||
	       err_set(c->e, "the books do not agree: %s (`separex audit` lists all of it)", audit->lines[0]);
}

static bool prove(struct db_tx *tx, struct copy *c)
{
	bool fine = true;

	for (size_t i = 0; i < TABLES && fine; i++)
		fine = prove_table(tx, c, i);
	return fine && prove_ledger(tx, c) && prove_books(tx, c);
}

static bool let_numbers_go_on(struct db_tx *tx, struct err *e)
{
	const char *script = db_driver_of(db_of(tx))->numbers_go_on;

	return !script || db_script(tx, script) == DB_DONE || err_set(e, "%s", db_last_error(db_of(tx)));
}

static enum db_result copy_all(struct db_tx *tx, void *arg)
{
	struct copy *c = arg;
	struct catalogue here;
	bool fine;

	*c->out = (struct store_copied){.tables = 0};
	c->e->text[0] = '\0';
	c->target = tx;
	c->begun = false;
	fine = read_catalogue(tx, &here, c->e) && is_whole(&here, c->e) && is_empty(tx, &here, c->e);
	if (!fine)
		return kept_if(about(c->e, "the new store"));
	fine = db_read(c->from, "read the old store", copy_rows, c) == DB_DONE;
	return kept_if(fine && ((let_numbers_go_on(tx, c->e) && prove(tx, c)) || about(c->e, "the copy")));
}

/* A commit of which nobody knows what became may be there: then the next copy finds that the store is not empty. */
static bool copy_and_prove(struct copy *c)
{
	if (db_tx(c->to, "copy", copy_all, c) == DB_DONE)
		return true;
	return c->e->text[0] ? false : err_set(c->e, "the new store cannot be written: %s", db_last_error(c->to));
}

bool store_copy(void *ctx, const char *from, const char *to, int64_t now_ms, struct store_copied *out, struct err *e)
{
	struct copy *c = talloc_zero(ctx, struct copy);
	bool fine;

	if (!c)
		abort();
	c->ctx = ctx;
	c->out = out;
	c->e = e;
	fine = open_old(c, from) && open_new(c, to, now_ms) && copy_and_prove(c);
	if (fine)
		db_retire(c->from, &out->unmarked);
	db_close(&c->to);
	db_close(&c->from);
	talloc_free(c);
	return fine;
}
