/* Money coming in: see money_in.h. The bank's verified answer is the only thing that funds a deal. */
#include "money_in.h"
#include "clock.h"

#include "deal_step.h"
#include "log.h"
#include "repo_work.h"
#include "staff_card.h"
#include "tell.h"
#include <inttypes.h>
#include <talloc.h>

enum { PAGE_TOKEN_BYTES = 16, PAGE_TRIES = 3 };

/* How often an unpaid payment is asked about: a bank gives unverified money back after 15 minutes (Mellat,
 * rails.md 1.5), so a payment whose browser never returned must be found well before that. */
static const int64_t early_look_ms = 2 * MINUTE_MS, late_look_ms = 5 * MINUTE_MS, early_ms = 30 * MINUTE_MS;
/* A payment page at the bank dies within minutes; after this long nothing more can come. */
static const int64_t give_up_ms = 26 * HOUR_MS;
static const int64_t retry_ms = 15 * SECOND_MS;

static struct money_next done(void)
{
	return (struct money_next){.what = MONEY_DONE};
}

static struct money_next again(enum gateway_op op, int64_t delay_ms)
{
	return (struct money_next){.what = MONEY_AGAIN, .op = op, .delay_ms = delay_ms};
}

/* Time and 6 random digits: unique here by the table's UNIQUE, unlikely to meet another installation's at the bank. */
const char *money_new_id(struct turn *t)
{
	uint32_t random;

	t->house->rnd.fill(t->house->rnd.arg, &random, sizeof random);
	return talloc_asprintf(t->ctx, "%" PRId64 "%06u", t->now_ms, random % 1000000);
}

void money_call_bank(struct turn *t, enum gateway_op op, int64_t subject_id, int64_t due_ms)
{
	bool payment = op < GATEWAY_REVERSE;
	struct work w = {
		.kind = WORK_BANK,
		.lane = LANE_BANK,
		.chain = talloc_asprintf(t->ctx, "%s:%" PRId64, payment ? "payment" : "settlement", subject_id),
		.subject_id = subject_id,
		.payload = talloc_asprintf(t->ctx, "{\"op\":%d}", (int)op),
		.due_ms = due_ms,
		.created_ms = t->now_ms,
	};

	/* One row watches a payment from its first question to its settling: asking again makes that row due now. */
	w.collapse = payment ? w.chain : "";
	work_add(t->tx, &w);
}

const struct deal_terms *money_terms(const struct deal *d)
{
	return d->topup_wanted ? &d->amended : &d->terms;
}

struct rial money_due(const struct deal *d)
{
	return terms_due(money_terms(d));
}

bool money_may_ask(struct turn *t, int64_t deal_id)
{
	struct payment all[MONEY_MAX_PAYMENTS];

	return payments_of(t->tx, t->ctx, deal_id, all, MONEY_MAX_PAYMENTS) < MONEY_MAX_PAYMENTS;
}

bool money_awaited(const struct deal *d)
{
	if (d->frozen)
		return false;
	return d->state == DEAL_AWAIT_PAY || d->state == DEAL_PART_PAID || (d->state == DEAL_FUNDED && d->topup_wanted);
}

void money_ask(struct turn *t, const struct deal_file *f, struct rial amount)
{
	struct payment p = {
		.deal_id = f->deal.id,
		.page = rnd_token(t->ctx, &t->house->rnd, PAGE_TOKEN_BYTES),
		.gateway = t->house->gateway,
		.order_id = money_new_id(t),
		.amount = amount,
		.state = PAYMENT_ASKED,
	};

	if (!money_may_ask(t, f->deal.id)) {
		log_warn("deal %" PRId64 ": no more payments are opened for it", f->deal.id);
		return;
	}
	p.id = payment_insert(t->tx, &p, t->now_ms);
	money_call_bank(t, GATEWAY_START, p.id, t->now_ms);
}

const char *money_page_url(struct turn *t, int64_t deal_id)
{
	struct payment p;

	if (!payment_newest(t->tx, t->ctx, deal_id, &p))
		return NULL;
	return talloc_asprintf(t->ctx, "%s/p/%s", t->house->public_url, p.page);
}

const char *money_pay_now_url(struct turn *t, int64_t deal_id)
{
	const char *page = money_page_url(t, deal_id);

	return page ? talloc_asprintf(t->ctx, "%s/now", page) : NULL;
}

static bool credited(const struct payment *p)
{
	return p->state == PAYMENT_CREDITED || p->state == PAYMENT_SETTLED;
}

/* Also one whose start brought no clear answer: the bank may have made its page after all, and money is never left
 * there. */
void money_look_up(struct turn *t, const struct payment *p, bool says_paid)
{
	if (p->state != PAYMENT_ASKED && !credited(p))
		money_call_bank(t, says_paid ? GATEWAY_VERIFY : GATEWAY_INQUIRY, p->id, t->now_ms);
}

static struct money_next set_state(struct turn *t, struct payment *p, enum payment_state state)
{
	p->state = state;
	payment_save(t->tx, p, t->now_ms);
	return done();
}

/* The bank made no page. Under another order id it may: that is tried a few times, then the page offers it. */
static struct money_next start_failed(struct turn *t, struct payment *p)
{
	struct payment all[MONEY_MAX_PAYMENTS];
	struct deal_file f;
	size_t n = payments_of(t->tx, t->ctx, p->deal_id, all, MONEY_MAX_PAYMENTS);

	set_state(t, p, PAYMENT_FAILED);
	if (n < PAGE_TRIES && deal_by_id(t->tx, t->ctx, p->deal_id, &f) && money_awaited(&f.deal))
		money_ask(t, &f, p->amount);
	return done();
}

static struct money_next started(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		p->pay_url = r->pay_url;
		set_state(t, p, PAYMENT_OPEN);
		return again(GATEWAY_INQUIRY, early_look_ms);
	case GATEWAY_RETRY:
		return again(GATEWAY_START, retry_ms);
	case GATEWAY_NO:
	case GATEWAY_WAITING:
	case GATEWAY_UNKNOWN:
		break;
	}
	return start_failed(t, p);
}

/* The money is there: into the books and into the deal, in this transaction, once for this order id. */
static struct money_next credit(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	struct event e = event_by(ROLE_BANK, EVENT_CREDIT);
	struct deal_file f;

	if (credited(p))
		return done();
	if (!deal_by_id(t->tx, t->ctx, p->deal_id, &f)) {
		t->failed = true;
		return done();
	}
	if (r->amount_rial != rial_raw(p->amount))
		log_warn("payment %" PRId64 ": asked for %" PRId64 " rial, the bank verified %" PRId64, p->id,
			 rial_raw(p->amount), r->amount_rial);
	p->ref = r->ref;
	p->card_mask = r->card_mask;
	p->paid = rial_of(r->amount_rial);
	set_state(t, p, PAYMENT_CREDITED);
	e.amount = p->paid;
	e.bank_id = t->house->gateway_account;
	if (deal_step(t, &f, &e,
		      &(struct step_facts){.key = talloc_asprintf(t->ctx, "in:%s:%s", p->gateway, p->order_id),
					   .payment_id = p->id}) != REFUSAL_NONE) {
		log_error("payment %" PRId64 ": verified money was refused by deal %" PRId64, p->id, p->deal_id);
		t->failed = true;
		return done();
	}
	/* Money that already goes back by reversal must not be settled first. */
	if (!payment_by_id(t->tx, t->ctx, p->id, p) || rial_cmp(p->refunded, p->paid) == 0)
		return done();
	return again(GATEWAY_SETTLE, 0);
}

/* Not paid so far: looked at again until nothing can come any more. */
static struct money_next unpaid(struct turn *t, struct payment *p)
{
	int64_t age_ms = t->now_ms - p->created_ms;

	if (age_ms > give_up_ms)
		return set_state(t, p, PAYMENT_GIVEN_UP);
	return again(GATEWAY_INQUIRY, age_ms < early_ms ? early_look_ms : late_look_ms);
}

/* The bank says that no money came and none will under this order. */
static struct money_next refused(struct turn *t, struct payment *p)
{
	struct deal_file f;
	struct person buyer;

	if (p->state == PAYMENT_REFUSED)
		return done(); /* said before: a browser that loads its return again must not make us say it again */
	set_state(t, p, PAYMENT_REFUSED);
	if (!deal_by_id(t->tx, t->ctx, p->deal_id, &f) || !money_awaited(&f.deal))
		return done();
	if (person_by_id(t->tx, t->ctx, f.deal.buyer_id, &buyer)) {
		struct outmsg m = tell_to(&buyer, THEIRS(t, &buyer, "pay.refused", ARG_TEXT("title", f.title)));

		outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, THEIRS_PLAIN(t, &buyer, "button.pay_again"),
			      money_page_url(t, f.deal.id));
		tell(t, &m, LANE_NOTICE);
	}
	return done();
}

static struct money_next verified(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		return credit(t, p, r);
	case GATEWAY_NO:
		return credited(p) ? done() : refused(t, p);
	case GATEWAY_WAITING:
		return credited(p) ? done() : unpaid(t, p);
	case GATEWAY_RETRY:
		return again(GATEWAY_VERIFY, retry_ms);
	case GATEWAY_UNKNOWN:
		break;
	}
	return again(GATEWAY_INQUIRY, retry_ms);
}

static struct money_next looked_up(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	if (credited(p))
		return p->state == PAYMENT_CREDITED && !r->settled ? again(GATEWAY_SETTLE, 0) : done();
	switch (r->verdict) {
	case GATEWAY_YES:
		return again(GATEWAY_VERIFY, 0);
	case GATEWAY_NO:
		return refused(t, p);
	case GATEWAY_WAITING:
		return unpaid(t, p);
	case GATEWAY_RETRY:
	case GATEWAY_UNKNOWN:
		break;
	}
	return again(GATEWAY_INQUIRY, retry_ms);
}

/* Settling again is safe: the bank answers "already settled", which is a yes (rails.md 1.5). */
static struct money_next settled(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	struct deal_file f;

	switch (r->verdict) {
	case GATEWAY_YES:
		return set_state(t, p, PAYMENT_SETTLED);
	case GATEWAY_NO:
		if (rial_cmp(p->refunded, p->paid) == 0)
			return done(); /* undone meanwhile: there is nothing left to hand over */
		if (deal_by_id(t->tx, t->ctx, p->deal_id, &f))
			staff_alarm(t, &f, "staff.bank_stuck");
		return (struct money_next){.what = MONEY_DEAD};
	case GATEWAY_WAITING:
	case GATEWAY_RETRY:
	case GATEWAY_UNKNOWN:
		break;
	}
	return again(GATEWAY_SETTLE, retry_ms);
}

struct money_next money_in_answer(struct turn *t, struct payment *p, const struct gateway_call *call,
				  const struct gateway_result *r)
{
	switch (call->op) {
	case GATEWAY_START:
		return started(t, p, r);
	case GATEWAY_VERIFY:
		return verified(t, p, r);
	case GATEWAY_INQUIRY:
		return looked_up(t, p, r);
	case GATEWAY_SETTLE:
		return settled(t, p, r);
	case GATEWAY_REVERSE:
	case GATEWAY_REFUND:
	case GATEWAY_REFUND_INQUIRY:
	case GATEWAY_PAYOUT:
	case GATEWAY_PAYOUT_INQUIRY:
		break;
	}
	return (struct money_next){.what = MONEY_DEAD};
}
