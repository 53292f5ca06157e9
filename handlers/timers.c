/* Clocks of deals: see timers.h. */
#include "timers.h"
#include "clock.h"

#include "deal_card.h"
#include "deal_public.h"
#include "deal_step.h"
#include "log.h"
#include <inttypes.h>

/* A frozen deal's clocks stand still; they are looked at again now and then, and moved when it is released (row 51). */
static const int64_t frozen_look_ms = HOUR_MS;

static void end_of_clock(struct turn *t, struct deal_file *f, const struct deal_timer *timer)
{
	struct event e = event_by(ROLE_TIMER, timer_event(timer->kind));
	enum refusal r = deal_step(t, f, &e, NULL);

	if (r == REFUSAL_NONE) {
		struct deal_timer same;

		/* A row that neither left the state nor set this clock again must not find it due for ever. */
		if (timer_get(t->tx, timer->deal_id, timer->kind, &same) && same.next_ms == timer->next_ms)
			timer_set(t->tx, timer->deal_id, timer->kind, t->now_ms, 0, false);
		return;
	}
	if (t->failed)
		return;
	/* What the clock was for has been settled otherwise (the buyer answered, the proof came). */
	log_debug("deal %" PRId64 ": clock %d ended without effect, refusal %d", timer->deal_id, (int)timer->kind,
		  (int)r);
	timer_set(t->tx, timer->deal_id, timer->kind, t->now_ms, 0, false);
}

void timer_fire(struct turn *t, const struct deal_timer *timer)
{
	struct deal_file f;

	if (!deal_by_id(t->tx, t->ctx, timer->deal_id, &f)) {
		t->failed = true;
		return;
	}
	if (f.deal.frozen) {
		timer_stage(t->tx, timer, timer->stage, t->now_ms + frozen_look_ms);
		return;
	}
	if (t->now_ms >= timer->due_ms) {
		end_of_clock(t, &f, timer);
		return;
	}
	t->bulk = true;
	timer_stage(t->tx, timer, timer->stage + 1, 0);
	deal_card_remind(t, &f, timer_reminds(timer->kind), timer->due_ms - t->now_ms);
}

void timer_redraw(struct turn *t, int64_t deal_id)
{
	struct deal_file f;

	if (!deal_by_id(t->tx, t->ctx, deal_id, &f))
		return;
	t->bulk = true;
	deal_card_redraw(t, &f, ROLE_BUYER);
	deal_card_redraw(t, &f, ROLE_SELLER);
	deal_public_redraw(t, &f);
}
