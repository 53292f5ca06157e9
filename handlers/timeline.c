/* What happened in a deal, a line for each step: when, who, what. */
#include "buf.h"
#include "deal_step.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include <talloc.h>

/* The newest steps that are shown at all, and on one page; a card may be a picture, whose caption holds 1,024
 * characters. */
enum { STEPS_MOST = 200, PAGE_STEPS = 10, TIMELINE_BYTES = 16384 };

static const char *const what[EVENT_KIND_END] = {
	[EVENT_CREATE] = "timeline.create",
	[EVENT_DRAFT_EXPIRED] = "timeline.draft_expired",
	[EVENT_PUBLISH] = "timeline.publish",
	[EVENT_JOIN] = "timeline.join",
	[EVENT_COUNTER] = "timeline.counter",
	[EVENT_AGREE] = "timeline.agree",
	[EVENT_DECLINE] = "timeline.decline",
	[EVENT_OFFER_EXPIRED] = "timeline.offer_expired",
	[EVENT_ISSUE_PAYMENT] = "timeline.issue_payment",
	[EVENT_EXTEND_PAYMENT] = "timeline.extend_payment",
	[EVENT_RECEIPT] = "timeline.receipt",
	[EVENT_CREDIT] = "timeline.credit",
	[EVENT_CREDIT_FOREIGN] = "timeline.credit_foreign",
	[EVENT_REVIEW_CONFIRM] = "timeline.review_confirm",
	[EVENT_REVIEW_REJECT] = "timeline.review_reject",
	[EVENT_PART_EXPIRED] = "timeline.part_expired",
	[EVENT_ASK_BACK] = "timeline.ask_back",
	[EVENT_PAY_EXPIRED] = "timeline.pay_expired",
	[EVENT_KEEP_LATE] = "timeline.keep_late",
	[EVENT_LATE_OVER] = "timeline.late_over",
	[EVENT_ASK_EXTENSION] = "timeline.ask_extension",
	[EVENT_GRANT_EXTENSION] = "timeline.grant_extension",
	[EVENT_SHIP] = "timeline.ship",
	[EVENT_SHIP_EXPIRED] = "timeline.ship_expired",
	[EVENT_CANCEL] = "timeline.cancel",
	[EVENT_CANCEL_SILENCE] = "timeline.cancel_silence",
	[EVENT_REFUSE_CANCEL] = "timeline.refuse_cancel",
	[EVENT_TRACKING_BAD] = "timeline.tracking_bad",
	[EVENT_TRACKING_FIX] = "timeline.tracking_fix",
	[EVENT_DELIVER] = "timeline.deliver",
	[EVENT_SAY_DELIVERED] = "timeline.say_delivered",
	[EVENT_ASK_ARRIVAL] = "timeline.ask_arrival",
	[EVENT_NOT_YET] = "timeline.not_yet",
	[EVENT_TRANSIT_LOST] = "timeline.transit_lost",
	[EVENT_ARRIVAL_OVERDUE] = "timeline.arrival_overdue",
	[EVENT_ACCEPT] = "timeline.accept",
	[EVENT_INSPECTION_END] = "timeline.inspection_end",
	[EVENT_REPORT] = "timeline.report",
	[EVENT_ANSWER] = "timeline.answer",
	[EVENT_PROPOSE_MONEY] = "timeline.propose_money",
	[EVENT_ACCEPT_MONEY] = "timeline.accept_money",
	[EVENT_PROPOSE_RETURN] = "timeline.propose_return",
	[EVENT_ACCEPT_RETURN] = "timeline.accept_return",
	[EVENT_WITHDRAW] = "timeline.withdraw",
	[EVENT_SELLER_SILENT] = "timeline.seller_silent",
	[EVENT_ESCALATE] = "timeline.escalate",
	[EVENT_NEGOTIATION_END] = "timeline.negotiation_end",
	[EVENT_RETURN_SHIP] = "timeline.return_ship",
	[EVENT_RETURN_EXPIRED] = "timeline.return_expired",
	[EVENT_RETURN_DELIVER] = "timeline.return_deliver",
	[EVENT_RETURN_LOST] = "timeline.return_lost",
	[EVENT_RETURN_ACCEPT] = "timeline.return_accept",
	[EVENT_RETURN_SILENT] = "timeline.return_silent",
	[EVENT_RETURN_REJECT] = "timeline.return_reject",
	[EVENT_ASK_INFO] = "timeline.ask_info",
	[EVENT_INFO_SILENT] = "timeline.info_silent",
	[EVENT_RULE] = "timeline.rule",
	[EVENT_RULING_LATE] = "timeline.ruling_late",
	[EVENT_APPEAL] = "timeline.appeal",
	[EVENT_APPEAL_END] = "timeline.appeal_end",
	[EVENT_PAYOUT_RIPE] = "timeline.payout_ripe",
	[EVENT_PAYOUT_SENT] = "timeline.payout_sent",
	[EVENT_PAYOUT_DONE] = "timeline.payout_done",
	[EVENT_PAYOUT_RETURNED] = "timeline.payout_returned",
	[EVENT_PAYOUT_BOUNCED] = "timeline.payout_bounced",
	[EVENT_REFUND_BOUNCED] = "timeline.refund_bounced",
	[EVENT_REFUND_DONE] = "timeline.refund_done",
	[EVENT_RECALL] = "timeline.recall",
	[EVENT_FREEZE] = "timeline.freeze",
	[EVENT_UNFREEZE] = "timeline.unfreeze",
	[EVENT_PIN] = "timeline.pin",
	[EVENT_PIN_WRONG] = "timeline.pin_wrong",
	[EVENT_PROPOSE_AMEND] = "timeline.propose_amend",
	[EVENT_ACCEPT_AMEND] = "timeline.accept_amend",
	[EVENT_REPORT_FRAUD] = "timeline.report_fraud",
	[EVENT_ADMIN_CANCEL] = "timeline.admin_cancel",
	[EVENT_EDIT_DRAFT] = "timeline.edit_draft",
	[EVENT_TURN_AWAY] = "timeline.turn_away",
	[EVENT_SWAP_SEATS] = "timeline.swap_seats",
	[EVENT_REFUSE_AMEND] = "timeline.refuse_amend",
};

/* Never a name: an operator stays unnamed, and who was in a seat before is nobody's business. */
static const char *who(struct turn *t, const struct deal_file *f, const struct deal_history *h)
{
	switch (h->role) {
	case ROLE_BUYER:
	case ROLE_SELLER:
		if (h->actor_id == t->me.id)
			return "timeline.you";
		return role_of(&f->deal, h->actor_id) == ROLE_NOBODY ? "timeline.somebody" : "timeline.other";
	case ROLE_MEDIATOR:
		return "timeline.operator";
	case ROLE_ADMIN:
		return "timeline.admin";
	case ROLE_BANK:
		return "timeline.bank";
	case ROLE_CARRIER:
		return "timeline.carrier";
	case ROLE_NOBODY:
	case ROLE_TIMER:
	case ROLE_SYSTEM:
	case ROLE_END:
		break;
	}
	return "timeline.separex";
}

static const char *line(struct turn *t, const struct deal_file *f, const struct deal_history *h)
{
	const char *key = h->event < EVENT_KIND_END ? what[h->event] : NULL;

	/* A paid deal is not cancelled by its buyer alone: that press only asks. */
	if (h->event == EVENT_CANCEL && h->before == h->after)
		key = "timeline.ask_cancel";
	return MINE(t, "timeline.line", ARG_TIME("at", h->at_ms), ARG_RAW("who", MINE(t, who(t, f, h))),
		    ARG_RAW("what", MINE(t, key ? key : "timeline.other_step", MONEY_ARG("sum", h->amount))));
}

/* Behind the card's own button the card itself turns over; elsewhere (a list) the pressed message does. */
static bool is_card(struct turn *t, const struct deal_file *f, enum card_place place)
{
	struct card card;

	return card_get(t->tx, t->ctx, f->deal.id, place, &card) && card.chat_id == t->update->chat_id &&
	       card.message_id == t->update->message_id;
}

void timeline_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct deal_history *h = talloc_array(t->ctx, struct deal_history, STEPS_MOST);
	size_t n = history_list(t->tx, t->ctx, f->deal.id, h, STEPS_MOST);
	size_t pages = screen_pages_of(n, PAGE_STEPS), page = screen_page(extra, pages, pages - 1);
	enum card_place place = role_of(&f->deal, t->me.id) == ROLE_BUYER ? CARD_BUYER : CARD_SELLER;
	struct buf *text = buf_new(t->ctx, TIMELINE_BYTES);
	struct outmsg m = screen(t, "");
	bool on_card = is_card(t, f, place);

	if (!screen_is_private(t))
		return;
	buf_puts(text, MINE(t, "timeline.head", ARG_TEXT("title", f->title)));
	for (size_t i = page * PAGE_STEPS; i < n && i < (page + 1) * PAGE_STEPS; i++)
		buf_printf(text, "\n%s", line(t, f, &h[n - 1 - i]));
	screen_pager(t, &m, talloc_asprintf(t->ctx, "d:%s:timeline", f->code), page, pages);
	deal_button(t, &m, true, BUTTON_PLAIN, on_card ? MINE_PLAIN(t, "button.back") : MINE_PLAIN(t, "timeline.open"),
		    f->code, on_card ? "back" : "show");
	if (!on_card)
		screen_button(&m, false, MINE_PLAIN(t, "button.my_deals"),
			      deal_is_final(f->deal.state) ? "list:done" : "list:needs");
	m.text = text->data;
	if (on_card && m.kind == OUT_EDIT) {
		m.message_id = 0; /* the newest card's, when it is sent */
		tell_card(t, &m, f->deal.id, place);
	} else {
		tell(t, &m, LANE_REPLY);
	}
}
