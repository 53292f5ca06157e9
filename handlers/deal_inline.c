/* Inline mode: "@bot 25m iPhone 13" typed in any chat gives ready cards; the one that is sent becomes a deal whose
 * public card is kept up to date there, although the bot is no member. Telegram tells which card was sent only where
 * the owner switched that on (telegram.md 1.6), so the card's own link can make the deal too: its code is known to
 * nobody but those who see the card. */
#include "deal_inline.h"

#include "amount.h"
#include "deal_card.h"
#include "deal_draft.h"
#include "deal_public.h"
#include "deal_step.h"
#include "guess.h"
#include "repo_inline.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { OFFER_LETTERS = 16, QUERY_CODE_MOST = 16 };

/* The ready cards for one line. */
static const struct variant {
	enum role seat;
	enum fee_payer payer;
	const char *title;
} variants[] = {
	{ROLE_SELLER, FEE_BY_HALF, "inline.sell_half"},     {ROLE_SELLER, FEE_BY_BUYER, "inline.sell_buyer"},
	{ROLE_SELLER, FEE_BY_SELLER, "inline.sell_seller"}, {ROLE_BUYER, FEE_BY_HALF, "inline.buy_half"},
	{ROLE_BUYER, FEE_BY_BUYER, "inline.buy_buyer"},     {ROLE_BUYER, FEE_BY_SELLER, "inline.buy_seller"},
};
#define N_VARIANTS (sizeof variants / sizeof *variants)
_Static_assert(N_VARIANTS <= OUTMSG_MAX_RESULTS, "every variant is a result");

/* The code of a card: the same line typed again gets the same one. */
static const char *offer_code(struct turn *t, const struct variant *v, const char *title, struct rial price)
{
	struct inline_offer o = {.person_id = t->me.id,
				 .seat = v->seat,
				 .payer = v->payer,
				 .title = title,
				 .price = price,
				 .at_ms = t->now_ms};
	struct inline_offer same;

	if (inline_offer_same(t->tx, t->ctx, &o, &same)) {
		inline_offer_touch(t->tx, same.code, t->now_ms);
		return same.code;
	}
	o.code = rnd_code(t->ctx, &t->house->rnd, OFFER_LETTERS);
	inline_offer_add(t->tx, &o);
	return o.code;
}

static void add_variant(struct turn *t, struct outmsg *m, const struct variant *v, const char *title, struct rial price)
{
	struct deal_file f = {.title = title, .invited_name = "", .public_price = price, .public_payer = v->payer};
	const char *code = offer_code(t, v, title, price);

	f.deal.state = DEAL_OFFERED;
	f.deal.creator = v->seat;
	*(v->seat == ROLE_BUYER ? &f.deal.buyer_id : &f.deal.seller_id) = t->me.id;
	m->results[m->n_results++] = (struct out_result){
		.id = code,
		.title = MINE_PLAIN(t, v->title),
		.about = MINE_PLAIN(t, "inline.about", ARG_TEXT("title", title), MONEY_ARG("price", price),
				    MONEY_ARG("words", price)),
		.text = deal_public_text(t, &f),
		.button = MINE_PLAIN(t, "button.join"),
		.link = talloc_asprintf(t->ctx, "https://t.me/%s?start=i_%s", t->house->bot_username, code),
	};
}

/* A button above the (empty) list that opens the private chat, where questions can be asked. */
static void say_above(struct turn *t, struct outmsg *m, const char *key)
{
	m->text = MINE_PLAIN(t, key);
	m->url = "sell";
}

/* One's own deal by its code: its card can be shown anywhere. */
static bool add_own_deal(struct turn *t, struct outmsg *m, const char *query)
{
	struct deal_file f;

	if (strlen(query) > QUERY_CODE_MOST || !deal_by_code(t->tx, t->ctx, query, &f) ||
	    role_of(&f.deal, t->me.id) == ROLE_NOBODY || f.deal.state == DEAL_DRAFT)
		return false;
	m->results[m->n_results++] = (struct out_result){
		.id = talloc_asprintf(t->ctx, "d.%s", f.code),
		.title = MINE_PLAIN(t, "inline.own_deal", ARG_TEXT("title", f.title)),
		.about = MINE_PLAIN(t, "inline.about", ARG_TEXT("title", f.title),
				    MONEY_ARG("price", f.deal.terms.price), MONEY_ARG("words", f.deal.terms.price)),
		.text = deal_public_text(t, &f),
		.button = MINE_PLAIN(t, "button.join"),
		.link = deal_link(t, &f),
	};
	return true;
}

static void add_offers(struct turn *t, struct outmsg *m, const char *query)
{
	struct amount_reading r;
	const char *title;

	if (!amount_find(query, &r)) {
		say_above(t, m, "inline.how");
		return;
	}
	title = safe_line(t->ctx, amount_title(t->ctx, query, &r), TITLE_CODEPOINTS);
	if (!title[0] || !price_in_limits(t, rial_of(r.rial), FEE_BY_BUYER)) {
		say_above(t, m, title[0] ? "inline.limits" : "inline.how");
		return;
	}
	inline_offers_prune(t->tx, t->me.id, t->now_ms - t->house->policy.offer_ms);
	for (size_t i = 0; i < N_VARIANTS; i++)
		add_variant(t, m, &variants[i], title, rial_of(r.rial));
}

void inline_query(struct turn *t)
{
	struct outmsg m = {.kind = OUT_RESULTS, .callback_id = t->update->callback_id, .text = ""};
	const char *query = safe_text(t->ctx, t->update->text, AMOUNT_TEXT_BYTES, false);

	if (!add_own_deal(t, &m, query))
		add_offers(t, &m, query);
	tell(t, &m, LANE_REPLY);
}

/* Makes and publishes the deal of a sent card, once; the turn is the offerer's. A card lives as long as an offer. */
static bool make_deal(struct turn *t, const struct inline_offer *offer, struct deal_file *f)
{
	struct draft d = {.seat = offer->seat,
			  .title = offer->title,
			  .price = offer->price,
			  .payer = offer->payer,
			  .about = "",
			  .photo = "",
			  .album = ""};

	if (offer->deal_id)
		return deal_by_id(t->tx, t->ctx, offer->deal_id, f);
	if (t->now_ms - offer->at_ms > t->house->policy.offer_ms)
		return false;
	if (!draft_make(t, &d, f) || !draft_publish(t, f, true))
		return false;
	inline_offer_sent(t->tx, offer->code, f->deal.id);
	return true;
}

/* The card is kept up to date where its maker sent it last; what others send on is a copy. */
static void follow_card(struct turn *t, const struct deal_file *f)
{
	if (!t->update->inline_id[0] || role_of(&f->deal, t->me.id) != f->deal.creator)
		return;
	card_set(t->tx, f->deal.id, CARD_INLINE, (struct card){.inline_id = t->update->inline_id});
	deal_public_redraw(t, f);
}

void inline_chosen(struct turn *t)
{
	const char *id = t->update->data;
	struct inline_offer offer;
	struct deal_file f;

	if (!strncmp(id, "d.", 2)) {
		if (deal_by_code(t->tx, t->ctx, id + 2, &f))
			follow_card(t, &f);
		return;
	}
	if (inline_offer_get(t->tx, t->ctx, id, &offer) && offer.person_id == t->me.id && make_deal(t, &offer, &f))
		follow_card(t, &f);
}

void join_by_inline(struct turn *t, const char *code)
{
	struct turn theirs = *t;
	struct inline_offer offer;
	struct deal_file f;

	if (!inline_offer_get(t->tx, t->ctx, code, &offer) ||
	    !person_by_id(t->tx, t->ctx, offer.person_id, &theirs.me)) {
		reply(t, MINE(t, "join.unknown")); /* such a code cannot be guessed, so none is counted as a guess */
		return;
	}
	theirs.update = NULL; /* what is said goes to nobody here: the offerer did not press */
	if (!persons_blocked(t->tx, t->me.id, offer.person_id) && make_deal(&theirs, &offer, &f))
		join_by_code(t, f.code);
	else
		reply(t, MINE(t, "join.closed"));
	t->failed = t->failed || theirs.failed;
}
