/* Connections of our server that owe us something: a request that has begun or not, or the reading of a reply. Each may
 * owe for a limited time, however busily it drips, and when there is hardly room for another the one that owes longest
 * goes: so slow peers never keep others out. */
#ifndef SEPAREX_HTTP_SLOW_H
#define SEPAREX_HTTP_SLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct http_slow {
	TAILQ_ENTRY(http_slow) link; /* in http_slow_list.owing while it owes */
	int fd;
	int64_t since_ms;
	bool owes;
	bool ended;
};

TAILQ_HEAD(http_slow_head, http_slow);

struct http_slow_list {
	struct http_slow_head owing; /* longest first */
	size_t open; /* connections, whether they owe or not, that were not ended */
	size_t most; /* of them */
	int64_t limit_ms;
};

void http_slow_begin(struct http_slow_list *l, size_t most, int64_t limit_ms);

/* A connection with socket `fd` came, and owes from now on. Freed by http_slow_closed. */
struct http_slow *http_slow_opened(struct http_slow_list *l, int fd, int64_t now_ms);
void http_slow_closed(struct http_slow_list *l, struct http_slow *s);

/* It owes from now on, anew; and: it does not, since the next word is ours. */
void http_slow_owes(struct http_slow_list *l, struct http_slow *s, int64_t now_ms);
void http_slow_owes_nothing(struct http_slow_list *l, struct http_slow *s);

/* Ends what owed for too long and what is too many: their sockets are shut down, whoever polls them sees the end. */
void http_slow_end(struct http_slow_list *l, int64_t now_ms);

/* In how many ms the next one has owed for too long; `most_ms` when that is sooner. */
int64_t http_slow_wait_ms(const struct http_slow_list *l, int64_t now_ms, int64_t most_ms);

#endif
