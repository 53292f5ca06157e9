/* The other side: the link is opened, the terms are shown, agreed to or declined. */
#include "deal_card.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "safe_name.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <ctype.h>
#include <string.h>
#include <talloc.h>

enum { LONGEST_CODE = 16 };

static void take_seat(struct turn *t, struct deal_file *f)
{
	enum role seat = f->deal.buyer_id ? ROLE_SELLER : ROLE_BUYER;
	struct event e = {.kind = EVENT_JOIN, .role = seat, .actor_id = t->me.id};
	enum refusal r;

	emblem_ensure(t);
	r = deal_step(t, f, &e, NULL);
	if (r != REFUSAL_NONE)
		refuse(t, r);
}

/* Codes are printed in capitals and typed as people type. */
static const char *clean_code(struct turn *t, const char *typed)
{
	char *code = digits_fold(t->ctx, typed);

	for (char *p = code; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return strlen(code) <= LONGEST_CODE ? code : "";
}

void join_by_code(struct turn *t, const char *typed)
{
	struct deal_file f;
	enum role mine;

	if (!deal_by_code(t->tx, t->ctx, clean_code(t, typed), &f)) {
		reply(t, MINE(t, "join.unknown"));
		return;
	}
	if (t->update->chat_id == t->house->staff_chat && is_operator(t)) {
		staff_card(t, &f, true);
		return;
	}
	mine = role_of(&f.deal, t->me.id);
	if (mine != ROLE_NOBODY)
		deal_card_fresh(t, &f, mine);
	else if (f.deal.state == DEAL_OFFERED)
		take_seat(t, &f);
	else
		reply(t, f.deal.state == DEAL_DRAFT ? MINE(t, "join.unknown") : MINE(t, "join.closed"));
}

/* The button names the beginning of the terms' hash that was on the screen. */
void agree_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_me(t, f, EVENT_AGREE);
	size_t n = strlen(extra);
	enum refusal r;

	if (n < 8 || strncmp(f->deal.terms.hash, extra, n)) {
		refuse(t, REFUSAL_TERMS_CHANGED);
		deal_card_redraw(t, f, e.role);
		return;
	}
	e.hash = f->deal.terms.hash;
	r = deal_step(t, f, &e, NULL);
	if (r != REFUSAL_NONE) {
		refuse(t, r);
		deal_card_redraw(t, f, e.role);
	}
}

/* An offer to a group stays open for the next one; every other offer ends here. */
void decline_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (deal_try(t, f, EVENT_DECLINE, NULL) && role_of(&f->deal, t->me.id) == ROLE_NOBODY)
		reply(t, MINE(t, "join.left", ARG_TEXT("title", f->title)));
}

void turn_away_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct person other;
	bool there = deal_other(t, f, role_of(&f->deal, t->me.id), &other);

	(void)extra;
	if (deal_try(t, f, EVENT_TURN_AWAY, NULL) && there) {
		struct outmsg m = tell_to(&other, THEIRS(t, &other, "join.turned_away", ARG_TEXT("title", f->title)));

		tell(t, &m, LANE_NOTICE);
	}
}
