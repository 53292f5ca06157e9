/* The steps that make terms: the draft, the offer, counter-offers, agreement, and later changes of agreed terms. See
 * deal_steps.c for the others. */
#include "deal_parts.h"

#define UNUSED (void)e, (void)p, (void)now_ms

static bool *agreed_of(struct deal *d, enum role role)
{
	return role == ROLE_BUYER ? &d->buyer_agreed : &d->seller_agreed;
}

static void take_seat(struct deal *d, enum role role, int64_t person)
{
	if (role == ROLE_BUYER)
		d->buyer_id = person;
	else
		d->seller_id = person;
}

STEP(do_create)
{
	UNUSED;
	o->deal.creator = e->creator;
	o->deal.terms = *e->terms;
	if (e->role != ROLE_ADMIN)
		take_seat(&o->deal, e->role, e->actor_id);
	set_timer(o, TIMER_DRAFT, now_ms + p->draft_ms);
}

STEP(do_edit_draft)
{
	UNUSED;
	o->deal.terms = *e->terms;
}

STEP(do_swap_seats)
{
	int64_t buyer = o->deal.buyer_id;

	UNUSED;
	o->deal.buyer_id = o->deal.seller_id;
	o->deal.seller_id = buyer;
	o->deal.creator = e->role == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER;
}

/* Who publishes agrees to what is published: the other side's one "agree" is then enough. An admin agrees for nobody.
 */
STEP(do_publish)
{
	UNUSED;
	o->deal.in_group = e->in_group;
	if (e->role != ROLE_ADMIN)
		*agreed_of(&o->deal, e->role) = true;
	set_timer(o, TIMER_OFFER, now_ms + p->offer_ms);
}

STEP(do_take_seat)
{
	UNUSED;
	take_seat(&o->deal, e->role, e->actor_id);
}

/* The seat of whoever is not the maker is free again, and the offer is the one that was published. */
static void reopen(struct outcome *o, const struct deal_policy *p, int64_t now_ms)
{
	struct deal *d = &o->deal;

	take_seat(d, d->creator == ROLE_BUYER ? ROLE_SELLER : ROLE_BUYER, 0);
	if (!d->amended.hash[0])
		return;
	d->terms = d->amended;
	d->amended = (struct deal_terms){.hash = ""};
	d->buyer_agreed = d->seller_agreed = false;
	*agreed_of(d, d->creator) = true;
	set_timer(o, TIMER_OFFER, now_ms + p->offer_ms);
}

STEP(do_leave)
{
	UNUSED;
	reopen(o, p, now_ms);
}

STEP(do_turn_away)
{
	UNUSED;
	reopen(o, p, now_ms);
}

/* An offer to a group keeps what was published, for the next one who joins (rows 118, 119). */
STEP(do_counter)
{
	UNUSED;
	if (o->deal.in_group && !o->deal.amended.hash[0])
		o->deal.amended = o->deal.terms;
	o->deal.terms = *e->terms;
	o->deal.buyer_agreed = o->deal.seller_agreed = false;
	*agreed_of(&o->deal, e->role) = true;
	set_timer(o, TIMER_OFFER, now_ms + p->offer_ms);
}

STEP(do_agree)
{
	UNUSED;
	if (o->deal.state == DEAL_AGREED)
		o->deal.amended = (struct deal_terms){.hash = ""}; /* what was published before the counter-offers */
	*agreed_of(&o->deal, e->role) = true;
}

/* A new proposal takes the place of one's own that nobody answered. */
STEP(do_propose_amend)
{
	UNUSED;
	o->deal.amended = *e->terms;
	o->deal.amended_by = e->role;
}

/* A paid deal with another time to ship starts that time now. */
static void apply_amended(struct outcome *o, int64_t now_ms)
{
	struct deal *d = &o->deal;
	bool other_time = d->terms.ship_h != d->amended.ship_h;

	d->terms = d->amended;
	d->amended_by = ROLE_NOBODY;
	d->topup_wanted = false;
	if (d->state == DEAL_FUNDED && other_time)
		enter_funded(o, now_ms);
}

/* Before payment the new terms simply hold. After it, a lower sum gives the difference back and a higher one waits for
 * the new credit: until that has come the old terms stay in force. */
STEP(do_amend)
{
	struct rial due = terms_due(&o->deal.amended), rest;

	UNUSED;
	if (o->deal.state == DEAL_AGREED) {
		apply_amended(o, now_ms);
		return;
	}
	if (rial_cmp(due, o->deal.held) > 0) {
		o->deal.topup_wanted = true;
		add_effect(o, EFFECT_OPEN_PAYMENT)->amount = rial_take(due, o->deal.held);
		return;
	}
	rest = rial_take(o->deal.held, due);
	apply_amended(o, now_ms);
	move_money(o, TRANSFER_REFUND, ACCOUNT_HOLD, ACCOUNT_REFUND, rest, 0);
	send_refund(o, rest);
}

STEP(do_refuse_amend)
{
	UNUSED;
	o->deal.amended_by = ROLE_NOBODY;
	o->deal.topup_wanted = false;
}

STEP(do_topup)
{
	UNUSED;
	move_money(o, TRANSFER_PAY_IN, ACCOUNT_BANK, ACCOUNT_HOLD, e->amount, e->bank_id);
	apply_amended(o, now_ms);
}
