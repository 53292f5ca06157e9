/* Peers that drip: see http_slow.h. */
#include "http_slow.h"

#include "log.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <talloc.h>

void http_slow_begin(struct http_slow_list *l, size_t most, int64_t limit_ms)
{
	TAILQ_INIT(&l->owing);
	l->most = most;
	l->limit_ms = limit_ms;
}

struct http_slow *http_slow_opened(struct http_slow_list *l, int fd, int64_t now_ms)
{
	struct http_slow *s = talloc_zero(NULL, struct http_slow);

	if (!s)
		abort();
	s->fd = fd;
	l->open++;
	http_slow_owes(l, s, now_ms);
	return s;
}

void http_slow_owes_nothing(struct http_slow_list *l, struct http_slow *s)
{
	if (s->owes)
		TAILQ_REMOVE(&l->owing, s, link);
	s->owes = false;
}

void http_slow_owes(struct http_slow_list *l, struct http_slow *s, int64_t now_ms)
{
	http_slow_owes_nothing(l, s);
	if (s->ended)
		return;
	s->owes = true;
	s->since_ms = now_ms;
	TAILQ_INSERT_TAIL(&l->owing, s, link);
}

void http_slow_closed(struct http_slow_list *l, struct http_slow *s)
{
	http_slow_owes_nothing(l, s);
	if (!s->ended)
		l->open--;
	talloc_free(s);
}

static void end(struct http_slow_list *l, struct http_slow *s)
{
	http_slow_owes_nothing(l, s);
	s->ended = true;
	l->open--;
	shutdown(s->fd, SHUT_RDWR);
}

void http_slow_end(struct http_slow_list *l, int64_t now_ms)
{
	struct http_slow *s;

	while ((s = TAILQ_FIRST(&l->owing)) && (l->open > l->most || now_ms - s->since_ms >= l->limit_ms)) {
		log_debug("net: a connection that owed for %lld ms is ended, %zu are open",
			  (long long)(now_ms - s->since_ms), l->open);
		end(l, s);
	}
}

int64_t http_slow_wait_ms(const struct http_slow_list *l, int64_t now_ms, int64_t most_ms)
{
	const struct http_slow *s = TAILQ_FIRST(&l->owing);
	int64_t ms = s ? s->since_ms + l->limit_ms - now_ms : most_ms;

	return ms < 0 ? 0 : ms < most_ms ? ms : most_ms;
}
