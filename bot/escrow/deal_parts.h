/* The guards, steps and effects that the deal table is made of. Private to the deal_*.c files. */
#ifndef SEPAREX_DEAL_PARTS_H
#define SEPAREX_DEAL_PARTS_H

#include "deal.h"

/* deal_effects.c: adds an effect to an outcome. Amounts of zero add nothing; due_ms is absolute. */
struct effect *add_effect(struct outcome *o, enum effect_kind kind);
void set_timer(struct outcome *o, enum timer_kind timer, int64_t due_ms);
void stop_timer(struct outcome *o, enum timer_kind timer);
void strike(struct outcome *o, enum role who);
void send_refund(struct outcome *o, struct rial amount);
/* Moves money between two accounts, in the outcome's effects and in the deal's own figures alike. */
void move_money(struct outcome *o, enum transfer_code code, enum account_kind from, enum account_kind to,
		struct rial amount, int64_t bank_id);
/* Empties the hold: `to_buyer` of the price goes back, the rest is the seller's, the fee follows the released part. */
void settle_hold(struct outcome *o, struct rial to_buyer, const struct deal_policy *p, int64_t now_ms);

/* deal_steps.c: a deal that is paid in full: the seller's time to send begins. */
void enter_funded(struct outcome *o, int64_t now_ms);

#define GUARD(name)                                                                                                    \
	enum refusal name(const struct deal *d, const struct event *e, const struct deal_policy *p, int64_t now_ms)
#define STEP(name) void name(struct outcome *o, const struct event *e, const struct deal_policy *p, int64_t now_ms)

GUARD(may_create);
GUARD(is_creator);
GUARD(may_edit_draft);
GUARD(seat_free);
GUARD(may_leave);
GUARD(may_turn_away);
GUARD(may_counter);
GUARD(agrees_last);
GUARD(agrees_first);
GUARD(not_extended);
GUARD(credit_some);
GUARD(credit_frozen);
GUARD(credit_exact);
GUARD(credit_short);
GUARD(credit_over);
GUARD(review_enough);
GUARD(review_short);
GUARD(review_decided);
GUARD(late_first);
GUARD(late_last);
GUARD(extension_free);
GUARD(extension_asked);
GUARD(posted);
GUARD(cancel_asked);
GUARD(cancel_not_asked);
GUARD(fix_left);
GUARD(not_said);
GUARD(unproven);
GUARD(buyer_silent);
GUARD(proves_delivery);
GUARD(proven);
GUARD(unproven_ask);
GUARD(unproven_asked_enough);
GUARD(with_evidence);
GUARD(seller_silent);
GUARD(may_propose_money);
GUARD(money_proposed);
GUARD(return_free);
GUARD(return_proposed);
GUARD(late_enough);
GUARD(asks_party);
GUARD(may_rule);
GUARD(may_appeal);
GUARD(ruled_release);
GUARD(ruled_refund);
GUARD(ruled_split);
GUARD(ruled_return);
GUARD(payable_all);
GUARD(payable_some);
GUARD(inflight_all);
GUARD(no_more_than_price);
GUARD(no_more_than_paid);
GUARD(inflight_last);
GUARD(refund_all);
GUARD(refund_last);
GUARD(refund_some);
GUARD(two_people);
GUARD(two_people_frozen);
GUARD(by_hand);
GUARD(pin_try);
GUARD(may_amend);
GUARD(amend_agreed);
GUARD(amend_proposed);
GUARD(topup_exact);
GUARD(within_report_time);
GUARD(suspense_waits);

STEP(do_create);
STEP(do_edit_draft);
STEP(do_swap_seats);
STEP(do_publish);
STEP(do_take_seat);
STEP(do_leave);
STEP(do_turn_away);
STEP(do_counter);
STEP(do_agree);
STEP(do_open_payment);
STEP(do_extend_payment);
STEP(do_credit);
STEP(do_credit_part);
STEP(do_credit_back);
STEP(do_credit_foreign);
STEP(do_credit_late);
STEP(do_review_confirm);
STEP(do_review_part);
STEP(do_review_reject);
STEP(do_refund_all);
STEP(do_refund_strike);
STEP(do_keep_late);
STEP(do_fund_late);
STEP(do_late_over);
STEP(do_ask_extension);
STEP(do_grant_extension);
STEP(do_ship);
STEP(do_ask_cancel);
STEP(do_refuse_cancel);
STEP(do_tracking_bad);
STEP(do_tracking_fix);
STEP(do_deliver);
STEP(do_say_delivered);
STEP(do_ask_arrival);
STEP(do_not_yet);
STEP(do_release);
STEP(do_ask_again);
STEP(do_issue);
STEP(do_answer);
STEP(do_propose_money);
STEP(do_split_agreed);
STEP(do_propose_return);
STEP(do_return_due);
STEP(do_withdraw);
STEP(do_dispute);
STEP(do_return_sent);
STEP(do_return_check);
STEP(do_ask_info);
STEP(do_info_silent);
STEP(do_rule);
STEP(do_ruling_late);
STEP(do_appeal);
STEP(do_split_ruled);
STEP(do_pay_out);
STEP(do_payout_sent);
STEP(do_payout_done);
STEP(do_payout_returned);
STEP(do_payout_bounced);
STEP(do_refund_bounced);
STEP(do_refund_done);
STEP(do_recall);
STEP(do_freeze);
STEP(do_unfreeze);
STEP(do_pin_wrong);
STEP(do_propose_amend);
STEP(do_amend);
STEP(do_refuse_amend);
STEP(do_topup);

#endif
