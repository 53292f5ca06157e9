/* "127.0.0.1:8088" to a listening socket: see net_listen.h. */
#include "net_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool read_port(const char *s, in_port_t *out)
{
	unsigned v = 0;

	if (!*s || strlen(s) > 5)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		v = v * 10 + (unsigned)(*s - '0');
	}
	if (v > UINT16_MAX)
		return false;
	*out = htons((uint16_t)v);
	return true;
}

static bool read_address(const char *text, union address *a)
{
	const char *colon = strrchr(text, ':');
	char host[INET6_ADDRSTRLEN + 2];
	size_t n = colon ? (size_t)(colon - text) : 0;
	in_port_t port;

	if (n < 2 || n >= sizeof host || !read_port(colon + 1, &port))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	*a = (union address){0};
	if (host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = port;
		return inet_pton(AF_INET6, host + 1, &a->v6.sin6_addr) == 1;
	}
	a->v4.sin_family = AF_INET;
	a->v4.sin_port = port;
	return inet_pton(AF_INET, host, &a->v4.sin_addr) == 1;
}

static socklen_t size_of(const union address *a)
{
	return a->any.sa_family == AF_INET6 ? sizeof a->v6 : sizeof a->v4;
}

static bool is_loopback(const union address *a)
{
	if (a->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr);
	return ntohl(a->v4.sin_addr.s_addr) >> 24 == 127;
}

static bool failed(const char *text, struct err *e)
{
	switch (errno) {
	case EADDRINUSE:
		return err_set(e, "cannot listen on %s: another program uses this port; end it or choose another port",
			       text);
	case EACCES:
		return err_set(e, "cannot listen on %s: ports below 1024 need a privilege; choose a higher one", text);
	case EADDRNOTAVAIL:
		return err_set(e, "cannot listen on %s: this machine does not have that address", text);
	}
	return err_set(e, "cannot listen on %s: %s", text, strerror(errno));
}

static bool listen_on(int fd, union address *a)
{
	socklen_t n = size_of(a);
	int one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (a->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	return bind(fd, &a->any, n) == 0 && listen(fd, SOMAXCONN) == 0 && getsockname(fd, &a->any, &n) == 0;
}

bool net_listen_open(const char *text, struct net_listen *out, struct err *e)
{
	union address a;

	if (!read_address(text, &a))
		return err_set(e, "cannot listen on \"%s\": write it as 127.0.0.1:8088 or [::1]:8088", text);
	out->fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (out->fd < 0)
		return failed(text, e);
	if (!listen_on(out->fd, &a)) {
		failed(text, e);
		close(out->fd);
		return false;
	}
	out->port = ntohs(a.any.sa_family == AF_INET6 ? a.v6.sin6_port : a.v4.sin_port);
	out->loopback = is_loopback(&a);
	return true;
}
