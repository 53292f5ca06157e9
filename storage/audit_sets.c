/* The audit of the books one set after the other: allowed flows, content, keys, and what the banks know of each. */
#include "audit_inside.h"

#include "repo_ledger.h"
#include "repo_payment.h"
#include "repo_settlement.h"
#include "repo_statement.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { MAX_CONTENT_BYTES = 4096 };

/* What one set's transfers make. */
struct set_sums {
	int64_t id, deal_id;
	int64_t from_bank, to_bank;
	bool releases, takes_fee, pays_out, bounces;
	bool of_house; /* between our own accounts, or their cost: a statement's row, no payment and no settlement */
	struct buf *content;
};

static struct bank_sum *bank_of(struct audit *a, int64_t id)
{
	for (size_t i = 0; i < a->n_banks; i++)
		if (a->banks[i].id == id)
			return &a->banks[i];
	if (a->n_banks == AUDIT_MAX_BANKS)
		return NULL;
	a->banks[a->n_banks] = (struct bank_sum){.id = id};
	return &a->banks[a->n_banks++];
}

/* The accounts of a set are the banks, our income, and those of its own deal. */
static bool account_fits(struct account acc, int64_t deal_id)
{
	if (acc.kind == ACCOUNT_BANK)
		return true;
	if (acc.kind == ACCOUNT_FEE_INCOME || acc.kind == ACCOUNT_COST)
		return acc.id == 0;
	return deal_id && acc.id == deal_id;
}

/* Adds one side of a transfer to the sums of the accounts that are of no deal. `by` is positive for what comes in. */
static void add_to_house(struct audit *a, struct account acc, int64_t by)
{
	struct bank_sum *bank;

	if (acc.kind == ACCOUNT_FEE_INCOME && acc.id == 0)
		audit_add(&a->fee_income.sum, by);
	if (acc.kind == ACCOUNT_COST && acc.id == 0)
		audit_add(&a->cost.sum, by);
	if (acc.kind != ACCOUNT_BANK)
		return;
	bank = bank_of(a, acc.id);
	if (bank)
		audit_add(&bank->sum, by);
	else
		audit_flaw(a, "BANK:%" PRId64 " is one bank account more than the audit can count (%d)", acc.id,
			   AUDIT_MAX_BANKS);
}

static void take_transfer(struct audit *a, struct set_sums *set, struct db_stmt *s)
{
	struct transfer t = audit_transfer(s);
	int64_t amount = rial_raw(t.amount), number = db_col_int(s, "number");
	char debit[40], credit[40];

	a->out->transfers++;
	if (!transfer_valid(&t))
		audit_flaw(a, "ledger_transfer %" PRId64 ":%" PRId64 " (code %d, %s to %s) is no allowed flow", set->id,
			   number, (int)t.code, account_name(t.debit, debit), account_name(t.credit, credit));
	if (!account_fits(t.debit, set->deal_id) || !account_fits(t.credit, set->deal_id))
		audit_flaw(a, "ledger_transfer %" PRId64 ":%" PRId64 " moves %s to %s, but its set is of deal %" PRId64,
			   set->id, number, account_name(t.debit, debit), account_name(t.credit, credit), set->deal_id);
	ledger_content_add(set->content, &t);
	set->of_house |= t.code == TRANSFER_CLEARING || t.code == TRANSFER_COST;
	/* A bank holds more when it is the debit side; our income is more when it is the credit side. */
	add_to_house(a, t.debit, amount);
	add_to_house(a, t.credit, t.credit.kind == ACCOUNT_BANK ? audit_minus(amount) : amount);
	audit_add(&set->from_bank, t.debit.kind == ACCOUNT_BANK ? amount : 0);
	audit_add(&set->to_bank, t.credit.kind == ACCOUNT_BANK ? amount : 0);
	set->releases |= t.code == TRANSFER_RELEASE;
	set->takes_fee |= t.code == TRANSFER_FEE;
	set->pays_out |= t.code == TRANSFER_PAYOUT_DONE;
	set->bounces |= t.code == TRANSFER_PAYOUT_BOUNCED || t.code == TRANSFER_REFUND_BOUNCED;
	set->pays_out |= t.code == TRANSFER_PAYOUT_BOUNCED;
}

/* The part of a key "in:GATEWAY:ORDER" or "out:GATEWAY:TRACK" after the gateway, or NULL when it is none. *gateway is
 * on scratch. */
static const char *key_part(struct audit *a, const char *key, const char *prefix, const char **gateway)
{
	size_t n = strlen(prefix);
	const char *colon = strncmp(key, prefix, n) ? NULL : strchr(key + n, ':');

	if (!colon || colon == key + n || !colon[1])
		return NULL;
	*gateway = talloc_strndup(a->scratch, key + n, (size_t)(colon - key) - n);
	return colon + 1;
}

/* I7 inwards: the set's key names a payment of that deal and gateway, and the bank verified that sum. */
static void check_payment(struct audit *a, const struct set_sums *set, const char *key)
{
	static struct db_query q = DB_QUERY("SELECT id, deal_id, gateway, paid FROM payment WHERE order_id = ?");
	const char *gateway = "", *order = key_part(a, key, "in:", &gateway);
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];
	struct db_stmt *s;

	if (!order) {
		audit_flaw(a, "ledger_set %" PRId64 " takes money from a bank, but its key is no \"in:GATEWAY:ORDER\"",
			   set->id);
		return;
	}
	s = db_stmt(a->tx, &q);
	db_text(s, order);
	if (db_step(s) != DB_ROW)
		audit_flaw(a, "ledger_set %" PRId64 " takes money from a bank, but no payment has its order", set->id);
	else if (db_col_int(s, "deal_id") != set->deal_id || strcmp(db_col_text(a->scratch, s, "gateway"), gateway))
		audit_flaw(a,
			   "ledger_set %" PRId64 " and payment %" PRId64
			   " share an order, but not their deal and gateway",
			   set->id, db_col_int(s, "id"));
	else if (db_col_int(s, "paid") != set->from_bank)
		audit_flaw(a, "payment %" PRId64 " says that %s was paid, but ledger_set %" PRId64 " says %s",
			   db_col_int(s, "id"), audit_number(db_col_int(s, "paid"), x), set->id,
			   audit_number(set->from_bank, y));
	db_free(&s);
}

/* Whether what left under the key "out:GATEWAY:TRACK" came back after it was done: under "back:GATEWAY:TRACK". */
static bool bounced(struct audit *a, const char *key)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) FROM ledger_set WHERE natural_key = ?");
	struct db_stmt *s = db_stmt(a->tx, &q);
	int64_t n = 0;

	db_text(s, talloc_asprintf(a->scratch, "back:%s", key + strlen("out:")));
	db_one_int(s, &n);
	return n > 0;
}

/* The set's key names a payout or refund of that deal which came back, and which had gone out before. */
static void check_bounce(struct audit *a, const struct set_sums *set, const char *key)
{
	static struct db_query q =
		DB_QUERY("SELECT settlement.id AS id, amount, state, settlement.deal_id AS deal_id, kind, "
			 "ledger_set.id AS out_id "
			 "FROM settlement LEFT JOIN ledger_set ON natural_key = ? WHERE track_id = ?");
	const char *gateway = "", *track = key_part(a, key, "back:", &gateway);
	struct db_stmt *s;

	if (!track) {
		audit_flaw(a,
			   "ledger_set %" PRId64 " takes back what had left, but its key is no \"back:GATEWAY:TRACK\"",
			   set->id);
		return;
	}
	s = db_stmt(a->tx, &q);
	db_text(s, talloc_asprintf(a->scratch, "out:%s", key + strlen("back:")));
	db_text(s, track);
	if (db_step(s) != DB_ROW || db_col_int(s, "deal_id") != set->deal_id ||
	    db_col_int(s, "kind") != (set->pays_out ? SETTLEMENT_PAYOUT : SETTLEMENT_REFUND) ||
	    db_col_int(s, "amount") != set->from_bank || db_col_int(s, "state") != SETTLEMENT_RETURNED ||
	    db_col_null(s, "out_id"))
		audit_flaw(a, "ledger_set %" PRId64 " takes back what did not leave, or not in that sum and deal",
			   set->id);
	db_free(&s);
}

/* I7 outwards: the set's key names a settlement of that deal which the bank has done. */
static void check_settlement(struct audit *a, const struct set_sums *set, const char *key)
{
	static struct db_query q =
		DB_QUERY("SELECT id, deal_id, kind, amount, state FROM settlement WHERE track_id = ?");
	const char *gateway = "", *track = key_part(a, key, "out:", &gateway);
	int64_t kind = set->pays_out ? SETTLEMENT_PAYOUT : SETTLEMENT_REFUND;
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];
	struct db_stmt *s;

	if (!track) {
		audit_flaw(a, "ledger_set %" PRId64 " sends money to a bank, but its key is no \"out:GATEWAY:TRACK\"",
			   set->id);
		return;
	}
	s = db_stmt(a->tx, &q);
	db_text(s, track);
	if (db_step(s) != DB_ROW)
		audit_flaw(a, "ledger_set %" PRId64 " sends money to a bank, but no settlement has its track", set->id);
	else if (db_col_int(s, "deal_id") != set->deal_id || db_col_int(s, "kind") != kind)
		audit_flaw(a,
			   "ledger_set %" PRId64 " and settlement %" PRId64
			   " share a track, but not their deal and kind",
			   set->id, db_col_int(s, "id"));
	else if (db_col_int(s, "state") != SETTLEMENT_DONE && !bounced(a, key))
		audit_flaw(a, "settlement %" PRId64 " is not done, but ledger_set %" PRId64 " says that it is",
			   db_col_int(s, "id"), set->id);
	else if (db_col_int(s, "amount") != set->to_bank)
		audit_flaw(a, "settlement %" PRId64 " is of %s, but ledger_set %" PRId64 " says %s",
			   db_col_int(s, "id"), audit_number(db_col_int(s, "amount"), x), set->id,
			   audit_number(set->to_bank, y));
	db_free(&s);
}

/* A set of the house was booked because of a statement's row of that sum. */
static void check_statement(struct audit *a, const struct set_sums *set, const char *key)
{
	static struct db_query q =
		DB_QUERY("SELECT id, amount, state FROM statement_row WHERE account = ? AND row_key = ?");
	const char *account = key + strlen("statement:"), *colon = strchr(account, ':');
	int64_t sum = set->from_bank > set->to_bank ? set->from_bank : set->to_bank;
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];
	struct db_stmt *s = db_stmt(a->tx, &q);

	db_text(s, colon ? talloc_strndup(a->scratch, account, (size_t)(colon - account)) : "");
	db_text(s, colon ? colon + 1 : "");
	if (db_step(s) != DB_ROW)
		audit_flaw(a, "ledger_set %" PRId64 " is of no row of a statement", set->id);
	else if (llabs(db_col_int(s, "amount")) != sum)
		audit_flaw(a, "statement_row %" PRId64 " is of %s, but ledger_set %" PRId64 " says %s",
			   db_col_int(s, "id"), audit_number(db_col_int(s, "amount"), x), set->id,
			   audit_number(sum, y));
	else if (db_col_int(s, "state") != STATEMENT_CLEARING && db_col_int(s, "state") != STATEMENT_COST)
		audit_flaw(a, "statement_row %" PRId64 " is not booked, but ledger_set %" PRId64 " says that it is",
			   db_col_int(s, "id"), set->id);
	db_free(&s);
}

static void check_set(struct audit *a, const struct set_sums *set, struct db_stmt *s)
{
	const char *key = db_col_text(a->scratch, s, "natural_key");

	if (strcmp(set->content->data, db_col_text(a->scratch, s, "content")))
		audit_flaw(a, "ledger_set %" PRId64 " was posted with other transfers than it has", set->id);
	if (set->takes_fee && !set->releases)
		audit_flaw(a, "ledger_set %" PRId64 " takes a fee without a release", set->id);
	if (set->of_house != !set->deal_id || set->of_house != !strncmp(key, "statement:", 10))
		audit_flaw(a, "ledger_set %" PRId64 " mixes what is of a deal with what is of the house", set->id);
	if (set->of_house) {
		if (!strncmp(key, "statement:", 10))
			check_statement(a, set, key);
		return;
	}
	if (set->bounces)
		check_bounce(a, set, key);
	else if (set->from_bank)
		check_payment(a, set, key);
	if (set->to_bank)
		check_settlement(a, set, key);
}

static void orphan_transfers(struct audit *a, struct walk *transfers, int64_t before_set, bool all)
{
	for (; transfers->more && (all || transfers->at < before_set); walk_next(transfers)) {
		a->out->transfers++;
		audit_flaw(a, "ledger_transfer %" PRId64 ":%" PRId64 " is of a set that is not there", transfers->at,
			   db_col_int(transfers->s, "number"));
	}
}

static void walk_sets(struct audit *a, struct walk *transfers)
{
	static struct db_query q =
		DB_QUERY("SELECT id, natural_key, content, deal_id, at_ms FROM ledger_set ORDER BY id");
	struct walk sets = walk_begin(db_stmt(a->tx, &q), "id");
	int64_t before_ms = INT64_MIN;

	for (; sets.more; walk_next(&sets)) {
		struct set_sums set = {.id = sets.at, .deal_id = db_col_int(sets.s, "deal_id")};
		int64_t at_ms = db_col_int(sets.s, "at_ms");

		a->out->sets++;
		set.content = buf_new(a->scratch, MAX_CONTENT_BYTES);
		orphan_transfers(a, transfers, set.id, false);
		for (; transfers->more && transfers->at == set.id; walk_next(transfers))
			take_transfer(a, &set, transfers->s);
		check_set(a, &set, sets.s);
		if (at_ms < before_ms)
			audit_flaw(a, "ledger_set %" PRId64 " is older than the one before it", set.id);
		before_ms = at_ms;
		audit_sweep(a);
	}
	db_free(&sets.s);
}

/* I7 from the banks' side: what a bank verified is in the books. */
static void unbooked_payments(struct audit *a)
{
	static struct db_query q =
		DB_QUERY("SELECT payment.id AS id, paid FROM payment LEFT JOIN ledger_set ON natural_key = "
			 "'in:' || gateway || ':' || order_id WHERE payment.state IN (?, ?) AND ledger_set.id IS NULL "
			 "ORDER BY payment.id");
	struct db_stmt *s = db_stmt(a->tx, &q);
	char x[AUDIT_NUMBER_BYTES];

	db_int(s, PAYMENT_CREDITED);
	db_int(s, PAYMENT_SETTLED);
	while (db_step(s) == DB_ROW)
		audit_flaw(a, "payment %" PRId64 " brought %s, but no ledger_set has it", db_col_int(s, "id"),
			   audit_number(db_col_int(s, "paid"), x));
	db_free(&s);
}

/* What a statement's row had booked is in the books. */
static void unbooked_rows(struct audit *a)
{
	static struct db_query q = DB_QUERY(
		"SELECT statement_row.id AS id, amount FROM statement_row LEFT JOIN ledger_set ON natural_key = "
		"'statement:' || account || ':' || row_key WHERE state IN (?, ?) AND ledger_set.id IS NULL ORDER BY "
		"statement_row.id");
	struct db_stmt *s = db_stmt(a->tx, &q);
	char x[AUDIT_NUMBER_BYTES];

	db_int(s, STATEMENT_CLEARING);
	db_int(s, STATEMENT_COST);
	while (db_step(s) == DB_ROW)
		audit_flaw(a, "statement_row %" PRId64 " is booked with %s, but no ledger_set has it",
			   db_col_int(s, "id"), audit_number(db_col_int(s, "amount"), x));
	db_free(&s);
}

void audit_sets(struct audit *a)
{
	static struct db_query q =
		DB_QUERY("SELECT set_id, number, debit_kind, debit_id, credit_kind, credit_id, amount, code "
			 "FROM ledger_transfer ORDER BY set_id, number");
	struct walk transfers = walk_begin(db_stmt(a->tx, &q), "set_id");

	walk_sets(a, &transfers);
	orphan_transfers(a, &transfers, 0, true);
	db_free(&transfers.s);
	unbooked_payments(a);
	unbooked_rows(a);
}
