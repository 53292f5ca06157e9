/* deal_apply and the facts about states and timers: see deal.h. The rules themselves are deal_table.c. */
#include "deal.h"

#include "crypto.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Facts a bank reports are recorded even while a deal is frozen: the money has already moved. */
static bool passes_freeze(enum event_kind k)
{
	return k == EVENT_CREDIT || k == EVENT_CREDIT_FOREIGN || k == EVENT_PAYOUT_DONE || k == EVENT_PAYOUT_RETURNED ||
	       k == EVENT_PAYOUT_BOUNCED || k == EVENT_REFUND_BOUNCED || k == EVENT_REFUND_DONE || k == EVENT_RECALL ||
	       k == EVENT_UNFREEZE;
}

/* Checks that the actor is who the claimed seat says. CREATE and JOIN are how seats are taken, so they come before. */
static enum refusal check_actor(const struct deal *d, const struct event *e)
{
	bool party = e->actor_id && (e->actor_id == d->buyer_id || e->actor_id == d->seller_id);

	switch (e->role) {
	case ROLE_BUYER:
	case ROLE_SELLER:
		if (e->kind == EVENT_CREATE || e->kind == EVENT_JOIN)
			return e->actor_id ? REFUSAL_NONE : REFUSAL_NOT_YOURS;
		if (!e->actor_id || e->actor_id != (e->role == ROLE_BUYER ? d->buyer_id : d->seller_id))
			return REFUSAL_NOT_YOURS;
		return REFUSAL_NONE;
	case ROLE_MEDIATOR:
		if (!e->actor_id)
			return REFUSAL_NOT_YOURS;
		return party ? REFUSAL_PARTY : REFUSAL_NONE;
	case ROLE_ADMIN:
		return e->actor_id ? REFUSAL_NONE : REFUSAL_NOT_YOURS;
	case ROLE_TIMER:
	case ROLE_BANK:
	case ROLE_CARRIER:
	case ROLE_SYSTEM:
		return e->actor_id ? REFUSAL_NOT_YOURS : REFUSAL_NONE;
	case ROLE_NOBODY:
	case ROLE_END:
		break;
	}
	return REFUSAL_NOT_YOURS;
}

/* The first row that fits, or NULL with the most telling reason. */
static const struct deal_row *find_row(const struct deal *d, const struct event *e, const struct deal_policy *p,
				       int64_t now_ms, enum refusal *why)
{
	enum refusal guard_said = REFUSAL_NONE;
	bool wrong_actor = false;

	for (size_t i = 0; i < deal_n_rows; i++) {
		const struct deal_row *row = &deal_rows[i];
		enum refusal r;

		if (row->event != e->kind || !(row->from & UINT32_C(1) << d->state))
			continue;
		if (!(row->actors & 1U << e->role)) {
			wrong_actor = true;
			continue;
		}
		r = row->guard ? row->guard(d, e, p, now_ms) : REFUSAL_NONE;
		if (r == REFUSAL_NONE)
			return row;
		if (guard_said == REFUSAL_NONE || guard_said == REFUSAL_NOT_NOW)
			guard_said = r;
	}
	if (guard_said != REFUSAL_NONE)
		*why = guard_said;
	else
		*why = wrong_actor ? REFUSAL_NOT_YOURS : REFUSAL_NOT_NOW;
	return NULL;
}

static void apply_row(const struct deal_row *row, const struct deal *d, const struct event *e,
		      const struct deal_policy *p, int64_t now_ms, struct outcome *out)
{
	enum deal_state next = row->next == DEAL_NONE ? d->state : row->next;

	out->row = row->number;
	out->tell = row->tell;
	out->deal.state = next;
	out->deal.version++;
	if (next != d->state) {
		out->effects[out->n_effects++].kind = EFFECT_STOP_TIMERS;
		out->deal.closed_ms = deal_is_final(next) ? now_ms : 0;
		/* A bank's fact may end a frozen deal; nobody could thaw it afterwards, nor report a fraud. */
		if (deal_is_final(next))
			out->deal.frozen = false;
	}
	if (row->step)
		row->step(out, e, p, now_ms);
}

void deal_apply(const struct deal *d, const struct event *e, const struct deal_policy *p, int64_t now_ms,
		struct outcome *out)
{
	const struct deal_row *row = NULL;

	assert(d->state < DEAL_STATE_END && e->kind < EVENT_KIND_END && e->role < ROLE_END);
	memset(out, 0, sizeof *out);
	out->deal = *d;
	out->refusal = check_actor(d, e);
	if (out->refusal == REFUSAL_NONE && d->frozen && !passes_freeze(e->kind))
		out->refusal = REFUSAL_FROZEN;
	if (out->refusal == REFUSAL_NONE)
		row = find_row(d, e, p, now_ms, &out->refusal);
	if (!row)
		return;
	apply_row(row, d, e, p, now_ms, out);
	/* I3: a deal that has ended holds nothing; what it still owes is on its way (REFUND) or waits (SUSPENSE). */
	assert(!deal_is_final(out->deal.state) || rial_is_zero(out->deal.held));
}

bool deal_is_final(enum deal_state s)
{
	return s >= DEAL_COMPLETED && s <= DEAL_EXPIRED;
}

bool deal_has_money(const struct deal *d)
{
	return !rial_is_zero(d->held) || !rial_is_zero(d->suspense) || !rial_is_zero(d->payable) ||
	       !rial_is_zero(d->refund) || !rial_is_zero(d->inflight);
}

const char *deal_state_name(enum deal_state s)
{
	static const char *const names[DEAL_STATE_END] = {
		[DEAL_NONE] = "NONE",
		[DEAL_DRAFT] = "DRAFT",
		[DEAL_OFFERED] = "OFFERED",
		[DEAL_COUNTERED] = "COUNTERED",
		[DEAL_AGREED] = "AGREED",
		[DEAL_AWAIT_PAY] = "AWAIT_PAY",
		[DEAL_PAY_REVIEW] = "PAY_REVIEW",
		[DEAL_PART_PAID] = "PART_PAID",
		[DEAL_FUNDED] = "FUNDED",
		[DEAL_SHIPPED] = "SHIPPED",
		[DEAL_DELIVERED] = "DELIVERED",
		[DEAL_ISSUE] = "ISSUE",
		[DEAL_RETURN_DUE] = "RETURN_DUE",
		[DEAL_RETURN_SENT] = "RETURN_SENT",
		[DEAL_RETURN_CHECK] = "RETURN_CHECK",
		[DEAL_DISPUTED] = "DISPUTED",
		[DEAL_RULED] = "RULED",
		[DEAL_PAYOUT_DUE] = "PAYOUT_DUE",
		[DEAL_REFUND_DUE] = "REFUND_DUE",
		[DEAL_SPLIT_DUE] = "SPLIT_DUE",
		[DEAL_COMPLETED] = "COMPLETED",
		[DEAL_REFUNDED] = "REFUNDED",
		[DEAL_SPLIT_CLOSED] = "SPLIT_CLOSED",
		[DEAL_CANCELLED] = "CANCELLED",
		[DEAL_EXPIRED] = "EXPIRED",
	};

	return s < DEAL_STATE_END ? names[s] : "UNKNOWN";
}

/* A timer's end as an event, whom it runs against, and whether it takes something from that person. */
static const struct timer_fact {
	enum event_kind event;
	unsigned reminds;
	bool punitive;
} timers[TIMER_KIND_END] = {
	[TIMER_DRAFT] = {EVENT_DRAFT_EXPIRED, 0, true},
	[TIMER_OFFER] = {EVENT_OFFER_EXPIRED, TELL_BUYER | TELL_SELLER, true},
	[TIMER_PAY] = {EVENT_PAY_EXPIRED, TELL_BUYER, true},
	[TIMER_PART] = {EVENT_PART_EXPIRED, TELL_BUYER, true},
	[TIMER_LATE] = {EVENT_LATE_OVER, TELL_BUYER | TELL_SELLER, true},
	[TIMER_SHIP] = {EVENT_SHIP_EXPIRED, TELL_SELLER, true},
	[TIMER_CANCEL] = {EVENT_CANCEL_SILENCE, TELL_SELLER, true},
	[TIMER_TRACKING] = {EVENT_TRACKING_BAD, 0, true},
	[TIMER_ARRIVAL] = {EVENT_ASK_ARRIVAL, 0, false},
	[TIMER_OVERDUE] = {EVENT_ARRIVAL_OVERDUE, TELL_BUYER, true},
	[TIMER_TRANSIT] = {EVENT_TRANSIT_LOST, 0, true},
	[TIMER_INSPECTION] = {EVENT_INSPECTION_END, TELL_BUYER, true},
	[TIMER_ANSWER] = {EVENT_SELLER_SILENT, TELL_SELLER, true},
	[TIMER_NEGOTIATION] = {EVENT_NEGOTIATION_END, TELL_BUYER | TELL_SELLER, true},
	[TIMER_RETURN] = {EVENT_RETURN_EXPIRED, TELL_BUYER, true},
	[TIMER_RETURN_TRANSIT] = {EVENT_RETURN_LOST, 0, true},
	[TIMER_RETURN_CHECK] = {EVENT_RETURN_SILENT, TELL_SELLER, true},
	[TIMER_INFO] = {EVENT_INFO_SILENT, 0, true},
	[TIMER_RULING] = {EVENT_RULING_LATE, TELL_STAFF, false},
	[TIMER_APPEAL] = {EVENT_APPEAL_END, 0, true},
	[TIMER_PAYOUT] = {EVENT_PAYOUT_RIPE, 0, false},
};

enum event_kind timer_event(enum timer_kind t)
{
	assert(t >= TIMER_DRAFT && t < TIMER_KIND_END);
	return timers[t].event;
}

bool timer_is_punitive(enum timer_kind t)
{
	assert(t >= TIMER_DRAFT && t < TIMER_KIND_END);
	return timers[t].punitive;
}

unsigned timer_reminds(enum timer_kind t)
{
	assert(t >= TIMER_DRAFT && t < TIMER_KIND_END);
	return timers[t].reminds;
}

struct rial terms_due(const struct deal_terms *t)
{
	return rial_add(t->price, fee_of_buyer(t->fee, t->fee_payer));
}

struct rial terms_payout(const struct deal_terms *t)
{
	return rial_take(t->price, rial_take(t->fee, fee_of_buyer(t->fee, t->fee_payer)));
}

void terms_hash(struct deal_terms *t, const char *title)
{
	char text[2048];
	/* Terms that say nothing of the carrier's pay keep the name that they had before it could be agreed. */
	const char *form = t->ship_payer == SHIP_BY_BUYER ? "separex-terms-2\ncarriage: buyer" : "separex-terms-1";
	int n = snprintf(text, sizeof text, "%s\n%" PRId64 "\n%" PRId64 "\n%d\n%d\n%d\n%s", form, rial_raw(t->price),
			 rial_raw(t->fee), (int)t->fee_payer, t->inspection_h, t->ship_h, title);

	assert(n > 0 && (size_t)n < sizeof text); /* titles are cut to 100 code points where they come in */
	sha256_hex(text, (size_t)n, t->hash);
}

struct split deal_split(const struct deal *d, struct rial to_buyer)
{
	const struct deal_terms *t = &d->terms;
	struct rial kept = rial_take(t->price, to_buyer);
	struct rial buyer_fee = fee_of_buyer(t->fee, t->fee_payer);
	struct rial seller_fee = rial_take(t->fee, buyer_fee);
	struct rial from_buyer = rial_floor_toman(rial_share(buyer_fee, kept, t->price));
	struct rial from_seller = rial_floor_toman(rial_share(seller_fee, kept, t->price));
	struct split s = {.payout = rial_take(kept, from_seller), .fee = rial_add(from_buyer, from_seller)};

	s.refund = rial_take(d->held, rial_add(s.payout, s.fee));
	return s;
}
