/* Shipping: the tracking code, its carrier, corrections, and goods sent back. */
#include "buf.h"
#include "deal_card.h"
#include "deal_step.h"
#include "js.h"
#include "shipping.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { MAX_MINE = 50 };

static const struct {
	enum carrier carrier;
	const char *key;
} carriers[] = {
	{CARRIER_TIPAX, "carrier.tipax"},       {CARRIER_MAHEX, "carrier.mahex"},
	{CARRIER_CHAPAR, "carrier.chapar"},     {CARRIER_ALOPEYK, "carrier.alopeyk"},
	{CARRIER_SNAPPBOX, "carrier.snappbox"}, {CARRIER_OTHER, "carrier.other"},
};

static void complain_about_code(struct turn *t, enum tracking_flaw flaw)
{
	static const char *const keys[] = {
		[TRACKING_OK] = "tracking.empty",        [TRACKING_EMPTY] = "tracking.empty",
		[TRACKING_IS_PHONE] = "tracking.phone",  [TRACKING_SPREADSHEET] = "tracking.spreadsheet",
		[TRACKING_LETTERS] = "tracking.letters", [TRACKING_ONE_MISSING] = "tracking.one_missing",
		[TRACKING_SHORT] = "tracking.short",     [TRACKING_LONG] = "tracking.long",
		[TRACKING_FAKE] = "tracking.fake",       [TRACKING_SIGNS] = "tracking.signs",
	};

	reply(t, MINE(t, keys[flaw]));
}

/* Claims the code, then moves the deal; a code of another deal is refused before anything changes. */
static void ship(struct turn *t, struct deal_file *f, enum carrier carrier, const char *code)
{
	bool fix = f->deal.state == DEAL_SHIPPED;
	struct event e = event_by_me(t, f, fix ? EVENT_TRACKING_FIX : EVENT_SHIP);

	if (!tracking_claim(t->tx, code, f->deal.id, t->now_ms)) {
		reply(t, MINE(t, "tracking.used"));
		return;
	}
	deal_set_tracking(t->tx, f->deal.id, carrier, code);
	f->carrier = carrier;
	f->tracking = code;
	if (deal_step(t, f, &e, &(struct step_facts){.note = code}) != REFUSAL_NONE) {
		t->failed = true; /* may_ship said yes in this very transaction */
		return;
	}
	conversation_end(t->tx, t->me.id);
	deal_card_fresh(t, f, ROLE_SELLER);
}

/* Refused steps must leave no code behind, so they are recognised before anything is written. */
static bool may(struct turn *t, const struct deal_file *f, enum event_kind kind)
{
	if (deal_may(t, f, kind))
		return true;
	conversation_end(t->tx, t->me.id);
	return false;
}

static bool may_ship(struct turn *t, const struct deal_file *f)
{
	return may(t, f, f->deal.state == DEAL_SHIPPED ? EVENT_TRACKING_FIX : EVENT_SHIP);
}

void ship_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (!may_ship(t, f))
		return;
	talk_begin(t, "ship", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "ship.ask", ARG_TEXT("title", f->title)));
}

/* A code that is not Iran Post's may be any carrier's: one tap says whose. */
static void ask_carrier(struct turn *t, const struct deal_file *f, const char *code)
{
	json_t *o = js_own(t->ctx, json_pack("{s:I, s:s}", "deal", (json_int_t)f->deal.id, "code", code));
	struct outmsg m = tell_here(t, MINE(t, "ship.ask_carrier", ARG_CODE("code", code)));

	talk_begin(t, "ship", js_text(t->ctx, o));
	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		deal_button(t, &m, i % 2 == 0, BUTTON_PLAIN, MINE_PLAIN(t, carriers[i].key), f->code,
			    talloc_asprintf(t->ctx, "carrier.%d", (int)carriers[i].carrier));
	tell(t, &m, LANE_REPLY);
}

/* True when it may be another carrier's code: not when it is Iran Post's with a slip. */
static bool other_carriers(enum tracking_flaw post, const char *typed, char code[TRACKING_BYTES])
{
	return post != TRACKING_IS_PHONE && post != TRACKING_SPREADSHEET && post != TRACKING_ONE_MISSING &&
	       post != TRACKING_FAKE && tracking_read(CARRIER_OTHER, typed, code) == TRACKING_OK;
}

static void take_code(struct turn *t, struct deal_file *f, const char *typed)
{
	char code[TRACKING_BYTES];
	enum tracking_flaw post = tracking_read(CARRIER_POST, typed, code);

	if (post == TRACKING_OK)
		ship(t, f, CARRIER_POST, talloc_strdup(t->ctx, code));
	else if (other_carriers(post, typed, code))
		ask_carrier(t, f, code);
	else
		complain_about_code(t, post);
}

void ship_talk(struct turn *t, const char *data)
{
	struct deal_file f;

	if (!talk_deal(t, data, &f) || !may_ship(t, &f))
		return;
	if (t->update->kind != UPDATE_TEXT) {
		reply(t, MINE(t, "ship.words_please"));
		return;
	}
	take_code(t, &f, t->update->text);
}

void carrier_act(struct turn *t, struct deal_file *f, const char *extra)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	enum carrier carrier = (enum carrier)strtol(extra, NULL, 10);
	char code[TRACKING_BYTES];
	bool known = false;

	for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
		known = known || carriers[i].carrier == carrier;
	if (!known || js_int(o, "deal", 0) != f->deal.id) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	if (!may_ship(t, f))
		return;
	if (tracking_read(carrier, js_str(o, "code", ""), code) == TRACKING_OK)
		ship(t, f, carrier, talloc_strdup(t->ctx, code));
	else
		refuse(t, REFUSAL_NOT_NOW);
}

bool ship_by_words(struct turn *t)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, MAX_MINE), *waiting = NULL;
	char code[TRACKING_BYTES];
	size_t n;

	if (t->update->kind != UPDATE_TEXT || tracking_read(CARRIER_POST, t->update->text, code) != TRACKING_OK)
		return false;
	n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, MAX_MINE);
	for (size_t i = 0; i < n; i++) {
		if (mine[i].deal.state != DEAL_FUNDED || mine[i].deal.seller_id != t->me.id)
			continue;
		if (waiting)
			return false; /* two deals wait: only a pressed button says which */
		waiting = &mine[i];
	}
	if (!waiting || !may_ship(t, waiting))
		return false;
	ship(t, waiting, CARRIER_POST, talloc_strdup(t->ctx, code));
	return true;
}

/* Goods go back: the buyer's tracking code (row 36). */
void ship_back_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (!may(t, f, EVENT_RETURN_SHIP))
		return;
	talk_begin(t, "ship_back", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "ship.ask_back"));
}

void ship_back_talk(struct turn *t, const char *data)
{
	char code[TRACKING_BYTES];
	enum tracking_flaw post = tracking_read(CARRIER_POST, t->update->text, code);
	struct deal_file f;

	if (!talk_deal(t, data, &f) || !may(t, &f, EVENT_RETURN_SHIP))
		return;
	if (post != TRACKING_OK && !other_carriers(post, t->update->text, code)) {
		complain_about_code(t, post);
		return;
	}
	if (!tracking_claim(t->tx, code, f.deal.id, t->now_ms)) {
		reply(t, MINE(t, "tracking.used"));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (deal_try(t, &f, EVENT_RETURN_SHIP, code))
		deal_card_fresh(t, &f, ROLE_BUYER);
}
