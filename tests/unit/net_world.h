/* What the tests of bot/net share: a net, the other side, and asking one thing. Included once by each program. */
#ifndef SEPAREX_NET_WORLD_H
#define SEPAREX_NET_WORLD_H

#include "net.h"
#include "net_peer.h"
#include "tap.h"

#include <talloc.h>

enum { LONG_MS = 20000, OWNER = 7 };

static struct peer peer;
static void *ctx;
static struct net *net;
static struct http_port *port;

static inline void start_net(const struct net_options *o)
{
	struct err e = {""};

	net = net_new(ctx, o, &e);
	ck_assert_msg(net != NULL, "%s", e.text);
	port = net_port(net);
}

static inline void setup(void)
{
	ctx = talloc_new(NULL);
	start_net(&(struct net_options){.listen = "127.0.0.1:0", .user_agent = "test"});
	peer_start(&peer);
}

static inline void teardown(void)
{
	talloc_free(ctx);
}

/* The next event, whatever it is; a test that waits for nothing fails by Check's own time limit. */
static inline struct http_event event(void)
{
	struct http_event e;

	while (!port->next(port->self, ctx, &e))
		port->wait(port->self, 1000);
	return e;
}

static inline char *url_at(uint16_t at, const char *path)
{
	return talloc_asprintf(ctx, "http://127.0.0.1:%u%s", at, path);
}

static inline struct http_request get(const char *path)
{
	return (struct http_request){.method = "GET",
				     .url = url_at(peer.port, path),
				     .timeout_ms = LONG_MS,
				     .max_answer = 100000,
				     .owner = OWNER,
				     .tag = -5};
}

static inline struct http_answer ask(const struct http_request *r)
{
	uint64_t id = port->submit(port->self, r);
	struct http_event e = event();

	ck_assert_uint_ne(id, 0);
	ck_assert_int_eq(e.kind, HTTP_EVENT_ANSWER);
	ck_assert_uint_eq(e.id, id);
	ck_assert_int_eq(e.owner, r->owner);
	ck_assert_int_eq(e.tag, r->tag);
	if (e.answer.result != HTTP_ANSWERED) {
		ck_assert_int_eq(e.answer.status, 0);
		ck_assert_str_ne(e.answer.trouble, "");
		ck_assert_str_eq(e.answer.body, "");
	}
	return e.answer;
}

static inline void expect_hello(const struct http_request *r)
{
	struct http_answer a = ask(r);

	ck_assert_msg(a.result == HTTP_ANSWERED, "%s", a.trouble);
	ck_assert_int_eq(a.status, 200);
	ck_assert_str_eq(a.body, "hello");
	ck_assert_uint_eq(a.body_bytes, 5);
	ck_assert_int_eq(a.retry_after_s, -1);
	ck_assert_int_eq(a.sandbox_ahead_ms, -1);
}

static inline TCase *tests(Suite *suite, const char *name, void (*before)(void))
{
	TCase *c = tcase_create(name);

	tcase_add_checked_fixture(c, before, teardown);
	tcase_set_timeout(c, 30);
	suite_add_tcase(suite, c);
	return c;
}

#endif
