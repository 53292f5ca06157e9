/* Telling the service manager: see notify.h. */
#include "notify.h"

#include "log.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Microseconds as text, in ms; 0 when it is none, or meant for another process (WATCHDOG_PID). */
static int64_t watchdog_ms(void)
{
	const char *text = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	char *end;
	long long us;

	if (!text || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	errno = 0;
	us = strtoll(text, &end, 10);
	return errno || *end || us < 0 ? 0 : us / 1000;
}

/* A path, or with "@" a name that is in no folder. */
static bool connect_to(int fd, const char *where)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(where);

	if ((*where != '/' && *where != '@') || n >= sizeof to.sun_path)
		return false;
	memcpy(to.sun_path, where, n);
	if (*where == '@')
		to.sun_path[0] = '\0';
	return !connect(fd, (const struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

void notify_open(struct notify *n)
{
	const char *where = getenv("NOTIFY_SOCKET");

	*n = (struct notify){.fd = -1};
	if (!where)
		return;
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (n->fd < 0 || !connect_to(n->fd, where)) {
		log_warn("the service manager's socket cannot be reached (%s)", strerror(errno));
		notify_close(n);
		return;
	}
	n->every_ms = watchdog_ms() / 4;
}

bool notify_say(const struct notify *n, const char *lines)
{
	return n->fd >= 0 && send(n->fd, lines, strlen(lines), MSG_NOSIGNAL) >= 0;
}

void notify_alive(struct notify *n, int64_t steady_ms)
{
	if (n->fd < 0 || !n->every_ms || steady_ms < n->due_ms)
		return;
	if (notify_say(n, "WATCHDOG=1"))
		n->due_ms = steady_ms + n->every_ms;
}

void notify_close(struct notify *n)
{
	if (n->fd >= 0)
		close(n->fd);
	n->fd = -1;
}
