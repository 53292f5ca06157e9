/* The rows of the deal table from the draft to the agreed terms and their later change, case by case. */
#include "deal_rows.h"

static struct deal_terms bad_terms;

/* Hands a spoilt copy of the usual terms to the event. */
static struct deal_terms *spoil_terms(struct event *e)
{
	bad_terms = terms_other;
	e->terms = &bad_terms;
	return &bad_terms;
}

SET(spoil_no_terms)
{
	UNUSED;
	e->terms = NULL;
}

SET(spoil_price_low)
{
	UNUSED;
	spoil_terms(e)->price = rial_of(99999);
	bad_terms.fee = RIAL_ZERO;
}

SET(spoil_price_high)
{
	UNUSED;
	spoil_terms(e)->price = rial_of(500000001);
}

SET(spoil_fee)
{
	UNUSED;
	spoil_terms(e)->fee = rial_of(20001);
}

SET(spoil_ship)
{
	UNUSED;
	spoil_terms(e)->ship_h = 0;
}

SET(spoil_inspection)
{
	UNUSED;
	spoil_terms(e)->inspection_h = 721;
}

SET(spoil_hash)
{
	UNUSED;
	spoil_terms(e)->hash[0] = '\0';
}

#define NO_TERMS                                                                                                       \
	{spoil_no_terms, REFUSAL_AMOUNT}, {spoil_price_low, REFUSAL_AMOUNT}, {spoil_price_high, REFUSAL_AMOUNT},       \
		{spoil_fee, REFUSAL_AMOUNT}, {spoil_ship, REFUSAL_AMOUNT}, {spoil_inspection, REFUSAL_AMOUNT},         \
	{                                                                                                              \
		spoil_hash, REFUSAL_AMOUNT                                                                             \
	}

/* 1, 2, 101, 112 */
SET(fresh)
{
	UNUSED;
	d->version = 0;
}

THEN(created)
{
	d->creator = e->creator;
	d->terms = terms_other;
	d->buyer_id = e->role == ROLE_BUYER ? BUYER : 0;
	d->seller_id = e->role == ROLE_SELLER ? SELLER : 0;
}

SET(spoil_creator)
{
	UNUSED;
	e->creator = e->role == ROLE_BUYER ? ROLE_SELLER : e->role == ROLE_SELLER ? ROLE_BUYER : ROLE_MEDIATOR;
}

SET(begun_by_me)
{
	d->creator = e->role == ROLE_ADMIN ? ROLE_SELLER : e->role;
	d->buyer_id = e->role == ROLE_BUYER ? BUYER : 0;
	d->seller_id = e->role == ROLE_SELLER ? SELLER : 0;
}

SET(spoil_begun)
{
	UNUSED;
	d->creator = d->creator == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
	if (!d->buyer_id)
		d->buyer_id = STRANGER;
}

THEN(edited)
{
	(void)e;
	d->terms = terms_other;
}

THEN(published)
{
	if (e->role != ROLE_ADMIN)
		*(e->role == ROLE_BUYER ? &d->buyer_agreed : &d->seller_agreed) = true;
}

/* 118, 119 */
SET(in_group)
{
	d->in_group = true;
	d->creator = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
	d->buyer_agreed = d->creator == ROLE_BUYER;
	d->seller_agreed = d->creator == ROLE_SELLER;
}

THEN(left)
{
	*(e->role == ROLE_BUYER ? &d->buyer_id : &d->seller_id) = 0;
}

/* The published terms are kept aside while the two bargain. */
static void bargained(struct deal *d, enum role maker)
{
	d->in_group = true;
	d->creator = maker;
	d->amended = terms_first;
	d->terms = terms_other;
	d->buyer_agreed = maker != ROLE_BUYER;
	d->seller_agreed = maker != ROLE_SELLER;
}

SET(bargained_with_me)
{
	bargained(d, e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER);
}

SET(bargained_by_other)
{
	bargained(d, e->role);
}

static void published_again(struct deal *d)
{
	d->terms = terms_first;
	d->amended = (struct deal_terms){.hash = ""};
	d->buyer_agreed = d->creator == ROLE_BUYER;
	d->seller_agreed = d->creator == ROLE_SELLER;
}

THEN(left_bargain)
{
	*(e->role == ROLE_BUYER ? &d->buyer_id : &d->seller_id) = 0;
	published_again(d);
}

THEN(turned_bargainer_away)
{
	*(e->role == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = 0;
	published_again(d);
}

THEN(countered_in_group)
{
	d->amended = terms_first;
	d->terms = terms_other;
	d->buyer_agreed = e->role == ROLE_BUYER;
	d->seller_agreed = e->role == ROLE_SELLER;
}

SET(spoil_private)
{
	UNUSED;
	d->in_group = false;
}

SET(spoil_own_offer)
{
	d->creator = e->role;
}

SET(made_by_me)
{
	d->creator = e->role;
	d->buyer_agreed = e->role == ROLE_BUYER;
	d->seller_agreed = e->role == ROLE_SELLER;
}

THEN(turned_away)
{
	*(e->role == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = 0;
}

SET(spoil_not_mine)
{
	d->creator = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

SET(spoil_nobody_joined)
{
	*(e->role == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = 0;
}

SET(spoil_both_agreed)
{
	UNUSED;
	d->buyer_agreed = d->seller_agreed = true;
}

/* 3 */
SET(my_seat_empty)
{
	*(e->role == ROLE_BUYER ? &d->buyer_id : &d->seller_id) = 0;
}

THEN(seated)
{
	*(e->role == ROLE_BUYER ? &d->buyer_id : &d->seller_id) = e->actor_id;
}

SET(spoil_seat_taken)
{
	UNUSED;
	d->buyer_id = 7001;
	d->seller_id = 7002;
}

SET(spoil_seat_mine)
{
	*(e->role == ROLE_BUYER ? &d->buyer_id : &d->seller_id) = e->actor_id;
}

SET(spoil_seat_self)
{
	*(e->role == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = e->actor_id;
}

SET(spoil_nobody)
{
	UNUSED;
	e->actor_id = 0;
}

/* 4, 5 */
THEN(countered)
{
	d->terms = terms_other;
	d->buyer_agreed = e->role == ROLE_BUYER;
	d->seller_agreed = e->role == ROLE_SELLER;
}

SET(spoil_other_seat)
{
	*(e->role == ROLE_BUYER ? &d->seller_id : &d->buyer_id) = 0;
}

SET(other_agreed)
{
	d->buyer_agreed = e->role == ROLE_SELLER;
	d->seller_agreed = e->role == ROLE_BUYER;
}

SET(nobody_agreed)
{
	UNUSED;
	d->buyer_agreed = d->seller_agreed = false;
}

THEN(agreed)
{
	*(e->role == ROLE_BUYER ? &d->buyer_agreed : &d->seller_agreed) = true;
}

SET(spoil_agreed_before)
{
	agreed(d, e);
}

SET(spoil_hash_old)
{
	UNUSED;
	e->hash = "yesterday's";
}

SET(spoil_hash_none)
{
	UNUSED;
	e->hash = NULL;
}

#define NO_AGREEMENT                                                                                                   \
	{spoil_agreed_before, REFUSAL_ALREADY}, {spoil_other_seat, REFUSAL_SEAT_EMPTY},                                \
		{spoil_hash_old, REFUSAL_TERMS_CHANGED},                                                               \
	{                                                                                                              \
		spoil_hash_none, REFUSAL_TERMS_CHANGED                                                                 \
	}

THEN(amended)
{
	(void)e;
	d->terms = d->amended;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
}

/* 120 */
THEN(swapped)
{
	int64_t buyer = d->buyer_id;

	d->buyer_id = d->seller_id;
	d->seller_id = buyer;
	d->creator = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

/* 55 */
THEN(amendment)
{
	d->amended = terms_other;
	d->amended_by = e->role;
	d->topup_wanted = false;
}

SET(nothing_proposed)
{
	UNUSED;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
}

SET(spoil_asked_by_other)
{
	d->amended_by = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

SET(was_wanted)
{
	UNUSED;
	d->topup_wanted = true;
}

static void other_proposed(struct deal *d, const struct event *e, int64_t price, int ship_h)
{
	d->amended = terms_first;
	d->amended.price = rial_of(price);
	d->amended.ship_h = ship_h;
	d->amended_by = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

SET(amend_up)
{
	other_proposed(d, e, PRICE + 500000, 72);
}

SET(amend_down)
{
	other_proposed(d, e, PRICE - 500000, 72);
}

SET(amend_hours)
{
	other_proposed(d, e, PRICE, 24);
}

THEN(topup_wanted)
{
	(void)e;
	d->topup_wanted = true;
}

SET(proposed_and_wanted)
{
	UNUSED;
	d->amended_by = ROLE_BUYER;
	d->topup_wanted = true;
}

THEN(no_proposal)
{
	(void)e;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
}

SET(spoil_no_proposal)
{
	UNUSED;
	d->amended_by = ROLE_NOBODY;
}

SET(spoil_own_proposal)
{
	d->amended_by = e->role;
}

#define NO_AMENDMENT                                                                                                   \
	{spoil_no_proposal, REFUSAL_ASKED_FIRST}, {spoil_own_proposal, REFUSAL_OWN_PROPOSAL},                          \
		{was_wanted, REFUSAL_ALREADY}, {spoil_hash_old, REFUSAL_TERMS_CHANGED},                                \
	{                                                                                                              \
		spoil_hash_none, REFUSAL_TERMS_CHANGED                                                                 \
	}

#define OFFERED_OR_COUNTERED (IN(OFFERED) | IN(COUNTERED))

/* clang-format off */
static const struct row_case cases[] = {
	{1, IN(NONE), EVENT_CREATE, B | S | A, DEAL_DRAFT, 0, fresh, created, {CLOCK(DRAFT, 24 * HOUR_MS)},
	 {{spoil_creator, REFUSAL_NOT_YOURS}, NO_TERMS}},
	{101, IN(DRAFT), EVENT_DRAFT_EXPIRED, T, DEAL_EXPIRED, 0, NULL, NULL, {{0}}, {{0}}},
	{116, IN(DRAFT), EVENT_EDIT_DRAFT, B | S, SAME, 0, begun_by_me, edited, {{0}},
	 {{spoil_begun, REFUSAL_NOT_YOURS}, NO_TERMS}},
	{120, IN(DRAFT), EVENT_SWAP_SEATS, B | S, SAME, 0, begun_by_me, swapped, {{0}},
	 {{spoil_begun, REFUSAL_NOT_YOURS}}},
	{2, IN(DRAFT), EVENT_PUBLISH, B | S | A, DEAL_OFFERED, 0, begun_by_me, published, {CLOCK(OFFER, 48 *
	 HOUR_MS)}, {{spoil_begun, REFUSAL_NOT_YOURS}}},
	{3, IN(OFFERED), EVENT_JOIN, B | S, SAME, BOTH, my_seat_empty, seated, {{0}}, {{spoil_seat_taken,
	 REFUSAL_SEAT_TAKEN}, {spoil_seat_mine, REFUSAL_ALREADY}, {spoil_seat_self, REFUSAL_SELF}, {spoil_nobody,
	 REFUSAL_NOT_YOURS}}},
	{4, OFFERED_OR_COUNTERED, EVENT_COUNTER, B | S, DEAL_COUNTERED, BOTH, NULL, countered, {CLOCK(OFFER, 48 *
	 HOUR_MS)}, {{spoil_other_seat, REFUSAL_SEAT_EMPTY}, NO_TERMS}},
	{5, OFFERED_OR_COUNTERED, EVENT_AGREE, B | S, DEAL_AGREED, BOTH, other_agreed, agreed, {{0}},
	 {{nobody_agreed, ELSEWHERE}, NO_AGREEMENT}},
	{5, OFFERED_OR_COUNTERED, EVENT_AGREE, B | S, SAME, BOTH, nobody_agreed, agreed, {{0}}, {{other_agreed,
	 ELSEWHERE}, NO_AGREEMENT}},
	{118, IN(OFFERED), EVENT_DECLINE, B | S, DEAL_OFFERED, BOTH, in_group, left, {{0}},
	 {{spoil_private, ELSEWHERE}, {spoil_own_offer, ELSEWHERE}}},
	{118, IN(COUNTERED), EVENT_DECLINE, B | S, DEAL_OFFERED, BOTH, bargained_with_me, left_bargain,
	 {CLOCK(OFFER, 48 * HOUR_MS)}, {{spoil_private, ELSEWHERE}, {spoil_own_offer, ELSEWHERE}}},
	{119, IN(OFFERED), EVENT_TURN_AWAY, B | S, DEAL_OFFERED, BOTH, made_by_me, turned_away, {{0}},
	 {{spoil_not_mine, REFUSAL_NOT_YOURS},
	  {spoil_nobody_joined, REFUSAL_SEAT_EMPTY},
	  {spoil_both_agreed, REFUSAL_ALREADY}}},
	{119, IN(COUNTERED), EVENT_TURN_AWAY, B | S, DEAL_OFFERED, BOTH, bargained_by_other, turned_bargainer_away,
	 {CLOCK(OFFER, 48 * HOUR_MS)},
	 {{spoil_not_mine, REFUSAL_NOT_YOURS}, {spoil_nobody_joined, REFUSAL_SEAT_EMPTY}, {spoil_private, REFUSAL_NOT_NOW}}},
	{4, IN(OFFERED), EVENT_COUNTER, B | S, DEAL_COUNTERED, BOTH, in_group, countered_in_group, {CLOCK(OFFER, 48 *
	 HOUR_MS)}, {{spoil_other_seat, REFUSAL_SEAT_EMPTY}}},
	{6, OFFERED_OR_COUNTERED, EVENT_DECLINE, B | S, DEAL_CANCELLED, BOTH, NULL, NULL, {{0}}, {{0}}},
	{6, OFFERED_OR_COUNTERED, EVENT_OFFER_EXPIRED, T, DEAL_EXPIRED, BOTH, NULL, NULL, {{0}}, {{0}}},

	{55, IN(AGREED) | IN(FUNDED), EVENT_PROPOSE_AMEND, B | S, SAME, BOTH, nothing_proposed, amendment, {{0}},
	 {{was_wanted, REFUSAL_ALREADY}, {spoil_asked_by_other, REFUSAL_ALREADY}, {spoil_no_terms, REFUSAL_AMOUNT}, {spoil_price_high, REFUSAL_AMOUNT}}},
	{55, IN(AGREED), EVENT_ACCEPT_AMEND, B | S, SAME, BOTH, amend_up, amended, {{0}}, {NO_AMENDMENT}},
	{55, IN(FUNDED), EVENT_ACCEPT_AMEND, B | S, SAME, BOTH, amend_up, topup_wanted, {ASK(500000)},
	 {NO_AMENDMENT}},
	{55, IN(FUNDED), EVENT_ACCEPT_AMEND, B | S, SAME, BOTH, amend_down, amended, {MOVE(REFUND, 500000),
	 BACK(500000)}, {NO_AMENDMENT}},
	{55, IN(FUNDED), EVENT_ACCEPT_AMEND, B | S, SAME, BOTH, amend_hours, amended, {CLOCK(SHIP, 24 * HOUR_MS)},
	 {NO_AMENDMENT}},
	{121, IN(AGREED) | IN(FUNDED), EVENT_REFUSE_AMEND, B | S, SAME, BOTH, proposed_and_wanted, no_proposal, {{0}},
	 {{spoil_no_proposal, REFUSAL_ASKED_FIRST}}},
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
	check_all_reached(cases, N_CASES, PART_OFFER);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal rows: offer");
	TCase *t = tcase_create("rows");

	tcase_add_loop_test(t, one_row, 0, N_CASES);
	tcase_add_test(t, all_rows);
	suite_add_tcase(s, t);
	return tap_run(s);
}
