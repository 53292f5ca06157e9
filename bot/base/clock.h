/* Wall time as a value. The loop asks once a step and hands `now_ms` down; nobody below asks again. */
#ifndef SEPAREX_CLOCK_H
#define SEPAREX_CLOCK_H

#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* A source of time: milliseconds since 1970-01-01 UTC. `ahead_ms` is what the sandbox's clock adds; 0 in production. */
struct clock {
	int64_t (*read_ms)(void *arg);
	void *arg;
	int64_t ahead_ms;
	int64_t (*steady_ms)(void *arg); /* from any beginning, and never set back; NULL: there is none */
};

/* The machine's own clock. */
struct clock clock_system(void);

int64_t clock_now_ms(const struct clock *c);

/* Time that does not go back and never stands still, out of one that may be set: while the clock says less than was
 * said before, because it was set back by no more than an hour, time goes on at half its speed until the clock has
 * caught up. What was set back by more was wrong before, and is followed. Starts as zeros. */
struct clock_line {
	int64_t latest_ms, steady_ms;
};
int64_t clock_line_ms(struct clock_line *l, const struct clock *c);

#endif
