/* The payment page: see web_pay_page.h. What it says in each state is data here and words in locales/. */
#include "web_pay_page.h"
#include "bank_choice.h"
#include "money_in.h"

#include "clock.h"
#include "safe_name.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* The one thing that can be done on the page beside reading. */
enum press { PRESS_NOTHING, PRESS_BANK, PRESS_AGAIN, PRESS_LOOK, PRESS_NEXT };

/* What the page says and offers. */
struct scene {
	enum page_tone tone;
	const char *says; /* key of the framed sentence, NULL for none */
	const char *next; /* key of what comes now, NULL for none */
	enum press press;
	bool refreshes;
	bool to_pay; /* the sum is still to be paid: fee, promise and warning are shown */
};

enum payment_scene {
	SCENE_PREPARING,
	SCENE_SLOW,
	SCENE_OPEN,
	SCENE_WAITING,
	SCENE_WAITED,
	SCENE_PAID,
	SCENE_PART_PAID,
	SCENE_CARD_FIRST,
	SCENE_REFUSED,
	SCENE_FAILED,
	SCENE_GIVEN_UP,
	SCENE_TOO_MANY
};

static const struct scene payment_scenes[] = {
	[SCENE_PREPARING] = {PAGE_CALM, "web.pay.preparing", NULL, PRESS_NOTHING, true, true},
	[SCENE_SLOW] = {PAGE_CALM, "web.pay.slow", NULL, PRESS_LOOK, false, true},
	[SCENE_OPEN] = {PAGE_CALM, NULL, NULL, PRESS_BANK, false, true},
	[SCENE_WAITING] = {PAGE_CALM, "web.pay.waiting", NULL, PRESS_NOTHING, true, false},
	[SCENE_WAITED] = {PAGE_WARN, "web.pay.waited", NULL, PRESS_LOOK, false, false},
	[SCENE_PAID] = {PAGE_GOOD, "web.deal.paid", NULL, PRESS_NOTHING, false, false},
	[SCENE_PART_PAID] = {PAGE_GOOD, "web.pay.part_paid", NULL, PRESS_NEXT, false, false},
	[SCENE_CARD_FIRST] = {PAGE_CALM, "web.pay.card_first", NULL, PRESS_NOTHING, false, true},
	[SCENE_REFUSED] = {PAGE_WARN, "web.pay.refused", NULL, PRESS_AGAIN, false, true},
	[SCENE_FAILED] = {PAGE_WARN, "web.pay.failed", NULL, PRESS_AGAIN, false, true},
	[SCENE_GIVEN_UP] = {PAGE_WARN, "web.pay.given_up", NULL, PRESS_AGAIN, false, true},
	[SCENE_TOO_MANY] = {PAGE_BAD, "web.pay.too_many", NULL, PRESS_NOTHING, false, false},
};

/* A deal that takes no payment: what became of it. */
static const struct scene deal_scenes[DEAL_STATE_END] = {
	[DEAL_NONE] = {.tone = PAGE_CALM, .says = "web.deal.not_ready"},
	[DEAL_DRAFT] = {.tone = PAGE_CALM, .says = "web.deal.not_ready"},
	[DEAL_OFFERED] = {.tone = PAGE_CALM, .says = "web.deal.not_ready"},
	[DEAL_COUNTERED] = {.tone = PAGE_CALM, .says = "web.deal.not_ready"},
	[DEAL_AGREED] = {.tone = PAGE_CALM, .says = "web.deal.not_ready"},
	[DEAL_PAY_REVIEW] = {.tone = PAGE_CALM, .says = "web.deal.review"},
	[DEAL_FUNDED] = {.tone = PAGE_GOOD, .says = "web.deal.paid", .next = "web.next.funded"},
	[DEAL_SHIPPED] = {.tone = PAGE_GOOD, .says = "web.deal.paid", .next = "web.next.shipped"},
	[DEAL_DELIVERED] = {.tone = PAGE_GOOD, .says = "web.deal.paid", .next = "web.next.delivered"},
	[DEAL_ISSUE] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_RETURN_DUE] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_RETURN_SENT] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_RETURN_CHECK] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_DISPUTED] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_RULED] = {.tone = PAGE_CALM, .says = "web.deal.held", .next = "web.next.trouble"},
	[DEAL_PAYOUT_DUE] = {.tone = PAGE_GOOD, .says = "web.deal.released"},
	[DEAL_REFUND_DUE] = {.tone = PAGE_CALM, .says = "web.deal.refunding"},
	[DEAL_SPLIT_DUE] = {.tone = PAGE_CALM, .says = "web.deal.split"},
	[DEAL_COMPLETED] = {.tone = PAGE_GOOD, .says = "web.deal.completed"},
	[DEAL_REFUNDED] = {.tone = PAGE_GOOD, .says = "web.deal.refunded"},
	[DEAL_SPLIT_CLOSED] = {.tone = PAGE_CALM, .says = "web.deal.split_closed"},
	[DEAL_CANCELLED] = {.tone = PAGE_WARN, .says = "web.deal.cancelled"},
	[DEAL_EXPIRED] = {.tone = PAGE_WARN, .says = "web.deal.expired"},
};

static const struct scene frozen_scene = {.tone = PAGE_WARN, .says = "web.deal.frozen"};

/* The clock that a buyer should see. */
static const struct clock_row {
	enum deal_state state;
	enum timer_kind timer;
	const char *label;
} clock_rows[] = {
	{DEAL_AWAIT_PAY, TIMER_PAY, "web.row.pay_until"},
	{DEAL_PART_PAID, TIMER_PART, "web.row.pay_until"},
	{DEAL_FUNDED, TIMER_SHIP, "web.row.ship_until"},
	{DEAL_DELIVERED, TIMER_INSPECTION, "web.row.look_until"},
};

struct sheet {
	struct visit *v;
	const struct payment *p;
	const struct deal_file *f;
	const struct scene *scene;
	struct page *page;
};

/* --- which scene --- */

static bool is_fresh(const struct visit *v, int64_t since_ms)
{
	return v->t->now_ms >= since_ms && v->t->now_ms - since_ms < VISIT_WAIT_MS;
}

/* The moment in the address, 0 for none that can be read. */
static int64_t returned_at(const struct visit *v)
{
	const char *at = http_field(v->in, "at");
	int64_t ms = at ? strtoll(at, NULL, 10) : 0;

	return ms > 0 ? ms : 0;
}

static enum payment_scene open_scene(const struct visit *v)
{
	if (!http_field(v->in, "back"))
		return SCENE_OPEN; /* a page that died at the bank is opened anew by the press */
	return is_fresh(v, returned_at(v)) ? SCENE_WAITING : SCENE_WAITED;
}

static enum payment_scene ended_scene(const struct visit *v, const struct payment *p, enum payment_scene otherwise)
{
	return payment_tries(v->t->tx, p->deal_id, p->part) >= MONEY_MAX_TRIES ? SCENE_TOO_MANY : otherwise;
}

static bool card_wanted(const struct visit *v, const struct deal *d)
{
	struct person buyer;

	return person_by_id(v->t->tx, v->t->ctx, d->buyer_id, &buyer) && money_card_wanted(v->t, &buyer);
}

static enum payment_scene paid_scene(const struct visit *v, const struct deal *d)
{
	struct payment next;

	return money_next_part(v->t, d, &next) ? SCENE_PART_PAID : SCENE_PAID;
}

static enum payment_scene scene_of_payment(const struct visit *v, const struct payment *p, const struct deal *d)
{
	if (!money_credited(p) && card_wanted(v, d))
		return SCENE_CARD_FIRST;
	switch (p->state) {
	case PAYMENT_PLANNED:
		return SCENE_OPEN;
	case PAYMENT_ASKED:
		return is_fresh(v, p->created_ms) ? SCENE_PREPARING : SCENE_SLOW;
	case PAYMENT_OPEN:
		return open_scene(v);
	case PAYMENT_CREDITED:
	case PAYMENT_SETTLED:
		return paid_scene(v, d);
	case PAYMENT_REFUSED:
		return ended_scene(v, p, SCENE_REFUSED);
	case PAYMENT_FAILED:
		return ended_scene(v, p, SCENE_FAILED);
	case PAYMENT_GIVEN_UP:
		break;
	}
	return ended_scene(v, p, SCENE_GIVEN_UP);
}

static const struct scene *find_scene(const struct visit *v, const struct payment *p, const struct deal *d)
{
	const struct scene *s = &deal_scenes[d->state];

	if (money_awaited(d))
		return &payment_scenes[scene_of_payment(v, p, d)];
	/* A paid deal that is frozen is still a paid deal; an unpaid one has only this to say. */
	if (!s->says)
		return &frozen_scene;
	return s;
}

/* --- the parts of the page, from top to bottom --- */

#define MONEY_TEXT(s, rial) format_money((s)->v->t->ctx, (s)->v->t->house->texts, (s)->v->lang, rial_raw(rial))

/* Money that is not where the deal's state says: late, or too much. */
static void put_strays(struct sheet *s)
{
	const struct deal *d = &s->f->deal;
	bool told = d->state == DEAL_REFUND_DUE || d->state == DEAL_SPLIT_DUE;

	if (d->frozen && s->scene != &frozen_scene)
		page_notice(s->page, PAGE_WARN, WEB(s->v, "web.deal.frozen_paid"));
	if (rial_is_positive(d->suspense) && d->state != DEAL_PAY_REVIEW)
		page_notice(s->page, PAGE_CALM, WEB(s->v, "web.deal.late_money", MONEY_ARG("sum", d->suspense)));
	if (rial_is_positive(d->refund) && !told)
		page_notice(s->page, PAGE_CALM, WEB(s->v, "web.deal.going_back", MONEY_ARG("sum", d->refund)));
}

static void put_news(struct sheet *s)
{
	if (s->scene->says)
		page_notice(s->page, s->scene->tone, WEB(s->v, s->scene->says));
	if (s->scene == &payment_scenes[SCENE_REFUSED] && s->p->said[0])
		page_notice(s->page, PAGE_CALM, money_said(s->v->t, s->v->lang, s->p->said));
	put_strays(s);
	if (s->scene->next)
		page_prose(s->page, WEB_HTML(s->v, s->scene->next));
}

/* The page of a part speaks of the part until all have arrived. */
static bool of_a_part(const struct sheet *s)
{
	return s->p->parts > 1 && (s->scene->to_pay || s->f->deal.state == DEAL_PART_PAID);
}

static const char *sum_label(const struct sheet *s)
{
	if (of_a_part(s))
		return WEB(s->v, "web.sum.part", ARG_INT("part", s->p->part), ARG_INT("parts", s->p->parts));
	if (!s->scene->to_pay)
		return WEB(s->v, "web.sum.deal");
	return rial_is_positive(s->f->deal.held) ? WEB(s->v, "web.sum.rest") : WEB(s->v, "web.sum.due");
}

static void put_sum(struct sheet *s)
{
	struct rial sum = s->scene->to_pay || of_a_part(s) ? s->p->amount : terms_due(&s->f->deal.terms);

	/* A large number on a page that takes no payment would look like a demand. */
	if (s->f->deal.state == DEAL_CANCELLED || s->f->deal.state == DEAL_EXPIRED)
		return;
	page_sum(s->page, sum_label(s), MONEY_TEXT(s, sum),
		 money_words(s->v->t->ctx, s->v->t->house->texts, s->v->lang, rial_raw(sum)));
}

static const char *fee_text(const struct sheet *s)
{
	const struct deal_terms *t = money_terms(&s->f->deal);

	if (rial_is_zero(t->fee))
		return WEB(s->v, "web.fee.none");
	switch (t->fee_payer) {
	case FEE_BY_BUYER:
		return WEB(s->v, "web.fee.buyer", MONEY_ARG("fee", t->fee));
	case FEE_BY_SELLER:
		return WEB(s->v, "web.fee.seller", MONEY_ARG("fee", t->fee));
	case FEE_BY_HALF:
		break;
	}
	return WEB(s->v, "web.fee.half", MONEY_ARG("fee", t->fee),
		   MONEY_ARG("part", fee_of_buyer(t->fee, t->fee_payer)));
}

static void put_money_rows(struct sheet *s)
{
	const struct deal *d = &s->f->deal;

	if (!s->scene->to_pay)
		return;
	page_row(s->page, WEB(s->v, "web.row.price"), MONEY_TEXT(s, money_terms(d)->price));
	page_row(s->page, WEB(s->v, "web.row.fee"), fee_text(s));
	if (s->p->parts > 1)
		page_row(s->page, WEB(s->v, "web.row.part"),
			 WEB(s->v, "web.part", ARG_INT("part", s->p->part), ARG_INT("parts", s->p->parts)));
	if (rial_is_positive(d->held))
		page_row(s->page, WEB(s->v, "web.row.paid_before"), MONEY_TEXT(s, d->held));
}

static void put_clock_row(struct sheet *s)
{
	struct turn *t = s->v->t;
	struct deal_timer timer;

	for (size_t i = 0; i < sizeof clock_rows / sizeof *clock_rows; i++)
		if (clock_rows[i].state == s->f->deal.state && !s->f->deal.frozen &&
		    timer_get(t->tx, s->f->deal.id, clock_rows[i].timer, &timer))
			page_row(s->page, WEB(s->v, clock_rows[i].label),
				 format_time(t->ctx, t->house->texts, s->v->lang, timer.due_ms));
}

static void put_rows(struct sheet *s)
{
	struct turn *t = s->v->t;
	struct person seller;

	if (person_by_id(t->tx, t->ctx, s->f->deal.seller_id, &seller))
		page_row(s->page, WEB(s->v, "web.row.seller"), safe_name(t->ctx, seller.name));
	put_money_rows(s);
	put_clock_row(s);
	if (s->p->ref[0])
		page_row(s->page, WEB(s->v, "web.row.ref"), s->p->ref);
	page_row(s->page, WEB(s->v, "web.row.code"), s->f->code);
}

/* Who keeps the money until when, and what silence means. Who tries again has read it, and reads it before the bank. */
static void put_promise(struct sheet *s)
{
	const struct deal_terms *t = &s->f->deal.terms;

	if (s->scene->to_pay && s->scene->press != PRESS_AGAIN)
		page_prose(s->page, WEB_HTML(s->v, "web.promise", ARG_SPAN("ship", t->ship_h * HOUR_MS),
					     ARG_SPAN("look", t->inspection_h * HOUR_MS)));
}

static void put_post(struct sheet *s, enum page_weight weight, const char *label, const char *bank)
{
	const char *action = talloc_asprintf(s->v->t->ctx, "/p/%s/go", s->p->page);
	struct http_header fields[2];
	size_t n = 0;

	if (bank)
		fields[n++] = (struct http_header){"bank", bank};
	if (s->v->chosen)
		fields[n++] = (struct http_header){"lang", s->v->lang};
	page_button(s->page, weight, action, label, fields, n);
}

static const char *bank_label(const struct sheet *s, const char *name)
{
	return WEB(s->v, bank_name_key(name));
}

/* One button for each bank that carries the sum, the one to try first on top; a house with one bank needs no names. */
static void put_banks(struct sheet *s, const char *alone)
{
	const struct house_bank *banks[HOUSE_MAX_BANKS];
	size_t n = banks_for(s->v->t, s->p->amount, banks);

	if (n == 1)
		put_post(s, PAGE_MAIN, WEB(s->v, alone), NULL);
	for (size_t i = 0; i < n && n > 1; i++)
		put_post(s, i ? PAGE_QUIET : PAGE_MAIN,
			 WEB(s->v, "web.press.named_bank", ARG_RAW("bank", bank_label(s, banks[i]->name))),
			 banks[i]->name);
}

static void put_next_part(struct sheet *s)
{
	struct payment next;

	if (money_next_part(s->v->t, &s->f->deal, &next))
		page_link(s->page, PAGE_MAIN, visit_path(s->v, next.page, ""),
			  WEB(s->v, "web.press.next_part", ARG_INT("part", next.part), ARG_INT("parts", next.parts)));
}

static void put_button(struct sheet *s)
{
	switch (s->scene->press) {
	case PRESS_NOTHING:
		return;
	case PRESS_BANK:
		put_banks(s, "web.press.bank");
		page_note(s->page, WEB(s->v, "web.never_asks"));
		return;
	case PRESS_AGAIN:
		put_banks(s, "web.press.again");
		return;
	case PRESS_NEXT:
		put_next_part(s);
		return;
	case PRESS_LOOK:
		break;
	}
	page_link(s->page, PAGE_MAIN, visit_path(s->v, s->p->page, s->p->state == PAYMENT_OPEN ? "back=1" : ""),
		  WEB(s->v, "web.press.look"));
	if (s->p->state == PAYMENT_OPEN)
		page_link(s->page, PAGE_QUIET, visit_path(s->v, s->p->page, ""), WEB(s->v, "web.press.not_paid"));
}

static void put_foot(struct sheet *s)
{
	const char *hours = s->v->t->house->support_hours;
	bool alone = s->scene->press == PRESS_NOTHING;

	visit_chat_link(s->v, s->page, alone ? PAGE_MAIN : PAGE_QUIET, WEB(s->v, "web.to_chat"));
	page_note(s->page,
		  hours[0] ? WEB(s->v, "web.support_hours", ARG_TEXT("hours", hours)) : WEB(s->v, "web.support"));
	visit_languages(s->v, s->page, talloc_asprintf(s->v->t->ctx, "/p/%s", s->p->page));
}

void pay_page_send(struct visit *v, const struct gateway_redirect *where)
{
	struct page_look look = visit_look(v, WEB(v, "web.title"), where->post ? where->url : NULL, 0);
	struct page *page;

	look.sends_itself = where->post;
	look.goes_on_to = where->post ? NULL : where->url;
	page = page_begin(v->t->ctx, &look);
	page_heading(page, WEB(v, "web.leaving.heading"));
	page_prose(page, WEB_HTML(v, "web.leaving.text"));
	if (where->post)
		page_button(page, PAGE_MAIN, where->url, WEB(v, "web.leaving.press"), where->fields, where->n_fields);
	else
		page_link(page, PAGE_MAIN, where->url, WEB(v, "web.leaving.press"));
	page_end(page, 200, v->out);
}

void pay_page_show(struct visit *v, const struct payment *p, const struct deal_file *f)
{
	struct sheet s = {.v = v, .p = p, .f = f, .scene = find_scene(v, p, &f->deal)};

	assert(f->deal.state < DEAL_STATE_END);
	s.page = visit_page(v, WEB(v, "web.title"), s.scene->refreshes ? VISIT_REFRESH_S : 0);
	page_heading(s.page, WEB(v, "web.heading", ARG_TEXT("title", f->title)));
	put_news(&s);
	put_sum(&s);
	put_rows(&s);
	put_promise(&s);
	put_button(&s);
	put_foot(&s);
	page_end(s.page, 200, v->out);
}
