/* Counter-offers before the two agree, and changes of a paid deal (row 55): one tap makes a proposal, the other side
 * sees before and after and answers with one tap. */
#include "deal_counter.h"

#include "buf.h"
#include "clock.h"
#include "deal_card.h"
#include "deal_draft.h"
#include "deal_step.h"
#include "js.h"
#include "money_in.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { CHANGES_BYTES = 4096, HASH_SHOWN = 16 /* of the terms that a choice changes */ };

/* Prices that can be proposed with one tap: so many percent below the present one, or above it for a seller who answers
 * a proposal, because going below what the other side just named helps nobody. */
static const int percents[] = {5, 10};
static const int looks_h[] = {24, 48, 72, 168};

/* --- what a proposal changes --- */

const char *terms_note(const void *ctx, const struct deal_terms *terms)
{
	return talloc_asprintf(ctx, "%" PRId64 " %" PRId64 " %d %d %d %d", rial_raw(terms->price), rial_raw(terms->fee),
			       (int)terms->fee_payer, terms->inspection_h, terms->ship_h, (int)terms->ship_payer);
}

bool terms_of_note(const char *note, struct deal_terms *out)
{
	enum { PRICE, FEE, PAYER, LOOK, SHIP, CARRIAGE, PARTS };
	int64_t n[PARTS];

	for (int i = 0; i < PARTS; i++) {
		char *end;

		n[i] = strtoll(note, &end, 10);
		if (end == note || (*end != ' ' && *end))
			return false;
		note = *end ? end + 1 : end;
	}
	*out = (struct deal_terms){.price = rial_of(n[PRICE]),
				   .fee = rial_of(n[FEE]),
				   .fee_payer = (enum fee_payer)n[PAYER],
				   .inspection_h = (int)n[LOOK],
				   .ship_h = (int)n[SHIP],
				   .ship_payer = (enum ship_payer)n[CARRIAGE]};
	return true;
}

const char *carriage_key(enum ship_payer payer)
{
	return payer == SHIP_BY_BUYER ? "carriage.buyer" : "carriage.seller";
}

const char *terms_changes(struct turn *t, const struct person *reader, enum role role, const struct deal_terms *before,
			  const struct deal_terms *after)
{
	bool seller = role == ROLE_SELLER;
	struct buf *b = buf_new(t->ctx, CHANGES_BYTES);

	if (rial_cmp(before->price, after->price))
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.price", MONEY_ARG("before", before->price),
				  MONEY_ARG("after", after->price)));
	if (seller && rial_cmp(terms_payout(before), terms_payout(after)))
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.payout", MONEY_ARG("before", terms_payout(before)),
				  MONEY_ARG("after", terms_payout(after))));
	if (!seller && rial_cmp(terms_due(before), terms_due(after)))
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.due", MONEY_ARG("before", terms_due(before)),
				  MONEY_ARG("after", terms_due(after))));
	if (before->fee_payer != after->fee_payer)
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.fee",
				  ARG_RAW("before", THEIRS(t, reader, fee_payer_key(before->fee_payer))),
				  ARG_RAW("after", THEIRS(t, reader, fee_payer_key(after->fee_payer)))));
	if (before->inspection_h != after->inspection_h)
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.look", ARG_SPAN("before", before->inspection_h * HOUR_MS),
				  ARG_SPAN("after", after->inspection_h * HOUR_MS)));
	if (before->ship_payer != after->ship_payer)
		buf_printf(b, "\n%s",
			   THEIRS(t, reader, "counter.carriage",
				  ARG_RAW("before", THEIRS(t, reader, carriage_key(before->ship_payer))),
				  ARG_RAW("after", THEIRS(t, reader, carriage_key(after->ship_payer)))));
	return b->len ? b->data + 1 : "";
}

/* --- proposing --- */

static bool before_agreement(const struct deal *d)
{
	return d->state == DEAL_OFFERED || d->state == DEAL_COUNTERED;
}

static bool may_propose(const struct deal *d)
{
	return d->buyer_id && d->seller_id && (before_agreement(d) || d->state == DEAL_FUNDED);
}

/* Sends the proposal. In a counter-offer the old terms stay in the history, so that both can see what changed. */
static void propose(struct turn *t, struct deal_file *f, struct deal_terms terms)
{
	enum event_kind kind = before_agreement(&f->deal) ? EVENT_COUNTER : EVENT_PROPOSE_AMEND;
	const char *note = terms_note(t->ctx, &f->deal.terms);
	struct event e = event_by_me(t, f, kind);
	enum refusal r;

	deal_terms_finish(t, &terms, f->title);
	if (!rial_cmp(terms.price,
		      f->deal.terms.price)) { /* the fee was agreed with the price, by the plan of that day */
		terms.fee = f->deal.terms.fee;
		terms_hash(&terms, f->title);
	}
	if (!strcmp(terms.hash, f->deal.terms.hash)) {
		object(t, MINE_PLAIN(t, "counter.same"));
		return;
	}
	e.terms = &terms;
	e.amount = terms.price;
	r = deal_step(t, f, &e, &(struct step_facts){.note = note});
	if (r == REFUSAL_NONE) {
		t->toast = MINE_PLAIN(t, "counter.sent");
		return;
	}
	refuse(t, r);
	deal_card_redraw(t, f, e.role);
}

/* --- the menu --- */

struct menu {
	struct turn *t;
	const struct deal_file *f;
	struct outmsg *m;
};

/* Every button carries the beginning of the hash of the terms that are on the screen: a proposal changes those and no
 * others. What follows names the item and its value. */
static void add_choice(struct menu *m, bool new_row, const char *label, const char *choice)
{
	deal_button(m->t, m->m, new_row, BUTTON_PLAIN, label, m->f->code,
		    talloc_asprintf(m->t->ctx, "counter.%.*s.%s", HASH_SHOWN, m->f->deal.terms.hash, choice));
}

static void add_price_buttons(struct menu *m)
{
	const struct deal *deal = &m->f->deal;
	bool answers = deal->state == DEAL_COUNTERED && role_of(deal, m->t->me.id) == ROLE_SELLER;
	struct rial price = deal->terms.price;

	for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
		struct rial part = rial_share(price, rial_of(percents[i]), rial_of(100));
		struct rial next = rial_floor_toman(answers ? rial_add(price, part) : rial_take(price, part));

		add_choice(m, i == 0, MINE_PLAIN(m->t, "button.counter_price", MONEY_ARG("price", next)),
			   talloc_asprintf(m->t->ctx, "price%" PRId64, rial_raw(next)));
	}
	add_choice(m, true, MINE_PLAIN(m->t, "button.counter_other_price"), "ask");
}

static void add_fee_buttons(struct menu *m)
{
	static const struct {
		enum fee_payer payer;
		const char *key;
	} choices[] = {{FEE_BY_HALF, "button.counter_fee_half"},
		       {FEE_BY_BUYER, "button.counter_fee_buyer"},
		       {FEE_BY_SELLER, "button.counter_fee_seller"}};
	bool first = true;

	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		if (choices[i].payer == m->f->deal.terms.fee_payer)
			continue;
		add_choice(m, first, MINE_PLAIN(m->t, choices[i].key),
			   talloc_asprintf(m->t->ctx, "fee%d", (int)choices[i].payer));
		first = false;
	}
}

static void add_look_buttons(struct menu *m)
{
	bool first = true;

	for (size_t i = 0; i < sizeof looks_h / sizeof *looks_h; i++) {
		if (looks_h[i] == m->f->deal.terms.inspection_h)
			continue;
		add_choice(m, first, MINE_PLAIN(m->t, "button.counter_look", ARG_SPAN("look", looks_h[i] * HOUR_MS)),
			   talloc_asprintf(m->t->ctx, "look%d", looks_h[i]));
		first = false;
	}
}

static void add_carriage_button(struct menu *m)
{
	bool buyer = m->f->deal.terms.ship_payer == SHIP_BY_BUYER;

	add_choice(m, true,
		   MINE_PLAIN(m->t, buyer ? "button.counter_carriage_seller" : "button.counter_carriage_buyer"),
		   talloc_asprintf(m->t->ctx, "carriage%d", buyer ? SHIP_BY_SELLER : SHIP_BY_BUYER));
}

/* In place of the card; "back" draws that again. */
static void show_menu(struct turn *t, const struct deal_file *f)
{
	const struct deal_terms *now = &f->deal.terms;
	struct outmsg card = tell_to(&t->me, MINE(t, before_agreement(&f->deal) ? "counter.menu" : "counter.menu_paid",
						  ARG_TEXT("title", f->title), MONEY_ARG("price", now->price),
						  ARG_RAW("payer", MINE(t, fee_payer_key(now->fee_payer))),
						  ARG_SPAN("look", now->inspection_h * HOUR_MS),
						  ARG_RAW("carriage", MINE(t, carriage_key(now->ship_payer)))));
	struct menu m = {t, f, &card};

	add_price_buttons(&m);
	add_fee_buttons(&m);
	add_look_buttons(&m);
	add_carriage_button(&m);
	deal_button(t, &card, true, BUTTON_PLAIN, MINE_PLAIN(t, "button.back"), f->code, "back");
	deal_card_ask(t, f, &card);
}

/* Reads "WORDnumber". */
static bool number_after(const char *extra, const char *word, int64_t *out)
{
	size_t n = strlen(word);
	char *end;

	if (strncmp(extra, word, n) || extra[n] < '0' || extra[n] > '9')
		return false;
	*out = strtoll(extra + n, &end, 10);
	return !*end;
}

/* The terms that a button of the menu proposes. Data is forgeable: what makes no sense is refused by the rules. */
static bool terms_wanted(const char *extra, struct deal_terms *terms)
{
	int64_t n;

	if (number_after(extra, "price", &n) && n > 0 && n <= AMOUNT_MAX_RIAL && n % RIAL_PER_TOMAN == 0)
		terms->price = rial_of(n);
	else if (number_after(extra, "fee", &n) && n >= FEE_BY_BUYER && n <= FEE_BY_HALF)
		terms->fee_payer = (enum fee_payer)n;
	else if (number_after(extra, "look", &n) && n > 0 && n <= looks_h[3])
		terms->inspection_h = (int)n;
	else if (number_after(extra, "carriage", &n) && n <= SHIP_BY_BUYER)
		terms->ship_payer = (enum ship_payer)n;
	else
		return false;
	return true;
}

/* Takes the hash off the button's data; false when those are not the deal's terms any more. */
static bool still_these_terms(const struct deal *d, const char **choice)
{
	const char *dot = strchr(*choice, '.');
	bool same = dot && dot - *choice == HASH_SHOWN && !strncmp(*choice, d->terms.hash, HASH_SHOWN);

	if (same)
		*choice = dot + 1;
	return same;
}

/* {"deal":ID,"hash":"…"}: the price that is typed changes these terms. */
static void ask_price(struct turn *t, const struct deal_file *f)
{
	json_t *o = js_own(t->ctx, json_pack("{s:I, s:s}", "deal", (json_int_t)f->deal.id, "hash", f->deal.terms.hash));

	talk_begin(t, "counter_price", js_text(t->ctx, o));
	reply(t, MINE(t, "counter.ask_price", ARG_TEXT("title", f->title)));
}

void counter_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct deal_terms terms = f->deal.terms;

	if (!may_propose(&f->deal))
		refuse(t, REFUSAL_NOT_NOW);
	else if (!extra[0])
		show_menu(t, f);
	else if (!still_these_terms(&f->deal, &extra))
		refuse(t, REFUSAL_TERMS_CHANGED);
	else if (!strcmp(extra, "ask"))
		ask_price(t, f);
	else if (terms_wanted(extra, &terms))
		propose(t, f, terms);
	else
		refuse(t, REFUSAL_NOT_NOW);
}

/* A price that people may have meant otherwise is confirmed by one tap before it goes out. */
static void confirm_price(struct turn *t, const struct deal_file *f, struct rial price)
{
	struct outmsg card =
		tell_here(t, MINE(t, "counter.doubtful", MONEY_ARG("price", price), MONEY_ARG("words", price)));
	struct menu m = {t, f, &card};

	add_choice(&m, true, MINE_PLAIN(t, "button.yes_right"),
		   talloc_asprintf(t->ctx, "price%" PRId64, rial_raw(price)));
	add_choice(&m, false, MINE_PLAIN(t, "button.counter_other_price"), "ask");
	tell(t, &card, LANE_REPLY);
}

/* When the deal has moved on, what is written now belongs to something else. */
void counter_price_talk(struct turn *t, const char *data)
{
	const char *hash = js_str(js_parse(t->ctx, data, strlen(data)), "hash", "");
	struct deal_terms terms;
	struct deal_file f;
	bool doubtful;

	if (!talk_deal(t, data, &f))
		return;
	if (!may_propose(&f.deal) || strcmp(hash, f.deal.terms.hash)) {
		conversation_end(t->tx, t->me.id);
		reply(t, MINE(t, "counter.moved_on"));
		deal_card_fresh(t, &f, role_of(&f.deal, t->me.id));
		return;
	}
	terms = f.deal.terms;
	if (!draft_price_read(t, &terms.price, &doubtful))
		return;
	conversation_end(t->tx, t->me.id);
	if (doubtful) {
		confirm_price(t, &f, terms.price);
		return;
	}
	propose(t, &f, terms);
	deal_card_fresh(t, &f, role_of(&f.deal, t->me.id));
}

/* The button names the beginning of the hash of the proposal that was on the screen. */
void amend_ok_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_me(t, f, EVENT_ACCEPT_AMEND);
	size_t n = strlen(extra);
	enum refusal r = REFUSAL_TERMS_CHANGED;

	if (f->deal.amended_by != ROLE_NOBODY && !money_may_top_up(t, &f->deal)) {
		object(t, MINE_PLAIN(t, "refused.payments"));
		return;
	}
	if (n == TERMS_HASH_SHOWN && !strncmp(f->deal.amended.hash, extra, n)) {
		e.hash = f->deal.amended.hash;
		r = deal_step(t, f, &e, NULL);
	}
	if (r == REFUSAL_NONE)
		return;
	refuse(t, r);
	deal_card_redraw(t, f, e.role);
}
