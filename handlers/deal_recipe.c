/* What the payment card and the receipt say: see deal_picture.h. */
#include "deal_draft.h"
#include "deal_picture.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "money_in.h"
#include "repo_settlement.h"
#include "safe_name.h"
#include <talloc.h>

/* A recipe being filled. */
struct filling {
	struct turn *t;
	const struct deal_file *f;
	const struct person *reader;
	struct recipe *r;
};

#define PICTURE(p, key, ...) THEIRS_PLAIN((p)->t, (p)->reader, key __VA_OPT__(, ) __VA_ARGS__)

static const char *money_text(const struct filling *p, struct rial sum)
{
	return format_money(p->t->ctx, p->t->house->texts, p->reader->language, rial_raw(sum));
}

void recipe_begin(struct turn *t, const struct deal_file *f, const struct person *reader, struct recipe *r)
{
	bool practice = t->house->practice;

	*r = (struct recipe){.language = catalog_pick(t->house->texts, reader->language),
			     .dark = reader->dark_pictures,
			     .emblem = reader->emblem,
			     .emblem_name = emblem_name(t, reader->language, reader->emblem),
			     .brand = practice ? THEIRS_PLAIN(t, reader, "picture.brand_practice")
					       : THEIRS_PLAIN(t, reader, "picture.brand"),
			     .heading = "",
			     .title = safe_line(t->ctx, f->title, TITLE_CODEPOINTS),
			     .sum = "",
			     .sum_words = "",
			     .qr = "",
			     .code = f->code,
			     .foot = practice ? THEIRS_PLAIN(t, reader, "picture.foot_practice") : ""};
}

static void put_sum(struct filling *p, struct rial sum)
{
	p->r->sum = money_text(p, sum);
	p->r->sum_words = money_words(p->t->ctx, p->t->house->texts, p->reader->language, rial_raw(sum));
}

/* Rows beyond the most that a picture shows are left out: the important ones come first. */
static void put_row(struct filling *p, const char *label, const char *value, bool strong)
{
	if (value[0] && p->r->n_rows < RECIPE_MAX_ROWS)
		p->r->rows[p->r->n_rows++] = (struct recipe_row){label, value, strong};
}

static void put_money_row(struct filling *p, const char *label, struct rial sum)
{
	if (rial_is_positive(sum))
		put_row(p, label, money_text(p, sum), false);
}

static void put_person_row(struct filling *p, const char *label, int64_t person_id)
{
	struct person who;

	if (person_by_id(p->t->tx, p->t->ctx, person_id, &who))
		put_row(p, label, safe_name(p->t->ctx, who.name), false);
}

/* --- the payment card --- */

static const char *fee_text(const struct filling *p)
{
	const struct deal_terms *terms = &p->f->deal.terms;
	const char *payer = "";

	if (rial_is_zero(terms->fee))
		return "";
	switch (terms->fee_payer) {
	case FEE_BY_BUYER:
		payer = PICTURE(p, "fee.by_buyer");
		break;
	case FEE_BY_SELLER:
		payer = PICTURE(p, "fee.by_seller");
		break;
	case FEE_BY_HALF:
		payer = PICTURE(p, "fee.by_half");
		break;
	}
	return PICTURE(p, "picture.fee", MONEY_ARG("fee", terms->fee), ARG_RAW("payer", payer));
}

static void put_pay_until(struct filling *p)
{
	struct deal_timer clock;
	int64_t id = p->f->deal.id;

	if (timer_get(p->t->tx, id, TIMER_PAY, &clock) || timer_get(p->t->tx, id, TIMER_PART, &clock))
		put_row(p, PICTURE(p, "picture.row.pay_until"),
			format_time(p->t->ctx, p->t->house->texts, p->reader->language, clock.due_ms), true);
}

char *payment_recipe(struct turn *t, const struct deal_file *f, const struct person *reader)
{
	struct recipe r;
	struct filling p = {t, f, reader, &r};
	const char *page = money_page_url(t, f);
	struct payment next = {.parts = 1};

	recipe_begin(t, f, reader, &r);
	r.kind = RECIPE_PAYMENT;
	r.heading = PICTURE(&p, "picture.head_payment");
	put_sum(&p, money_next_part(t, &f->deal, &next) ? next.amount : terms_due(&f->deal.terms));
	put_person_row(&p, PICTURE(&p, "picture.row.seller"), f->deal.seller_id);
	if (next.parts > 1)
		put_row(&p, PICTURE(&p, "web.row.part"),
			PICTURE(&p, "web.part", ARG_INT("part", next.part), ARG_INT("parts", next.parts)), true);
	put_money_row(&p, PICTURE(&p, "picture.row.price"), f->deal.terms.price);
	put_row(&p, PICTURE(&p, "picture.row.fee"), fee_text(&p), false);
	put_pay_until(&p);
	r.qr = page ? page : "";
	if (!t->house->practice)
		r.foot = PICTURE(&p, "picture.foot_payment");
	return recipe_to_json(t->ctx, &r);
}

/* --- the receipt --- */

struct deal_sums deal_sums(struct turn *t, const struct deal_file *f)
{
	struct settlement all[SETTLEMENTS_MOST];
	size_t n = settlements_of(t->tx, t->ctx, f->deal.id, all, SETTLEMENTS_MOST);
	struct deal_sums sums = {RIAL_ZERO, RIAL_ZERO};

	for (size_t i = 0; i < n; i++) {
		struct rial *sum = all[i].kind == SETTLEMENT_PAYOUT ? &sums.to_seller : &sums.back;

		if (all[i].state == SETTLEMENT_DONE)
			*sum = rial_add(*sum, all[i].amount);
	}
	return sums;
}

/* The bank's number of the payment that came, for who paid it. */
static const char *bank_ref(const struct filling *p)
{
	struct payment all[PARTS_MAX];
	size_t n = payments_by_part(p->t->tx, p->t->ctx, p->f->deal.id, all, PARTS_MAX);

	for (size_t i = n; i > 0 && p->reader->id == p->f->deal.buyer_id; i--)
		if (rial_is_positive(all[i - 1].paid))
			return all[i - 1].ref;
	return "";
}

/* The sum that is this side's: what the buyer paid or got back, what the seller got. */
static struct rial own_sum(const struct filling *p, struct deal_sums sums)
{
	const struct deal *d = &p->f->deal;

	if (p->reader->id == d->seller_id && rial_is_positive(sums.to_seller))
		return sums.to_seller;
	if (p->reader->id == d->buyer_id)
		return rial_is_positive(sums.back) ? sums.back : d->paid_in;
	return d->terms.price;
}

static const char *result_key(enum deal_state state)
{
	if (state == DEAL_COMPLETED)
		return "picture.result.completed";
	return state == DEAL_REFUNDED ? "picture.result.refunded" : "picture.result.divided";
}

static void put_receipt_rows(struct filling *p, struct deal_sums sums)
{
	const struct deal *d = &p->f->deal;

	put_row(p, PICTURE(p, "picture.row.result"), PICTURE(p, result_key(d->state)), true);
	put_person_row(p, PICTURE(p, "picture.row.seller"), d->seller_id);
	put_person_row(p, PICTURE(p, "picture.row.buyer"), d->buyer_id);
	put_money_row(p, PICTURE(p, "picture.row.price"), d->terms.price);
	put_money_row(p, PICTURE(p, "picture.row.paid"), d->paid_in);
	put_money_row(p, PICTURE(p, "picture.row.to_seller"), sums.to_seller);
	put_money_row(p, PICTURE(p, "picture.row.back"), sums.back);
	put_money_row(p, PICTURE(p, "picture.row.fee"), d->fee_taken);
	put_row(p, PICTURE(p, "picture.row.ref"), bank_ref(p), false);
}

char *receipt_recipe(struct turn *t, const struct deal_file *f, const struct person *reader, const char *code)
{
	struct recipe r;
	struct filling p = {t, f, reader, &r};
	struct deal_sums sums = deal_sums(t, f);

	recipe_begin(t, f, reader, &r);
	r.kind = RECIPE_RECEIPT;
	r.emblem = 0; /* it is made to be shown to others, and the emblem is its reader's secret */
	r.emblem_name = "";
	r.heading = PICTURE(&p, "picture.head_receipt");
	put_sum(&p, own_sum(&p, sums));
	put_receipt_rows(&p, sums);
	r.code = code;
	r.qr = talloc_asprintf(t->ctx, "https://t.me/%s?start=r_%s", t->house->bot_username, code);
	r.foot = PICTURE(&p, "picture.foot_receipt",
			 ARG_TIME("at", f->deal.closed_ms ? f->deal.closed_ms : f->changed_ms),
			 ARG_CODE("bot", t->house->bot_username));
	return recipe_to_json(t->ctx, &r);
}
