/* Payouts that wait too long: see payout_watch.h. */
#include "payout_watch.h"

#include "clock.h"
#include "repo_inbox.h"
#include "repo_settlement.h"
#include "tell.h"
#include <talloc.h>

/* A batch is made before the next cycle but one; a bank's word comes some time after the cycle. */
static const int64_t file_waits_ms = 2 * HOUR_MS, word_waits_ms = 3 * HOUR_MS, again_ms = 4 * HOUR_MS;
static const char last_said[] = "payout_watch";

/* By when the bank's word on what left at that moment should be here. */
static int64_t word_by_ms(const struct turn *t, int64_t left_ms)
{
	if (t->house->counts_cycles)
		return bank_cycle_after(&t->house->calendar, left_ms) + word_waits_ms;
	return left_ms + t->house->payout_max_ms;
}

static void to_staff(struct turn *t, const char *text)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat, .text = text};

	tell(t, &m, LANE_NOTICE);
}

void payout_watch(struct turn *t)
{
	struct person house = {.language = t->house->language};
	struct waiting file = settlements_waiting(t->tx, SETTLEMENT_QUEUED, RAIL_FILE);
	struct waiting sent = settlements_waiting(t->tx, SETTLEMENT_SENT, NULL);
	bool forgotten = file.n && t->now_ms - file.since_ms > file_waits_ms;
	bool unheard = sent.n && t->now_ms > word_by_ms(t, sent.since_ms);

	if (!t->house->staff_chat || (!forgotten && !unheard) ||
	    t->now_ms - fact_number(t->tx, last_said, 0) < again_ms)
		return;
	if (forgotten)
		to_staff(t, THEIRS(t, &house, "books.wait_for_file", ARG_INT("n", file.n),
				   ARG_SPAN("age", t->now_ms - file.since_ms)));
	if (unheard)
		to_staff(t, THEIRS(t, &house, "books.wait_for_word", ARG_INT("n", sent.n),
				   ARG_SPAN("age", t->now_ms - sent.since_ms)));
	fact_set(t->tx, last_said, t->now_ms, "");
}
