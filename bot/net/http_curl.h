/* Requests to others, over libcurl's multi interface: HTTP/1.1 with keep-alive. */
#ifndef SEPAREX_HTTP_CURL_H
#define SEPAREX_HTTP_CURL_H

#include "err.h"
#include "net.h"
#include "net_events.h"

#include <curl/curl.h>

struct http_curl;

/* All times are milliseconds of one monotonic clock, handed in. NULL and `e` when the options are wrong. */
struct http_curl *http_curl_new(void *ctx, const struct net_options *o, struct net_events *events, struct err *e);

/* Starts a request; one answer event for `id` will be pushed, perhaps at once. */
void http_curl_submit(struct http_curl *c, uint64_t id, const struct http_request *r, int64_t now_ms);

/* Ends a request now; an id that is not under way is ignored. */
void http_curl_cancel(struct http_curl *c, uint64_t id);

/* Moves all transfers as far as they go without waiting, and ends those whose time is over. */
void http_curl_step(struct http_curl *c, int64_t now_ms);

/* When the first request's time is over, INT64_MAX when none is under way. */
int64_t http_curl_due_ms(const struct http_curl *c);

/* Waits until a transfer or one of `fds` has something, or `ms` passed. */
void http_curl_poll(struct http_curl *c, struct curl_waitfd *fds, unsigned n, int ms);

/* See net_drop_connections. */
void http_curl_drop_connections(struct http_curl *c, int64_t now_ms);

#endif
