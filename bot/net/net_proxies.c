/* Proxies with fail-over: see net_proxies.h. */
#include "net_proxies.h"

#include "log.h"

#include <assert.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { BROKEN_IN_A_ROW = 3 };

struct net_proxies {
	char *url[NET_PROXIES_MAX];
	bool http[NET_PROXIES_MAX];
	int n, current;
	int broken; /* in a row, through the current one */
};

static const struct {
	const char *scheme;
	bool http;
} known[] = {
	{"http", true}, {"https", true}, {"socks5", false}, {"socks5h", false}, {"socks4a", false},
};

static bool known_scheme(const char *scheme, bool *http)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].scheme, scheme) == 0) {
			*http = known[i].http;
			return true;
		}
	}
	return false;
}

static bool check(const char *url, bool *http)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL;
	bool ok;

	if (!u)
		abort();
	ok = curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	     curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	     curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK && known_scheme(scheme, http);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return ok;
}

static bool add(struct net_proxies *p, const char *url, struct err *e)
{
	if (p->n == NET_PROXIES_MAX)
		return err_set(e, "more than %d proxies", NET_PROXIES_MAX);
	if (!check(url, &p->http[p->n]))
		return err_set(e,
			       "proxy %d of the list is no address such as http://host:port or socks5h://host:port "
			       "(known: http, https, socks5, socks5h, socks4a)",
			       p->n + 1);
	p->url[p->n] = talloc_strdup(p, url);
	if (!p->url[p->n++])
		abort();
	return true;
}

struct net_proxies *net_proxies_new(const void *ctx, const char *const *urls, size_t n, struct err *e)
{
	struct net_proxies *p = talloc_zero(ctx, struct net_proxies);

	if (!p)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (!add(p, urls[i], e)) {
			talloc_free(p);
			return NULL;
		}
	}
	return p;
}

int net_proxies_current(const struct net_proxies *p)
{
	return p->n ? p->current : NET_PROXY_NONE;
}

const char *net_proxies_url(const struct net_proxies *p, int i)
{
	assert(i >= 0 && i < p->n);
	return p->url[i];
}

bool net_proxies_speaks_http(const struct net_proxies *p, int i)
{
	return i != NET_PROXY_NONE && p->http[i];
}

void net_proxies_outcome(struct net_proxies *p, int i, enum http_result r)
{
	if (i == NET_PROXY_NONE || i != p->current)
		return;
	if (r == HTTP_ANSWERED) {
		p->broken = 0;
		return;
	}
	p->broken++;
	if (r == HTTP_BROKEN && p->broken < BROKEN_IN_A_ROW)
		return;
	p->broken = 0;
	p->current = (p->current + 1) % p->n;
	if (p->n > 1)
		log_warn("net: proxy %d of %d fails, using %d from now on", i + 1, p->n, p->current + 1);
}
