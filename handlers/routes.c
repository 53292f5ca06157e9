/* From an update to its handler: see routes.h. */
#include "routes.h"

#include "deal_card.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "guess.h"
#include "js.h"
#include "log.h"
#include "staff.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { MAX_CODE = 16, MAX_ACT = 32 };

static const struct {
	const char *name;
	command_fn *run;
} commands[] = {
	{"start", start_command},         {"help", help_command},
	{"sell", sell_command},           {"buy", buy_command},
	{"deals", deals_command},         {"deal", deal_command},
	{"language", language_command},   {"fee", fee_command},
	{"iban", iban_command},           {"cancel", cancel_command},
	{"delivered", delivered_command}, {"settings", settings_command},
	{"profile", profile_command},     {"batch", batch_command},
	{"books", books_command},         {"terms", terms_command},
	{"about", about_command},         {"check", check_command},
	{"emblem", emblem_command},       {"blocked", blocked_command},
	{"left", left_command},
};

/* Who may press: somebody with a seat, somebody of the staff in that role, or a seat and whoever of the staff may look.
 */
enum presser { SEATED, MEDIATOR, TREASURER, EITHER };

static const struct {
	const char *name;
	act_fn *run; /* NULL: one tap is one event, and there is nothing to ask or to read */
	enum presser presser;
	enum event_kind event;
} acts[] = {
	{"publish", publish_act, SEATED, 0},
	{"fee", fee_act, SEATED, 0},
	{"price", price_act, SEATED, 0},
	{"title", title_act, SEATED, 0},
	{"look", look_act, SEATED, 0},
	{"carriage", carriage_act, SEATED, 0},
	{"swap", swap_act, SEATED, 0},
	{"again", again_act, SEATED, 0},
	{"counter", counter_act, SEATED, 0},
	{"amend_ok", amend_ok_act, SEATED, 0},
	{"amend_no", NULL, SEATED, EVENT_REFUSE_AMEND},
	{"cancel", cancel_act, SEATED, 0},
	{"decline", decline_act, SEATED, 0},
	{"turn_away", turn_away_act, SEATED, 0},
	{"agree", agree_act, SEATED, 0},
	{"more_time", NULL, SEATED, EVENT_EXTEND_PAYMENT},
	{"ask_back", NULL, SEATED, EVENT_ASK_BACK},
	{"ask_time", NULL, SEATED, EVENT_ASK_EXTENSION},
	{"grant_time", NULL, SEATED, EVENT_GRANT_EXTENSION},
	{"refuse_cancel", NULL, SEATED, EVENT_REFUSE_CANCEL},
	{"ship", ship_act, SEATED, 0},
	{"carrier", carrier_act, SEATED, 0},
	{"received", NULL, SEATED, EVENT_DELIVER},
	{"say_delivered", NULL, SEATED, EVENT_SAY_DELIVERED},
	{"not_yet", NULL, SEATED, EVENT_NOT_YET},
	{"proof", proof_act, SEATED, 0},
	{"proof_done", proof_done_act, SEATED, 0},
	{"see_proof", see_proof_act, EITHER, 0},
	{"accept", accept_act, SEATED, 0},
	{"report", report_act, SEATED, 0},
	{"report_done", report_done_act, SEATED, 0},
	{"answer", answer_act, SEATED, 0},
	{"answer_done", answer_done_act, SEATED, 0},
	{"withdraw", withdraw_act, SEATED, 0},
	{"escalate", escalate_act, SEATED, 0},
	{"appeal", appeal_act, SEATED, 0},
	{"keep", NULL, SEATED, EVENT_KEEP_LATE},
	{"show", show_act, SEATED, 0},
	{"timeline", timeline_act, SEATED, 0},
	{"status", status_act, SEATED, 0},
	{"receipt", receipt_act, SEATED, 0},
	{"block", block_act, SEATED, 0},
	{"back", back_act, SEATED, 0},
	{"iban", iban_act, SEATED, 0},
	{"ship_back", ship_back_act, SEATED, 0},
	{"got_back", NULL, SEATED, EVENT_RETURN_DELIVER},
	{"return_fine", return_fine_act, SEATED, 0},
	{"return_bad", return_bad_act, SEATED, 0},
	{"return_bad_done", return_bad_done_act, SEATED, 0},
	{"rule", rule_act, MEDIATOR, 0},
	{"rule_do", rule_do_act, MEDIATOR, 0},
	{"freeze", freeze_act, MEDIATOR, 0},
	{"ask_info", ask_info_act, MEDIATOR, 0},
	{"review", review_act, MEDIATOR, 0},
	{"payout_ok", payout_ok_act, TREASURER, 0},
};

static const struct {
	const char *step;
	talk_fn *run;
	bool in_staff;
} talks[] = {
	{"new_title", new_title_talk, false},
	{"new_price", new_price_talk, false},
	{"edit_price", edit_price_talk, false},
	{"edit_title", edit_title_talk, false},
	{"ship", ship_talk, false},
	{"ship_pick", ship_pick_talk, false},
	{"report", story_talk, false},
	{"answer", story_talk, false},
	{"return_bad", story_talk, false},
	{"iban", iban_talk, false},
	{"profile_id", profile_id_talk, false},
	{"profile_mobile", profile_mobile_talk, false},
	{"ship_back", ship_back_talk, false},
	{"counter_price", counter_price_talk, false},
	{"sure", sure_talk, false},
	{"proof", proof_talk, false},
	{"proof_pick", proof_pick_talk, false},
	{"check", check_talk, false},
	{"split", split_talk, true},
	{"rule_why", rule_why_talk, true},
	{"ask_buyer", ask_info_talk, true},
	{"ask_seller", ask_info_talk, true},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

void talk_begin(struct turn *t, const char *step, const char *data)
{
	conversation_save(t->tx, t->me.id, step, data, t->now_ms);
}

const char *talk_deal_data(struct turn *t, int64_t deal_id)
{
	return talloc_asprintf(t->ctx, "{\"deal\":%lld}", (long long)deal_id);
}

bool talk_deal(struct turn *t, const char *data, struct deal_file *f)
{
	int64_t id = js_int(js_parse(t->ctx, data, strlen(data)), "deal", 0);

	if (deal_by_id(t->tx, t->ctx, id, f) && (role_of(&f->deal, t->me.id) != ROLE_NOBODY || is_operator(t)))
		return true;
	conversation_end(t->tx, t->me.id);
	reply(t, MINE(t, "talk.lost"));
	return false;
}

/* An operator's step waits in the staff chat and every other one in private. */
static bool step_waits_here(const struct turn *t)
{
	bool in_staff = false;

	for (size_t i = 0; i < COUNT(talks); i++)
		in_staff |= talks[i].in_staff && !strcmp(talks[i].step, t->talk.step);
	return in_staff ? t->update->chat_id == t->house->staff_chat : t->update->chat_kind == CHAT_PRIVATE;
}

/* Any command leaves a wizard; what was entered there into a draft is in the draft. In a group an unknown command is
 * some other bot's. */
static bool handle_command(struct turn *t)
{
	const char *name = t->update->command;
	size_t i = 0;

	if (!name)
		return false;
	while (i < COUNT(commands) && strcmp(commands[i].name, name))
		i++;
	if (i == COUNT(commands) && t->update->chat_kind != CHAT_PRIVATE)
		return true;
	/* A command elsewhere leaves alone what is being told in private; and who asks for help in a step stays in it.
	 */
	if (t->talk.step[0] && (i == COUNT(commands) || commands[i].run != help_command) && step_waits_here(t)) {
		if (i == COUNT(commands) || commands[i].run != cancel_command)
			proof_left(t);
		conversation_end(t->tx, t->me.id);
	}
	if (i < COUNT(commands))
		commands[i].run(t, t->update->args);
	else
		reply(t, MINE(t, "help.unknown_command"));
	return true;
}

/* "d:CODE:ACT" or "d:CODE:ACT.EXTRA". */
static bool split_data(const char *data, char code[MAX_CODE], char act[MAX_ACT], const char **extra)
{
	const char *middle, *dot;
	size_t n;

	if (strncmp(data, "d:", 2))
		return false;
	data += 2;
	middle = strchr(data, ':');
	if (!middle || (size_t)(middle - data) >= MAX_CODE)
		return false;
	memcpy(code, data, (size_t)(middle - data));
	code[middle - data] = '\0';
	dot = strchr(middle + 1, '.');
	n = dot ? (size_t)(dot - middle - 1) : strlen(middle + 1);
	if (n >= MAX_ACT)
		return false;
	memcpy(act, middle + 1, n);
	act[n] = '\0';
	*extra = dot ? dot + 1 : "";
	return true;
}

static bool may_press(struct turn *t, enum presser presser, const struct deal_file *f)
{
	switch (presser) {
	case SEATED:
		return role_of(&f->deal, t->me.id) != ROLE_NOBODY;
	case MEDIATOR:
		return staff_may(t, STAFF_MEDIATOR);
	case TREASURER:
		return staff_may(t, STAFF_TREASURER);
	case EITHER:
		return role_of(&f->deal, t->me.id) != ROLE_NOBODY || is_operator(t);
	}
	return false;
}

/* A press that is refused was a press on yesterday's card: the present one shows why. */
static void run_act(struct turn *t, struct deal_file *f, act_fn *run, const char *extra)
{
	run(t, f, extra);
	if (t->alert && !t->failed && role_of(&f->deal, t->me.id) != ROLE_NOBODY)
		deal_card_redraw(t, f, role_of(&f->deal, t->me.id));
}

static void press_act(struct turn *t, struct deal_file *f, const char *act, const char *extra)
{
	for (size_t i = 0; i < COUNT(acts); i++) {
		if (strcmp(acts[i].name, act))
			continue;
		if (!may_press(t, acts[i].presser, f))
			refuse(t, guess_allowed(t) ? REFUSAL_NOT_YOURS : REFUSAL_NOT_NOW);
		else if (acts[i].run)
			run_act(t, f, acts[i].run, extra);
		else if (deal_try(t, f, acts[i].event, NULL))
			t->toast = MINE_PLAIN(t, "talk.noted");
		return;
	}
	refuse(t, REFUSAL_NOT_NOW);
}

/* Buttons that belong to no deal: what their data begins with, and who takes the rest. */
static const struct {
	const char *prefix;
	press_fn *run;
} presses[] = {
	{"lang:", language_press}, {"set:", settings_press},    {"list:", lists_press},    {"help:", help_press},
	{"emblem:", emblem_press}, {"terms:", terms_press},     {"block:", blocked_press}, {"new:", new_press},
	{"check:", check_press},   {"profile:", profile_press}, {"batch:", batch_press},
};

static bool press_outside_deals(struct turn *t, const char *data)
{
	for (size_t i = 0; i < COUNT(presses); i++) {
		size_t n = strlen(presses[i].prefix);

		if (strncmp(data, presses[i].prefix, n))
			continue;
		presses[i].run(t, data + n);
		return true;
	}
	return false;
}

/* Data is foreign: any client can send any bytes. It only names a deal and an act; the rules decide (telegram.md 1.6).
 */
void press(struct turn *t, const char *data)
{
	const char *extra;
	char code[MAX_CODE], act[MAX_ACT];
	struct deal_file f;

	if (!strcmp(t->talk.step, "sure"))
		conversation_end(t->tx, t->me.id); /* asked anew, or answered */
	if (press_outside_deals(t, data))
		return;
	if (!split_data(data, code, act, &extra)) {
		refuse(t, REFUSAL_NOT_NOW);
	} else if (deal_by_code(t->tx, t->ctx, code, &f)) {
		press_act(t, &f, act, extra);
	} else {
		guess_wrong(t, "");
		refuse(t, REFUSAL_NOT_NOW);
	}
}

/* One answer for each press, or the client's wheel turns until it gives up and sends the press again. */
static void answer_button(struct turn *t)
{
	struct outmsg m = {.kind = OUT_ANSWER,
			   .chat_id = t->update->chat_id,
			   .callback_id = t->update->callback_id,
			   .text = t->toast ? t->toast : "",
			   .alert = t->alert};

	tell(t, &m, LANE_REPLY);
}

/* Words elsewhere are meant for others. */
static bool handle_talk(struct turn *t)
{
	for (size_t i = 0; i < COUNT(talks) && step_waits_here(t); i++)
		if (!strcmp(talks[i].step, t->talk.step)) {
			talks[i].run(t, t->talk.data);
			return true;
		}
	return false;
}

/* In groups the bot answers commands and the operators' steps; what people say to each other is not its business. */
static void handle_message(struct turn *t)
{
	if (handle_command(t) || handle_talk(t))
		return;
	if (t->update->chat_kind == CHAT_PRIVATE)
		loose_words(t);
}

void routes_handle(struct turn *t)
{
	switch (t->update->kind) {
	case UPDATE_TEXT:
	case UPDATE_PHOTO:
	case UPDATE_DOCUMENT:
	case UPDATE_CONTACT:
	case UPDATE_LOCATION:
	case UPDATE_STICKER:
		handle_message(t);
		return;
	case UPDATE_BUTTON:
		press(t, t->update->data);
		answer_button(t);
		return;
	case UPDATE_INLINE:
		inline_query(t);
		return;
	case UPDATE_CHOSEN:
		inline_chosen(t);
		return;
	case UPDATE_EDITED:
		edited_words(t);
		return;
	case UPDATE_OTHER:
	case UPDATE_MEMBERSHIP:
	case UPDATE_MIGRATED:
		return;
	}
}

void routes_apologise(struct turn *t)
{
	object(t, MINE_PLAIN(t, "trouble.ours"));
	if (t->update->kind == UPDATE_BUTTON)
		answer_button(t);
}
