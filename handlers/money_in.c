/* Money coming in: see money_in.h. The bank's verified answer is the only thing that funds a deal. */
#include "money_in.h"

#include "bank_choice.h"
#include "clock.h"
#include "crypto.h"
#include "deal_step.h"
#include "log.h"
#include "pay_card.h"
#include "repo_work.h"
#include "staff_card.h"
#include "tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { START_TRIES = 3 };

/* How often an unpaid payment is asked about: a bank gives unverified money back after 15 minutes (Mellat,
 * rails.md 1.5), so a payment whose browser never returned must be found well before that. */
static const int64_t early_look_ms = 2 * MINUTE_MS, late_look_ms = 5 * MINUTE_MS, early_ms = 30 * MINUTE_MS;
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

	/* One row watches a payment from its first question to its settling, and one a payout that has not left yet:
	 * asking again makes that row due now. */
	w.collapse = payment || op == GATEWAY_PAYOUT ? w.chain : "";
	work_add(t->tx, &w);
}

bool money_credited(const struct payment *p)
{
	return p->state == PAYMENT_CREDITED || p->state == PAYMENT_SETTLED;
}

bool money_undone(const struct payment *p)
{
	return rial_is_positive(p->refunded) && rial_cmp(p->refunded, p->paid) == 0;
}

/* A bank that is not configured any more is asked as before: its rows wait for it. */
static bool can(const struct turn *t, const struct payment *p, enum gateway_op op)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);

	return !b || (b->gateway->ops & GATEWAY_CAN(op));
}

bool money_may_look(const struct turn *t, const struct payment *p)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);

	if (!can(t, p, GATEWAY_INQUIRY))
		return false;
	return !b || p->ref[0] || !b->gateway->needs_ref || b->gateway->finds_lost;
}

static bool may_verify(const struct turn *t, const struct payment *p)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);

	return !b || p->ref[0] || !b->gateway->needs_ref;
}

/* After this long nothing more can come for it. */
static int64_t lost_after_ms(const struct turn *t, const struct payment *p)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);

	return b ? b->gateway->lost_ms : 24 * HOUR_MS;
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
	struct deal_file f;
	const struct house_bank *only = t->house->n_banks == 1 ? &t->house->banks[0] : NULL;

	set_state(t, p, PAYMENT_FAILED);
	bank_heard(t, p->gateway, false);
	/* Where there are several banks the page offers the next one; one alone is tried again. */
	if (only && payment_tries(t->tx, p->deal_id, p->part) < START_TRIES &&
	    deal_by_id(t->tx, t->ctx, p->deal_id, &f) && money_awaited(&f.deal))
		money_start(t, &f, p, only);
	return done();
}

static struct money_next started(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		p->pay_url = r->pay_url;
		p->token = r->token;
		p->opened_ms = t->now_ms;
		bank_heard(t, p->gateway, true);
		set_state(t, p, PAYMENT_OPEN);
		return again(GATEWAY_INQUIRY, money_may_look(t, p) ? early_look_ms : lost_after_ms(t, p));
	case GATEWAY_RETRY:
		if (t->house->n_banks > 1)
			break; /* somebody waits before the page: it offers another bank */
		return again(GATEWAY_START, retry_ms);
	case GATEWAY_NO:
	case GATEWAY_WAITING:
	case GATEWAY_UNKNOWN:
		break;
	}
	return start_failed(t, p);
}

/* The same bank, the same masked number, the same buyer, and another card behind it. */
static bool other_hash(struct turn *t, const struct deal_file *f, const struct payment *p)
{
	const char *before = payment_card_hash(t->tx, t->ctx, p->gateway, f->deal.buyer_id, p->card_mask);

	return p->card_hash[0] && before[0] && strcmp(p->card_hash, before) != 0;
}

/* Row 15: the buyer said with which card, and the bank says another. A bank that tells no card proves nothing. */
static bool strange_card(struct turn *t, const struct deal_file *f, const struct payment *p)
{
	struct person buyer;

	if (!t->house->ask_card || strlen(p->card_mask) < 4)
		return false;
	if (other_hash(t, f, p))
		return true;
	if (!p->card_said[0] || card_fits(p->card_said, p->card_mask))
		return false;
	return !person_by_id(t->tx, t->ctx, f->deal.buyer_id, &buyer) || !buyer.card_said[0] ||
	       !card_fits(buyer.card_said, p->card_mask);
}

static void keep_what_the_bank_told(struct payment *p, const struct gateway_result *r)
{
	if (r->ref[0])
		p->ref = r->ref;
	if (r->card_mask[0])
		p->card_mask = r->card_mask;
	if (r->card_hash[0])
		p->card_hash = r->card_hash;
}

/* Handed over now; while the operators look whose card it was, as late as the bank still undoes it: what they send back
 * goes to that card, and to nobody who only says that it was theirs. */
static struct money_next settle(struct turn *t, const struct payment *p, int64_t delay_ms)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);
	struct deal_file f;
	int64_t late_ms;

	if (!b || !(b->gateway->ops & GATEWAY_CAN(GATEWAY_REVERSE)) || !deal_by_id(t->tx, t->ctx, p->deal_id, &f) ||
	    f.deal.state != DEAL_PAY_REVIEW)
		return again(GATEWAY_SETTLE, delay_ms);
	late_ms = p->credited_ms + b->gateway->reverse_ms / 6 * 5 - t->now_ms;
	return again(GATEWAY_SETTLE, late_ms > delay_ms ? late_ms : delay_ms);
}

/* The bank denies what it said before. Nothing is owed to it when the payment was undone meanwhile; else a person must
 * look, since the deal goes on with money that is not there. */
static struct money_next denied(struct turn *t, const struct payment *p)
{
	struct deal_file f;

	if (money_undone(p))
		return done();
	if (deal_by_id(t->tx, t->ctx, p->deal_id, &f))
		staff_alarm(t, &f, "staff.bank_stuck");
	return (struct money_next){.what = MONEY_DEAD};
}

/* The money is there: into the books and into the deal, in this transaction, once for this order id. */
static struct money_next credit(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	struct event e = event_by(ROLE_BANK, EVENT_CREDIT);
	struct deal_file f;

	if (money_credited(p)) /* verified anew because the bank would not settle without */
		return p->state == PAYMENT_CREDITED ? settle(t, p, retry_ms) : done();
	if (!deal_by_id(t->tx, t->ctx, p->deal_id, &f)) {
		t->failed = true;
		return done();
	}
	keep_what_the_bank_told(p, r);
	if (payment_ref_used(t->tx, p->gateway, p->ref, p->id)) {
		log_error("payment %" PRId64 ": its bank reference is that of another payment; nothing is credited",
			  p->id);
		staff_alarm(t, &f, "staff.ref_twice");
		return (struct money_next){.what = MONEY_DEAD};
	}
	if (strange_card(t, &f, p))
		e.kind = EVENT_CREDIT_FOREIGN;
	if (r->amount_rial != rial_raw(p->amount))
		log_warn("payment %" PRId64 ": asked for %" PRId64 " rial, the bank verified %" PRId64, p->id,
			 rial_raw(p->amount), r->amount_rial);
	p->paid = rial_of(r->amount_rial);
	p->credited_ms = t->now_ms;
	set_state(t, p, can(t, p, GATEWAY_SETTLE) ? PAYMENT_CREDITED : PAYMENT_SETTLED);
	e.amount = p->paid;
	e.bank_id = bank_account(p->gateway);
	if (deal_step(t, &f, &e,
		      &(struct step_facts){.key = talloc_asprintf(t->ctx, "in:%s:%s", p->gateway, p->order_id),
					   .payment_id = p->id}) != REFUSAL_NONE) {
		log_error("payment %" PRId64 ": verified money was refused by deal %" PRId64, p->id, p->deal_id);
		t->failed = true;
		return done();
	}
	/* Money that already goes back by reversal must not be settled first. */
	if (!payment_by_id(t->tx, t->ctx, p->id, p) || money_undone(p))
		return done();
	return p->state == PAYMENT_CREDITED ? settle(t, p, 0) : done();
}

/* Not paid so far: looked at again until nothing can come any more. */
static struct money_next unpaid(struct turn *t, struct payment *p)
{
	int64_t age_ms = t->now_ms - (p->opened_ms ? p->opened_ms : p->created_ms);
	int64_t left_ms = lost_after_ms(t, p) - age_ms;

	if (left_ms < 0)
		return p->state == PAYMENT_REFUSED ? done() : set_state(t, p, PAYMENT_GIVEN_UP);
	if (!money_may_look(t, p))
		return again(GATEWAY_INQUIRY, left_ms + 1);
	return again(GATEWAY_INQUIRY, age_ms < early_ms ? early_look_ms : late_look_ms);
}

/* The bank says that no money came and none will under this order. */
static struct money_next refused(struct turn *t, struct payment *p, const char *said)
{
	struct deal_file f;
	struct person buyer;

	if (p->state == PAYMENT_REFUSED)
		return done(); /* said before: a browser that loads its return again must not make us say it again */
	p->said = said;
	set_state(t, p, PAYMENT_REFUSED);
	if (!deal_by_id(t->tx, t->ctx, p->deal_id, &f) || !money_awaited(&f.deal))
		return done();
	if (person_by_id(t->tx, t->ctx, f.deal.buyer_id, &buyer)) {
		struct outmsg m = tell_to(&buyer, THEIRS(t, &buyer, "pay.refused", ARG_TEXT("title", f.title),
							 ARG_TEXT("why", money_said(t, buyer.language, said))));

		outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, THEIRS_PLAIN(t, &buyer, "button.pay_again"),
			      money_page_of(t, p));
		tell(t, &m, LANE_NOTICE);
	}
	return done();
}

/* One text for each of gateway_words. */
static const char *const said_keys[] = {
	"bank.said.not_paid",     "bank.said.cancelled",    "bank.said.no_funds",      "bank.said.card_wrong",
	"bank.said.card_expired", "bank.said.card_blocked", "bank.said.pin_wrong",     "bank.said.pin_tries",
	"bank.said.over_limit",   "bank.said.too_often",    "bank.said.card_bank_off", "bank.said.our_bank_off",
	"bank.said.our_fault",    "bank.said.time_over",    "bank.said.reversed",
};

const char *money_said(struct turn *t, const char *language, const char *said)
{
	struct person reader = {.language = language};
	const char *key = said_keys[0];

	for (size_t i = 0; i < sizeof said_keys / sizeof *said_keys; i++)
		if (!strcmp(strrchr(said_keys[i], '.') + 1, said))
			key = said_keys[i];
	return THEIRS_PLAIN(t, &reader, key);
}

struct money_next money_give_up(struct turn *t, struct payment *p)
{
	return money_credited(p) ? done() : unpaid(t, p);
}

/* A reference that another payment carries was replayed. One that comes after another for the same payment is kept only
 * when the bank knew nothing of the first. */
static bool take_ref(struct turn *t, struct payment *p, const struct gateway_return *back)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);
	bool open = !p->ref[0] || p->state == PAYMENT_REFUSED || p->state == PAYMENT_GIVEN_UP;

	if (!b || !b->gateway->needs_ref || !back->ref[0] || !strcmp(back->ref, p->ref))
		return true;
	if (!open || payment_ref_used(t->tx, p->gateway, back->ref, p->id))
		return false;
	p->ref = back->ref;
	p->card_mask = back->card_mask;
	p->card_hash = back->card_hash;
	payment_save(t->tx, p, t->now_ms);
	return true;
}

/* Whatever does not agree with what the bank told us itself is somebody's invention. */
static bool agrees(struct turn *t, struct payment *p, const struct gateway_return *back)
{
	if (back->token[0] && !crypto_same(p->token, back->token))
		return false;
	if (back->amount_rial && back->amount_rial != rial_raw(p->amount))
		return false;
	return take_ref(t, p, back);
}

void money_returned(struct turn *t, struct payment *p, const struct gateway_return *back)
{
	bool honest;

	/* Also one whose start brought no clear answer: the bank may have made its page after all, and money is never
	 * left there. */
	if (p->state == PAYMENT_ASKED || p->state == PAYMENT_PLANNED || money_credited(p))
		return;
	honest = agrees(t, p, back);
	if (!honest)
		log_warn("payment %" PRId64 ": a browser brought what the bank did not say; it is only looked up",
			 p->id);
	if (honest && back->says_paid && may_verify(t, p)) {
		money_call_bank(t, GATEWAY_VERIFY, p->id, t->now_ms);
		return;
	}
	if (honest && !back->says_paid && p->token[0] && back->token[0])
		refused(t, p, back->said); /* the money is looked for all the same */
	if (money_may_look(t, p))
		money_call_bank(t, GATEWAY_INQUIRY, p->id, t->now_ms);
}

static struct money_next verified(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	switch (r->verdict) {
	case GATEWAY_YES:
		return credit(t, p, r);
	case GATEWAY_NO:
		return money_credited(p) ? denied(t, p) : refused(t, p, r->said);
	case GATEWAY_WAITING:
		return money_credited(p) ? done() : unpaid(t, p);
	case GATEWAY_RETRY:
		return again(GATEWAY_VERIFY, retry_ms);
	case GATEWAY_UNKNOWN:
		break;
	}
	/* Asking a bank twice to verify is answered alike (rails.md 1.5, 2.3); where nothing else can be asked, it is.
	 */
	return again(money_may_look(t, p) ? GATEWAY_INQUIRY : GATEWAY_VERIFY, retry_ms);
}

static struct money_next looked_up(struct turn *t, struct payment *p, const struct gateway_result *r)
{
	if (!money_credited(p))
		keep_what_the_bank_told(p, r);
	if (money_credited(p))
		return p->state == PAYMENT_CREDITED && !r->settled ? settle(t, p, 0) : done();
	switch (r->verdict) {
	case GATEWAY_YES:
		payment_save(t->tx, p, t->now_ms);
		return may_verify(t, p) ? again(GATEWAY_VERIFY, 0) : again(GATEWAY_INQUIRY, retry_ms);
	case GATEWAY_NO:
		return refused(t, p, r->said);
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
	switch (r->verdict) {
	case GATEWAY_YES:
		return set_state(t, p, PAYMENT_SETTLED);
	case GATEWAY_NO:
		return denied(t, p);
	case GATEWAY_WAITING:
		return again(GATEWAY_VERIFY, 0);
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
