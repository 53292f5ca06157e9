/* Long polling, driven by hand: what is asked, when, and what each answer leads to. */
#include "clock.h"
#include "js.h"
#include "tap.h"
#include "telegram_poll.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#define START INT64_C(1790000000000)
#define EMPTY "{\"ok\":true,\"result\":[]}"
#define TWO "{\"ok\":true,\"result\":[{\"update_id\":40},{\"update_id\":41}]}"

static void *ctx;
static struct telegram_poll *p;
static struct http_request req;
static struct telegram_batch batch;
static int64_t now;

static const struct telegram_options options = {
	.token = "42:SECRETTOKEN",
	.api_base = "https://api.example",
	.file_base = "https://api.example/file",
	.bot_username = "separex_bot",
};

static void set_up(void)
{
	ctx = talloc_new(NULL);
	now = START;
	p = telegram_poll_new(ctx, &options, now);
}

static void tear_down(void)
{
	talloc_free(ctx);
}

static bool next(void)
{
	return telegram_poll_next(p, ctx, now, &req);
}

static void give(const struct http_answer *a)
{
	telegram_poll_answer(p, ctx, now, a, 0, &batch);
}

static void answer(int status, const char *body)
{
	give(&(struct http_answer){.result = HTTP_ANSWERED,
				   .status = status,
				   .body = body,
				   .body_bytes = strlen(body),
				   .retry_after_s = -1,
				   .sandbox_ahead_ms = -1,
				   .trouble = ""});
}

static void no_answer(enum http_result result)
{
	give(&(struct http_answer){
		.result = result, .body = "", .retry_after_s = -1, .sandbox_ahead_ms = -1, .trouble = "timeout"});
}

/* Goes to when the next poll is due and makes it. */
static void go_on(void)
{
	if (telegram_poll_due(p) > now)
		now = telegram_poll_due(p);
	ck_assert(next());
}

static int64_t asked(const char *member)
{
	json_t *j = js_parse(ctx, req.body, req.body_bytes);

	ck_assert_ptr_nonnull(j);
	return js_int(j, member, -1);
}

START_TEST(what_is_asked)
{
	const json_t *j, *kinds;

	ck_assert_int_eq(telegram_poll_due(p), now);
	ck_assert(next());
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/getUpdates");
	ck_assert_str_eq(req.method, "POST");
	ck_assert_int_eq(req.timeout_ms, 35 * SECOND_MS);
	ck_assert(req.proxied && !req.fresh);
	j = js_parse(ctx, req.body, req.body_bytes);
	ck_assert_ptr_null(js_at(j, "offset"));
	ck_assert_int_eq(js_int(j, "limit", 0), 100);
	ck_assert_int_eq(js_int(j, "timeout", 0), 25);
	kinds = js_at(j, "allowed_updates");
	ck_assert_uint_eq(json_array_size(kinds), 6);
	ck_assert_str_eq(json_string_value(json_array_get(kinds, 2)), "callback_query");
}
END_TEST

START_TEST(the_stored_offset_is_used_at_start)
{
	telegram_poll_confirmed(p, 9007199254740995);
	ck_assert(next());
	ck_assert_int_eq(asked("offset"), 9007199254740995);
}
END_TEST

START_TEST(one_at_a_time)
{
	ck_assert(next());
	ck_assert(!next());
	ck_assert_int_eq(telegram_poll_due(p), INT64_MAX);
	now += 25 * SECOND_MS;
	answer(200, EMPTY);
	ck_assert_int_eq(batch.verdict, TELEGRAM_POLL_UPDATES);
	ck_assert_uint_eq(batch.n, 0);
	ck_assert_int_eq(batch.next_offset, 0);
	ck_assert(next());
}
END_TEST

START_TEST(only_the_commit_moves_the_offset)
{
	ck_assert(next());
	answer(200, TWO);
	ck_assert_uint_eq(batch.n, 2);
	ck_assert_int_eq(batch.next_offset, 42);
	ck_assert(!next()); /* nobody confirmed: the same again, but not in a hurry */
	go_on();
	ck_assert_int_eq(now - START, 1000);
	ck_assert_int_eq(asked("offset"), -1);
	answer(200, TWO);
	telegram_poll_confirmed(p, batch.next_offset);
	ck_assert(next());
	ck_assert_int_eq(asked("offset"), 42);
	answer(200, "{\"ok\":true,\"result\":[{\"update_id\":9223372036854775806}]}");
	ck_assert_int_eq(batch.next_offset, INT64_MAX);
	go_on();
	answer(200, "{\"ok\":true,\"result\":[{\"update_id\":9223372036854775807}]}");
	ck_assert_uint_eq(batch.n, 0); /* no offset could confirm it */
	ck_assert_int_eq(batch.next_offset, 0);
}
END_TEST

START_TEST(lower_ids_after_a_silent_week_are_news)
{
	telegram_poll_confirmed(p, 900);
	ck_assert(next());
	answer(200, TWO);
	ck_assert_uint_eq(batch.n, 2);
	telegram_poll_confirmed(p, batch.next_offset);
	ck_assert(next());
	ck_assert_int_eq(asked("offset"), 42);
}
END_TEST

START_TEST(a_server_that_does_not_wait_is_asked_slowly)
{
	int quick = 0;

	for (int i = 0; i < 20; i++) {
		if (telegram_poll_due(p) <= now)
			quick++;
		go_on();
		answer(200, EMPTY);
	}
	ck_assert_int_lt(quick, 6);
	ck_assert_int_ge(now - START, 14 * SECOND_MS);
	go_on();
	now += 25 * SECOND_MS;
	answer(200, EMPTY); /* it waited: trusted again */
	ck_assert(next());
	answer(200, EMPTY);
	ck_assert(next());
}
END_TEST

START_TEST(a_woken_poll_is_no_haste)
{
	ck_assert(next());
	answer(200, EMPTY);
	ck_assert(next());
}
END_TEST

/* Every answer that is trouble: the verdict, and the least and most wait before the next poll. */
static const struct row {
	const char *name;
	int status;
	const char *body;
	enum telegram_poll_verdict verdict;
	int64_t least_ms, most_ms;
	const char *says;
} rows[] = {
	{"another poller", 409,
	 "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: terminated by other getUpdates request; make "
	 "sure "
	 "that only one bot instance is running\"}",
	 TELEGRAM_POLL_TROUBLE, 5000, 5500, "another program polls"},
	{"webhook", 409,
	 "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: can't use getUpdates method while webhook is "
	 "active; use deleteWebhook to delete the webhook first\"}",
	 TELEGRAM_POLL_WEBHOOK, 5000, 5500, "webhook"},
	{"revoked", 401, "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}", TELEGRAM_POLL_FATAL, 0,
	 0, "telegram.token"},
	{"unknown token", 404, "{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}", TELEGRAM_POLL_FATAL,
	 0, 0, "telegram.token"},
	{"slow down", 429,
	 "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 7\",\"parameters\":"
	 "{\"retry_after\":7}}",
	 TELEGRAM_POLL_TROUBLE, 7000, 7000, "retry after 7"},
	{"slow for ever", 429,
	 "{\"ok\":false,\"error_code\":429,\"description\":\"x\",\"parameters\":{\"retry_after\":99999999999}}",
	 TELEGRAM_POLL_TROUBLE, 3600 * 1000, 3600 * 1000, "429"},
	{"restart", 500, "{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error: restart\"}",
	 TELEGRAM_POLL_TROUBLE, 250, 500, "restart"},
	{"bad gateway page", 502, "<html><head><title>502 Bad Gateway</title></head></html>", TELEGRAM_POLL_TROUBLE,
	 250, 500, "502"},
	{"page with 404", 404, "<html>nginx</html>", TELEGRAM_POLL_TROUBLE, 250, 500, "404"},
	{"filter's page with 403", 403, "<html>blocked</html>", TELEGRAM_POLL_TROUBLE, 250, 500, "403"},
	{"page with 200", 200, "<html>welcome to the hotel</html>", TELEGRAM_POLL_TROUBLE, 250, 500, "no Bot API"},
	{"empty", 200, "", TELEGRAM_POLL_TROUBLE, 250, 500, "empty"},
	{"cut", 200, "{\"ok\":true,\"result\":[{\"update_id\":4", TELEGRAM_POLL_TROUBLE, 250, 500, "no Bot API"},
	{"no list", 200, "{\"ok\":true,\"result\":true}", TELEGRAM_POLL_TROUBLE, 250, 500, ""},
	{"refused", 400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: odd\"}",
	 TELEGRAM_POLL_TROUBLE, 250, 500, "odd"},
	{"redirect", 302, "", TELEGRAM_POLL_TROUBLE, 250, 500, "302"},
};

START_TEST(trouble)
{
	const struct row *r = &rows[_i];

	ck_assert(next());
	answer(r->status, r->body);
	ck_assert_int_eq(batch.verdict, r->verdict);
	ck_assert_uint_eq(batch.n, 0);
	ck_assert_int_eq(batch.next_offset, 0);
	ck_assert(!batch.drop_connections);
	ck_assert_msg(strstr(batch.trouble, r->says) != NULL, "%s: %s", r->name, batch.trouble);
	ck_assert_ptr_null(strstr(batch.trouble, "SECRET"));
	ck_assert(!next());
	if (r->verdict == TELEGRAM_POLL_FATAL) {
		now += 90 * DAY_MS;
		ck_assert(!next());
		ck_assert_int_eq(telegram_poll_due(p), INT64_MAX);
		return;
	}
	ck_assert_int_ge(telegram_poll_due(p) - now, r->least_ms);
	ck_assert_int_le(telegram_poll_due(p) - now, r->most_ms);
	now = telegram_poll_due(p) - 1;
	ck_assert(!next());
	now++;
	ck_assert(next());
	now += 25 * SECOND_MS;
	answer(200, EMPTY); /* and it is over */
	ck_assert_int_eq(batch.verdict, TELEGRAM_POLL_UPDATES);
	ck_assert(next());
}
END_TEST

START_TEST(retry_after_as_a_header)
{
	ck_assert(next());
	give(&(struct http_answer){.result = HTTP_ANSWERED,
				   .status = 429,
				   .body = "slow",
				   .body_bytes = 4,
				   .retry_after_s = 9,
				   .trouble = ""});
	ck_assert_int_eq(telegram_poll_due(p) - now, 9 * SECOND_MS);
}
END_TEST

START_TEST(back_off_doubles_to_its_top_and_starts_again)
{
	int64_t last = 0;

	for (int i = 0; i < 12; i++) {
		int64_t wait;

		go_on();
		telegram_poll_answer(p, ctx, now,
				     &(struct http_answer){.result = HTTP_UNSENT, .body = "", .trouble = "refused"},
				     UINT32_MAX - 1, &batch);
		wait = telegram_poll_due(p) - now;
		ck_assert_int_le(wait, 30 * SECOND_MS);
		ck_assert_int_ge(wait, i < 6 ? (INT64_C(250) << i) : 15 * SECOND_MS);
		ck_assert_int_le(wait, i < 6 ? (INT64_C(500) << i) : 30 * SECOND_MS);
		last = wait;
	}
	ck_assert_int_ge(last, 15 * SECOND_MS);
	go_on();
	now += 25 * SECOND_MS;
	answer(200, EMPTY);
	go_on();
	no_answer(HTTP_UNSENT);
	ck_assert_int_le(telegram_poll_due(p) - now, 500);
}
END_TEST

START_TEST(after_a_broken_poll_comes_a_new_connection)
{
	ck_assert(next());
	no_answer(HTTP_BROKEN);
	go_on();
	ck_assert(req.fresh);
	now += 25 * SECOND_MS;
	answer(200, EMPTY);
	go_on();
	ck_assert(!req.fresh);
}
END_TEST

START_TEST(the_watchdog_bites_after_90_s)
{
	int bites = 0;

	for (int i = 0; i < 6; i++) {
		go_on();
		now += 35 * SECOND_MS;
		no_answer(HTTP_BROKEN);
		ck_assert(!batch.drop_connections || now - START >= 90 * SECOND_MS);
		bites += batch.drop_connections;
	}
	ck_assert_int_eq(bites, 2); /* once for each 90 s of the 210 or so */
}
END_TEST

START_TEST(any_whole_answer_calms_the_watchdog)
{
	for (int i = 0; i < 5; i++) {
		go_on();
		now += 60 * SECOND_MS;
		answer(502, "<html>");
		go_on();
		now += 60 * SECOND_MS;
		no_answer(HTTP_BROKEN);
		ck_assert(!batch.drop_connections);
	}
}
END_TEST

START_TEST(a_batch_that_does_not_get_through_is_asked_in_parts)
{
	static const int limits[] = {100, 100, 10, 10, 1, 1};

	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		go_on();
		ck_assert_int_eq(asked("limit"), limits[i]);
		no_answer(HTTP_BROKEN);
	}
	go_on();
	answer(200, TWO);
	telegram_poll_confirmed(p, batch.next_offset);
	go_on();
	ck_assert_int_eq(asked("limit"), 100);
}
END_TEST

START_TEST(a_clock_set_back_does_not_stop_it)
{
	ck_assert(next());
	answer(502, "");
	now -= 2 * DAY_MS;
	ck_assert(next());
}
END_TEST

START_TEST(commands_know_the_name_once_it_is_told)
{
	static const char body[] = "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{\"message_id\":1,\"date\":1,"
				   "\"chat\":{\"id\":5,\"type\":\"private\"},\"text\":\"/sell@new_name x\"}}]}";

	ck_assert(next());
	answer(200, body);
	ck_assert_ptr_null(batch.updates[0].command);
	telegram_poll_named(p, "new_name");
	go_on();
	answer(200, body);
	ck_assert_str_eq(batch.updates[0].command, "sell");
}
END_TEST

START_TEST(the_webhook_goes_and_its_updates_stay)
{
	telegram_webhook_request(ctx, &options, &req);
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/deleteWebhook");
	ck_assert_str_eq(req.body, "{\"drop_pending_updates\":false}");
}
END_TEST

START_TEST(time_outs_follow_the_option)
{
	static const struct {
		int option, server;
	} rows_[] = {{0, 25}, {-5, 25}, {1, 1}, {40, 40}, {600, 50}};

	for (size_t i = 0; i < sizeof rows_ / sizeof rows_[0]; i++) {
		struct telegram_options o = options;

		o.poll_timeout_s = rows_[i].option;
		p = telegram_poll_new(ctx, &o, now);
		ck_assert(next());
		ck_assert_int_eq(asked("timeout"), rows_[i].server);
		ck_assert_int_eq(req.timeout_ms, (rows_[i].server + 10) * SECOND_MS);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("telegram_poll");
	TCase *t = tcase_create("telegram_poll");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, what_is_asked);
	tcase_add_test(t, the_stored_offset_is_used_at_start);
	tcase_add_test(t, one_at_a_time);
	tcase_add_test(t, only_the_commit_moves_the_offset);
	tcase_add_test(t, lower_ids_after_a_silent_week_are_news);
	tcase_add_test(t, a_server_that_does_not_wait_is_asked_slowly);
	tcase_add_test(t, a_woken_poll_is_no_haste);
	tcase_add_loop_test(t, trouble, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, retry_after_as_a_header);
	tcase_add_test(t, back_off_doubles_to_its_top_and_starts_again);
	tcase_add_test(t, after_a_broken_poll_comes_a_new_connection);
	tcase_add_test(t, the_watchdog_bites_after_90_s);
	tcase_add_test(t, any_whole_answer_calms_the_watchdog);
	tcase_add_test(t, a_batch_that_does_not_get_through_is_asked_in_parts);
	tcase_add_test(t, a_clock_set_back_does_not_stop_it);
	tcase_add_test(t, commands_know_the_name_once_it_is_told);
	tcase_add_test(t, the_webhook_goes_and_its_updates_stay);
	tcase_add_test(t, time_outs_follow_the_option);
	suite_add_tcase(s, t);
	return tap_run(s);
}
