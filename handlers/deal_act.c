/* Steps of a deal where money moves: a second tap after the consequence is on the screen. Steps of one tap have no
 * function at all: the table in routes.c names their event. */
#include "deal_card.h"
#include "deal_step.h"
#include "js.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

void ask_sure(struct turn *t, const struct deal_file *f, const char *html, const char *yes)
{
	const char *act = talloc_asprintf(t->ctx, "%s.%d", yes, (int)f->deal.state);
	struct outmsg m = tell_to(&t->me, html);
	json_t *step = js_own(t->ctx, json_pack("{s:o, s:I}", "yes", json_sprintf("d:%s:%s", f->code, act), "at",
						(json_int_t)t->now_ms));

	/* What is being told in another step is not given up for a question that a button answers as well. */
	if (!t->talk.step[0] || !strcmp(t->talk.step, "sure"))
		talk_begin(t, "sure", js_text(t->ctx, step));
	deal_button(t, &m, true, BUTTON_DANGER, MINE_PLAIN(t, "button.yes"), f->code, act);
	deal_button(t, &m, false, BUTTON_PLAIN, MINE_PLAIN(t, "button.back"), f->code, "back");
	deal_card_ask(t, f, &m);
}

/* True when this press is the second one, and the consequence that was on the screen is still the one: a yes to
 * cancelling an unpaid deal is none to cancelling it after the payment has come. */
static bool sure(struct turn *t, const struct deal_file *f, const char *extra)
{
	return !strcmp(extra, talloc_asprintf(t->ctx, "yes.%d", (int)f->deal.state));
}

/* What cancelling means depends on who does it and when. */
static const char *cancel_question(struct turn *t, const struct deal_file *f)
{
	bool buyer = role_of(&f->deal, t->me.id) == ROLE_BUYER;

	if (f->deal.state != DEAL_FUNDED)
		return MINE(t, "sure.cancel_unpaid", ARG_TEXT("title", f->title));
	if (buyer)
		return MINE(t, "sure.cancel_buyer", MONEY_ARG("held", f->deal.held));
	return MINE(t, "sure.cancel_seller", MONEY_ARG("held", f->deal.held));
}

void cancel_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool asks = f->deal.state == DEAL_AWAIT_PAY || f->deal.state == DEAL_FUNDED;

	if (!asks || sure(t, f, extra))
		deal_try(t, f, EVENT_CANCEL, NULL);
	else if (deal_may(t, f, EVENT_CANCEL))
		ask_sure(t, f, cancel_question(t, f), "cancel.yes");
}

/* The second press does it; the first is answered with what it would mean. */
static void do_when_sure(struct turn *t, struct deal_file *f, const char *extra, enum event_kind kind, const char *act,
			 const char *question)
{
	if (sure(t, f, extra))
		deal_try(t, f, kind, NULL);
	else if (deal_may(t, f, kind))
		ask_sure(t, f, question, talloc_asprintf(t->ctx, "%s.yes", act));
}

void accept_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct person seller = {.name = ""};

	deal_other(t, f, ROLE_BUYER, &seller);
	do_when_sure(t, f, extra, EVENT_ACCEPT, "accept",
		     MINE(t, "sure.accept", MONEY_ARG("payout", terms_payout(&f->deal.terms)),
			  ARG_TEXT("other", seller.name)));
}

/* The seller has the goods back (row 39), or gives the money back to end a quarrel (row 41). */
void return_fine_act(struct turn *t, struct deal_file *f, const char *extra)
{
	do_when_sure(t, f, extra, EVENT_RETURN_ACCEPT, "return_fine",
		     MINE(t, "sure.return_fine", MONEY_ARG("held", f->deal.held)));
}

void withdraw_act(struct turn *t, struct deal_file *f, const char *extra)
{
	do_when_sure(t, f, extra, EVENT_WITHDRAW, "withdraw", MINE(t, "sure.withdraw"));
}

void appeal_act(struct turn *t, struct deal_file *f, const char *extra)
{
	do_when_sure(t, f, extra, EVENT_APPEAL, "appeal", MINE(t, "sure.appeal"));
}

/* A mediator comes in after the other side had its time; when that is, the answer says. */
void escalate_act(struct turn *t, struct deal_file *f, const char *extra)
{
	int64_t from_ms = f->deal.issue_since_ms + t->house->policy.escalate_ms;

	(void)extra;
	if (f->deal.state == DEAL_ISSUE && t->now_ms < from_ms)
		object(t, MINE_PLAIN(t, "refused.escalate_early", ARG_TIME("from", from_ms)));
	else
		deal_try(t, f, EVENT_ESCALATE, NULL);
}
