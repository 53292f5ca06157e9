/* The steps of the deal table: each writes what a row does into the outcome. The new state is already set and the old
 * state's timers are already stopped when a step runs (deal.c). */
#include "deal_parts.h"

#define UNUSED (void)e, (void)p, (void)now_ms

STEP(do_open_payment)
{
	UNUSED;
	add_effect(o, EFFECT_OPEN_PAYMENT)->amount = terms_due(&o->deal.terms);
	set_timer(o, TIMER_PAY, now_ms + p->pay_ms);
}

STEP(do_extend_payment)
{
	UNUSED;
	o->deal.payment_extended = true;
	set_timer(o, TIMER_PAY, now_ms + p->pay_extended_ms);
}

void enter_funded(struct outcome *o, int64_t now_ms)
{
	set_timer(o, TIMER_SHIP, now_ms + o->deal.terms.ship_h * INT64_C(3600000));
}

/* The credit completes the sum; what is above it goes back. */
STEP(do_credit)
{
	struct rial missing = rial_take(terms_due(&o->deal.terms), o->deal.held);
	struct rial excess = rial_take(e->amount, missing);

	UNUSED;
	move_money(o, TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, missing, e->bank_id);
	move_money(o, TRANSFER_PAY_EXCESS, ACCOUNT_BANK, ACCOUNT_REFUND, excess, e->bank_id);
	send_refund(o, excess);
	enter_funded(o, now_ms);
}

STEP(do_credit_part)
{
	UNUSED;
	move_money(o, TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, e->amount, e->bank_id);
	add_effect(o, EFFECT_OPEN_PAYMENT)->amount = rial_take(terms_due(&o->deal.terms), o->deal.held);
	set_timer(o, TIMER_PART, now_ms + p->part_ms);
}

STEP(do_credit_back)
{
	UNUSED;
	move_money(o, TRANSFER_PAY_SECOND, ACCOUNT_BANK, ACCOUNT_REFUND, e->amount, e->bank_id);
	send_refund(o, e->amount);
}

STEP(do_credit_foreign)
{
	UNUSED;
	move_money(o, TRANSFER_PAY_FOREIGN, ACCOUNT_BANK, ACCOUNT_SUSPENSE, e->amount, e->bank_id);
}

STEP(do_credit_late)
{
	UNUSED;
	move_money(o, TRANSFER_PAY_LATE, ACCOUNT_BANK, ACCOUNT_SUSPENSE, e->amount, e->bank_id);
	set_timer(o, TIMER_LATE, now_ms + p->late_ms);
}

static void suspense_to_buyer(struct outcome *o)
{
	struct rial all = o->deal.suspense;

	move_money(o, TRANSFER_SUSPENSE_BACK, ACCOUNT_SUSPENSE, ACCOUNT_REFUND, all, 0);
	send_refund(o, all);
}

/* Suspense covers what is missing; what is above it goes back. */
static void suspense_to_hold(struct outcome *o)
{
	struct rial missing = rial_take(terms_due(&o->deal.terms), o->deal.held);

	move_money(o, TRANSFER_CLEARED, ACCOUNT_SUSPENSE, ACCOUNT_HOLD, missing, 0);
	suspense_to_buyer(o);
}

STEP(do_review_confirm)
{
	UNUSED;
	suspense_to_hold(o);
	enter_funded(o, now_ms);
}

STEP(do_review_part)
{
	UNUSED;
	move_money(o, TRANSFER_CLEARED, ACCOUNT_SUSPENSE, ACCOUNT_HOLD, o->deal.suspense, 0);
	add_effect(o, EFFECT_OPEN_PAYMENT)->amount = rial_take(terms_due(&o->deal.terms), o->deal.held);
	set_timer(o, TIMER_PART, now_ms + p->part_ms);
}

STEP(do_review_reject)
{
	UNUSED;
	suspense_to_buyer(o);
	do_refund_all(o, e, p, now_ms);
}

/* A part payment holds less than the price; then all of it goes back, since nothing can be released. */
STEP(do_refund_all)
{
	struct rial all = o->deal.held;

	UNUSED;
	move_money(o, TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, all, 0);
	send_refund(o, all);
}

STEP(do_refund_strike)
{
	do_refund_all(o, e, p, now_ms);
	strike(o, ROLE_SELLER);
}

STEP(do_keep_late)
{
	UNUSED;
	if (e->role == ROLE_BUYER)
		o->deal.late_ok_buyer = true;
	else
		o->deal.late_ok_seller = true;
}

STEP(do_fund_late)
{
	do_keep_late(o, e, p, now_ms);
	suspense_to_hold(o);
	enter_funded(o, now_ms);
}

/* The wish to keep the deal was for this money; later money asks again. */
STEP(do_late_over)
{
	UNUSED;
	o->deal.late_ok_buyer = o->deal.late_ok_seller = false;
	suspense_to_buyer(o);
}

STEP(do_ask_extension)
{
	UNUSED;
	o->deal.extension_asked = true;
}

/* The time is added to what is left: a grant on the first day must not shorten it. Who grants time no longer asks to
 * cancel, so the ship clock is the only one that moves. */
STEP(do_grant_extension)
{
	UNUSED;
	o->deal.extension_asked = false;
	o->deal.extension_used = true;
	o->deal.cancel_asked = ROLE_NOBODY;
	stop_timer(o, TIMER_CANCEL);
	add_effect(o, EFFECT_SHIFT_TIMERS)->due_ms = p->extension_ms;
}

static void enter_transit(struct outcome *o, const struct deal_policy *p, int64_t now_ms)
{
	if (p->tracking_ms)
		set_timer(o, TIMER_TRACKING, now_ms + p->tracking_ms);
	set_timer(o, TIMER_ARRIVAL, now_ms + p->arrival_ms);
	set_timer(o, TIMER_TRANSIT, now_ms + p->transit_ms);
}

/* Shipping answers a cancel request with a no, and drops a price rise that was not paid. */
STEP(do_ship)
{
	UNUSED;
	o->deal.cancel_asked = ROLE_NOBODY;
	o->deal.amended_by = ROLE_NOBODY;
	o->deal.topup_wanted = false;
	enter_transit(o, p, now_ms);
}

STEP(do_ask_cancel)
{
	UNUSED;
	o->deal.cancel_asked = ROLE_BUYER;
	set_timer(o, TIMER_CANCEL, now_ms + p->cancel_ms);
}

STEP(do_refuse_cancel)
{
	UNUSED;
	o->deal.cancel_asked = ROLE_NOBODY;
	stop_timer(o, TIMER_CANCEL);
}

STEP(do_tracking_bad)
{
	UNUSED;
	o->deal.tracking_suspect = true;
}

STEP(do_tracking_fix)
{
	UNUSED;
	o->deal.tracking_suspect = false;
	o->deal.tracking_fixes++;
	if (p->tracking_ms)
		set_timer(o, TIMER_TRACKING, now_ms + p->tracking_ms);
}

static void start_inspection(struct outcome *o, int64_t ends_ms)
{
	o->deal.inspection_ends_ms = ends_ms;
	set_timer(o, TIMER_INSPECTION, ends_ms);
}

STEP(do_deliver)
{
	UNUSED;
	o->deal.delivery_proven = true;
	start_inspection(o, now_ms + o->deal.terms.inspection_h * INT64_C(3600000));
}

STEP(do_say_delivered)
{
	UNUSED;
	o->deal.said_delivered = true;
	start_inspection(o, now_ms + o->deal.terms.inspection_h * INT64_C(3600000));
}

STEP(do_ask_arrival)
{
	UNUSED;
	set_timer(o, TIMER_OVERDUE, now_ms + p->overdue_ms);
}

/* The buyer is there and waits: silence is no longer the question, the longest transit is. */
STEP(do_not_yet)
{
	bool came_back = o->n_effects > 0; /* from DELIVERED, where no transit clock ran */

	UNUSED;
	o->deal.buyer_waiting = true;
	stop_timer(o, TIMER_ARRIVAL);
	stop_timer(o, TIMER_OVERDUE);
	if (came_back)
		set_timer(o, TIMER_TRANSIT, now_ms + p->transit_ms);
}

STEP(do_release)
{
	UNUSED;
	settle_hold(o, RIAL_ZERO, p, now_ms);
}

STEP(do_ask_again)
{
	UNUSED;
	o->deal.asked_again++;
	start_inspection(o, now_ms + p->ask_again_ms);
}

STEP(do_issue)
{
	int64_t left = o->deal.inspection_ends_ms - now_ms;

	UNUSED;
	/* Counted from the first problem: reporting and withdrawing in turn must not keep the seller from a mediator.
	 */
	if (!o->deal.issue_since_ms)
		o->deal.issue_since_ms = now_ms;
	o->deal.seller_answered = false;
	o->deal.offer_by = o->deal.return_by = ROLE_NOBODY;
	o->deal.inspection_left_ms = left > p->inspection_rest_min_ms ? left : p->inspection_rest_min_ms;
	set_timer(o, TIMER_ANSWER, now_ms + p->answer_ms);
	set_timer(o, TIMER_NEGOTIATION, now_ms + p->negotiation_ms);
}

/* In a dispute the answer is to the mediator's question; in an issue it is the seller's story. */
STEP(do_answer)
{
	UNUSED;
	if (o->deal.state == DEAL_ISSUE) {
		o->deal.seller_answered = true;
		stop_timer(o, TIMER_ANSWER);
		return;
	}
	if (o->deal.info_wanted_from != e->role)
		return;
	o->deal.info_wanted_from = ROLE_NOBODY;
	stop_timer(o, TIMER_INFO);
}

STEP(do_propose_money)
{
	UNUSED;
	o->deal.offer_to_buyer = e->amount;
	o->deal.offer_by = e->role;
}

STEP(do_split_agreed)
{
	UNUSED;
	settle_hold(o, o->deal.offer_to_buyer, p, now_ms);
}

STEP(do_propose_return)
{
	UNUSED;
	o->deal.return_by = e->role;
}

STEP(do_return_due)
{
	UNUSED;
	set_timer(o, TIMER_RETURN, now_ms + p->return_ms);
}

STEP(do_withdraw)
{
	UNUSED;
	o->deal.delivery_proven = true; /* the buyer has it and calls the problem solved */
	start_inspection(o, now_ms + o->deal.inspection_left_ms);
}

STEP(do_dispute)
{
	UNUSED;
	o->deal.offer_by = ROLE_NOBODY;
	o->deal.info_wanted_from = ROLE_NOBODY;
	set_timer(o, TIMER_RULING, now_ms + p->ruling_ms);
}

STEP(do_return_sent)
{
	UNUSED;
	set_timer(o, TIMER_RETURN_TRANSIT, now_ms + p->return_transit_ms);
}

STEP(do_return_check)
{
	UNUSED;
	set_timer(o, TIMER_RETURN_CHECK, now_ms + p->return_check_ms);
}

STEP(do_ask_info)
{
	UNUSED;
	o->deal.info_wanted_from = e->asked;
	set_timer(o, TIMER_INFO, now_ms + p->info_ms);
}

STEP(do_info_silent)
{
	UNUSED;
	o->deal.silences++;
	o->deal.info_wanted_from = ROLE_NOBODY;
}

STEP(do_rule)
{
	UNUSED;
	o->deal.ruling = e->ruling;
	o->deal.ruling_to_buyer = e->ruling == RULING_SPLIT ? e->amount : RIAL_ZERO;
	o->deal.ruled_by = e->actor_id;
	o->deal.ruled_second = e->second_id;
	set_timer(o, TIMER_APPEAL, now_ms + p->appeal_ms);
}

STEP(do_ruling_late)
{
	UNUSED;
	o->deal.ruling_late = true;
	set_timer(o, TIMER_RULING, now_ms + p->ruling_ms);
}

STEP(do_appeal)
{
	do_dispute(o, e, p, now_ms);
	o->deal.appealed = true;
	o->deal.ruling_late = false;
	o->deal.ruling = RULING_NONE;
}

STEP(do_split_ruled)
{
	UNUSED;
	settle_hold(o, o->deal.ruling_to_buyer, p, now_ms);
}

STEP(do_pay_out)
{
	UNUSED;
	add_effect(o, EFFECT_PAY_OUT)->amount = o->deal.payable;
}

STEP(do_payout_sent)
{
	UNUSED;
	move_money(o, TRANSFER_PAYOUT_SENT, ACCOUNT_PAYABLE, ACCOUNT_INFLIGHT, e->amount, 0);
}

STEP(do_payout_done)
{
	UNUSED;
	move_money(o, TRANSFER_PAYOUT_DONE, ACCOUNT_INFLIGHT, ACCOUNT_BANK, e->amount, e->bank_id);
}

/* The wait begins anew: its end (row 110) is the one thing that asks for a payout. */
STEP(do_payout_returned)
{
	UNUSED;
	move_money(o, TRANSFER_PAYOUT_RETURNED, ACCOUNT_INFLIGHT, ACCOUNT_PAYABLE, e->amount, 0);
	set_timer(o, TIMER_PAYOUT, now_ms + p->payout_min_ms);
}

STEP(do_payout_bounced)
{
	UNUSED;
	move_money(o, TRANSFER_PAYOUT_BOUNCED, ACCOUNT_BANK, ACCOUNT_PAYABLE, e->amount, e->bank_id);
	set_timer(o, TIMER_PAYOUT, now_ms + p->payout_min_ms);
}

STEP(do_refund_done)
{
	UNUSED;
	move_money(o, TRANSFER_REFUND_DONE, ACCOUNT_REFUND, ACCOUNT_BANK, e->amount, e->bank_id);
}

STEP(do_refund_bounced)
{
	UNUSED;
	move_money(o, TRANSFER_REFUND_BOUNCED, ACCOUNT_BANK, ACCOUNT_REFUND, e->amount, e->bank_id);
}

STEP(do_freeze)
{
	UNUSED;
	o->deal.frozen = true;
	o->deal.frozen_at_ms = now_ms;
}

STEP(do_recall)
{
	struct rial all = o->deal.held;

	move_money(o, TRANSFER_RECALLED, ACCOUNT_HOLD, ACCOUNT_SUSPENSE, all, 0);
	o->deal.recalled = rial_add(o->deal.recalled, all);
	if (!o->deal.frozen)
		do_freeze(o, e, p, now_ms);
}

STEP(do_unfreeze)
{
	struct effect *f;

	UNUSED;
	move_money(o, TRANSFER_CLEARED, ACCOUNT_SUSPENSE, ACCOUNT_HOLD, o->deal.recalled, 0);
	o->deal.recalled = RIAL_ZERO;
	o->deal.frozen = false;
	f = add_effect(o, EFFECT_SHIFT_TIMERS);
	f->due_ms = now_ms - o->deal.frozen_at_ms;
	if (o->deal.inspection_ends_ms)
		o->deal.inspection_ends_ms += f->due_ms;
	if (o->deal.issue_since_ms)
		o->deal.issue_since_ms += f->due_ms;
	/* A payout that ripened but was stopped by the freeze would never be asked for again. */
	if (rial_is_positive(o->deal.payable))
		set_timer(o, TIMER_PAYOUT, now_ms + p->payout_min_ms);
}

STEP(do_pin_wrong)
{
	UNUSED;
	o->deal.pin_tries++;
}
