/* HTTP for the sandbox: whole requests in, answers out, now or later. One thread; the caller's loop drives it. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct MHD_Connection;
struct MHD_Response;
struct server;

enum { UPLOADS_MAX = 12, BODY_MAX = 60 << 20 };

struct upload {
	const char *field;
	const char *filename;
	struct buf *bytes;
};

/* One request; a talloc context that lives until its answer has left. */
struct request {
	struct server *server;
	struct MHD_Connection *connection;
	const char *verb; /* "GET", "POST" */
	const char *path; /* decoded, without the query */
	struct buf *body;
	json_t *params; /* object of query, form or JSON body; never NULL. Form and query values are strings */
	bool typed; /* the parameters came as JSON, so their types are meant */
	const char *bad; /* why the body could not be read, or NULL */
	struct upload uploads[UPLOADS_MAX];
	size_t n_uploads;

	/* The server's own. */
	struct MHD_Response *response;
	unsigned status;
	bool parsed, suspended, drop;
	int mangle; /* enum fault_kind that spoils the answer of this request, 0 for none */
};

enum answer_cut { ANSWER_WHOLE, ANSWER_CUT /* the connection closes in the middle of the body */ };

struct answer {
	unsigned status;
	const char *type; /* content type */
	const void *bytes;
	size_t n;
	int64_t ahead_ms; /* sent as X-Separex-Clock-Ahead-Ms */
	int retry_after; /* sent as Retry-After when positive */
	const char *csp; /* Content-Security-Policy, or NULL */
	enum answer_cut cut;
};

/* Starts to listen; port 0 takes a free one. `handle` is called once for each whole request and must, then or later,
 * answer it or drop it. NULL with a line in the log when the address cannot be taken. Freed with ctx. */
struct server *server_start(const void *ctx, const char *host, uint16_t port,
			    void (*handle)(void *arg, struct request *r), void *arg);

uint16_t server_port(const struct server *s);

/* The descriptor to wait for, and the longest time to wait in ms (-1 for no limit). After each wait: server_run. */
int server_fd(const struct server *s);
int server_wait_ms(struct server *s);
void server_run(struct server *s);

/* Answers; bytes are copied. Exactly one of answer and drop for each request, inside `handle` or at any later time; the
 * request is not to be touched afterwards. At most CONNECTIONS_MAX requests can be waiting. */
void server_answer(struct request *r, const struct answer *a);
void server_drop(struct request *r); /* closes the connection without a byte */

enum { CONNECTIONS_MAX = 1000 };

/* A header, "" when it is not there. */
const char *request_header(const struct request *r, const char *name);

/* A parameter that is text, or NULL. Borrowed from the request. */
const char *request_text(const struct request *r, const char *name);

#endif
