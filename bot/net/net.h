/* The one place where the program waits: HTTP requests out (libcurl), HTTP requests in (libmicrohttpd), and signals,
 * all in one thread behind the interface of port/http.h. */
#ifndef SEPAREX_NET_H
#define SEPAREX_NET_H

#include "err.h"
#include "http.h"

#include <stddef.h>
#include <stdint.h>

struct net;

/* Read once by net_new and copied. */
struct net_options {
	/* Where our own server listens: "127.0.0.1:8088", "[::1]:8088", "0.0.0.0:8088"; port 0 takes a free one.
	 * "" or NULL: no server. Addresses are numeric. */
	const char *listen;
	/* How long a peer may take for its request, and again for reading the reply; 0: 20 s. */
	int64_t request_ms;
	/* For requests with `proxied`: "http://", "https://", "socks5://", "socks5h://" or "socks4a://", each
	 * [user:password@]host:port. The first is used until it fails, then the next, round and round. None: direct. */
	const char *const *proxies;
	size_t n_proxies;
	const char *user_agent; /* NULL: none is sent */
	const char *ca_file; /* PEM file of trusted authorities, NULL for the system's */
};

/* Starts listening, takes SIGTERM and SIGINT over (they become HTTP_EVENT_STOP; the former mask comes back when the
 * result is freed) and ignores SIGPIPE. At most one at a time in a process. Freed with ctx, which closes every
 * connection; requests under way get no event then. NULL and `e` when the options are wrong or the port is taken. */
struct net *net_new(void *ctx, const struct net_options *options, struct err *e);

/* The interface to everything above; lives as long as `net`.
 *
 * At most 512 requests are under way; one more ends at once as HTTP_UNSENT. At most 12 connections to one host and 64
 * in all; further requests wait for one, which counts as their time. Proxies and certificates are checked as the
 * request says; redirects are never followed. A server that listens on a loopback address is taken to stand behind a
 * reverse proxy: there the limit of 20 connections a peer does not apply. Of more than 180 connections the one that
 * owes its request longest is closed. An exchange that nobody replies to within 60 s is answered with 503. */
struct http_port *net_port(struct net *net);

/* The port our server really listens on, 0 when there is none. */
uint16_t net_listen_port(const struct net *net);

/* For the watchdog of a silently dead path: no request from now on uses a connection opened before this call.
 * Requests under way go on. */
void net_drop_connections(struct net *net);

#endif
