/* The deal table: escrow-rules.md section 2.3, row by row. The first row whose state, event, actor and guard fit
 * applies. What is not in the table is refused without change. Rows from 101 are ours; each says why it is needed. */
#include "deal_parts.h"

#define IN(s) (UINT32_C(1) << DEAL_##s)
#define BY(r) (1U << ROLE_##r)
#define B BY(BUYER)
#define S BY(SELLER)
#define M BY(MEDIATOR)
#define A BY(ADMIN)
#define T BY(TIMER)
#define K BY(BANK)
#define C BY(CARRIER)
#define BOTH (TELL_BUYER | TELL_SELLER)
#define ALL (BOTH | TELL_STAFF)
#define SAME DEAL_NONE

#define BEFORE_PAY (IN(DRAFT) | IN(OFFERED) | IN(COUNTERED) | IN(AGREED))
#define WITH_MONEY                                                                                                     \
	(IN(PAY_REVIEW) | IN(FUNDED) | IN(SHIPPED) | IN(DELIVERED) | IN(ISSUE) | IN(RETURN_DUE) | IN(RETURN_SENT) |    \
	 IN(RETURN_CHECK) | IN(DISPUTED) | IN(RULED) | IN(PAYOUT_DUE) | IN(REFUND_DUE) | IN(SPLIT_DUE))
#define OPEN (BEFORE_PAY | IN(AWAIT_PAY) | IN(PART_PAID) | WITH_MONEY)
#define ENDED_UNPAID (IN(CANCELLED) | IN(EXPIRED))
#define ENDED_PAID (IN(COMPLETED) | IN(REFUNDED) | IN(SPLIT_CLOSED))

const struct deal_row deal_rows[] = {
	/* An offer: from the first line to the frozen terms. */
	{1, IN(NONE), EVENT_CREATE, B | S | A, may_create, DEAL_DRAFT, do_create, 0},
	/* 101: row 1 says that a draft dies; this is its death. 112: and its owner may throw it away. */
	{101, IN(DRAFT), EVENT_DRAFT_EXPIRED, T, NULL, DEAL_EXPIRED, NULL, 0},
	{112, IN(DRAFT), EVENT_CANCEL, B | S | A, is_creator, DEAL_CANCELLED, NULL, 0},
	/* 116: a draft is a promise to nobody yet: its owner writes it anew. */
	{116, IN(DRAFT), EVENT_EDIT_DRAFT, B | S, may_edit_draft, SAME, do_edit_draft, 0},
	/* 120: who wrote one line did not always say on which side they are. */
	{120, IN(DRAFT), EVENT_SWAP_SEATS, B | S, is_creator, SAME, do_swap_seats, 0},
	{2, IN(DRAFT), EVENT_PUBLISH, B | S | A, is_creator, DEAL_OFFERED, do_publish, 0},
	{3, IN(OFFERED), EVENT_JOIN, B | S, seat_free, SAME, do_take_seat, BOTH},
	{4, IN(OFFERED) | IN(COUNTERED), EVENT_COUNTER, B | S, may_counter, DEAL_COUNTERED, do_counter, BOTH},
	{5, IN(OFFERED) | IN(COUNTERED), EVENT_AGREE, B | S, agrees_last, DEAL_AGREED, do_agree, BOTH},
	{5, IN(OFFERED) | IN(COUNTERED), EVENT_AGREE, B | S, agrees_first, SAME, do_agree, BOTH},
	/* 118, 119: an offer to a group must not die, nor wait two days, because a passer-by took the seat: who
	 * declines it leaves the seat to the next one, and its maker can turn away whoever has not agreed. What the two
	 * bargained about is forgotten: the offer stands again as it was published. */
	{118, IN(OFFERED) | IN(COUNTERED), EVENT_DECLINE, B | S, may_leave, DEAL_OFFERED, do_leave, BOTH},
	{119, IN(OFFERED) | IN(COUNTERED), EVENT_TURN_AWAY, B | S, may_turn_away, DEAL_OFFERED, do_turn_away, BOTH},
	{6, IN(OFFERED) | IN(COUNTERED), EVENT_DECLINE, B | S, NULL, DEAL_CANCELLED, NULL, BOTH},
	{6, IN(OFFERED) | IN(COUNTERED), EVENT_OFFER_EXPIRED, T, NULL, DEAL_EXPIRED, NULL, BOTH},

	/* Payment. */
	{7, IN(AGREED), EVENT_ISSUE_PAYMENT, BY(SYSTEM), NULL, DEAL_AWAIT_PAY, do_open_payment, TELL_BUYER},
	/* 102: section 2.7 lets the pay window be extended, once; it is the buyer who asks. */
	{102, IN(AWAIT_PAY), EVENT_EXTEND_PAYMENT, B, not_extended, SAME, do_extend_payment, BOTH},
	{8, IN(AWAIT_PAY), EVENT_RECEIPT, B, NULL, SAME, NULL, TELL_BUYER},
	{9, IN(AWAIT_PAY), EVENT_CREDIT, K, credit_exact, DEAL_FUNDED, do_credit, BOTH},
	{10, IN(AWAIT_PAY), EVENT_CREDIT, K, credit_short, DEAL_PART_PAID, do_credit_part, BOTH},
	{13, IN(AWAIT_PAY), EVENT_CREDIT, K, credit_over, DEAL_FUNDED, do_credit, BOTH},
	{11, IN(PART_PAID), EVENT_CREDIT, K, credit_exact, DEAL_FUNDED, do_credit, BOTH},
	{10, IN(PART_PAID), EVENT_CREDIT, K, credit_short, SAME, do_credit_part, TELL_BUYER},
	{13, IN(PART_PAID), EVENT_CREDIT, K, credit_over, DEAL_FUNDED, do_credit, BOTH},
	{12, IN(PART_PAID), EVENT_PART_EXPIRED, T, NULL, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{12, IN(PART_PAID), EVENT_ASK_BACK, B, NULL, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{55, IN(FUNDED), EVENT_CREDIT, K, topup_exact, SAME, do_topup, BOTH},
	/* 122: the other parts of a payment under review wait with it; row 14 would send them back while it is decided.
	 */
	{122, IN(PAY_REVIEW), EVENT_CREDIT, K, credit_some, SAME, do_credit_foreign, TELL_BUYER | TELL_STAFF},
	{122, IN(PAY_REVIEW), EVENT_CREDIT_FOREIGN, K, credit_some, SAME, do_credit_foreign, TELL_BUYER | TELL_STAFF},
	{14, (WITH_MONEY & ~IN(PAY_REVIEW)) | ENDED_PAID, EVENT_CREDIT, K, credit_some, SAME, do_credit_back,
	 TELL_BUYER | TELL_STAFF},
	/* 111, 113: money that no row expects is never refused, since it is already in the bank: it goes back. */
	{111, BEFORE_PAY, EVENT_CREDIT, K, credit_some, SAME, do_credit_back, TELL_BUYER | TELL_STAFF},
	{15, IN(AWAIT_PAY) | IN(PART_PAID), EVENT_CREDIT_FOREIGN, K, credit_some, DEAL_PAY_REVIEW, do_credit_foreign,
	 ALL},
	/* 117: money for a frozen deal neither funds it nor is lost; an operator decides when the freeze is over. */
	{117, IN(AWAIT_PAY) | IN(PART_PAID), EVENT_CREDIT, K, credit_frozen, DEAL_PAY_REVIEW, do_credit_foreign, ALL},
	/* A stranger's money that comes late goes back at once: row 18 would fund a deal with it unseen. */
	{113, BEFORE_PAY | (WITH_MONEY & ~IN(PAY_REVIEW)) | ENDED_PAID | ENDED_UNPAID, EVENT_CREDIT_FOREIGN, K,
	 credit_some, SAME, do_credit_back, TELL_BUYER | TELL_STAFF},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_CONFIRM, M, review_enough, DEAL_FUNDED, do_review_confirm, BOTH},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_CONFIRM, M, review_short, DEAL_PART_PAID, do_review_part, BOTH},
	{16, IN(PAY_REVIEW), EVENT_REVIEW_REJECT, M, review_decided, DEAL_REFUND_DUE, do_review_reject, BOTH},
	{17, IN(AWAIT_PAY), EVENT_PAY_EXPIRED, T, NULL, DEAL_EXPIRED, NULL, BOTH},
	{18, ENDED_UNPAID, EVENT_CREDIT, K, credit_some, SAME, do_credit_late, ALL},
	{18, ENDED_UNPAID, EVENT_KEEP_LATE, B | S, late_last, DEAL_FUNDED, do_fund_late, BOTH},
	{18, ENDED_UNPAID, EVENT_KEEP_LATE, B | S, late_first, SAME, do_keep_late, BOTH},
	{18, ENDED_UNPAID, EVENT_LATE_OVER, T, suspense_waits, SAME, do_late_over, TELL_BUYER},

	/* The seller's part. */
	{19, IN(FUNDED), EVENT_ASK_EXTENSION, S, extension_free, SAME, do_ask_extension, BOTH},
	{19, IN(FUNDED), EVENT_GRANT_EXTENSION, B, extension_asked, SAME, do_grant_extension, BOTH},
	{20, IN(FUNDED), EVENT_SHIP, S, posted, DEAL_SHIPPED, do_ship, BOTH},
	{21, IN(FUNDED), EVENT_SHIP_EXPIRED, T, NULL, DEAL_REFUND_DUE, do_refund_strike, BOTH},
	{23, IN(FUNDED), EVENT_CANCEL, S, cancel_asked, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{22, IN(FUNDED), EVENT_CANCEL, S, NULL, DEAL_REFUND_DUE, do_refund_strike, BOTH},
	{23, IN(FUNDED), EVENT_CANCEL, B, cancel_not_asked, SAME, do_ask_cancel, BOTH},
	{23, IN(FUNDED), EVENT_CANCEL_SILENCE, T, cancel_asked, DEAL_REFUND_DUE, do_refund_all, BOTH},
	/* 103: row 23 needs the seller's yes; this is the no, after which the deal goes on. */
	{103, IN(FUNDED), EVENT_REFUSE_CANCEL, S, cancel_asked, SAME, do_refuse_cancel, BOTH},
	{54, IN(FUNDED), EVENT_PIN, S, pin_try, DEAL_PAYOUT_DUE, do_release, BOTH},
	{54, IN(FUNDED), EVENT_PIN_WRONG, S, pin_try, SAME, do_pin_wrong, BOTH},

	/* On the way. */
	{24, IN(SHIPPED), EVENT_TRACKING_BAD, C | T | M, unproven, SAME, do_tracking_bad, ALL},
	{25, IN(SHIPPED), EVENT_TRACKING_FIX, S, fix_left, SAME, do_tracking_fix, BOTH},
	{26, IN(SHIPPED), EVENT_DELIVER, C | B | M, proves_delivery, DEAL_DELIVERED, do_deliver, BOTH},
	/* 104: the seller may say that it arrived. That proves nothing (row 29), but starts the question. A later proof
	 * (row 26) is taken in the same state. */
	{104, IN(SHIPPED), EVENT_SAY_DELIVERED, S, not_said, DEAL_DELIVERED, do_say_delivered, BOTH},
	{26, IN(DELIVERED), EVENT_DELIVER, C | B | M, proves_delivery, SAME, do_deliver, BOTH},
	/* 105, 106: row 53 speaks of a silent buyer, so the buyer is asked first and can answer. */
	{105, IN(SHIPPED), EVENT_ASK_ARRIVAL, T, NULL, SAME, do_ask_arrival, TELL_BUYER},
	{106, IN(SHIPPED), EVENT_NOT_YET, B, NULL, SAME, do_not_yet, TELL_SELLER},
	{106, IN(DELIVERED), EVENT_NOT_YET, B, unproven, DEAL_SHIPPED, do_not_yet, BOTH},
	{27, IN(SHIPPED), EVENT_TRANSIT_LOST, T, NULL, DEAL_ISSUE, do_issue, ALL},
	{53, IN(SHIPPED), EVENT_ARRIVAL_OVERDUE, T, buyer_silent, DEAL_DISPUTED, do_dispute, ALL},

	/* The buyer looks. */
	{28, IN(DELIVERED), EVENT_ACCEPT, B, NULL, DEAL_PAYOUT_DUE, do_release, BOTH},
	{29, IN(DELIVERED), EVENT_INSPECTION_END, T, proven, DEAL_PAYOUT_DUE, do_release, BOTH},
	{29, IN(DELIVERED), EVENT_INSPECTION_END, T, unproven_ask, SAME, do_ask_again, TELL_BUYER},
	/* 114: row 29 never releases without proof; who is asked and stays silent must not stop the deal for ever. */
	{114, IN(DELIVERED), EVENT_INSPECTION_END, T, unproven_asked_enough, DEAL_DISPUTED, do_dispute, ALL},
	{30, IN(DELIVERED), EVENT_REPORT, B, with_evidence, DEAL_ISSUE, do_issue, ALL},

	/* A problem: first between the two. */
	{107, IN(ISSUE), EVENT_ANSWER, S, NULL, SAME, do_answer, TELL_BUYER | TELL_STAFF},
	{31, IN(ISSUE), EVENT_PROPOSE_MONEY, B | S, may_propose_money, SAME, do_propose_money, BOTH},
	{31, IN(ISSUE), EVENT_ACCEPT_MONEY, B | S, money_proposed, DEAL_SPLIT_DUE, do_split_agreed, ALL},
	{32, IN(ISSUE), EVENT_PROPOSE_RETURN, B | S, return_free, SAME, do_propose_return, BOTH},
	{32, IN(ISSUE), EVENT_ACCEPT_RETURN, B | S, return_proposed, DEAL_RETURN_DUE, do_return_due, ALL},
	{33, IN(ISSUE), EVENT_WITHDRAW, B, NULL, DEAL_DELIVERED, do_withdraw, ALL},
	{34, IN(ISSUE), EVENT_SELLER_SILENT, T, seller_silent, DEAL_DISPUTED, do_dispute, ALL},
	{35, IN(ISSUE), EVENT_ESCALATE, B | S, late_enough, DEAL_DISPUTED, do_dispute, ALL},
	{35, IN(ISSUE), EVENT_NEGOTIATION_END, T, NULL, DEAL_DISPUTED, do_dispute, ALL},

	/* Goods back. */
	{36, IN(RETURN_DUE), EVENT_RETURN_SHIP, B, NULL, DEAL_RETURN_SENT, do_return_sent, BOTH},
	{37, IN(RETURN_DUE), EVENT_RETURN_EXPIRED, T, NULL, DEAL_PAYOUT_DUE, do_release, BOTH},
	{38, IN(RETURN_SENT), EVENT_RETURN_DELIVER, C | S | M, NULL, DEAL_RETURN_CHECK, do_return_check, BOTH},
	/* 108: a return that never arrives must end somewhere; a mediator looks at the carrier. */
	{108, IN(RETURN_SENT), EVENT_RETURN_LOST, T, NULL, DEAL_DISPUTED, do_dispute, ALL},
	{39, IN(RETURN_CHECK), EVENT_RETURN_ACCEPT, S, NULL, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{39, IN(RETURN_CHECK), EVENT_RETURN_SILENT, T, NULL, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{40, IN(RETURN_CHECK), EVENT_RETURN_REJECT, S, with_evidence, DEAL_DISPUTED, do_dispute, ALL},

	/* A quarrel: a mediator decides, unless the two settle first. */
	{41, IN(DISPUTED), EVENT_PROPOSE_MONEY, B | S, may_propose_money, SAME, do_propose_money, BOTH},
	{41, IN(DISPUTED), EVENT_ACCEPT_MONEY, B | S, money_proposed, DEAL_SPLIT_DUE, do_split_agreed, ALL},
	{41, IN(DISPUTED), EVENT_ACCEPT, B, NULL, DEAL_PAYOUT_DUE, do_release, ALL},
	{41, IN(DISPUTED), EVENT_RETURN_ACCEPT, S, NULL, DEAL_REFUND_DUE, do_refund_all, ALL},
	{42, IN(DISPUTED), EVENT_ASK_INFO, M, asks_party, SAME, do_ask_info, BOTH},
	{42, IN(DISPUTED), EVENT_INFO_SILENT, T, NULL, SAME, do_info_silent, TELL_STAFF},
	{107, IN(DISPUTED), EVENT_ANSWER, B | S, NULL, SAME, do_answer, TELL_STAFF},
	{43, IN(DISPUTED), EVENT_RULE, M, may_rule, DEAL_RULED, do_rule, ALL},
	/* 109: section 2.7 gives the mediator 5 days; when they pass the staff hears of it again. */
	{109, IN(DISPUTED), EVENT_RULING_LATE, T, NULL, SAME, do_ruling_late, TELL_STAFF},
	{44, IN(RULED), EVENT_APPEAL, B | S, may_appeal, DEAL_DISPUTED, do_appeal, ALL},
	{45, IN(RULED), EVENT_APPEAL_END, T, ruled_release, DEAL_PAYOUT_DUE, do_release, BOTH},
	{45, IN(RULED), EVENT_APPEAL_END, T, ruled_refund, DEAL_REFUND_DUE, do_refund_all, BOTH},
	{45, IN(RULED), EVENT_APPEAL_END, T, ruled_split, DEAL_SPLIT_DUE, do_split_ruled, BOTH},
	{45, IN(RULED), EVENT_APPEAL_END, T, ruled_return, DEAL_RETURN_DUE, do_return_due, BOTH},

	/* Money leaves. */
	/* 110: the payout waits at least an hour after the deal's end (the owner's rule); this is the end of the wait.
	 */
	{110, IN(PAYOUT_DUE) | IN(SPLIT_DUE), EVENT_PAYOUT_RIPE, T, payable_some, SAME, do_pay_out, 0},
	{46, IN(PAYOUT_DUE) | IN(SPLIT_DUE), EVENT_PAYOUT_SENT, BY(SYSTEM), payable_all, SAME, do_payout_sent,
	 TELL_SELLER},
	{47, IN(PAYOUT_DUE), EVENT_PAYOUT_DONE, K, inflight_all, DEAL_COMPLETED, do_payout_done, BOTH},
	{47, IN(SPLIT_DUE), EVENT_PAYOUT_DONE, K, inflight_last, DEAL_SPLIT_CLOSED, do_payout_done, BOTH},
	{47, IN(SPLIT_DUE), EVENT_PAYOUT_DONE, K, inflight_all, SAME, do_payout_done, TELL_SELLER},
	{48, IN(PAYOUT_DUE) | IN(SPLIT_DUE), EVENT_PAYOUT_RETURNED, K, inflight_all, SAME, do_payout_returned,
	 TELL_SELLER | TELL_STAFF},
	/* 124: days after it said "done" a bank can send a payout back (rails.md 4.2): it is owed again. */
	{124, IN(COMPLETED), EVENT_PAYOUT_BOUNCED, K, no_more_than_price, DEAL_PAYOUT_DUE, do_payout_bounced,
	 TELL_SELLER | TELL_STAFF},
	{124, IN(SPLIT_CLOSED), EVENT_PAYOUT_BOUNCED, K, no_more_than_price, DEAL_SPLIT_DUE, do_payout_bounced,
	 TELL_SELLER | TELL_STAFF},
	{124, IN(SPLIT_DUE), EVENT_PAYOUT_BOUNCED, K, no_more_than_price, SAME, do_payout_bounced,
	 TELL_SELLER | TELL_STAFF},
	/* 125: the same of a refund to the buyer's account. */
	{125, IN(REFUNDED), EVENT_REFUND_BOUNCED, K, no_more_than_paid, DEAL_REFUND_DUE, do_refund_bounced,
	 TELL_BUYER | TELL_STAFF},
	{125, IN(SPLIT_CLOSED), EVENT_REFUND_BOUNCED, K, no_more_than_paid, DEAL_SPLIT_DUE, do_refund_bounced,
	 TELL_BUYER | TELL_STAFF},
	{125, OPEN | IN(COMPLETED) | ENDED_UNPAID, EVENT_REFUND_BOUNCED, K, no_more_than_paid, SAME, do_refund_bounced,
	 TELL_BUYER | TELL_STAFF},
	{49, IN(REFUND_DUE), EVENT_REFUND_DONE, K, refund_all, DEAL_REFUNDED, do_refund_done, BOTH},
	{49, IN(SPLIT_DUE), EVENT_REFUND_DONE, K, refund_last, DEAL_SPLIT_CLOSED, do_refund_done, BOTH},
	/* 115: rows 13, 14 and 18 send money back without ending the deal; this is the bank's word that it went. */
	{115, OPEN | ENDED_PAID | ENDED_UNPAID, EVENT_REFUND_DONE, K, refund_some, SAME, do_refund_done, TELL_BUYER},

	/* Out of the ordinary. */
	{50, IN(AWAIT_PAY) | IN(PART_PAID) | WITH_MONEY, EVENT_RECALL, K | M, NULL, SAME, do_recall, ALL},
	{51, OPEN, EVENT_FREEZE, M, two_people, SAME, do_freeze, ALL},
	{51, OPEN, EVENT_UNFREEZE, M, two_people_frozen, SAME, do_unfreeze, ALL},
	{52, IN(AGREED) | IN(AWAIT_PAY), EVENT_CANCEL, B | S, NULL, DEAL_CANCELLED, NULL, BOTH},
	{55, IN(AGREED) | IN(FUNDED), EVENT_PROPOSE_AMEND, B | S, may_amend, SAME, do_propose_amend, BOTH},
	{55, IN(AGREED) | IN(FUNDED), EVENT_ACCEPT_AMEND, B | S, amend_agreed, SAME, do_amend, BOTH},
	/* 121: a proposal that nobody wants must not stay on the table; a top-up that comes all the same goes back by
	 * row 14. */
	{121, IN(AGREED) | IN(FUNDED), EVENT_REFUSE_AMEND, B | S, amend_proposed, SAME, do_refuse_amend, BOTH},
	{56, ENDED_PAID | ENDED_UNPAID, EVENT_REPORT_FRAUD, B | S, within_report_time, SAME, NULL, TELL_STAFF},
	{57, IN(OFFERED) | IN(COUNTERED) | IN(AGREED) | IN(AWAIT_PAY), EVENT_ADMIN_CANCEL, A, NULL, DEAL_CANCELLED,
	 NULL, BOTH},
};

const size_t deal_n_rows = sizeof deal_rows / sizeof *deal_rows;
