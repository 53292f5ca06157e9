/* What the card shows in each state to each side: see deal_faces.h. The texts are in locales/. */
#include "deal_faces.h"

#include <assert.h>
#include <stdlib.h>

#define PLAIN(label, act, when)                                                                                        \
	{                                                                                                              \
		label, act, BUTTON_PLAIN, when, false                                                                  \
	}
#define BESIDE(label, act, when)                                                                                       \
	{                                                                                                              \
		label, act, BUTTON_PLAIN, when, true                                                                   \
	}
#define GOOD(label, act, when)                                                                                         \
	{                                                                                                              \
		label, act, BUTTON_GOOD, when, false                                                                   \
	}
#define DANGER(label, act, when)                                                                                       \
	{                                                                                                              \
		label, act, BUTTON_DANGER, when, false                                                                 \
	}

static const struct face faces[] = {
	{DEAL_DRAFT,
	 ROLE_BUYER,
	 "card.draft",
	 {GOOD("button.publish_buy", "publish", WHEN_ALWAYS), PLAIN("button.swap_to_seller", "swap", WHEN_ALWAYS),
	  PLAIN("button.edit_price", "price", WHEN_ALWAYS), BESIDE("button.edit_title", "title", WHEN_ALWAYS),
	  PLAIN("button.fee_payer", "fee", WHEN_ALWAYS), BESIDE("button.edit_look", "look", WHEN_ALWAYS),
	  PLAIN("button.edit_carriage", "carriage", WHEN_ALWAYS), DANGER("button.drop", "cancel", WHEN_ALWAYS)}},
	{DEAL_DRAFT,
	 ROLE_SELLER,
	 "card.draft",
	 {GOOD("button.publish_sell", "publish", WHEN_ALWAYS), PLAIN("button.swap_to_buyer", "swap", WHEN_ALWAYS),
	  PLAIN("button.edit_price", "price", WHEN_ALWAYS), BESIDE("button.edit_title", "title", WHEN_ALWAYS),
	  PLAIN("button.fee_payer", "fee", WHEN_ALWAYS), BESIDE("button.edit_look", "look", WHEN_ALWAYS),
	  PLAIN("button.edit_carriage", "carriage", WHEN_ALWAYS), DANGER("button.drop", "cancel", WHEN_ALWAYS)}},
	/* OFFERED and COUNTERED have one face for who waits and one for who is asked: see deal_card_text.c. */
	{DEAL_OFFERED,
	 ROLE_BUYER,
	 "card.offered.waiting",
	 {PLAIN("button.turn_away", "turn_away", WHEN_JOINED), PLAIN("button.counter", "counter", WHEN_ASKED),
	  DANGER("button.withdraw_offer", "decline", WHEN_MINE), DANGER("button.decline", "decline", WHEN_THEIRS)}},
	{DEAL_OFFERED,
	 ROLE_SELLER,
	 "card.offered.waiting",
	 {PLAIN("button.turn_away", "turn_away", WHEN_JOINED), PLAIN("button.counter", "counter", WHEN_ASKED),
	  DANGER("button.withdraw_offer", "decline", WHEN_MINE), DANGER("button.decline", "decline", WHEN_THEIRS)}},
	{DEAL_COUNTERED,
	 ROLE_BUYER,
	 "card.offered.waiting",
	 {PLAIN("button.counter", "counter", WHEN_ASKED), PLAIN("button.turn_away", "turn_away", WHEN_GROUP_MAKER),
	  DANGER("button.withdraw_offer", "decline", WHEN_MINE), DANGER("button.decline", "decline", WHEN_THEIRS)}},
	{DEAL_COUNTERED,
	 ROLE_SELLER,
	 "card.offered.waiting",
	 {PLAIN("button.counter", "counter", WHEN_ASKED), PLAIN("button.turn_away", "turn_away", WHEN_GROUP_MAKER),
	  DANGER("button.withdraw_offer", "decline", WHEN_MINE), DANGER("button.decline", "decline", WHEN_THEIRS)}},
	{DEAL_AGREED, ROLE_BUYER, "card.agreed", {{0}}},
	{DEAL_AGREED, ROLE_SELLER, "card.agreed", {{0}}},
	{DEAL_AWAIT_PAY,
	 ROLE_BUYER,
	 "card.await_pay.buyer",
	 {PLAIN("button.more_time", "more_time", WHEN_NOT_EXTENDED), DANGER("button.cancel", "cancel", WHEN_ALWAYS)}},
	{DEAL_AWAIT_PAY, ROLE_SELLER, "card.await_pay.seller", {DANGER("button.cancel", "cancel", WHEN_ALWAYS)}},
	{DEAL_PAY_REVIEW, ROLE_BUYER, "card.pay_review.buyer", {{0}}},
	{DEAL_PAY_REVIEW, ROLE_SELLER, "card.pay_review.seller", {{0}}},
	{DEAL_PART_PAID, ROLE_BUYER, "card.part_paid.buyer", {DANGER("button.ask_back", "ask_back", WHEN_ALWAYS)}},
	{DEAL_PART_PAID, ROLE_SELLER, "card.part_paid.seller", {{0}}},
	{DEAL_FUNDED,
	 ROLE_BUYER,
	 "card.funded.buyer",
	 {GOOD("button.grant_extension", "grant_time", WHEN_EXTENSION_ASKED),
	  PLAIN("button.change_terms", "counter", WHEN_CHANGEABLE),
	  DANGER("button.cancel", "cancel", WHEN_CANCEL_NOT_ASKED)}},
	{DEAL_FUNDED,
	 ROLE_SELLER,
	 "card.funded.seller",
	 {GOOD("button.ship", "ship", WHEN_ALWAYS), PLAIN("button.ask_extension", "ask_time", WHEN_EXTENSION_FREE),
	  PLAIN("button.change_terms", "counter", WHEN_CHANGEABLE),
	  PLAIN("button.agree_cancel", "cancel", WHEN_CANCEL_ASKED),
	  PLAIN("button.refuse_cancel", "refuse_cancel", WHEN_CANCEL_ASKED),
	  DANGER("button.cannot_deliver", "cancel", WHEN_CANCEL_NOT_ASKED)}},
	{DEAL_SHIPPED,
	 ROLE_BUYER,
	 "card.shipped.buyer",
	 {GOOD("button.received", "received", WHEN_ALWAYS), PLAIN("button.not_yet", "not_yet", WHEN_ALWAYS)}},
	{DEAL_SHIPPED,
	 ROLE_SELLER,
	 "card.shipped.seller",
	 {PLAIN("button.say_delivered", "say_delivered", WHEN_ALWAYS),
	  PLAIN("button.fix_tracking", "ship", WHEN_ALWAYS)}},
	{DEAL_DELIVERED,
	 ROLE_BUYER,
	 "card.delivered.buyer",
	 {GOOD("button.accept", "accept", WHEN_ALWAYS), DANGER("button.report", "report", WHEN_ALWAYS),
	  PLAIN("button.not_arrived", "not_yet", WHEN_UNPROVEN)}},
	{DEAL_DELIVERED, ROLE_SELLER, "card.delivered.seller", {{0}}},
	{DEAL_ISSUE,
	 ROLE_BUYER,
	 "card.issue.buyer",
	 {GOOD("button.withdraw", "withdraw", WHEN_ALWAYS), PLAIN("button.escalate", "escalate", WHEN_ALWAYS)}},
	{DEAL_ISSUE,
	 ROLE_SELLER,
	 "card.issue.seller",
	 {GOOD("button.answer", "answer", WHEN_NOT_ANSWERED), PLAIN("button.escalate", "escalate", WHEN_ALWAYS)}},
	{DEAL_RETURN_DUE, ROLE_BUYER, "card.return_due.buyer", {GOOD("button.ship_back", "ship_back", WHEN_ALWAYS)}},
	{DEAL_RETURN_DUE, ROLE_SELLER, "card.return_due.seller", {{0}}},
	{DEAL_RETURN_SENT, ROLE_BUYER, "card.return_sent.buyer", {{0}}},
	{DEAL_RETURN_SENT, ROLE_SELLER, "card.return_sent.seller", {GOOD("button.got_back", "got_back", WHEN_ALWAYS)}},
	{DEAL_RETURN_CHECK, ROLE_BUYER, "card.return_check.buyer", {{0}}},
	{DEAL_RETURN_CHECK,
	 ROLE_SELLER,
	 "card.return_check.seller",
	 {GOOD("button.return_fine", "return_fine", WHEN_ALWAYS),
	  DANGER("button.return_bad", "return_bad", WHEN_ALWAYS)}},
	{DEAL_DISPUTED,
	 ROLE_BUYER,
	 "card.disputed.buyer",
	 {GOOD("button.settle_release", "accept", WHEN_ALWAYS), PLAIN("button.add_story", "answer", WHEN_ALWAYS)}},
	{DEAL_DISPUTED,
	 ROLE_SELLER,
	 "card.disputed.seller",
	 {GOOD("button.settle_refund", "return_fine", WHEN_ALWAYS), PLAIN("button.add_story", "answer", WHEN_ALWAYS)}},
	{DEAL_RULED, ROLE_BUYER, "card.ruled", {DANGER("button.appeal", "appeal", WHEN_APPEAL_LEFT)}},
	{DEAL_RULED, ROLE_SELLER, "card.ruled", {DANGER("button.appeal", "appeal", WHEN_APPEAL_LEFT)}},
	{DEAL_PAYOUT_DUE, ROLE_BUYER, "card.payout_due.buyer", {{0}}},
	{DEAL_PAYOUT_DUE, ROLE_SELLER, "card.payout_due.seller", {GOOD("button.iban", "iban", WHEN_NO_IBAN)}},
	{DEAL_REFUND_DUE, ROLE_BUYER, "card.refund_due.buyer", {{0}}},
	{DEAL_REFUND_DUE, ROLE_SELLER, "card.refund_due.seller", {{0}}},
	{DEAL_SPLIT_DUE, ROLE_BUYER, "card.split_due", {{0}}},
	{DEAL_SPLIT_DUE, ROLE_SELLER, "card.split_due", {GOOD("button.iban", "iban", WHEN_NO_IBAN)}},
	{DEAL_COMPLETED, ROLE_BUYER, "card.completed.buyer", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_COMPLETED, ROLE_SELLER, "card.completed.seller", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_REFUNDED, ROLE_BUYER, "card.refunded.buyer", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_REFUNDED, ROLE_SELLER, "card.refunded.seller", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_SPLIT_CLOSED, ROLE_BUYER, "card.split_closed", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_SPLIT_CLOSED, ROLE_SELLER, "card.split_closed", {PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_CANCELLED,
	 ROLE_BUYER,
	 "card.cancelled",
	 {GOOD("button.keep", "keep", WHEN_LATE_MONEY), PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_CANCELLED,
	 ROLE_SELLER,
	 "card.cancelled",
	 {GOOD("button.keep", "keep", WHEN_LATE_MONEY), PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_EXPIRED,
	 ROLE_BUYER,
	 "card.expired",
	 {GOOD("button.keep", "keep", WHEN_LATE_MONEY), PLAIN("button.again", "again", WHEN_ALWAYS)}},
	{DEAL_EXPIRED,
	 ROLE_SELLER,
	 "card.expired",
	 {GOOD("button.keep", "keep", WHEN_LATE_MONEY), PLAIN("button.again", "again", WHEN_ALWAYS)}},
};

const struct face *deal_face(enum deal_state state, enum role role)
{
	for (size_t i = 0; i < sizeof faces / sizeof *faces; i++)
		if (faces[i].state == state && faces[i].role == role)
			return &faces[i];
	abort(); /* every state has a face for buyer and seller */
}

const char *deal_state_key(enum deal_state state)
{
	static const char *const keys[DEAL_STATE_END] = {
		[DEAL_NONE] = "state.draft",
		[DEAL_DRAFT] = "state.draft",
		[DEAL_OFFERED] = "state.offered",
		[DEAL_COUNTERED] = "state.offered",
		[DEAL_AGREED] = "state.agreed",
		[DEAL_AWAIT_PAY] = "state.await_pay",
		[DEAL_PAY_REVIEW] = "state.pay_review",
		[DEAL_PART_PAID] = "state.part_paid",
		[DEAL_FUNDED] = "state.funded",
		[DEAL_SHIPPED] = "state.shipped",
		[DEAL_DELIVERED] = "state.delivered",
		[DEAL_ISSUE] = "state.issue",
		[DEAL_RETURN_DUE] = "state.returning",
		[DEAL_RETURN_SENT] = "state.returning",
		[DEAL_RETURN_CHECK] = "state.returning",
		[DEAL_DISPUTED] = "state.disputed",
		[DEAL_RULED] = "state.ruled",
		[DEAL_PAYOUT_DUE] = "state.payout_due",
		[DEAL_REFUND_DUE] = "state.refund_due",
		[DEAL_SPLIT_DUE] = "state.split_due",
		[DEAL_COMPLETED] = "state.completed",
		[DEAL_REFUNDED] = "state.refunded",
		[DEAL_SPLIT_CLOSED] = "state.split_closed",
		[DEAL_CANCELLED] = "state.cancelled",
		[DEAL_EXPIRED] = "state.expired",
	};

	assert(state < DEAL_STATE_END);
	return keys[state];
}

/* Only what the new state does not already tell. */
static const struct news {
	enum event_kind kind;
	const char *key;
} news[] = {
	{EVENT_JOIN, "news.joined"},
	{EVENT_DECLINE, "news.declined"},
	{EVENT_OFFER_EXPIRED, "news.offer_expired"},
	{EVENT_EXTEND_PAYMENT, "news.payment_extended"},
	{EVENT_PAY_EXPIRED, "news.pay_expired"},
	{EVENT_CANCEL, "news.cancelled"},
	{EVENT_ADMIN_CANCEL, "news.cancelled"},
	{EVENT_CANCEL_SILENCE, "news.cancel_silence"},
	{EVENT_COUNTER, "news.countered"},
	{EVENT_PROPOSE_AMEND, "news.amend_proposed"},
	{EVENT_ACCEPT_AMEND, "news.amended"},
	{EVENT_REFUSE_AMEND, "news.amend_refused"},
	{EVENT_REFUSE_CANCEL, "news.cancel_refused"},
	{EVENT_ASK_EXTENSION, "news.extension_asked"},
	{EVENT_GRANT_EXTENSION, "news.extension_granted"},
	{EVENT_SHIP_EXPIRED, "news.ship_expired"},
	{EVENT_TRACKING_FIX, "news.tracking_fixed"},
	{EVENT_SAY_DELIVERED, "news.said_delivered"},
	{EVENT_ASK_ARRIVAL, "news.ask_arrival"},
	{EVENT_NOT_YET, "news.not_yet"},
	{EVENT_TRANSIT_LOST, "news.transit_lost"},
	{EVENT_ARRIVAL_OVERDUE, "news.arrival_overdue"},
	{EVENT_INSPECTION_END, "news.inspection_end"},
	{EVENT_ANSWER, "news.answered"},
	{EVENT_WITHDRAW, "news.withdrawn"},
	{EVENT_SELLER_SILENT, "news.seller_silent"},
	{EVENT_APPEAL, "news.appealed"},
	{EVENT_APPEAL_END, "news.appeal_end"},
	{EVENT_PAYOUT_RETURNED, "news.payout_returned"},
	{EVENT_PAYOUT_BOUNCED, "news.payout_bounced"},
	{EVENT_REFUND_BOUNCED, "news.refund_bounced"},
	{EVENT_FREEZE, "news.frozen"},
	{EVENT_UNFREEZE, "news.unfrozen"},
	{EVENT_ASK_INFO, "news.info_wanted"},
	{EVENT_RETURN_EXPIRED, "news.return_expired"},
	{EVENT_REFUND_DONE, "news.refund_done"},
};

const char *deal_news_key(enum event_kind kind)
{
	for (size_t i = 0; i < sizeof news / sizeof *news; i++)
		if (news[i].kind == kind)
			return news[i].key;
	return NULL;
}
