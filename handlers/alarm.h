/* What the operators' group is told when something is wrong with the house itself: once when it begins, again while it
 * lasts, and when it is over. What is wrong is found by bot/app/watch.c. */
#ifndef SEPAREX_ALARM_H
#define SEPAREX_ALARM_H

#include "turn.h"

enum alarm {
	ALARM_QUEUE, /* messages wait too long */
	ALARM_DEAD, /* work was given up since it was last said; never "over" */
	ALARM_BANK, /* a gateway does not answer */
	ALARM_POLL, /* nothing is heard from people */
	ALARM_DISK, /* little room is left */
	ALARM_BOOKS, /* what is held is not what is owed and ours */
	ALARM_AUDIT, /* the nightly audit found something, or could not be made */
	ALARMS
};

/* How things are at a moment. */
struct alarm_state {
	bool on;
	int64_t n; /* ALARM_QUEUE, ALARM_POLL: for how long, in ms; ALARM_DEAD: how many; ALARM_AUDIT: how many, -1 when
		      nobody could look; ALARM_DISK: megabytes */
	const char *what; /* ALARM_BANK: which gateways; ALARM_AUDIT: the first lines; else "" */
};

/* What was said last: when, 0 for nothing or that it is over; and how many had been given up then. */
struct alarm_said {
	int64_t ms;
	int64_t n;
};
struct alarm_said alarm_said(struct db_tx *tx, enum alarm which);

/* Whether something is to be said now. */
bool alarm_due(enum alarm which, const struct alarm_state *now, const struct alarm_said *said, int64_t now_ms);

/* Says it, and notes that it was said. Without an operators' group it is only noted. */
void alarm_say(struct turn *t, enum alarm which, const struct alarm_state *now, struct alarm_said *said);

#endif
