/* The rows of the deal table for money that leaves, recalls, freezes and late reports, case by case. */
#include "deal_rows.h"

SET(spoil_zero)
{
	UNUSED;
	e->amount = RIAL_ZERO;
}

SET(spoil_second_party)
{
	UNUSED;
	e->second_id = SELLER;
}

/* 46 to 49, 110, 115 */
SET(spoil_paid_out)
{
	UNUSED;
	d->payable = RIAL_ZERO;
}

SET(spoil_amount)
{
	UNUSED;
	e->amount = rial_of(rial_raw(e->amount) + 1);
}

SET(spoil_less)
{
	UNUSED;
	e->amount = rial_of(rial_raw(e->amount) - 1);
}

SET(spoil_above_price)
{
	UNUSED;
	e->amount = rial_of(rial_raw(d->terms.price) + 1);
}

SET(paid_some)
{
	d->paid_in = rial_of(PART);
	e->amount = rial_of(PART);
}

#define NOT_ABOVE_PAID                                                                                                 \
	{spoil_zero, REFUSAL_AMOUNT},                                                                                  \
	{                                                                                                              \
		spoil_amount, REFUSAL_AMOUNT                                                                           \
	}

#define NO_SUCH_SUM                                                                                                    \
	{spoil_zero, REFUSAL_AMOUNT},                                                                                  \
	{                                                                                                              \
		spoil_above_price, REFUSAL_AMOUNT                                                                      \
	}

#define NOT_THIS_SUM                                                                                                   \
	{spoil_zero, REFUSAL_AMOUNT}, {spoil_amount, REFUSAL_AMOUNT},                                                  \
	{                                                                                                              \
		spoil_less, REFUSAL_AMOUNT                                                                             \
	}

SET(in_flight)
{
	UNUSED;
	d->inflight = rial_of(d->state == DEAL_PAYOUT_DUE ? PAYOUT : 597000);
	d->payable = RIAL_ZERO;
}

SET(in_flight_frozen)
{
	in_flight(d, e);
	d->frozen = true;
}

THEN(thawed_by_end)
{
	(void)e;
	d->frozen = false;
}

SET(in_flight_last)
{
	in_flight(d, e);
	d->refund = RIAL_ZERO;
}

SET(refund_left)
{
	UNUSED;
	d->refund = rial_of(1);
}

SET(bounced_left)
{
	UNUSED;
	d->payable = rial_of(1);
}

SET(refund_last)
{
	UNUSED;
	d->payable = RIAL_ZERO;
}

SET(payable_left)
{
	UNUSED;
	d->payable = rial_of(1);
}

SET(refund_pending)
{
	d->refund = rial_of(SOME + 1);
	e->amount = rial_of(SOME);
}

SET(spoil_above_refund)
{
	UNUSED;
	e->amount = rial_of(SOME + 2);
}

/* 50, 51 */
static void freeze_now(struct deal *d, int64_t recalled)
{
	d->frozen = true;
	d->frozen_at_ms = NOW;
	d->recalled = rial_of(recalled);
}

THEN(recalled_all)
{
	(void)e;
	freeze_now(d, DUE);
}

THEN(recalled_part)
{
	(void)e;
	freeze_now(d, PART);
}

THEN(recalled_nothing)
{
	(void)e;
	freeze_now(d, 0);
}

SET(frozen_before)
{
	UNUSED;
	d->frozen = true;
	d->frozen_at_ms = NOW - HOUR_MS;
}

THEN(recalled_again)
{
	(void)e;
	d->recalled = rial_of(DUE);
}

SET(recalled_before)
{
	frozen_before(d, e);
	d->recalled = d->suspense = d->held = rial_of(DUE);
	d->held = RIAL_ZERO;
}

THEN(thawed)
{
	(void)e;
	d->frozen = false;
	d->recalled = RIAL_ZERO;
	d->inspection_ends_ms += d->inspection_ends_ms ? HOUR_MS : 0;
	d->issue_since_ms += d->issue_since_ms ? HOUR_MS : 0;
}

SET(spoil_alone)
{
	UNUSED;
	e->second_id = 0;
}

SET(spoil_twice_one)
{
	UNUSED;
	e->second_id = e->actor_id;
}

SET(spoil_thawed)
{
	UNUSED;
	d->frozen = false;
}

#define NOT_TWO                                                                                                        \
	{spoil_second_party, REFUSAL_PARTY}, {spoil_alone, REFUSAL_SECOND_PERSON},                                     \
	{                                                                                                              \
		spoil_twice_one, REFUSAL_SECOND_PERSON                                                                 \
	}

/* 56 */
SET(spoil_long_ago)
{
	UNUSED;
	d->closed_ms = NOW - 30 * DAY_MS - 1;
}

#define PAYING (IN(PAYOUT_DUE) | IN(SPLIT_DUE))
#define HOLDING                                                                                                        \
	(IN(FUNDED) | IN(SHIPPED) | IN(DELIVERED) | IN(ISSUE) | IN(RETURN_DUE) | IN(RETURN_SENT) | IN(RETURN_CHECK) |  \
	 IN(DISPUTED) | IN(RULED))

/* clang-format off */
static const struct row_case cases[] = {
	{110, IN(PAYOUT_DUE), EVENT_PAYOUT_RIPE, T, SAME, 0, NULL, NULL, {PAY_OUT(PAYOUT)},
	 {{spoil_paid_out, REFUSAL_ALREADY}}},
	{110, IN(SPLIT_DUE), EVENT_PAYOUT_RIPE, T, SAME, 0, NULL, NULL, {PAY_OUT(597000)},
	 {{spoil_paid_out, REFUSAL_ALREADY}}},
	{46, IN(PAYOUT_DUE), EVENT_PAYOUT_SENT, BY(SYSTEM), SAME, TELL_SELLER, NULL, NULL, {MOVE(PAYOUT_SENT, PAYOUT)},
	 {NOT_THIS_SUM}},
	{46, IN(SPLIT_DUE), EVENT_PAYOUT_SENT, BY(SYSTEM), SAME, TELL_SELLER, NULL, NULL, {MOVE(PAYOUT_SENT, 597000)},
	 {NOT_THIS_SUM}},
	{47, IN(PAYOUT_DUE), EVENT_PAYOUT_DONE, K, DEAL_COMPLETED, BOTH, in_flight, NULL, {MOVE(PAYOUT_DONE, PAYOUT)},
	 {NOT_THIS_SUM}},
	{47, IN(PAYOUT_DUE), EVENT_PAYOUT_DONE, K, DEAL_COMPLETED, BOTH, in_flight_frozen, thawed_by_end,
	 {MOVE(PAYOUT_DONE, PAYOUT)}, {NOT_THIS_SUM}},
	{47, IN(SPLIT_DUE), EVENT_PAYOUT_DONE, K, DEAL_SPLIT_CLOSED, BOTH, in_flight_last, NULL,
	 {MOVE(PAYOUT_DONE, 597000)}, {NOT_THIS_SUM, {refund_left, ELSEWHERE}, {bounced_left, ELSEWHERE}}},
	{47, IN(SPLIT_DUE), EVENT_PAYOUT_DONE, K, SAME, TELL_SELLER, in_flight, NULL, {MOVE(PAYOUT_DONE, 597000)},
	 {NOT_THIS_SUM}},
	{48, IN(PAYOUT_DUE), EVENT_PAYOUT_RETURNED, K, SAME, TELL_SELLER | TELL_STAFF, in_flight, NULL,
	 {MOVE(PAYOUT_RETURNED, PAYOUT), CLOCK(PAYOUT, HOUR_MS)}, {NOT_THIS_SUM}},
	{48, IN(SPLIT_DUE), EVENT_PAYOUT_RETURNED, K, SAME, TELL_SELLER | TELL_STAFF, in_flight, NULL,
	 {MOVE(PAYOUT_RETURNED, 597000), CLOCK(PAYOUT, HOUR_MS)}, {NOT_THIS_SUM}},
	{124, IN(COMPLETED), EVENT_PAYOUT_BOUNCED, K, DEAL_PAYOUT_DUE, TELL_SELLER | TELL_STAFF, NULL, NULL,
	 {MOVE(PAYOUT_BOUNCED, PART), CLOCK(PAYOUT, HOUR_MS)}, {NO_SUCH_SUM}},
	{124, IN(SPLIT_CLOSED), EVENT_PAYOUT_BOUNCED, K, DEAL_SPLIT_DUE, TELL_SELLER | TELL_STAFF, NULL, NULL,
	 {MOVE(PAYOUT_BOUNCED, PART), CLOCK(PAYOUT, HOUR_MS)}, {NO_SUCH_SUM}},
	{124, IN(SPLIT_DUE), EVENT_PAYOUT_BOUNCED, K, SAME, TELL_SELLER | TELL_STAFF, NULL, NULL,
	 {MOVE(PAYOUT_BOUNCED, PART), CLOCK(PAYOUT, HOUR_MS)}, {NO_SUCH_SUM}},
	{125, IN(REFUNDED), EVENT_REFUND_BOUNCED, K, DEAL_REFUND_DUE, TELL_BUYER | TELL_STAFF, paid_some, NULL,
	 {MOVE(REFUND_BOUNCED, PART)}, {NOT_ABOVE_PAID}},
	{125, IN(SPLIT_CLOSED), EVENT_REFUND_BOUNCED, K, DEAL_SPLIT_DUE, TELL_BUYER | TELL_STAFF, paid_some, NULL,
	 {MOVE(REFUND_BOUNCED, PART)}, {NOT_ABOVE_PAID}},
	{125, OPEN_DEALS | IN(COMPLETED) | UNPAID, EVENT_REFUND_BOUNCED, K, SAME, TELL_BUYER | TELL_STAFF, paid_some, NULL,
	 {MOVE(REFUND_BOUNCED, PART)}, {NOT_ABOVE_PAID}},
	{49, IN(REFUND_DUE), EVENT_REFUND_DONE, K, DEAL_REFUNDED, BOTH, NULL, NULL, {MOVE(REFUND_DONE, DUE)},
	 {{spoil_zero, REFUSAL_AMOUNT}, {spoil_amount, REFUSAL_AMOUNT}, {spoil_less, ELSEWHERE}}},
	{49, IN(SPLIT_DUE), EVENT_REFUND_DONE, K, DEAL_SPLIT_CLOSED, BOTH, refund_last, NULL,
	 {MOVE(REFUND_DONE, 402000)},
	 {{spoil_zero, REFUSAL_AMOUNT}, {spoil_amount, REFUSAL_AMOUNT}, {spoil_less, ELSEWHERE},
	  {payable_left, ELSEWHERE}}},
	{115, OPEN_DEALS | PAID | UNPAID, EVENT_REFUND_DONE, K, SAME, TELL_BUYER, refund_pending, NULL,
	 {MOVE(REFUND_DONE, SOME)}, {{spoil_zero, REFUSAL_AMOUNT}, {spoil_above_refund, REFUSAL_AMOUNT}}},

	{50, HOLDING, EVENT_RECALL, K | M, SAME, ALL, NULL, recalled_all, {MOVE(RECALLED, DUE)}, {{0}}},
	{50, HOLDING, EVENT_RECALL, K | M, SAME, ALL, frozen_before, recalled_again, {MOVE(RECALLED, DUE)}, {{0}}},
	{50, IN(PART_PAID), EVENT_RECALL, K | M, SAME, ALL, NULL, recalled_part, {MOVE(RECALLED, PART)}, {{0}}},
	{50, IN(AWAIT_PAY) | IN(PAY_REVIEW) | IN(REFUND_DUE) | PAYING, EVENT_RECALL, K | M, SAME, ALL, NULL,
	 recalled_nothing, {{0}}, {{0}}},
	{51, OPEN_DEALS, EVENT_FREEZE, M, SAME, ALL, NULL, recalled_nothing, {{0}},
	 {NOT_TWO, {frozen_before, REFUSAL_FROZEN}}},
	{51, OPEN_DEALS & ~PAYING, EVENT_UNFREEZE, M, SAME, ALL, frozen_before, thawed, {SHIFT(HOUR_MS)},
	 {NOT_TWO, {spoil_thawed, REFUSAL_ALREADY}}},
	{51, PAYING, EVENT_UNFREEZE, M, SAME, ALL, frozen_before, thawed, {SHIFT(HOUR_MS), CLOCK(PAYOUT, HOUR_MS)},
	 {NOT_TWO}},
	{51, HOLDING, EVENT_UNFREEZE, M, SAME, ALL, recalled_before, thawed, {MOVE(CLEARED, DUE), SHIFT(HOUR_MS)},
	 {NOT_TWO}},
	{56, PAID | UNPAID, EVENT_REPORT_FRAUD, B | S, SAME, TELL_STAFF, NULL, NULL, {{0}},
	 {{spoil_long_ago, REFUSAL_TOO_LATE}}},
};
/* clang-format on */

enum { N_CASES = sizeof cases / sizeof *cases };

START_TEST(one_row)
{
	check_case(&cases[_i]);
}
END_TEST

START_TEST(all_rows)
{
	check_all_reached(cases, N_CASES, PART_OUT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal rows: money out, freezing");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, one_row, 0, N_CASES);
	tcase_add_test(t, all_rows);
	suite_add_tcase(s, t);
	return tap_run(s);
}
