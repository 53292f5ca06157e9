/* First words, help, language, lists: what a person can ask outside a deal. */
#include "amount.h"
#include "buf.h"
#include "deal_card.h"
#include "deal_faces.h"
#include "deal_step.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { LIST_ROWS = 8, LIST_BYTES = 8192 };

static void add_start_buttons(struct turn *t, struct outmsg *m)
{
	outmsg_button(m, true, BUTTON_DATA, BUTTON_GOOD, MINE_PLAIN(t, "button.sell"), "sell");
	outmsg_button(m, false, BUTTON_DATA, BUTTON_GOOD, MINE_PLAIN(t, "button.buy"), "buy");
	outmsg_button(m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.my_deals"), "deals");
}

static void welcome(struct turn *t)
{
	struct outmsg m = tell_here(t, MINE(t, "start.welcome"));

	add_start_buttons(t, &m);
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.other_language"),
		      strcmp(t->me.language, "fa") ? "lang:fa" : "lang:en");
	tell(t, &m, LANE_REPLY);
}

void start_command(struct turn *t, const char *args)
{
	if (t->update->chat_kind != CHAT_PRIVATE) {
		help_command(t, "");
		return;
	}
	if (!strncmp(args, "d_", 2))
		join_by_code(t, args + 2);
	else if (!strcmp(args, "sell"))
		sell_command(t, "");
	else if (!strcmp(args, "buy"))
		buy_command(t, "");
	else
		welcome(t);
}

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
		add_start_buttons(t, &m);
	} else {
		m = tell_here(t, staff ? MINE(t, "help.staff") : MINE(t, "help.group"));
	}
	tell(t, &m, LANE_REPLY);
}

void language_command(struct turn *t, const char *args)
{
	struct outmsg m = tell_here(t, MINE(t, "language.ask"));

	(void)args;
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "language.fa"), "lang:fa");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "language.en"), "lang:en");
	tell(t, &m, LANE_REPLY);
}

void cancel_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, t->talk.step[0] ? MINE(t, "talk.left") : MINE(t, "talk.none"));
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

void deals_command(struct turn *t, const char *args)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, LIST_ROWS);
	size_t n = deals_of(t->tx, t->ctx, t->me.id, false, 0, mine, LIST_ROWS);
	struct buf *text = buf_new(t->ctx, LIST_BYTES);
	struct outmsg m;

	(void)args;
	if (t->update->chat_kind != CHAT_PRIVATE) {
		reply(t, MINE(t, "help.in_private"));
		return;
	}
	buf_puts(text, n ? MINE(t, "list.head") : MINE(t, "list.empty"));
	m = tell_here(t, "");
	for (size_t i = 0; i < n; i++) {
		buf_printf(text, "\n%s", deal_line(t, &mine[i]));
		deal_button(t, &m, i % 2 == 0, BUTTON_PLAIN,
			    MINE_PLAIN(t, "button.open_deal",
				       ARG_TEXT("title", safe_text(t->ctx, mine[i].title, 16, false)),
				       ARG_CODE("code", mine[i].code)),
			    mine[i].code, "show");
	}
	if (!n)
		add_start_buttons(t, &m);
	m.text = text->data;
	tell(t, &m, LANE_REPLY);
}

void show_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	deal_card_fresh(t, f, role_of(&f->deal, t->me.id));
}

void back_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	deal_card_redraw(t, f, role_of(&f->deal, t->me.id));
}

/* "/deal CODE": the card again, also for an operator in the staff chat. */
void deal_command(struct turn *t, const char *args)
{
	if (!args[0]) {
		deals_command(t, "");
		return;
	}
	if (t->update->chat_kind == CHAT_PRIVATE || is_operator(t)) {
		join_by_code(t, args);
		return;
	}
	reply(t, MINE(t, "help.in_private"));
}

/* A person who writes something that is no command: perhaps a deal in one line, perhaps a tracking code, else help. */
void loose_words(struct turn *t)
{
	if (ship_by_words(t) || iban_by_words(t))
		return;
	if (t->update->kind == UPDATE_TEXT && t->update->text[0])
		reply(t, MINE(t, "help.loose"));
	else
		reply(t, MINE(t, "help.not_expected"));
}
