/* /help and /fee: what can be asked before anything is begun. */
#include "amount.h"
#include "steps.h"
#include "tell.h"
#include <talloc.h>

void help_command(struct turn *t, const char *args)
{
	bool staff = t->update->chat_id == t->house->staff_chat;
	struct outmsg m;

	(void)args;
	if (t->update->chat_kind == CHAT_PRIVATE) {
		m = tell_here(t, MINE(t, "help.private"));
		if (t->house->support_hours[0])
			m.text = talloc_asprintf(t->ctx, "%s\n\n%s", m.text,
						 MINE(t, "help.hours", ARG_TEXT("hours", t->house->support_hours)));
		start_buttons(t, &m);
	} else {
		m = tell_here(t, staff ? MINE(t, "help.staff") : MINE(t, "help.group"));
	}
	tell(t, &m, LANE_REPLY);
}

void fee_command(struct turn *t, const char *args)
{
	struct amount_reading r;
	struct deal_terms terms = {.fee_payer = t->house->fee_payer};

	if (!amount_read(args, &r)) {
		reply(t, MINE(t, "fee.ask"));
		return;
	}
	terms.price = rial_of(r.rial);
	terms.fee = fee_of(&t->house->fees, terms.price);
	reply(t, MINE(t, "fee.answer", MONEY_ARG("price", terms.price), MONEY_ARG("fee", terms.fee),
		      MONEY_ARG("due", terms_due(&terms)), MONEY_ARG("payout", terms_payout(&terms))));
}

void help_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}
