/* The guards of the deal table: each answers one question about a deal and an event, and changes nothing. */
#include "deal_parts.h"

#include <string.h>

#define UNUSED (void)d, (void)e, (void)p, (void)now_ms

static enum refusal if_not(bool fine, enum refusal otherwise)
{
	return fine ? REFUSAL_NONE : otherwise;
}

enum { MAX_SHIP_H = 240, MAX_INSPECTION_H = 720, BASIS = 10000 }; /* escrow-rules.md section 2.7 */

/* Terms that the machine can carry to the end: a price in the limits, a fee of at most 1 %, a payer, real hours, a
 * name.
 */
static bool terms_fit(const struct deal_terms *t, const struct deal_policy *p)
{
	struct rial due;

	if (!t || !rial_is_positive(t->price) || rial_cmp(t->price, p->price_min) < 0)
		return false;
	if (rial_cmp(t->fee, RIAL_ZERO) < 0 ||
	    rial_cmp(t->fee, rial_share(t->price, rial_of(FEE_MAX_BASIS_POINTS), rial_of(BASIS))) > 0)
		return false;
	if (t->fee_payer != FEE_BY_BUYER && t->fee_payer != FEE_BY_SELLER && t->fee_payer != FEE_BY_HALF)
		return false;
	/* Only now is it safe to ask what is due: terms_due ends the process on sums that make no sense. */
	if (!rial_try_add(t->price, fee_of_buyer(t->fee, t->fee_payer), &due) || rial_cmp(due, p->due_max) > 0)
		return false;
	return t->ship_h >= 1 && t->ship_h <= MAX_SHIP_H && t->inspection_h >= 1 &&
	       t->inspection_h <= MAX_INSPECTION_H && t->hash[0];
}

static bool seats_full(const struct deal *d)
{
	return d->buyer_id && d->seller_id;
}

/* A bank's word about nothing, or about more than can be counted, is no fact. */
GUARD(credit_some)
{
	struct rial sum;

	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_try_add(d->paid_in, e->amount, &sum), REFUSAL_AMOUNT);
}

/* What is in the hold if this credit is taken, compared with what is due: -1, 0, 1. */
static int after_credit(const struct deal *d, struct rial credit)
{
	struct rial sum;

	if (!rial_try_add(d->held, credit, &sum))
		return 1;
	return rial_cmp(sum, terms_due(&d->terms));
}

GUARD(may_create)
{
	UNUSED;
	if (!terms_fit(e->terms, p))
		return REFUSAL_AMOUNT;
	if (e->creator != ROLE_BUYER && e->creator != ROLE_SELLER)
		return REFUSAL_NOT_YOURS;
	return if_not(e->role == ROLE_ADMIN || e->role == e->creator, REFUSAL_NOT_YOURS);
}

/* An admin's draft has no person on a seat yet. */
GUARD(is_creator)
{
	UNUSED;
	if (e->role == ROLE_ADMIN)
		return if_not(!d->buyer_id && !d->seller_id, REFUSAL_NOT_YOURS);
	return if_not(e->role == d->creator, REFUSAL_NOT_YOURS);
}

GUARD(may_edit_draft)
{
	UNUSED;
	if (e->role != d->creator)
		return REFUSAL_NOT_YOURS;
	return if_not(terms_fit(e->terms, p), REFUSAL_AMOUNT);
}

GUARD(seat_free)
{
	int64_t seat = e->role == ROLE_BUYER ? d->buyer_id : d->seller_id;

	UNUSED;
	if (!e->actor_id)
		return REFUSAL_NOT_YOURS;
	if (e->actor_id == d->buyer_id || e->actor_id == d->seller_id)
		return e->actor_id == seat ? REFUSAL_ALREADY : REFUSAL_SELF;
	return if_not(!seat, REFUSAL_SEAT_TAKEN);
}

static bool agreed(const struct deal *d, enum role role)
{
	return role == ROLE_BUYER ? d->buyer_agreed : d->seller_agreed;
}

static enum role other_side(enum role role)
{
	return role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

GUARD(may_leave)
{
	UNUSED;
	return if_not(d->in_group && e->role != d->creator && (d->state == DEAL_COUNTERED || !agreed(d, e->role)),
		      REFUSAL_NOT_NOW);
}

GUARD(may_turn_away)
{
	UNUSED;
	if (e->role != d->creator)
		return REFUSAL_NOT_YOURS;
	if (!seats_full(d))
		return REFUSAL_SEAT_EMPTY;
	if (d->state == DEAL_COUNTERED)
		return if_not(d->in_group, REFUSAL_NOT_NOW);
	return if_not(!agreed(d, other_side(e->role)), REFUSAL_ALREADY);
}

GUARD(may_counter)
{
	UNUSED;
	if (!seats_full(d))
		return REFUSAL_SEAT_EMPTY;
	return if_not(terms_fit(e->terms, p), REFUSAL_AMOUNT);
}

static enum refusal may_agree(const struct deal *d, const struct event *e)
{
	bool mine = e->role == ROLE_BUYER ? d->buyer_agreed : d->seller_agreed;

	if (mine)
		return REFUSAL_ALREADY;
	if (!seats_full(d))
		return REFUSAL_SEAT_EMPTY;
	return if_not(e->hash && !strcmp(e->hash, d->terms.hash), REFUSAL_TERMS_CHANGED);
}

static bool other_agreed(const struct deal *d, const struct event *e)
{
	return e->role == ROLE_BUYER ? d->seller_agreed : d->buyer_agreed;
}

GUARD(agrees_last)
{
	enum refusal r = may_agree(d, e);

	UNUSED;
	return r ? r : if_not(other_agreed(d, e), REFUSAL_NOT_NOW);
}

GUARD(agrees_first)
{
	enum refusal r = may_agree(d, e);

	UNUSED;
	return r ? r : if_not(!other_agreed(d, e), REFUSAL_NOT_NOW);
}

GUARD(not_extended)
{
	UNUSED;
	return if_not(!d->payment_extended, REFUSAL_ONCE_ONLY);
}

/* A frozen deal is never funded: its seller must not be told to send. */
static enum refusal may_fund(const struct deal *d, const struct event *e, const struct deal_policy *p, int64_t now_ms)
{
	enum refusal r = credit_some(d, e, p, now_ms);

	return r ? r : if_not(!d->frozen, REFUSAL_FROZEN);
}

GUARD(credit_frozen)
{
	enum refusal r = credit_some(d, e, p, now_ms);

	return r ? r : if_not(d->frozen, REFUSAL_NOT_NOW);
}

GUARD(credit_exact)
{
	enum refusal r = may_fund(d, e, p, now_ms);

	return r ? r : if_not(after_credit(d, e->amount) == 0, REFUSAL_AMOUNT);
}

GUARD(credit_short)
{
	enum refusal r = may_fund(d, e, p, now_ms);

	return r ? r : if_not(after_credit(d, e->amount) < 0, REFUSAL_AMOUNT);
}

GUARD(credit_over)
{
	enum refusal r = may_fund(d, e, p, now_ms);

	return r ? r : if_not(after_credit(d, e->amount) > 0, REFUSAL_AMOUNT);
}

/* Two different operators above the limit, and none of them a party. The first one's seat is checked by deal_apply. */
static enum refusal enough_people(const struct deal *d, const struct event *e, const struct deal_policy *p)
{
	if (e->second_id && (e->second_id == d->buyer_id || e->second_id == d->seller_id))
		return REFUSAL_PARTY;
	if (rial_cmp(d->terms.price, p->two_person_above) <= 0)
		return REFUSAL_NONE;
	return if_not(e->second_id && e->second_id != e->actor_id, REFUSAL_SECOND_PERSON);
}

GUARD(review_decided)
{
	UNUSED;
	return enough_people(d, e, p);
}

GUARD(review_enough)
{
	enum refusal r = enough_people(d, e, p);

	UNUSED;
	return r ? r : if_not(after_credit(d, d->suspense) >= 0, REFUSAL_AMOUNT);
}

GUARD(review_short)
{
	enum refusal r = enough_people(d, e, p);

	UNUSED;
	return r ? r : if_not(after_credit(d, d->suspense) < 0, REFUSAL_AMOUNT);
}

GUARD(suspense_waits)
{
	UNUSED;
	return if_not(rial_is_positive(d->suspense), REFUSAL_NOT_NOW);
}

/* Late money can revive a deal only if both had agreed and it covers the whole sum. */
static enum refusal may_keep_late(const struct deal *d, const struct event *e)
{
	bool mine = e->role == ROLE_BUYER ? d->late_ok_buyer : d->late_ok_seller;

	if (!d->buyer_agreed || !d->seller_agreed || rial_cmp(d->suspense, terms_due(&d->terms)) < 0)
		return REFUSAL_NOT_NOW;
	return if_not(!mine, REFUSAL_ALREADY);
}

GUARD(late_last)
{
	enum refusal r = may_keep_late(d, e);

	UNUSED;
	return r ? r : if_not(e->role == ROLE_BUYER ? d->late_ok_seller : d->late_ok_buyer, REFUSAL_NOT_NOW);
}

GUARD(late_first)
{
	enum refusal r = may_keep_late(d, e);

	UNUSED;
	return r ? r : if_not(!(e->role == ROLE_BUYER ? d->late_ok_seller : d->late_ok_buyer), REFUSAL_NOT_NOW);
}

GUARD(extension_free)
{
	UNUSED;
	return if_not(!d->extension_used && !d->extension_asked, REFUSAL_ONCE_ONLY);
}

GUARD(extension_asked)
{
	UNUSED;
	return if_not(d->extension_asked, REFUSAL_ASKED_FIRST);
}

GUARD(posted)
{
	UNUSED;
	return if_not(!d->by_hand, REFUSAL_NOT_NOW);
}

GUARD(by_hand)
{
	UNUSED;
	return if_not(d->by_hand, REFUSAL_NOT_NOW);
}

GUARD(pin_try)
{
	enum refusal r = by_hand(d, e, p, now_ms);

	return r ? r : if_not(d->pin_tries < DEAL_MAX_PIN_TRIES, REFUSAL_PIN_BLOCKED);
}

GUARD(cancel_asked)
{
	UNUSED;
	return if_not(d->cancel_asked == ROLE_BUYER, REFUSAL_ASKED_FIRST);
}

GUARD(cancel_not_asked)
{
	UNUSED;
	return if_not(d->cancel_asked == ROLE_NOBODY, REFUSAL_ALREADY);
}

GUARD(fix_left)
{
	UNUSED;
	return if_not(d->tracking_fixes < DEAL_MAX_TRACKING_FIXES, REFUSAL_ONCE_ONLY);
}

GUARD(not_said)
{
	UNUSED;
	return if_not(!d->said_delivered, REFUSAL_ONCE_ONLY);
}

GUARD(unproven)
{
	UNUSED;
	return if_not(!d->delivery_proven, REFUSAL_ALREADY);
}

/* While the tracking code is in doubt the carrier speaks of some parcel, perhaps of another one. */
GUARD(proves_delivery)
{
	enum refusal r = unproven(d, e, p, now_ms);

	return r ? r : if_not(e->role != ROLE_CARRIER || !d->tracking_suspect, REFUSAL_NOT_NOW);
}

/* A release by silence cannot be taken back, so the clock's word is checked against the deal's own. */
GUARD(proven)
{
	UNUSED;
	if (!d->delivery_proven)
		return REFUSAL_NOT_NOW;
	return if_not(now_ms >= d->inspection_ends_ms, REFUSAL_TOO_EARLY);
}

enum { ASKS_BEFORE_MEDIATOR = 2 };

GUARD(unproven_ask)
{
	UNUSED;
	return if_not(!d->delivery_proven && d->asked_again < ASKS_BEFORE_MEDIATOR, REFUSAL_NOT_NOW);
}

GUARD(unproven_asked_enough)
{
	UNUSED;
	return if_not(!d->delivery_proven && d->asked_again >= ASKS_BEFORE_MEDIATOR, REFUSAL_NOT_NOW);
}

GUARD(buyer_silent)
{
	UNUSED;
	return if_not(!d->delivery_proven && !d->buyer_waiting, REFUSAL_NOT_NOW);
}

GUARD(with_evidence)
{
	UNUSED;
	return if_not(e->evidence >= 1, REFUSAL_EVIDENCE);
}

GUARD(seller_silent)
{
	UNUSED;
	return if_not(!d->seller_answered, REFUSAL_ALREADY);
}

GUARD(may_propose_money)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->terms.price) <= 0, REFUSAL_AMOUNT);
}

GUARD(money_proposed)
{
	UNUSED;
	if (d->offer_by == ROLE_NOBODY)
		return REFUSAL_ASKED_FIRST;
	if (d->offer_by == e->role)
		return REFUSAL_OWN_PROPOSAL;
	return if_not(rial_cmp(e->amount, d->offer_to_buyer) == 0, REFUSAL_TERMS_CHANGED);
}

GUARD(return_free)
{
	UNUSED;
	return if_not(d->return_by == ROLE_NOBODY, REFUSAL_ALREADY);
}

GUARD(return_proposed)
{
	UNUSED;
	if (d->return_by == ROLE_NOBODY)
		return REFUSAL_ASKED_FIRST;
	return if_not(d->return_by != e->role, REFUSAL_OWN_PROPOSAL);
}

GUARD(late_enough)
{
	UNUSED;
	return if_not(now_ms >= d->issue_since_ms + p->escalate_ms, REFUSAL_TOO_EARLY);
}

GUARD(asks_party)
{
	UNUSED;
	return if_not(e->asked == ROLE_BUYER || e->asked == ROLE_SELLER, REFUSAL_ASKED_FIRST);
}

static bool ruled_before(const struct deal *d, int64_t operator_id)
{
	return operator_id && (operator_id == d->ruled_by || operator_id == d->ruled_second);
}

/* Row 44: an appeal is heard by another mediator, as long as one comes in time: a quarrel must not stay undecided. */
GUARD(may_rule)
{
	enum refusal r;

	UNUSED;
	if (d->appealed && !d->ruling_late && (ruled_before(d, e->actor_id) || ruled_before(d, e->second_id)))
		return REFUSAL_OTHER_MEDIATOR;
	r = enough_people(d, e, p);
	if (r)
		return r;
	if (e->ruling < RULING_RELEASE || e->ruling > RULING_RETURN)
		return REFUSAL_NOT_NOW;
	if (e->ruling != RULING_SPLIT)
		return REFUSAL_NONE;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->terms.price) < 0, REFUSAL_AMOUNT);
}

GUARD(may_appeal)
{
	UNUSED;
	return if_not(!d->appealed, REFUSAL_ONCE_ONLY);
}

GUARD(ruled_release)
{
	UNUSED;
	return if_not(d->ruling == RULING_RELEASE, REFUSAL_NOT_NOW);
}

GUARD(ruled_refund)
{
	UNUSED;
	return if_not(d->ruling == RULING_REFUND, REFUSAL_NOT_NOW);
}

GUARD(ruled_split)
{
	UNUSED;
	return if_not(d->ruling == RULING_SPLIT, REFUSAL_NOT_NOW);
}

GUARD(ruled_return)
{
	UNUSED;
	return if_not(d->ruling == RULING_RETURN, REFUSAL_NOT_NOW);
}

GUARD(payable_some)
{
	UNUSED;
	return if_not(rial_is_positive(d->payable), REFUSAL_ALREADY);
}

GUARD(payable_all)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->payable) == 0, REFUSAL_AMOUNT);
}

GUARD(inflight_all)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->inflight) == 0, REFUSAL_AMOUNT);
}

GUARD(inflight_last)
{
	enum refusal r = inflight_all(d, e, p, now_ms);

	return r ? r : if_not(rial_is_zero(d->refund) && rial_is_zero(d->payable), REFUSAL_NOT_NOW);
}

GUARD(no_more_than_price)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->terms.price) <= 0, REFUSAL_AMOUNT);
}

GUARD(no_more_than_paid)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->paid_in) <= 0, REFUSAL_AMOUNT);
}

GUARD(refund_some)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->refund) <= 0, REFUSAL_AMOUNT);
}

GUARD(refund_all)
{
	UNUSED;
	return if_not(rial_is_positive(e->amount) && rial_cmp(e->amount, d->refund) == 0, REFUSAL_AMOUNT);
}

GUARD(refund_last)
{
	enum refusal r = refund_all(d, e, p, now_ms);

	return r ? r : if_not(rial_is_zero(d->payable) && rial_is_zero(d->inflight), REFUSAL_NOT_NOW);
}

GUARD(two_people)
{
	UNUSED;
	if (d->frozen)
		return REFUSAL_ALREADY;
	if (e->second_id && (e->second_id == d->buyer_id || e->second_id == d->seller_id))
		return REFUSAL_PARTY;
	return if_not(e->second_id && e->second_id != e->actor_id, REFUSAL_SECOND_PERSON);
}

GUARD(two_people_frozen)
{
	struct deal thawed = *d;

	if (!d->frozen)
		return REFUSAL_ALREADY;
	thawed.frozen = false;
	return two_people(&thawed, e, p, now_ms);
}

/* What the two agreed to, and what one side was asked, is first dropped openly (row 121): an old menu must not undo it
 * while the buyer is paying the difference. */
GUARD(may_amend)
{
	UNUSED;
	if (d->topup_wanted || (d->amended_by != ROLE_NOBODY && d->amended_by != e->role))
		return REFUSAL_ALREADY;
	return if_not(terms_fit(e->terms, p), REFUSAL_AMOUNT);
}

GUARD(amend_agreed)
{
	UNUSED;
	if (d->amended_by == ROLE_NOBODY)
		return REFUSAL_ASKED_FIRST;
	if (d->amended_by == e->role)
		return REFUSAL_OWN_PROPOSAL;
	if (d->topup_wanted)
		return REFUSAL_ALREADY; /* each yes would ask the buyer for the difference once more */
	return if_not(e->hash && !strcmp(e->hash, d->amended.hash), REFUSAL_TERMS_CHANGED);
}

GUARD(amend_proposed)
{
	UNUSED;
	return if_not(d->amended_by != ROLE_NOBODY, REFUSAL_ASKED_FIRST);
}

GUARD(topup_exact)
{
	enum refusal r = may_fund(d, e, p, now_ms);
	struct rial sum;

	if (r)
		return r;
	if (!d->topup_wanted || !rial_try_add(d->held, e->amount, &sum))
		return REFUSAL_NOT_NOW;
	return if_not(rial_cmp(sum, terms_due(&d->amended)) == 0, REFUSAL_AMOUNT);
}

GUARD(within_report_time)
{
	UNUSED;
	return if_not(now_ms <= d->closed_ms + p->fraud_report_ms, REFUSAL_TOO_LATE);
}
