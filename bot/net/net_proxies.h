/* The list of proxies and which one is used now. */
#ifndef SEPAREX_NET_PROXIES_H
#define SEPAREX_NET_PROXIES_H

#include "err.h"
#include "http.h"

enum { NET_PROXIES_MAX = 16, NET_PROXY_NONE = -1 };

struct net_proxies;

/* Copies and checks the list (see net.h). NULL and `e` when an address is wrong; `e` names its place in the list, never
 * its text, which may hold a password. */
struct net_proxies *net_proxies_new(const void *ctx, const char *const *urls, size_t n, struct err *e);

/* The one to use for a new request, NET_PROXY_NONE when the list is empty. */
int net_proxies_current(const struct net_proxies *p);

const char *net_proxies_url(const struct net_proxies *p, int i);

/* True when proxy `i` speaks HTTP, so that it can answer in the place of the other side. */
bool net_proxies_speaks_http(const struct net_proxies *p, int i);

/* What became of a request through proxy `i`. After HTTP_UNSENT, or 3 HTTP_BROKEN in a row, the next one is used. An
 * outcome of a proxy that is no longer the current one changes nothing: one fall makes one move. */
void net_proxies_outcome(struct net_proxies *p, int i, enum http_result r);

#endif
