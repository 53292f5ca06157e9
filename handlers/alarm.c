/* Alarms of the house: see alarm.h. */
#include "alarm.h"

#include "clock.h"
#include "repo_inbox.h"
#include "tell.h"
#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>

static const int64_t again_ms = 6 * HOUR_MS;

static const struct {
	const char *fact, *begins, *over;
} alarms[ALARMS] = {
	[ALARM_QUEUE] = {"alarm:queue", "alarm.queue", "alarm.queue_over"},
	[ALARM_DEAD] = {"alarm:dead", "alarm.dead", NULL},
	[ALARM_BANK] = {"alarm:bank", "alarm.bank", "alarm.bank_over"},
	[ALARM_POLL] = {"alarm:poll", "alarm.poll", "alarm.poll_over"},
	[ALARM_DISK] = {"alarm:disk", "alarm.disk", "alarm.disk_over"},
	[ALARM_BOOKS] = {"alarm:books", "alarm.books", "alarm.books_over"},
	[ALARM_AUDIT] = {"alarm:audit", "alarm.audit", "alarm.audit_over"},
};

struct alarm_said alarm_said(struct db_tx *tx, enum alarm which)
{
	void *ctx = talloc_new(NULL);
	struct alarm_said said = {.ms = fact_number(tx, alarms[which].fact, 0),
				  .n = strtoll(fact_text(tx, ctx, alarms[which].fact, "0"), NULL, 10)};

	talloc_free(ctx);
	return said;
}

bool alarm_due(enum alarm which, const struct alarm_state *now, const struct alarm_said *said, int64_t now_ms)
{
	if (which == ALARM_DEAD)
		return now->n > said->n;
	if (!now->on)
		return said->ms != 0;
	return !said->ms || now_ms - said->ms >= again_ms;
}

static const char *words(struct turn *t, enum alarm which, const struct alarm_state *now, const struct alarm_said *said)
{
	const struct person house = {.language = t->house->language};
	bool over = alarms[which].over && !now->on;
	int64_t n = which == ALARM_DEAD ? now->n - said->n : now->n;
	const char *begins = which == ALARM_AUDIT && n < 0 ? "alarm.audit_failed" : alarms[which].begins;

	return THEIRS(t, &house, over ? alarms[which].over : begins, ARG_INT("n", n),
		      ARG_SPAN("age", which == ALARM_QUEUE || which == ALARM_POLL ? n : 0),
		      ARG_CODE("what", now->what ? now->what : ""));
}

void alarm_say(struct turn *t, enum alarm which, const struct alarm_state *now, struct alarm_said *said)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = t->house->staff_chat};
	char n[24];

	if (m.chat_id) {
		m.text = words(t, which, now, said);
		tell(t, &m, LANE_NOTICE);
	}
	*said = (struct alarm_said){.ms = now->on ? t->now_ms : 0, .n = now->n};
	snprintf(n, sizeof n, "%lld", (long long)said->n);
	fact_set(t->tx, alarms[which].fact, said->ms, n);
}
