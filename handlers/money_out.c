/* Money going out: see money_out.h. */
#include "money_out.h"
#include "clock.h"

#include "bank_choice.h"
#include "deal_card.h"
#include "deal_step.h"
#include "log.h"
#include "money_refund.h"
#include "profile.h"
#include "repo_inbox.h"
#include "repo_restored.h"
#include "repo_work.h"
#include "staff_card.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { DEALS_A_PAGE = 50, MAX_DEALS = 5000 };

/* Row 46: who took over somebody's account must not be paid at once (fraud.md, account takeover). */
static const int64_t iban_cool_off_ms = 24 * HOUR_MS;
static const int64_t ask_iban_again_ms = 24 * HOUR_MS, ask_treasurers_again_ms = 2 * HOUR_MS;

static const int64_t look_ms = 60 * SECOND_MS, retry_ms = 15 * SECOND_MS;

static struct money_next again(enum gateway_op op, int64_t delay_ms)
{
	return (struct money_next){.what = MONEY_AGAIN, .op = op, .delay_ms = delay_ms};
}

int64_t money_new_settlement(struct turn *t, struct settlement *s)
{
	s->track_id = money_new_id(t);
	s->state = SETTLEMENT_QUEUED;
	s->id = settlement_insert(t->tx, s, t->now_ms);
	if (!s->id)
		t->failed = true;
	return s->id;
}

const char *money_rail_account(const struct turn *t)
{
	return strcmp(t->house->payout_rail, RAIL_FILE) ? t->house->payout_gateway : "bank";
}

void money_send_by_iban(struct turn *t, const struct settlement *s)
{
	/* After a restore it may have gone before. */
	bool look = restored_holds(t->tx, s->deal_id);

	/* In a file for the bank it waits for the treasurers' batch (batch.c). */
	if (!strcmp(s->rail, RAIL_BANK))
		money_call_bank(t, look ? GATEWAY_PAYOUT_INQUIRY : GATEWAY_PAYOUT, s->id, t->now_ms);
}

int64_t money_payout_waits_until(const struct person *payee)
{
	return payee->iban_changed_ms ? payee->iban_changed_ms + iban_cool_off_ms : 0;
}

static bool newest_payout(struct turn *t, const struct deal *d, struct settlement *out)
{
	struct settlement all[SETTLEMENTS_MOST];
	size_t n = settlements_of(t->tx, t->ctx, d->id, all, SETTLEMENTS_MOST);

	while (n > 0 && all[n - 1].kind != SETTLEMENT_PAYOUT)
		n--;
	if (n)
		*out = all[n - 1];
	return n > 0;
}

bool money_waits_for_file(struct turn *t, const struct deal *d)
{
	struct settlement s;

	return newest_payout(t, d, &s) && !strcmp(s.rail, RAIL_FILE) && s.state == SETTLEMENT_QUEUED;
}

/* When the payout leaves us, or left. */
static int64_t leaves_ms(struct turn *t, const struct deal *d)
{
	struct deal_timer clock;
	struct settlement s;

	if (rial_is_positive(d->payable))
		return timer_get(t->tx, d->id, TIMER_PAYOUT, &clock) && clock.due_ms > t->now_ms ? clock.due_ms
												 : t->now_ms;
	return newest_payout(t, d, &s) && s.state == SETTLEMENT_SENT ? s.changed_ms : t->now_ms;
}

int64_t money_arrives_late_ms(struct turn *t, const struct deal *d)
{
	int64_t from_ms, by_ms;

	if (!t->house->counts_cycles || (!rial_is_positive(d->payable) && !rial_is_positive(d->inflight)))
		return 0;
	from_ms = leaves_ms(t, d);
	by_ms = bank_cycle_after(&t->house->calendar, from_ms);
	return by_ms - from_ms > t->house->payout_max_ms - t->house->policy.payout_min_ms ? by_ms : 0;
}

/* Not yet: the payout's clock comes back to it. */
static void wait_until(struct turn *t, const struct deal_file *f, int64_t until_ms)
{
	timer_set(t->tx, f->deal.id, TIMER_PAYOUT, t->now_ms, until_ms, false);
}

static const char *approval_fact(struct turn *t, int64_t deal_id)
{
	return talloc_asprintf(t->ctx, "payout_ok:%" PRId64, deal_id);
}

static void send_payout(struct turn *t, struct deal_file *f, const struct person *seller)
{
	struct event sent = event_by(ROLE_SYSTEM, EVENT_PAYOUT_SENT);
	struct settlement s = {.deal_id = f->deal.id,
			       .kind = SETTLEMENT_PAYOUT,
			       .person_id = seller->id,
			       .rail = t->house->payout_rail,
			       .gateway = money_rail_account(t),
			       .iban = seller->iban};

	s.amount = sent.amount = f->deal.payable;
	if (!money_new_settlement(t, &s))
		return;
	/* The books say "sent" before the bank hears of it: after a crash it is looked up, never sent anew. */
	if (deal_step(t, f, &sent, NULL) != REFUSAL_NONE) {
		t->failed = true;
		return;
	}
	timer_set(t->tx, f->deal.id, TIMER_PAYOUT, t->now_ms, 0, false);
	fact_set(t->tx, approval_fact(t, f->deal.id), 0, ""); /* what was approved was this payout, not the next one */
	money_send_by_iban(t, &s);
}

/* The same for one that has left already, under a number that was lost: it is only ever looked up (asked). */
void money_payout_left(struct turn *t, struct deal_file *f, const char *track_id)
{
	struct event left = event_by(ROLE_SYSTEM, EVENT_PAYOUT_SENT);
	struct settlement s = {.deal_id = f->deal.id,
			       .kind = SETTLEMENT_PAYOUT,
			       .track_id = track_id,
			       .person_id = f->deal.seller_id,
			       .rail = t->house->payout_rail,
			       .gateway = money_rail_account(t),
			       .state = SETTLEMENT_QUEUED};
	struct person seller = {.iban = ""};

	person_by_id(t->tx, t->ctx, f->deal.seller_id, &seller);
	s.iban = seller.iban;
	s.amount = left.amount = f->deal.payable;
	s.id = settlement_insert(t->tx, &s, t->now_ms);
	settlement_set_state(t->tx, s.id, SETTLEMENT_QUEUED, SETTLEMENT_TOLD, t->now_ms);
	if (!s.id || deal_step(t, f, &left, NULL) != REFUSAL_NONE) {
		t->failed = true;
		return;
	}
	timer_set(t->tx, f->deal.id, TIMER_PAYOUT, t->now_ms, 0, false);
	if (!strcmp(s.rail, RAIL_BANK))
		money_call_bank(t, GATEWAY_PAYOUT_INQUIRY, s.id, t->now_ms);
}

bool money_payout_needs_two(struct turn *t, const struct deal *d)
{
	return (rial_cmp(d->payable, t->house->payout_two_person) > 0 || restored_holds(t->tx, d->id)) &&
	       fact_number(t->tx, approval_fact(t, d->id), 0) != rial_raw(d->payable);
}

bool money_is_held(struct turn *t, const struct deal *d)
{
	return restored_holds(t->tx, d->id) &&
	       (rial_is_positive(d->payable) || rial_is_positive(d->refund) || money_waits_for_file(t, d));
}

bool money_waits_for_two(struct turn *t, const struct deal *d)
{
	return (rial_is_positive(d->payable) && money_payout_needs_two(t, d)) || money_is_held(t, d);
}

/* Refunds that were kept from leaving (money_work.c) go now. */
static void release(struct turn *t, const struct deal *d)
{
	struct settlement all[SETTLEMENTS_MOST];
	size_t n = settlements_of(t->tx, t->ctx, d->id, all, SETTLEMENTS_MOST);
	struct person payee;

	restored_release(t->tx, d->id);
	for (size_t i = 0; i < n; i++)
		if (all[i].state == SETTLEMENT_QUEUED && person_by_id(t->tx, t->ctx, all[i].person_id, &payee) &&
		    money_payout_waits_until(&payee) <= t->now_ms)
			work_hurry(t->tx, talloc_asprintf(t->ctx, "settlement:%" PRId64, all[i].id), t->now_ms);
}

void money_payout_approved(struct turn *t, struct deal_file *f)
{
	if (restored_holds(t->tx, f->deal.id))
		release(t, &f->deal);
	if (!rial_is_positive(f->deal.payable))
		return;
	fact_set(t->tx, approval_fact(t, f->deal.id), rial_raw(f->deal.payable), "");
	money_pay_out(t, f);
}

bool money_payee_ready(struct turn *t, const struct person *payee)
{
	return profile_state(t, payee) == PROFILE_COMPLETE;
}

void money_pay_out(struct turn *t, struct deal_file *f)
{
	struct person seller;

	if (!person_by_id(t->tx, t->ctx, f->deal.seller_id, &seller)) {
		t->failed = true;
	} else if (!money_payee_ready(t, &seller)) {
		wait_until(t, f, t->now_ms + ask_iban_again_ms);
		deal_card_fresh(t, f, ROLE_SELLER);
	} else if (t->now_ms < money_payout_waits_until(&seller)) {
		wait_until(t, f, money_payout_waits_until(&seller));
	} else if (money_payout_needs_two(t, &f->deal)) {
		wait_until(t, f, t->now_ms + ask_treasurers_again_ms);
		staff_card(t, f, true);
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
	money_refunds_go(t, person_id);
}

const char *money_settlement_account(struct turn *t, const struct settlement *s)
{
	struct payment p;

	if (s->gateway[0])
		return s->gateway;
	/* Rows that are older than the column. */
	return s->payment_id && payment_by_id(t->tx, t->ctx, s->payment_id, &p) ? p.gateway : t->house->payout_gateway;
}

static bool along(const struct settlement *s)
{
	return !strcmp(s->rail, RAIL_ALONG);
}

/* The bank's proof that the money has gone: into the books, once for this track id. */
static struct money_next gone(struct turn *t, const struct settlement *s)
{
	bool payout = s->kind == SETTLEMENT_PAYOUT;
	struct event e = event_by(ROLE_BANK, payout ? EVENT_PAYOUT_DONE : EVENT_REFUND_DONE);
	const char *account = money_settlement_account(t, s);
	struct deal_file f;

	if (s->state == SETTLEMENT_DONE)
		return (struct money_next){.what = MONEY_DONE};
	settlement_set_state(t->tx, s->id, SETTLEMENT_DONE, "", t->now_ms);
	e.amount = s->amount;
	e.bank_id = bank_account(account);
	if (!deal_by_id(t->tx, t->ctx, s->deal_id, &f) ||
	    deal_step(t, &f, &e,
		      &(struct step_facts){.key = talloc_asprintf(t->ctx, "out:%s:%s", account, s->track_id)}) !=
		    REFUSAL_NONE) {
		log_error("settlement %" PRId64 ": done at the bank but refused by deal %" PRId64, s->id, s->deal_id);
		t->failed = true;
	}
	return (struct money_next){.what = MONEY_DONE};
}

/* Proven not done. A payout goes back into the books and the seller is asked for another IBAN. A refund that the bank
 * will not make along the payment goes to the buyer's IBAN; one that came back from there asks for another. */
static struct money_next came_back(struct turn *t, const struct settlement *s, const struct gateway_result *r)
{
	struct event e = event_by(ROLE_BANK, EVENT_PAYOUT_RETURNED);
	struct deal_file f;
	struct person seller;

	if (s->state == SETTLEMENT_RETURNED || !deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		return (struct money_next){.what = MONEY_DONE};
	settlement_set_state(t->tx, s->id, SETTLEMENT_RETURNED, r->reason, t->now_ms);
	/* Another IBAN given meanwhile has not failed. */
	if (!along(s) && person_by_id(t->tx, t->ctx, s->person_id, &seller) && !strcmp(seller.iban, s->iban))
		person_forget_iban(t->tx, s->person_id, t->now_ms);
	if (s->kind == SETTLEMENT_REFUND) {
		money_refund_by_iban(t, &f, s);
		return (struct money_next){.what = MONEY_DONE};
	}
	e.amount = s->amount;
	if (deal_step(t, &f, &e, NULL) != REFUSAL_NONE)
		t->failed = true;
	return (struct money_next){.what = MONEY_DONE};
}

bool money_bounced(struct turn *t, const struct settlement *s)
{
	bool payout = s->kind == SETTLEMENT_PAYOUT;
	struct event e = event_by(ROLE_BANK, payout ? EVENT_PAYOUT_BOUNCED : EVENT_REFUND_BOUNCED);
	const char *account = money_settlement_account(t, s);
	struct step_facts facts = {.key = talloc_asprintf(t->ctx, "back:%s:%s", account, s->track_id)};
	struct deal_file f;
	struct person payee;

	if (along(s) || s->state != SETTLEMENT_DONE || !deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		return false;
	if (person_by_id(t->tx, t->ctx, s->person_id, &payee) && !strcmp(payee.iban, s->iban))
		person_forget_iban(t->tx, s->person_id, t->now_ms);
	settlement_set_state(t->tx, s->id, SETTLEMENT_RETURNED, "bounced", t->now_ms);
	e.amount = s->amount;
	e.bank_id = bank_account(account);
	if (deal_step(t, &f, &e, &facts) != REFUSAL_NONE) {
		log_error("settlement %" PRId64 " came back after it was done, but deal %" PRId64 " refuses it", s->id,
			  s->deal_id);
		t->failed = true;
		return false;
	}
	if (!payout)
		money_refund_by_iban(t, &f, s);
	return true;
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
	return along(s) ? GATEWAY_REFUND_INQUIRY : GATEWAY_PAYOUT_INQUIRY;
}

/* The bank's own number of what it sent is what it must be asked by later. */
static void keep_ref(struct turn *t, const struct settlement *s, const struct gateway_result *r)
{
	struct settlement with_ref = *s;

	if (!r->ref[0])
		return;
	with_ref.ref = r->ref;
	settlement_save(t->tx, &with_ref, t->now_ms);
}

void money_ask_about(struct turn *t, const struct settlement *s)
{
	if (s->state == SETTLEMENT_SENT)
		work_hurry(t->tx, talloc_asprintf(t->ctx, "settlement:%" PRId64, s->id), t->now_ms);
}

static struct money_next sent(struct turn *t, const struct settlement *s, const struct gateway_call *call,
			      const struct gateway_result *r)
{
	keep_ref(t, s, r);
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

/* The number that people told is none at the bank, or that of another payout: the money is owed as before, and held. */
static struct money_next mistaken(struct turn *t, const struct settlement *s)
{
	struct event e = event_by(ROLE_BANK, EVENT_PAYOUT_RETURNED);
	struct deal_file f;

	settlement_set_state(t->tx, s->id, SETTLEMENT_RETURNED, "unknown_number", t->now_ms);
	e.amount = s->amount;
	if (!deal_by_id(t->tx, t->ctx, s->deal_id, &f) || deal_step(t, &f, &e, NULL) != REFUSAL_NONE)
		t->failed = true;
	else
		staff_card(t, &f, true);
	return (struct money_next){.what = MONEY_DONE};
}

static struct money_next asked(struct turn *t, const struct settlement *s, const struct gateway_call *call,
			       const struct gateway_result *r)
{
	keep_ref(t, s, r);
	switch (r->verdict) {
	case GATEWAY_YES:
		return gone(t, s);
	case GATEWAY_NO:
		if ((r->clash || r->unheard) && !strcmp(s->reason, SETTLEMENT_TOLD))
			return mistaken(t, s);
		if (r->clash) /* it cannot be looked up, or is something else there: nothing more may leave */
			return clashes(t, s);
		if (r->unheard) /* it never arrived: the same again under the same track id */
			return again(along(s) ? GATEWAY_REFUND : GATEWAY_PAYOUT, 0);
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
		if (r->look)
			return again(GATEWAY_REFUND_INQUIRY, 0);
		return money_refund_otherwise(t, s); /* too late to undo: it is sent back instead */
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
