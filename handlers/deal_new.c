/* A new deal: one line with title and price, or a question for what is missing; then the draft, which can be changed
 * item by item until it is published. */
#include "amount.h"
#include "deal_card.h"
#include "deal_step.h"
#include "js.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { TITLE_CODEPOINTS = 100, MAX_OPEN_DEALS = 20 };

static const char *role_word(enum role seat)
{
	return seat == ROLE_BUYER ? "buy" : "sell";
}

static enum role role_in(const json_t *o)
{
	return strcmp(js_str(o, "role", ""), "buy") ? ROLE_SELLER : ROLE_BUYER;
}

/* {"role":"sell","title":"…"} */
static const char *new_data(struct turn *t, enum role seat, const char *title)
{
	json_t *o = js_own(t->ctx, json_pack("{s:s, s:s}", "role", role_word(seat), "title", title));

	return js_text(t->ctx, o);
}

static void complain_about_amount(struct turn *t, enum amount_error why)
{
	static const char *const keys[] = {
		[AMOUNT_OK] = "amount.none",           [AMOUNT_NONE] = "amount.none",
		[AMOUNT_NEGATIVE] = "amount.negative", [AMOUNT_ZERO] = "amount.zero",
		[AMOUNT_TOO_BIG] = "amount.too_big",   [AMOUNT_CURRENCY] = "amount.currency",
		[AMOUNT_UNCLEAR] = "amount.unclear",   [AMOUNT_WHICH] = "amount.which",
	};

	reply(t, MINE(t, keys[why]));
}

/* What a draft at this price would ask of the buyer must fit into one payment. */
static bool price_fits(struct turn *t, struct rial price)
{
	const struct deal_policy *p = &t->house->policy;
	struct deal_terms terms = {.price = price, .fee_payer = t->house->fee_payer};

	terms.fee = fee_of(&t->house->fees, price);
	if (rial_cmp(price, p->price_min) >= 0 && rial_cmp(terms_due(&terms), p->due_max) <= 0)
		return true;
	reply(t, MINE(t, "amount.limits", MONEY_ARG("min", p->price_min), MONEY_ARG("max", p->due_max)));
	return false;
}

static void make_draft(struct turn *t, enum role seat, const char *title, struct rial price)
{
	struct deal_file f;

	conversation_end(t->tx, t->me.id);
	if (deals_open_count(t->tx, t->me.id) >= MAX_OPEN_DEALS) {
		reply(t, MINE(t, "new.too_many", ARG_INT("count", MAX_OPEN_DEALS)));
		return;
	}
	if (!deal_create(t, seat, title, price, &f))
		return;
	if (t->update->chat_kind == CHAT_PRIVATE)
		deal_card_fresh(t, &f, seat);
	else
		publish_act(t, &f, "");
}

static void ask_title(struct turn *t, enum role seat)
{
	talk_begin(t, "new_title", new_data(t, seat, ""));
	reply(t, seat == ROLE_BUYER ? MINE(t, "new.ask_title_buy") : MINE(t, "new.ask_title_sell"));
}

static void ask_price(struct turn *t, enum role seat, const char *title)
{
	talk_begin(t, "new_price", new_data(t, seat, title));
	reply(t, MINE(t, "new.ask_price", ARG_TEXT("title", title)));
}

/* What the line says: both, a title, a price, or nothing. Nothing that was said is asked again. */
static void read_line(struct turn *t, enum role seat, const char *line)
{
	struct amount_reading r;
	bool priced = amount_find(line, &r);
	const char *title = safe_text(t->ctx, priced ? amount_title(t->ctx, line, &r) : line, TITLE_CODEPOINTS, false);

	if (!title[0]) {
		ask_title(t, seat);
		return;
	}
	if (!priced && r.error != AMOUNT_NONE)
		complain_about_amount(t, r.error);
	if (!priced || !price_fits(t, rial_of(r.rial))) {
		ask_price(t, seat, title);
		return;
	}
	make_draft(t, seat, title, rial_of(r.rial));
}

static void new_deal(struct turn *t, enum role seat, const char *line)
{
	struct amount_reading r;

	/* In a group only the finished line makes sense: questions and answers belong in private. */
	if (t->update->chat_kind != CHAT_PRIVATE && (!amount_find(line, &r) || !t->me.reachable)) {
		struct outmsg m = tell_here(t, MINE(t, "new.in_private"));

		outmsg_button(
			&m, true, BUTTON_URL, BUTTON_GOOD, MINE_PLAIN(t, "button.open_private"),
			talloc_asprintf(t->ctx, "https://t.me/%s?start=%s", t->house->bot_username, role_word(seat)));
		tell(t, &m, LANE_REPLY);
		return;
	}
	read_line(t, seat, line);
}

void sell_command(struct turn *t, const char *args)
{
	new_deal(t, ROLE_SELLER, args);
}

void buy_command(struct turn *t, const char *args)
{
	new_deal(t, ROLE_BUYER, args);
}

void new_title_talk(struct turn *t, const char *data)
{
	enum role seat = role_in(js_parse(t->ctx, data, strlen(data)));

	if (t->update->kind != UPDATE_TEXT) {
		reply(t, MINE(t, "new.words_please"));
		return;
	}
	read_line(t, seat, t->update->text);
}

/* Reads an amount in answer to a question; complains and stays in the step when it is none. */
static bool read_price(struct turn *t, struct rial *price)
{
	struct amount_reading r;

	if (!amount_read(t->update->text, &r)) {
		complain_about_amount(t, r.error);
		return false;
	}
	*price = rial_of(r.rial);
	return price_fits(t, *price);
}

void new_price_talk(struct turn *t, const char *data)
{
	json_t *o = js_parse(t->ctx, data, strlen(data));
	struct rial price;

	if (read_price(t, &price))
		make_draft(t, role_in(o), js_str(o, "title", ""), price);
}

/* True when the draft now has this title and these terms (price, payer, times). */
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

void price_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (f->deal.state != DEAL_DRAFT) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	talk_begin(t, "edit_price", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "new.ask_price", ARG_TEXT("title", f->title)));
}

void title_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (f->deal.state != DEAL_DRAFT) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	talk_begin(t, "edit_title", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "new.ask_new_title"));
}

void edit_price_talk(struct turn *t, const char *data)
{
	struct deal_file f;
	struct deal_terms terms;

	if (!talk_deal(t, data, &f))
		return;
	terms = f.deal.terms;
	if (!read_price(t, &terms.price))
		return;
	conversation_end(t->tx, t->me.id);
	if (redraft(t, &f, f.title, terms))
		deal_card_fresh(t, &f, f.deal.creator);
}

void edit_title_talk(struct turn *t, const char *data)
{
	struct deal_file f;
	const char *title = safe_text(t->ctx, t->update->text, TITLE_CODEPOINTS, false);

	if (!talk_deal(t, data, &f))
		return;
	if (!title[0]) {
		reply(t, MINE(t, "new.words_please"));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (redraft(t, &f, title, f.deal.terms))
		deal_card_fresh(t, &f, f.deal.creator);
}

/* In a group the offer is shown there, for whoever wants to be the other side; without private facts. */
static void offer_in_group(struct turn *t, const struct deal_file *f)
{
	const char *key = f->deal.creator == ROLE_SELLER ? "group.offer_sell" : "group.offer_buy";
	struct outmsg m = tell_here(t, MINE(t, key, ARG_TEXT("who", t->me.name), ARG_TEXT("title", f->title),
					    MONEY_ARG("price", f->deal.terms.price)));

	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, MINE_PLAIN(t, "button.join"), deal_link(t, f));
	tell(t, &m, LANE_REPLY);
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

void publish_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_me(t, f, EVENT_PUBLISH);
	enum refusal r;

	(void)extra;
	e.in_group = t->update->chat_kind != CHAT_PRIVATE;
	r = deal_step(t, f, &e, NULL);
	if (r != REFUSAL_NONE)
		refuse(t, r);
	else if (e.in_group)
		offer_in_group(t, f);
	else
		send_invitation(t, f);
}

void new_press(struct turn *t, const char *rest)
{
	new_deal(t, !strcmp(rest, "buy") ? ROLE_BUYER : ROLE_SELLER, "");
}
