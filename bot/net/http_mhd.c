/* The server side: see http_mhd.h. A connection sleeps from its whole request until reply(). */
#include "http_mhd.h"

#include "buf.h"
#include "http_fields.h"
#include "http_slow.h"
#include "log.h"
#include "net_listen.h"

#include <arpa/inet.h>
#include <assert.h>
#include <limits.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <talloc.h>
#include <unistd.h>

enum {
	CONNECTIONS_MAX = 200,
	CONNECTIONS_SPARE = 20, /* kept free for whoever comes: MHD takes nobody when all are used */
	CONNECTIONS_PER_PEER = 20,
	REQUEST_MS = 20 * 1000,
	MEMORY_PER_CONNECTION = 16 * 1024, /* request line and headers must fit; more is refused with 431 or 414 */
	BODY_MAX = 64 * 1024,
	SWALLOW_MAX = 1024 * 1024, /* a body that is too large is read up to here, so that its sender sees the 413 */
	LANGUAGE_MAX = 256,
	REPLY_MAX_MS = 60 * 1000
};

struct exchange {
	TAILQ_ENTRY(exchange) link; /* in http_mhd.asleep while asleep */
	struct http_mhd *home;
	struct MHD_Connection *connection;
	uint64_t id; /* 0 until it was announced as an event */
	int64_t since_ms; /* of the announcement */
	struct buf *body;
	size_t received; /* bytes of body that came, kept or not */
	bool asleep; /* suspended until reply */
	unsigned status;
	struct MHD_Response *response; /* what reply() left, ours until queued */
};

struct http_mhd {
	struct MHD_Daemon *daemon;
	struct net_listen listen;
	struct http_slow_list slow;
	struct net_events *events;
	int epoll_fd;
	int64_t now_ms;
	TAILQ_HEAD(exchanges, exchange) asleep; /* oldest first */
};

static struct http_slow *slow_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static bool is_form(struct MHD_Connection *connection)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE);

	return type && strncasecmp(type, form, sizeof form - 1) == 0;
}

/* Answers without asking anyone; the page is empty, since no word for people belongs here. */
static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result queued;

	if (!r)
		abort();
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	queued = MHD_queue_response(connection, status, r);
	MHD_destroy_response(r);
	return queued;
}

static bool method_known(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "POST") == 0;
}

/* The length the sender announces; 0 when it does not say (chunks are counted as they come). */
static unsigned long long announced(struct MHD_Connection *connection)
{
	const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return text ? strtoull(text, NULL, 10) : 0;
}

static enum MHD_Result count_length(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	int *n = arg;

	(void)kind, (void)value;
	*n += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
	return MHD_YES;
}

/* Told twice how long the body is, a proxy and we could see different requests in the same bytes. */
static bool length_is_doubtful(struct MHD_Connection *connection)
{
	int n = 0;

	MHD_get_connection_values(connection, MHD_HEADER_KIND, count_length, &n);
	return n > 1 ||
	       (n && MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING));
}

/* The headers are here. */
static enum MHD_Result begin(struct http_mhd *m, struct MHD_Connection *connection, const char *method, void **slot)
{
	struct exchange *x = talloc_zero(m, struct exchange);

	if (!x)
		abort();
	x->home = m;
	x->connection = connection;
	*slot = x;
	if (!method_known(method))
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED);
	if (length_is_doubtful(connection))
		return refuse(connection, MHD_HTTP_BAD_REQUEST);
	if (announced(connection) > SWALLOW_MAX)
		return refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE);
	return MHD_YES;
}

/* A piece of the body is here. MHD takes no answer between the pieces: too much is swallowed, far too much cut off. */
static enum MHD_Result take(struct exchange *x, const char *bytes, size_t *n)
{
	x->received += *n;
	if (x->received > SWALLOW_MAX)
		return MHD_NO;
	if (!x->body)
		x->body = buf_new(x, BODY_MAX);
	if (x->received <= BODY_MAX)
		buf_add(x->body, bytes, *n);
	*n = 0;
	return MHD_YES;
}

struct field_sink {
	const void *ctx;
	struct http_inbound *in;
};

static enum MHD_Result on_query_field(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_bytes,
				      const char *value, size_t value_bytes)
{
	const struct field_sink *sink = arg;

	(void)kind;
	http_fields_add(sink->ctx, sink->in, name, name_bytes, value ? value : "", value ? value_bytes : 0);
	return MHD_YES;
}

static const char *copied(const void *ctx, const char *s)
{
	const char *copy = talloc_strdup(ctx, s);

	if (!copy)
		abort();
	return copy;
}

static const char *peer_of(const void *ctx, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = info ? info->client_addr : NULL;
	char text[INET6_ADDRSTRLEN] = "";

	if (a && a->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)a)->sin_addr, text, sizeof text);
	else if (a && a->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, text, sizeof text);
	return copied(ctx, text);
}

static const char *language_of(const void *ctx, struct MHD_Connection *connection)
{
	const char *s = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);

	if (!s || strlen(s) > LANGUAGE_MAX || !http_text_valid(s, strlen(s)))
		return "";
	return copied(ctx, s);
}

static const char *authorization_of(const void *ctx, struct MHD_Connection *connection)
{
	const char *s = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_AUTHORIZATION);

	return s ? copied(ctx, s) : NULL;
}

static void read_body(const void *ctx, struct exchange *x, struct http_inbound *in)
{
	if (!x->body)
		return;
	if (is_form(x->connection)) {
		http_fields_form(ctx, in, x->body->data, x->body->len);
		return;
	}
	talloc_steal(ctx, x->body);
	in->body = x->body->data;
	in->body_bytes = x->body->len;
	x->body = NULL;
}

/* The whole request is here: it becomes an event, and the connection sleeps. */
static enum MHD_Result announce(struct exchange *x, const char *path, const char *method)
{
	struct http_mhd *m = x->home;
	struct net_event *e;
	struct http_inbound *in;

	if (x->received > BODY_MAX)
		return refuse(x->connection, MHD_HTTP_CONTENT_TOO_LARGE);
	if (!http_text_valid(path, strlen(path)))
		return refuse(x->connection, MHD_HTTP_BAD_REQUEST);
	x->id = net_events_new_id(m->events);
	e = net_event_new(m, HTTP_EVENT_INBOUND, x->id);
	in = &e->event.inbound;
	in->method = copied(e, method);
	in->path = copied(e, path);
	in->peer = peer_of(e, x->connection);
	in->language = language_of(e, x->connection);
	in->authorization = authorization_of(e, x->connection);
	MHD_get_connection_values_n(x->connection, MHD_GET_ARGUMENT_KIND, on_query_field, &(struct field_sink){e, in});
	read_body(e, x, in);
	x->since_ms = m->now_ms;
	x->asleep = true;
	TAILQ_INSERT_TAIL(&m->asleep, x, link);
	http_slow_owes_nothing(&m->slow, slow_of(x->connection));
	MHD_suspend_connection(x->connection);
	net_events_push(m->events, e);
	return MHD_YES;
}

static enum MHD_Result answer(struct exchange *x)
{
	enum MHD_Result queued = MHD_queue_response(x->connection, x->status, x->response);

	MHD_destroy_response(x->response);
	x->response = NULL;
	return queued;
}

/* MHD calls this when the headers are here, for each piece of the body, when all is here, and again after a resume. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *path, const char *method,
				  const char *version, const char *bytes, size_t *n, void **slot)
{
	struct exchange *x = *slot;

	(void)version;
	if (!x)
		return begin(arg, connection, method, slot);
	if (*n)
		return take(x, bytes, n);
	if (x->response)
		return answer(x);
	assert(!x->asleep && x->id == 0);
	return announce(x, path, method);
}

static void wake(struct exchange *x)
{
	assert(x->asleep);
	x->asleep = false;
	TAILQ_REMOVE(&x->home->asleep, x, link);
	http_slow_owes(&x->home->slow, slow_of(x->connection), x->home->now_ms);
	MHD_resume_connection(x->connection);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *slot;

	(void)arg, (void)why;
	if (!x)
		return;
	http_slow_owes(&x->home->slow, slow_of(connection), x->home->now_ms);
	assert(!x->asleep);
	if (x->response)
		MHD_destroy_response(x->response);
	talloc_free(x);
	*slot = NULL;
}

/* Each connection that comes and goes. */
static void on_connection(void *arg, struct MHD_Connection *connection, void **slot,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http_mhd *m = arg;
	int fd;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		http_slow_closed(&m->slow, *slot);
		return;
	}
	fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	*slot = http_slow_opened(&m->slow, fd, m->now_ms);
}

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
	if (MHD_add_response_header(r, name, value) != MHD_YES)
		log_error("net: a reply's header %s cannot be sent", name);
}

static struct MHD_Response *response_of(const struct http_reply *r)
{
	struct MHD_Response *out =
		MHD_create_response_from_buffer(r->body_bytes, (void *)(uintptr_t)r->body, MHD_RESPMEM_MUST_COPY);

	if (!out)
		abort();
	if (r->type)
		add_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, r->type);
	if (r->location)
		add_header(out, MHD_HTTP_HEADER_LOCATION, r->location);
	for (size_t i = 0; i < r->n_headers; i++)
		add_header(out, r->headers[i].name, r->headers[i].value);
	return out;
}

static void reply_to(struct exchange *x, const struct http_reply *r)
{
	assert(!x->response);
	assert(r->status >= 200 && r->status <= 599 && r->n_headers <= HTTP_MAX_HEADERS);
	x->status = (unsigned)r->status;
	x->response = response_of(r);
	wake(x);
}

void http_mhd_reply(struct http_mhd *m, uint64_t id, const struct http_reply *r)
{
	struct exchange *x;

	for (x = TAILQ_FIRST(&m->asleep); x; x = TAILQ_NEXT(x, link)) {
		if (x->id == id) {
			reply_to(x, r);
			return;
		}
	}
}

/* Nobody is kept waiting for ever by a handler that forgot its reply. */
static void expire(struct http_mhd *m)
{
	struct exchange *x;

	while ((x = TAILQ_FIRST(&m->asleep)) && m->now_ms - x->since_ms >= REPLY_MAX_MS) {
		log_error("net: exchange %llu got no reply within %d s", (unsigned long long)x->id,
			  REPLY_MAX_MS / 1000);
		reply_to(x, &(struct http_reply){.status = MHD_HTTP_SERVICE_UNAVAILABLE, .body = ""});
	}
}

void http_mhd_step(struct http_mhd *m, int64_t now_ms)
{
	m->now_ms = now_ms;
	expire(m);
	MHD_run(m->daemon); /* before the slow are ended: what has arrived owes nothing */
	http_slow_end(&m->slow, now_ms);
}

int64_t http_mhd_wait_ms(const struct http_mhd *m, int64_t now_ms)
{
	const struct exchange *oldest = TAILQ_FIRST(&m->asleep);
	int64_t ms = oldest ? oldest->since_ms + REPLY_MAX_MS - now_ms : INT_MAX;
	MHD_UNSIGNED_LONG_LONG mhd_ms;

	if (MHD_get_timeout(m->daemon, &mhd_ms) == MHD_YES && (int64_t)mhd_ms < ms)
		ms = (int64_t)mhd_ms;
	return http_slow_wait_ms(&m->slow, now_ms, ms);
}

int http_mhd_fd(const struct http_mhd *m)
{
	return m->epoll_fd;
}

uint16_t http_mhd_port(const struct http_mhd *m)
{
	return m->listen.port;
}

static int http_mhd_destroy(struct http_mhd *m)
{
	struct exchange *x;

	while ((x = TAILQ_FIRST(&m->asleep))) /* MHD refuses to stop while connections sleep */
		wake(x);
	MHD_stop_daemon(m->daemon); /* closes the listening socket too; each exchange ends in on_completed */
	return 0;
}

/* Behind a reverse proxy every peer is the proxy, so a limit for each peer would be a limit for all. */
static unsigned per_peer(const struct http_mhd *m)
{
	return m->listen.loopback ? 0 : CONNECTIONS_PER_PEER;
}

static bool start(struct http_mhd *m, struct err *e)
{
	const union MHD_DaemonInfo *info;

	m->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, m,
				     MHD_OPTION_LISTEN_SOCKET, m->listen.fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
				     m, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
				     MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_peer(m), MHD_OPTION_NOTIFY_CONNECTION,
				     on_connection, m, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				     (size_t)MEMORY_PER_CONNECTION, MHD_OPTION_END);
	if (!m->daemon)
		return err_set(e, "the HTTP server cannot start (out of file descriptors?)");
	info = MHD_get_daemon_info(m->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	assert(info && info->epoll_fd >= 0);
	m->epoll_fd = info->epoll_fd;
	talloc_set_destructor(m, http_mhd_destroy);
	return true;
}

struct http_mhd *http_mhd_new(void *ctx, const struct net_options *o, struct net_events *events, struct err *e)
{
	struct http_mhd *m = talloc_zero(ctx, struct http_mhd);

	if (!m)
		abort();
	m->events = events;
	TAILQ_INIT(&m->asleep);
	http_slow_begin(&m->slow, CONNECTIONS_MAX - CONNECTIONS_SPARE, o->request_ms ? o->request_ms : REQUEST_MS);
	if (!net_listen_open(o->listen, &m->listen, e) || !start(m, e)) {
		talloc_free(m);
		return NULL;
	}
	return m;
}
