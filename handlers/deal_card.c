/* The living card: see deal_card.h. What it says in each state is data in deal_faces.c and words in locales/. */
#include "clock.h"
#include "deal_drawing.h"
#include "deal_picture.h"
#include "deal_public.h"
#include "deal_step.h"
#include "money_in.h"
#include "sms_tell.h"
#include "staff_card.h"
#include "tell.h"
#include "wishes.h"
#include <talloc.h>

/* A reminder with less than this left is heard at night too. */
static const int64_t urgent_ms = 3 * HOUR_MS;

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

static struct outmsg compose(struct drawing *d, enum out_kind kind, const char *first_line)
{
	struct outmsg m = tell_to(&d->reader, drawing_text(d, first_line));

	m.kind = kind;
	drawing_buttons(d, &m);
	return m;
}

static void draw(struct drawing *d, enum out_kind kind, const char *first_line)
{
	struct outmsg m = compose(d, kind, first_line);

	m.silent = d->quietly;
	tell_card(d->t, &m, d->f->deal.id, d->role == ROLE_BUYER ? CARD_BUYER : CARD_SELLER);
}

static const char *news_line(struct drawing *d, const struct event *e)
{
	const char *key = deal_news_key(e->kind);

	if (!key || (e->kind == EVENT_REFUND_DONE && deal_is_final(d->f->deal.state)))
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

void deal_card_outdated(struct turn *t, int64_t deal_id, enum card_place place, const struct card *old)
{
	struct outmsg m = {.kind = OUT_STRIP, .chat_id = old->chat_id, .message_id = old->message_id, .text = ""};
	bool own = place == CARD_BUYER || place == CARD_SELLER;
	struct deal_file f;
	struct person p;

	if (own && deal_by_id(t->tx, t->ctx, deal_id, &f) &&
	    person_by_outside_id(t->tx, t->ctx, t->house->channel, old->chat_id, &p))
		deal_button(t, &m, true, BUTTON_PLAIN, THEIRS_PLAIN(t, &p, "button.newest_card"), f.code, "show");
	tell(t, &m, LANE_NOTICE);
}

/* Who never started the bot cannot be written to; in the group where the deal began they alone can be told that there
 * is news. Nothing of the deal is said: a server that does not know such messages would show it to everybody. */
static void whisper(struct drawing *d)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = d->f->origin_chat, .only_for = d->reader.outside_id};

	if (!d->t->house->ephemeral || d->f->origin_chat >= 0 || !d->reader.id)
		return;
	m.text = SAYS(d, "public.whisper");
	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, SAYS_PLAIN(d, "button.my_part"), deal_link(d->t, d->f));
	tell(d->t, &m, LANE_NOTICE);
}

static void draw_side(struct turn *t, const struct deal_file *f, const struct event *e, enum role role, bool fresh)
{
	struct drawing d;

	if (!begin(&d, t, f, role)) {
		if (fresh)
			whisper(&d);
		return;
	}
	/* Who wants to hear only when it is their turn sees their card change in silence otherwise; money of one's own
	 * that arrived or came back is always said. */
	fresh = fresh && (!d.reader.few_notices || deal_wants(t, f, role) || e->kind == EVENT_CREDIT ||
			  e->kind == EVENT_REFUND_DONE);
	d.quietly = quiet_now(&d.reader, t->now_ms) && d.reader.id != t->me.id;
	draw(&d, fresh ? OUT_TEXT : OUT_EDIT, fresh ? news_line(&d, e) : NULL);
	if (e->kind == EVENT_ISSUE_PAYMENT || (e->kind == EVENT_CREDIT && f->deal.state == DEAL_PART_PAID) ||
	    (e->kind == EVENT_AGREE && f->deal.state == DEAL_AWAIT_PAY))
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
	sms_tell(t, f, e);
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

		if (!(tell_bits & (i ? TELL_SELLER : TELL_BUYER)) || !begin(&d, t, f, sides[i]))
			continue;
		d.quietly = left_ms > urgent_ms && quiet_now(&d.reader, t->now_ms);
		draw(&d, OUT_TEXT, SAYS(&d, "reminder", ARG_SPAN("left", left_ms)));
	}
	if (tell_bits & TELL_STAFF)
		staff_card(t, f, true);
}

const char *deal_line(struct turn *t, const struct deal_file *f)
{
	return MINE(t, "list.line", ARG_TEXT("title", f->title), MONEY_ARG("price", f->deal.terms.price),
		    ARG_RAW("state", MINE(t, deal_state_key(f->deal.state))));
}

void deal_card_ask(struct turn *t, const struct deal_file *f, struct outmsg *question)
{
	enum card_place place = role_of(&f->deal, t->me.id) == ROLE_BUYER ? CARD_BUYER : CARD_SELLER;
	bool pressed = t->update && t->update->kind == UPDATE_BUTTON;
	struct card card;

	question->kind = OUT_TEXT;
	if (pressed && card_get(t->tx, t->ctx, f->deal.id, place, &card) && card.message_id == t->update->message_id)
		question->kind = OUT_EDIT;
	tell_card(t, question, f->deal.id, place);
}

static bool is_proposed_to(const struct deal *d, enum role role)
{
	return d->amended_by != ROLE_NOBODY && d->amended_by != role && !d->topup_wanted;
}

bool deal_wants(struct turn *t, const struct deal_file *f, enum role role)
{
	const struct face *face = deal_face(f->deal.state, role);
	struct drawing d;

	if (f->deal.frozen || !begin(&d, t, f, role))
		return false;
	if (card_asks(&f->deal, role) || (role == ROLE_BUYER && money_awaited(&f->deal)))
		return true;
	if (f->deal.state == DEAL_FUNDED && is_proposed_to(&f->deal, role))
		return true;
	if (f->deal.state == DEAL_RULED && !f->deal.appealed)
		return true; /* to live with it or to appeal, before it is too late */
	for (size_t i = 0; i < FACE_MAX_BUTTONS && face->buttons[i].label; i++)
		if (face->buttons[i].style == BUTTON_GOOD && drawing_shows(&d, face->buttons[i].when))
			return true;
	return false;
}
