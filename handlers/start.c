/* The first words to somebody new, and words that belong to no step. */
#include "amount.h"
#include "buf.h"
#include "deal_card.h"
#include "deal_faces.h"
#include "deal_inline.h"
#include "deal_new.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include "trust.h"
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { GREETING_CODEPOINTS = 24 };

void start_buttons(struct turn *t, struct outmsg *m)
{
	outmsg_button(m, true, BUTTON_DATA, BUTTON_GOOD, MINE_PLAIN(t, "button.sell"), "new:sell");
	outmsg_button(m, false, BUTTON_DATA, BUTTON_GOOD, MINE_PLAIN(t, "button.buy"), "new:buy");
	outmsg_button(m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.my_deals"), "list:needs");
}

static void welcome(struct turn *t)
{
	struct outmsg m = tell_here(t, MINE(t, "start.welcome", ARG_RAW("percent", fee_percent(t, t->me.language))));

	start_buttons(t, &m);
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.other_language"),
		      strcmp(t->me.language, "fa") ? "lang:fa" : "lang:en");
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "start.how"), "help:how");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "check.press"), "check:");
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
	else if (!strncmp(args, "i_", 2))
		join_by_inline(t, args + 2);
	else if (!strncmp(args, "r_", 2))
		check_receipt_code(t, args + 2);
	else if (!strcmp(args, "sell"))
		sell_command(t, "");
	else if (!strcmp(args, "buy"))
		buy_command(t, "");
	else
		welcome(t);
}

void cancel_command(struct turn *t, const char *args)
{
	size_t n = t->update->chat_kind == CHAT_PRIVATE ? proof_taken_back(t) : 0;

	(void)args;
	if (n)
		reply(t, MINE(t, "proof.taken_back", ARG_INT("number", (int64_t)n)));
	else
		reply(t, t->talk.step[0] ? MINE(t, "talk.left") : MINE(t, "talk.none"));
}

static bool greets(struct turn *t)
{
	static const char *const words[] = {
#define GREETING(word) word,
#include "greetings.def"
#undef GREETING
	};
	const char *said = safe_text(t->ctx, t->update->text, GREETING_CODEPOINTS, false);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcasecmp(said, words[i]))
			return true;
	return false;
}

/* A person who writes something that is no command: perhaps a deal in one line, perhaps a tracking code, else help. */
void loose_words(struct turn *t)
{
	if (button_by_words(t) || ship_by_words(t) || card_by_words(t) || iban_by_words(t) || offer_by_words(t))
		return;
	if (t->update->kind == UPDATE_TEXT && greets(t))
		welcome(t);
	else if (t->update->kind == UPDATE_TEXT && t->update->text[0])
		reply(t, MINE(t, "help.loose"));
	else
		reply(t, MINE(t, "help.not_expected"));
}

/* What was said counts as it was said: a change afterwards changes no deal, and whoever relies on it must know. */
void edited_words(struct turn *t)
{
	if (t->update->chat_kind == CHAT_PRIVATE && (t->talk.step[0] || deals_open_count(t->tx, t->me.id)))
		reply(t, MINE(t, "help.edited"));
}
