/* The audit of one deal: its history as a chain of the table's rows, and its state as the shape of its money. */
#include "audit_inside.h"

#include <inttypes.h>

#define IN(s) (UINT32_C(1) << DEAL_##s)
#define OFFER (IN(DRAFT) | IN(OFFERED) | IN(COUNTERED) | IN(AGREED))
#define ON_THE_WAY                                                                                                     \
	(IN(FUNDED) | IN(SHIPPED) | IN(DELIVERED) | IN(ISSUE) | IN(RETURN_DUE) | IN(RETURN_SENT) | IN(RETURN_CHECK) |  \
	 IN(DISPUTED) | IN(RULED))
#define LEAVING (IN(PAYOUT_DUE) | IN(REFUND_DUE) | IN(SPLIT_DUE))
#define ENDED_PAID (IN(COMPLETED) | IN(REFUNDED) | IN(SPLIT_CLOSED))
#define ENDED_UNPAID (IN(CANCELLED) | IN(EXPIRED))

/* ---- history ---- */

static const struct deal_row *row_of(int64_t number, int event, int role, enum deal_state before, enum deal_state after)
{
	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];

		if (row->number == number && (int)row->event == event && row->actors & 1U << role &&
		    row->from & UINT32_C(1) << before && after == (row->next == DEAL_NONE ? before : row->next))
			return row;
	}
	return NULL;
}

void audit_history_row(struct audit *a, int64_t deal_id, struct deal_past *past, struct db_stmt *s)
{
	int64_t version = db_col_int(s, "version"), number = db_col_int(s, "table_row");
	int64_t at_ms = db_col_int(s, "at_ms");
	int event = audit_member(s, "event", EVENT_KIND_END), role = audit_member(s, "role", ROLE_END);
	enum deal_state before = (enum deal_state)audit_member(s, "state_before", DEAL_STATE_END);
	enum deal_state after = (enum deal_state)audit_member(s, "state_after", DEAL_STATE_END);

	if (version != past->version + 1)
		audit_flaw(a, "deal_history %" PRId64 ":%" PRId64 " comes after version %" PRId64, deal_id, version,
			   past->version);
	if (before != past->state)
		audit_flaw(a, "deal_history %" PRId64 ":%" PRId64 " begins in %s, but the one before it ends in %s",
			   deal_id, version, deal_state_name(before), deal_state_name(past->state));
	if (!row_of(number, event, role, before, after))
		audit_flaw(a,
			   "deal_history %" PRId64 ":%" PRId64 ": no row %" PRId64
			   " of the deal table leads from %s to %s by %s of role %d",
			   deal_id, version, number, deal_state_name(before), deal_state_name(after),
			   event_name((enum event_kind)event), role);
	if (past->version && at_ms < past->at_ms)
		audit_flaw(a, "deal_history %" PRId64 ":%" PRId64 " is older than the one before it", deal_id, version);
	past->version = version;
	past->state = after;
	past->at_ms = at_ms;
	if (event == EVENT_PAYOUT_RIPE || event == EVENT_PAYOUT_RETURNED || event == EVENT_PAYOUT_BOUNCED)
		past->payout_ripe = event == EVENT_PAYOUT_RIPE;
}

/* ---- the shape of the money ---- */

static int64_t sum_of(const struct deal_look *l, enum account_kind kind)
{
	return l->sums.account[kind];
}

static bool holds_nothing(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_HOLD) == 0;
}

/* What a recall took out of the hold still belongs to the deal. */
static bool holds_all(const struct deal_look *l)
{
	int64_t held = sum_of(l, ACCOUNT_HOLD);

	audit_add(&held, rial_raw(l->deal.recalled));
	return held >= rial_raw(terms_due(&l->deal.terms));
}

static bool holds_some(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_HOLD) > 0 || rial_is_positive(l->deal.recalled);
}

static bool recall_in_suspense(const struct deal_look *l)
{
	int64_t recalled = rial_raw(l->deal.recalled);

	return recalled >= 0 && recalled <= sum_of(l, ACCOUNT_SUSPENSE);
}

static bool suspends_some(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_SUSPENSE) > 0;
}

static bool suspends_nothing(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_SUSPENSE) == 0;
}

static bool sends_nothing(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_PAYABLE) == 0 && sum_of(l, ACCOUNT_INFLIGHT) == 0;
}

static bool sends_some(const struct deal_look *l)
{
	return !sends_nothing(l);
}

static bool owes_buyer(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_REFUND) > 0;
}

static bool owes_somebody(const struct deal_look *l)
{
	return sends_some(l) || owes_buyer(l);
}

static bool released_nothing(const struct deal_look *l)
{
	return l->sums.code[TRANSFER_RELEASE] == 0;
}

static bool paid_out(const struct deal_look *l)
{
	return l->sums.code[TRANSFER_PAYOUT_DONE] > 0;
}

static bool gave_back(const struct deal_look *l)
{
	return l->sums.code[TRANSFER_REFUND_DONE] > 0;
}

/* Only a payment that came after the end (row 14) can still be owed. */
static bool owes_only_seconds(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_REFUND) <= l->sums.code[TRANSFER_PAY_SECOND];
}

/* I5, and I3's end: in these states this holds. */
static const struct shape {
	uint32_t states;
	bool (*holds)(const struct deal_look *l);
	const char *says;
} shapes[] = {
	{OFFER | IN(AWAIT_PAY) | LEAVING | ENDED_PAID | ENDED_UNPAID, holds_nothing, "must hold nothing"},
	{IN(PART_PAID), holds_some, "must hold a part"},
	{ON_THE_WAY, holds_all, "must hold the price and the buyer's fee"},
	{IN(PART_PAID) | IN(PAY_REVIEW) | ON_THE_WAY, recall_in_suspense, "must keep in suspense what was recalled"},
	{IN(PAY_REVIEW), suspends_some, "must have money to review"},
	{OFFER | IN(AWAIT_PAY) | LEAVING | ENDED_PAID, suspends_nothing, "must have nothing in suspense"},
	{~(IN(PAYOUT_DUE) | IN(SPLIT_DUE)), sends_nothing, "must not be paying out"},
	{~(IN(PAYOUT_DUE) | IN(SPLIT_DUE) | IN(COMPLETED) | IN(SPLIT_CLOSED)), released_nothing,
	 "must not have released anything"},
	{IN(PAYOUT_DUE), sends_some, "must have money for the seller"},
	{IN(REFUND_DUE), owes_buyer, "must have money for the buyer"},
	{IN(SPLIT_DUE), owes_somebody, "must have money for somebody"},
	{IN(COMPLETED), paid_out, "must have paid out"},
	{IN(REFUNDED), gave_back, "must have given back"},
	{IN(REFUNDED) | IN(SPLIT_CLOSED), owes_only_seconds, "must owe the buyer nothing more"},
};

static void check_shape(struct audit *a, const struct deal_look *l)
{
	const int64_t *sum = l->sums.account;
	char x[5][AUDIT_NUMBER_BYTES];

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].states & UINT32_C(1) << l->deal.state && !shapes[i].holds(l))
			audit_flaw(a,
				   "deal %" PRId64 " is %s and %s: held %s, suspense %s, payable %s, refund %s, "
				   "inflight %s",
				   l->deal.id, deal_state_name(l->deal.state), shapes[i].says,
				   audit_number(sum[ACCOUNT_HOLD], x[0]), audit_number(sum[ACCOUNT_SUSPENSE], x[1]),
				   audit_number(sum[ACCOUNT_PAYABLE], x[2]), audit_number(sum[ACCOUNT_REFUND], x[3]),
				   audit_number(sum[ACCOUNT_INFLIGHT], x[4]));
}

/* ---- the deal's own figures ---- */

static void check_figure(struct audit *a, const struct deal_look *l, const char *name, struct rial says, int64_t makes)
{
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	if (rial_raw(says) != makes)
		audit_flaw(a, "deal %" PRId64 " says %s %s but its transfers make %s", l->deal.id, name,
			   audit_number(rial_raw(says), x), audit_number(makes, y));
}

static int64_t sum_of_codes(const struct deal_look *l, const enum transfer_code *codes, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		audit_add(&sum, l->sums.code[codes[i]]);
	return sum;
}

/* I3, I4 and the deal's part of I6. */
static void check_money(struct audit *a, const struct deal_look *l)
{
	static const enum transfer_code in[] = {TRANSFER_PAY_IN, TRANSFER_PAY_EXCESS, TRANSFER_PAY_SECOND,
						TRANSFER_PAY_LATE, TRANSFER_PAY_FOREIGN};
	static const enum transfer_code away[] = {TRANSFER_PAY_EXCESS, TRANSFER_PAY_SECOND, TRANSFER_SUSPENSE_BACK,
						  TRANSFER_REFUND,     TRANSFER_RELEASE,    TRANSFER_FEE};
	int64_t paid_in = sum_of_codes(l, in, sizeof in / sizeof *in);
	int64_t given = sum_of_codes(l, away, sizeof away / sizeof *away), fee = l->sums.code[TRANSFER_FEE];
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	check_figure(a, l, "held", l->deal.held, sum_of(l, ACCOUNT_HOLD));
	check_figure(a, l, "suspense", l->deal.suspense, sum_of(l, ACCOUNT_SUSPENSE));
	check_figure(a, l, "payable", l->deal.payable, sum_of(l, ACCOUNT_PAYABLE));
	check_figure(a, l, "refund", l->deal.refund, sum_of(l, ACCOUNT_REFUND));
	check_figure(a, l, "inflight", l->deal.inflight, sum_of(l, ACCOUNT_INFLIGHT));
	check_figure(a, l, "paid_in", l->deal.paid_in, paid_in);
	check_figure(a, l, "fee_taken", l->deal.fee_taken, fee);
	if (l->sums.release_sets > 1)
		audit_flaw(a, "deal %" PRId64 " was released by %" PRId64 " sets", l->deal.id, l->sums.release_sets);
	if (given > paid_in)
		audit_flaw(a, "deal %" PRId64 " gave %s to people and to us, but only %s came in", l->deal.id,
			   audit_number(given, x), audit_number(paid_in, y));
	if (fee > rial_raw(l->deal.terms.fee))
		audit_flaw(a, "deal %" PRId64 " took a fee of %s, but %s was agreed", l->deal.id, audit_number(fee, x),
			   audit_number(rial_raw(l->deal.terms.fee), y));
}

/* ---- clocks ---- */

static bool waits_for_ripe(const struct deal_look *l)
{
	return sum_of(l, ACCOUNT_PAYABLE) > 0 && !l->past.payout_ripe;
}

/* Without its clock a deal in one of these states could wait for ever. */
static const struct clock_need {
	uint32_t states;
	enum timer_kind timer;
	const char *name;
	bool (*when)(const struct deal_look *l); /* NULL: always */
} clock_needs[] = {
	{IN(DRAFT), TIMER_DRAFT, "DRAFT", NULL},
	{IN(OFFERED) | IN(COUNTERED), TIMER_OFFER, "OFFER", NULL},
	{IN(AWAIT_PAY), TIMER_PAY, "PAY", NULL},
	{IN(PART_PAID), TIMER_PART, "PART", NULL},
	{IN(FUNDED), TIMER_SHIP, "SHIP", NULL},
	{IN(SHIPPED), TIMER_TRANSIT, "TRANSIT", NULL},
	{IN(DELIVERED), TIMER_INSPECTION, "INSPECTION", NULL},
	{IN(ISSUE), TIMER_NEGOTIATION, "NEGOTIATION", NULL},
	{IN(RETURN_DUE), TIMER_RETURN, "RETURN", NULL},
	{IN(RETURN_SENT), TIMER_RETURN_TRANSIT, "RETURN_TRANSIT", NULL},
	{IN(RETURN_CHECK), TIMER_RETURN_CHECK, "RETURN_CHECK", NULL},
	{IN(DISPUTED), TIMER_RULING, "RULING", NULL},
	{IN(RULED), TIMER_APPEAL, "APPEAL", NULL},
	{IN(PAYOUT_DUE) | IN(SPLIT_DUE), TIMER_PAYOUT, "PAYOUT", waits_for_ripe},
	{ENDED_UNPAID, TIMER_LATE, "LATE", suspends_some},
};

static void check_clocks(struct audit *a, const struct deal_look *l)
{
	if (l->timers & 1U)
		audit_flaw(a, "deal_timer: deal %" PRId64 " has a clock of no known kind", l->deal.id);
	if (deal_is_final(l->deal.state) && l->timers & ~(UINT32_C(1) << TIMER_LATE | 1U))
		audit_flaw(a, "deal_timer: deal %" PRId64 " has ended, but a clock still runs", l->deal.id);
	for (size_t i = 0; i < sizeof clock_needs / sizeof *clock_needs && !l->deal.frozen; i++) {
		const struct clock_need *need = &clock_needs[i];

		if (need->states & UINT32_C(1) << l->deal.state && !(l->timers & UINT32_C(1) << need->timer) &&
		    (!need->when || need->when(l)))
			audit_flaw(a, "deal_timer: deal %" PRId64 " is %s, but its clock %s does not run", l->deal.id,
				   deal_state_name(l->deal.state), need->name);
	}
}

void audit_state(struct audit *a, const struct deal_look *l)
{
	const struct deal *d = &l->deal;

	if (d->state == DEAL_NONE) {
		audit_flaw(a, "deal %" PRId64 " is in no known state", d->id);
		return;
	}
	if (d->version != l->past.version || d->state != l->past.state)
		audit_flaw(a,
			   "deal %" PRId64 " is %s at version %" PRId64 ", but its history ends in %s at version "
			   "%" PRId64,
			   d->id, deal_state_name(d->state), d->version, deal_state_name(l->past.state),
			   l->past.version);
	check_money(a, l);
	check_shape(a, l);
	check_clocks(a, l);
}
