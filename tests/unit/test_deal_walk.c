/* Random walks through the deal machine: after each step the money adds up and the state was reached by a row; and
 * from wherever people fall silent, clocks, operators and banks bring the deal to its end. */
#include "deal_rows.h"
#include "rnd.h"

enum { SEEDS = 4, STEPS = 150000, STEPS_A_DEAL = 90, SILENT_STEPS = 60, SILENCE_EVERY = 7, N_TERMS = 8 };

/* Check reports every assertion through a pipe; this one speaks only when it fails. */
#define MUST(what)                                                                                                     \
	do {                                                                                                           \
		if (!(what))                                                                                           \
			walk_fails(w, #what, __LINE__);                                                                \
	} while (0)

struct walk {
	struct rnd rnd;
	struct deal d;
	int64_t now_ms;
	int64_t due_ms[TIMER_KIND_END]; /* 0: not set */
	int64_t left; /* money gone to people, as the effects say */
	int64_t out, back; /* of it, payouts and refunds */
	int releases; /* sets that released */
	bool payout_asked; /* EFFECT_PAY_OUT came and the payout was not sent yet */
	int taken; /* events applied to this deal */
	int last_row, seed, step;
};

static struct deal_terms some_terms[N_TERMS];
static bool reached[MAX_ROWS];

static void walk_fails(const struct walk *w, const char *what, int line)
{
	ck_abort_msg("line %d: %s; seed %d, step %d: %s after row %d", line, what, w->seed, w->step,
		     deal_state_name(w->d.state), w->last_row);
}

static int64_t below(struct walk *w, int64_t end)
{
	uint64_t n;

	w->rnd.fill(w->rnd.arg, &n, sizeof n);
	return (int64_t)(n % (uint64_t)end);
}

static bool one_in(struct walk *w, int64_t n)
{
	return below(w, n) == 0;
}

static void make_terms(struct walk *w)
{
	static const int64_t prices[] = {100000, 1000000, 200000001, 500000000};

	for (int i = 0; i < N_TERMS; i++) {
		struct deal_terms *t = &some_terms[i];

		*t = terms_first;
		t->price = rial_of(i < 4 ? prices[i] : 100000 + below(w, 499900001));
		t->fee = rial_of(below(w, rial_raw(t->price) / 100 + 1) / 10 * 10);
		t->fee_payer = (enum fee_payer)(FEE_BY_BUYER + i % 3);
		t->inspection_h = 12 + 12 * i;
		t->ship_h = 12 + 24 * i;
		snprintf(t->hash, sizeof t->hash, "terms %d", i);
	}
}

static void begin_deal(struct walk *w)
{
	memset(&w->d, 0, sizeof w->d);
	memset(w->due_ms, 0, sizeof w->due_ms);
	w->d.id = DEAL_ID;
	w->d.by_hand = one_in(w, 6);
	w->left = w->out = w->back = 0;
	w->releases = w->taken = 0;
	w->payout_asked = false;
}

/* --- what every applied event must keep ------------------------------------------------------------------------ */

static int64_t sum_of(const struct deal *d)
{
	return rial_raw(d->held) + rial_raw(d->suspense) + rial_raw(d->payable) + rial_raw(d->refund) +
	       rial_raw(d->inflight) + rial_raw(d->fee_taken);
}

static void replay_transfer(struct walk *w, const struct transfer *t, struct deal *d)
{
	struct rial *from = account_in(d, t->debit.kind), *to = account_in(d, t->credit.kind);

	MUST(transfer_valid(t));
	MUST(t->debit.id == account_id(t->debit.kind) && t->credit.id == account_id(t->credit.kind));
	if (from)
		MUST(rial_try_take(*from, t->amount, from));
	else if (t->code == TRANSFER_PAYOUT_BOUNCED || t->code == TRANSFER_REFUND_BOUNCED)
		w->left -= rial_raw(t->amount);
	else
		MUST(rial_try_add(d->paid_in, t->amount, &d->paid_in));
	if (t->code == TRANSFER_PAYOUT_DONE || t->code == TRANSFER_PAYOUT_BOUNCED)
		w->out += t->code == TRANSFER_PAYOUT_DONE ? rial_raw(t->amount) : -rial_raw(t->amount);
	if (t->code == TRANSFER_REFUND_DONE || t->code == TRANSFER_REFUND_BOUNCED)
		w->back += t->code == TRANSFER_REFUND_DONE ? rial_raw(t->amount) : -rial_raw(t->amount);
	MUST(w->out >= 0 && w->back >= 0);
	if (to)
		MUST(rial_try_add(*to, t->amount, to));
	else
		w->left += rial_raw(t->amount);
}

static void count_sets(struct walk *w, const struct outcome *o)
{
	bool releases = false, fee = false;
	int64_t to_refund = 0, asked_refund = 0;

	for (size_t i = 0; i < o->n_effects; i++) {
		const struct effect *x = &o->effects[i];

		if (x->kind == EFFECT_SEND_REFUND)
			asked_refund += rial_raw(x->amount);
		if (x->kind != EFFECT_TRANSFER)
			continue;
		releases |= x->transfer.code == TRANSFER_RELEASE;
		fee |= x->transfer.code == TRANSFER_FEE;
		/* What bounced goes out again by the hand that books it. */
		if (x->transfer.credit.kind == ACCOUNT_REFUND && x->transfer.code != TRANSFER_REFUND_BOUNCED)
			to_refund += rial_raw(x->transfer.amount);
	}
	MUST(to_refund == asked_refund);
	MUST(!fee || releases);
	w->releases += releases;
	MUST(w->releases <= 1);
}

/* The effects alone must lead from the figures before to the figures after. */
static void check_money(struct walk *w, const struct deal *before, const struct outcome *o)
{
	struct deal replay = *before;
	const struct deal *d = &o->deal;

	for (size_t i = 0; i < o->n_effects; i++)
		if (o->effects[i].kind == EFFECT_TRANSFER)
			replay_transfer(w, &o->effects[i].transfer, &replay);
	MUST(rial_cmp(replay.held, d->held) == 0 && rial_cmp(replay.suspense, d->suspense) == 0);
	MUST(rial_cmp(replay.payable, d->payable) == 0 && rial_cmp(replay.refund, d->refund) == 0);
	MUST(rial_cmp(replay.inflight, d->inflight) == 0 && rial_cmp(replay.fee_taken, d->fee_taken) == 0);
	MUST(rial_cmp(replay.paid_in, d->paid_in) == 0);
	MUST(rial_raw(d->held) >= 0 && rial_raw(d->suspense) >= 0 && rial_raw(d->payable) >= 0);
	MUST(rial_raw(d->refund) >= 0 && rial_raw(d->inflight) >= 0 && rial_raw(d->fee_taken) >= 0);
	MUST(rial_raw(d->paid_in) == sum_of(d) + w->left);
	count_sets(w, o);
}

/* I5: what the state says about the accounts. */
static void check_shape(struct walk *w, const struct deal *d)
{
	uint32_t state = UINT32_C(1) << d->state;
	bool leaving = state & (IN(PAYOUT_DUE) | IN(SPLIT_DUE));

	if (deal_is_final(d->state))
		MUST(rial_is_zero(d->held) && rial_is_zero(d->payable) && rial_is_zero(d->inflight) && !d->frozen);
	if (!rial_is_zero(d->payable) || !rial_is_zero(d->inflight))
		MUST(leaving);
	if (!rial_is_zero(d->suspense))
		MUST(d->frozen || state & (IN(PAY_REVIEW) | UNPAID));
	MUST(rial_cmp(d->recalled, d->suspense) <= 0);
	MUST(d->frozen || rial_is_zero(d->recalled));
	if (d->state >= DEAL_FUNDED && d->state <= DEAL_RULED)
		MUST(rial_cmp(rial_add(d->held, d->recalled), terms_due(&d->terms)) >= 0);
	if (d->state == DEAL_PART_PAID)
		MUST(rial_cmp(rial_add(d->held, d->recalled), terms_due(&d->terms)) < 0);
	if (state & PAID)
		MUST((w->releases == 1) == (d->state != DEAL_REFUNDED) || d->state == DEAL_SPLIT_CLOSED);
	MUST(d->state == DEAL_NONE || d->state == DEAL_DRAFT || d->state == DEAL_OFFERED || deal_is_final(d->state) ||
	     (d->buyer_id && d->seller_id && d->buyer_id != d->seller_id));
	MUST(d->state < DEAL_AGREED || deal_is_final(d->state) || (d->buyer_agreed && d->seller_agreed));
}

/* The clock that leads on when everybody is silent; 0 where an operator, the system or a bank has to act. */
static enum timer_kind clock_of(const struct walk *w)
{
	static const enum timer_kind clocks[DEAL_STATE_END] = {
		[DEAL_DRAFT] = TIMER_DRAFT,
		[DEAL_OFFERED] = TIMER_OFFER,
		[DEAL_COUNTERED] = TIMER_OFFER,
		[DEAL_AWAIT_PAY] = TIMER_PAY,
		[DEAL_PART_PAID] = TIMER_PART,
		[DEAL_FUNDED] = TIMER_SHIP,
		[DEAL_SHIPPED] = TIMER_TRANSIT,
		[DEAL_DELIVERED] = TIMER_INSPECTION,
		[DEAL_ISSUE] = TIMER_NEGOTIATION,
		[DEAL_RETURN_DUE] = TIMER_RETURN,
		[DEAL_RETURN_SENT] = TIMER_RETURN_TRANSIT,
		[DEAL_RETURN_CHECK] = TIMER_RETURN_CHECK,
		[DEAL_DISPUTED] = TIMER_RULING,
		[DEAL_RULED] = TIMER_APPEAL,
	};

	if (rial_is_positive(w->d.payable) && !w->payout_asked)
		return TIMER_PAYOUT;
	if (deal_is_final(w->d.state) && rial_is_positive(w->d.suspense))
		return TIMER_LATE;
	return clocks[w->d.state];
}

static void check_clocks(struct walk *w)
{
	enum timer_kind t = clock_of(w);

	MUST(!t || w->due_ms[t] > 0);
	if (w->due_ms[TIMER_INSPECTION])
		MUST(w->due_ms[TIMER_INSPECTION] == w->d.inspection_ends_ms);
	if (deal_is_final(w->d.state))
		for (int i = TIMER_DRAFT; i < TIMER_KIND_END; i++)
			MUST(!w->due_ms[i] || i == TIMER_LATE);
}

static void follow(struct walk *w, const struct effect *x)
{
	switch (x->kind) {
	case EFFECT_STOP_TIMERS:
		memset(w->due_ms, 0, sizeof w->due_ms);
		return;
	case EFFECT_TIMER:
		MUST(x->timer >= TIMER_DRAFT && x->timer < TIMER_KIND_END);
		MUST(x->due_ms == 0 || x->due_ms >= w->now_ms);
		w->due_ms[x->timer] = x->due_ms;
		return;
	case EFFECT_SHIFT_TIMERS:
		MUST(x->due_ms >= 0);
		for (int t = TIMER_DRAFT; t < TIMER_KIND_END; t++)
			w->due_ms[t] += w->due_ms[t] ? x->due_ms : 0;
		return;
	case EFFECT_PAY_OUT:
		MUST(rial_is_positive(x->amount) && rial_cmp(x->amount, w->d.payable) == 0);
		w->payout_asked = true;
		return;
	case EFFECT_OPEN_PAYMENT:
	case EFFECT_SEND_REFUND:
		MUST(rial_is_positive(x->amount));
		return;
	case EFFECT_STRIKE:
		MUST(x->who == ROLE_BUYER || x->who == ROLE_SELLER);
		return;
	case EFFECT_TRANSFER:
		return;
	}
}

/* --- one event -------------------------------------------------------------------------------------------------- */

static void consume_timer(struct walk *w, const struct event *e)
{
	for (int t = TIMER_DRAFT; t < TIMER_KIND_END; t++)
		if (e->role == ROLE_TIMER && timer_event((enum timer_kind)t) == e->kind)
			w->due_ms[t] = 0;
}

static size_t row_that_applies(struct walk *w, const struct event *e)
{
	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];

		if (row->event == e->kind && row->from & UINT32_C(1) << w->d.state && row->actors & 1U << e->role &&
		    (!row->guard || row->guard(&w->d, e, &policy, w->now_ms) == REFUSAL_NONE))
			return i;
	}
	return deal_n_rows;
}

/* Applies an event; true when it was taken. */
static bool apply(struct walk *w, const struct event *e)
{
	struct deal before = w->d;
	struct outcome o;
	size_t i;

	/* That it left before is known to who tells of its bounce, not to the deal. */
	if ((e->kind == EVENT_PAYOUT_BOUNCED && rial_raw(e->amount) > w->out) ||
	    (e->kind == EVENT_REFUND_BOUNCED && rial_raw(e->amount) > w->back))
		return false;
	deal_apply(&before, e, &policy, w->now_ms, &o);
	if (o.refusal != REFUSAL_NONE) {
		MUST(memcmp(&o.deal, &before, sizeof before) == 0 && o.n_effects == 0 && o.row == 0 && o.tell == 0);
		return false;
	}
	i = row_that_applies(w, e);
	w->last_row = o.row;
	MUST(i < deal_n_rows && deal_rows[i].number == o.row);
	MUST(o.deal.state == (deal_rows[i].next == DEAL_NONE ? before.state : deal_rows[i].next));
	MUST(o.deal.version == before.version + 1);
	reached[i] = true;
	check_money(w, &before, &o);
	w->d = o.deal;
	w->taken++;
	consume_timer(w, e);
	if (e->kind == EVENT_PAYOUT_SENT || e->kind == EVENT_PAYOUT_RETURNED || e->kind == EVENT_UNFREEZE)
		w->payout_asked = false;
	for (size_t k = 0; k < o.n_effects; k++)
		follow(w, &o.effects[k]);
	check_shape(w, &w->d);
	if (!w->d.frozen)
		check_clocks(w);
	return true;
}

/* --- random events ---------------------------------------------------------------------------------------------- */

static int64_t random_person(struct walk *w, enum role role)
{
	static const int64_t people[] = {0, BUYER, SELLER, MEDIATOR, OTHER, THIRD, ADMIN, STRANGER};

	if (one_in(w, 20))
		return people[below(w, sizeof people / sizeof *people)];
	if (role == ROLE_MEDIATOR)
		return people[3 + below(w, 3)];
	return person_on(role);
}

static struct rial random_amount(struct walk *w, enum event_kind kind)
{
	const struct deal *d = &w->d;
	int64_t due = rial_raw(terms_due(&d->terms)), missing = due - rial_raw(d->held);
	const int64_t amounts[] = {missing,
				   missing,
				   due,
				   missing - 1,
				   missing + 1 + below(w, 100000),
				   missing / 2,
				   rial_raw(terms_due(&d->amended)) - rial_raw(d->held),
				   rial_raw(d->payable),
				   rial_raw(d->inflight),
				   rial_raw(d->refund),
				   rial_raw(d->refund) / 2,
				   rial_raw(d->offer_to_buyer),
				   1 + below(w, rial_raw(d->terms.price) + 1),
				   below(w, 3) - 1};

	if (one_in(w, 2000))
		return rial_of(one_in(w, 2) ? INT64_MAX : INT64_MIN);
	if (one_in(w, 2) && kind != EVENT_CREDIT && kind != EVENT_PROPOSE_MONEY && kind != EVENT_RULE)
		return usual_amount(d, kind);
	return rial_of(amounts[below(w, sizeof amounts / sizeof *amounts)]);
}

static struct event random_event(struct walk *w)
{
	struct event e = {.kind = (enum event_kind)below(w, EVENT_KIND_END), .role = (enum role)below(w, ROLE_END)};

	/* Mostly one that the state knows, by somebody who may. */
	for (int tries = 0; tries < 400 && !one_in(w, 60); tries++) {
		const struct deal_row *row = &deal_rows[below(w, (int64_t)deal_n_rows)];

		e.role = (enum role)(ROLE_BUYER + below(w, ROLE_SYSTEM));
		if (!(row->from & UINT32_C(1) << w->d.state) || !(row->actors & 1U << e.role))
			continue;
		/* What ends or stops deals is rarer, or no walk would go far. */
		if ((row->event == EVENT_RECALL || row->event == EVENT_FREEZE || row->event == EVENT_CANCEL ||
		     row->event == EVENT_DECLINE || row->event == EVENT_ADMIN_CANCEL || e.role == ROLE_TIMER) &&
		    !one_in(w, 5))
			continue;
		e.kind = row->event;
		break;
	}
	e.actor_id = random_person(w, e.role);
	e.second_id = one_in(w, 4) ? random_person(w, ROLE_MEDIATOR) : OTHER;
	e.amount = random_amount(w, e.kind);
	e.bank_id = BANK_ID;
	e.hash = one_in(w, 20) ? "wrong" : e.kind == EVENT_ACCEPT_AMEND ? w->d.amended.hash : w->d.terms.hash;
	e.terms = &some_terms[below(w, N_TERMS)];
	e.creator = (enum role)(ROLE_BUYER + below(w, 2));
	e.ruling = (enum ruling)below(w, RULING_RETURN + 1);
	e.asked = (enum role)(ROLE_BUYER + below(w, 2));
	e.evidence = (int)below(w, 3);
	return e;
}

/* --- silence ---------------------------------------------------------------------------------------------------- */

static enum timer_kind next_timer(const struct walk *w)
{
	enum timer_kind first = 0;

	for (int t = TIMER_DRAFT; t < TIMER_KIND_END; t++)
		if (w->due_ms[t] && (!first || w->due_ms[t] < w->due_ms[first]))
			first = (enum timer_kind)t;
	return first;
}

/* What a bank, the system or an operator does when nobody else acts; false when only a clock can. */
static bool act_for_the_house(struct walk *w, struct event *e)
{
	const struct deal *d = &w->d;
	enum { BANK, HOUSE, STAFF } who = BANK;

	*e = (struct event){.bank_id = BANK_ID};
	if (d->frozen) {
		e->kind = EVENT_UNFREEZE;
		who = STAFF;
	} else if (rial_is_positive(d->inflight)) {
		e->kind = one_in(w, 8) ? EVENT_PAYOUT_RETURNED : EVENT_PAYOUT_DONE;
		e->amount = d->inflight;
	} else if (rial_is_positive(d->refund)) {
		e->kind = EVENT_REFUND_DONE;
		e->amount = d->refund;
	} else if (rial_is_positive(d->payable) && w->payout_asked) {
		e->kind = EVENT_PAYOUT_SENT;
		e->amount = d->payable;
		who = HOUSE;
	} else if (d->state == DEAL_AGREED) {
		e->kind = EVENT_ISSUE_PAYMENT;
		who = HOUSE;
	} else if (d->state == DEAL_PAY_REVIEW) {
		e->kind = one_in(w, 2) ? EVENT_REVIEW_CONFIRM : EVENT_REVIEW_REJECT;
		who = STAFF;
	} else if (d->state == DEAL_DISPUTED && one_in(w, 3)) {
		e->kind = EVENT_RULE;
		e->ruling = (enum ruling)(RULING_RELEASE + below(w, RULING_RETURN));
		e->amount = rial_of(1);
		who = STAFF;
	} else {
		return false;
	}
	e->role = who == STAFF ? ROLE_MEDIATOR : who == HOUSE ? ROLE_SYSTEM : ROLE_BANK;
	e->actor_id = who == STAFF ? 5001 : 0; /* people who have not ruled before */
	e->second_id = who == STAFF ? 5002 : 0;
	return true;
}

static void silent_step(struct walk *w)
{
	struct event e;
	enum timer_kind t;

	if (act_for_the_house(w, &e)) {
		MUST(apply(w, &e));
		return;
	}
	t = next_timer(w);
	MUST(t != 0);
	if (w->due_ms[t] > w->now_ms)
		w->now_ms = w->due_ms[t];
	e = (struct event){.kind = timer_event(t), .role = ROLE_TIMER};
	if (!apply(w, &e))
		w->due_ms[t] = 0; /* a clock that no longer means anything */
}

/* From here on all people are silent: the deal ends and nothing is left in its accounts. On a copy. */
static void check_silence(const struct walk *from)
{
	struct walk copy = *from, *w = &copy;
	int steps = 0;

	if (w->d.state == DEAL_NONE)
		return;
	/* Rulings ask for mediators who have not ruled: the pair of the silence is fresh. */
	if (w->d.ruled_by == 5001)
		w->d.ruled_by = MEDIATOR;
	while (!deal_is_final(w->d.state) || deal_has_money(&w->d)) {
		MUST(++steps <= SILENT_STEPS);
		w->d.ruled_by = w->d.ruled_by == 5001 ? MEDIATOR : w->d.ruled_by;
		silent_step(w);
	}
	MUST(rial_raw(w->d.paid_in) == w->left + rial_raw(w->d.fee_taken));
}

/* A good beginning of random length, so that the walks also see the later states often. */
static void open_deal(struct walk *w)
{
	static const struct {
		enum event_kind kind;
		enum role role;
	} opening[] = {
		{EVENT_CREATE, ROLE_SELLER},
		{EVENT_PUBLISH, ROLE_SELLER},
		{EVENT_JOIN, ROLE_BUYER},
		{EVENT_AGREE, ROLE_BUYER},
		{EVENT_ISSUE_PAYMENT, ROLE_SYSTEM},
		{EVENT_CREDIT, ROLE_BANK},
		{EVENT_SHIP, ROLE_SELLER},
		{EVENT_DELIVER, ROLE_CARRIER},
		{EVENT_REPORT, ROLE_BUYER},
		{EVENT_PROPOSE_RETURN, ROLE_BUYER},
		{EVENT_ACCEPT_RETURN, ROLE_SELLER},
		{EVENT_RETURN_SHIP, ROLE_BUYER},
		{EVENT_RETURN_DELIVER, ROLE_CARRIER},
		{EVENT_RETURN_REJECT, ROLE_SELLER},
		{EVENT_RULE, ROLE_MEDIATOR},
	};
	int64_t length = below(w, sizeof opening / sizeof *opening + 1);

	begin_deal(w);
	for (int64_t i = 0; i < length; i++) {
		struct event e = event_for(&w->d, opening[i].kind, opening[i].role);

		e.terms = &some_terms[below(w, N_TERMS)];
		e.amount = opening[i].kind == EVENT_CREDIT ? terms_due(&w->d.terms) : rial_of(1 + below(w, 99999));
		e.ruling = (enum ruling)(RULING_RELEASE + below(w, RULING_RETURN));
		if (!apply(w, &e))
			return; /* handed over by hand: there is no parcel */
	}
}

static void step(struct walk *w)
{
	struct event e;
	enum timer_kind t = next_timer(w);

	w->now_ms += one_in(w, 3) ? below(w, 2 * DAY_MS) : below(w, HOUR_MS);
	e = random_event(w);
	if (t && one_in(w, 25)) {
		w->now_ms = w->due_ms[t] > w->now_ms ? w->due_ms[t] : w->now_ms;
		e = (struct event){.kind = timer_event(t), .role = ROLE_TIMER};
	}
	if (apply(w, &e) && one_in(w, SILENCE_EVERY))
		check_silence(w);
	if (w->taken > STEPS_A_DEAL || (deal_is_final(w->d.state) && one_in(w, 12)))
		open_deal(w);
}

START_TEST(walk)
{
	uint64_t seed = (uint64_t)_i * 7919 + 11;
	struct walk walked = {.rnd = rnd_seeded(&seed), .now_ms = NOW, .seed = _i}, *w = &walked;
	size_t n = 0;

	make_terms(w);
	open_deal(w);
	for (w->step = 0; w->step < STEPS; w->step++)
		step(w);
	for (size_t i = 0; i < deal_n_rows; i++)
		n += reached[i];
	/* A walk that stays at the door proves nothing. */
	ck_assert_msg(n * 20 >= deal_n_rows * 19, "only %zu of %zu entries were walked", n, deal_n_rows);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal walk");
	TCase *t = tcase_create("walk");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, walk, 0, SEEDS);
	suite_add_tcase(s, t);
	return tap_run(s);
}
