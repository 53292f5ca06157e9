/* Money going out: see money_out.h. */
#include "money_out.h"
#include "clock.h"

#include "deal_card.h"
#include "deal_step.h"
#include "log.h"
#include "staff_card.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { DEALS_A_PAGE = 50, MAX_DEALS = 5000 };

/* Row 46: who took over somebody's account must not be paid at once (fraud.md, account takeover). */
static const int64_t iban_cool_off_ms = 24 * HOUR_MS;
static const int64_t ask_iban_again_ms = 24 * HOUR_MS;

static const int64_t look_ms = 60 * SECOND_MS, retry_ms = 15 * SECOND_MS;

static struct money_next again(enum gateway_op op, int64_t delay_ms)
{
	return (struct money_next){.what = MONEY_AGAIN, .op = op, .delay_ms = delay_ms};
}

static int64_t new_settlement(struct turn *t, struct settlement *s)
{
	s->track_id = money_new_id(t);
	s->state = SETTLEMENT_QUEUED;
	s->id = settlement_insert(t->tx, s, t->now_ms);
	if (!s->id)
		t->failed = true;
	return s->id;
}

int64_t money_payout_waits_until(const struct person *seller)
{
	return seller->iban_changed_ms ? seller->iban_changed_ms + iban_cool_off_ms : 0;
}

/* Not yet: the payout's clock comes back to it. */
static void wait_until(struct turn *t, const struct deal_file *f, int64_t until_ms)
{
	timer_set(t->tx, f->deal.id, TIMER_PAYOUT, t->now_ms, until_ms, false);
}

static void send_payout(struct turn *t, struct deal_file *f, const struct person *seller)
{
	struct event sent = event_by(ROLE_SYSTEM, EVENT_PAYOUT_SENT);
	struct settlement s = {.deal_id = f->deal.id, .kind = SETTLEMENT_PAYOUT, .person_id = seller->id};

	s.iban = seller->iban;
	s.amount = sent.amount = f->deal.payable;
	if (!new_settlement(t, &s))
		return;
	/* The books say "sent" before the bank hears of it: after a crash it is looked up, never sent anew. */
	if (deal_step(t, f, &sent, NULL) != REFUSAL_NONE) {
		t->failed = true;
		return;
	}
	timer_set(t->tx, f->deal.id, TIMER_PAYOUT, t->now_ms, 0, false);
	money_call_bank(t, GATEWAY_PAYOUT, s.id, t->now_ms);
}

void money_pay_out(struct turn *t, struct deal_file *f)
{
	struct person seller;

	if (!person_by_id(t->tx, t->ctx, f->deal.seller_id, &seller)) {
		t->failed = true;
	} else if (!seller.iban[0]) {
		wait_until(t, f, t->now_ms + ask_iban_again_ms);
		deal_card_fresh(t, f, ROLE_SELLER);
	} else if (t->now_ms < money_payout_waits_until(&seller)) {
		wait_until(t, f, money_payout_waits_until(&seller));
	} else {
		send_payout(t, f, &seller);
	}
}

/* A clock that was set for asking again or for a cool-off, not for the hour after the release. */
static bool only_waits_for_iban(const struct turn *t, const struct deal_timer *clock)
{
	return clock->due_ms - clock->set_ms > t->house->policy.payout_min_ms;
}

static void iban_known_for(struct turn *t, struct deal_file *f)
{
	struct deal_timer clock;

	if (f->deal.frozen || !rial_is_positive(f->deal.payable))
		return;
	if (timer_get(t->tx, f->deal.id, TIMER_PAYOUT, &clock) && !only_waits_for_iban(t, &clock))
		deal_card_redraw(t, f, ROLE_SELLER);
	else
		money_pay_out(t, f);
}

void money_iban_known(struct turn *t, int64_t person_id)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, DEALS_A_PAGE);
	size_t n = DEALS_A_PAGE;

	for (size_t skip = 0; n == DEALS_A_PAGE && skip < MAX_DEALS; skip += n) {
		n = deals_of(t->tx, t->ctx, person_id, true, skip, mine, DEALS_A_PAGE);
		for (size_t i = 0; i < n; i++)
			if (mine[i].deal.seller_id == person_id)
				iban_known_for(t, &mine[i]);
	}
}

/* Gives up to `wanted` of one payment back; returns how much. */
static struct rial refund_along(struct turn *t, const struct deal_file *f, struct payment *p, struct rial wanted)
{
	struct rial part = rial_min(wanted, rial_take(p->paid, p->refunded));
	struct settlement s = {.deal_id = f->deal.id,
			       .kind = SETTLEMENT_REFUND,
			       .payment_id = p->id,
			       .person_id = f->deal.buyer_id,
			       .iban = "",
			       .amount = part};
	/* Not settled yet and all of it: the bank can undo the payment itself, which is quicker and costs nothing. */
	bool whole = p->state == PAYMENT_CREDITED && rial_is_zero(p->refunded) && rial_cmp(part, p->paid) == 0;

	if (!rial_is_positive(part) || !new_settlement(t, &s))
		return RIAL_ZERO;
	p->refunded = rial_add(p->refunded, part);
	payment_save(t->tx, p, t->now_ms);
	money_call_bank(t, whole ? GATEWAY_REVERSE : GATEWAY_REFUND, s.id, t->now_ms);
	return part;
}

void money_refund(struct turn *t, const struct deal_file *f, struct rial amount, int64_t payment_id)
{
	struct payment own, all[MONEY_MAX_PAYMENTS];
	size_t n;

	if (payment_id && payment_by_id(t->tx, t->ctx, payment_id, &own))
		amount = rial_take(amount, refund_along(t, f, &own, amount));
	/* Each round uses up every payment that it reads, so it ends; however many payments a deal has had. */
	while (rial_is_positive(amount) && !t->failed) {
		n = payments_with_money(t->tx, t->ctx, f->deal.id, all, MONEY_MAX_PAYMENTS);
		for (size_t i = 0; i < n && rial_is_positive(amount); i++)
			amount = rial_take(amount, refund_along(t, f, &all[i], amount));
		if (n)
			continue;
		log_error("deal %" PRId64 ": a refund finds no payment that brought the money", f->deal.id);
		t->failed = true;
	}
}

/* The bank's proof that the money has gone: into the books, once for this track id. */
static struct money_next gone(struct turn *t, const struct settlement *s)
{
	bool payout = s->kind == SETTLEMENT_PAYOUT;
	struct event e = event_by(ROLE_BANK, payout ? EVENT_PAYOUT_DONE : EVENT_REFUND_DONE);
	struct payment p = {.gateway = t->house->payout_gateway};
	struct deal_file f;

	if (s->payment_id && !payment_by_id(t->tx, t->ctx, s->payment_id, &p))
		t->failed = true;
	if (s->state == SETTLEMENT_DONE)
		return (struct money_next){.what = MONEY_DONE};
	settlement_set_state(t->tx, s->id, SETTLEMENT_DONE, "", t->now_ms);
	e.amount = s->amount;
	e.bank_id = t->house->gateway_account;
	if (!deal_by_id(t->tx, t->ctx, s->deal_id, &f) ||
	    deal_step(t, &f, &e,
		      &(struct step_facts){.key = talloc_asprintf(t->ctx, "out:%s:%s", p.gateway, s->track_id)}) !=
		    REFUSAL_NONE) {
		log_error("settlement %" PRId64 ": done at the bank but refused by deal %" PRId64, s->id, s->deal_id);
		t->failed = true;
	}
	return (struct money_next){.what = MONEY_DONE};
}

/* Proven not done. A payout goes back into the books and the seller is asked for another IBAN; a refund that the bank
 * will not make along the payment needs a person. */
static struct money_next came_back(struct turn *t, const struct settlement *s, const struct gateway_result *r)
{
	struct event e = event_by(ROLE_BANK, EVENT_PAYOUT_RETURNED);
	struct deal_file f;
	struct person seller;

	if (s->state == SETTLEMENT_RETURNED || !deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		return (struct money_next){.what = MONEY_DONE};
	settlement_set_state(t->tx, s->id, SETTLEMENT_RETURNED, r->reason, t->now_ms);
	if (s->kind == SETTLEMENT_REFUND) {
		staff_alarm(t, &f, "staff.refund_failed");
		return (struct money_next){.what = MONEY_DEAD};
	}
	/* Another IBAN given meanwhile has not failed. */
	if (person_by_id(t->tx, t->ctx, s->person_id, &seller) && !strcmp(seller.iban, s->iban))
		person_forget_iban(t->tx, s->person_id);
	e.amount = s->amount;
	if (deal_step(t, &f, &e, NULL) != REFUSAL_NONE)
		t->failed = true;
	return (struct money_next){.what = MONEY_DONE};
}

/* Our track id means something else at the bank: whatever we did next could be a second payment. */
static struct money_next clashes(struct turn *t, const struct settlement *s)
{
	struct deal_file f;

	if (deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		staff_alarm(t, &f, "staff.bank_stuck");
	return (struct money_next){.what = MONEY_DEAD};
}

static enum gateway_op inquiry_of(const struct settlement *s)
{
	return s->kind == SETTLEMENT_PAYOUT ? GATEWAY_PAYOUT_INQUIRY : GATEWAY_REFUND_INQUIRY;
}

static struct money_next sent(struct turn *t, const struct settlement *s, const struct gateway_call *call,
			      const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		return gone(t, s);
	case GATEWAY_WAITING:
		settlement_set_state(t->tx, s->id, SETTLEMENT_SENT, "", t->now_ms);
		return again(inquiry_of(s), look_ms);
	case GATEWAY_RETRY:
		return again(call->op, retry_ms);
	case GATEWAY_UNKNOWN:
		return again(inquiry_of(s), retry_ms);
	case GATEWAY_NO:
		break;
	}
	if (r->clash)
		return clashes(t, s);
	return came_back(t, s, r);
}

static struct money_next asked(struct turn *t, const struct settlement *s, const struct gateway_call *call,
			       const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		return gone(t, s);
	case GATEWAY_NO:
		if (r->unheard) /* it never arrived: the same again under the same track id */
			return again(s->kind == SETTLEMENT_PAYOUT ? GATEWAY_PAYOUT : GATEWAY_REFUND, 0);
		return came_back(t, s, r);
	case GATEWAY_WAITING:
		return again(call->op, look_ms);
	case GATEWAY_RETRY:
	case GATEWAY_UNKNOWN:
		break;
	}
	return again(call->op, retry_ms);
}

/* Reversing again is safe: the bank answers "already reversed", which is a yes. */
static struct money_next reversed(struct turn *t, const struct settlement *s, const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		return gone(t, s);
	case GATEWAY_NO:
		return again(GATEWAY_REFUND, 0); /* too late to undo: it is sent back instead */
	case GATEWAY_WAITING:
	case GATEWAY_RETRY:
	case GATEWAY_UNKNOWN:
		break;
	}
	return again(GATEWAY_REVERSE, retry_ms);
}

struct money_next money_out_answer(struct turn *t, const struct settlement *s, const struct gateway_call *call,
				   const struct gateway_result *r)
{
	switch (call->op) {
	case GATEWAY_REVERSE:
		return reversed(t, s, r);
	case GATEWAY_REFUND:
	case GATEWAY_PAYOUT:
		return sent(t, s, call, r);
	case GATEWAY_REFUND_INQUIRY:
	case GATEWAY_PAYOUT_INQUIRY:
		return asked(t, s, call, r);
	case GATEWAY_START:
	case GATEWAY_VERIFY:
	case GATEWAY_SETTLE:
	case GATEWAY_INQUIRY:
		break;
	}
	return (struct money_next){.what = MONEY_DEAD};
}
