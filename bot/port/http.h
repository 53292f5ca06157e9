/* HTTP as the rest of the program sees it: requests go out, events come in, one place waits.
 * bot/net implements it over libcurl and libmicrohttpd; a simulator implements it over a virtual clock. */
#ifndef SEPAREX_HTTP_H
#define SEPAREX_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_MAX_HEADERS = 12, HTTP_MAX_FIELDS = 32, HTTP_MAX_PARTS = 16 };

struct http_header {
	const char *name, *value;
};

/* One part of a multipart/form-data body. A part with a filename is a file. */
struct http_part {
	const char *name;
	const char *filename; /* NULL for a plain field */
	const char *type; /* NULL for text/plain */
	const void *bytes;
	size_t n;
};

/* A request. Everything is copied by submit. */
struct http_request {
	const char *method; /* "GET" or "POST" */
	const char *url; /* may hold a secret: never log it */
	struct http_header headers[HTTP_MAX_HEADERS];
	size_t n_headers;
	const void *body; /* or parts */
	size_t body_bytes;
	struct http_part parts[HTTP_MAX_PARTS]; /* n_parts > 0: a multipart body */
	size_t n_parts;
	int64_t timeout_ms; /* the whole life of the request, waiting in a queue included */
	size_t max_answer; /* bytes; a longer body ends as HTTP_BROKEN */
	bool fresh; /* money: a new connection, used once, so nothing is ever silently sent twice */
	bool proxied; /* goes through the configured proxies (chat channels in Iran); banks never do */
	int owner; /* whom the answer is for: echoed, not read here */
	int64_t tag; /* echoed, not read here */
};

enum http_result {
	HTTP_ANSWERED, /* a whole answer with a status arrived */
	HTTP_UNSENT, /* surely nothing reached the other side (name, connect, TLS, proxy, cancelled in the queue) */
	HTTP_BROKEN /* it may have been received: time-out, cut or oversized answer */
};

struct http_answer {
	enum http_result result;
	int status; /* 0 unless HTTP_ANSWERED */
	const char *body; /* NUL-terminated after body_bytes; "" when there is none */
	size_t body_bytes;
	int64_t retry_after_s; /* Retry-After header, -1 when absent or unreadable */
	int64_t sandbox_ahead_ms; /* X-Separex-Clock-Ahead-Ms header, -1 when absent */
	const char *trouble; /* a word for the log when not HTTP_ANSWERED, "" otherwise; holds no secret */
};

/* A request from outside to our own server. */
struct http_inbound {
	const char *method;
	const char *path; /* "/p/abc", decoded, without the query */
	const char *peer; /* address of the other side */
	const char *language; /* Accept-Language header or "" */
	const char *authorization; /* that header, NULL when there is none: a secret, never log it */
	struct http_header fields[HTTP_MAX_FIELDS]; /* query and form fields, decoded; valid UTF-8; more are dropped */
	size_t n_fields;
	const char *body; /* raw body when it was no form; NUL-terminated; "" */
	size_t body_bytes;
};

enum http_event_kind { HTTP_EVENT_ANSWER, HTTP_EVENT_INBOUND, HTTP_EVENT_STOP };

struct http_event {
	enum http_event_kind kind;
	uint64_t id; /* of the request, or of the inbound exchange to reply to */
	int owner; /* HTTP_EVENT_ANSWER: from the request */
	int64_t tag;
	struct http_answer answer;
	struct http_inbound inbound;
};

struct http_reply {
	int status;
	const char *type; /* "text/html; charset=utf-8" */
	const char *location; /* for a redirect, else NULL */
	struct http_header headers[HTTP_MAX_HEADERS];
	size_t n_headers;
	const void *body;
	size_t body_bytes;
};

struct http_port {
	void *self;
	/* Starts a request and returns its id (never 0). Its answer always comes as exactly one event, also when it is
	 * refused at once. */
	uint64_t (*submit)(void *self, const struct http_request *);
	/* Gives a request up: its event still comes, as HTTP_UNSENT or HTTP_BROKEN. */
	void (*cancel)(void *self, uint64_t id);
	/* Returns when an event is there, or after `at_most_ms`. */
	void (*wait)(void *self, int64_t at_most_ms);
	/* Takes the next event; its texts belong to ctx. False when there is none. */
	bool (*next)(void *self, void *ctx, struct http_event *out);
	/* Answers an inbound exchange, once. An exchange whose peer went away is ignored. Copies. */
	void (*reply)(void *self, uint64_t inbound_id, const struct http_reply *);
};

/* The value of a field of an inbound request, or NULL. */
static inline const char *http_field(const struct http_inbound *in, const char *name)
{
	for (size_t i = 0; i < in->n_fields; i++) {
		const char *a = in->fields[i].name, *b = name;

		while (*a && *a == *b) {
			a++;
			b++;
		}
		if (*a == *b)
			return in->fields[i].value;
	}
	return NULL;
}

#endif
