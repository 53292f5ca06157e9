/* The rows of the deal table for problems, returns and rulings, case by case. */
#include "deal_rows.h"

/* 107 */
THEN(answered)
{
	(void)e;
	d->seller_answered = true;
}

SET(info_wanted)
{
	d->info_wanted_from = e->role;
}

SET(info_wanted_from_other)
{
	d->info_wanted_from = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

THEN(info_given)
{
	(void)e;
	d->info_wanted_from = ROLE_NOBODY;
}

/* 31, 41 */
THEN(offered)
{
	d->offer_to_buyer = rial_of(PART);
	d->offer_by = e->role;
}

SET(offer_stands)
{
	d->offer_by = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
	d->offer_to_buyer = rial_of(PART);
}

SET(offer_of_all)
{
	offer_stands(d, e);
	d->offer_to_buyer = rial_of(PRICE);
}

SET(spoil_zero)
{
	UNUSED;
	e->amount = RIAL_ZERO;
}

SET(spoil_negative)
{
	UNUSED;
	e->amount = rial_of(-1);
}

SET(spoil_above_price)
{
	UNUSED;
	e->amount = rial_of(PRICE + 1);
}

SET(spoil_no_offer)
{
	UNUSED;
	d->offer_by = ROLE_NOBODY;
}

SET(spoil_own_offer)
{
	d->offer_by = e->role;
}

SET(spoil_old_offer)
{
	UNUSED;
	e->amount = rial_of(rial_raw(e->amount) - 1);
}

#define NO_OFFER                                                                                                       \
	{spoil_zero, REFUSAL_AMOUNT}, {spoil_negative, REFUSAL_AMOUNT},                                                \
	{                                                                                                              \
		spoil_above_price, REFUSAL_AMOUNT                                                                      \
	}
#define NO_ACCEPTANCE                                                                                                  \
	{spoil_no_offer, REFUSAL_ASKED_FIRST}, {spoil_own_offer, REFUSAL_OWN_PROPOSAL},                                \
	{                                                                                                              \
		spoil_old_offer, REFUSAL_TERMS_CHANGED                                                                 \
	}

/* 32 */
THEN(return_proposed)
{
	d->return_by = e->role;
}

SET(return_stands)
{
	d->return_by = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

SET(spoil_no_return)
{
	UNUSED;
	d->return_by = ROLE_NOBODY;
}

SET(spoil_own_return)
{
	d->return_by = e->role;
}

/* 33, 34, 35 */
SET(never_proven)
{
	UNUSED;
	d->delivery_proven = false;
}

THEN(withdrawn)
{
	(void)e;
	d->delivery_proven = true;
	d->inspection_ends_ms = NOW + 20 * HOUR_MS;
}

SET(with_offer_and_question)
{
	UNUSED;
	d->offer_by = ROLE_BUYER;
	d->info_wanted_from = ROLE_SELLER;
}

THEN(disputed)
{
	(void)e;
	d->offer_by = ROLE_NOBODY;
	d->info_wanted_from = ROLE_NOBODY;
}

SET(spoil_answered)
{
	UNUSED;
	d->seller_answered = true;
}

SET(spoil_too_early)
{
	UNUSED;
	d->issue_since_ms++;
}

SET(spoil_evidence)
{
	UNUSED;
	e->evidence = 0;
}

/* 42 */
THEN(info_asked)
{
	(void)e;
	d->info_wanted_from = ROLE_SELLER;
}

SET(spoil_asked)
{
	UNUSED;
	e->asked = ROLE_MEDIATOR;
}

THEN(info_not_given)
{
	(void)e;
	d->info_wanted_from = ROLE_NOBODY;
	d->silences++;
}

/* 43, 44, 45 */
THEN(ruled_release)
{
	(void)e;
	d->ruling = RULING_RELEASE;
	d->ruled_by = MEDIATOR;
	d->ruled_second = OTHER;
}

THEN(late)
{
	(void)e;
	d->ruling_late = true;
}

/* Nobody else came in time: the first two may hear the appeal after all. */
SET(appeal_late)
{
	d->appealed = true;
	d->ruling_late = true;
	d->ruled_by = e->actor_id;
	d->ruled_second = e->second_id;
}

SET(appeal_split)
{
	d->appealed = true;
	d->ruled_by = THIRD;
	e->ruling = RULING_SPLIT;
}

THEN(ruled_split)
{
	(void)e;
	d->ruling = RULING_SPLIT;
	d->ruling_to_buyer = rial_of(PART);
	d->ruled_by = MEDIATOR;
	d->ruled_second = OTHER;
}

SET(spoil_second_party)
{
	UNUSED;
	e->second_id = SELLER;
}

SET(spoil_dear_alone)
{
	UNUSED;
	d->terms.price = rial_of(200000001);
	e->second_id = 0;
}

SET(spoil_dear_same)
{
	UNUSED;
	d->terms.price = rial_of(200000001);
	e->second_id = e->actor_id;
}

SET(spoil_same_judge)
{
	d->appealed = true;
	d->ruled_by = e->actor_id;
}

SET(spoil_same_second)
{
	d->appealed = true;
	d->ruled_second = e->second_id;
}

SET(spoil_ruling)
{
	UNUSED;
	e->ruling = RULING_NONE;
}

SET(spoil_split_nothing)
{
	UNUSED;
	e->ruling = RULING_SPLIT;
	e->amount = RIAL_ZERO;
}

SET(spoil_split_all)
{
	UNUSED;
	e->ruling = RULING_SPLIT;
	e->amount = d->terms.price;
}

THEN(appealed)
{
	disputed(d, e);
	d->appealed = true;
	d->ruling = RULING_NONE;
}

SET(spoil_appealed)
{
	UNUSED;
	d->appealed = true;
}

SET(to_refund)
{
	UNUSED;
	d->ruling = RULING_REFUND;
}

SET(to_split)
{
	UNUSED;
	d->ruling = RULING_SPLIT;
	d->ruling_to_buyer = rial_of(PART);
}

SET(to_return)
{
	UNUSED;
	d->ruling = RULING_RETURN;
}

SET(spoil_ruled)
{
	UNUSED;
	d->ruling = RULING_NONE;
}

SET(to_other)
{
	UNUSED;
	d->ruling = d->ruling == RULING_REFUND ? RULING_RETURN : RULING_REFUND;
}

#define NOT_THIS_RULING                                                                                                \
	{spoil_ruled, REFUSAL_NOT_NOW},                                                                                \
	{                                                                                                              \
		to_other, ELSEWHERE                                                                                    \
	}

#define RELEASED MOVE(RELEASE, PAYOUT), MOVE(FEE, FEE), CLOCK(PAYOUT, HOUR_MS)
#define REFUNDED MOVE(REFUND, DUE), BACK(DUE)
#define SHARED MOVE(REFUND, 402000), MOVE(RELEASE, 597000), MOVE(FEE, 6000), BACK(402000), CLOCK(PAYOUT, HOUR_MS)
#define DISPUTE CLOCK(RULING, 6 * DAY_MS)

/* clang-format off */
static const struct row_case cases[] = {
	{107, IN(ISSUE), EVENT_ANSWER, S, SAME, TELL_BUYER | TELL_STAFF, NULL, answered, {HALT(ANSWER)}, {{0}}},
	{107, IN(DISPUTED), EVENT_ANSWER, B | S, SAME, TELL_STAFF, info_wanted, info_given, {HALT(INFO)}, {{0}}},
	{107, IN(DISPUTED), EVENT_ANSWER, B | S, SAME, TELL_STAFF, info_wanted_from_other, NULL, {{0}}, {{0}}},
	{31, IN(ISSUE), EVENT_PROPOSE_MONEY, B | S, SAME, BOTH, NULL, offered, {{0}}, {NO_OFFER}},
	{41, IN(DISPUTED), EVENT_PROPOSE_MONEY, B | S, SAME, BOTH, NULL, offered, {{0}}, {NO_OFFER}},
	{31, IN(ISSUE), EVENT_ACCEPT_MONEY, B | S, DEAL_SPLIT_DUE, ALL, offer_stands, NULL, {SHARED}, {NO_ACCEPTANCE}},
	{31, IN(ISSUE), EVENT_ACCEPT_MONEY, B | S, DEAL_SPLIT_DUE, ALL, offer_of_all, NULL, {REFUNDED},
	 {NO_ACCEPTANCE}},
	{41, IN(DISPUTED), EVENT_ACCEPT_MONEY, B | S, DEAL_SPLIT_DUE, ALL, offer_stands, NULL, {SHARED},
	 {NO_ACCEPTANCE}},
	{32, IN(ISSUE), EVENT_PROPOSE_RETURN, B | S, SAME, BOTH, NULL, return_proposed, {{0}},
	 {{return_stands, REFUSAL_ALREADY}, {spoil_own_return, REFUSAL_ALREADY}}},
	{32, IN(ISSUE), EVENT_ACCEPT_RETURN, B | S, DEAL_RETURN_DUE, ALL, return_stands, NULL,
	 {CLOCK(RETURN, 4 * DAY_MS)},
	 {{spoil_no_return, REFUSAL_ASKED_FIRST}, {spoil_own_return, REFUSAL_OWN_PROPOSAL}}},
	{33, IN(ISSUE), EVENT_WITHDRAW, B, DEAL_DELIVERED, ALL, never_proven, withdrawn,
	 {CLOCK(INSPECTION, 20 * HOUR_MS)}, {{0}}},
	{34, IN(ISSUE), EVENT_SELLER_SILENT, T, DEAL_DISPUTED, ALL, with_offer_and_question, disputed, {DISPUTE},
	 {{spoil_answered, REFUSAL_ALREADY}}},
	{35, IN(ISSUE), EVENT_ESCALATE, B | S, DEAL_DISPUTED, ALL, with_offer_and_question, disputed, {DISPUTE},
	 {{spoil_too_early, REFUSAL_TOO_EARLY}}},
	{35, IN(ISSUE), EVENT_NEGOTIATION_END, T, DEAL_DISPUTED, ALL, with_offer_and_question, disputed, {DISPUTE},
	 {{0}}},

	{36, IN(RETURN_DUE), EVENT_RETURN_SHIP, B, DEAL_RETURN_SENT, BOTH, NULL, NULL,
	 {CLOCK(RETURN_TRANSIT, 9 * DAY_MS)}, {{0}}},
	{37, IN(RETURN_DUE), EVENT_RETURN_EXPIRED, T, DEAL_PAYOUT_DUE, BOTH, NULL, NULL, {RELEASED}, {{0}}},
	{38, IN(RETURN_SENT), EVENT_RETURN_DELIVER, C | S | M, DEAL_RETURN_CHECK, BOTH, NULL, NULL,
	 {CLOCK(RETURN_CHECK, 71 * HOUR_MS)}, {{0}}},
	{108, IN(RETURN_SENT), EVENT_RETURN_LOST, T, DEAL_DISPUTED, ALL, with_offer_and_question, disputed, {DISPUTE},
	 {{0}}},
	{39, IN(RETURN_CHECK), EVENT_RETURN_ACCEPT, S, DEAL_REFUND_DUE, BOTH, NULL, NULL, {REFUNDED}, {{0}}},
	{39, IN(RETURN_CHECK), EVENT_RETURN_SILENT, T, DEAL_REFUND_DUE, BOTH, NULL, NULL, {REFUNDED}, {{0}}},
	{40, IN(RETURN_CHECK), EVENT_RETURN_REJECT, S, DEAL_DISPUTED, ALL, with_offer_and_question, disputed,
	 {DISPUTE}, {{spoil_evidence, REFUSAL_EVIDENCE}}},

	{41, IN(DISPUTED), EVENT_RETURN_ACCEPT, S, DEAL_REFUND_DUE, ALL, NULL, NULL, {REFUNDED}, {{0}}},
	{42, IN(DISPUTED), EVENT_ASK_INFO, M, SAME, BOTH, NULL, info_asked, {CLOCK(INFO, 45 * HOUR_MS)},
	 {{spoil_asked, REFUSAL_ASKED_FIRST}}},
	{42, IN(DISPUTED), EVENT_INFO_SILENT, T, SAME, TELL_STAFF, with_offer_and_question, info_not_given, {{0}},
	 {{0}}},
	{43, IN(DISPUTED), EVENT_RULE, M, DEAL_RULED, ALL, NULL, ruled_release, {CLOCK(APPEAL, 44 * HOUR_MS)},
	 {{spoil_second_party, REFUSAL_PARTY}, {spoil_dear_alone, REFUSAL_SECOND_PERSON},
	  {spoil_dear_same, REFUSAL_SECOND_PERSON}, {spoil_same_judge, REFUSAL_OTHER_MEDIATOR},
	  {spoil_same_second, REFUSAL_OTHER_MEDIATOR}, {spoil_ruling, REFUSAL_NOT_NOW},
	  {spoil_split_nothing, REFUSAL_AMOUNT}, {spoil_split_all, REFUSAL_AMOUNT}}},
	{43, IN(DISPUTED), EVENT_RULE, M, DEAL_RULED, ALL, appeal_split, ruled_split, {CLOCK(APPEAL, 44 * HOUR_MS)},
	 {{spoil_above_price, REFUSAL_AMOUNT}, {spoil_negative, REFUSAL_AMOUNT}}},
	{43, IN(DISPUTED), EVENT_RULE, M, DEAL_RULED, ALL, appeal_late, ruled_release, {CLOCK(APPEAL, 44 * HOUR_MS)},
	 {{0}}},
	{109, IN(DISPUTED), EVENT_RULING_LATE, T, SAME, TELL_STAFF, NULL, late, {DISPUTE}, {{0}}},
	{44, IN(RULED), EVENT_APPEAL, B | S, DEAL_DISPUTED, ALL, with_offer_and_question, appealed, {DISPUTE},
	 {{spoil_appealed, REFUSAL_ONCE_ONLY}}},
	{45, IN(RULED), EVENT_APPEAL_END, T, DEAL_PAYOUT_DUE, BOTH, NULL, NULL, {RELEASED}, {NOT_THIS_RULING}},
	{45, IN(RULED), EVENT_APPEAL_END, T, DEAL_REFUND_DUE, BOTH, to_refund, NULL, {REFUNDED}, {NOT_THIS_RULING}},
	{45, IN(RULED), EVENT_APPEAL_END, T, DEAL_SPLIT_DUE, BOTH, to_split, NULL, {SHARED}, {NOT_THIS_RULING}},
	{45, IN(RULED), EVENT_APPEAL_END, T, DEAL_RETURN_DUE, BOTH, to_return, NULL, {CLOCK(RETURN, 4 * DAY_MS)},
	 {NOT_THIS_RULING}},
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
	check_all_reached(cases, N_CASES, PART_QUARREL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal rows: quarrel");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, one_row, 0, N_CASES);
	tcase_add_test(t, all_rows);
	suite_add_tcase(s, t);
	return tap_run(s);
}
