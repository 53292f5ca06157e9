/* The words of a card: see deal_drawing.h. */
#include "deal_drawing.h"

#include "buf.h"
#include "clock.h"
#include "deal_counter.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "money_in.h"
#include "money_out.h"
#include "pay_card.h"
#include "profile.h"
#include "shipping.h"
#include "trust.h"
#include "wishes.h"
#include <string.h>
#include <talloc.h>

enum {
	CARD_BYTES = 16384,
	CARD_LINES = 12 /* a phone shows them without scrolling */,
	CHANGES_BACK = 4,
	NOTES_BACK = 8
};

bool card_may_revive(const struct deal *d)
{
	return d->buyer_agreed && d->seller_agreed && rial_cmp(d->suspense, terms_due(&d->terms)) >= 0;
}

const char *fee_payer_key(enum fee_payer payer)
{
	switch (payer) {
	case FEE_BY_BUYER:
		return "fee.by_buyer";
	case FEE_BY_SELLER:
		return "fee.by_seller";
	case FEE_BY_HALF:
		break;
	}
	return "fee.by_half";
}

const char *deal_ruling(struct turn *t, const struct deal_file *f, const char *language)
{
	struct person reader = {.language = language};

	switch (f->deal.ruling) {
	case RULING_RELEASE:
		return THEIRS(t, &reader, "ruling.release");
	case RULING_REFUND:
		return THEIRS(t, &reader, "ruling.refund");
	case RULING_SPLIT:
		return THEIRS(t, &reader, "ruling.split", MONEY_ARG("to_buyer", f->deal.ruling_to_buyer));
	case RULING_RETURN:
		return THEIRS(t, &reader, "ruling.return");
	case RULING_NONE:
		break;
	}
	return "";
}

const char *deal_carrier_key(int carrier)
{
	static const struct {
		int carrier;
		const char *key;
	} keys[] = {{1, "carrier.post"},   {2, "carrier.tipax"},   {3, "carrier.mahex"},
		    {4, "carrier.chapar"}, {5, "carrier.alopeyk"}, {6, "carrier.snappbox"}};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].carrier == carrier)
			return keys[i].key;
	return "carrier.other";
}

/* Where the state alone does not say what is so. */
static const char *body_key(const struct drawing *d, const struct face *face)
{
	const struct deal *deal = &d->f->deal;
	bool buyer = d->role == ROLE_BUYER;

	if (deal->state == DEAL_OFFERED && !d->has_other)
		return "card.offered.open";
	if (deal->state == DEAL_COUNTERED)
		return card_asks(deal, d->role) ? "card.countered.asked" : "card.countered.waiting";
	if (card_asks(deal, d->role))
		return buyer ? "card.offered.asked.buyer" : "card.offered.asked.seller";
	if (deal->state == DEAL_FUNDED && deal->topup_wanted)
		return buyer ? "card.topup.buyer" : "card.topup.seller";
	if (deal->state == DEAL_FUNDED && deal->amended_by != ROLE_NOBODY)
		return deal->amended_by == d->role ? "card.amend.mine" : "card.amend.asked";
	if (deal->state == DEAL_FUNDED && deal->cancel_asked == ROLE_BUYER)
		return buyer ? "card.cancel_asked.buyer" : "card.cancel_asked.seller";
	if (deal->state == DEAL_DELIVERED && !deal->delivery_proven)
		return buyer ? "card.unproven.buyer" : "card.unproven.seller";
	if (deal->state == DEAL_ISSUE && deal->seller_answered)
		return buyer ? "card.issue.buyer_answered" : "card.issue.answered";
	if (deal->state == DEAL_PAYOUT_DUE && !buyer && rial_is_positive(deal->inflight))
		return money_waits_for_file(d->t, deal) ? "card.payout_due.queued" : "card.payout_due.sent";
	if (deal->state == DEAL_PAYOUT_DUE && !buyer && profile_state(d->t, &d->reader) == PROFILE_CHECKING)
		return "card.payout_due.checking";
	if (deal->state == DEAL_PAYOUT_DUE && !buyer && !money_payee_ready(d->t, &d->reader))
		return "card.payout_due.no_iban";
	if (deal->state == DEAL_PAYOUT_DUE && !buyer && money_arrives_late_ms(d->t, deal))
		return "card.payout_due.seller_late";
	return face->key;
}

/* What is proposed, item by item, before and after; "" when nothing is. */
static const char *changes(struct drawing *d)
{
	const struct deal *deal = &d->f->deal;
	struct deal_history h[CHANGES_BACK];
	struct deal_terms before;
	size_t n;

	if (deal->state == DEAL_FUNDED)
		return terms_changes(d->t, &d->reader, d->role, &deal->terms, &deal->amended);
	n = history_list(d->t->tx, d->t->ctx, deal->id, h, CHANGES_BACK);
	for (size_t i = 0; i < n; i++)
		if (h[i].event == EVENT_COUNTER && terms_of_note(h[i].note, &before))
			return terms_changes(d->t, &d->reader, d->role, &before, &deal->terms);
	return "";
}

/* The sentence that belongs to the state: all texts take from the same arguments. */
static const char *body(struct drawing *d, const struct face *face)
{
	const struct deal *deal = &d->f->deal;
	const char *key = body_key(d, face);
	struct deal_timer clock = {0};
	bool runs = timer_nearest(d->t->tx, deal->id, &clock);
	bool proposed =
		deal->state == DEAL_COUNTERED || (deal->state == DEAL_FUNDED && deal->amended_by != ROLE_NOBODY);
	struct rial due = money_due(deal);

	return SAYS(d, key, MONEY_ARG("due", due), ARG_RAW("changes", proposed ? changes(d) : ""),
		    MONEY_ARG("payout", terms_payout(&deal->terms)), MONEY_ARG("held", deal->held),
		    MONEY_ARG("left", rial_cmp(due, deal->held) > 0 ? rial_take(due, deal->held) : RIAL_ZERO),
		    MONEY_ARG("refund", deal->refund), MONEY_ARG("payable", rial_add(deal->payable, deal->inflight)),
		    ARG_TEXT("other", d->has_other ? d->other.name : ""), ARG_TIME("until", runs ? clock.due_ms : 0),
		    ARG_RAW("carrier", SAYS(d, deal_carrier_key(d->f->carrier))), ARG_CODE("tracking", d->f->tracking),
		    ARG_SPAN("look", deal->terms.inspection_h * HOUR_MS),
		    ARG_RAW("ruling", deal_ruling(d->t, d->f, d->reader.language)),
		    ARG_RAW("carriage", SAYS(d, carriage_key(deal->terms.ship_payer))),
		    ARG_SPAN("payout_min", d->t->house->policy.payout_min_ms),
		    ARG_SPAN("payout_max", d->t->house->payout_max_ms), ARG_CODE("link", deal_link(d->t, d->f)));
}

/* Banks are closed, and the time that is always promised cannot be kept: by when it is. */
static void write_arrival(struct drawing *d, struct buf *text)
{
	const struct deal *deal = &d->f->deal;
	bool on_its_way = (deal->state == DEAL_PAYOUT_DUE || deal->state == DEAL_SPLIT_DUE) && !deal->frozen;
	int64_t by_ms = on_its_way ? money_arrives_late_ms(d->t, deal) : 0;

	if (by_ms)
		buf_printf(text, "\n%s", SAYS(d, "pay.payout_by", ARG_TIME("by", by_ms)));
}

/* Title, price and fee: on every card, so that nobody has to scroll back. */
static const char *head(struct drawing *d)
{
	const struct deal_terms *terms = &d->f->deal.terms;
	const char *key = d->role == ROLE_BUYER ? "card.head.buyer" : "card.head.seller";

	return SAYS(d, key, ARG_TEXT("title", d->f->title), MONEY_ARG("price", terms->price),
		    ARG_RAW("carriage", SAYS(d, carriage_key(terms->ship_payer))), MONEY_ARG("words", terms->price),
		    MONEY_ARG("fee", terms->fee), MONEY_ARG("due", terms_due(terms)),
		    MONEY_ARG("payout", terms_payout(terms)),
		    ARG_RAW("payer", SAYS(d, fee_payer_key(terms->fee_payer))), ARG_CODE("code", d->f->code));
}

static bool begins(const struct deal *d)
{
	return d->state == DEAL_DRAFT || d->state == DEAL_OFFERED || d->state == DEAL_COUNTERED ||
	       d->state == DEAL_AWAIT_PAY;
}

/* The states whose own text says nothing of money on its way back. */
static bool goes_on(enum deal_state s)
{
	return s >= DEAL_FUNDED && s <= DEAL_PAYOUT_DUE;
}

/* Before money moves: what is odd about the other side's name, and what one agrees to by going on. */
static void write_beginning(struct drawing *d, struct buf *text)
{
	const char *warning = d->has_other ? name_warning(d->t, &d->reader, &d->other) : "";
	bool agrees = d->f->deal.state == DEAL_DRAFT || (d->has_other && card_asks(&d->f->deal, d->role));
	const char *terms = agrees ? terms_notice(d->t, &d->reader) : "";

	if (warning[0])
		buf_printf(text, "\n%s", warning);
	if (terms[0])
		buf_printf(text, "\n%s", terms);
}

/* What the deal is about. */
static void write_top(struct drawing *d, struct buf *text, const char *first_line)
{
	if (!first_line && d->f->deal.state == DEAL_OFFERED && card_asks(&d->f->deal, d->role) &&
	    d->reader.id == d->t->me.id)
		first_line = newcomer_line(d->t);
	if (first_line && first_line[0])
		buf_printf(text, "%s\n", first_line);
	if (d->reader.emblem)
		buf_printf(text, "%s · ", emblem_line(d->t, &d->reader));
	buf_puts(text, head(d));
}

/* In how many payments, and with which card. */
static void write_payment(struct drawing *d, struct buf *text)
{
	struct payment all[PARTS_MAX];
	size_t n = payments_by_part(d->t->tx, d->t->ctx, d->f->deal.id, all, PARTS_MAX), paid = 0;

	for (size_t i = 0; i < n; i++)
		paid += money_credited(&all[i]);
	if (n > 1 && all[0].parts > 1)
		buf_printf(text, "\n%s",
			   SAYS(d, "pay.in_parts", ARG_INT("paid", (int64_t)paid), ARG_INT("parts", (int64_t)n)));
	if (!d->t->house->ask_card)
		return;
	if (d->reader.card_said[0])
		buf_printf(text, "\n%s",
			   strchr(d->reader.card_said, ':')
				   ? SAYS(d, "pay.iban_known", ARG_CODE("last", card_said_end(d->reader.card_said)))
				   : SAYS(d, "pay.card_known", ARG_CODE("last", d->reader.card_said)));
	else
		buf_printf(text, "\n%s", SAYS(d, "pay.card_first"));
}

/* The words that came with the newest event of a kind; "" when they were not kept. */
static const char *note_of(struct drawing *d, enum event_kind kind)
{
	struct deal_history h[NOTES_BACK];
	size_t n = history_list(d->t->tx, d->t->ctx, d->f->deal.id, h, NOTES_BACK);

	for (size_t i = 0; i < n; i++)
		if (h[i].event == kind)
			return h[i].note;
	return "";
}

/* Why the mediator ruled so, or what they want to know from this side. */
static void write_mediator(struct drawing *d, struct buf *text)
{
	const struct deal *deal = &d->f->deal;
	bool asked = deal->state == DEAL_DISPUTED && deal->info_wanted_from == d->role;
	const char *words =
		asked ? note_of(d, EVENT_ASK_INFO) : (deal->state == DEAL_RULED ? note_of(d, EVENT_RULE) : "");

	if (words[0])
		buf_printf(text, "\n%s", SAYS(d, asked ? "mediator.asks" : "mediator.why", ARG_LINES("words", words)));
}

/* What is so now, whose turn it is, and what else they have to know. */
static void write_now(struct drawing *d, struct buf *text)
{
	const struct deal *deal = &d->f->deal;
	struct deal_timer late;

	/* Whose turn it would be is of no use while nobody can do anything. */
	buf_puts(text, deal->frozen ? SAYS(d, "card.frozen") : body(d, deal_face(deal->state, d->role)));
	if (rial_is_positive(deal->suspense) && timer_get(d->t->tx, deal->id, TIMER_LATE, &late))
		buf_printf(text, "\n%s",
			   SAYS(d, card_may_revive(deal) ? "card.late_money" : "card.late_back",
				MONEY_ARG("sum", deal->suspense), ARG_TIME("until", late.due_ms)));
	if (goes_on(deal->state) && d->role == ROLE_BUYER && rial_is_positive(deal->refund))
		buf_printf(text, "\n%s", SAYS(d, "card.refund_coming", MONEY_ARG("refund", deal->refund)));
	write_arrival(d, text);
	write_mediator(d, text);
	if (d->role == ROLE_BUYER && money_awaited(deal))
		write_payment(d, text);
	if (begins(deal) && !deal->frozen)
		write_beginning(d, text);
	if (d->t->house->practice)
		buf_printf(text, "\n%s", SAYS(d, "card.practice"));
}

static size_t lines_of(const struct buf *text)
{
	size_t n = 1;

	for (size_t i = 0; i < text->len; i++)
		n += text->data[i] == '\n';
	return n;
}

/* Every line that the card has today, from top to bottom. A blank line divides it where there is room for one. */
const char *drawing_text(struct drawing *d, const char *first_line)
{
	struct buf *top = buf_new(d->t->ctx, CARD_BYTES), *now = buf_new(d->t->ctx, CARD_BYTES);
	bool room;

	write_top(d, top, first_line);
	write_now(d, now);
	room = lines_of(top) + lines_of(now) < CARD_LINES;
	return talloc_asprintf(d->t->ctx, room ? "%s\n\n%s" : "%s\n%s", top->data, now->data);
}
