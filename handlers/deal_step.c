/* The one way in which a deal moves: see deal_step.h. */
#include "deal_step.h"

#include "clock.h"
#include "deal_card.h"
#include "emblem_words.h"
#include "money_in.h"
#include "money_out.h"
#include "repo_ledger.h"
#include "tell.h"
#include <assert.h>
#include <inttypes.h>
#include <talloc.h>

enum { CODE_LETTERS = 8, CODE_TRIES = 5 };

static const int64_t twice_ms = 10 * SECOND_MS;

enum role role_of(const struct deal *d, int64_t person_id)
{
	if (person_id && person_id == d->buyer_id)
		return ROLE_BUYER;
	if (person_id && person_id == d->seller_id)
		return ROLE_SELLER;
	return ROLE_NOBODY;
}

struct event event_by_me(const struct turn *t, const struct deal_file *f, enum event_kind kind)
{
	return (struct event){.kind = kind, .role = role_of(&f->deal, t->me.id), .actor_id = t->me.id};
}

struct event event_by(enum role machine, enum event_kind kind)
{
	return (struct event){.kind = kind, .role = machine};
}

static bool post_transfers(struct turn *t, const struct outcome *o, const struct step_facts *facts)
{
	struct transfer transfers[DEAL_MAX_EFFECTS];
	const char *key = facts->key;
	size_t n = 0;

	for (size_t i = 0; i < o->n_effects; i++)
		if (o->effects[i].kind == EFFECT_TRANSFER)
			transfers[n++] = o->effects[i].transfer;
	if (!n)
		return true;
	if (!key)
		key = talloc_asprintf(t->ctx, "deal:%" PRId64 ":%" PRId64, o->deal.id, o->deal.version);
	return ledger_post(t->tx, key, o->deal.id, transfers, n, t->now_ms) == LEDGER_POSTED;
}

static void follow_effect(struct turn *t, struct deal_file *f, const struct effect *x, const struct step_facts *facts)
{
	switch (x->kind) {
	case EFFECT_TRANSFER:
		return; /* posted together */
	case EFFECT_TIMER:
		timer_set(t->tx, f->deal.id, x->timer, t->now_ms, x->due_ms, timer_reminds(x->timer) != 0);
		return;
	case EFFECT_STOP_TIMERS:
		timers_stop(t->tx, f->deal.id);
		return;
	case EFFECT_SHIFT_TIMERS:
		timers_shift(t->tx, f->deal.id, x->due_ms);
		return;
	case EFFECT_OPEN_PAYMENT:
		money_plan(t, f);
		return;
	case EFFECT_PAY_OUT:
		money_pay_out(t, f);
		return;
	case EFFECT_SEND_REFUND:
		money_refund(t, f, x->amount, facts->payment_id);
		return;
	case EFFECT_STRIKE:
		person_strike(t->tx, x->who == ROLE_BUYER ? f->deal.buyer_id : f->deal.seller_id);
		return;
	}
}

static void write_history(struct turn *t, const struct deal *before, const struct outcome *o, const struct event *e,
			  const struct step_facts *facts)
{
	history_add(t->tx, o->deal.id,
		    &(struct deal_history){.version = o->deal.version,
					   .row = o->row,
					   .event = e->kind,
					   .role = e->role,
					   .actor_id = e->actor_id,
					   .second_id = e->second_id,
					   .before = before->state,
					   .after = o->deal.state,
					   .amount = e->amount,
					   .note = facts->note ? facts->note : "",
					   .at_ms = t->now_ms});
}

/* Everything but the cards. On success *tell is what the row says about whom to tell. */
static enum refusal apply_one(struct turn *t, struct deal_file *f, const struct event *e,
			      const struct step_facts *facts, unsigned *tell_bits)
{
	struct deal before = f->deal;
	struct outcome o;

	deal_apply(&before, e, &t->house->policy, t->now_ms, &o);
	if (o.refusal != REFUSAL_NONE)
		return o.refusal;
	if (!deal_save(t->tx, &before, &o.deal, t->now_ms) || !post_transfers(t, &o, facts)) {
		t->failed = true;
		return REFUSAL_NOT_NOW;
	}
	f->deal = o.deal;
	f->changed_ms = t->now_ms;
	write_history(t, &before, &o, e, facts);
	*tell_bits |= o.tell;
	for (size_t i = 0; i < o.n_effects && !t->failed; i++)
		follow_effect(t, f, &o.effects[i], facts);
	return t->failed ? REFUSAL_NOT_NOW : REFUSAL_NONE;
}

enum refusal deal_step(struct turn *t, struct deal_file *f, const struct event *e, const struct step_facts *facts)
{
	static const struct step_facts none;
	unsigned tell_bits = 0;
	enum refusal r = apply_one(t, f, e, facts ? facts : &none, &tell_bits);

	/* Agreed by both: the payment is issued in the same breath (row 7). */
	if (r == REFUSAL_NONE && f->deal.state == DEAL_AGREED) {
		struct event issue = event_by(ROLE_SYSTEM, EVENT_ISSUE_PAYMENT);

		r = apply_one(t, f, &issue, &none, &tell_bits);
	}
	if (r == REFUSAL_NONE)
		deal_cards_draw(t, f, e, tell_bits);
	return r;
}

/* Pressed twice in a hurry: the first press did it, so the second needs no alarm. */
static bool just_done(struct turn *t, const struct deal_file *f, enum event_kind kind)
{
	struct deal_history last;

	return history_list(t->tx, t->ctx, f->deal.id, &last, 1) == 1 && last.event == kind &&
	       last.actor_id == t->me.id && t->now_ms - last.at_ms < twice_ms;
}

static void say_refusal(struct turn *t, const struct deal_file *f, enum event_kind kind, enum refusal why)
{
	if (t->update && t->update->kind == UPDATE_BUTTON && just_done(t, f, kind))
		t->toast = MINE_PLAIN(t, "refused.already");
	else
		refuse(t, why);
}

bool deal_try(struct turn *t, struct deal_file *f, enum event_kind kind, const char *note)
{
	struct event e = event_by_me(t, f, kind);
	enum refusal r = deal_step(t, f, &e, &(struct step_facts){.note = note});

	if (r == REFUSAL_NONE)
		return true;
	say_refusal(t, f, kind, r);
	if (e.role != ROLE_NOBODY)
		deal_card_redraw(t, f, e.role);
	return false;
}

bool deal_may(struct turn *t, const struct deal_file *f, enum event_kind kind)
{
	struct event e = event_by_me(t, f, kind);
	struct outcome o;

	e.evidence = 1; /* comes with the last press */
	deal_apply(&f->deal, &e, &t->house->policy, t->now_ms, &o);
	if (o.refusal != REFUSAL_NONE)
		say_refusal(t, f, kind, o.refusal);
	return o.refusal == REFUSAL_NONE;
}

void deal_terms_finish(const struct turn *t, struct deal_terms *terms, const char *title)
{
	terms->fee = fee_of(&t->house->fees, terms->price);
	terms_hash(terms, title);
}

bool deal_create(struct turn *t, enum role seat, const char *title, const struct deal_terms *wish, struct deal_file *f)
{
	struct deal_terms terms = *wish;
	struct event e = {.kind = EVENT_CREATE, .role = seat, .actor_id = t->me.id, .creator = seat, .terms = &terms};
	struct outcome o;

	emblem_ensure(t);
	deal_terms_finish(t, &terms, title);
	*f = (struct deal_file){.title = title,
				.tracking = "",
				.invited_name = "",
				.description = "",
				.album = "",
				.created_ms = t->now_ms,
				.changed_ms = t->now_ms};
	deal_apply(&f->deal, &e, &t->house->policy, t->now_ms, &o);
	if (o.refusal != REFUSAL_NONE) {
		refuse(t, o.refusal);
		return false;
	}
	f->deal = o.deal;
	for (int i = 0; i < CODE_TRIES && !f->deal.id; i++) {
		f->code = rnd_code(t->ctx, &t->house->rnd, CODE_LETTERS);
		f->deal.id = deal_insert(t->tx, f);
	}
	if (!f->deal.id) {
		t->failed = true;
		return false;
	}
	write_history(t, &(struct deal){.state = DEAL_NONE}, &(struct outcome){.deal = f->deal, .row = o.row}, &e,
		      &(struct step_facts){0});
	for (size_t i = 0; i < o.n_effects; i++)
		follow_effect(t, f, &o.effects[i], &(struct step_facts){0});
	return true;
}

bool deal_other(struct turn *t, const struct deal_file *f, enum role mine, struct person *out)
{
	int64_t other = mine == ROLE_BUYER ? f->deal.seller_id : f->deal.buyer_id;

	return other && person_by_id(t->tx, t->ctx, other, out);
}
