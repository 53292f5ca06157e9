/* What must hold: the invariants I1 to I10 of escrow-rules.md 3.3 after each step, as far as they can be asked cheaply,
 * and all of them, by the audit, again and again; and in the end that every deal has ended, that nothing waits, and
 * that the banks' own books say what ours say. */
#include "simulator.h"

#include "app.h"
#include "audit.h"
#include "deal.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

struct check {
	struct sim *sim;
	struct audit_report report;
	void *ctx;
	int64_t assets, others, below, open, work, dead, banks;
	char which[200];
};

static int64_t number(struct db_tx *tx, struct db_query *q)
{
	int64_t n = 0;

	db_one_int(db_stmt(tx, q), &n);
	return n;
}

/* I8 and I2, from the balances: what the banks hold and what they cost is what we owe and our income. */
static enum db_result quick(struct db_tx *tx, void *arg)
{
	static struct db_query assets =
		DB_QUERY("SELECT COALESCE(SUM(balance), 0) AS n FROM ledger_balance WHERE kind IN (1, 8)");
	static struct db_query others =
		DB_QUERY("SELECT COALESCE(SUM(balance), 0) AS n FROM ledger_balance WHERE kind NOT IN (1, 8)");
	static struct db_query below =
		DB_QUERY("SELECT COUNT(*) AS n FROM ledger_balance WHERE balance < 0 AND kind <> 1");
	struct check *c = arg;

	c->assets = number(tx, &assets);
	c->others = number(tx, &others);
	c->below = number(tx, &below);
	return DB_DONE;
}

static enum db_result audit(struct db_tx *tx, void *arg)
{
	struct check *c = arg;

	return audit_run(tx, c->ctx, &c->report) ? DB_DONE : DB_FAIL;
}

static void check_whole(struct sim *s)
{
	struct check c = {.sim = s, .ctx = talloc_new(NULL)};

	s->tally->audits++;
	if (db_read(s->app->db, "audit", audit, &c) != DB_DONE)
		sim_wrong(s, "the store cannot be read: %s", db_last_error(s->app->db));
	else if (c.report.flaws)
		sim_wrong(s, "the audit found %" PRId64 " flaws: %s", c.report.flaws, c.report.lines[0]);
	talloc_free(c.ctx);
}

void check_step(struct sim *s, bool whole)
{
	struct check c = {.sim = s};

	if (!s->app || s->dead)
		return;
	if (db_read(s->app->db, "quick", quick, &c) == DB_DONE) {
		if (c.assets != c.others)
			sim_wrong(s, "I8: the banks hold %" PRId64 " rial, we owe and own %" PRId64, c.assets,
				  c.others);
		if (c.below)
			sim_wrong(s, "I2: %" PRId64 " balances are below zero", c.below);
	}
	if (whole)
		check_whole(s);
}

static enum db_result ended(struct db_tx *tx, void *arg)
{
	static struct db_query open = DB_QUERY("SELECT COUNT(*) AS n FROM deal WHERE state < 20");
	static struct db_query first =
		DB_QUERY("SELECT code, state, payable, refund, inflight, suspense FROM deal WHERE state < 20 LIMIT 1");
	static struct db_query work = DB_QUERY("SELECT COUNT(*) AS n FROM work WHERE state <> 3");
	static struct db_query dead = DB_QUERY("SELECT COUNT(*) AS n FROM work WHERE state = 3");
	static struct db_query why =
		DB_QUERY("SELECT kind, chain, payload, reason FROM work ORDER BY state DESC, id LIMIT 1");
	static struct db_query banks =
		DB_QUERY("SELECT COALESCE(SUM(balance), 0) AS n FROM ledger_balance WHERE kind = 1");
	static struct db_query held = DB_QUERY("SELECT COUNT(*) AS n FROM deal WHERE state >= 20 AND held + suspense + "
					       "payable + refund + inflight <> 0");
	struct check *c = arg;
	struct db_stmt *s;

	c->open = number(tx, &open);
	c->work = number(tx, &work);
	c->dead = number(tx, &dead);
	c->banks = number(tx, &banks);
	c->below = number(tx, &held);
	s = db_stmt(tx, c->open ? &first : &why);
	if (db_step(s) == DB_ROW && c->open)
		snprintf(c->which, sizeof c->which,
			 "%s in state %" PRId64 ", payable %" PRId64 ", refund %" PRId64 ", inflight %" PRId64
			 ", suspense %" PRId64,
			 db_col_text(c->ctx, s, "code"), db_col_int(s, "state"), db_col_int(s, "payable"),
			 db_col_int(s, "refund"), db_col_int(s, "inflight"), db_col_int(s, "suspense"));
	else if (c->work + c->dead)
		snprintf(c->which, sizeof c->which, "kind %" PRId64 " %s %.90s: %.60s", db_col_int(s, "kind"),
			 db_col_text(c->ctx, s, "chain"), db_col_text(c->ctx, s, "payload"),
			 db_col_text(c->ctx, s, "reason"));
	db_free(&s);
	return DB_DONE;
}

static bool look_at_end(struct sim *s, struct check *c)
{
	if (db_read(s->app->db, "end", ended, c) == DB_DONE)
		return true;
	sim_wrong(s, "the store cannot be read: %s", db_last_error(s->app->db));
	return false;
}

bool check_quiet(struct sim *s)
{
	struct check c = {.sim = s, .ctx = talloc_new(NULL)};
	bool quiet = s->app && !s->dead && look_at_end(s, &c) && !c.open && !c.work;

	talloc_free(c.ctx);
	return quiet;
}

void check_end(struct sim *s)
{
	struct check c = {.sim = s, .ctx = talloc_new(NULL)};
	int64_t paid_out, held = banks_hold(s->banks, &paid_out);

	check_step(s, true);
	if (look_at_end(s, &c)) {
		if (c.open)
			sim_wrong(s, "%" PRId64 " deals never ended: %s", c.open, c.which);
		if (c.work || c.dead)
			sim_wrong(s, "%" PRId64 " pieces of work wait and %" PRId64 " are dead: %s", c.work, c.dead,
				  c.which);
		if (c.below)
			sim_wrong(s, "%" PRId64 " deals have ended with money", c.below);
		if (c.banks != held)
			sim_wrong(s, "the banks hold %" PRId64 " rial for us, our books say %" PRId64, held, c.banks);
	}
	s->tally->paid_out_rial += paid_out;
	talloc_free(c.ctx);
}

static enum db_result cover(struct db_tx *tx, void *arg)
{
	static struct db_query rows = DB_QUERY("SELECT DISTINCT table_row, state_after FROM deal_history");
	static struct db_query deals = DB_QUERY("SELECT COUNT(*) AS n FROM deal");
	static struct db_query ends = DB_QUERY("SELECT COUNT(*) AS n FROM deal WHERE state >= 20");
	struct tally *t = ((struct sim *)arg)->tally;
	struct db_stmt *s = db_stmt(tx, &rows);

	while (db_step(s) == DB_ROW) {
		t->rows[db_col_int(s, "table_row") & 255] = true;
		t->states[db_col_int(s, "state_after") & 31] = true;
	}
	db_free(&s);
	t->deals += number(tx, &deals);
	t->ended += number(tx, &ends);
	return DB_DONE;
}

void check_coverage(struct sim *s)
{
	if (s->app)
		db_read(s->app->db, "coverage", cover, s);
}

size_t check_rows_missed(const struct tally *t, int *out, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < deal_n_rows; i++) {
		int row = deal_rows[i].number;
		bool known = t->rows[row & 255];

		for (size_t j = 0; j < n; j++)
			known |= out[j] == row;
		if (!known && n < most)
			out[n++] = row;
	}
	return n;
}
