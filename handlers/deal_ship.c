/* Shipping: the tracking code, its carrier, corrections, and goods sent back. One message is enough: ship_code.c reads
 * it, and a picture that comes with it is proof. */
#include "deal_card.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "evidence.h"
#include "js.h"
#include "safe_name.h"
#include "ship_code.h"
#include "ship_wait.h"
#include "steps.h"
#include "tell.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const enum carrier carriers[] = {CARRIER_TIPAX,   CARRIER_MAHEX,    CARRIER_CHAPAR,
					CARRIER_ALOPEYK, CARRIER_SNAPPBOX, CARRIER_OTHER};

static void complain(struct turn *t, const struct ship_code *c)
{
	static const char *const keys[] = {
		[TRACKING_OK] = "tracking.empty",        [TRACKING_EMPTY] = "tracking.empty",
		[TRACKING_IS_PHONE] = "tracking.phone",  [TRACKING_SPREADSHEET] = "tracking.spreadsheet",
		[TRACKING_LETTERS] = "tracking.letters", [TRACKING_ONE_MISSING] = "tracking.one_missing",
		[TRACKING_SHORT] = "tracking.short",     [TRACKING_LONG] = "tracking.long",
		[TRACKING_FAKE] = "tracking.fake",       [TRACKING_SIGNS] = "tracking.signs",
	};

	reply(t, MINE(t, c->several ? "tracking.several" : keys[c->flaw]));
}

/* Refused steps must leave no code behind, so they are recognised before anything is written. */
static bool may(struct turn *t, const struct deal_file *f, enum event_kind kind)
{
	if (deal_may(t, f, kind))
		return true;
	conversation_end(t->tx, t->me.id);
	return false;
}

static bool goes_back(const struct deal_file *f)
{
	return f->deal.state == DEAL_RETURN_DUE;
}

static bool may_send(struct turn *t, const struct deal_file *f)
{
	if (goes_back(f))
		return may(t, f, EVENT_RETURN_SHIP);
	return may(t, f, f->deal.state == DEAL_SHIPPED ? EVENT_TRACKING_FIX : EVENT_SHIP);
}

/* The picture that brought the code, or those that waited until it was clear for which deal they are. */
static void keep_pictures(struct turn *t, const struct deal_file *f, const char *code)
{
	if (evidence_has_file(t->update))
		proof_keep(t, f);
	else
		ship_wait_take(t, f, "ship_pick", code);
}

/* Claims the code, then moves the deal; a code of another deal is refused before anything changes. */
static void send(struct turn *t, struct deal_file *f, enum carrier carrier, const char *code)
{
	bool fix = f->deal.state == DEAL_SHIPPED, back = goes_back(f);
	enum role mine = role_of(&f->deal, t->me.id);
	struct event e = event_by_me(t, f, back ? EVENT_RETURN_SHIP : (fix ? EVENT_TRACKING_FIX : EVENT_SHIP));

	if (!tracking_claim(t->tx, code, f->deal.id, t->now_ms)) {
		reply(t, MINE(t, "tracking.used"));
		return;
	}
	keep_pictures(t, f, code);
	if (!back) {
		deal_set_tracking(t->tx, f->deal.id, carrier, code);
		f->carrier = carrier;
		f->tracking = code;
	}
	if (deal_step(t, f, &e, &(struct step_facts){.note = code}) != REFUSAL_NONE) {
		t->failed = true; /* may_send said yes in this very transaction */
		return;
	}
	conversation_end(t->tx, t->me.id);
	deal_card_fresh(t, f, mine);
	if (!t->update->album[0]) /* of an album there is more to come */
		proof_show_new(t, f, mine);
	if (!fix)
		proof_ask(t, f);
}

/* A code that is not Iran Post's may be any carrier's: one tap says whose. */
static void ask_carrier(struct turn *t, const struct deal_file *f, const char *code)
{
	json_t *o = js_own(t->ctx, json_pack("{s:I, s:s, s:s, s:I}", "deal", (json_int_t)f->deal.id, "code", code,
					     "album", t->update->album, "from", (json_int_t)proof_from(t, f->deal.id)));
	struct outmsg m = tell_here(t, MINE(t, "ship.ask_carrier", ARG_CODE("code", code)));

	keep_pictures(t, f, code);
	talk_begin(t, "ship", js_text(t->ctx, o));
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		deal_button(t, &m, i % 2 == 0, BUTTON_PLAIN, MINE_PLAIN(t, deal_carrier_key((int)carriers[i])), f->code,
			    talloc_asprintf(t->ctx, "carrier.%d", (int)carriers[i]));
	tell(t, &m, LANE_REPLY);
}

static void take_code(struct turn *t, struct deal_file *f, const struct ship_code *c)
{
	const char *code = talloc_strdup(t->ctx, c->code);

	if (c->several || c->flaw != TRACKING_OK)
		complain(t, c);
	else if (!c->carrier && !goes_back(f))
		ask_carrier(t, f, code);
	else
		send(t, f, c->carrier, code);
}

/* Either question's answer. A picture without a code is kept, and the code still asked for. */
static void take_message(struct turn *t, struct deal_file *f)
{
	struct ship_code c;

	if (t->update->kind != UPDATE_TEXT && !evidence_has_file(t->update)) {
		reply(t, MINE(t, "ship.words_please"));
		return;
	}
	ship_code_read(t->update->text, &c);
	if (!evidence_has_file(t->update) || c.sure || (c.flaw == TRACKING_OK && !c.several))
		take_code(t, f, &c);
	else if (proof_keep(t, f) && !evidence_album_answered(t, "album"))
		reply(t, MINE(t, "ship.code_too"));
}

/* The carrier by name, instead of its button. True when a code waits for it. */
static bool take_carrier(struct turn *t, struct deal_file *f, const char *data)
{
	json_t *o = js_parse(t->ctx, data, strlen(data));
	enum carrier carrier = ship_carrier_named(safe_text(t->ctx, t->update->text, EVIDENCE_CODEPOINTS, false));
	char code[TRACKING_BYTES];
	struct ship_code said;

	ship_code_read(t->update->text, &said);
	if (!carrier || said.code[0] || said.sure || tracking_read(carrier, js_str(o, "code", ""), code) != TRACKING_OK)
		return false;
	send(t, f, carrier, talloc_strdup(t->ctx, code));
	return true;
}

void ship_talk(struct turn *t, const char *data)
{
	struct deal_file f;

	if (talk_deal(t, data, &f) && may_send(t, &f) && !take_carrier(t, &f, data))
		take_message(t, &f);
}

/* `extra` is "" or "CARRIER.CODE" from a list of deals for a code that came first. Never to correct a code: that was
 * not asked. */
static void ship_by_button(struct turn *t, struct deal_file *f, const char *step, const char *question,
			   const char *extra)
{
	char *rest = NULL;
	enum carrier carrier = (enum carrier)strtol(extra, &rest, 10);
	struct ship_code c;
	json_t *o;

	if (!may_send(t, f))
		return;
	if (!extra[0]) {
		o = js_own(t->ctx,
			   json_pack("{s:I, s:I}", "deal", (json_int_t)f->deal.id, "from", (json_int_t)t->now_ms));
		talk_begin(t, step, js_text(t->ctx, o));
		reply(t, question);
		return;
	}
	ship_code_read(*rest == '.' ? rest + 1 : "", &c);
	if (c.several || c.flaw != TRACKING_OK || f->deal.state == DEAL_SHIPPED) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers && !c.carrier; i++)
		if (carriers[i] == carrier)
			c.carrier = carrier;
	take_code(t, f, &c);
}

void ship_act(struct turn *t, struct deal_file *f, const char *extra)
{
	if (goes_back(f))
		refuse(t, REFUSAL_NOT_NOW);
	else
		ship_by_button(t, f, "ship", MINE(t, "ship.ask", ARG_TEXT("title", f->title)), extra);
}

void carrier_act(struct turn *t, struct deal_file *f, const char *extra)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	enum carrier carrier = (enum carrier)strtol(extra, NULL, 10);
	char code[TRACKING_BYTES];
	bool known = false;

	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		known = known || carriers[i] == carrier;
	if (!known || goes_back(f) || js_int(o, "deal", 0) != f->deal.id) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	if (!may_send(t, f))
		return;
	if (tracking_read(carrier, js_str(o, "code", ""), code) == TRACKING_OK)
		send(t, f, carrier, talloc_strdup(t->ctx, code));
	else
		refuse(t, REFUSAL_NOT_NOW);
}

/* The same code twice is no mistake: it is in its place. */
static bool said_before(struct turn *t, const struct ship_code *c)
{
	struct deal_file f;

	if (c->several || c->flaw != TRACKING_OK || !ship_wait_known(t, c->code, &f))
		return false;
	reply(t, MINE(t, "ship.already", ARG_TEXT("title", f.title)));
	return true;
}

/* A picture without a code, while one deal waits to be sent: what is being packed, if its words say so; without words
 * that is asked. Not one whose words are of something else, nor one of an advertisement's album. */
static bool take_picture(struct turn *t, struct deal_file *f)
{
	struct deal_file draft;

	if (t->update->forwarded || proof_flaw(t->update) ||
	    (t->update->text[0] && !proof_named(safe_text(t->ctx, t->update->text, EVIDENCE_CODEPOINTS, false))) ||
	    (t->update->album[0] && deal_by_album(t->tx, t->ctx, t->me.id, t->update->album, &draft)))
		return false;
	if (!t->update->text[0])
		proof_lone_ask(t, f);
	else if (proof_keep(t, f))
		proof_ask(t, f);
	return true;
}

/* Which of them? The code goes with the button, what was shown waits in the step. */
static void ask_which(struct turn *t, const struct deal_file *waiting, size_t n, const struct ship_code *c)
{
	struct outmsg m = tell_here(t, MINE(t, "ship.which"));

	for (size_t i = 0; i < n && i < OUTMSG_MAX_ROWS; i++) {
		const char *title = safe_line(t->ctx, waiting[i].title, SHIP_LABEL_CODEPOINTS);
		const char *label =
			MINE_PLAIN(t, "button.open_deal", ARG_TEXT("title", title), ARG_CODE("code", waiting[i].code));

		deal_button(t, &m, true, BUTTON_PLAIN, label, waiting[i].code,
			    talloc_asprintf(t->ctx, "%s.%d.%s", goes_back(&waiting[i]) ? "ship_back" : "ship",
					    (int)c->carrier, c->code));
	}
	ship_wait_begin(t, "ship_pick", c->code);
	tell(t, &m, LANE_REPLY);
}

bool ship_by_words(struct turn *t)
{
	struct deal_file *waiting = talloc_array(t->ctx, struct deal_file, SHIP_WAIT_MOST), other;
	struct ship_code c;
	size_t n;

	if (t->update->kind != UPDATE_TEXT && !evidence_has_file(t->update))
		return false;
	n = ship_wait_list(t, waiting);
	ship_code_read(t->update->text, &c);
	if (n == 1 && evidence_has_file(t->update) && !c.sure)
		return take_picture(t, &waiting[0]);
	if (!c.sure || deal_by_code(t->tx, t->ctx, c.code, &other))
		return false;
	if (said_before(t, &c))
		return true;
	if (!n)
		return false;
	if (n > 1 && !c.several && c.flaw == TRACKING_OK)
		ask_which(t, waiting, n, &c);
	else if (n > 1)
		complain(t, &c);
	else if (may_send(t, &waiting[0]))
		take_code(t, &waiting[0], &c);
	return true;
}

void ship_pick_talk(struct turn *t, const char *data)
{
	(void)data;
	if (t->update->album[0] && ship_wait_add(t))
		return;
	conversation_end(t->tx, t->me.id);
	loose_words(t);
}

/* Goods go back: the buyer's tracking code (row 36). */
void ship_back_act(struct turn *t, struct deal_file *f, const char *extra)
{
	if (goes_back(f))
		ship_by_button(t, f, "ship_back", MINE(t, "ship.ask_back"), extra);
	else
		may(t, f, EVENT_RETURN_SHIP);
}

void ship_back_talk(struct turn *t, const char *data)
{
	struct deal_file f;

	if (talk_deal(t, data, &f) && may(t, &f, EVENT_RETURN_SHIP))
		take_message(t, &f);
}
