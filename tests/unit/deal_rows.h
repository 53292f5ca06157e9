/* Cases for the rows of the deal table: what each row wants, does and refuses, and whether any row has no case. */
#ifndef SEPAREX_TEST_DEAL_ROWS_H
#define SEPAREX_TEST_DEAL_ROWS_H

#include "deal_world.h"

#define IN(s) (UINT32_C(1) << DEAL_##s)
#define BY(r) (1U << ROLE_##r)
#define B BY(BUYER)
#define S BY(SELLER)
#define M BY(MEDIATOR)
#define A BY(ADMIN)
#define T BY(TIMER)
#define K BY(BANK)
#define C BY(CARRIER)
#define BOTH (TELL_BUYER | TELL_SELLER)
#define ALL (BOTH | TELL_STAFF)
#define SAME DEAL_NONE
#define BEFORE_PAY (IN(DRAFT) | IN(OFFERED) | IN(COUNTERED) | IN(AGREED))
#define WITH_MONEY                                                                                                     \
	(IN(PAY_REVIEW) | IN(FUNDED) | IN(SHIPPED) | IN(DELIVERED) | IN(ISSUE) | IN(RETURN_DUE) | IN(RETURN_SENT) |    \
	 IN(RETURN_CHECK) | IN(DISPUTED) | IN(RULED) | IN(PAYOUT_DUE) | IN(REFUND_DUE) | IN(SPLIT_DUE))
#define OPEN_DEALS (BEFORE_PAY | IN(AWAIT_PAY) | IN(PART_PAID) | WITH_MONEY)
#define UNPAID (IN(CANCELLED) | IN(EXPIRED))
#define PAID (IN(COMPLETED) | IN(REFUNDED) | IN(SPLIT_CLOSED))

/* Expected effects, in their order. The end of all clocks on a change of state is expected without being listed. */
#define NEVER INT64_MIN
#define MOVE(code, n)                                                                                                  \
	{                                                                                                              \
		EFFECT_TRANSFER, TRANSFER_##code, n                                                                    \
	}
#define CLOCK(timer, after)                                                                                            \
	{                                                                                                              \
		EFFECT_TIMER, TIMER_##timer, after                                                                     \
	}
#define HALT(timer)                                                                                                    \
	{                                                                                                              \
		EFFECT_TIMER, TIMER_##timer, NEVER                                                                     \
	}
#define SHIFT(by)                                                                                                      \
	{                                                                                                              \
		EFFECT_SHIFT_TIMERS, 0, by                                                                             \
	}
#define ASK(n)                                                                                                         \
	{                                                                                                              \
		EFFECT_OPEN_PAYMENT, 0, n                                                                              \
	}
#define PAY_OUT(n)                                                                                                     \
	{                                                                                                              \
		EFFECT_PAY_OUT, 0, n                                                                                   \
	}
#define BACK(n)                                                                                                        \
	{                                                                                                              \
		EFFECT_SEND_REFUND, 0, n                                                                               \
	}
#define STRIKE(who)                                                                                                    \
	{                                                                                                              \
		EFFECT_STRIKE, ROLE_##who, 0                                                                           \
	}

/* SET: makes a fitting deal and event, or spoils them. THEN: changes the deal as the row is expected to. */
#define SET(name) static void name(struct deal *d, struct event *e)
#define THEN(name) static void name(struct deal *d, const struct event *e)
#define UNUSED (void)d, (void)e

enum { MAX_WANTS = 6, MAX_SPOILS = 8, MAX_ROWS = 160, ELSEWHERE = REFUSAL_END };

struct row_case {
	int number;
	uint32_t from;
	enum event_kind event;
	unsigned by;
	enum deal_state next;
	unsigned tell;
	void (*set)(struct deal *, struct event *);
	void (*then)(struct deal *, const struct event *);
	struct want {
		enum effect_kind kind;
		int what;
		int64_t n;
	} wants[MAX_WANTS];
	/* How the guard is made to say no: the refusal, or ELSEWHERE when another row then takes the event. */
	struct spoil {
		void (*set)(struct deal *, struct event *);
		int refusal;
	} no[MAX_SPOILS];
};

/* Every event's rows are tried in exactly one program. */
enum part { PART_OFFER = 1, PART_PAY, PART_TRADE, PART_QUARREL, PART_OUT };

static inline enum part part_of(enum event_kind k)
{
	if (k <= EVENT_OFFER_EXPIRED || k == EVENT_PROPOSE_AMEND || k == EVENT_ACCEPT_AMEND || k == EVENT_EDIT_DRAFT ||
	    k == EVENT_TURN_AWAY || k == EVENT_SWAP_SEATS || k == EVENT_REFUSE_AMEND)
		return PART_OFFER;
	if (k <= EVENT_LATE_OVER)
		return PART_PAY;
	if (k <= EVENT_REPORT || k == EVENT_PIN || k == EVENT_PIN_WRONG || k == EVENT_ADMIN_CANCEL)
		return PART_TRADE;
	return k <= EVENT_APPEAL_END ? PART_QUARREL : PART_OUT;
}

static inline size_t entry_of(const struct deal *d, const struct event *e)
{
	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];

		if (row->event == e->kind && row->from & UINT32_C(1) << d->state && row->actors & 1U << e->role &&
		    (!row->guard || row->guard(d, e, &policy, NOW) == REFUSAL_NONE))
			return i;
	}
	return deal_n_rows;
}

static inline struct event case_begin(const struct row_case *c, int state, int role, struct deal *d)
{
	struct event e;

	deal_in(d, (enum deal_state)state);
	if (c->set) {
		e = event_for(d, c->event, (enum role)role);
		c->set(d, &e);
	}
	e = event_for(d, c->event, (enum role)role);
	if (c->set)
		c->set(d, &e);
	return e;
}

/* The flows of ledger.h, once more in the test's own words. */
static inline void flow_of(enum transfer_code code, enum account_kind *from, enum account_kind *to)
{
	static const enum account_kind flows[TRANSFER_CODE_END][2] = {
		[TRANSFER_PAY_IN] = {ACCOUNT_BANK, ACCOUNT_HOLD},
		[TRANSFER_PAY_EXCESS] = {ACCOUNT_BANK, ACCOUNT_REFUND},
		[TRANSFER_PAY_SECOND] = {ACCOUNT_BANK, ACCOUNT_REFUND},
		[TRANSFER_PAY_LATE] = {ACCOUNT_BANK, ACCOUNT_SUSPENSE},
		[TRANSFER_PAY_FOREIGN] = {ACCOUNT_BANK, ACCOUNT_SUSPENSE},
		[TRANSFER_CLEARED] = {ACCOUNT_SUSPENSE, ACCOUNT_HOLD},
		[TRANSFER_SUSPENSE_BACK] = {ACCOUNT_SUSPENSE, ACCOUNT_REFUND},
		[TRANSFER_RELEASE] = {ACCOUNT_HOLD, ACCOUNT_PAYABLE},
		[TRANSFER_FEE] = {ACCOUNT_HOLD, ACCOUNT_FEE_INCOME},
		[TRANSFER_REFUND] = {ACCOUNT_HOLD, ACCOUNT_REFUND},
		[TRANSFER_PAYOUT_SENT] = {ACCOUNT_PAYABLE, ACCOUNT_INFLIGHT},
		[TRANSFER_PAYOUT_DONE] = {ACCOUNT_INFLIGHT, ACCOUNT_BANK},
		[TRANSFER_PAYOUT_RETURNED] = {ACCOUNT_INFLIGHT, ACCOUNT_PAYABLE},
		[TRANSFER_REFUND_DONE] = {ACCOUNT_REFUND, ACCOUNT_BANK},
		[TRANSFER_RECALLED] = {ACCOUNT_HOLD, ACCOUNT_SUSPENSE},
		[TRANSFER_CLEARING] = {ACCOUNT_BANK, ACCOUNT_BANK},
		[TRANSFER_COST] = {ACCOUNT_COST, ACCOUNT_BANK},
		[TRANSFER_PAYOUT_BOUNCED] = {ACCOUNT_BANK, ACCOUNT_PAYABLE},
		[TRANSFER_REFUND_BOUNCED] = {ACCOUNT_BANK, ACCOUNT_REFUND},
	};

	*from = flows[code][0];
	*to = flows[code][1];
}

static inline struct rial *account_in(struct deal *d, enum account_kind kind)
{
	struct rial *const accounts[ACCOUNT_KIND_END] = {
		[ACCOUNT_SUSPENSE] = &d->suspense, [ACCOUNT_HOLD] = &d->held,
		[ACCOUNT_PAYABLE] = &d->payable,   [ACCOUNT_REFUND] = &d->refund,
		[ACCOUNT_INFLIGHT] = &d->inflight, [ACCOUNT_FEE_INCOME] = &d->fee_taken};

	return accounts[kind];
}

static inline int64_t account_id(enum account_kind kind)
{
	return kind == ACCOUNT_BANK ? BANK_ID : kind == ACCOUNT_FEE_INCOME ? 0 : DEAL_ID;
}

/* Checks one transfer effect and moves its amount in the expected deal. */
static inline void check_transfer(const struct transfer *t, const struct want *w, struct deal *d)
{
	enum account_kind from, to;
	struct rial *a, *b;

	flow_of((enum transfer_code)w->what, &from, &to);
	ck_assert_int_eq(t->code, w->what);
	ck_assert_int_eq(rial_raw(t->amount), w->n);
	ck_assert_int_eq(t->debit.kind, from);
	ck_assert_int_eq(t->credit.kind, to);
	ck_assert_int_eq(t->debit.id, account_id(from));
	ck_assert_int_eq(t->credit.id, account_id(to));
	ck_assert(transfer_valid(t));
	a = account_in(d, from);
	b = account_in(d, to);
	if (a)
		*a = rial_take(*a, t->amount);
	else if (t->code != TRANSFER_PAYOUT_BOUNCED && t->code != TRANSFER_REFUND_BOUNCED)
		d->paid_in = rial_add(d->paid_in, t->amount);
	if (b)
		*b = rial_add(*b, t->amount);
}

static inline void check_effect(const struct effect *x, const struct want *w, struct deal *d)
{
	ck_assert_int_eq(x->kind, w->kind);
	switch (w->kind) {
	case EFFECT_TRANSFER:
		check_transfer(&x->transfer, w, d);
		return;
	case EFFECT_TIMER:
		ck_assert_int_eq(x->timer, w->what);
		ck_assert_int_eq(x->due_ms, w->n == NEVER ? 0 : NOW + w->n);
		return;
	case EFFECT_SHIFT_TIMERS:
		ck_assert_int_eq(x->due_ms, w->n);
		return;
	case EFFECT_OPEN_PAYMENT:
	case EFFECT_PAY_OUT:
	case EFFECT_SEND_REFUND:
		ck_assert_int_eq(rial_raw(x->amount), w->n);
		return;
	case EFFECT_STRIKE:
		ck_assert_int_eq(x->who, w->what);
		return;
	case EFFECT_STOP_TIMERS:
		return;
	}
	ck_abort_msg("an effect nobody knows: %d", w->kind);
}

static inline bool wanted(const struct want *w)
{
	return w->kind != EFFECT_TRANSFER || w->what != 0;
}

static inline void check_effects(const struct row_case *c, const struct outcome *o, bool moved, struct deal *d)
{
	size_t n = 0;

	if (moved) {
		ck_assert_uint_ge(o->n_effects, 1);
		ck_assert_int_eq(o->effects[n++].kind, EFFECT_STOP_TIMERS);
	}
	for (size_t i = 0; i < MAX_WANTS && wanted(&c->wants[i]); i++, n++) {
		ck_assert_msg(n < o->n_effects, "effect %zu of row %d is missing", n, c->number);
		check_effect(&o->effects[n], &c->wants[i], d);
	}
	ck_assert_msg(n == o->n_effects, "row %d has %zu effects instead of %zu", c->number, o->n_effects, n);
}

static inline void check_taken(const struct row_case *c, int state, int role)
{
	enum deal_state next = c->next == SAME ? (enum deal_state)state : c->next;
	struct deal d, want;
	struct event e = case_begin(c, state, role, &d);
	struct outcome o;

	deal_apply(&d, &e, &policy, NOW, &o);
	ck_assert_msg(o.refusal == REFUSAL_NONE, "row %d: %s by role %d in %s refused with %d", c->number,
		      event_name(c->event), role, deal_state_name(d.state), o.refusal);
	ck_assert_int_eq(o.row, c->number);
	ck_assert_uint_eq(o.tell, c->tell);
	want = d;
	want.state = next;
	want.version++;
	if (next != d.state)
		want.closed_ms = deal_is_final(next) ? NOW : 0;
	check_effects(c, &o, next != d.state, &want);
	if (c->then)
		c->then(&want, &e);
	ck_assert_msg(memcmp(&want, &o.deal, sizeof want) == 0, "row %d leaves another deal", c->number);
}

static inline void check_spoilt(const struct row_case *c, int state, int role)
{
	for (const struct spoil *s = c->no; s < c->no + MAX_SPOILS && s->set; s++) {
		struct deal d;
		struct event e = case_begin(c, state, role, &d);
		size_t entry = entry_of(&d, &e);
		struct outcome o;

		s->set(&d, &e);
		ck_assert_msg(deal_rows[entry].guard && deal_rows[entry].guard(&d, &e, &policy, NOW) != REFUSAL_NONE,
			      "row %d: spoil %d spoils nothing", c->number, (int)(s - c->no));
		deal_apply(&d, &e, &policy, NOW, &o);
		if (s->refusal == ELSEWHERE) {
			ck_assert_int_eq(o.refusal, REFUSAL_NONE);
			continue;
		}
		ck_assert_msg((int)o.refusal == s->refusal, "row %d spoil %d role %d: refusal %d instead of %d",
			      c->number, (int)(s - c->no), role, o.refusal, s->refusal);
		check_refused(&d, &o);
	}
}

/* One case, in each of its states and by each of its actors. */
static inline void check_case(const struct row_case *c)
{
	for (int state = DEAL_NONE; state < DEAL_STATE_END; state++)
		for (int role = ROLE_NOBODY; role < ROLE_END; role++)
			if (c->from & UINT32_C(1) << state && c->by & 1U << role) {
				check_taken(c, state, role);
				check_spoilt(c, state, role);
			}
}

static inline void reach(const struct row_case *c, uint32_t reached[MAX_ROWS][ROLE_END], bool spoilt[MAX_ROWS])
{
	for (int state = DEAL_NONE; state < DEAL_STATE_END; state++)
		for (int role = ROLE_NOBODY; role < ROLE_END; role++) {
			struct deal d;
			struct event e;
			size_t i;

			if (!(c->from & UINT32_C(1) << state) || !(c->by & 1U << role))
				continue;
			e = case_begin(c, state, role, &d);
			i = entry_of(&d, &e);
			ck_assert_uint_lt(i, deal_n_rows);
			reached[i][role] |= UINT32_C(1) << state;
			spoilt[i] |= c->no[0].set != NULL;
		}
}

/* Every entry of the table that belongs to `part` is reached from each of its states by each of its actors, and each
 * guard is seen to say no. A new row without a case fails here. */
static inline void check_all_reached(const struct row_case *cases, size_t n, enum part part)
{
	static uint32_t reached[MAX_ROWS][ROLE_END];
	static bool spoilt[MAX_ROWS];

	ck_assert_uint_le(deal_n_rows, MAX_ROWS);
	for (size_t i = 0; i < n; i++)
		reach(&cases[i], reached, spoilt);
	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];

		if (part_of(row->event) != part)
			continue;
		ck_assert_msg(!row->guard == !spoilt[i], "entry %zu, row %d: the guard is not seen to refuse", i,
			      row->number);
		for (int role = ROLE_NOBODY; role < ROLE_END; role++)
			ck_assert_msg(!(row->actors & 1U << role) || reached[i][role] == row->from,
				      "entry %zu, row %d: not every state is tried by role %d", i, row->number, role);
	}
}

#endif
