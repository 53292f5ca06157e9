/* What the steps of the deal table are made of: effects, timers, and the one place where a deal's money moves. */
#include "deal_parts.h"

#include <assert.h>

struct effect *add_effect(struct outcome *o, enum effect_kind kind)
{
	struct effect *f;

	assert(o->n_effects < DEAL_MAX_EFFECTS);
	f = &o->effects[o->n_effects++];
	f->kind = kind;
	return f;
}

void set_timer(struct outcome *o, enum timer_kind timer, int64_t due_ms)
{
	struct effect *f = add_effect(o, EFFECT_TIMER);

	f->timer = timer;
	f->due_ms = due_ms;
}

void stop_timer(struct outcome *o, enum timer_kind timer)
{
	set_timer(o, timer, 0);
}

void strike(struct outcome *o, enum role who)
{
	add_effect(o, EFFECT_STRIKE)->who = who;
}

/* The deal's own figure for an account, or NULL for accounts that are not the deal's. */
static struct rial *figure(struct deal *d, enum account_kind kind)
{
	switch (kind) {
	case ACCOUNT_HOLD:
		return &d->held;
	case ACCOUNT_SUSPENSE:
		return &d->suspense;
	case ACCOUNT_PAYABLE:
		return &d->payable;
	case ACCOUNT_REFUND:
		return &d->refund;
	case ACCOUNT_INFLIGHT:
		return &d->inflight;
	case ACCOUNT_BANK:
	case ACCOUNT_FEE_INCOME:
	case ACCOUNT_COST:
	case ACCOUNT_KIND_END:
		break;
	}
	return NULL;
}

static struct account account_of(const struct deal *d, enum account_kind kind, int64_t bank_id)
{
	if (kind == ACCOUNT_BANK)
		return (struct account){kind, bank_id};
	return (struct account){kind, kind == ACCOUNT_FEE_INCOME ? 0 : d->id};
}

/* Moves money between two accounts, in the outcome and in the deal's own figures alike. Nothing for nothing. */
void move_money(struct outcome *o, enum transfer_code code, enum account_kind from, enum account_kind to,
		struct rial amount, int64_t bank_id)
{
	struct rial *source = figure(&o->deal, from), *target = figure(&o->deal, to);
	struct effect *f;

	assert(o);
	if (rial_is_zero(amount))
		return;
	if (source)
		*source = rial_take(*source, amount);
	if (target)
		*target = rial_add(*target, amount);
	/* What had left and came back is no payment. */
	if (from == ACCOUNT_BANK && code != TRANSFER_PAYOUT_BOUNCED && code != TRANSFER_REFUND_BOUNCED)
		o->deal.paid_in = rial_add(o->deal.paid_in, amount);
	if (to == ACCOUNT_FEE_INCOME)
		o->deal.fee_taken = rial_add(o->deal.fee_taken, amount);
	f = add_effect(o, EFFECT_TRANSFER);
	f->transfer =
		(struct transfer){account_of(&o->deal, from, bank_id), account_of(&o->deal, to, bank_id), amount, code};
	assert(transfer_valid(&f->transfer));
}

void send_refund(struct outcome *o, struct rial amount)
{
	if (rial_is_positive(amount))
		add_effect(o, EFFECT_SEND_REFUND)->amount = amount;
}

/* Empties the hold: `to_buyer` of the price goes back, the rest is the seller's, the fee follows the released part. */
void settle_hold(struct outcome *o, struct rial to_buyer, const struct deal_policy *p, int64_t now_ms)
{
	struct split s = deal_split(&o->deal, to_buyer);

	move_money(o, TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, s.refund, 0);
	move_money(o, TRANSFER_RELEASE, ACCOUNT_HOLD, ACCOUNT_PAYABLE, s.payout, 0);
	move_money(o, TRANSFER_FEE, ACCOUNT_HOLD, ACCOUNT_FEE_INCOME, s.fee, 0);
	assert(rial_is_zero(o->deal.held));
	send_refund(o, s.refund);
	if (rial_is_positive(s.payout))
		set_timer(o, TIMER_PAYOUT, now_ms + p->payout_min_ms);
}
