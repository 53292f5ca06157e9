/* The audit of the deals, one after the other: everything that names a deal comes in the order of deals and is read
 * side by side, so that no more than one deal is in memory. */
#include "audit_inside.h"

#include "js.h"
#include "repo_deal_rest.h"
#include "repo_payment.h"
#include "repo_settlement.h"
#include <inttypes.h>
#include <string.h>

enum { FIRST_ACCOUNT = ACCOUNT_SUSPENSE, LAST_ACCOUNT = ACCOUNT_INFLIGHT };

/* All that is read beside the deals. */
struct rows {
	struct walk transfers, history, timers, settlements;
	struct walk balances[ACCOUNT_KIND_END]; /* from FIRST_ACCOUNT to LAST_ACCOUNT */
};

static struct walk transfers_begin(struct audit *a)
{
	static struct db_query q =
		DB_QUERY("SELECT ledger_set.deal_id AS deal_id, ledger_set.id AS set_id, debit_kind, debit_id, "
			 "credit_kind, credit_id, amount, code FROM ledger_set JOIN ledger_transfer "
			 "ON ledger_transfer.set_id = ledger_set.id WHERE ledger_set.deal_id IS NOT NULL ORDER BY "
			 "ledger_set.deal_id, ledger_set.id, number");

	return walk_begin(db_stmt(a->tx, &q), "deal_id");
}

static struct walk history_begin(struct audit *a)
{
	static struct db_query q = DB_QUERY("SELECT deal_id, version, table_row, event, role, state_before, "
					    "state_after, at_ms FROM deal_history ORDER BY deal_id, version");

	return walk_begin(db_stmt(a->tx, &q), "deal_id");
}

static struct walk timers_begin(struct audit *a)
{
	static struct db_query q = DB_QUERY("SELECT deal_id, kind FROM deal_timer ORDER BY deal_id, kind");

	return walk_begin(db_stmt(a->tx, &q), "deal_id");
}

static struct walk settlements_begin(struct audit *a)
{
	static struct db_query q =
		DB_QUERY("SELECT deal_id, id, kind, amount, state FROM settlement ORDER BY deal_id, id");

	return walk_begin(db_stmt(a->tx, &q), "deal_id");
}

static struct walk balances_begin(struct audit *a, int kind)
{
	static struct db_query q = DB_QUERY("SELECT id, balance FROM ledger_balance WHERE kind = ? ORDER BY id");
	struct db_stmt *s = db_stmt(a->tx, &q);

	db_int(s, kind);
	return walk_begin(s, "id");
}

static void rows_begin(struct audit *a, struct rows *r)
{
	r->transfers = transfers_begin(a);
	r->history = history_begin(a);
	r->timers = timers_begin(a);
	r->settlements = settlements_begin(a);
	for (int kind = FIRST_ACCOUNT; kind <= LAST_ACCOUNT; kind++)
		r->balances[kind] = balances_begin(a, kind);
}

static void rows_end(struct rows *r)
{
	db_free(&r->transfers.s);
	db_free(&r->history.s);
	db_free(&r->timers.s);
	db_free(&r->settlements.s);
	for (int kind = FIRST_ACCOUNT; kind <= LAST_ACCOUNT; kind++)
		db_free(&r->balances[kind].s);
}

/* Tells each missing deal once, however many rows it has. */
static void skip_orphans(struct audit *a, struct walk *w, const char *table, int64_t before_deal, bool all)
{
	while (w->more && (all || w->at < before_deal)) {
		int64_t missing = w->at;

		audit_flaw(a, "%s has rows of deal %" PRId64 ", which is not there", table, missing);
		while (w->more && w->at == missing)
			walk_next(w);
	}
}

static void skip_orphan_balances(struct audit *a, struct walk *w, int kind, int64_t before_deal, bool all)
{
	char name[40], x[AUDIT_NUMBER_BYTES];

	for (; w->more && (all || w->at < before_deal); walk_next(w)) {
		audit_add(&a->other_rows, db_col_int(w->s, "balance"));
		audit_flaw(a, "ledger_balance %s says %s, but that deal is not there",
			   account_name((struct account){(enum account_kind)kind, w->at}, name),
			   audit_number(db_col_int(w->s, "balance"), x));
	}
}

/* Rows of deals below `before_deal` that no deal claimed; all that are left, with `all`. */
static void skip_all_orphans(struct audit *a, struct rows *r, int64_t before_deal, bool all)
{
	skip_orphans(a, &r->transfers, "ledger_set", before_deal, all);
	skip_orphans(a, &r->history, "deal_history", before_deal, all);
	skip_orphans(a, &r->timers, "deal_timer", before_deal, all);
	skip_orphans(a, &r->settlements, "settlement", before_deal, all);
	for (int kind = FIRST_ACCOUNT; kind <= LAST_ACCOUNT; kind++)
		skip_orphan_balances(a, &r->balances[kind], kind, before_deal, all);
}

/* Adds one side of a transfer to the sums of the deal's own accounts; what names another deal is told by audit_sets. */
static void add_side(struct deal_sums *sums, struct account acc, int64_t deal_id, int64_t by)
{
	int kind = (int)acc.kind;

	if (kind < FIRST_ACCOUNT || kind > LAST_ACCOUNT || acc.id != deal_id)
		return;
	sums->used[kind] = true;
	audit_add(&sums->account[kind], by);
}

static void take_transfers(struct walk *w, int64_t deal_id, struct deal_sums *sums)
{
	for (; w->more && w->at == deal_id; walk_next(w)) {
		struct transfer t = audit_transfer(w->s);
		int64_t amount = rial_raw(t.amount), set_id = db_col_int(w->s, "set_id");

		add_side(sums, t.debit, deal_id, audit_minus(amount));
		add_side(sums, t.credit, deal_id, amount);
		audit_add(&sums->code[t.code], amount);
		if (t.code == TRANSFER_RELEASE && sums->last_release != set_id) {
			sums->release_sets++;
			sums->last_release = set_id;
		}
	}
}

static uint32_t take_timers(struct walk *w, int64_t deal_id)
{
	uint32_t timers = 0;

	for (; w->more && w->at == deal_id; walk_next(w))
		timers |= UINT32_C(1) << audit_member(w->s, "kind", TIMER_KIND_END);
	return timers;
}

/* I7 from the banks' side: what was done is in the books. */
static void check_settlements(struct audit *a, struct walk *w, const struct deal_sums *sums, int64_t deal_id)
{
	int64_t paid_out = 0, given_back = 0, booked_out = sums->code[TRANSFER_PAYOUT_DONE],
		booked_back = sums->code[TRANSFER_REFUND_DONE];
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	for (; w->more && w->at == deal_id; walk_next(w)) {
		bool payout = db_col_int(w->s, "kind") == SETTLEMENT_PAYOUT;

		if (db_col_int(w->s, "state") == SETTLEMENT_DONE)
			audit_add(payout ? &paid_out : &given_back, db_col_int(w->s, "amount"));
	}
	audit_add(&booked_out, audit_minus(sums->code[TRANSFER_PAYOUT_BOUNCED]));
	audit_add(&booked_back, audit_minus(sums->code[TRANSFER_REFUND_BOUNCED]));
	if (paid_out != booked_out)
		audit_flaw(a, "settlement rows of deal %" PRId64 " paid out %s, but the books say %s", deal_id,
			   audit_number(paid_out, x), audit_number(booked_out, y));
	if (given_back != booked_back)
		audit_flaw(a, "settlement rows of deal %" PRId64 " gave back %s, but the books say %s", deal_id,
			   audit_number(given_back, x), audit_number(booked_back, y));
}

/* I2 for one account of a deal. */
static void check_balance(struct audit *a, struct walk *w, int kind, int64_t deal_id, const struct deal_sums *sums)
{
	bool has_row = w->more && w->at == deal_id;
	int64_t says = has_row ? db_col_int(w->s, "balance") : 0, makes = sums->account[kind];
	char name[40], x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	account_name((struct account){(enum account_kind)kind, deal_id}, name);
	if (makes < 0)
		audit_flaw(a, "ledger_transfer rows make %s %s, which is below zero", name, audit_number(makes, x));
	if (!has_row && sums->used[kind])
		audit_flaw(a, "ledger_balance has no row for %s, but its transfers make %s", name,
			   audit_number(makes, x));
	if (!has_row)
		return;
	if (says != makes)
		audit_flaw(a, "ledger_balance %s says %s but its transfers make %s", name, audit_number(says, x),
			   audit_number(makes, y));
	audit_add(&a->other_rows, says);
	walk_next(w);
}

/* False, and told, when the row is too far from what a deal can be for the rules to be asked about it. */
static bool take_deal(struct audit *a, struct db_stmt *s, struct deal *d)
{
	const char *rest = db_col_text(a->scratch, s, "rest");
	int64_t price = db_col_int(s, "price"), fee = db_col_int(s, "fee");
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	if (!json_is_object(js_parse(a->scratch, rest, strlen(rest)))) {
		audit_flaw(a, "deal %" PRId64 ": its rest is no JSON", db_col_int(s, "id"));
		return false;
	}
	if (price <= 0 || price > INT64_MAX / 4 || fee < 0 || fee > price / 100) {
		audit_flaw(a, "deal %" PRId64 " has a fee of %s on a price of %s", db_col_int(s, "id"),
			   audit_number(fee, x), audit_number(price, y));
		return false;
	}
	deal_rest_read(rest, d);
	d->terms.price = rial_of(price);
	d->terms.fee = rial_of(fee);
	d->terms.fee_payer = (enum fee_payer)audit_member(s, "fee_payer", FEE_BY_HALF + 1);
	d->id = db_col_int(s, "id");
	d->version = db_col_int(s, "version");
	d->state = (enum deal_state)audit_member(s, "state", DEAL_STATE_END);
	d->held = rial_of(db_col_int(s, "held"));
	d->suspense = rial_of(db_col_int(s, "suspense"));
	d->payable = rial_of(db_col_int(s, "payable"));
	d->refund = rial_of(db_col_int(s, "refund"));
	d->inflight = rial_of(db_col_int(s, "inflight"));
	return true;
}

static void add_totals(struct audit_report *r, const struct deal_sums *sums)
{
	r->deals++;
	audit_add(&r->held, sums->account[ACCOUNT_HOLD]);
	audit_add(&r->waiting, sums->account[ACCOUNT_SUSPENSE]);
	audit_add(&r->owed, sums->account[ACCOUNT_PAYABLE]);
	audit_add(&r->owed, sums->account[ACCOUNT_REFUND]);
	audit_add(&r->owed, sums->account[ACCOUNT_INFLIGHT]);
}

static void check_deal(struct audit *a, struct db_stmt *s, int64_t id, struct rows *r)
{
	struct deal_look look = {0};

	take_transfers(&r->transfers, id, &look.sums);
	for (; r->history.more && r->history.at == id; walk_next(&r->history))
		audit_history_row(a, id, &look.past, r->history.s);
	look.timers = take_timers(&r->timers, id);
	check_settlements(a, &r->settlements, &look.sums, id);
	for (int kind = FIRST_ACCOUNT; kind <= LAST_ACCOUNT; kind++)
		check_balance(a, &r->balances[kind], kind, id, &look.sums);
	add_totals(a->out, &look.sums);
	if (take_deal(a, s, &look.deal))
		audit_state(a, &look);
}

void audit_deals(struct audit *a)
{
	static struct db_query q =
		DB_QUERY("SELECT id, version, state, price, fee, fee_payer, held, suspense, payable, refund, "
			 "inflight, rest FROM deal ORDER BY id");
	struct walk deals;
	struct rows r;

	rows_begin(a, &r);
	for (deals = walk_begin(db_stmt(a->tx, &q), "id"); deals.more; walk_next(&deals)) {
		skip_all_orphans(a, &r, deals.at, false);
		check_deal(a, deals.s, deals.at, &r);
		audit_sweep(a);
	}
	db_free(&deals.s);
	skip_all_orphans(a, &r, 0, true);
	rows_end(&r);
}
