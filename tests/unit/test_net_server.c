/* bot/net's own server, against its own client and against clients that misbehave. */
#include "net_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

/* One request of our client to our server; the inbound side of it. The answer is still to come. */
static struct http_event arrive(struct http_request *r, const char *path)
{
	struct http_event e;

	r->url = url_at(net_listen_port(net), path);
	port->submit(port->self, r);
	e = event();
	ck_assert_int_eq(e.kind, HTTP_EVENT_INBOUND);
	return e;
}

static struct http_answer reply(uint64_t id, const char *body)
{
	struct http_reply r = {.status = 200, .type = "text/plain", .body = body, .body_bytes = strlen(body)};
	struct http_event e;

	port->reply(port->self, id, &r);
	port->reply(port->self, id, &r); /* a second time: ignored */
	e = event();
	ck_assert_int_eq(e.kind, HTTP_EVENT_ANSWER);
	return e.answer;
}

static const char *field(const struct http_event *e, const char *name)
{
	const char *v = http_field(&e->inbound, name);

	return v ? v : "(none)";
}

START_TEST(query_fields_arrive)
{
	struct http_request r = get("");
	struct http_event e;

	r.headers[r.n_headers++] = (struct http_header){"Accept-Language", "fa-IR"};
	e = arrive(&r, "/p/%D8%B3/b?x=%D8%B3&bad=%FF&y=a+b&nul=%00&empty=&none&x=again&%=1");
	ck_assert_str_eq(e.inbound.method, "GET");
	ck_assert_str_eq(e.inbound.path, "/p/س/b");
	ck_assert_str_eq(e.inbound.peer, "127.0.0.1");
	ck_assert_str_eq(e.inbound.language, "fa-IR");
	ck_assert_str_eq(field(&e, "x"), "س");
	ck_assert_str_eq(field(&e, "y"), "a b");
	ck_assert_str_eq(field(&e, "empty"), "");
	ck_assert_str_eq(field(&e, "none"), "");
	ck_assert_str_eq(field(&e, "bad"), "(none)");
	ck_assert_str_eq(field(&e, "nul"), "(none)");
	ck_assert_str_eq(e.inbound.body, "");
	ck_assert_str_eq(reply(e.id, "fine").body, "fine");
}
END_TEST

START_TEST(form_fields_arrive)
{
	struct http_request r = get("");
	struct http_event e;

	r.method = "POST";
	r.body = "a=1&b=%2b+%2&bad=%C0%80&c&=x&&d=%D9%85";
	r.body_bytes = strlen(r.body);
	e = arrive(&r, "/callback?q=7");
	ck_assert_str_eq(e.inbound.method, "POST");
	ck_assert_str_eq(field(&e, "q"), "7");
	ck_assert_str_eq(field(&e, "a"), "1");
	ck_assert_str_eq(field(&e, "b"), "+ %2");
	ck_assert_str_eq(field(&e, "c"), "");
	ck_assert_str_eq(field(&e, "d"), "م");
	ck_assert_str_eq(field(&e, "bad"), "(none)");
	ck_assert_uint_eq(e.inbound.n_fields, 5);
	ck_assert_str_eq(e.inbound.body, "");
	reply(e.id, "");
}
END_TEST

START_TEST(too_many_fields_are_dropped)
{
	struct http_request r = get("");
	char *form = talloc_strdup(ctx, "f0=0"), *query;
	struct http_event e;

	for (int i = 1; i < 100; i++)
		form = talloc_asprintf_append(form, "&f%d=%d", i, i);
	query = talloc_asprintf(ctx, "/?%s", form);
	r.method = "POST";
	r.body = form;
	r.body_bytes = strlen(form);
	e = arrive(&r, query);
	ck_assert_uint_eq(e.inbound.n_fields, HTTP_MAX_FIELDS);
	ck_assert_str_eq(field(&e, "f31"), "31");
	ck_assert_str_eq(field(&e, "f32"), "(none)");
	reply(e.id, "");
}
END_TEST

START_TEST(raw_bodies_arrive_up_to_the_limit)
{
	struct http_request r = get("");
	struct http_event e;

	r.method = "POST";
	r.headers[r.n_headers++] = (struct http_header){"Content-Type", "application/json"};
	r.body_bytes = 64 * 1024;
	r.body = memset(talloc_size(ctx, r.body_bytes + 1), 'j', r.body_bytes + 1);
	e = arrive(&r, "/hook");
	ck_assert_uint_eq(e.inbound.body_bytes, r.body_bytes);
	ck_assert_int_eq(memcmp(e.inbound.body, r.body, r.body_bytes), 0);
	ck_assert_uint_eq(e.inbound.n_fields, 0);
	ck_assert_int_eq(reply(e.id, "").status, 200);
	r.body_bytes++;
	ck_assert_int_eq(ask(&r).status, 413); /* and no inbound event came before it */
}
END_TEST

START_TEST(replies_carry_all_that_was_said)
{
	struct http_request r = get("");
	struct http_event e = arrive(&r, "/go");
	struct http_reply out = {.status = 302, .location = "/there", .body = "x", .body_bytes = 1};

	port->reply(port->self, e.id, &out);
	ck_assert_int_eq(event().answer.status, 302);
	e = arrive(&r, "/slow");
	out = (struct http_reply){.status = 429, .body = "", .n_headers = 1};
	out.headers[0] = (struct http_header){"Retry-After", "11"};
	port->reply(port->self, e.id, &out);
	ck_assert_int_eq(event().answer.retry_after_s, 11);
}
END_TEST

START_TEST(replies_may_come_in_any_order)
{
	struct http_request r = get("");
	struct http_event first = arrive(&r, "/1"), second = arrive(&r, "/2"), none;

	ck_assert_uint_ne(first.id, second.id);
	port->wait(port->self, 0);
	ck_assert(!port->next(port->self, ctx, &none));
	ck_assert_str_eq(reply(second.id, "two").body, "two");
	ck_assert_str_eq(reply(first.id, "one").body, "one");
	port->reply(port->self, 123456, &(struct http_reply){.status = 200, .body = ""}); /* never was */
}
END_TEST

/* A client that says what no decent client says. */
static int raw_open(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				.sin_port = htons(net_listen_port(net))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

/* The socket takes what it has room for; meanwhile the server reads on. Ends when all is out or it was closed. */
static void raw_send(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return;
		if (sent > 0) {
			bytes += sent;
			n -= (size_t)sent;
		}
		port->wait(port->self, 0);
	}
}

static void raw_say(int fd, const char *text)
{
	raw_send(fd, text, strlen(text));
}

/* What the server says until it has said a whole head or closed; never an event. */
static const char *raw_answer(int fd)
{
	char *all = talloc_strdup(ctx, ""), piece[512];
	struct http_event e;

	for (;;) {
		ssize_t got = recv(fd, piece, sizeof piece, 0);

		if (got == 0 || (got < 0 && errno != EAGAIN))
			return all;
		if (got > 0)
			all = talloc_strndup_append(all, piece, (size_t)got);
		if (strstr(all, "\r\n\r\n"))
			return all;
		port->wait(port->self, 5);
		ck_assert(!port->next(port->self, ctx, &e));
	}
}

static const char *raw(const char *bytes)
{
	int fd = raw_open();
	const char *answer;

	raw_say(fd, bytes);
	answer = raw_answer(fd);
	close(fd);
	return answer;
}

static char *filler(size_t n)
{
	char *s = talloc_size(ctx, n + 1);

	memset(s, 'y', n);
	s[n] = '\0';
	return s;
}

static void expect_status(const char *bytes, const char *status)
{
	const char *answer = raw(bytes);

	ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0 && strncmp(answer + 9, status, 3) == 0, "%.60s -> %s", bytes,
		      answer);
}

START_TEST(bad_clients_are_refused)
{
	expect_status("PUT / HTTP/1.1\r\nHost: x\r\n\r\n", "405");
	ck_assert(strstr(raw("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n"), "Allow: GET, HEAD, POST"));
	expect_status("GET /%FF HTTP/1.1\r\nHost: x\r\n\r\n", "400");
	expect_status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", "413");
	expect_status(talloc_asprintf(ctx, "GET / HTTP/1.1\r\nHost: x\r\nX-A: %s\r\n\r\n", filler(20000)), "431");
	expect_status(talloc_asprintf(ctx,
				      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
				      "%x\r\n%s\r\n0\r\n\r\n",
				      70000, filler(70000)),
		      "413");
	raw("\x16\x03\x01 this is no HTTP \xff\r\n\r\n");
	ck_assert_str_eq(raw(talloc_asprintf(ctx,
					     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
					     "%x\r\n%s",
					     2000000, filler(2000000))),
			 "");
}
END_TEST

START_TEST(a_request_in_pieces_is_one)
{
	int fd = raw_open();
	struct http_event e;

	raw_send(fd, "HEAD /x?a=1 HT", 14);
	for (int i = 0; i < 10; i++)
		port->wait(port->self, 1);
	ck_assert(!port->next(port->self, ctx, &e));
	raw_send(fd, "TP/1.1\r\nHost: x\r\n\r\n", 19);
	e = event();
	ck_assert_str_eq(e.inbound.method, "HEAD");
	port->reply(port->self, e.id, &(struct http_reply){.status = 200, .body = "unseen", .body_bytes = 6});
	ck_assert(strstr(raw_answer(fd), "Content-Length: 6\r\n"));
	close(fd);
}
END_TEST

/* True when the server has closed it; what it said before that is thrown away. */
static bool raw_closed(int fd)
{
	char piece[512];
	ssize_t got;

	while ((got = recv(fd, piece, sizeof piece, 0)) > 0)
		;
	return got == 0 || errno != EAGAIN;
}

static void restart_net(int64_t request_ms)
{
	talloc_free(net);
	start_net(&(struct net_options){.listen = "127.0.0.1:0", .request_ms = request_ms});
}

/* However it drips: within its request, between two of them, before its first byte. */
START_TEST(a_peer_that_drips_is_closed)
{
	int silent, drips;

	restart_net(100);
	silent = raw_open();
	drips = raw_open();
	raw_say(drips, "GET /x HTTP/1.1\r\nHost: x\r\nX: ");
	while (!raw_closed(drips)) {
		send(drips, "y", 1, MSG_NOSIGNAL);
		port->wait(port->self, 5);
	}
	while (!raw_closed(silent))
		port->wait(port->self, 5);
	close(silent);
	close(drips);
}
END_TEST

START_TEST(a_kept_connection_without_a_second_request_is_closed)
{
	int fd;
	struct http_event e;

	restart_net(100);
	fd = raw_open();
	raw_say(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
	e = event();
	port->reply(port->self, e.id, &(struct http_reply){.status = 200, .body = ""});
	ck_assert(strstr(raw_answer(fd), "200 OK"));
	while (!raw_closed(fd))
		port->wait(port->self, 5);
	close(fd);
}
END_TEST

/* No time passes for them: who waits longest makes room. */
START_TEST(slow_peers_keep_nobody_out)
{
	enum { SLOW = 400 };
	int fds[SLOW];
	struct http_request r = get("");

	restart_net(INT64_C(3600) * 1000);
	for (int i = 0; i < SLOW; i++) {
		fds[i] = raw_open();
		raw_say(fds[i], "GET /x HTTP/1.1\r\n");
	}
	ck_assert_str_eq(reply(arrive(&r, "/here").id, "still here").body, "still here");
	while (!raw_closed(fds[0]))
		port->wait(port->self, 5);
	ck_assert(!raw_closed(fds[SLOW - 1]));
	for (int i = 0; i < SLOW; i++)
		close(fds[i]);
}
END_TEST

START_TEST(a_peer_that_left_does_no_harm)
{
	struct http_request r = get("");

	for (int i = 0; i < 30; i++) {
		int fd = raw_open();
		struct http_event e;

		raw_send(fd, "GET /gone HTTP/1.1\r\nHost: x\r\n\r\n", 32);
		e = event();
		ck_assert_str_eq(e.inbound.path, "/gone");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
		close(fd);
		port->reply(port->self, e.id, &(struct http_reply){.status = 200, .body = ""});
	}
	ck_assert_str_eq(reply(arrive(&r, "/here").id, "still here").body, "still here");
}
END_TEST

START_TEST(freeing_with_everything_open)
{
	struct http_request r = get(""), hold = get("/hold");
	struct http_event e = arrive(&r, "/asleep");

	port->submit(port->self, &hold);
	while (peer.requests == 0)
		port->wait(port->self, 10);
	ck_assert_str_eq(e.inbound.path, "/asleep");
	talloc_free(net);
	start_net(&(struct net_options){.listen = "[::1]:0"}); /* and once more from the start */
	ck_assert_uint_ne(net_listen_port(net), 0);
	r = get("/ok");
	expect_hello(&r);
}
END_TEST

START_TEST(sigterm_is_an_event)
{
	struct http_event e;

	port->wait(port->self, 20);
	ck_assert(!port->next(port->self, ctx, &e));
	raise(SIGPIPE);
	raise(SIGTERM);
	ck_assert_int_eq(event().kind, HTTP_EVENT_STOP);
	raise(SIGINT);
	ck_assert_int_eq(event().kind, HTTP_EVENT_STOP);
	ck_assert(!port->next(port->self, ctx, &e));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("net server");
	TCase *c = tests(suite, "inbound", setup);

	tcase_add_test(c, query_fields_arrive);
	tcase_add_test(c, form_fields_arrive);
	tcase_add_test(c, too_many_fields_are_dropped);
	tcase_add_test(c, raw_bodies_arrive_up_to_the_limit);
	tcase_add_test(c, replies_carry_all_that_was_said);
	tcase_add_test(c, replies_may_come_in_any_order);
	tcase_add_test(c, bad_clients_are_refused);
	tcase_add_test(c, a_request_in_pieces_is_one);
	tcase_add_test(c, a_peer_that_drips_is_closed);
	tcase_add_test(c, a_kept_connection_without_a_second_request_is_closed);
	tcase_add_test(c, slow_peers_keep_nobody_out);
	tcase_add_test(c, a_peer_that_left_does_no_harm);
	tcase_add_test(c, freeing_with_everything_open);
	tcase_add_test(c, sigterm_is_an_event);
	return tap_run(suite);
}
