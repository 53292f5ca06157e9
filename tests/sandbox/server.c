/* HTTP on libmicrohttpd's epoll: see server.h. */
#include "server.h"

#include "html.h"
#include "js.h"
#include "log.h"

#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <talloc.h>

/* A resumed connection on a kept-alive socket needs more than one MHD_run until its answer has left, but
 * MHD_get_timeout (0.9.75, edge-triggered epoll) does not say so: without these rounds the answer waits for the loop's
 * next event. */
enum { RESUME_ROUNDS = 3 };

struct server {
	struct MHD_Daemon *daemon;
	void (*handle)(void *arg, struct request *r);
	void *arg;
	int rounds_due; /* see RESUME_ROUNDS */
};

static enum MHD_Result take_pair(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct request *r = cls;

	(void)kind;
	if (value && utf8_valid(value, strlen(value)) && utf8_valid(key, strlen(key)))
		json_object_set_new(r->params, key, json_string(value));
	else
		r->bad = "strings must be encoded in UTF-8";
	return MHD_YES;
}

static struct upload *upload_of(struct request *r, const char *field, const char *filename, uint64_t offset)
{
	struct upload *u;

	if (offset && r->n_uploads)
		return &r->uploads[r->n_uploads - 1];
	if (r->n_uploads == UPLOADS_MAX) {
		r->bad = "too many files in one request";
		return NULL;
	}
	u = &r->uploads[r->n_uploads++];
	u->field = talloc_strdup(r, field);
	u->filename = talloc_strdup(r, filename);
	u->bytes = buf_new(r, BODY_MAX);
	return u;
}

/* Form values can come in pieces; they are gathered as a pending buffer that the next key closes. */
struct form {
	struct request *r;
	char *key;
	struct buf *value;
};

static void close_value(struct form *f)
{
	if (!f->key)
		return;
	take_pair(f->r, MHD_POSTDATA_KIND, f->key, f->value->data);
	if (strlen(f->value->data) != f->value->len)
		f->r->bad = "a parameter holds a zero byte";
	f->key = NULL;
}

static enum MHD_Result take_form(void *cls, enum MHD_ValueKind kind, const char *key, const char *filename,
				 const char *type, const char *encoding, const char *data, uint64_t offset, size_t n)
{
	struct form *f = cls;

	(void)kind, (void)type, (void)encoding;
	if (filename) {
		struct upload *u = upload_of(f->r, key, filename, offset);

		return u && buf_add(u->bytes, data, n) ? MHD_YES : MHD_NO;
	}
	if (!f->key || offset == 0) {
		close_value(f);
		f->key = talloc_strdup(f->r, key);
		f->value = buf_new(f->r, BODY_MAX);
	}
	return buf_add(f->value, data, n) ? MHD_YES : MHD_NO;
}

static void read_form(struct request *r)
{
	struct form f = {.r = r};
	struct MHD_PostProcessor *p = MHD_create_post_processor(r->connection, 64 << 10, take_form, &f);

	if (!p) {
		r->bad = "unknown content type: send JSON, a form or multipart/form-data";
		return;
	}
	if (MHD_post_process(p, r->body->data, r->body->len) != MHD_YES && !r->bad)
		r->bad = "the form cannot be read";
	MHD_destroy_post_processor(p);
	close_value(&f);
}

static void read_json(struct request *r)
{
	json_t *j = js_parse(r, r->body->data, r->body->len);

	if (!json_is_object(j)) {
		r->bad = "can't parse JSON: send an object, in UTF-8, without repeated names";
		return;
	}
	json_object_update(r->params, j);
	r->typed = true;
}

/* The control interface and the bank take JSON whatever its content type says: handy with curl. The Bot API does not.
 */
static bool is_json(const struct request *r, const char *type)
{
	if (type && strncasecmp(type, "application/json", 16) == 0)
		return true;
	return r->body->data[0] == '{' &&
	       (strncmp(r->path, "/sim/", 5) == 0 || strncmp(r->path, "/bank/api/", 10) == 0);
}

static void read_body(struct request *r)
{
	const char *type = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Content-Type");

	MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND, take_pair, r);
	if (r->body->failed)
		r->bad = "the request is too large";
	else if (r->body->len && is_json(r, type))
		read_json(r);
	else if (r->body->len)
		read_form(r);
}

static struct request *request_new(struct server *s, struct MHD_Connection *c, const char *url, const char *verb)
{
	struct request *r = talloc_zero(s, struct request);

	r->server = s;
	r->connection = c;
	r->path = talloc_strdup(r, url);
	r->verb = talloc_strdup(r, verb);
	r->body = buf_new(r, BODY_MAX);
	r->params = js_own(r, json_object());
	return r;
}

static enum MHD_Result finish(struct request *r)
{
	enum MHD_Result ok;

	if (r->drop) {
		/* No lingering: the peer sees the connection break, not an orderly end. */
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		struct linger off = {.l_onoff = 1, .l_linger = 0};

		if (info)
			setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &off, sizeof off);
		return MHD_NO;
	}
	if (!r->response) {
		r->suspended = true; /* the answer comes later */
		MHD_suspend_connection(r->connection);
		return MHD_YES;
	}
	ok = MHD_queue_response(r->connection, r->status, r->response);
	MHD_destroy_response(r->response);
	r->response = NULL;
	return ok;
}

static enum MHD_Result on_access(void *cls, struct MHD_Connection *c, const char *url, const char *verb,
				 const char *version, const char *data, size_t *n, void **state)
{
	struct server *s = cls;
	struct request *r = *state;

	(void)version;
	if (!r) {
		*state = request_new(s, c, url, verb);
		return MHD_YES;
	}
	if (*n) {
		buf_add(r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (!r->parsed) {
		r->parsed = true;
		read_body(r);
		s->handle(s->arg, r);
	}
	return finish(r);
}

static void on_done(void *cls, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
	struct request *r = *state;

	(void)cls, (void)c, (void)why;
	if (r && r->response)
		MHD_destroy_response(r->response);
	talloc_free(r);
	*state = NULL;
}

static int server_stop(struct server *s)
{
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	return 0;
}

struct server *server_start(const void *ctx, const char *host, uint16_t port,
			    void (*handle)(void *arg, struct request *r), void *arg)
{
	struct server *s = talloc_zero(ctx, struct server);
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};

	if (inet_pton(AF_INET, host, &at.sin_addr) != 1) {
		log_error("--host %s is no IPv4 address", host);
		return NULL;
	}
	s->handle = handle;
	s->arg = arg;
	s->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, port, NULL, NULL,
				     on_access, s, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_NOTIFY_COMPLETED, on_done, s,
				     MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
				     MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(128 << 10),
				     MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
	if (!s->daemon) {
		log_error("cannot listen on %s port %u: is it in use?", host, port);
		return NULL;
	}
	talloc_set_destructor(s, server_stop);
	return s;
}

uint16_t server_port(const struct server *s)
{
	return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int server_fd(const struct server *s)
{
	return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int server_wait_ms(struct server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (s->rounds_due) {
		s->rounds_due--;
		return 0;
	}
	if (MHD_get_timeout(s->daemon, &ms) != MHD_YES)
		return -1;
	return ms > 60000 ? 60000 : (int)ms;
}

void server_run(struct server *s)
{
	MHD_run(s->daemon);
}

struct cut_body {
	size_t n;
	char bytes[];
};

static ssize_t give_half(void *cls, uint64_t at, char *out, size_t room)
{
	struct cut_body *b = cls;
	size_t left = b->n / 2 - (size_t)at;

	if (at >= b->n / 2)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	left = left < room ? left : room;
	memcpy(out, b->bytes + at, left);
	return (ssize_t)left;
}

static struct MHD_Response *cut_response(const struct answer *a)
{
	struct cut_body *b = malloc(sizeof *b + a->n);

	if (!b)
		abort();
	b->n = a->n;
	memcpy(b->bytes, a->bytes, a->n);
	return MHD_create_response_from_callback(a->n, 4096, give_half, b, free);
}

static void add_headers(struct MHD_Response *response, const struct answer *a)
{
	char number[24];

	snprintf(number, sizeof number, "%lld", (long long)a->ahead_ms);
	MHD_add_response_header(response, "X-Separex-Clock-Ahead-Ms", number);
	MHD_add_response_header(response, "Content-Type", a->type);
	if (a->retry_after > 0) {
		snprintf(number, sizeof number, "%d", a->retry_after);
		MHD_add_response_header(response, "Retry-After", number);
	}
	if (a->csp)
		MHD_add_response_header(response, "Content-Security-Policy", a->csp);
}

static void go_on(struct request *r)
{
	if (!r->suspended)
		return;
	r->suspended = false;
	MHD_resume_connection(r->connection);
	r->server->rounds_due = RESUME_ROUNDS;
}

void server_answer(struct request *r, const struct answer *a)
{
	assert(!r->response && !r->drop);
	r->status = a->status;
	r->response = a->cut == ANSWER_CUT
			      ? cut_response(a)
			      : MHD_create_response_from_buffer(a->n, (void *)a->bytes, MHD_RESPMEM_MUST_COPY);
	if (!r->response)
		abort();
	add_headers(r->response, a);
	go_on(r);
}

void server_drop(struct request *r)
{
	assert(!r->response && !r->drop);
	r->drop = true;
	go_on(r);
}

const char *request_text(const struct request *r, const char *name)
{
	return js_str(r->params, name, NULL);
}

const char *request_header(const struct request *r, const char *name)
{
	const char *value = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}
