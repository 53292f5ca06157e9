/* The living card: see deal_card.h. What it says in each state is data in deal_faces.c and words in locales/. */
#include "deal_card.h"
#include "clock.h"

#include "buf.h"
#include "deal_counter.h"
#include "deal_faces.h"
#include "deal_picture.h"
#include "deal_proof.h"
#include "deal_public.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "money_in.h"
#include "staff_card.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { CARD_BYTES = 16384, HASH_SHOWN = 8, CHANGES_BACK = 4 };

/* A card being made: for whom, in which seat. */
struct drawing {
	struct turn *t;
	const struct deal_file *f;
	enum role role;
	struct person reader, other;
	bool has_other;
};

#define SAYS(d, key, ...) THEIRS((d)->t, &(d)->reader, key __VA_OPT__(, ) __VA_ARGS__)
#define SAYS_PLAIN(d, key, ...) THEIRS_PLAIN((d)->t, &(d)->reader, key __VA_OPT__(, ) __VA_ARGS__)

const char *deal_link(struct turn *t, const struct deal_file *f)
{
	return talloc_asprintf(t->ctx, "https://t.me/%s?start=d_%s", t->house->bot_username, f->code);
}

static bool begin(struct drawing *d, struct turn *t, const struct deal_file *f, enum role role)
{
	int64_t reader = role == ROLE_BUYER ? f->deal.buyer_id : f->deal.seller_id;

	*d = (struct drawing){.t = t, .f = f, .role = role};
	d->has_other = deal_other(t, f, role, &d->other);
	return reader && person_by_id(t->tx, t->ctx, reader, &d->reader) && d->reader.reachable;
}

static bool has_agreed(const struct deal *d, enum role role)
{
	return role == ROLE_BUYER ? d->buyer_agreed : d->seller_agreed;
}

/* An offer asks whoever has not agreed, and waits for the other. */
static bool is_asked(const struct deal *d, enum role role)
{
	return (d->state == DEAL_OFFERED || d->state == DEAL_COUNTERED) && !has_agreed(d, role);
}

/* Late money can bring a deal back only if both had agreed to it and it is enough (row 18). */
static bool may_be_revived(const struct deal *d)
{
	return d->buyer_agreed && d->seller_agreed && rial_cmp(d->suspense, terms_due(&d->terms)) >= 0;
}

static bool shown(const struct drawing *d, enum face_when when)
{
	const struct deal *deal = &d->f->deal;

	switch (when) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_MINE:
		return deal->creator == d->role;
	case WHEN_THEIRS:
		return deal->creator != d->role;
	case WHEN_JOINED:
		return d->has_other && deal->creator == d->role && has_agreed(deal, d->role);
	case WHEN_ASKED:
		return d->has_other && is_asked(deal, d->role);
	case WHEN_CHANGEABLE:
		return deal->amended_by == ROLE_NOBODY && deal->cancel_asked == ROLE_NOBODY;
	case WHEN_NOT_EXTENDED:
		return !deal->payment_extended;
	case WHEN_CANCEL_ASKED:
		return deal->cancel_asked == ROLE_BUYER;
	case WHEN_CANCEL_NOT_ASKED:
		return deal->cancel_asked == ROLE_NOBODY;
	case WHEN_EXTENSION_FREE:
		return !deal->extension_used && !deal->extension_asked;
	case WHEN_EXTENSION_ASKED:
		return deal->extension_asked;
	case WHEN_UNPROVEN:
		return !deal->delivery_proven;
	case WHEN_NOT_ANSWERED:
		return !deal->seller_answered;
	case WHEN_INFO_WANTED:
		return deal->info_wanted_from == d->role;
	case WHEN_NO_IBAN:
		return !d->reader.iban[0];
	case WHEN_APPEAL_LEFT:
		return !deal->appealed;
	case WHEN_LATE_MONEY:
		return may_be_revived(deal) && !(d->role == ROLE_BUYER ? deal->late_ok_buyer : deal->late_ok_seller);
	}
	return false;
}

static void add_face_buttons(struct drawing *d, const struct face *face, struct outmsg *m)
{
	for (size_t i = 0; i < FACE_MAX_BUTTONS && face->buttons[i].label; i++) {
		const struct face_button *b = &face->buttons[i];

		if (shown(d, b->when))
			deal_button(d->t, m, !b->beside || !m->n_rows, b->style, SAYS_PLAIN(d, b->label), d->f->code,
				    b->act);
	}
}

/* "agree" carries the beginning of the hash of the terms on the screen: a later change makes the old button refuse. */
static void add_agree_button(struct drawing *d, struct outmsg *m)
{
	const char *act = talloc_asprintf(d->t->ctx, "agree.%.*s", HASH_SHOWN, d->f->deal.terms.hash);

	deal_button(d->t, m, true, BUTTON_GOOD, SAYS_PLAIN(d, "button.agree"), d->f->code, act);
}

/* A change of a paid deal that the other side proposed is taken or refused; one's own can be taken back. */
static void add_amend_buttons(struct drawing *d, struct outmsg *m)
{
	const struct deal *deal = &d->f->deal;
	bool mine = deal->amended_by == d->role;

	if (!mine && !deal->topup_wanted)
		deal_button(d->t, m, true, BUTTON_GOOD, SAYS_PLAIN(d, "button.amend_ok"), d->f->code,
			    talloc_asprintf(d->t->ctx, "amend_ok.%.*s", HASH_SHOWN, deal->amended.hash));
	deal_button(d->t, m, true, BUTTON_PLAIN, SAYS_PLAIN(d, mine ? "button.amend_back" : "button.amend_no"),
		    d->f->code, "amend_no");
}

static void add_share_buttons(struct drawing *d, struct outmsg *m)
{
	const char *link = deal_link(d->t, d->f);
	const char *share = talloc_asprintf(d->t->ctx, "https://t.me/share/url?url=%s", link);

	outmsg_button(m, true, BUTTON_INLINE, BUTTON_MAIN, SAYS_PLAIN(d, "button.show_in_chat"), d->f->code);
	outmsg_button(m, true, BUTTON_URL, BUTTON_PLAIN, SAYS_PLAIN(d, "button.share"), share);
	outmsg_button(m, false, BUTTON_COPY, BUTTON_PLAIN, SAYS_PLAIN(d, "button.copy_link"), link);
}

static void add_pay_button(struct drawing *d, struct outmsg *m)
{
	const char *bank = money_pay_now_url(d->t, d->f->deal.id);

	if (bank)
		outmsg_button(m, true, BUTTON_URL, BUTTON_GOOD, SAYS_PLAIN(d, "button.pay"), bank);
}

static bool may_pay(const struct deal *d)
{
	return d->state == DEAL_AWAIT_PAY || d->state == DEAL_PART_PAID || (d->state == DEAL_FUNDED && d->topup_wanted);
}

static void add_buttons(struct drawing *d, const struct face *face, struct outmsg *m)
{
	const struct deal *deal = &d->f->deal;

	if (deal->frozen)
		return;
	if (is_asked(deal, d->role))
		add_agree_button(d, m);
	if (deal->state == DEAL_OFFERED && !d->has_other)
		add_share_buttons(d, m);
	if (d->role == ROLE_BUYER && may_pay(deal))
		add_pay_button(d, m);
	if (deal->state == DEAL_FUNDED && deal->amended_by != ROLE_NOBODY)
		add_amend_buttons(d, m);
	add_face_buttons(d, face, m);
	proof_buttons(d->t, d->f, d->role, &d->reader, m);
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
		return is_asked(deal, d->role) ? "card.countered.asked" : "card.countered.waiting";
	if (is_asked(deal, d->role))
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
		return "card.payout_due.sent";
	if (deal->state == DEAL_PAYOUT_DUE && !buyer && !d->reader.iban[0])
		return "card.payout_due.no_iban";
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
		return terms_changes(d->t, &d->reader, &deal->terms, &deal->amended);
	n = history_list(d->t->tx, d->t->ctx, deal->id, h, CHANGES_BACK);
	for (size_t i = 0; i < n; i++)
		if (h[i].event == EVENT_COUNTER && terms_of_note(h[i].note, &before))
			return terms_changes(d->t, &d->reader, &before, &deal->terms);
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
	struct rial due = terms_due(deal->topup_wanted ? &deal->amended : &deal->terms);

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

/* Every line that the card has today, from top to bottom. */
static void write_text(struct drawing *d, const struct face *face, const char *first_line, struct buf *text)
{
	struct deal_timer late;

	if (first_line && first_line[0])
		buf_printf(text, "%s\n", first_line);
	if (d->reader.emblem)
		buf_printf(text, "%s · ", emblem_line(d->t, &d->reader));
	buf_printf(text, "%s\n\n%s", head(d), body(d, face));
	if (d->f->deal.frozen)
		buf_printf(text, "\n\n%s", SAYS(d, "card.frozen"));
	if (rial_is_positive(d->f->deal.suspense) && timer_get(d->t->tx, d->f->deal.id, TIMER_LATE, &late))
		buf_printf(text, "\n\n%s",
			   SAYS(d, may_be_revived(&d->f->deal) ? "card.late_money" : "card.late_back",
				MONEY_ARG("sum", d->f->deal.suspense), ARG_TIME("until", late.due_ms)));
	if (d->t->house->practice)
		buf_printf(text, "\n%s", SAYS(d, "card.practice"));
}

static struct outmsg compose(struct drawing *d, enum out_kind kind, const char *first_line)
{
	const struct face *face = deal_face(d->f->deal.state, d->role);
	struct buf *text = buf_new(d->t->ctx, CARD_BYTES);
	struct outmsg m = tell_to(&d->reader, "");

	write_text(d, face, first_line, text);
	m.kind = kind;
	m.text = text->data;
	add_buttons(d, face, &m);
	return m;
}

static void draw(struct drawing *d, enum out_kind kind, const char *first_line)
{
	struct outmsg m = compose(d, kind, first_line);

	tell_card(d->t, &m, d->f->deal.id, d->role == ROLE_BUYER ? CARD_BUYER : CARD_SELLER);
}

static const char *news_line(struct drawing *d, const struct event *e)
{
	const char *key = deal_news_key(e->kind);

	if (!key)
		return NULL;
	return SAYS(d, key, ARG_TEXT("other", d->has_other ? d->other.name : ""), ARG_TEXT("who", d->t->me.name));
}

/* When nothing is to be paid any more, the picture must not ask for it. */
static void strip_qr(struct turn *t, const struct deal_file *f)
{
	struct card qr;
	struct outmsg m = {.kind = OUT_STRIP, .text = ""};

	if (f->deal.state == DEAL_AWAIT_PAY || f->deal.state == DEAL_PART_PAID ||
	    !card_get(t->tx, t->ctx, f->deal.id, CARD_QR, &qr))
		return;
	m.chat_id = qr.chat_id;
	m.message_id = qr.message_id;
	tell(t, &m, LANE_NOTICE);
	card_forget(t->tx, f->deal.id, CARD_QR);
}

/* Who never started the bot cannot be written to; in the group where the deal began their step can still be shown to
 * them alone. It is no living card: the button takes them to that. */
static void whisper(struct drawing *d, const struct event *e)
{
	struct outmsg m;

	if (!d->t->house->ephemeral || d->f->origin_chat >= 0 || !d->reader.id)
		return;
	m = compose(d, OUT_TEXT, news_line(d, e));
	m.chat_id = d->f->origin_chat;
	m.only_for = d->reader.outside_id;
	m.n_rows = 0;
	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, SAYS_PLAIN(d, "button.my_part"), deal_link(d->t, d->f));
	tell(d->t, &m, LANE_NOTICE);
}

static void draw_side(struct turn *t, const struct deal_file *f, const struct event *e, enum role role, bool fresh)
{
	struct drawing d;

	if (!begin(&d, t, f, role)) {
		if (fresh)
			whisper(&d, e);
		return;
	}
	draw(&d, fresh ? OUT_TEXT : OUT_EDIT, fresh ? news_line(&d, e) : NULL);
	if (e->kind == EVENT_ISSUE_PAYMENT || (e->kind == EVENT_AGREE && f->deal.state == DEAL_AWAIT_PAY))
		if (role == ROLE_BUYER)
			deal_send_payment_card(t, f, &d.reader);
}

void deal_cards_draw(struct turn *t, const struct deal_file *f, const struct event *e, unsigned tell_bits)
{
	bool mine_is_buyer = e->role == ROLE_BUYER, mine_is_seller = e->role == ROLE_SELLER;

	/* Who acts has the card before their eyes: it changes in place, unless it is the payment's turn to be seen. */
	bool pay = f->deal.state == DEAL_AWAIT_PAY && e->kind == EVENT_AGREE;

	draw_side(t, f, e, ROLE_BUYER, (tell_bits & TELL_BUYER) && (!mine_is_buyer || pay));
	draw_side(t, f, e, ROLE_SELLER, (tell_bits & TELL_SELLER) && !mine_is_seller);
	deal_public_redraw(t, f);
	/* What an operator does changes what operators may press next. */
	strip_qr(t, f);
	deal_send_receipts(t, f);
	if (tell_bits & TELL_STAFF || e->role == ROLE_MEDIATOR || f->deal.state == DEAL_DISPUTED ||
	    f->deal.state == DEAL_ISSUE)
		staff_card(t, f, (tell_bits & TELL_STAFF) != 0);
}

void deal_card_fresh_with(struct turn *t, const struct deal_file *f, enum role role, const char *first_line)
{
	struct drawing d;

	if (begin(&d, t, f, role))
		draw(&d, OUT_TEXT, first_line);
}

void deal_card_fresh(struct turn *t, const struct deal_file *f, enum role role)
{
	deal_card_fresh_with(t, f, role, NULL);
}

bool deal_card_compose(struct turn *t, const struct deal_file *f, enum role role, struct outmsg *out)
{
	struct drawing d;

	if (!begin(&d, t, f, role))
		return false;
	*out = compose(&d, OUT_TEXT, NULL);
	return true;
}

void deal_card_redraw(struct turn *t, const struct deal_file *f, enum role role)
{
	struct drawing d;

	if (begin(&d, t, f, role))
		draw(&d, OUT_EDIT, NULL);
}

void deal_card_remind(struct turn *t, const struct deal_file *f, unsigned tell_bits, int64_t left_ms)
{
	static const enum role sides[] = {ROLE_BUYER, ROLE_SELLER};

	for (size_t i = 0; i < 2; i++) {
		struct drawing d;

		if ((tell_bits & (i ? TELL_SELLER : TELL_BUYER)) && begin(&d, t, f, sides[i]))
			draw(&d, OUT_TEXT, SAYS(&d, "reminder", ARG_SPAN("left", left_ms)));
	}
	if (tell_bits & TELL_STAFF)
		staff_card(t, f, true);
}

bool deal_wants(struct turn *t, const struct deal_file *f, enum role role)
{
	const struct face *face = deal_face(f->deal.state, role);
	struct drawing d;

	if (f->deal.frozen || !begin(&d, t, f, role))
		return false;
	if (is_asked(&f->deal, role) || (role == ROLE_BUYER && may_pay(&f->deal)))
		return true;
	for (size_t i = 0; i < FACE_MAX_BUTTONS && face->buttons[i].label; i++)
		if (face->buttons[i].style == BUTTON_GOOD && shown(&d, face->buttons[i].when))
			return true;
	return false;
}

const char *deal_line(struct turn *t, const struct deal_file *f)
{
	return MINE(t, "list.line", ARG_TEXT("title", f->title), MONEY_ARG("price", f->deal.terms.price),
		    ARG_RAW("state", MINE(t, deal_state_key(f->deal.state))));
}
