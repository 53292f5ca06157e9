/* What the service manager is told: that we are ready, that the loop goes round, that we are stopping. The protocol is
 * systemd's sd_notify(3): a datagram of lines to the socket that NOTIFY_SOCKET names. Without one nothing is said. */
#ifndef SEPAREX_NOTIFY_H
#define SEPAREX_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct notify {
	int fd; /* -1: nobody listens */
	int64_t every_ms; /* a quarter of WATCHDOG_USEC; 0: nobody waits for a sign of life */
	int64_t due_ms; /* of the next, on a clock that is never set */
};

/* Reads the environment. A socket that cannot be reached is one that is not there, with a warning. */
void notify_open(struct notify *n);

/* "READY=1", "STOPPING=1"; with more, a line each. False when it could not be said. */
bool notify_say(const struct notify *n, const char *lines);

/* To be called in every turn of the loop: says WATCHDOG=1 when it is time. steady_ms: never set back. */
void notify_alive(struct notify *n, int64_t steady_ms);

void notify_close(struct notify *n);

#endif
