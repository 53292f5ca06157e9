/* The client side: see http_curl.h. What is kept of each transfer, and how its end is judged. */
#include "http_curl.h"

#include "buf.h"
#include "curl_request.h"
#include "log.h"
#include "net_proxies.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <talloc.h>
#include <unistd.h>

enum {
	TRANSFERS_MAX = 512,
	CONNECTIONS_PER_HOST = 12, /* 30 messages a second at 0.3 s each are 9 in flight */
	CONNECTIONS_MAX = 64,
	CONNECTIONS_IDLE_MAX = 24,
	POOL_MAX = 16, /* idle easy handles */
	ANSWER_HEADERS_MAX = 64 * 1024,
	CONNECT_MAX_MS = 10 * 1000, /* so that a dead proxy is found out long before the request's own time is over */
	COUNT_DIGITS = 15
};

static const long UPLOAD_BUFFER_BYTES = 16384; /* the least libcurl takes; its own default would be 64 KiB a handle */

struct transfer {
	TAILQ_ENTRY(transfer) link;
	CURL *easy;
	struct curl_request request;
	struct net_event *event; /* NULL once pushed */
	struct buf *body;
	size_t header_bytes;
	int64_t deadline_ms;
	int proxy;
	int starts; /* how often the request began to go out: more than once when libcurl sent it again */
	bool fresh;
	const char *trouble; /* why a callback gave up, or NULL */
};

struct http_curl {
	CURLM *multi;
	struct net_events *events;
	struct net_proxies *proxies;
	char *user_agent, *ca_file;
	TAILQ_HEAD(transfers, transfer) open;
	int n_open;
	CURL *pool[POOL_MAX];
	int n_pool;
	int64_t drop_mark_ms; /* see http_curl_drop_connections; 0: never dropped */
};

/* Digits only, as Retry-After in seconds is written; -1 for anything else (its date form too) and for absurd lengths.
 */
static int64_t count_of(const char *s, size_t n)
{
	int64_t v = 0;

	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && strchr(" \t\r\n", s[n - 1]))
		n--;
	if (n == 0 || n > COUNT_DIGITS)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

static void read_count(const char *line, size_t n, const char *name, int64_t *out)
{
	size_t len = strlen(name);

	if (n > len && strncasecmp(line, name, len) == 0 && line[len] == ':')
		*out = count_of(line + len + 1, n - len - 1);
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct http_answer *a = &t->event->event.answer;

	assert(size == 1);
	t->header_bytes += n;
	if (t->header_bytes > ANSWER_HEADERS_MAX) {
		t->trouble = "answer headers too large";
		return 0;
	}
	if (n > 5 && strncmp(line, "HTTP/", 5) == 0) /* a new status line: what a 1xx before it said is void */
		a->retry_after_s = a->sandbox_ahead_ms = -1;
	read_count(line, n, "Retry-After", &a->retry_after_s);
	read_count(line, n, "X-Separex-Clock-Ahead-Ms", &a->sandbox_ahead_ms);
	return n;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	assert(size == 1);
	if (buf_add(t->body, bytes, n))
		return n;
	t->trouble = "answer too large";
	return 0;
}

/* libcurl calls this when a connection stands (TLS and proxy included) and the first byte of the request is to follow:
 * the exact border between "surely unsent" and "who knows". Its timers cannot tell, since they are set after the first
 * piece went out. */
static int on_start(void *arg, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct transfer *t = arg;

	(void)remote_ip, (void)local_ip, (void)remote_port, (void)local_port;
	if (t->fresh && t->starts) {
		t->trouble = "not sent a second time";
		return CURL_PREREQFUNC_ABORT;
	}
	t->starts++;
	return CURL_PREREQFUNC_OK;
}

static CURL *take_handle(struct http_curl *c)
{
	CURL *easy = c->n_pool ? c->pool[--c->n_pool] : curl_easy_init();

	if (!easy)
		abort();
	return easy;
}

static void give_handle_back(struct http_curl *c, CURL *easy)
{
	if (c->n_pool == POOL_MAX) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy);
	c->pool[c->n_pool++] = easy;
}

static void set_callbacks(struct transfer *t)
{
	CURL *easy = t->easy;

	curl_must_set(easy, CURLOPT_PRIVATE, t);
	curl_must_set(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_must_set(easy, CURLOPT_WRITEDATA, t);
	curl_must_set(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_must_set(easy, CURLOPT_HEADERDATA, t);
	curl_must_set(easy, CURLOPT_PREREQFUNCTION, on_start);
	curl_must_set(easy, CURLOPT_PREREQDATA, t);
}

static void set_manners(const struct http_curl *c, CURL *easy)
{
	curl_must_set(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* design.md 4: HTTP/2 dies silently */
	curl_must_set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_must_set(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_must_set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_must_set(easy, CURLOPT_NOSIGNAL, 1L);
	curl_must_set(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_must_set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_must_set(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_must_set(easy, CURLOPT_TCP_KEEPINTVL, 10L);
	curl_must_set(easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BUFFER_BYTES);
	/* Without it, giving up while a name is looked up would block the loop until the resolver's thread ends. */
	curl_must_set(easy, CURLOPT_QUICK_EXIT, 1L);
	if (c->user_agent)
		curl_must_set(easy, CURLOPT_USERAGENT, c->user_agent);
	if (c->ca_file) {
		curl_must_set(easy, CURLOPT_CAINFO, c->ca_file);
		curl_must_set(easy, CURLOPT_PROXY_CAINFO, c->ca_file);
	}
}

/* An empty text for both: libcurl would otherwise read the http_proxy and no_proxy variables of the environment. */
static void set_proxy(const struct http_curl *c, struct transfer *t)
{
	const char *url = t->proxy == NET_PROXY_NONE ? "" : net_proxies_url(c->proxies, t->proxy);

	curl_must_set(t->easy, CURLOPT_PROXY, url);
	curl_must_set(t->easy, CURLOPT_NOPROXY, "");
}

/* libcurl cannot empty its connection cache, but can refuse connections older than so many whole seconds. The mark is a
 * second after the drop: until a second after the mark nothing is reused at all, then all that is older than the mark
 * by at least that second is refused, whatever the rounding does. */
static void set_age(const struct http_curl *c, struct transfer *t, int64_t now_ms)
{
	int64_t age_s = (now_ms - c->drop_mark_ms) / 1000;

	if (t->fresh) {
		curl_must_set(t->easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_must_set(t->easy, CURLOPT_FORBID_REUSE, 1L);
	} else if (c->drop_mark_ms && age_s < 1) {
		curl_must_set(t->easy, CURLOPT_FRESH_CONNECT, 1L);
	} else if (c->drop_mark_ms) {
		curl_must_set(t->easy, CURLOPT_MAXLIFETIME_CONN, (long)age_s);
	}
}

static void set_times(struct transfer *t, int64_t timeout_ms)
{
	int64_t connect_ms = timeout_ms * 3 / 4;

	if (connect_ms > CONNECT_MAX_MS)
		connect_ms = CONNECT_MAX_MS;
	if (connect_ms < 1) /* 0 would mean libcurl's 300 s */
		connect_ms = 1;
	curl_must_set(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
}

static struct transfer *transfer_new(struct http_curl *c, const struct http_request *r, struct net_event *e,
				     int64_t now_ms)
{
	struct transfer *t = talloc_zero(c, struct transfer);

	if (!t)
		abort();
	t->event = e;
	t->body = buf_new(e, r->max_answer);
	t->deadline_ms = now_ms + r->timeout_ms;
	t->fresh = r->fresh;
	t->proxy = r->proxied ? net_proxies_current(c->proxies) : NET_PROXY_NONE;
	t->easy = take_handle(c);
	return t;
}

static void transfer_free(struct http_curl *c, struct transfer *t)
{
	curl_multi_remove_handle(c->multi, t->easy);
	TAILQ_REMOVE(&c->open, t, link);
	c->n_open--;
	give_handle_back(c, t->easy);
	curl_request_free(&t->request); /* after the handle let go of it */
	talloc_free(t);
}

/* A proxy that wants a password answers 407 in the place of the other side. */
static bool proxy_refused(const struct http_curl *c, const struct transfer *t, long status)
{
	long tunnel = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
	if (tunnel)
		return tunnel / 100 != 2;
	return status == 407 && t->starts == 1 && net_proxies_speaks_http(c->proxies, t->proxy);
}

static void judge(const struct http_curl *c, struct transfer *t, CURLcode code)
{
	struct http_answer *a = &t->event->event.answer;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (proxy_refused(c, t, status)) {
		a->result = HTTP_UNSENT;
		a->trouble = "the proxy refused";
		return;
	}
	if (code == CURLE_OK && status > 0) {
		a->result = HTTP_ANSWERED;
		a->status = (int)status;
		a->body = t->body->data;
		a->body_bytes = t->body->len;
		return;
	}
	a->result = t->starts ? HTTP_BROKEN : HTTP_UNSENT;
	a->trouble = t->trouble ? t->trouble : curl_easy_strerror(code);
}

/* Pushes the event and ends the transfer. The body stays with the event; a failed answer's half body goes. */
static void finish(struct http_curl *c, struct transfer *t)
{
	struct http_answer *a = &t->event->event.answer;

	if (a->result != HTTP_ANSWERED) {
		talloc_free(t->body);
		a->retry_after_s = a->sandbox_ahead_ms = -1;
	}
	net_events_push(c->events, t->event);
	transfer_free(c, t);
}

static void give_up(struct http_curl *c, struct transfer *t, const char *trouble)
{
	struct http_answer *a = &t->event->event.answer;

	a->result = t->starts ? HTTP_BROKEN : HTTP_UNSENT;
	a->trouble = trouble;
	finish(c, t);
}

static void collect(struct http_curl *c)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(c->multi, &left))) {
		struct transfer *t = NULL;

		assert(m->msg == CURLMSG_DONE);
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		assert(t && t->easy == m->easy_handle);
		judge(c, t, m->data.result);
		net_proxies_outcome(c->proxies, t->proxy, t->event->event.answer.result);
		finish(c, t);
	}
}

/* libcurl does not time what waits for a connection, so the deadline is ours. One that never began to go out waited for
 * a connection (a connect has a shorter time of its own) and says nothing about the proxy. */
static void expire(struct http_curl *c, int64_t now_ms)
{
	struct transfer *t = TAILQ_FIRST(&c->open), *next;

	for (; t; t = next) {
		next = TAILQ_NEXT(t, link);
		if (now_ms < t->deadline_ms)
			continue;
		if (t->starts)
			net_proxies_outcome(c->proxies, t->proxy, HTTP_BROKEN);
		give_up(c, t, "timed out");
	}
}

static void must_multi(CURLMcode code)
{
	if (code == CURLM_OK)
		return;
	log_error("net: libcurl: %s", curl_multi_strerror(code)); /* misuse or no memory, never bad input */
	abort();
}

void http_curl_step(struct http_curl *c, int64_t now_ms)
{
	int running;

	must_multi(curl_multi_perform(c->multi, &running));
	collect(c);
	expire(c, now_ms);
	assert(c->n_open >= 0);
}

int64_t http_curl_due_ms(const struct http_curl *c)
{
	int64_t due_ms = INT64_MAX;
	const struct transfer *t;

	for (t = TAILQ_FIRST(&c->open); t; t = TAILQ_NEXT(t, link)) {
		if (t->deadline_ms < due_ms)
			due_ms = t->deadline_ms;
	}
	return due_ms;
}

void http_curl_poll(struct http_curl *c, struct curl_waitfd *fds, unsigned n, int ms)
{
	int ready;

	must_multi(curl_multi_poll(c->multi, fds, n, ms, &ready));
}

void http_curl_submit(struct http_curl *c, uint64_t id, const struct http_request *r, int64_t now_ms)
{
	const char *fault = c->n_open >= TRANSFERS_MAX ? "too many requests at once" : curl_request_fault(r);
	struct net_event *e = net_event_new(c, HTTP_EVENT_ANSWER, id);
	struct transfer *t;

	e->event.owner = r->owner;
	e->event.tag = r->tag;
	if (fault) {
		e->event.answer.result = HTTP_UNSENT;
		e->event.answer.trouble = fault;
		net_events_push(c->events, e);
		return;
	}
	t = transfer_new(c, r, e, now_ms);
	set_manners(c, t->easy);
	set_callbacks(t);
	set_proxy(c, t);
	set_age(c, t, now_ms);
	set_times(t, r->timeout_ms);
	curl_request_apply(t->easy, r, &t->request);
	TAILQ_INSERT_TAIL(&c->open, t, link);
	c->n_open++;
	must_multi(curl_multi_add_handle(c->multi, t->easy));
}

void http_curl_cancel(struct http_curl *c, uint64_t id)
{
	struct transfer *t;

	for (t = TAILQ_FIRST(&c->open); t; t = TAILQ_NEXT(t, link)) {
		if (t->event->event.id == id) {
			give_up(c, t, "cancelled");
			return;
		}
	}
}

void http_curl_drop_connections(struct http_curl *c, int64_t now_ms)
{
	c->drop_mark_ms = now_ms + 1000;
}

static int http_curl_destroy(struct http_curl *c)
{
	struct transfer *t;

	while ((t = TAILQ_FIRST(&c->open)))
		transfer_free(c, t);
	while (c->n_pool)
		curl_easy_cleanup(c->pool[--c->n_pool]);
	curl_multi_cleanup(c->multi);
	curl_global_cleanup();
	return 0;
}

static char *copied(const void *ctx, const char *s)
{
	char *copy = s ? talloc_strdup(ctx, s) : NULL;

	if (s && !copy)
		abort();
	return copy;
}

struct http_curl *http_curl_new(void *ctx, const struct net_options *o, struct net_events *events, struct err *e)
{
	struct http_curl *c;

	if (o->ca_file && access(o->ca_file, R_OK) != 0) {
		err_set(e, "cannot read the certificate file %s: %s", o->ca_file, strerror(errno));
		return NULL;
	}
	c = talloc_zero(ctx, struct http_curl);
	if (!c || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(c->multi = curl_multi_init()))
		abort();
	TAILQ_INIT(&c->open);
	talloc_set_destructor(c, http_curl_destroy);
	c->events = events;
	c->user_agent = copied(c, o->user_agent);
	c->ca_file = copied(c, o->ca_file);
	must_multi(curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING));
	must_multi(curl_multi_setopt(c->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS_PER_HOST));
	must_multi(curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX));
	must_multi(curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_IDLE_MAX));
	c->proxies = net_proxies_new(c, o->proxies, o->n_proxies, e);
	if (!c->proxies) {
		talloc_free(c);
		return NULL;
	}
	return c;
}
