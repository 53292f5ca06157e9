/* The other side for test_net.c: a server on loopback, one thread a connection, that answers, lies and hangs up as the
 * path says. It is also an HTTP proxy (any request line with a whole address) and a SOCKS5 proxy that refuses. */
#ifndef SEPAREX_NET_PEER_H
#define SEPAREX_NET_PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEER_INPUT_MAX = 256 * 1024 };

struct peer {
	int fd;
	uint16_t port;
	atomic_int connections, requests;
};

struct peer_talk {
	struct peer *peer;
	int fd, served;
	size_t len;
	char in[PEER_INPUT_MAX];
};

/* An address on loopback that nobody serves: bound, so no one else can take it, and not listening. */
static inline int peer_bind(uint16_t *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) != 0 || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		abort();
	*port = ntohs(a.sin_port);
	return fd;
}

static inline void peer_send(struct peer_talk *t, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = send(t->fd, bytes, n, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		bytes += sent;
		n -= (size_t)sent;
	}
}

static inline void peer_say(struct peer_talk *t, const char *text)
{
	peer_send(t, text, strlen(text));
}

static inline bool peer_ok(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	return true;
}

static inline bool peer_echo(struct peer_talk *t)
{
	char head[80];

	snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", t->len);
	peer_say(t, head);
	peer_send(t, t->in, t->len);
	return true;
}

static inline bool peer_cut(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
	return false;
}

static inline bool peer_empty(struct peer_talk *t)
{
	(void)t;
	return false;
}

/* Answers the first request of a connection, hangs up on the second one. */
static inline bool peer_second(struct peer_talk *t)
{
	return t->served ? false : peer_ok(t);
}

static inline bool peer_bye(struct peer_talk *t)
{
	peer_ok(t);
	return false;
}

static inline bool peer_hold(struct peer_talk *t)
{
	char c;

	return recv(t->fd, &c, 1, 0) > 0;
}

static inline bool peer_slow_down(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nX-Separex-Clock-Ahead-Ms: 86400000\r\n"
		    "Content-Length: 2\r\n\r\n{}");
	return true;
}

static inline bool peer_date(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 503 No\r\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n");
	return true;
}

static inline bool peer_hint(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\n");
	return peer_ok(t);
}

static inline bool peer_headers(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 80; i++) {
		char line[1024];

		snprintf(line, sizeof line, "X-%d: %0900d\r\n", i, i);
		peer_say(t, line);
	}
	peer_say(t, "Content-Length: 0\r\n\r\n");
	return true;
}

static inline bool peer_auth(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
	return true;
}

static inline bool peer_redirect(struct peer_talk *t)
{
	peer_say(t, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
	return true;
}

static const struct {
	const char *path;
	bool (*serve)(struct peer_talk *t);
} peer_paths[] = {
	{"/ok", peer_ok},           {"/echo", peer_echo},     {"/cut", peer_cut},   {"/empty", peer_empty},
	{"/bye", peer_bye},         {"/second", peer_second}, {"/hold", peer_hold}, {"/slow-down", peer_slow_down},
	{"/date", peer_date},       {"/hint", peer_hint},     {"/auth", peer_auth}, {"/redirect", peer_redirect},
	{"/headers", peer_headers},
};

/* "GET /ok HTTP/1.1" or, to a proxy, "GET http://host/ok HTTP/1.1". */
static inline bool peer_serve(struct peer_talk *t)
{
	char target[256] = "", *path = target, *host;

	if (strncmp(t->in, "CONNECT ", 8) == 0) {
		peer_say(t, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
		return false;
	}
	sscanf(t->in, "%*s %255s", target);
	host = strstr(target, "://");
	if (host)
		path = strchr(host + 3, '/');
	for (size_t i = 0; path && i < sizeof peer_paths / sizeof peer_paths[0]; i++) {
		if (strcmp(path, peer_paths[i].path) == 0)
			return peer_paths[i].serve(t);
	}
	return false;
}

/* Reads one whole request with its body (Content-Length only). */
static inline bool peer_read(struct peer_talk *t)
{
	size_t want = 0;

	t->len = 0;
	for (;;) {
		ssize_t got = recv(t->fd, t->in + t->len, sizeof t->in - t->len - 1, 0);
		char *end, *length;

		if (got <= 0)
			return false;
		t->len += (size_t)got;
		t->in[t->len] = '\0';
		if (t->in[0] < 0x20)
			return true; /* SOCKS or TLS */
		end = strstr(t->in, "\r\n\r\n");
		if (!end)
			continue;
		length = strcasestr(t->in, "\r\nContent-Length:");
		want = (size_t)(end - t->in) + 4 + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
		if (t->len >= want)
			return true;
	}
}

static inline void peer_socks(struct peer_talk *t)
{
	static const char refused[] = {5, 2, 0, 1, 0, 0, 0, 0, 0, 0};

	peer_send(t, "\x05\x00", 2);
	if (!peer_read(t) || t->len < 5 || t->in[3] != 3) /* 3: a name, which socks5h leaves to the proxy */
		abort();
	peer_send(t, refused, sizeof refused);
}

static inline void *peer_talk_run(void *arg)
{
	struct peer_talk *t = arg;

	while (peer_read(t)) {
		if (t->in[0] == 0x05)
			peer_socks(t);
		if (t->in[0] < 0x20)
			break;
		t->peer->requests++;
		if (!peer_serve(t))
			break;
		t->served++;
	}
	close(t->fd);
	free(t);
	return NULL;
}

static inline void peer_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, arg) != 0 || pthread_detach(thread) != 0)
		abort();
}

static inline void *peer_accept_run(void *arg)
{
	struct peer *p = arg;

	for (;;) {
		struct peer_talk *t = calloc(1, sizeof *t);

		if (!t)
			abort();
		t->peer = p;
		t->fd = accept(p->fd, NULL, NULL);
		if (t->fd < 0)
			abort();
		p->connections++;
		peer_thread(peer_talk_run, t);
	}
	return NULL;
}

static inline void peer_start(struct peer *p)
{
	p->fd = peer_bind(&p->port);
	if (listen(p->fd, 512) != 0)
		abort();
	peer_thread(peer_accept_run, p);
}

#endif
