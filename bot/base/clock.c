/* Wall time: see clock.h. The only file that asks the machine for the time (beside the log's stamp). */
#include "clock.h"

#include <stddef.h>
#include <time.h>

static int64_t system_ms(void *arg)
{
	struct timespec ts;

	(void)arg;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

struct clock clock_system(void)
{
	return (struct clock){.read_ms = system_ms, .arg = NULL, .ahead_ms = 0};
}

int64_t clock_now_ms(const struct clock *c)
{
	return c->read_ms(c->arg) + c->ahead_ms;
}
