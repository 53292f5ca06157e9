/* Wall time: see clock.h. The only file that asks the machine for the time (beside the log's stamp). */
#include "clock.h"

#include <stddef.h>
#include <time.h>

static const int64_t longest_step_back_ms = HOUR_MS;

static int64_t ms_of(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

static int64_t system_ms(void *arg)
{
	(void)arg;
	return ms_of(CLOCK_REALTIME);
}

static int64_t system_steady_ms(void *arg)
{
	(void)arg;
	return ms_of(CLOCK_BOOTTIME);
}

struct clock clock_system(void)
{
	return (struct clock){.read_ms = system_ms, .steady_ms = system_steady_ms};
}

int64_t clock_now_ms(const struct clock *c)
{
	return c->read_ms(c->arg) + c->ahead_ms;
}

int64_t clock_line_ms(struct clock_line *l, const struct clock *c)
{
	int64_t now_ms = clock_now_ms(c), steady_ms = c->steady_ms ? c->steady_ms(c->arg) : 0;
	int64_t gone_ms = (steady_ms - l->steady_ms) / 2;

	if (now_ms >= l->latest_ms || l->latest_ms - now_ms > longest_step_back_ms) {
		*l = (struct clock_line){now_ms, steady_ms};
	} else if (gone_ms > 0) {
		l->latest_ms += gone_ms;
		l->steady_ms += 2 * gone_ms;
	}
	return l->latest_ms;
}
