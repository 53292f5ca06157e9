/* A migrated store with people in it, and deals that move through it as the handlers move them: ask the rules, then
 * write deal, books, history, clocks, payments and settlements in one transaction. */
#ifndef SEPAREX_BOOK_FIXTURE_H
#define SEPAREX_BOOK_FIXTURE_H

#include "store_fixture.h"

#include "clock.h"
#include "migrate.h"
#include "repo_deal.h"
#include "repo_ledger.h"
#include "repo_payment.h"
#include "repo_person.h"
#include "repo_settlement.h"

#include <inttypes.h>

enum { SELLER = 1, BUYER = 2, OPERATOR = 3, SECOND_OPERATOR = 4, PEOPLE = 4, BANK_ID = 1 };

/* The store of the running test, its file, its clock, and a context for texts. */
static struct db *db;
static const char *path;
static int64_t now_ms = 1700000000000;
static void *ctx;

static const struct deal_policy policy = {
	.price_min = {1000},
	.due_max = {1000000000},
	.two_person_above = {100000000},
	.draft_ms = DAY_MS,
	.offer_ms = 3 * DAY_MS,
	.pay_ms = DAY_MS,
	.pay_extended_ms = 2 * DAY_MS,
	.part_ms = DAY_MS,
	.late_ms = DAY_MS,
	.extension_ms = 2 * DAY_MS,
	.cancel_ms = DAY_MS,
	.tracking_ms = DAY_MS,
	.arrival_ms = 7 * DAY_MS,
	.overdue_ms = 3 * DAY_MS,
	.transit_ms = 20 * DAY_MS,
	.ask_again_ms = DAY_MS,
	.inspection_rest_min_ms = HOUR_MS,
	.answer_ms = DAY_MS,
	.escalate_ms = HOUR_MS,
	.negotiation_ms = 3 * DAY_MS,
	.return_ms = 3 * DAY_MS,
	.return_transit_ms = 20 * DAY_MS,
	.return_check_ms = DAY_MS,
	.info_ms = DAY_MS,
	.ruling_ms = 5 * DAY_MS,
	.appeal_ms = DAY_MS,
	.payout_min_ms = HOUR_MS,
	.fraud_report_ms = 10 * DAY_MS,
};

/* ---- the store ---- */

static enum db_result meet_fn(struct db_tx *tx, void *arg)
{
	static const char *const names[] = {"sara", "reza", "omid", "nima"};
	struct person p;

	(void)arg;
	for (int i = 0; i < PEOPLE; i++) {
		ck_assert(person_meet(tx, ctx, "telegram", 100 + i, names[i], names[i], "fa", now_ms, &p));
		ck_assert_int_eq(p.id, i + 1);
	}
	return DB_DONE;
}

static inline void book_open(void)
{
	struct err e = {""};

	ctx = talloc_new(NULL);
	path = talloc_strdup(ctx, file_path());
	db = open_or_fail(path);
	ck_assert_msg(migrate_run(db, now_ms, &e), "%s", e.text);
	ck_assert_int_eq(db_tx(db, "meet", meet_fn, NULL), DB_DONE);
}

static inline void book_close(void)
{
	db_close(&db);
	store_drop(path);
	talloc_free(ctx);
}

/* ---- one step of a deal ---- */

static inline struct deal_terms terms_of(int64_t price, enum fee_payer payer)
{
	struct deal_terms t = {.price = rial_of(price),
			       .fee = rial_of(price / 1000 * 10),
			       .fee_payer = payer,
			       .inspection_h = 48,
			       .ship_h = 72};

	terms_hash(&t, "phone");
	return t;
}

static inline bool is_bounce(const struct event *e)
{
	return e->kind == EVENT_PAYOUT_BOUNCED || e->kind == EVENT_REFUND_BOUNCED;
}

static inline enum settlement_kind bounced_kind(const struct event *e)
{
	return e->kind == EVENT_PAYOUT_BOUNCED ? SETTLEMENT_PAYOUT : SETTLEMENT_REFUND;
}

/* The newest settlement of that kind that was done. */
static inline bool done_before(struct db_tx *tx, const struct deal *d, enum settlement_kind kind,
			       struct settlement *out)
{
	struct settlement all[SETTLEMENTS_MOST];
	size_t n = settlements_of(tx, ctx, d->id, all, SETTLEMENTS_MOST);

	while (n > 0 && (all[n - 1].kind != kind || all[n - 1].state != SETTLEMENT_DONE))
		n--;
	if (n)
		*out = all[n - 1];
	return n > 0;
}

/* The bank's word about one payment or settlement, and the natural key it gives. */
static inline const char *bank_fact(struct db_tx *tx, const struct deal *d, const struct event *e)
{
	const char *number = talloc_asprintf(ctx, "%" PRId64 "%03" PRId64, d->id, d->version);
	bool payout = e->kind == EVENT_PAYOUT_DONE;
	struct settlement bounced;
	int64_t id;

	if (e->kind == EVENT_CREDIT || e->kind == EVENT_CREDIT_FOREIGN) {
		struct payment p = {.deal_id = d->id,
				    .page = number,
				    .gateway = "sandbox",
				    .order_id = number,
				    .amount = e->amount,
				    .state = PAYMENT_OPEN};

		p.id = payment_insert(tx, &p, now_ms);
		p.state = PAYMENT_CREDITED;
		p.paid = e->amount;
		p.token = p.pay_url = p.ref = p.card_mask = p.card_hash = p.card_said = p.said = "";
		payment_save(tx, &p, now_ms);
		return talloc_asprintf(ctx, "in:sandbox:%s", number);
	}
	if (is_bounce(e) && done_before(tx, d, bounced_kind(e), &bounced)) {
		settlement_set_state(tx, bounced.id, SETTLEMENT_RETURNED, "", now_ms);
		return talloc_asprintf(ctx, "back:sandbox:%s", bounced.track_id);
	}
	if (!payout && e->kind != EVENT_REFUND_DONE)
		return talloc_asprintf(ctx, "deal:%" PRId64 ":%" PRId64, d->id, d->version + 1);
	id = settlement_insert(tx,
			       &(struct settlement){.deal_id = d->id,
						    .kind = payout ? SETTLEMENT_PAYOUT : SETTLEMENT_REFUND,
						    .track_id = number,
						    .person_id = payout ? SELLER : BUYER,
						    .rail = RAIL_BANK,
						    .gateway = "sandbox",
						    .iban = "",
						    .amount = e->amount,
						    .state = SETTLEMENT_SENT},
			       now_ms);
	settlement_set_state(tx, id, SETTLEMENT_DONE, "", now_ms);
	return talloc_asprintf(ctx, "out:sandbox:%s", number);
}

static inline void follow_effects(struct db_tx *tx, int64_t id, const struct outcome *o)
{
	for (size_t i = 0; i < o->n_effects; i++) {
		const struct effect *x = &o->effects[i];

		if (x->kind == EFFECT_TIMER)
			timer_set(tx, id, x->timer, now_ms, x->due_ms, timer_reminds(x->timer) != 0);
		if (x->kind == EFFECT_STOP_TIMERS)
			timers_stop(tx, id);
		if (x->kind == EFFECT_SHIFT_TIMERS)
			timers_shift(tx, id, x->due_ms);
	}
}

static inline void write_history(struct db_tx *tx, const struct deal *before, const struct outcome *o,
				 const struct event *e, int64_t id)
{
	history_add(tx, id,
		    &(struct deal_history){.version = o->deal.version,
					   .row = o->row,
					   .event = e->kind,
					   .role = e->role,
					   .actor_id = e->actor_id,
					   .second_id = e->second_id,
					   .before = before->state,
					   .after = o->deal.state,
					   .amount = e->amount,
					   .note = "",
					   .at_ms = now_ms});
}

/* The clock of a timer's event; false for other events, and when it does not run. */
static inline bool clock_of(struct db_tx *tx, const struct deal *d, const struct event *e, struct deal_timer *out)
{
	for (int kind = TIMER_DRAFT; kind < TIMER_KIND_END && e->role == ROLE_TIMER; kind++)
		if (timer_event((enum timer_kind)kind) == e->kind && timer_get(tx, d->id, (enum timer_kind)kind, out))
			return true;
	return false;
}

/* Applies the event as handlers/deal_step.c does; REFUSAL_NONE or what the rules said. A minute passes, or what is left
 * until the clock rings. */
static inline enum refusal try_event(struct db_tx *tx, struct deal *d, struct event e)
{
	struct transfer transfers[DEAL_MAX_EFFECTS];
	struct deal_timer rings;
	struct settlement back;
	struct outcome o;
	size_t n = 0;

	if (clock_of(tx, d, &e, &rings) && rings.due_ms > now_ms)
		now_ms = rings.due_ms;
	if (e.role == ROLE_BUYER || e.role == ROLE_SELLER)
		e.actor_id = e.role == ROLE_BUYER ? BUYER : SELLER;
	if (e.role == ROLE_MEDIATOR || e.role == ROLE_ADMIN)
		e.actor_id = OPERATOR;
	e.bank_id = BANK_ID;
	if (is_bounce(&e) && !done_before(tx, d, bounced_kind(&e), &back))
		return REFUSAL_NOT_NOW;
	if (is_bounce(&e))
		e.amount = back.amount;
	deal_apply(d, &e, &policy, now_ms += MINUTE_MS, &o);
	if (o.refusal != REFUSAL_NONE)
		return o.refusal;
	for (size_t i = 0; i < o.n_effects; i++)
		if (o.effects[i].kind == EFFECT_TRANSFER)
			transfers[n++] = o.effects[i].transfer;
	if (n)
		ck_assert_int_eq(ledger_post(tx, bank_fact(tx, d, &e), d->id, transfers, n, now_ms), LEDGER_POSTED);
	ck_assert(deal_save(tx, d, &o.deal, now_ms));
	write_history(tx, d, &o, &e, d->id);
	/* A clock that rang is over, unless the row sets it again. */
	if (clock_of(tx, d, &e, &rings))
		timer_set(tx, d->id, rings.kind, now_ms, 0, false);
	follow_effects(tx, d->id, &o);
	*d = o.deal;
	return REFUSAL_NONE;
}

static inline void must(struct db_tx *tx, struct deal *d, struct event e)
{
	enum refusal r = try_event(tx, d, e);

	ck_assert_msg(r == REFUSAL_NONE, "%s in %s is refused: %d", event_name(e.kind), deal_state_name(d->state),
		      (int)r);
}

#define MUST(tx, d, who, what, ...) must(tx, d, (struct event){.role = ROLE_##who, .kind = EVENT_##what, __VA_ARGS__})

/* A new draft of the seller's. */
static inline struct deal create(struct db_tx *tx, int64_t price, enum fee_payer payer)
{
	struct deal_terms t = terms_of(price, payer);
	struct event e = {
		.kind = EVENT_CREATE, .role = ROLE_SELLER, .actor_id = SELLER, .creator = ROLE_SELLER, .terms = &t};
	struct deal none = {0};
	struct outcome o;
	int64_t id;

	deal_apply(&none, &e, &policy, now_ms += MINUTE_MS, &o);
	ck_assert_int_eq(o.refusal, REFUSAL_NONE);
	id = deal_insert(tx, &(struct deal_file){.deal = o.deal,
						 .code = talloc_asprintf(ctx, "C%" PRId64, now_ms),
						 .title = "phone",
						 .created_ms = now_ms});
	ck_assert_int_gt(id, 0);
	write_history(tx, &none, &o, &e, id);
	follow_effects(tx, id, &o);
	o.deal.id = id;
	return o.deal;
}

/* The same deal further on: the buyer can pay; the money is there; the goods arrived. */
static inline struct deal create_awaiting(struct db_tx *tx, int64_t price, enum fee_payer payer)
{
	struct deal d = create(tx, price, payer);

	MUST(tx, &d, SELLER, PUBLISH, );
	MUST(tx, &d, BUYER, JOIN, );
	MUST(tx, &d, BUYER, AGREE, .hash = d.terms.hash);
	MUST(tx, &d, SYSTEM, ISSUE_PAYMENT, );
	return d;
}

static inline struct deal create_funded(struct db_tx *tx, int64_t price, enum fee_payer payer)
{
	struct deal d = create_awaiting(tx, price, payer);

	MUST(tx, &d, BANK, CREDIT, .amount = terms_due(&d.terms));
	return d;
}

static inline struct deal create_delivered(struct db_tx *tx, int64_t price, enum fee_payer payer)
{
	struct deal d = create_funded(tx, price, payer);

	MUST(tx, &d, SELLER, SHIP, );
	MUST(tx, &d, CARRIER, DELIVER, );
	return d;
}

/* From the release to the bank's word that the seller has it. */
static inline void pay_out(struct db_tx *tx, struct deal *d)
{
	MUST(tx, d, TIMER, PAYOUT_RIPE, );
	MUST(tx, d, SYSTEM, PAYOUT_SENT, .amount = d->payable);
	MUST(tx, d, BANK, PAYOUT_DONE, .amount = d->inflight);
}

#endif
