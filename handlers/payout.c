/* Where the seller's money goes: the IBAN, asked once, checked by its own digits. */
#include "deal_card.h"
#include "deal_step.h"
#include "identity.h"
#include "money_out.h"
#include "profile.h"
#include "sms_tell.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

static void complain_about_iban(struct turn *t, enum iban_flaw flaw)
{
	static const char *const keys[] = {
		[IBAN_OK] = "iban.empty",        [IBAN_EMPTY] = "iban.empty",  [IBAN_FOREIGN] = "iban.foreign",
		[IBAN_LETTERS] = "iban.letters", [IBAN_IS_CARD] = "iban.card", [IBAN_SHORT] = "iban.short",
		[IBAN_LONG] = "iban.long",       [IBAN_CHECK] = "iban.check",
	};

	reply(t, MINE(t, keys[flaw]));
}

/* Who has given nothing yet is asked for all that the house wants, one after the other. */
static void ask_iban(struct turn *t)
{
	if (profile_state(t, &t->me) == PROFILE_MISSING) {
		profile_go_on(t);
		return;
	}
	talk_begin(t, "iban", "{}");
	reply(t, MINE(t, "iban.ask"));
}

void iban_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	ask_iban(t);
}

void iban_command(struct turn *t, const char *args)
{
	(void)args;
	if (t->update->chat_kind != CHAT_PRIVATE)
		reply(t, MINE(t, "help.in_private"));
	else
		ask_iban(t);
}

bool iban_by_words(struct turn *t)
{
	char iban[IBAN_BYTES];

	if (t->update->kind != UPDATE_TEXT || t->me.iban[0] || iban_read(t->update->text, iban) != IBAN_OK)
		return false;
	iban_talk(t, "{}");
	return true;
}

void iban_talk(struct turn *t, const char *data)
{
	char iban[IBAN_BYTES];
	enum iban_flaw flaw = iban_read(t->update->text, iban);
	bool replaced;

	(void)data;
	if (flaw != IBAN_OK) {
		complain_about_iban(t, flaw);
		return;
	}
	conversation_end(t->tx, t->me.id);
	replaced = person_set_iban(t->tx, t->me.id, iban, t->now_ms);
	if (!person_by_id(t->tx, t->ctx, t->me.id, &t->me)) {
		t->failed = true;
		return;
	}
	if (replaced)
		sms_warn(t, "iban", &t->me, iban);
	reply(t, MINE(t, "iban.saved", ARG_CODE("last", iban + IBAN_BYTES - 5)));
	if (t->now_ms < money_payout_waits_until(&t->me))
		reply(t, MINE(t, "iban.waits", ARG_TIME("until", money_payout_waits_until(&t->me))));
	profile_go_on(t);
}
