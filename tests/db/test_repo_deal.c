/* Repositories on a real SQLite file: deals, history, clocks. */
#include "full_deal.h"
#include "tx_test.h"

enum { MOST = 50 };

static struct deal_file file_of(struct db_tx *tx, int64_t id)
{
	struct deal_file f;

	ck_assert(deal_by_id(tx, ctx, id, &f));
	return f;
}

/* ---- deals ---- */

#define FIELD(name)                                                                                                    \
	{                                                                                                              \
#name, offsetof(struct deal, name), sizeof((struct deal *)NULL)->name                                  \
	}
static const struct field {
	const char *name;
	size_t at, bytes;
} fields[] = {
	FIELD(id),
	FIELD(version),
	FIELD(state),
	FIELD(creator),
	FIELD(buyer_id),
	FIELD(seller_id),
	FIELD(terms.price),
	FIELD(terms.fee),
	FIELD(terms.fee_payer),
	FIELD(terms.inspection_h),
	FIELD(terms.ship_h),
	FIELD(terms.ship_payer),
	FIELD(terms.hash),
	FIELD(buyer_agreed),
	FIELD(seller_agreed),
	FIELD(in_group),
	FIELD(by_hand),
	FIELD(held),
	FIELD(suspense),
	FIELD(payable),
	FIELD(refund),
	FIELD(inflight),
	FIELD(paid_in),
	FIELD(fee_taken),
	FIELD(recalled),
	FIELD(frozen),
	FIELD(frozen_at_ms),
	FIELD(cancel_asked),
	FIELD(payment_extended),
	FIELD(late_ok_buyer),
	FIELD(late_ok_seller),
	FIELD(extension_asked),
	FIELD(extension_used),
	FIELD(tracking_suspect),
	FIELD(tracking_fixes),
	FIELD(delivery_proven),
	FIELD(said_delivered),
	FIELD(buyer_waiting),
	FIELD(asked_again),
	FIELD(inspection_ends_ms),
	FIELD(inspection_left_ms),
	FIELD(issue_since_ms),
	FIELD(seller_answered),
	FIELD(offer_to_buyer),
	FIELD(offer_by),
	FIELD(return_by),
	FIELD(ruling),
	FIELD(ruling_to_buyer),
	FIELD(ruled_by),
	FIELD(ruled_second),
	FIELD(ruling_late),
	FIELD(appealed),
	FIELD(info_wanted_from),
	FIELD(silences),
	FIELD(pin_tries),
	FIELD(amended.price),
	FIELD(amended.fee),
	FIELD(amended.fee_payer),
	FIELD(amended.inspection_h),
	FIELD(amended.ship_h),
	FIELD(amended.ship_payer),
	FIELD(amended.hash),
	FIELD(amended_by),
	FIELD(topup_wanted),
	FIELD(closed_ms),
};
#undef FIELD

static void same_deal(const struct deal *a, const struct deal *b)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		ck_assert_msg(!memcmp((const char *)a + fields[i].at, (const char *)b + fields[i].at, fields[i].bytes),
			      "%s differs", fields[i].name);
}

/* What is added to struct deal must be stored too, or a restart forgets it: all but padding is in the table above. */
START_TEST(every_field_of_a_deal_is_compared)
{
	char seen[sizeof(struct deal)] = {0};
	size_t gap = 0;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		memset(seen + fields[i].at, 1, fields[i].bytes);
	for (size_t i = 0; i < sizeof seen; i++) {
		gap = seen[i] ? 0 : gap + 1;
		ck_assert_msg(gap < 8, "a field at byte %zu is not compared", i);
	}
}
END_TEST

/* Every field of the full deal differs from zero, so that none can be forgotten on the way. */
static void nothing_is_zero(const struct deal *d)
{
	static const char zero[sizeof(struct deal)];

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		ck_assert_msg(memcmp((const char *)d + fields[i].at, zero, fields[i].bytes), "%s is zero",
			      fields[i].name);
}

TX_TEST(a_deal_comes_back_with_every_field)
{
	struct deal_file in = {.deal = full_deal(),
			       .code = "K7M2QX9A",
			       .title = "گوشی <b>",
			       .origin_chat = -1001234567890,
			       .created_ms = 1000};
	struct deal_file out;

	in.deal.id = deal_insert(tx, &in);
	ck_assert_int_gt(in.deal.id, 0);
	nothing_is_zero(&in.deal);
	ck_assert(deal_by_code(tx, ctx, "K7M2QX9A", &out));
	same_deal(&in.deal, &out.deal);
	ck_assert_str_eq(out.code, in.code);
	ck_assert_str_eq(out.title, in.title);
	ck_assert_int_eq(out.origin_chat, in.origin_chat);
	ck_assert_int_eq(out.created_ms, 1000);
	ck_assert_int_eq(out.changed_ms, 1000);
	ck_assert_int_eq(out.carrier, 0);
	ck_assert_str_eq(out.tracking, "");
	ck_assert(!deal_by_code(tx, ctx, "k7m2qx9a", &out));
	ck_assert(!deal_by_id(tx, ctx, in.deal.id + 1, &out));
	return DB_DONE;
}

TX_TEST(an_empty_deal_comes_back_empty)
{
	struct deal_file in = {.deal = {.version = 1,
					.state = DEAL_DRAFT,
					.creator = ROLE_BUYER,
					.terms = {.price = {10}, .fee_payer = FEE_BY_BUYER}},
			       .code = "A",
			       .title = ""};
	struct deal_file out;

	in.deal.id = deal_insert(tx, &in);
	out = file_of(tx, in.deal.id);
	same_deal(&in.deal, &out.deal);
	return DB_DONE;
}

TX_TEST(a_code_is_taken_once)
{
	struct deal_file f = {.deal = full_deal(), .code = "SAME", .title = "phone"};

	ck_assert_int_gt(deal_insert(tx, &f), 0);
	ck_assert_int_eq(deal_insert(tx, &f), 0);
	ck_assert(!db_tx_failed(tx)); /* the next code can be tried */
	f.code = "OTHER";
	ck_assert_int_gt(deal_insert(tx, &f), 0);
	return DB_DONE;
}

TX_TEST(only_the_version_that_was_read_can_be_saved_over)
{
	struct deal before = create(tx, 1000000, FEE_BY_BUYER), after = before, other = before;
	struct deal_file stored;

	after.version++;
	after.state = DEAL_OFFERED;
	after.silences = 9;
	ck_assert(deal_save(tx, &before, &after, 4242));
	stored = file_of(tx, before.id);
	same_deal(&after, &stored.deal);
	ck_assert_int_eq(file_of(tx, before.id).changed_ms, 4242);
	ck_assert(!deal_save(tx, &before, &after, 4243)); /* somebody was quicker */
	other.version = after.version; /* the right version, another state */
	after.version = other.version + 1;
	ck_assert(!deal_save(tx, &other, &after, 4243));
	ck_assert_int_eq(file_of(tx, before.id).changed_ms, 4242);
	ck_assert_int_eq(file_of(tx, before.id).deal.version, other.version);
	return DB_DONE;
}

TX_TEST(title_and_tracking_are_set)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER), other = create(tx, 1000000, FEE_BY_BUYER);

	deal_set_title(tx, d.id, "laptop");
	deal_set_tracking(tx, d.id, 2, "123456789012345678901234");
	ck_assert_str_eq(file_of(tx, d.id).title, "laptop");
	ck_assert_int_eq(file_of(tx, d.id).carrier, 2);
	ck_assert_str_eq(file_of(tx, d.id).tracking, "123456789012345678901234");
	ck_assert_str_eq(file_of(tx, other.id).title, "phone");
	ck_assert_str_eq(file_of(tx, other.id).tracking, "");
	return DB_DONE;
}

TX_TEST(a_tracking_code_belongs_to_one_deal)
{
	struct deal a = create(tx, 1000000, FEE_BY_BUYER), b = create(tx, 1000000, FEE_BY_BUYER);

	ck_assert(tracking_claim(tx, "111", a.id, now_ms));
	ck_assert(tracking_claim(tx, "111", a.id, now_ms));
	ck_assert(!tracking_claim(tx, "111", b.id, now_ms));
	ck_assert(tracking_claim(tx, "222", b.id, now_ms));
	return DB_DONE;
}

TX_TEST(a_persons_deals_are_listed_newest_first)
{
	struct deal d[4];
	struct deal_file out[MOST];

	for (int i = 0; i < 3; i++)
		d[i] = create_awaiting(tx, 1000000, FEE_BY_BUYER);
	d[3] = create(tx, 1000000, FEE_BY_BUYER); /* no buyer yet */
	MUST(tx, &d[1], BUYER, CANCEL, );
	ck_assert_uint_eq(deals_of(tx, ctx, SELLER, false, 0, out, MOST), 4);
	ck_assert_int_eq(out[0].deal.id, d[3].id);
	ck_assert_int_eq(out[3].deal.id, d[0].id);
	ck_assert_uint_eq(deals_of(tx, ctx, SELLER, true, 0, out, MOST), 3);
	ck_assert_int_eq(out[1].deal.id, d[2].id);
	ck_assert_uint_eq(deals_of(tx, ctx, BUYER, true, 1, out, MOST), 1);
	ck_assert_int_eq(out[0].deal.id, d[0].id);
	ck_assert_uint_eq(deals_of(tx, ctx, BUYER, false, 0, out, 2), 2);
	ck_assert_uint_eq(deals_of(tx, ctx, OPERATOR, false, 0, out, MOST), 0);
	ck_assert_int_eq(deals_open_count(tx, SELLER), 3);
	ck_assert_int_eq(deals_open_count(tx, BUYER), 2);
	ck_assert_int_eq(deals_open_count(tx, OPERATOR), 0);
	return DB_DONE;
}

static bool pays_late(struct db_tx *tx, const struct deal *before)
{
	struct deal after = *before;

	after.version++;
	after.suspense = rial_of(500000);
	return deal_save(tx, before, &after, now_ms);
}

TX_TEST(deals_are_live_or_over_and_late_money_keeps_them_live)
{
	struct deal d[4];
	struct deal_file out[MOST], late;

	for (int i = 0; i < 4; i++)
		d[i] = create_awaiting(tx, 1000000, FEE_BY_BUYER);
	for (int i = 0; i < 3; i++)
		MUST(tx, &d[i], BUYER, CANCEL, );
	late = file_of(tx, d[1].id);
	ck_assert(pays_late(tx, &late.deal));
	ck_assert_uint_eq(deals_of_class(tx, ctx, SELLER, DEALS_LIVE, 0, out, MOST), 2);
	ck_assert_int_eq(out[0].deal.id, d[3].id);
	ck_assert_int_eq(out[1].deal.id, d[1].id);
	ck_assert_uint_eq(deals_of_class(tx, ctx, BUYER, DEALS_OVER, 0, out, MOST), 2);
	ck_assert_int_eq(out[0].deal.id, d[2].id);
	ck_assert_uint_eq(deals_of_class(tx, ctx, BUYER, DEALS_OVER, 1, out, 1), 1);
	ck_assert_int_eq(out[0].deal.id, d[0].id);
	ck_assert_uint_eq(deals_of_class(tx, ctx, BUYER, DEALS_OVER, 2, out, MOST), 0);
	ck_assert_int_eq(deals_class_count(tx, BUYER, DEALS_LIVE), 2);
	ck_assert_int_eq(deals_class_count(tx, BUYER, DEALS_OVER), 2);
	ck_assert_int_eq(deals_class_count(tx, OPERATOR, DEALS_LIVE), 0);
	return DB_DONE;
}

/* ---- history ---- */

TX_TEST(history_is_listed_newest_first)
{
	struct deal d = create_awaiting(tx, 1000000, FEE_BY_BUYER);
	struct deal_history h[MOST];

	history_add(tx, d.id,
		    &(struct deal_history){.version = 99,
					   .row = 43,
					   .event = EVENT_RULE,
					   .role = ROLE_MEDIATOR,
					   .actor_id = OPERATOR,
					   .second_id = SECOND_OPERATOR,
					   .before = DEAL_DISPUTED,
					   .after = DEAL_RULED,
					   .amount = rial_of(77),
					   .note = "چون \"راست\" گفت",
					   .at_ms = 5});
	ck_assert_uint_eq(history_list(tx, ctx, d.id, h, MOST), 6);
	ck_assert_int_eq(h[0].version, 99);
	ck_assert_int_eq(h[0].row, 43);
	ck_assert_int_eq(h[0].event, EVENT_RULE);
	ck_assert_int_eq(h[0].role, ROLE_MEDIATOR);
	ck_assert_int_eq(h[0].actor_id, OPERATOR);
	ck_assert_int_eq(h[0].second_id, SECOND_OPERATOR);
	ck_assert_int_eq(h[0].before, DEAL_DISPUTED);
	ck_assert_int_eq(h[0].after, DEAL_RULED);
	ck_assert_int_eq(rial_raw(h[0].amount), 77);
	ck_assert_str_eq(h[0].note, "چون \"راست\" گفت");
	ck_assert_int_eq(h[0].at_ms, h[1].at_ms); /* a clock that was set back makes nothing older (I10) */
	ck_assert_int_eq(h[5].version, 1);
	ck_assert_uint_eq(history_list(tx, ctx, d.id, h, 2), 2);
	ck_assert_int_eq(h[1].version, 5);
	return DB_DONE;
}

enum { SQLITE_ONLY = 2 };

static const char *const forbidden[] = {
	"UPDATE deal_history SET note = 'x'",
	"DELETE FROM deal_history",
	"INSERT INTO deal_history SELECT * FROM deal_history",
	"UPDATE ledger_set SET content = ''",
	"DELETE FROM ledger_set",
	"UPDATE ledger_transfer SET amount = 1",
	"DELETE FROM ledger_transfer",
	"UPDATE ledger_balance SET balance = -1",
	"UPDATE deal SET held = -1",
	"UPDATE deal SET fee = price / 100 + 1",
	"UPDATE deal SET buyer_id = seller_id",
	"UPDATE deal SET state = 25",
	"UPDATE payment SET refunded = paid + 1",
	"DELETE FROM deal",
	"DELETE FROM person",
	/* SQLite alone knows these. */
	"INSERT OR REPLACE INTO ledger_transfer SELECT * FROM ledger_transfer",
	"INSERT OR REPLACE INTO deal_history SELECT * FROM deal_history",
};

static enum db_result funded_fn(struct db_tx *tx, void *arg)
{
	(void)arg;
	create_funded(tx, 1000000, FEE_BY_BUYER);
	return DB_DONE;
}

START_TEST(the_store_itself_refuses)
{
	quiet();
	ck_assert_int_eq(db_tx(db, "funded", funded_fn, NULL), DB_DONE);
	ck_assert_msg(script(db, forbidden[_i]) == DB_CONFLICT, "%s", forbidden[_i]);
}
END_TEST

/* ---- clocks ---- */

static void clock_is(struct db_tx *tx, int64_t deal, enum timer_kind kind, int stage, int64_t due_ms, int64_t next_ms)
{
	struct deal_timer t;

	ck_assert(timer_get(tx, deal, kind, &t));
	ck_assert_int_eq(t.deal_id, deal);
	ck_assert_int_eq(t.kind, kind);
	ck_assert_int_eq(t.stage, stage);
	ck_assert_int_eq(t.due_ms, due_ms);
	ck_assert_int_eq(t.next_ms, next_ms);
}

TX_TEST(a_clock_reminds_at_half_and_nine_tenths)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);
	struct deal_timer t;

	timers_stop(tx, d.id);
	ck_assert_int_eq(timers_next(tx), INT64_MAX);
	timer_set(tx, d.id, TIMER_PAY, 1000, 2000, true);
	clock_is(tx, d.id, TIMER_PAY, 0, 2000, 1500);
	timer_get(tx, d.id, TIMER_PAY, &t);
	timer_stage(tx, &t, 1, 0);
	clock_is(tx, d.id, TIMER_PAY, 1, 2000, 1900);
	timer_stage(tx, &t, 2, 0);
	clock_is(tx, d.id, TIMER_PAY, 2, 2000, 2000);
	timer_stage(tx, &t, 2, 5000);
	clock_is(tx, d.id, TIMER_PAY, 2, 2000, 5000);
	timer_set(tx, d.id, TIMER_PAY, 3000, 5000, true); /* again from the start */
	clock_is(tx, d.id, TIMER_PAY, 0, 5000, 4000);
	timer_set(tx, d.id, TIMER_PAYOUT, 3000, 4000, false);
	clock_is(tx, d.id, TIMER_PAYOUT, 2, 4000, 4000);
	timer_set(tx, d.id, TIMER_PAY, 3000, 0, true);
	ck_assert(!timer_get(tx, d.id, TIMER_PAY, &t));
	ck_assert(timer_get(tx, d.id, TIMER_PAYOUT, &t));
	timers_stop(tx, d.id);
	ck_assert(!timer_get(tx, d.id, TIMER_PAYOUT, &t));
	return DB_DONE;
}

TX_TEST(clocks_come_due_in_their_order)
{
	struct deal a = create(tx, 1000000, FEE_BY_BUYER), b = create(tx, 1000000, FEE_BY_BUYER);
	struct deal_timer t[MOST];

	timers_stop(tx, a.id);
	timers_stop(tx, b.id);
	timer_set(tx, a.id, TIMER_SHIP, 0, 300, false);
	timer_set(tx, a.id, TIMER_RULING, 0, 100, false);
	timer_set(tx, b.id, TIMER_PAY, 0, 200, false);
	ck_assert_int_eq(timers_next(tx), 100);
	ck_assert_uint_eq(timers_due(tx, 99, t, MOST), 0);
	ck_assert_uint_eq(timers_due(tx, 200, t, MOST), 2);
	ck_assert_int_eq(t[0].kind, TIMER_RULING);
	ck_assert_int_eq(t[1].kind, TIMER_PAY);
	ck_assert_int_eq(t[1].deal_id, b.id);
	ck_assert_uint_eq(timers_due(tx, 300, t, 1), 1);
	ck_assert(timer_nearest(tx, a.id, &t[0]));
	ck_assert_int_eq(t[0].kind, TIMER_SHIP); /* the ruling's takes nothing from anybody */
	timer_set(tx, a.id, TIMER_SHIP, 0, 0, false);
	ck_assert(!timer_nearest(tx, a.id, &t[0]));
	return DB_DONE;
}

TX_TEST(a_thaw_moves_one_deals_clocks)
{
	struct deal a = create(tx, 1000000, FEE_BY_BUYER), b = create(tx, 1000000, FEE_BY_BUYER);
	struct deal_timer t;

	timer_set(tx, a.id, TIMER_SHIP, 1000, 2000, true);
	timer_set(tx, b.id, TIMER_SHIP, 1000, 2000, true);
	timers_shift(tx, a.id, 500);
	clock_is(tx, a.id, TIMER_SHIP, 0, 2500, 2000);
	clock_is(tx, b.id, TIMER_SHIP, 0, 2000, 1500);
	timer_get(tx, a.id, TIMER_SHIP, &t);
	timer_stage(tx, &t, 1, 0);
	clock_is(tx, a.id, TIMER_SHIP, 1, 2500, 2400);
	/* Looked at now and then while it was frozen: that must not be added to the time that the freeze took. */
	timer_set(tx, b.id, TIMER_TRANSIT, 1000, 2000, false);
	timer_get(tx, b.id, TIMER_TRANSIT, &t);
	timer_stage(tx, &t, t.stage, 90000);
	timers_shift(tx, b.id, 88000);
	clock_is(tx, b.id, TIMER_TRANSIT, 2, 90000, 90000);
	return DB_DONE;
}

/* Down from 1000 to 11000; nothing punitive may happen before 12000. */
TX_TEST(an_outage_takes_nothing_from_anybody)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);
	struct deal_timer t;

	timer_set(tx, d.id, TIMER_SHIP, 0, 1500, false); /* would have ended during the outage */
	timer_set(tx, d.id, TIMER_INSPECTION, 0, 50000, false); /* long after it */
	timer_set(tx, d.id, TIMER_PAY, 0, 3000, true); /* its first reminder was due in the outage */
	timer_set(tx, d.id, TIMER_PAYOUT, 0, 1500, false); /* takes nothing: comes at once */
	timers_after_outage(tx, 11000, 10000, 1000);
	clock_is(tx, d.id, TIMER_SHIP, 2, 12000, 12000);
	clock_is(tx, d.id, TIMER_INSPECTION, 2, 60000, 60000);
	clock_is(tx, d.id, TIMER_PAY, 0, 13000, 11500);
	clock_is(tx, d.id, TIMER_PAYOUT, 2, 1500, 1500);
	ck_assert_uint_eq(timers_due(tx, 11000, &t, 1), 1);
	ck_assert_int_eq(t.kind, TIMER_PAYOUT);
	return DB_DONE;
}

int main(void)
{
	Suite *suite = suite_create("repositories of deals");
	TCase *refusals = tcase_create("refusals");
	int failed;

	folder_make();
	CASE(suite, "deals", every_field_of_a_deal_is_compared, a_deal_comes_back_with_every_field,
	     an_empty_deal_comes_back_empty, a_code_is_taken_once, only_the_version_that_was_read_can_be_saved_over,
	     title_and_tracking_are_set, a_tracking_code_belongs_to_one_deal, a_persons_deals_are_listed_newest_first,
	     deals_are_live_or_over_and_late_money_keeps_them_live, history_is_listed_newest_first);
	tcase_add_checked_fixture(refusals, book_open, book_close);
	tcase_add_loop_test(refusals, the_store_itself_refuses, 0,
			    (int)(sizeof forbidden / sizeof *forbidden) - (postgres_server() ? SQLITE_ONLY : 0));
	suite_add_tcase(suite, refusals);
	CASE(suite, "clocks", a_clock_reminds_at_half_and_nine_tenths, clocks_come_due_in_their_order,
	     a_thaw_moves_one_deals_clocks, an_outage_takes_nothing_from_anybody);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
