/* The rows of the deal table about the money's arrival, case by case. */
#include "deal_rows.h"

/* 102 */
THEN(payment_extended)
{
	(void)e;
	d->payment_extended = true;
}

SET(spoil_extended)
{
	payment_extended(d, e);
}

/* 9, 10, 11, 13, 55 */
SET(credit_rest)
{
	e->amount = rial_of(DUE - rial_raw(d->held));
}

SET(credit_short_by_one)
{
	e->amount = rial_of(DUE - rial_raw(d->held) - 1);
}

SET(credit_over_by_one)
{
	e->amount = rial_of(DUE - rial_raw(d->held) + 1);
}

SET(spoil_nothing)
{
	UNUSED;
	e->amount = RIAL_ZERO;
}

SET(spoil_negative)
{
	UNUSED;
	e->amount = rial_of(-SOME);
}

SET(spoil_endless)
{
	d->paid_in = rial_of(DUE);
	e->amount = rial_of(INT64_MAX);
}

#define NO_MONEY                                                                                                       \
	{spoil_nothing, REFUSAL_AMOUNT}, {spoil_negative, REFUSAL_AMOUNT},                                             \
	{                                                                                                              \
		spoil_endless, REFUSAL_AMOUNT                                                                          \
	}

SET(frozen)
{
	UNUSED;
	d->frozen = true;
	d->frozen_at_ms = NOW - HOUR_MS;
}

SET(spoil_thawed)
{
	UNUSED;
	d->frozen = false;
}

SET(topup)
{
	d->amended = terms_other;
	d->amended_by = ROLE_SELLER;
	d->topup_wanted = true;
	e->amount = rial_of(2020000 - DUE);
}

SET(spoil_topup_amount)
{
	UNUSED;
	e->amount = rial_of(2020000 - DUE - 10);
}

SET(spoil_topup_unwanted)
{
	UNUSED;
	d->topup_wanted = false;
}

THEN(amended)
{
	(void)e;
	d->terms = d->amended;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
}

/* 16 */
SET(review_over)
{
	UNUSED;
	d->suspense = d->paid_in = rial_of(DUE + 1);
}

SET(review_part)
{
	UNUSED;
	d->held = rial_of(PART);
	d->suspense = rial_of(SOME);
	d->paid_in = rial_of(PART + SOME);
}

SET(spoil_second_party)
{
	UNUSED;
	e->second_id = BUYER;
}

/* Above the limit, with the same figures relative to what is due. */
static void make_dear(struct deal *d)
{
	d->terms.price = rial_of(200000001);
	d->terms.fee = RIAL_ZERO;
}

SET(spoil_dear_alone)
{
	make_dear(d);
	e->second_id = 0;
}

SET(spoil_dear_same)
{
	make_dear(d);
	e->second_id = e->actor_id;
}

#define NO_SECOND                                                                                                      \
	{spoil_second_party, REFUSAL_PARTY}, {spoil_dear_alone, REFUSAL_SECOND_PERSON},                                \
	{                                                                                                              \
		spoil_dear_same, REFUSAL_SECOND_PERSON                                                                 \
	}

/* 18 */
SET(late_money)
{
	UNUSED;
	d->suspense = d->paid_in = rial_of(DUE + 30);
}

SET(late_last)
{
	late_money(d, e);
	d->late_ok_buyer = e->role == ROLE_SELLER;
	d->late_ok_seller = e->role == ROLE_BUYER;
}

SET(late_over)
{
	late_money(d, e);
	d->late_ok_buyer = d->late_ok_seller = true;
}

THEN(keeps_late)
{
	*(e->role == ROLE_BUYER ? &d->late_ok_buyer : &d->late_ok_seller) = true;
}

THEN(late_forgotten)
{
	(void)e;
	d->late_ok_buyer = d->late_ok_seller = false;
}

SET(spoil_keeps_already)
{
	keeps_late(d, e);
}

SET(spoil_late_short)
{
	UNUSED;
	d->suspense = rial_of(DUE - 1);
}

SET(spoil_never_agreed)
{
	UNUSED;
	d->seller_agreed = false;
}

SET(spoil_other_keeps)
{
	*(e->role == ROLE_BUYER ? &d->late_ok_seller : &d->late_ok_buyer) = true;
}

SET(spoil_other_lets_go)
{
	*(e->role == ROLE_BUYER ? &d->late_ok_seller : &d->late_ok_buyer) = false;
}

SET(spoil_suspense)
{
	UNUSED;
	d->suspense = RIAL_ZERO;
}

/* clang-format off */
static const struct row_case cases[] = {
	{7, IN(AGREED), EVENT_ISSUE_PAYMENT, BY(SYSTEM), DEAL_AWAIT_PAY, TELL_BUYER, NULL, NULL, {ASK(DUE),
	 CLOCK(PAY, HOUR_MS)}, {{0}}},
	{102, IN(AWAIT_PAY), EVENT_EXTEND_PAYMENT, B, SAME, BOTH, NULL, payment_extended, {CLOCK(PAY, 24 *
	 HOUR_MS)}, {{spoil_extended, REFUSAL_ONCE_ONLY}}},
	{8, IN(AWAIT_PAY), EVENT_RECEIPT, B, SAME, TELL_BUYER, NULL, NULL, {{0}}, {{0}}},
	{9, IN(AWAIT_PAY), EVENT_CREDIT, K, DEAL_FUNDED, BOTH, credit_rest, NULL, {MOVE(PAY_IN, DUE), CLOCK(SHIP, 72
	 * HOUR_MS)}, {{credit_short_by_one, ELSEWHERE}, {credit_over_by_one, ELSEWHERE}, {frozen, ELSEWHERE},
	 NO_MONEY}},
	{10, IN(AWAIT_PAY), EVENT_CREDIT, K, DEAL_PART_PAID, BOTH, credit_short_by_one, NULL, {MOVE(PAY_IN, DUE -
	 1), ASK(1), CLOCK(PART, 25 * HOUR_MS)}, {{credit_rest, ELSEWHERE}, {credit_over_by_one, ELSEWHERE}, {frozen,
	 ELSEWHERE}, NO_MONEY}},
	{13, IN(AWAIT_PAY), EVENT_CREDIT, K, DEAL_FUNDED, BOTH, credit_over_by_one, NULL, {MOVE(PAY_IN, DUE),
	 MOVE(PAY_EXCESS, 1), BACK(1), CLOCK(SHIP, 72 * HOUR_MS)}, {{credit_rest, ELSEWHERE}, {credit_short_by_one,
	 ELSEWHERE}, {frozen, ELSEWHERE}, NO_MONEY}},
	{11, IN(PART_PAID), EVENT_CREDIT, K, DEAL_FUNDED, BOTH, credit_rest, NULL, {MOVE(PAY_IN, DUE - PART),
	 CLOCK(SHIP, 72 * HOUR_MS)}, {{credit_short_by_one, ELSEWHERE}, {credit_over_by_one, ELSEWHERE}, {frozen,
	 ELSEWHERE}, NO_MONEY}},
	{10, IN(PART_PAID), EVENT_CREDIT, K, SAME, TELL_BUYER, credit_short_by_one, NULL, {MOVE(PAY_IN, DUE - PART -
	 1), ASK(1), CLOCK(PART, 25 * HOUR_MS)}, {{credit_rest, ELSEWHERE}, {credit_over_by_one, ELSEWHERE}, {frozen,
	 ELSEWHERE}, NO_MONEY}},
	{13, IN(PART_PAID), EVENT_CREDIT, K, DEAL_FUNDED, BOTH, credit_over_by_one, NULL, {MOVE(PAY_IN, DUE - PART),
	 MOVE(PAY_EXCESS, 1), BACK(1), CLOCK(SHIP, 72 * HOUR_MS)}, {{credit_rest, ELSEWHERE}, {credit_short_by_one,
	 ELSEWHERE}, {frozen, ELSEWHERE}, NO_MONEY}},
	{117, IN(AWAIT_PAY) | IN(PART_PAID), EVENT_CREDIT, K, DEAL_PAY_REVIEW, ALL, frozen, NULL, {MOVE(PAY_FOREIGN,
	 SOME)}, {{spoil_thawed, ELSEWHERE}, NO_MONEY}},
	{12, IN(PART_PAID), EVENT_PART_EXPIRED, T, DEAL_REFUND_DUE, BOTH, NULL, NULL, {MOVE(REFUND, PART),
	 BACK(PART)}, {{0}}},
	{12, IN(PART_PAID), EVENT_ASK_BACK, B, DEAL_REFUND_DUE, BOTH, NULL, NULL, {MOVE(REFUND, PART), BACK(PART)},
	 {{0}}},
	{55, IN(FUNDED), EVENT_CREDIT, K, SAME, BOTH, topup, amended, {MOVE(PAY_IN, 2020000 - DUE), CLOCK(SHIP, 48 *
	 HOUR_MS)}, {{spoil_topup_amount, ELSEWHERE}, {spoil_topup_unwanted, ELSEWHERE}, {frozen, ELSEWHERE},
	 NO_MONEY}},
	{122, IN(PAY_REVIEW), EVENT_CREDIT, K, SAME, TELL_BUYER | TELL_STAFF, NULL, NULL, {MOVE(PAY_FOREIGN, SOME)},
	 {NO_MONEY}},
	{122, IN(PAY_REVIEW), EVENT_CREDIT_FOREIGN, K, SAME, TELL_BUYER | TELL_STAFF, NULL, NULL, {MOVE(PAY_FOREIGN,
	 SOME)}, {NO_MONEY}},
	{14, (WITH_MONEY & ~IN(PAY_REVIEW)) | PAID, EVENT_CREDIT, K, SAME, TELL_BUYER | TELL_STAFF, NULL, NULL, {MOVE(PAY_SECOND, SOME),
	 BACK(SOME)}, {NO_MONEY}},
	{111, BEFORE_PAY, EVENT_CREDIT, K, SAME, TELL_BUYER | TELL_STAFF, NULL, NULL, {MOVE(PAY_SECOND, SOME),
	 BACK(SOME)}, {NO_MONEY}},
	{15, IN(AWAIT_PAY) | IN(PART_PAID), EVENT_CREDIT_FOREIGN, K, DEAL_PAY_REVIEW, ALL, NULL, NULL,
	 {MOVE(PAY_FOREIGN, SOME)}, {NO_MONEY}},
	{113, BEFORE_PAY | (WITH_MONEY & ~IN(PAY_REVIEW)) | PAID | UNPAID, EVENT_CREDIT_FOREIGN, K, SAME, TELL_BUYER | TELL_STAFF, NULL,
	 NULL, {MOVE(PAY_SECOND, SOME), BACK(SOME)}, {NO_MONEY}},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_CONFIRM, M, DEAL_FUNDED, BOTH, review_over, NULL, {MOVE(CLEARED, DUE),
	 MOVE(SUSPENSE_BACK, 1), BACK(1), CLOCK(SHIP, 72 * HOUR_MS)}, {{review_part, ELSEWHERE}, NO_SECOND}},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_CONFIRM, M, DEAL_PART_PAID, BOTH, review_part, NULL, {MOVE(CLEARED, SOME),
	 ASK(DUE - PART - SOME), CLOCK(PART, 25 * HOUR_MS)}, {{review_over, ELSEWHERE}, NO_SECOND}},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_REJECT, M, DEAL_REFUND_DUE, BOTH, review_part, NULL, {MOVE(SUSPENSE_BACK,
	 SOME), BACK(SOME), MOVE(REFUND, PART), BACK(PART)}, {NO_SECOND}},
	{17, IN(AWAIT_PAY), EVENT_PAY_EXPIRED, T, DEAL_EXPIRED, BOTH, NULL, NULL, {{0}}, {{0}}},
	{18, UNPAID, EVENT_CREDIT, K, SAME, ALL, NULL, NULL, {MOVE(PAY_LATE, SOME), CLOCK(LATE, 26 * HOUR_MS)},
	 {NO_MONEY}},
	{18, UNPAID, EVENT_KEEP_LATE, B | S, DEAL_FUNDED, BOTH, late_last, keeps_late, {MOVE(CLEARED, DUE),
	 MOVE(SUSPENSE_BACK, 30), BACK(30), CLOCK(SHIP, 72 * HOUR_MS)}, {{spoil_other_lets_go, ELSEWHERE},
	 {spoil_keeps_already, REFUSAL_ALREADY}, {spoil_late_short, REFUSAL_NOT_NOW}, {spoil_never_agreed,
	 REFUSAL_NOT_NOW}}},
	{18, UNPAID, EVENT_KEEP_LATE, B | S, SAME, BOTH, late_money, keeps_late, {{0}}, {{spoil_other_keeps,
	 ELSEWHERE}, {spoil_keeps_already, REFUSAL_ALREADY}, {spoil_late_short, REFUSAL_NOT_NOW},
	 {spoil_never_agreed, REFUSAL_NOT_NOW}}},
	{18, UNPAID, EVENT_LATE_OVER, T, SAME, TELL_BUYER, late_over, late_forgotten, {MOVE(SUSPENSE_BACK, DUE +
	 30), BACK(DUE + 30)}, {{spoil_suspense, REFUSAL_NOT_NOW}}},
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
	check_all_reached(cases, N_CASES, PART_PAY);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal rows: payment");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, one_row, 0, N_CASES);
	tcase_add_test(t, all_rows);
	suite_add_tcase(s, t);
	return tap_run(s);
}
