/* A line between a test and its PostgreSQL server that breaks at the worst moment: around a COMMIT. It is a Unix socket
 * in the test's folder, served by a thread. */
#ifndef SEPAREX_PG_PROXY_H
#define SEPAREX_PG_PROXY_H

#include "store_fixture.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { PROXY_PORT = 6543, PROXY_BYTES = 65536 };

/* Each but the first breaks the line once, at the next COMMIT. */
enum pg_proxy_mood { PROXY_FAIR, PROXY_LOSES_COMMIT, PROXY_LOSES_ANSWER };

struct pg_proxy {
	int listener;
	struct sockaddr_un server;
	atomic_int mood, broken; /* how often it broke */
};

static inline int proxy_dial(const struct pg_proxy *p)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&p->server, sizeof p->server)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Passes on what came; false when the line is over. */
static inline bool proxy_pass(int from, int to, char *bytes, ssize_t *n)
{
	*n = recv(from, bytes, PROXY_BYTES - 1, 0);
	if (*n <= 0)
		return false;
	bytes[*n] = '\0';
	return to < 0 || send(to, bytes, (size_t)*n, MSG_NOSIGNAL) == *n;
}

/* What the client sends. A simple query is 'Q', four bytes of length, the text. */
static inline bool proxy_forward(struct pg_proxy *p, int client, int server)
{
	static char bytes[PROXY_BYTES];
	ssize_t n;
	bool commit;

	if (!proxy_pass(client, -1, bytes, &n))
		return false;
	commit = n >= 11 && bytes[0] == 'Q' && !strcmp(bytes + 5, "COMMIT");
	if (commit && atomic_load(&p->mood) == PROXY_LOSES_COMMIT) {
		atomic_store(&p->mood, PROXY_FAIR);
		atomic_fetch_add(&p->broken, 1);
		return false;
	}
	if (send(server, bytes, (size_t)n, MSG_NOSIGNAL) != n)
		return false;
	if (commit && atomic_load(&p->mood) == PROXY_LOSES_ANSWER) {
		proxy_pass(server, -1, bytes, &n); /* the server has done it */
		atomic_store(&p->mood, PROXY_FAIR);
		atomic_fetch_add(&p->broken, 1);
		return false;
	}
	return true;
}

static inline void proxy_serve(struct pg_proxy *p, int client)
{
	int server = proxy_dial(p);
	static char bytes[PROXY_BYTES];
	struct pollfd fds[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
	bool good = server >= 0;
	ssize_t n;

	while (good && poll(fds, 2, -1) > 0) {
		if (fds[0].revents)
			good = proxy_forward(p, client, server);
		if (good && fds[1].revents)
			good = proxy_pass(server, client, bytes, &n);
	}
	if (server >= 0)
		close(server);
	close(client);
}

/* One connection at a time is enough. */
static inline void *proxy_run(void *arg)
{
	struct pg_proxy *p = arg;
	int client;

	while ((client = accept(p->listener, NULL, NULL)) >= 0)
		proxy_serve(p, client);
	return NULL;
}

static inline void proxy_name(struct sockaddr_un *a, const char *in, int port)
{
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	ck_assert_int_lt(snprintf(a->sun_path, sizeof a->sun_path, "%.80s/.s.PGSQL.%d", in, port),
			 (int)sizeof a->sun_path);
}

/* The URL of a database by way of the proxy; it lives until the test's process ends. */
static inline char *proxy_start(struct pg_proxy *p, const char *database)
{
	const char *host = strstr(postgres_server(), "host="), *port = strstr(postgres_server(), "port=");
	struct sockaddr_un here;
	char *server, *url;
	pthread_t thread;

	ck_assert(host && port);
	server = talloc_strndup(NULL, host + 5, strcspn(host + 5, "&"));
	proxy_name(&p->server, server, (int)strtol(port + 5, NULL, 10));
	talloc_free(server);
	proxy_name(&here, folder, PROXY_PORT);
	unlink(here.sun_path);
	p->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(p->listener, (const struct sockaddr *)&here, sizeof here), 0);
	ck_assert_int_eq(listen(p->listener, 8), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, proxy_run, p), 0);
	url = talloc_asprintf(NULL, "postgres:///%s?host=%s&port=%d&user=postgres", database, folder, (int)PROXY_PORT);
	return url;
}

#endif
