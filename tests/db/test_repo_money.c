/* Repositories on a real SQLite file: the books, payments and settlements. */
#include "identity_check.h"
#include "repo_batch.h"
#include "tx_test.h"

enum { MOST = 50 };

/* ---- the books ---- */

static struct transfer moved(enum transfer_code code, enum account_kind from, enum account_kind to, int64_t deal,
			     int64_t amount)
{
	return (struct transfer){{from, from == ACCOUNT_BANK ? BANK_ID : deal},
				 {to, to == ACCOUNT_BANK ? BANK_ID : deal},
				 rial_of(amount),
				 code};
}

static int64_t balance(struct db_tx *tx, enum account_kind kind, int64_t id)
{
	return rial_raw(ledger_balance(tx, (struct account){kind, id}));
}

TX_TEST(a_set_is_posted_once)
{
	int64_t id = create(tx, 1000000, FEE_BY_BUYER).id;
	struct transfer in[] = {moved(TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, id, 1000),
				moved(TRANSFER_PAY_EXCESS, ACCOUNT_BANK, ACCOUNT_REFUND, id, 50)};

	ck_assert_int_eq(balance(tx, ACCOUNT_BANK, BANK_ID), 0);
	ck_assert_int_eq(ledger_post(tx, "in:sandbox:1", id, in, 2, now_ms), LEDGER_POSTED);
	ck_assert_int_eq(ledger_post(tx, "in:sandbox:1", id, in, 2, now_ms + 1), LEDGER_SAME);
	ck_assert_int_eq(balance(tx, ACCOUNT_BANK, BANK_ID), 1050);
	ck_assert_int_eq(balance(tx, ACCOUNT_HOLD, id), 1000);
	ck_assert_int_eq(balance(tx, ACCOUNT_REFUND, id), 50);
	ck_assert_int_eq(ledger_post(tx, "in:sandbox:2", id, in, 1, now_ms), LEDGER_POSTED);
	ck_assert_int_eq(balance(tx, ACCOUNT_HOLD, id), 2000);
	return DB_DONE;
}

/* What is refused is rolled back by the caller; then nothing of it may be left. */
static void is_refused(struct db_tx *tx, const char *key, int64_t id, const struct transfer *t, size_t n)
{
	int64_t held = balance(tx, ACCOUNT_HOLD, id), bank = balance(tx, ACCOUNT_BANK, BANK_ID);

	ck_assert_int_eq(db_savepoint(tx, "refused"), DB_DONE);
	ck_assert_int_eq(ledger_post(tx, key, id, t, n, now_ms), LEDGER_CLASH);
	ck_assert_int_eq(db_savepoint_rollback(tx), DB_DONE);
	ck_assert_int_eq(balance(tx, ACCOUNT_HOLD, id), held);
	ck_assert_int_eq(balance(tx, ACCOUNT_BANK, BANK_ID), bank);
}

TX_TEST(another_content_under_the_same_key_is_a_clash)
{
	int64_t id = create(tx, 1000000, FEE_BY_BUYER).id;
	struct transfer in[] = {moved(TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, id, 1000),
				moved(TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, id, 1001)};

	quiet();
	ck_assert_int_eq(ledger_post(tx, "in:sandbox:1", id, in, 1, now_ms), LEDGER_POSTED);
	is_refused(tx, "in:sandbox:1", id, &in[1], 1);
	is_refused(tx, "in:sandbox:1", id, in, 2);
	is_refused(tx, "in:sandbox:1", id, in, 0);
	return DB_DONE;
}

TX_TEST(no_balance_falls_below_zero_and_no_flow_is_invented)
{
	int64_t id = create(tx, 1000000, FEE_BY_BUYER).id;
	struct transfer in = moved(TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, id, 1000);
	struct transfer bad[] = {
		moved(TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, id, 1001),
		moved(TRANSFER_REFUND_DONE, ACCOUNT_REFUND, ACCOUNT_BANK, id, 1),
		moved(TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, id, 0),
		moved(TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, id, -5),
		moved(TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_PAYABLE, id, 5),
		moved((enum transfer_code)99, ACCOUNT_HOLD, ACCOUNT_REFUND, id, 5),
		moved(TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, id, INT64_MAX),
	};
	struct transfer half[] = {moved(TRANSFER_RELEASE, ACCOUNT_HOLD, ACCOUNT_PAYABLE, id, 600),
				  moved(TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, id, 600)};

	quiet();
	ck_assert_int_eq(ledger_post(tx, "in:sandbox:1", id, &in, 1, now_ms), LEDGER_POSTED);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		is_refused(tx, "k", id, &bad[i], 1);
	is_refused(tx, "k", id, half, 2); /* the first alone would fit */
	ck_assert_int_eq(ledger_post(tx, "k", id, half, 1, now_ms), LEDGER_POSTED);
	ck_assert_int_eq(balance(tx, ACCOUNT_PAYABLE, id), 600);
	return DB_DONE;
}

/* ---- payments and settlements ---- */

static int64_t new_payment(struct db_tx *tx, int64_t deal, const char *number)
{
	return payment_insert(tx,
			      &(struct payment){.deal_id = deal,
						.page = talloc_asprintf(ctx, "page-%s", number),
						.gateway = "sandbox",
						.order_id = number,
						.amount = rial_of(1000),
						.state = PAYMENT_ASKED},
			      now_ms);
}

TX_TEST(a_payment_is_found_by_whatever_names_it)
{
	int64_t deal = create(tx, 1000000, FEE_BY_BUYER).id, other = create(tx, 1000000, FEE_BY_BUYER).id;
	int64_t first = new_payment(tx, deal, "1"), second = new_payment(tx, deal, "2");
	struct payment p, all[MOST];

	new_payment(tx, other, "3");
	ck_assert(payment_by_id(tx, ctx, first, &p));
	ck_assert_str_eq(p.page, "page-1");
	ck_assert_str_eq(p.gateway, "sandbox");
	ck_assert_str_eq(p.pay_url, "");
	ck_assert_int_eq(rial_raw(p.amount), 1000);
	ck_assert_int_eq(rial_raw(p.paid), 0);
	ck_assert_int_eq(p.state, PAYMENT_ASKED);
	ck_assert_int_eq(p.created_ms, now_ms);
	ck_assert(payment_by_page(tx, ctx, "page-2", &p) && p.id == second);
	ck_assert(payment_by_order(tx, ctx, "2", &p) && p.id == second);
	ck_assert(payment_newest(tx, ctx, deal, &p) && p.id == second);
	ck_assert_uint_eq(payments_of(tx, ctx, deal, all, MOST), 2);
	ck_assert_int_eq(all[0].id, first);
	ck_assert_uint_eq(payments_of(tx, ctx, deal, all, 1), 1);
	ck_assert(!payment_by_page(tx, ctx, "page-9", &p));
	ck_assert(!payment_by_order(tx, ctx, "9", &p));
	ck_assert(!payment_newest(tx, ctx, 999, &p));
	return DB_DONE;
}

TX_TEST(a_payment_keeps_what_the_bank_said)
{
	int64_t deal = create(tx, 1000000, FEE_BY_BUYER).id, id = new_payment(tx, deal, "1");
	struct payment p;

	payment_by_id(tx, ctx, id, &p);
	p.state = PAYMENT_SETTLED;
	p.pay_url = "https://bank.example/pay";
	p.ref = "R1";
	p.card_mask = "603799******1234";
	p.paid = rial_of(900);
	p.refunded = rial_of(300);
	payment_save(tx, &p, now_ms + 1);
	payment_by_id(tx, ctx, id, &p);
	ck_assert_int_eq(p.state, PAYMENT_SETTLED);
	ck_assert_str_eq(p.pay_url, "https://bank.example/pay");
	ck_assert_str_eq(p.ref, "R1");
	ck_assert_str_eq(p.card_mask, "603799******1234");
	ck_assert_int_eq(rial_raw(p.paid), 900);
	ck_assert_int_eq(rial_raw(p.refunded), 300);
	return DB_DONE;
}

static enum db_result twice_fn(struct db_tx *tx, void *arg)
{
	int64_t deal = create(tx, 1000000, FEE_BY_BUYER).id;
	struct settlement s = {.deal_id = deal,
			       .kind = SETTLEMENT_PAYOUT,
			       .track_id = "1",
			       .person_id = SELLER,
			       .rail = RAIL_BANK,
			       .gateway = "sandbox",
			       .iban = "",
			       .amount = rial_of(5),
			       .state = SETTLEMENT_QUEUED};

	for (int i = 0; i < 2; i++)
		*(int64_t *)arg = settlement_insert(tx, &s, now_ms);
	return DB_DONE;
}

START_TEST(a_track_id_is_used_once)
{
	int64_t second = -1;

	quiet();
	ck_assert_int_eq(db_tx(db, "twice", twice_fn, &second), DB_CONFLICT);
	ck_assert_int_eq(second, 0);
}
END_TEST

TX_TEST(settlements_keep_their_way)
{
	int64_t deal = create(tx, 1000000, FEE_BY_BUYER).id, payment = new_payment(tx, deal, "1");
	struct settlement out[MOST], s = {.deal_id = deal,
					  .kind = SETTLEMENT_PAYOUT,
					  .track_id = "71",
					  .person_id = SELLER,
					  .rail = RAIL_BANK,
					  .gateway = "vandar",
					  .iban = "IR820540102680020817909002",
					  .amount = rial_of(5),
					  .state = SETTLEMENT_QUEUED};
	int64_t payout = settlement_insert(tx, &s, now_ms), refund;

	s.kind = SETTLEMENT_REFUND;
	s.track_id = "72";
	s.payment_id = payment;
	s.person_id = BUYER;
	refund = settlement_insert(tx, &s, now_ms);
	settlement_set_state(tx, payout, SETTLEMENT_RETURNED, "account closed", now_ms + 1);
	ck_assert_uint_eq(settlements_of(tx, ctx, deal, out, MOST), 2);
	ck_assert_int_eq(out[0].id, payout);
	ck_assert_int_eq(out[0].state, SETTLEMENT_RETURNED);
	ck_assert_str_eq(out[0].reason, "account closed");
	ck_assert_int_eq(out[0].payment_id, 0);
	ck_assert_str_eq(out[0].iban, "IR820540102680020817909002");
	ck_assert(settlement_by_id(tx, ctx, refund, &s));
	ck_assert_int_eq(s.payment_id, payment);
	ck_assert_int_eq(s.kind, SETTLEMENT_REFUND);
	ck_assert_int_eq(s.person_id, BUYER);
	ck_assert_str_eq(s.track_id, "72");
	ck_assert_int_eq(rial_raw(s.amount), 5);
	ck_assert_int_eq(s.state, SETTLEMENT_QUEUED);
	ck_assert_uint_eq(settlements_of(tx, ctx, 999, out, MOST), 0);
	ck_assert(!settlement_by_id(tx, ctx, 999, &s));
	return DB_DONE;
}

/* rails.md 5: nothing is paid to an account in another name, whenever that became known. */
TX_TEST(a_batch_takes_no_account_that_is_not_proven)
{
	static const char own[] = "IR062960000000100324200001", strange[] = "IR820540102680020817909002";
	int64_t deal = create(tx, 1000000, FEE_BY_BUYER).id, id, later_ms = now_ms + INT64_C(25) * HOUR_MS;
	struct batch_wish wish = {
		.least = rial_of(1), .largest = rial_of(INT64_MAX), .most = 10, .proven = true, .made_by = OPERATOR};
	struct settlement s = {.deal_id = deal,
			       .kind = SETTLEMENT_PAYOUT,
			       .track_id = "73",
			       .person_id = SELLER,
			       .rail = RAIL_FILE,
			       .gateway = "bank",
			       .iban = own,
			       .amount = rial_of(5000000),
			       .state = SETTLEMENT_QUEUED};

	person_set_iban(tx, SELLER, own, now_ms);
	person_set_proof(tx, SELLER, IDENTITY_MOBILE, PROOF_MATCH);
	person_set_proof(tx, SELLER, IDENTITY_IBAN, PROOF_MATCH); /* so it was when the payout was queued */
	id = settlement_insert(tx, &s, now_ms);
	person_set_iban(tx, SELLER, strange, now_ms);
	ck_assert_int_eq(batch_make(tx, &wish, later_ms), 0);
	person_set_proof(tx, SELLER, IDENTITY_IBAN, PROOF_OTHER);
	ck_assert_int_eq(batch_make(tx, &wish, later_ms), 0);
	ck_assert(settlement_by_id(tx, ctx, id, &s));
	ck_assert_str_eq(s.iban, own);
	person_set_proof(tx, SELLER, IDENTITY_IBAN, PROOF_MATCH);
	ck_assert_int_gt(batch_make(tx, &wish, later_ms), 0);
	return DB_DONE;
}

int main(void)
{
	Suite *suite = suite_create("repositories of money");
	int failed;

	folder_make();
	CASE(suite, "the books", a_set_is_posted_once, another_content_under_the_same_key_is_a_clash,
	     no_balance_falls_below_zero_and_no_flow_is_invented);
	CASE(suite, "payments", a_payment_is_found_by_whatever_names_it, a_payment_keeps_what_the_bank_said,
	     a_track_id_is_used_once, settlements_keep_their_way, a_batch_takes_no_account_that_is_not_proven);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
