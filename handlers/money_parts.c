/* What is due, in parts: see money_parts.h. */
#include "money_parts.h"

#include "bank_choice.h"
#include "log.h"
#include "money_in.h"
#include "repo_deal.h"
#include <inttypes.h>
#include <talloc.h>

enum { PAGE_TOKEN_BYTES = 16 };

const struct deal_terms *money_terms(const struct deal *d)
{
	return d->topup_wanted ? &d->amended : &d->terms;
}

struct rial money_due(const struct deal *d)
{
	return terms_due(money_terms(d));
}

struct rial money_missing(const struct deal *d)
{
	struct rial missing = RIAL_ZERO;

	return rial_try_take(money_due(d), d->held, &missing) ? missing : RIAL_ZERO;
}

bool money_awaited(const struct deal *d)
{
	if (d->frozen)
		return false;
	return d->state == DEAL_AWAIT_PAY || d->state == DEAL_PART_PAID || (d->state == DEAL_FUNDED && d->topup_wanted);
}

/* What is missing and in no part that waits to be paid; *n is how many parts there are. */
static struct rial unplanned(struct turn *t, int64_t deal_id, struct rial missing, size_t *n)
{
	struct payment all[PARTS_MAX];

	*n = payments_by_part(t->tx, t->ctx, deal_id, all, PARTS_MAX);
	for (size_t i = 0; i < *n; i++)
		if (!money_credited(&all[i]))
			missing = rial_take(missing, rial_min(missing, all[i].amount));
	return missing;
}

bool money_may_top_up(struct turn *t, const struct deal *d)
{
	struct payment all[PARTS_MAX];
	struct rial more;

	if (!rial_try_take(terms_due(&d->amended), d->held, &more))
		return true;
	return rial_cmp(more, bank_cap(t->house)) <= 0 &&
	       payments_by_part(t->tx, t->ctx, d->id, all, PARTS_MAX) < PARTS_MAX;
}

/* Asked before anybody presses: only where the page stays good until then, and no card has to be named first. */
static bool asks_at_once(const struct turn *t, const struct house_bank *bank, size_t parts)
{
	return parts == 1 && !t->house->ask_card && bank->gateway->page_ms >= t->house->policy.pay_extended_ms;
}

static void ask_bank(struct turn *t, struct payment *p, const struct house_bank *bank)
{
	struct person buyer;
	struct deal_file f;

	p->gateway = bank->name;
	p->state = PAYMENT_ASKED;
	if (t->house->ask_card && deal_by_id(t->tx, t->ctx, p->deal_id, &f) &&
	    person_by_id(t->tx, t->ctx, f.deal.buyer_id, &buyer))
		p->card_said = buyer.card_said;
	payment_save(t->tx, p, t->now_ms);
	money_call_bank(t, GATEWAY_START, p->id, t->now_ms);
}

static struct payment add_part(struct turn *t, int64_t deal_id, int64_t part, int64_t parts, struct rial amount)
{
	struct payment p = {.deal_id = deal_id,
			    .part = part,
			    .parts = parts,
			    .page = rnd_token(t->ctx, &t->house->rnd, PAGE_TOKEN_BYTES),
			    .gateway = "",
			    .order_id = money_new_id(t),
			    .amount = amount,
			    .state = PAYMENT_PLANNED,
			    .token = "",
			    .pay_url = "",
			    .ref = "",
			    .card_mask = "",
			    .card_hash = "",
			    .card_said = "",
			    .said = "",
			    .created_ms = t->now_ms};

	p.id = payment_insert(t->tx, &p, t->now_ms);
	if (!p.id)
		t->failed = true;
	return p;
}

void money_plan(struct turn *t, const struct deal_file *f)
{
	struct rial parts[PARTS_MAX], missing;
	const struct house_bank *banks[HOUSE_MAX_BANKS];
	size_t before, n;

	missing = unplanned(t, f->deal.id, money_missing(&f->deal), &before);
	if (f->deal.topup_wanted) /* a part that an earlier proposal left behind is not this one's */
		missing = money_missing(&f->deal);
	if (!rial_is_positive(missing))
		return;
	n = parts_plan(missing, bank_cap(t->house), parts);
	if (!n || before + n > PARTS_MAX) {
		log_error("deal %" PRId64 ": what is missing fits into no parts; a person must look", f->deal.id);
		return;
	}
	for (size_t i = 0; i < n && !t->failed; i++) {
		/* A top-up is a payment of its own, not the second part of the first. */
		size_t of = f->deal.topup_wanted ? n : before + n;
		struct payment p = add_part(t, f->deal.id, (int64_t)(before + i + 1), (int64_t)of, parts[i]);

		if (banks_for(t, p.amount, banks) && asks_at_once(t, banks[0], of))
			ask_bank(t, &p, banks[0]);
	}
}

bool money_start(struct turn *t, const struct deal_file *f, struct payment *p, const struct house_bank *bank)
{
	struct rial amount = rial_min(p->amount, money_missing(&f->deal));

	if (!rial_is_positive(amount))
		return false;
	if (p->state != PAYMENT_PLANNED || rial_cmp(amount, p->amount) != 0) {
		if (payment_tries(t->tx, p->deal_id, p->part) >= MONEY_MAX_TRIES)
			return false;
		*p = add_part(t, p->deal_id, p->part, p->parts, amount);
	}
	ask_bank(t, p, bank);
	return true;
}

bool money_page_lives(const struct turn *t, const struct payment *p)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);

	return b && p->state == PAYMENT_OPEN && t->now_ms - p->opened_ms < b->gateway->page_ms;
}

bool money_next_part(struct turn *t, const struct deal *d, struct payment *out)
{
	struct payment all[PARTS_MAX];
	size_t n = payments_by_part(t->tx, t->ctx, d->id, all, PARTS_MAX);

	for (size_t i = d->topup_wanted && n ? n - 1 : 0; i < n; i++)
		if (!money_credited(&all[i])) {
			*out = all[i];
			return true;
		}
	return false;
}

const char *money_page_of(struct turn *t, const struct payment *p)
{
	return talloc_asprintf(t->ctx, "%s/p/%s", t->house->public_url, p->page);
}

const char *money_page_url(struct turn *t, const struct deal_file *f)
{
	struct payment p;

	if (!money_next_part(t, &f->deal, &p) && !payment_newest(t->tx, t->ctx, f->deal.id, &p))
		return NULL;
	return money_page_of(t, &p);
}

const char *money_pay_now_url(struct turn *t, const struct deal_file *f)
{
	struct payment p;
	const char *page = money_page_url(t, f);

	if (!page || !payment_newest(t->tx, t->ctx, f->deal.id, &p) || p.parts > 1 || t->house->ask_card ||
	    t->house->n_banks > 1)
		return page;
	return talloc_asprintf(t->ctx, "%s/now", page);
}

bool money_card_wanted(const struct turn *t, const struct person *buyer)
{
	return t->house->ask_card && !buyer->card_said[0];
}
