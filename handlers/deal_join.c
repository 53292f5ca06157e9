/* The other side: the link is opened, the terms are shown, agreed to or declined. */
#include "clock.h"
#include "deal_card.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "guess.h"
#include "safe_name.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include "utf8.h"
#include "wishes.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { LONGEST_CODE = 16, MAX_MINE = 20, ABOUT_UNITS = 700 /* beside a title in a caption of 1,024 */ };

static const int64_t twin_ms = 10 * MINUTE_MS;

/* An offer that was made for one person is joined by that person only. */
static bool is_meant(const struct turn *t, const struct deal_file *f)
{
	if (f->invited_id)
		return f->invited_id == t->me.outside_id;
	return !f->invited_name[0] || !strcasecmp(f->invited_name, t->me.username);
}

/* The same two began the same deal twice, moments apart and before any money: the older one (escrow-rules.md 2.6). */
static bool older_twin(struct turn *t, const struct deal_file *f, struct deal_file *twin)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, MAX_MINE);
	int64_t maker = f->deal.buyer_id ? f->deal.buyer_id : f->deal.seller_id;
	size_t n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, MAX_MINE);

	for (size_t i = 0; i < n; i++) {
		const struct deal *d = &mine[i].deal;
		int64_t buyer = f->deal.buyer_id ? maker : t->me.id, seller = f->deal.buyer_id ? t->me.id : maker;

		if (d->id == f->deal.id || d->buyer_id != buyer || d->seller_id != seller || deal_has_money(d) ||
		    d->state > DEAL_AWAIT_PAY || rial_cmp(d->terms.price, f->deal.terms.price) ||
		    llabs(mine[i].created_ms - f->created_ms) > twin_ms)
			continue;
		*twin = mine[i];
		return true;
	}
	return false;
}

static void offer_twin(struct turn *t, const struct deal_file *f, const struct deal_file *twin)
{
	struct outmsg m = tell_here(
		t, MINE(t, "join.twin", ARG_TEXT("title", twin->title), MONEY_ARG("price", twin->deal.terms.price)));

	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "button.open_older"), twin->code, "show");
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "button.join_anyway"),
		      talloc_asprintf(t->ctx, "new:join.%s", f->code));
	tell(t, &m, LANE_REPLY);
}

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

/* What the ad showed and said, above the first card. */
static void show_goods(struct turn *t, const struct deal_file *f)
{
	struct outmsg m = tell_here(t, "");
	const char *about;

	m.n_files = deal_photos(t->tx, t->ctx, f->deal.id, m.files);
	if (!m.n_files && !f->description[0])
		return;
	about = talloc_strndup(t->ctx, f->description, utf8_fit_utf16(f->description, ABOUT_UNITS));
	m.text = MINE(t, f->description[0] ? "join.goods" : "join.goods_shown", ARG_TEXT("title", f->title),
		      ARG_LINES("about", about));
	if (m.n_files > 1) {
		m.kind = OUT_ALBUM;
	} else if (m.n_files) {
		m.kind = OUT_PHOTO;
		m.file_id = m.files[0];
	}
	if (m.kind != OUT_ALBUM)
		m.n_files = 0;
	tell(t, &m, LANE_REPLY);
}

/* Nobody is shown the goods of a deal that they cannot join. */
static bool has_seat(const struct deal_file *f)
{
	return f->deal.state == DEAL_OFFERED && (!f->deal.buyer_id || !f->deal.seller_id);
}

static void join(struct turn *t, struct deal_file *f, bool also_a_twin)
{
	int64_t maker = f->deal.buyer_id ? f->deal.buyer_id : f->deal.seller_id;
	struct deal_file twin;

	if (!has_seat(f) || persons_blocked(t->tx, t->me.id, maker))
		reply(t,
		      f->deal.state == DEAL_DRAFT ? guess_wrong(t, MINE(t, "join.unknown")) : MINE(t, "join.closed"));
	else if (!is_meant(t, f))
		reply(t, MINE(t, "join.kept"));
	else if (!also_a_twin && older_twin(t, f, &twin))
		offer_twin(t, f, &twin);
	else {
		show_goods(t, f);
		take_seat(t, f);
	}
}

void join_anyway(struct turn *t, const char *code)
{
	struct deal_file f;

	if (!guess_allowed(t) || !deal_by_code(t->tx, t->ctx, code, &f)) {
		guess_wrong(t, "");
		refuse(t, REFUSAL_NOT_NOW);
	} else if (role_of(&f.deal, t->me.id) == ROLE_NOBODY) {
		join(t, &f, true);
	} else {
		refuse(t, REFUSAL_NOT_NOW);
	}
}

/* Codes are printed in capitals and typed as people type. */
static const char *clean_code(struct turn *t, const char *typed)
{
	char *code = digits_fold(t->ctx, typed);

	for (char *p = code; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return strlen(code) <= LONGEST_CODE ? code : "";
}

/* Whoever has a seat is never kept out by wrong guesses; for a stranger the limit hides whether a code is real. */
void join_by_code(struct turn *t, const char *typed)
{
	struct deal_file f;
	bool found = deal_by_code(t->tx, t->ctx, clean_code(t, typed), &f);
	enum role mine = found ? role_of(&f.deal, t->me.id) : ROLE_NOBODY;

	if (found && t->update->chat_id == t->house->staff_chat && is_operator(t)) {
		staff_card(t, &f, true);
		return;
	}
	if (mine != ROLE_NOBODY) {
		deal_card_fresh(t, &f, mine);
		return;
	}
	if (found && guess_allowed(t))
		join(t, &f, false);
	else
		reply(t, guess_wrong(t, MINE(t, "join.unknown")));
}

/* The button names the beginning of the terms' hash that was on the screen. */
void agree_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_me(t, f, EVENT_AGREE);
	size_t n = strlen(extra);
	enum refusal r;

	if (n != TERMS_HASH_SHOWN || strncmp(f->deal.terms.hash, extra, n)) {
		refuse(t, REFUSAL_TERMS_CHANGED);
		deal_card_redraw(t, f, e.role);
		return;
	}
	e.hash = f->deal.terms.hash;
	terms_accept_by_acting(t);
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
