/* After a restore: see repo_restored.h. Deals and settlements of the backup are known by their ids. */
#include "repo_restored.h"

#include "repo_inbox.h"
#include <inttypes.h>
#include <stdio.h>

/* More batches than any house writes between two backups. */
enum { BATCHES_LEFT_OUT = 1000, NAME_BYTES = 48 };

static const char deal_fact[] = "restored.deal", settlement_fact[] = "restored.settlement",
		  as_of_fact[] = "restored.as_of";

static int64_t ask(struct db_tx *tx, struct db_query *q)
{
	int64_t n = 0;

	db_one_int(db_stmt(tx, q), &n);
	return n;
}

void restored_hold_all(struct db_tx *tx)
{
	static struct db_query forget =
		DB_QUERY("DELETE FROM fact WHERE name > 'restored.released:' AND name < 'restored.released;'");
	static struct db_query deal = DB_QUERY("SELECT COALESCE(MAX(id), 0) AS n FROM deal");
	static struct db_query settlement = DB_QUERY("SELECT COALESCE(MAX(id), 0) AS n FROM settlement");
	static struct db_query batch = DB_QUERY("SELECT COALESCE(MAX(id), 0) AS n FROM payout_batch");
	int64_t left_out = fact_number(tx, RESTORED_BATCH, 0), newest = ask(tx, &batch);

	db_exec(db_stmt(tx, &forget));
	fact_set(tx, deal_fact, ask(tx, &deal), "");
	fact_set(tx, settlement_fact, ask(tx, &settlement), "");
	fact_set(tx, RESTORED_BATCH, (newest > left_out ? newest : left_out) + BATCHES_LEFT_OUT, "");
	fact_set(tx, "redraw", 0, ""); /* what the cards of open deals say is not so any more (clockwork.c) */
	fact_set(tx, as_of_fact, fact_number(tx, "heard", 0), "");
}

static void released_name(int64_t deal_id, char name[NAME_BYTES])
{
	snprintf(name, NAME_BYTES, "restored.released:%" PRId64, deal_id);
}

bool restored_holds(struct db_tx *tx, int64_t deal_id)
{
	char name[NAME_BYTES];

	if (deal_id > fact_number(tx, deal_fact, 0))
		return false;
	released_name(deal_id, name);
	return !fact_number(tx, name, 0);
}

bool restored_is_new(struct db_tx *tx, int64_t settlement_id)
{
	return settlement_id > fact_number(tx, settlement_fact, 0);
}

void restored_release(struct db_tx *tx, int64_t deal_id)
{
	char name[NAME_BYTES];

	released_name(deal_id, name);
	fact_set(tx, name, 1, "");
}

int64_t restored_as_of_ms(struct db_tx *tx)
{
	return fact_number(tx, as_of_fact, 0);
}

struct restored_owed restored_owed(struct db_tx *tx)
{
	/* PAYABLE, REFUND and INFLIGHT. */
	static struct db_query q =
		DB_QUERY("SELECT COUNT(*) AS n, SUM(balance) AS sum FROM ledger_balance WHERE kind IN (4, 5, 6) "
			 "AND balance <> 0");
	struct db_stmt *s = db_stmt(tx, &q);
	struct restored_owed owed = {0};

	if (db_step(s) == DB_ROW)
		owed = (struct restored_owed){db_col_int(s, "n"), db_col_null(s, "sum") ? 0 : db_col_int(s, "sum")};
	db_free(&s);
	return owed;
}
