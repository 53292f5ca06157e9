/* The payment page: see web_pay_page.h. What it says in each state is data here and words in locales/. */
#include "web_pay_page.h"
#include "money_in.h"

#include "clock.h"
#include "safe_name.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* The one thing that can be done on the page beside reading. */
enum press { PRESS_NOTHING, PRESS_BANK, PRESS_AGAIN, PRESS_LOOK };

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

bool pay_page_ended(enum payment_state s)
{
	return s == PAYMENT_REFUSED || s == PAYMENT_FAILED || s == PAYMENT_GIVEN_UP;
}

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
		return SCENE_OPEN;
	return is_fresh(v, returned_at(v)) ? SCENE_WAITING : SCENE_WAITED;
}

static enum payment_scene ended_scene(const struct visit *v, const struct payment *p, enum payment_scene otherwise)
{
	struct payment all[MONEY_MAX_PAYMENTS];
	size_t n = payments_of(v->t->tx, v->t->ctx, p->deal_id, all, MONEY_MAX_PAYMENTS);

	return n == MONEY_MAX_PAYMENTS ? SCENE_TOO_MANY : otherwise;
}

static enum payment_scene scene_of_payment(const struct visit *v, const struct payment *p)
{
	switch (p->state) {
	case PAYMENT_ASKED:
		return is_fresh(v, p->created_ms) ? SCENE_PREPARING : SCENE_SLOW;
	case PAYMENT_OPEN:
		return open_scene(v);
	case PAYMENT_CREDITED:
	case PAYMENT_SETTLED:
		return SCENE_PAID;
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
		return &payment_scenes[scene_of_payment(v, p)];
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
	put_strays(s);
	if (s->scene->next)
		page_prose(s->page, WEB_HTML(s->v, s->scene->next));
}

static const char *sum_label(const struct sheet *s)
{
	if (!s->scene->to_pay)
		return WEB(s->v, "web.sum.deal");
	return rial_is_positive(s->f->deal.held) ? WEB(s->v, "web.sum.rest") : WEB(s->v, "web.sum.due");
}

static void put_sum(struct sheet *s)
{
	struct rial sum = s->scene->to_pay ? s->p->amount : terms_due(&s->f->deal.terms);

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

static void put_post(struct sheet *s, const char *label)
{
	const char *action = talloc_asprintf(s->v->t->ctx, "/p/%s/go", s->p->page);
	struct http_header lang = {"lang", s->v->lang};

	page_button(s->page, PAGE_MAIN, action, label, &lang, s->v->chosen ? 1 : 0);
}

static void put_button(struct sheet *s)
{
	switch (s->scene->press) {
	case PRESS_NOTHING:
		return;
	case PRESS_BANK:
		put_post(s, WEB(s->v, "web.press.bank"));
		page_note(s->page, WEB(s->v, "web.never_asks"));
		return;
	case PRESS_AGAIN:
		put_post(s, WEB(s->v, "web.press.again"));
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

void pay_page_show(struct visit *v, const struct payment *p, const struct deal_file *f)
{
	struct sheet s = {.v = v, .p = p, .f = f, .scene = find_scene(v, p, &f->deal)};

	assert(f->deal.state < DEAL_STATE_END);
	s.page = visit_page(v, WEB(v, "web.title"), p->pay_url, s.scene->refreshes ? VISIT_REFRESH_S : 0);
	page_heading(s.page, WEB(v, "web.heading", ARG_TEXT("title", f->title)));
	put_news(&s);
	put_sum(&s);
	put_rows(&s);
	put_promise(&s);
	put_button(&s);
	put_foot(&s);
	page_end(s.page, 200, v->out);
}
