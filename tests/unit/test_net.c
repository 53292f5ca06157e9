/* Requests that bot/net sends, against a server on loopback that misbehaves on demand (net_peer.h). */
#include "net_world.h"

static struct peer second_peer;

static void setup_without_net(void)
{
	ctx = talloc_new(NULL);
	net = NULL;
	peer_start(&peer);
	peer_start(&second_peer);
}

static void expect_result(const char *path, enum http_result result)
{
	struct http_request r = get(path);

	ck_assert_int_eq(ask(&r).result, result);
}

START_TEST(answers_over_one_connection)
{
	struct http_request r = get("/ok");

	setenv("http_proxy", "http://127.0.0.1:1", 1); /* not ours to obey */
	for (int i = 0; i < 5; i++)
		expect_hello(&r);
	ck_assert_int_eq(peer.connections, 1);
	ck_assert_int_eq(peer.requests, 5);
}
END_TEST

START_TEST(cut_and_empty_answers_are_broken)
{
	expect_result("/cut", HTTP_BROKEN);
	expect_result("/empty", HTTP_BROKEN);
	expect_result("/headers", HTTP_BROKEN);
}
END_TEST

START_TEST(an_answer_of_exactly_the_cap_passes)
{
	struct http_request r = get("/ok");

	r.max_answer = 5;
	expect_hello(&r);
	r.max_answer = 4;
	ck_assert_int_eq(ask(&r).result, HTTP_BROKEN);
}
END_TEST

START_TEST(silence_times_out)
{
	struct http_request r = get("/hold");
	struct http_answer a;

	r.timeout_ms = 100;
	a = ask(&r);
	ck_assert_int_eq(a.result, HTTP_BROKEN);
	ck_assert_str_eq(a.trouble, "timed out");
}
END_TEST

START_TEST(nobody_there_is_unsent)
{
	struct http_request r = get("/ok");
	uint16_t nobody;
	int fd = peer_bind(&nobody);

	r.url = url_at(nobody, "/ok");
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	r.url = "ftp://127.0.0.1/";
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	r.url = talloc_asprintf(ctx, "https://127.0.0.1:%u/ok", peer.port); /* no TLS there */
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	close(fd);
}
END_TEST

START_TEST(bad_requests_are_unsent)
{
	struct http_request r = get("/ok");

	r.method = "BREW";
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	r = get("/ok");
	r.headers[r.n_headers++] = (struct http_header){"X-Test", "a\r\nX-Forged: b"};
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	ck_assert_int_eq(peer.requests, 0);
}
END_TEST

START_TEST(queued_time_counts)
{
	struct http_request r = get("/hold");

	for (int i = 0; i < 12; i++) /* as many as there may be connections to one host */
		port->submit(port->self, &r);
	while (peer.requests < 12)
		port->wait(port->self, 10);
	r.timeout_ms = 100;
	for (int i = 0; i < 3; i++) {
		struct http_answer a = ask(&r);

		ck_assert_int_eq(a.result, HTTP_UNSENT);
		ck_assert_str_eq(a.trouble, "timed out");
	}
	ck_assert_int_eq(peer.requests, 12);
}
END_TEST

START_TEST(a_hundred_in_parallel)
{
	struct http_request r = get("/ok");
	bool seen[100] = {false};

	for (int i = 0; i < 100; i++) {
		r.tag = i;
		port->submit(port->self, &r);
	}
	for (int i = 0; i < 100; i++) {
		struct http_event e = event();

		ck_assert_int_eq(e.answer.result, HTTP_ANSWERED);
		ck_assert(!seen[e.tag]);
		seen[e.tag] = true;
	}
	ck_assert_int_eq(peer.requests, 100);
	ck_assert_int_le(peer.connections, 12);
}
END_TEST

START_TEST(too_many_at_once_are_refused)
{
	struct http_request r = get("/hold");
	struct http_event e;

	for (int i = 0; i < 512; i++)
		port->submit(port->self, &r);
	ck_assert(!port->next(port->self, ctx, &e));
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
}
END_TEST

START_TEST(cancel_gives_one_event)
{
	struct http_request r = get("/hold");
	uint64_t id = port->submit(port->self, &r);
	struct http_event e;

	port->cancel(port->self, id);
	ck_assert_int_eq(event().answer.result, HTTP_UNSENT);
	id = port->submit(port->self, &r);
	while (peer.requests == 0)
		port->wait(port->self, 10);
	port->cancel(port->self, id);
	port->cancel(port->self, id);
	e = event();
	ck_assert_uint_eq(e.id, id);
	ck_assert_int_eq(e.answer.result, HTTP_BROKEN);
	ck_assert(!port->next(port->self, ctx, &e));
}
END_TEST

START_TEST(headers_that_matter_are_read)
{
	struct http_request r = get("/slow-down");
	struct http_answer a = ask(&r);

	ck_assert_int_eq(a.status, 429);
	ck_assert_int_eq(a.retry_after_s, 7);
	ck_assert_int_eq(a.sandbox_ahead_ms, 86400000);
	ck_assert_str_eq(a.body, "{}");
	r = get("/date");
	a = ask(&r);
	ck_assert_int_eq(a.status, 503);
	ck_assert_int_eq(a.retry_after_s, -1);
	ck_assert_uint_eq(a.body_bytes, 0);
	r = get("/hint");
	expect_hello(&r);
	r = get("/redirect");
	ck_assert_int_eq(ask(&r).status, 302);
}
END_TEST

START_TEST(a_closed_idle_connection_does_no_harm)
{
	struct http_request bye = get("/bye"), ok = get("/ok");

	for (int i = 0; i < 10; i++) {
		expect_hello(&bye);
		expect_hello(&ok);
	}
	ck_assert_int_ge(peer.connections, 10);
}
END_TEST

START_TEST(fresh_is_never_sent_twice)
{
	struct http_request r = get("/second"), ok = get("/ok");

	r.method = "POST";
	expect_hello(&ok);
	expect_hello(&r); /* the kept connection died: libcurl tried again by itself */
	ck_assert_int_eq(peer.requests, 3);
	r.fresh = true;
	expect_hello(&r);
	ck_assert_int_eq(peer.requests, 4);
	ck_assert_int_eq(peer.connections, 3);
	r.url = url_at(peer.port, "/empty");
	ck_assert_int_eq(ask(&r).result, HTTP_BROKEN);
	ck_assert_int_eq(peer.requests, 5);
	expect_hello(&ok); /* none of the fresh ones was kept: the second connection still is */
	ck_assert_int_eq(peer.connections, 4);
}
END_TEST

START_TEST(dropped_connections_are_not_used_again)
{
	struct http_request ok = get("/ok"), hold = get("/hold");
	uint64_t id = port->submit(port->self, &hold);
	struct http_event e;

	while (peer.requests == 0)
		port->wait(port->self, 10);
	port->submit(port->self, &ok);
	ck_assert_int_eq(event().answer.status, 200);
	ck_assert_int_eq(peer.connections, 2);
	net_drop_connections(net);
	port->submit(port->self, &ok);
	ck_assert_int_eq(event().answer.status, 200);
	ck_assert_int_eq(peer.connections, 3);
	ck_assert(!port->next(port->self, ctx, &e)); /* the transfer under way was not disturbed */
	port->cancel(port->self, id);
	ck_assert_uint_eq(event().id, id);
}
END_TEST

START_TEST(bodies_and_headers_arrive)
{
	struct http_request r = get("/echo");
	struct http_answer a;

	r.method = "POST";
	r.body = "a\0b";
	r.body_bytes = 3;
	r.headers[r.n_headers++] = (struct http_header){"Content-Type", "application/json"};
	r.headers[r.n_headers++] = (struct http_header){"X-Empty", ""};
	a = ask(&r);
	ck_assert(strstr(a.body, "Content-Type: application/json\r\n"));
	ck_assert(strstr(a.body, "X-Empty:\r\n"));
	ck_assert(strstr(a.body, "User-Agent: test\r\n"));
	ck_assert(!strstr(a.body, "Expect"));
	ck_assert_int_eq(memcmp(a.body + a.body_bytes - 7, "\r\n\r\na\0b", 7), 0);
}
END_TEST

START_TEST(multipart_arrives)
{
	struct http_request r = get("/echo");
	char *big = talloc_array(ctx, char, 50000);
	struct http_answer a;

	memset(big, 'x', 50000);
	r.method = "POST";
	r.parts[r.n_parts++] = (struct http_part){.name = "chat_id", .bytes = "42", .n = 2};
	r.parts[r.n_parts++] = (struct http_part){
		.name = "photo", .filename = "card.png", .type = "image/png", .bytes = big, .n = 50000};
	a = ask(&r);
	ck_assert_int_eq(a.status, 200);
	ck_assert(strstr(a.body, "Content-Type: multipart/form-data; boundary="));
	ck_assert(strstr(a.body, "name=\"chat_id\"\r\n\r\n42\r\n"));
	ck_assert(strstr(a.body, "name=\"photo\"; filename=\"card.png\"\r\nContent-Type: image/png\r\n\r\nxxx"));
	ck_assert_uint_gt(a.body_bytes, 50000);
}
END_TEST

static char *proxy_at(uint16_t at)
{
	return talloc_asprintf(ctx, "http://127.0.0.1:%u", at);
}

static struct http_request proxied(const char *path)
{
	struct http_request r = get("");

	r.url = talloc_asprintf(ctx, "http://api.invalid%s", path);
	r.proxied = true;
	return r;
}

START_TEST(a_dead_proxy_is_left)
{
	struct http_request r = proxied("/ok"), direct = get("/ok");
	const char *proxies[2];
	uint16_t nobody;
	int fd = peer_bind(&nobody);

	setenv("no_proxy", "*", 1); /* not ours to obey */
	proxies[0] = proxy_at(nobody);
	proxies[1] = proxy_at(second_peer.port);
	start_net(&(struct net_options){.proxies = proxies, .n_proxies = 2});
	expect_hello(&direct);
	ck_assert_int_eq(ask(&r).result, HTTP_UNSENT);
	expect_hello(&r);
	expect_hello(&r);
	ck_assert_int_eq(second_peer.requests, 2);
	ck_assert_int_eq(peer.requests, 1);
	close(fd);
}
END_TEST

START_TEST(a_proxy_that_breaks_three_is_left)
{
	struct http_request bad = proxied("/empty"), ok = proxied("/ok");
	const char *proxies[2];

	proxies[0] = proxy_at(peer.port);
	proxies[1] = proxy_at(second_peer.port);
	start_net(&(struct net_options){.proxies = proxies, .n_proxies = 2});
	ck_assert_int_eq(ask(&bad).result, HTTP_BROKEN);
	ck_assert_int_eq(ask(&bad).result, HTTP_BROKEN);
	expect_hello(&ok); /* not three in a row */
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(second_peer.requests, 0);
		ck_assert_int_eq(ask(&bad).result, HTTP_BROKEN);
	}
	expect_hello(&ok);
	ck_assert_int_eq(peer.requests, 7); /* one of them twice: libcurl's second try after a kept connection died */
	ck_assert_int_eq(second_peer.requests, 1);
}
END_TEST

START_TEST(a_proxy_that_refuses_is_unsent_and_left)
{
	struct http_request auth = proxied("/auth"), tls = proxied("/ok"), ok = proxied("/ok");
	const char *proxies[3];

	proxies[0] = proxy_at(peer.port);
	proxies[1] = talloc_asprintf(ctx, "socks5h://127.0.0.1:%u", peer.port);
	proxies[2] = proxy_at(second_peer.port);
	start_net(&(struct net_options){.proxies = proxies, .n_proxies = 3});
	ck_assert_int_eq(ask(&auth).result, HTTP_UNSENT);
	ck_assert_int_eq(peer.requests, 1);
	ck_assert_int_eq(ask(&ok).result, HTTP_UNSENT); /* SOCKS */
	ck_assert_int_eq(peer.connections, 2);
	ck_assert_int_eq(peer.requests, 1);
	expect_hello(&ok);
	tls.url = "https://api.invalid/ok";
	ck_assert_int_eq(ask(&tls).result, HTTP_UNSENT); /* CONNECT answered with 403 */
	ck_assert_int_eq(second_peer.requests, 2);
	ck_assert_int_eq(ask(&auth).result, HTTP_UNSENT); /* round to the first again */
	ck_assert_int_eq(peer.requests, 2);
}
END_TEST

static void expect_refused(const struct net_options *o, const char *word)
{
	struct err e = {""};

	ck_assert(net_new(ctx, o, &e) == NULL);
	ck_assert_msg(strstr(e.text, word) != NULL, "%s", e.text);
	ck_assert(!strstr(e.text, "secret"));
}

START_TEST(wrong_options_are_refused)
{
	const char *proxies[] = {"http://u:secret@h:1", "gopher://u:secret@h:1"};
	const char *listens[] = {"8088",  ":8088", "localhost:8088", "127.0.0.1:",   "127.0.0.1:70000",
				 "::1:1", "[::1]", "1.2.3:80",       "127.0.0.1:-1", "[127.0.0.1]:80"};

	expect_refused(&(struct net_options){.proxies = proxies, .n_proxies = 2}, "proxy 2");
	expect_refused(&(struct net_options){.ca_file = "/nowhere.pem"}, "/nowhere.pem");
	for (size_t i = 0; i < sizeof listens / sizeof listens[0]; i++)
		expect_refused(&(struct net_options){.listen = listens[i]}, "write it as");
	expect_refused(&(struct net_options){.listen = talloc_asprintf(ctx, "127.0.0.1:%u", peer.port)},
		       "another program");
	expect_refused(&(struct net_options){.listen = "192.0.2.1:80"}, "does not have that address");
	start_net(&(struct net_options){.listen = ""});
	ck_assert_uint_eq(net_listen_port(net), 0);
}
END_TEST

static void add_outbound(TCase *c)
{
	tcase_add_test(c, answers_over_one_connection);
	tcase_add_test(c, cut_and_empty_answers_are_broken);
	tcase_add_test(c, an_answer_of_exactly_the_cap_passes);
	tcase_add_test(c, silence_times_out);
	tcase_add_test(c, nobody_there_is_unsent);
	tcase_add_test(c, bad_requests_are_unsent);
	tcase_add_test(c, queued_time_counts);
	tcase_add_test(c, a_hundred_in_parallel);
	tcase_add_test(c, too_many_at_once_are_refused);
	tcase_add_test(c, cancel_gives_one_event);
	tcase_add_test(c, headers_that_matter_are_read);
	tcase_add_test(c, a_closed_idle_connection_does_no_harm);
	tcase_add_test(c, fresh_is_never_sent_twice);
	tcase_add_test(c, dropped_connections_are_not_used_again);
	tcase_add_test(c, bodies_and_headers_arrive);
	tcase_add_test(c, multipart_arrives);
}

int main(void)
{
	Suite *suite = suite_create("net");
	TCase *c;

	add_outbound(tests(suite, "outbound", setup));
	c = tests(suite, "proxies and options", setup_without_net);
	tcase_add_test(c, a_dead_proxy_is_left);
	tcase_add_test(c, a_proxy_that_breaks_three_is_left);
	tcase_add_test(c, a_proxy_that_refuses_is_unsent_and_left);
	tcase_add_test(c, wrong_options_are_refused);
	return tap_run(suite);
}
