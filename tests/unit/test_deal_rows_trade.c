/* The rows of the deal table from the paid deal to the buyer's verdict, and cancelling, case by case. */
#include "deal_rows.h"

/* 19 */
THEN(asks_time)
{
	(void)e;
	d->extension_asked = true;
}

SET(time_asked)
{
	UNUSED;
	d->extension_asked = true;
	d->cancel_asked = ROLE_BUYER;
}

THEN(time_granted)
{
	(void)e;
	d->extension_asked = false;
	d->extension_used = true;
	d->cancel_asked = ROLE_NOBODY;
}

SET(spoil_time_used)
{
	UNUSED;
	d->extension_used = true;
}

SET(spoil_time_asked)
{
	UNUSED;
	d->extension_asked = true;
}

SET(spoil_time_not_asked)
{
	UNUSED;
	d->extension_asked = false;
}

/* 20 */
SET(much_open)
{
	UNUSED;
	d->cancel_asked = ROLE_BUYER;
	d->amended_by = ROLE_SELLER;
	d->topup_wanted = true;
}

THEN(all_closed)
{
	(void)e;
	d->cancel_asked = ROLE_NOBODY;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
}

SET(spoil_by_hand)
{
	UNUSED;
	d->by_hand = true;
}

/* 22, 23, 103, 112 */
SET(cancel_asked)
{
	UNUSED;
	d->cancel_asked = ROLE_BUYER;
}

THEN(asks_cancel)
{
	(void)e;
	d->cancel_asked = ROLE_BUYER;
}

THEN(cancel_refused)
{
	(void)e;
	d->cancel_asked = ROLE_NOBODY;
}

SET(spoil_cancel_not_asked)
{
	UNUSED;
	d->cancel_asked = ROLE_NOBODY;
}

SET(begun_by_me)
{
	d->creator = e->role == ROLE_ADMIN ? ROLE_BUYER : e->role;
	d->buyer_id = e->role == ROLE_BUYER ? BUYER : 0;
	d->seller_id = e->role == ROLE_SELLER ? SELLER : 0;
}

SET(spoil_begun)
{
	UNUSED;
	d->creator = d->creator == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
	if (!d->seller_id)
		d->seller_id = STRANGER;
}

/* 54 */
SET(handed_over)
{
	UNUSED;
	d->by_hand = true;
	d->pin_tries = 4;
}

THEN(tried_pin)
{
	(void)e;
	d->pin_tries++;
}

SET(spoil_posted)
{
	UNUSED;
	d->by_hand = false;
}

SET(spoil_pin_tries)
{
	UNUSED;
	d->pin_tries = 5;
}

/* 24, 25 */
THEN(doubted)
{
	(void)e;
	d->tracking_suspect = true;
}

SET(suspect)
{
	UNUSED;
	d->tracking_suspect = true;
	d->tracking_fixes = 1;
}

THEN(corrected)
{
	(void)e;
	d->tracking_suspect = false;
	d->tracking_fixes = 2;
}

SET(spoil_fixes)
{
	UNUSED;
	d->tracking_fixes = 2;
}

/* 26, 29, 104, 106, 114 */
SET(unproven)
{
	UNUSED;
	d->delivery_proven = false;
	d->asked_again = 1;
}

SET(unproven_suspect)
{
	unproven(d, e);
	d->tracking_suspect = true;
}

SET(unproven_thrice)
{
	unproven(d, e);
	d->asked_again = 2;
}

SET(spoil_proven)
{
	UNUSED;
	d->delivery_proven = true;
}

SET(spoil_suspect)
{
	UNUSED;
	d->tracking_suspect = true;
}

SET(spoil_time_left)
{
	UNUSED;
	d->inspection_ends_ms = NOW + 1;
}

THEN(proven)
{
	(void)e;
	d->delivery_proven = true;
	d->inspection_ends_ms = NOW + 48 * HOUR_MS;
}

THEN(said)
{
	(void)e;
	d->said_delivered = true;
	d->inspection_ends_ms = NOW + 48 * HOUR_MS;
}

SET(spoil_said)
{
	UNUSED;
	d->said_delivered = true;
}

THEN(waits)
{
	(void)e;
	d->buyer_waiting = true;
}

SET(spoil_waits)
{
	UNUSED;
	d->buyer_waiting = true;
}

THEN(asked_again)
{
	(void)e;
	d->asked_again = 2;
	d->inspection_ends_ms = NOW + 22 * HOUR_MS;
}

/* 27, 30, 53 */
SET(with_old_offer)
{
	UNUSED;
	d->offer_by = ROLE_BUYER;
	d->return_by = ROLE_BUYER;
	d->info_wanted_from = ROLE_SELLER;
	d->seller_answered = true;
}

THEN(first_problem)
{
	(void)e;
	d->offer_by = d->return_by = ROLE_NOBODY;
	d->seller_answered = false;
	d->issue_since_ms = NOW;
	d->inspection_left_ms = 12 * HOUR_MS;
}

SET(much_time_left)
{
	UNUSED;
	d->inspection_ends_ms = NOW + 30 * HOUR_MS;
	d->issue_since_ms = NOW - 3 * HOUR_MS;
}

THEN(second_problem)
{
	(void)e;
	d->inspection_left_ms = 30 * HOUR_MS;
}

THEN(disputed)
{
	(void)e;
	d->offer_by = ROLE_NOBODY;
	d->info_wanted_from = ROLE_NOBODY;
}

SET(spoil_evidence)
{
	UNUSED;
	e->evidence = 0;
}

#define RELEASED MOVE(RELEASE, PAYOUT), MOVE(FEE, FEE), CLOCK(PAYOUT, HOUR_MS)
#define REFUNDED MOVE(REFUND, DUE), BACK(DUE)
#define PROBLEM CLOCK(ANSWER, 72 * HOUR_MS), CLOCK(NEGOTIATION, 7 * DAY_MS)
#define TRANSIT CLOCK(TRACKING, 46 * HOUR_MS), CLOCK(ARRIVAL, 5 * DAY_MS), CLOCK(TRANSIT, 10 * DAY_MS)

/* clang-format off */
static const struct row_case cases[] = {
	{19, IN(FUNDED), EVENT_ASK_EXTENSION, S, SAME, BOTH, NULL, asks_time, {{0}},
	 {{spoil_time_used, REFUSAL_ONCE_ONLY}, {spoil_time_asked, REFUSAL_ONCE_ONLY}}},
	{19, IN(FUNDED), EVENT_GRANT_EXTENSION, B, SAME, BOTH, time_asked, time_granted,
	 {HALT(CANCEL), SHIFT(47 * HOUR_MS)}, {{spoil_time_not_asked, REFUSAL_ASKED_FIRST}}},
	{20, IN(FUNDED), EVENT_SHIP, S, DEAL_SHIPPED, BOTH, much_open, all_closed, {TRANSIT},
	 {{spoil_by_hand, REFUSAL_NOT_NOW}}},
	{21, IN(FUNDED), EVENT_SHIP_EXPIRED, T, DEAL_REFUND_DUE, BOTH, NULL, NULL, {REFUNDED, STRIKE(SELLER)}, {{0}}},
	{23, IN(FUNDED), EVENT_CANCEL, S, DEAL_REFUND_DUE, BOTH, cancel_asked, NULL, {REFUNDED},
	 {{spoil_cancel_not_asked, ELSEWHERE}}},
	{22, IN(FUNDED), EVENT_CANCEL, S, DEAL_REFUND_DUE, BOTH, NULL, NULL, {REFUNDED, STRIKE(SELLER)}, {{0}}},
	{23, IN(FUNDED), EVENT_CANCEL, B, SAME, BOTH, NULL, asks_cancel, {CLOCK(CANCEL, 23 * HOUR_MS)},
	 {{cancel_asked, REFUSAL_ALREADY}}},
	{23, IN(FUNDED), EVENT_CANCEL_SILENCE, T, DEAL_REFUND_DUE, BOTH, cancel_asked, NULL, {REFUNDED},
	 {{spoil_cancel_not_asked, REFUSAL_ASKED_FIRST}}},
	{103, IN(FUNDED), EVENT_REFUSE_CANCEL, S, SAME, BOTH, cancel_asked, cancel_refused, {HALT(CANCEL)},
	 {{spoil_cancel_not_asked, REFUSAL_ASKED_FIRST}}},
	{54, IN(FUNDED), EVENT_PIN, S, DEAL_PAYOUT_DUE, BOTH, handed_over, NULL, {RELEASED},
	 {{spoil_posted, REFUSAL_NOT_NOW}, {spoil_pin_tries, REFUSAL_PIN_BLOCKED}}},
	{54, IN(FUNDED), EVENT_PIN_WRONG, S, SAME, BOTH, handed_over, tried_pin, {{0}},
	 {{spoil_posted, REFUSAL_NOT_NOW}, {spoil_pin_tries, REFUSAL_PIN_BLOCKED}}},

	{24, IN(SHIPPED), EVENT_TRACKING_BAD, C | T | M, SAME, ALL, NULL, doubted, {{0}},
	 {{spoil_proven, REFUSAL_ALREADY}}},
	{25, IN(SHIPPED), EVENT_TRACKING_FIX, S, SAME, BOTH, suspect, corrected, {CLOCK(TRACKING, 46 * HOUR_MS)},
	 {{spoil_fixes, REFUSAL_ONCE_ONLY}}},
	{26, IN(SHIPPED), EVENT_DELIVER, C, DEAL_DELIVERED, BOTH, NULL, proven, {CLOCK(INSPECTION, 48 * HOUR_MS)},
	 {{spoil_proven, REFUSAL_ALREADY}, {spoil_suspect, REFUSAL_NOT_NOW}}},
	{26, IN(SHIPPED), EVENT_DELIVER, B | M, DEAL_DELIVERED, BOTH, unproven_suspect, proven,
	 {CLOCK(INSPECTION, 48 * HOUR_MS)}, {{spoil_proven, REFUSAL_ALREADY}}},
	{104, IN(SHIPPED), EVENT_SAY_DELIVERED, S, DEAL_DELIVERED, BOTH, NULL, said,
	 {CLOCK(INSPECTION, 48 * HOUR_MS)}, {{spoil_said, REFUSAL_ONCE_ONLY}}},
	{26, IN(DELIVERED), EVENT_DELIVER, C, SAME, BOTH, unproven, proven, {CLOCK(INSPECTION, 48 * HOUR_MS)},
	 {{spoil_proven, REFUSAL_ALREADY}, {spoil_suspect, REFUSAL_NOT_NOW}}},
	{26, IN(DELIVERED), EVENT_DELIVER, B | M, SAME, BOTH, unproven_suspect, proven,
	 {CLOCK(INSPECTION, 48 * HOUR_MS)}, {{spoil_proven, REFUSAL_ALREADY}}},
	{105, IN(SHIPPED), EVENT_ASK_ARRIVAL, T, SAME, TELL_BUYER, NULL, NULL, {CLOCK(OVERDUE, 3 * DAY_MS)}, {{0}}},
	{106, IN(SHIPPED), EVENT_NOT_YET, B, SAME, TELL_SELLER, NULL, waits, {HALT(ARRIVAL), HALT(OVERDUE)}, {{0}}},
	{106, IN(DELIVERED), EVENT_NOT_YET, B, DEAL_SHIPPED, BOTH, unproven, waits,
	 {HALT(ARRIVAL), HALT(OVERDUE), CLOCK(TRANSIT, 10 * DAY_MS)}, {{spoil_proven, REFUSAL_ALREADY}}},
	{27, IN(SHIPPED), EVENT_TRANSIT_LOST, T, DEAL_ISSUE, ALL, with_old_offer, first_problem, {PROBLEM}, {{0}}},
	{53, IN(SHIPPED), EVENT_ARRIVAL_OVERDUE, T, DEAL_DISPUTED, ALL, with_old_offer, disputed,
	 {CLOCK(RULING, 6 * DAY_MS)}, {{spoil_waits, REFUSAL_NOT_NOW}, {spoil_proven, REFUSAL_NOT_NOW}}},

	{28, IN(DELIVERED), EVENT_ACCEPT, B, DEAL_PAYOUT_DUE, BOTH, NULL, NULL, {RELEASED}, {{0}}},
	{41, IN(DISPUTED), EVENT_ACCEPT, B, DEAL_PAYOUT_DUE, ALL, NULL, NULL, {RELEASED}, {{0}}},
	{29, IN(DELIVERED), EVENT_INSPECTION_END, T, DEAL_PAYOUT_DUE, BOTH, NULL, NULL, {RELEASED},
	 {{unproven, ELSEWHERE}, {spoil_time_left, REFUSAL_TOO_EARLY}}},
	{29, IN(DELIVERED), EVENT_INSPECTION_END, T, SAME, TELL_BUYER, unproven, asked_again,
	 {CLOCK(INSPECTION, 22 * HOUR_MS)}, {{spoil_proven, ELSEWHERE}, {unproven_thrice, ELSEWHERE}}},
	{114, IN(DELIVERED), EVENT_INSPECTION_END, T, DEAL_DISPUTED, ALL, unproven_thrice, disputed,
	 {CLOCK(RULING, 6 * DAY_MS)}, {{spoil_proven, ELSEWHERE}, {unproven, ELSEWHERE}}},
	{30, IN(DELIVERED), EVENT_REPORT, B, DEAL_ISSUE, ALL, with_old_offer, first_problem, {PROBLEM},
	 {{spoil_evidence, REFUSAL_EVIDENCE}}},
	{30, IN(DELIVERED), EVENT_REPORT, B, DEAL_ISSUE, ALL, much_time_left, second_problem, {PROBLEM},
	 {{spoil_evidence, REFUSAL_EVIDENCE}}},

	{112, IN(DRAFT), EVENT_CANCEL, B | S | A, DEAL_CANCELLED, 0, begun_by_me, NULL, {{0}},
	 {{spoil_begun, REFUSAL_NOT_YOURS}}},
	{52, IN(AGREED) | IN(AWAIT_PAY), EVENT_CANCEL, B | S, DEAL_CANCELLED, BOTH, NULL, NULL, {{0}}, {{0}}},
	{57, IN(OFFERED) | IN(COUNTERED) | IN(AGREED) | IN(AWAIT_PAY), EVENT_ADMIN_CANCEL, A, DEAL_CANCELLED, BOTH,
	 NULL, NULL, {{0}}, {{0}}},
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
	check_all_reached(cases, N_CASES, PART_TRADE);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal rows: trade");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, one_row, 0, N_CASES);
	tcase_add_test(t, all_rows);
	suite_add_tcase(s, t);
	return tap_run(s);
}
