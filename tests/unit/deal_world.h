/* Deals, events and the policy that the tests of the deal machine start from: one plausible deal in every state.
 * Price 1,000,000 rial, fee 10,000 half and half: the buyer owes 1,005,000 and the seller gets 995,000. */
#ifndef SEPAREX_TEST_DEAL_WORLD_H
#define SEPAREX_TEST_DEAL_WORLD_H

#include "clock.h"
#include "deal.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1700000000000)
#define PRICE INT64_C(1000000)
#define DUE INT64_C(1005000)
#define PAYOUT INT64_C(995000)
#define FEE INT64_C(10000)
#define PART INT64_C(400000) /* what a part-paid deal holds */
#define SOME INT64_C(250000) /* an unexpected credit */

enum { DEAL_ID = 42, BANK_ID = 7 };
/* People. MEDIATOR is the one who ruled; OTHER hears appeals and is the second person where two are needed. */
enum { BUYER = 101, SELLER = 202, MEDIATOR = 301, OTHER = 302, THIRD = 303, ADMIN = 401, STRANGER = 909 };

static const struct deal_terms terms_first = {{PRICE}, {FEE}, FEE_BY_HALF, 48, 72, SHIP_BY_SELLER, "first"};
static const struct deal_terms terms_other = {{2000000}, {20000}, FEE_BY_BUYER, 72, 48, SHIP_BY_BUYER, "other"};

/* The defaults of escrow-rules.md section 2.7. */
static const struct deal_policy policy = {
	.price_min = {100000},
	.due_max = {500000000},
	.two_person_above = {200000000},
	.draft_ms = 24 * HOUR_MS,
	.offer_ms = 48 * HOUR_MS,
	.pay_ms = 60 * MINUTE_MS,
	.pay_extended_ms = 24 * HOUR_MS,
	.part_ms = 25 * HOUR_MS,
	.late_ms = 26 * HOUR_MS,
	.extension_ms = 47 * HOUR_MS,
	.cancel_ms = 23 * HOUR_MS,
	.tracking_ms = 46 * HOUR_MS,
	.arrival_ms = 5 * DAY_MS,
	.overdue_ms = 3 * DAY_MS,
	.transit_ms = 10 * DAY_MS,
	.ask_again_ms = 22 * HOUR_MS,
	.inspection_rest_min_ms = 12 * HOUR_MS,
	.answer_ms = 72 * HOUR_MS,
	.escalate_ms = 24 * HOUR_MS,
	.negotiation_ms = 7 * DAY_MS,
	.return_ms = 4 * DAY_MS,
	.return_transit_ms = 9 * DAY_MS,
	.return_check_ms = 71 * HOUR_MS,
	.info_ms = 45 * HOUR_MS,
	.ruling_ms = 6 * DAY_MS,
	.appeal_ms = 44 * HOUR_MS,
	.payout_min_ms = HOUR_MS,
	.fraud_report_ms = 30 * DAY_MS,
};

static inline bool is_machine(enum role r)
{
	return r == ROLE_TIMER || r == ROLE_BANK || r == ROLE_CARRIER || r == ROLE_SYSTEM;
}

static inline int64_t person_on(enum role r)
{
	static const int64_t people[ROLE_END] = {
		[ROLE_BUYER] = BUYER, [ROLE_SELLER] = SELLER, [ROLE_MEDIATOR] = MEDIATOR, [ROLE_ADMIN] = ADMIN};

	return people[r];
}

/* What a deal in a state usually has in its accounts. */
static inline void fill_accounts(struct deal *d)
{
	static const struct {
		int64_t paid_in, held, suspense, payable, refund, fee_taken;
	} usual[DEAL_STATE_END] = {
		[DEAL_PART_PAID] = {PART, PART, 0, 0, 0, 0},   [DEAL_PAY_REVIEW] = {DUE, 0, DUE, 0, 0, 0},
		[DEAL_FUNDED] = {DUE, DUE, 0, 0, 0, 0},        [DEAL_SHIPPED] = {DUE, DUE, 0, 0, 0, 0},
		[DEAL_DELIVERED] = {DUE, DUE, 0, 0, 0, 0},     [DEAL_ISSUE] = {DUE, DUE, 0, 0, 0, 0},
		[DEAL_RETURN_DUE] = {DUE, DUE, 0, 0, 0, 0},    [DEAL_RETURN_SENT] = {DUE, DUE, 0, 0, 0, 0},
		[DEAL_RETURN_CHECK] = {DUE, DUE, 0, 0, 0, 0},  [DEAL_DISPUTED] = {DUE, DUE, 0, 0, 0, 0},
		[DEAL_RULED] = {DUE, DUE, 0, 0, 0, 0},         [DEAL_PAYOUT_DUE] = {DUE, 0, 0, PAYOUT, 0, FEE},
		[DEAL_REFUND_DUE] = {DUE, 0, 0, 0, DUE, 0},    [DEAL_SPLIT_DUE] = {DUE, 0, 0, 597000, 402000, 6000},
		[DEAL_COMPLETED] = {DUE, 0, 0, 0, 0, FEE},     [DEAL_REFUNDED] = {DUE, 0, 0, 0, 0, 0},
		[DEAL_SPLIT_CLOSED] = {DUE, 0, 0, 0, 0, 6000},
	};

	d->paid_in = rial_of(usual[d->state].paid_in);
	d->held = rial_of(usual[d->state].held);
	d->suspense = rial_of(usual[d->state].suspense);
	d->payable = rial_of(usual[d->state].payable);
	d->refund = rial_of(usual[d->state].refund);
	d->fee_taken = rial_of(usual[d->state].fee_taken);
}

/* A deal begun by the seller. DELIVERED is proven and its inspection ends NOW. */
static inline void deal_in(struct deal *d, enum deal_state state)
{
	memset(d, 0, sizeof *d);
	d->id = DEAL_ID;
	d->state = state;
	if (state == DEAL_NONE)
		return;
	d->version = 5;
	d->creator = ROLE_SELLER;
	d->terms = terms_first;
	d->seller_id = SELLER;
	d->buyer_id = state == DEAL_DRAFT ? 0 : BUYER;
	d->seller_agreed = state != DEAL_DRAFT;
	d->buyer_agreed = state > DEAL_COUNTERED;
	d->closed_ms = deal_is_final(state) ? NOW - DAY_MS : 0;
	if (state == DEAL_DELIVERED || state == DEAL_ISSUE) {
		d->delivery_proven = true;
		d->inspection_ends_ms = NOW;
	}
	if (state == DEAL_ISSUE) {
		d->issue_since_ms = NOW - 24 * HOUR_MS;
		d->inspection_left_ms = 20 * HOUR_MS;
	}
	if (state == DEAL_RULED) {
		d->ruling = RULING_RELEASE;
		d->ruled_by = MEDIATOR;
	}
	fill_accounts(d);
}

static inline struct rial usual_amount(const struct deal *d, enum event_kind kind)
{
	if (kind == EVENT_PAYOUT_SENT)
		return d->payable;
	if (kind == EVENT_REFUND_BOUNCED)
		return d->paid_in;
	if (kind == EVENT_PAYOUT_BOUNCED)
		return rial_of(PART);
	if (kind == EVENT_PAYOUT_DONE || kind == EVENT_PAYOUT_RETURNED)
		return d->inflight;
	if (kind == EVENT_REFUND_DONE)
		return d->refund;
	if (kind == EVENT_ACCEPT_MONEY)
		return d->offer_to_buyer;
	return rial_of(kind == EVENT_PROPOSE_MONEY || kind == EVENT_RULE ? PART : SOME);
}

/* An event by who rightly sits on the seat, with everything that most guards want. Points into *d. */
static inline struct event event_for(const struct deal *d, enum event_kind kind, enum role role)
{
	return (struct event){
		.kind = kind,
		.role = role,
		.actor_id = person_on(role),
		.second_id = role == ROLE_MEDIATOR ? OTHER : 0,
		.amount = usual_amount(d, kind),
		.bank_id = BANK_ID,
		.hash = kind == EVENT_ACCEPT_AMEND ? d->amended.hash : d->terms.hash,
		.terms = &terms_other,
		.creator = role == ROLE_BUYER ? ROLE_BUYER : ROLE_SELLER,
		.ruling = RULING_RELEASE,
		.asked = ROLE_SELLER,
		.evidence = 1,
	};
}

/* Nothing but a refusal came out. */
static inline void check_refused(const struct deal *before, const struct outcome *o)
{
	ck_assert_int_ne(o->refusal, REFUSAL_NONE);
	ck_assert_int_eq(o->row, 0);
	ck_assert_uint_eq(o->tell, 0);
	ck_assert_uint_eq(o->n_effects, 0);
	ck_assert_mem_eq(&o->deal, before, sizeof *before);
}

/* Applies an event to *d in place and expects it to be taken by `row`. */
static inline struct outcome take_at(struct deal *d, const struct event *e, int row, int64_t now_ms)
{
	struct outcome o;

	deal_apply(d, e, &policy, now_ms, &o);
	ck_assert_msg(o.refusal == REFUSAL_NONE && o.row == row, "%s in %s: refusal %d, row %d instead of %d",
		      event_name(e->kind), deal_state_name(d->state), o.refusal, o.row, row);
	*d = o.deal;
	return o;
}

static inline struct outcome take(struct deal *d, enum event_kind kind, enum role role, int row)
{
	struct event e = event_for(d, kind, role);

	return take_at(d, &e, row, NOW);
}

/* Applies an event and expects this refusal, without change. */
static inline void refused_event(const struct deal *d, const struct event *e, enum refusal why)
{
	struct outcome o;

	deal_apply(d, e, &policy, NOW, &o);
	ck_assert_msg(o.refusal == why, "%s in %s: refusal %d instead of %d", event_name(e->kind),
		      deal_state_name(d->state), o.refusal, why);
	check_refused(d, &o);
}

static inline void refused(const struct deal *d, enum event_kind kind, enum role role, enum refusal why)
{
	struct event e = event_for(d, kind, role);

	refused_event(d, &e, why);
}

#endif
