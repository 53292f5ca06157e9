/* A draft: changed item by item until it is published, turned around, thrown away, or begun again from an old deal. */
#include "deal_draft.h"

#include "amount.h"
#include "deal_card.h"
#include "deal_group.h"
#include "deal_public.h"
#include "deal_step.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include "wishes.h"
#include <string.h>
#include <talloc.h>

enum { MAX_OPEN_DEALS = 20 };

/* The buyer's time to look, as the draft's button goes through it; hours. */
static const int looks_h[] = {24, 48, 72, 168};

const char *amount_complaint(enum amount_error why, const char *none)
{
	static const char *const keys[] = {
		[AMOUNT_NEGATIVE] = "amount.negative", [AMOUNT_ZERO] = "amount.zero",
		[AMOUNT_TOO_BIG] = "amount.too_big",   [AMOUNT_CURRENCY] = "amount.currency",
		[AMOUNT_UNCLEAR] = "amount.unclear",   [AMOUNT_WHICH] = "amount.which",
	};

	return why == AMOUNT_OK || why == AMOUNT_NONE ? none : keys[why];
}

bool price_in_limits(const struct turn *t, struct rial price, enum fee_payer payer)
{
	const struct deal_policy *p = &t->house->policy;
	struct deal_terms terms = {.price = price, .fee = fee_of(&t->house->fees, price), .fee_payer = payer};

	return rial_cmp(price, p->price_min) >= 0 && rial_cmp(terms_due(&terms), p->due_max) <= 0;
}

bool draft_price_fits(struct turn *t, struct rial price)
{
	const struct deal_policy *p = &t->house->policy;

	if (price_in_limits(t, price, t->house->fee_payer))
		return true;
	object(t, MINE_PLAIN(t, "amount.limits", MONEY_ARG("min", p->price_min), MONEY_ARG("max", p->due_max)));
	return false;
}

bool draft_price_read(struct turn *t, struct rial *price, bool *doubtful)
{
	struct amount_reading r;

	if (!amount_read(t->update->text, &r)) {
		object(t, MINE_PLAIN(t, amount_complaint(r.error, "amount.none")));
		return false;
	}
	*price = rial_of(r.rial);
	*doubtful = r.confirm;
	return draft_price_fits(t, *price);
}

/* A price that people may have meant otherwise is said again above the draft, in figures and words. */
static const char *doubt_line(struct turn *t, const struct deal_file *f, bool doubtful)
{
	if (!doubtful)
		return NULL;
	return MINE(t, "new.doubtful", MONEY_ARG("price", f->deal.terms.price),
		    MONEY_ARG("words", f->deal.terms.price));
}

bool draft_make(struct turn *t, const struct draft *d, struct deal_file *f)
{
	struct deal_terms terms = {.price = d->price,
				   .fee_payer = d->payer ? d->payer : t->house->fee_payer,
				   .inspection_h = d->look_h ? d->look_h : t->house->inspection_h,
				   .ship_h = t->house->ship_h,
				   .ship_payer = d->ship_payer};

	if (deals_open_count(t->tx, t->me.id) >= MAX_OPEN_DEALS) {
		object(t, MINE_PLAIN(t, "new.too_many", ARG_INT("count", MAX_OPEN_DEALS)));
		return false;
	}
	if (!deal_create(t, d->seat, d->title, &terms, f))
		return false;
	if (d->about[0] || d->album[0])
		deal_set_ad(t->tx, f->deal.id, d->about, d->album);
	f->description = d->about;
	if (d->photo[0])
		deal_photo_add(t->tx, f->deal.id, d->photo);
	for (size_t i = 0; i < d->n_more; i++)
		deal_photo_add(t->tx, f->deal.id, d->more[i]);
	return true;
}

void draft_show(struct turn *t, const struct deal_file *f, bool doubtful)
{
	deal_card_fresh_with(t, f, f->deal.creator, doubt_line(t, f, doubtful));
}

/* True when the draft now has this title and these terms (price, payers, times). */
static bool redraft(struct turn *t, struct deal_file *f, const char *title, struct deal_terms terms)
{
	struct event e = event_by_me(t, f, EVENT_EDIT_DRAFT);
	enum refusal r;

	deal_terms_finish(t, &terms, title);
	e.terms = &terms;
	e.amount = terms.price;
	f->title = title;
	r = deal_step(t, f, &e, &(struct step_facts){.note = title});
	if (r == REFUSAL_NONE)
		deal_set_title(t->tx, f->deal.id, title);
	else
		refuse(t, r);
	return r == REFUSAL_NONE;
}

static enum fee_payer next_payer(enum fee_payer payer)
{
	switch (payer) {
	case FEE_BY_HALF:
		return FEE_BY_BUYER;
	case FEE_BY_BUYER:
		return FEE_BY_SELLER;
	case FEE_BY_SELLER:
		break;
	}
	return FEE_BY_HALF;
}

/* The next payer in turn with whom the buyer's sum still fits into one payment; the seller always is one. */
void fee_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct deal_terms terms = f->deal.terms;

	(void)extra;
	terms.fee_payer = next_payer(terms.fee_payer);
	if (rial_cmp(terms_due(&terms), t->house->policy.due_max) > 0)
		terms.fee_payer = FEE_BY_SELLER;
	redraft(t, f, f->title, terms);
}

void look_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct deal_terms terms = f->deal.terms;
	size_t n = sizeof looks_h / sizeof *looks_h, i = 0;

	(void)extra;
	while (i < n && looks_h[i] <= terms.inspection_h)
		i++;
	terms.inspection_h = looks_h[i % n];
	redraft(t, f, f->title, terms);
}

void carriage_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct deal_terms terms = f->deal.terms;

	(void)extra;
	terms.ship_payer = terms.ship_payer == SHIP_BY_SELLER ? SHIP_BY_BUYER : SHIP_BY_SELLER;
	redraft(t, f, f->title, terms);
}

/* The same message goes on as the card of the other side. */
static bool swap(struct turn *t, struct deal_file *f)
{
	enum card_place from = f->deal.creator == ROLE_BUYER ? CARD_BUYER : CARD_SELLER;
	struct card card;

	if (!deal_try(t, f, EVENT_SWAP_SEATS, NULL))
		return false;
	if (card_get(t->tx, t->ctx, f->deal.id, from, &card)) {
		card_forget(t->tx, f->deal.id, from);
		card_set(t->tx, f->deal.id, from == CARD_BUYER ? CARD_SELLER : CARD_BUYER, card);
	}
	return true;
}

void swap_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	swap(t, f);
}

static bool is_draft(struct turn *t, const struct deal_file *f)
{
	if (f->deal.state != DEAL_DRAFT)
		refuse(t, REFUSAL_NOT_NOW);
	return f->deal.state == DEAL_DRAFT;
}

void price_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (!is_draft(t, f))
		return;
	talk_begin(t, "edit_price", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "new.ask_price", ARG_TEXT("title", f->title)));
}

void title_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (!is_draft(t, f))
		return;
	talk_begin(t, "edit_title", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "new.ask_new_title"));
}

void edit_price_talk(struct turn *t, const char *data)
{
	struct deal_file f;
	struct deal_terms terms;
	bool doubtful;

	if (!talk_deal(t, data, &f))
		return;
	terms = f.deal.terms;
	if (!draft_price_read(t, &terms.price, &doubtful))
		return;
	conversation_end(t->tx, t->me.id);
	if (redraft(t, &f, f.title, terms))
		draft_show(t, &f, doubtful);
}

void edit_title_talk(struct turn *t, const char *data)
{
	struct deal_file f;
	const char *title = safe_text(t->ctx, t->update->text, TITLE_CODEPOINTS + 1, false);

	if (!talk_deal(t, data, &f))
		return;
	if (!title[0]) {
		reply(t, MINE(t, "new.words_please"));
		return;
	}
	if (strcmp(title, safe_text(t->ctx, title, TITLE_CODEPOINTS, false))) {
		reply(t, MINE(t, "new.title_long", ARG_INT("most", TITLE_CODEPOINTS)));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (redraft(t, &f, title, f.deal.terms))
		draft_show(t, &f, false);
}

/* The same deal once more, by the same person in the same seat, as a new draft. */
void again_act(struct turn *t, struct deal_file *f, const char *extra)
{
	const char *photos[DEAL_MAX_PHOTOS];
	size_t n = deal_photos(t->tx, t->ctx, f->deal.id, photos);
	struct draft d = {.seat = role_of(&f->deal, t->me.id),
			  .title = f->title,
			  .price = f->deal.terms.price,
			  .payer = f->deal.terms.fee_payer,
			  .look_h = f->deal.terms.inspection_h,
			  .ship_payer = f->deal.terms.ship_payer,
			  .about = f->description,
			  .photo = "",
			  .album = ""};
	struct deal_file new;

	(void)extra;
	if (!deal_is_final(f->deal.state)) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	if (!draft_make(t, &d, &new))
		return;
	for (size_t i = 0; i < n; i++)
		deal_photo_add(t->tx, new.deal.id, photos[i]);
	draft_show(t, &new, false);
}

/* The link comes as a message of its own, made to be forwarded to the other side. */
static void send_invitation(struct turn *t, const struct deal_file *f)
{
	const char *key = f->deal.creator == ROLE_SELLER ? "new.invitation_sell" : "new.invitation_buy";
	struct outmsg m =
		tell_to(&t->me, MINE(t, key, ARG_TEXT("who", t->me.name), ARG_TEXT("title", f->title),
				     MONEY_ARG("price", f->deal.terms.price), ARG_CODE("link", deal_link(t, f))));

	tell(t, &m, LANE_REPLY);
}

bool draft_publish(struct turn *t, struct deal_file *f, bool to_whoever_reads)
{
	struct event e = event_by_me(t, f, EVENT_PUBLISH);
	enum refusal r;

	e.in_group = to_whoever_reads;
	/* Only the card in private shows that publishing accepts the terms of use. */
	if (t->update && t->update->kind == UPDATE_BUTTON && t->update->chat_kind == CHAT_PRIVATE)
		terms_accept_by_acting(t);
	r = deal_step(t, f, &e, NULL);
	if (r != REFUSAL_NONE) {
		/* Tapped twice: the offer is there. */
		refuse(t, r == REFUSAL_NOT_NOW && f->deal.state == DEAL_OFFERED ? REFUSAL_ALREADY : r);
		return false;
	}
	f->public_price = f->deal.terms.price;
	f->public_payer = f->deal.terms.fee_payer;
	deal_set_public(t->tx, f->deal.id, f->public_price, f->public_payer);
	return true;
}

/* The question in the group that this press answers has done its duty. */
static void take_question_away(struct turn *t)
{
	struct outmsg m = {.kind = OUT_STRIP, .chat_id = t->update->chat_id, .message_id = t->update->message_id};

	if (t->update->kind == UPDATE_BUTTON && t->update->chat_kind != CHAT_PRIVATE && m.message_id)
		tell(t, &m, LANE_NOTICE);
}

/* A draft that began in a group is published there, for the person it was meant for or for whoever reads it. */
void publish_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool group = f->origin_chat != 0, kept = f->invited_id || f->invited_name[0];

	if (!strcmp(extra, "swap") && !swap(t, f))
		return;
	if (!draft_publish(t, f, group && !kept))
		return;
	if (!group) {
		send_invitation(t, f);
		return;
	}
	take_question_away(t);
	deal_public_post(t, f);
	group_tell_target(t, f);
}
