/* Outgoing calls as the Bot API wants them, and what each of its answers means. */
#include "js.h"
#include "log.h"
#include "tap.h"
#include "telegram_file.h"
#include "telegram_out.h"
#include "telegram_setup.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

static void *ctx;
static struct channel *channel;
static struct http_request req;
static struct send_outcome got;

static const struct telegram_options options = {
	.token = "42:SECRETTOKEN",
	.api_base = "https://api.example",
	.file_base = "https://files.example/file",
	.bot_username = "separex_bot",
};

static void set_up(void)
{
	ctx = talloc_new(NULL);
	channel = telegram_channel(ctx, &options);
}

static void tear_down(void)
{
	talloc_free(ctx);
}

/* The call for `m`: its method and its parameters as compact JSON. */
static void expect_call(const struct outmsg *m, const char *method, const char *body)
{
	channel->request(channel->self, ctx, m, &req);
	ck_assert_str_eq(req.url, talloc_asprintf(ctx, "https://api.example/bot42:SECRETTOKEN/%s", method));
	ck_assert_uint_eq(req.body_bytes, strlen(req.body));
	ck_assert_str_eq(req.body, body);
	ck_assert_str_eq(req.method, "POST");
	ck_assert_str_eq(req.headers[0].value, "application/json");
	ck_assert(req.proxied && !req.fresh && req.timeout_ms > 0 && req.max_answer > 0);
	ck_assert(req.owner == 0 && req.tag == 0);
}

START_TEST(a_text)
{
	struct outmsg m = {
		.kind = OUT_TEXT, .chat_id = -1001000000001, .thread_id = 4, .reply_to = 9, .text = "<b>سلام</b>"};

	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, "Yes", "d:1");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_DANGER, "No", "d:2");
	outmsg_button(&m, true, BUTTON_URL, BUTTON_PLAIN, "Pay", "https://pay.example");
	outmsg_button(&m, true, BUTTON_COPY, BUTTON_PLAIN, "Copy", "ABC");
	expect_call(&m, "sendMessage",
		    "{\"chat_id\":-1001000000001,\"message_thread_id\":4,\"reply_parameters\":{\"message_id\":9,"
		    "\"allow_sending_without_reply\":true},\"text\":\"<b>سلام</b>\",\"parse_mode\":\"HTML\","
		    "\"link_preview_options\":{\"is_disabled\":true},\"reply_markup\":{\"inline_keyboard\":["
		    "[{\"text\":\"Yes\",\"callback_data\":\"d:1\",\"style\":\"success\"},"
		    "{\"text\":\"No\",\"callback_data\":\"d:2\",\"style\":\"danger\"}],"
		    "[{\"text\":\"Pay\",\"url\":\"https://pay.example\"}],"
		    "[{\"text\":\"Copy\",\"copy_text\":{\"text\":\"ABC\"}}]]}}");
}
END_TEST

START_TEST(ready_cards)
{
	struct outmsg m = {.kind = OUT_RESULTS,
			   .callback_id = "77",
			   .text = "Open",
			   .url = "inline",
			   .n_results = 1,
			   .results = {{"r1", "Sell", "25", "<b>x</b>", "See", "https://t.me/b?start=2"}}};

	expect_call(
		&m, "answerInlineQuery",
		"{\"inline_query_id\":\"77\",\"results\":[{\"type\":\"article\",\"id\":\"r1\",\"title\":\"Sell\","
		"\"description\":\"25\",\"input_message_content\":{\"message_text\":\"<b>x</"
		"b>\",\"parse_mode\":\"HTML\","
		"\"link_preview_options\":{\"is_disabled\":true}},\"reply_markup\":{\"inline_keyboard\":[[{\"text\":"
		"\"See\","
		"\"url\":\"https://t.me/b?start=2\",\"style\":\"success\"}]]}}],\"cache_time\":1,\"is_personal\":true,"
		"\"button\":{\"text\":\"Open\",\"start_parameter\":\"inline\"}}");
}
END_TEST

START_TEST(albums_files_and_inline_cards)
{
	struct outmsg edit = {.kind = OUT_EDIT, .inline_id = "AAQ", .text = "x"};

	expect_call(&(struct outmsg){.kind = OUT_ALBUM, .chat_id = 5, .text = "x", .n_files = 2, .files = {"A", "B"}},
		    "sendMediaGroup",
		    "{\"chat_id\":5,\"media\":[{\"type\":\"photo\",\"media\":\"A\",\"caption\":\"x\",\"parse_mode\":"
		    "\"HTML\"},"
		    "{\"type\":\"photo\",\"media\":\"B\"}]}");
	expect_call(&(struct outmsg){.kind = OUT_DOCUMENT, .chat_id = 5, .text = "x", .file_id = "F", .silent = true},
		    "sendDocument",
		    "{\"chat_id\":5,\"disable_notification\":true,\"caption\":\"x\",\"parse_mode\":\"HTML\","
		    "\"document\":\"F\"}");
	expect_call(&(struct outmsg){.kind = OUT_TEXT, .chat_id = -5, .text = "x", .only_for = 7}, "sendMessage",
		    "{\"chat_id\":-5,\"ephemeral_message_parameters\":{\"receiver_user_id\":7},\"text\":\"x\","
		    "\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":true}}");
	outmsg_button(&edit, true, BUTTON_INLINE, BUTTON_MAIN, "Share", "25m");
	expect_call(&edit, "editMessageText",
		    "{\"inline_message_id\":\"AAQ\",\"text\":\"x\",\"parse_mode\":\"HTML\",\"link_preview_options\":"
		    "{\"is_disabled\":true},\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"Share\","
		    "\"switch_inline_query_chosen_chat\":{\"query\":\"25m\",\"allow_user_chats\":true,\"allow_group_"
		    "chats\":true},"
		    "\"style\":\"primary\"}]]}}");
}
END_TEST

START_TEST(the_other_kinds)
{
	expect_call(&(struct outmsg){.kind = OUT_TEXT, .chat_id = 5, .text = "a < b", .plain = true}, "sendMessage",
		    "{\"chat_id\":5,\"text\":\"a < b\",\"link_preview_options\":{\"is_disabled\":true}}");
	expect_call(&(struct outmsg){.kind = OUT_EDIT, .chat_id = 5, .message_id = 6, .text = "x"}, "editMessageText",
		    "{\"chat_id\":5,\"message_id\":6,\"text\":\"x\",\"parse_mode\":\"HTML\","
		    "\"link_preview_options\":{\"is_disabled\":true}}");
	expect_call(&(struct outmsg){.kind = OUT_STRIP, .chat_id = 5, .message_id = 6}, "editMessageReplyMarkup",
		    "{\"chat_id\":5,\"message_id\":6}");
	expect_call(&(struct outmsg){.kind = OUT_ANSWER, .callback_id = "77", .text = ""}, "answerCallbackQuery",
		    "{\"callback_query_id\":\"77\"}");
	expect_call(&(struct outmsg){.kind = OUT_ANSWER, .callback_id = "77", .text = "ok <", .alert = true},
		    "answerCallbackQuery", "{\"callback_query_id\":\"77\",\"text\":\"ok <\",\"show_alert\":true}");
	expect_call(&(struct outmsg){.kind = OUT_PHOTO, .chat_id = 5, .file_id = "AgAC", .text = "x"}, "sendPhoto",
		    "{\"chat_id\":5,\"caption\":\"x\",\"parse_mode\":\"HTML\",\"photo\":\"AgAC\"}");
	expect_call(&(struct outmsg){.kind = OUT_PHOTO, .chat_id = 5, .recipe = "not drawn", .text = "x"},
		    "sendMessage",
		    "{\"chat_id\":5,\"text\":\"x\",\"parse_mode\":\"HTML\",\"link_preview_options\":{\"is_disabled\":"
		    "true}}");
}
END_TEST

START_TEST(a_long_toast_is_cut_between_characters)
{
	char *words = talloc_strdup(ctx, "x");

	for (int i = 0; i < 200; i++)
		words = talloc_strdup_append_buffer(words, "\xF0\x9F\x98\x80");
	channel->request(channel->self, ctx, &(struct outmsg){.kind = OUT_ANSWER, .callback_id = "7", .text = words},
			 &req);
	ck_assert_uint_eq(strlen(js_str(js_parse(ctx, req.body, req.body_bytes), "text", "")), 1 + 99 * 4);
}
END_TEST

static const struct http_part *part(const char *name)
{
	for (size_t i = 0; i < req.n_parts; i++)
		if (!strcmp(req.parts[i].name, name))
			return &req.parts[i];
	ck_abort_msg("no part %s", name);
	return NULL;
}

static void expect_part(const char *name, const char *value)
{
	const struct http_part *p = part(name);

	ck_assert_uint_eq(p->n, strlen(value));
	ck_assert_mem_eq(p->bytes, value, p->n);
	ck_assert_ptr_null(p->filename);
}

START_TEST(a_picture_is_uploaded)
{
	struct outmsg m = {.kind = OUT_PHOTO,
			   .chat_id = -5,
			   .thread_id = 3,
			   .text = "caption",
			   .reply_to = 8,
			   .recipe = "q",
			   .picture = "\x89PNG\0data",
			   .picture_bytes = 9};

	outmsg_button(&m, true, BUTTON_URL, BUTTON_PLAIN, "Pay", "https://pay.example");
	channel->request(channel->self, ctx, &m, &req);
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/sendPhoto");
	ck_assert(req.body == NULL && req.body_bytes == 0 && req.n_headers == 0);
	ck_assert_uint_eq(req.n_parts, 7);
	expect_part("chat_id", "-5");
	expect_part("message_thread_id", "3");
	expect_part("caption", "caption");
	expect_part("parse_mode", "HTML");
	expect_part("reply_parameters", "{\"message_id\":8,\"allow_sending_without_reply\":true}");
	expect_part("reply_markup", "{\"inline_keyboard\":[[{\"text\":\"Pay\",\"url\":\"https://pay.example\"}]]}");
	ck_assert_str_eq(part("photo")->filename, "separex.png");
	ck_assert_str_eq(part("photo")->type, "image/png");
	ck_assert_uint_eq(part("photo")->n, 9);
	ck_assert_mem_eq(part("photo")->bytes, m.picture, 9);
}
END_TEST

static void give(const struct outmsg *m, const struct http_answer *a)
{
	memset(&got, 0xAA, sizeof got);
	channel->outcome(channel->self, ctx, m, a, &got);
}

static void answer(const struct outmsg *m, int status, const char *body)
{
	give(m, &(struct http_answer){.result = HTTP_ANSWERED,
				      .status = status,
				      .body = body,
				      .body_bytes = strlen(body),
				      .retry_after_s = -1,
				      .sandbox_ahead_ms = -1,
				      .trouble = ""});
}

static const struct outmsg a_message = {.kind = OUT_TEXT, .chat_id = 5, .text = "x"};

START_TEST(done)
{
	answer(&a_message, 200, "{\"ok\":true,\"result\":{\"message_id\":5000000001,\"date\":1,\"text\":\"\\ud800\"}}");
	ck_assert_int_eq(got.verdict, SEND_DONE);
	ck_assert_int_eq(got.message_id, 5000000001);
	ck_assert_ptr_null(got.file_id);
	ck_assert_str_eq(got.reason, "");
	answer(&(struct outmsg){.kind = OUT_PHOTO, .chat_id = 5}, 200,
	       "{\"ok\":true,\"result\":{\"message_id\":8,\"photo\":[{\"file_id\":\"s\",\"width\":90,\"height\":90},"
	       "{\"file_id\":\"l\",\"width\":800,\"height\":800}]}}");
	ck_assert_int_eq(got.message_id, 8);
	ck_assert_str_eq(got.file_id, "l");
	answer(&(struct outmsg){.kind = OUT_EDIT, .chat_id = 5, .message_id = 6}, 200,
	       "{\"ok\":true,\"result\":{\"message_id\":6}}");
	ck_assert_int_eq(got.verdict, SEND_DONE);
	ck_assert_int_eq(got.message_id, 0);
	answer(&(struct outmsg){.kind = OUT_ANSWER, .callback_id = "1"}, 200, "{\"ok\":true,\"result\":true}");
	ck_assert_int_eq(got.verdict, SEND_DONE);
}
END_TEST

#define REFUSAL(code, words) "{\"ok\":false,\"error_code\":" #code ",\"description\":\"" words "\"}"

static const struct row {
	int status;
	const char *body;
	enum send_verdict verdict;
	int64_t retry_ms;
} rows[] = {
	{429,
	 "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 12\",\"parameters\":"
	 "{\"retry_after\":12}}",
	 SEND_SLOW_DOWN, 12000},
	{429, REFUSAL(429, "Too Many Requests"), SEND_SLOW_DOWN, 1000},
	{429, "<html>", SEND_SLOW_DOWN, 1000},
	{420, REFUSAL(420, "local_rate_limited"), SEND_SLOW_DOWN, 1000},
	{403, REFUSAL(403, "Forbidden: bot was blocked by the user"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: user is deactivated"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: bot was kicked from the supergroup chat"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: bot is not a member of the channel chat"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: the group chat was deleted"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: something of next year"), SEND_UNREACHABLE, 0},
	{403, REFUSAL(403, "Forbidden: bot can't initiate conversation with a user"), SEND_UNREACHABLE, 0},
	{400, REFUSAL(400, "Bad Request: bot can't initiate conversation with a user"), SEND_UNREACHABLE, 0},
	{400, REFUSAL(400, "Bad Request: chat not found"), SEND_UNREACHABLE, 0},
	{400, REFUSAL(400, "Bad Request: CHAT NOT FOUND"), SEND_UNREACHABLE, 0},
	{400,
	 REFUSAL(400, "Bad Request: message is not modified: specified new message content and reply markup are "
		      "exactly the same"),
	 SEND_DONE, 0},
	{400, REFUSAL(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
	 SEND_STALE, 0},
	{400, REFUSAL(400, "Bad Request: message to edit not found"), SEND_GONE, 0},
	{400, REFUSAL(400, "Bad Request: message can't be edited"), SEND_GONE, 0},
	{400, REFUSAL(400, "Bad Request: there is no text in the message to edit"), SEND_GONE, 0},
	{400, REFUSAL(400, "Bad Request: can't parse entities: unsupported start tag \\\"x\\\" at byte offset 3"),
	 SEND_PLAIN, 0},
	{400, REFUSAL(400, "Bad Request: message is too long"), SEND_REFUSED, 0},
	{400, REFUSAL(400, "Bad Request: group chat was upgraded to a supergroup chat"), SEND_REFUSED, 0},
	{413, REFUSAL(413, "Request Entity Too Large"), SEND_REFUSED, 0},
	{401, REFUSAL(401, "Unauthorized"), SEND_FATAL, 0},
	{404, REFUSAL(404, "Not Found"), SEND_FATAL, 0},
	{500, REFUSAL(500, "Internal Server Error: restart"), SEND_RETRY, 0},
	{502, "<html><head><title>502 Bad Gateway</title></head></html>", SEND_RETRY, 0},
	{403, "<html>this site is filtered</html>", SEND_RETRY, 0},
	{404, "<html>nginx</html>", SEND_RETRY, 0},
	{401, "", SEND_RETRY, 0},
	{200, "", SEND_RETRY, 0},
	{200, "{\"ok\":true,\"result\":{\"messag", SEND_RETRY, 0},
	{200, "<html>welcome to the hotel</html>", SEND_RETRY, 0},
	{200, "{\"ok\":\"yes\"}", SEND_RETRY, 0},
	{200, "[]", SEND_RETRY, 0},
	{302, "", SEND_RETRY, 0},
};

START_TEST(each_answer_means_something)
{
	const struct row *r = &rows[_i];

	answer(&a_message, r->status, r->body);
	ck_assert_msg(got.verdict == r->verdict, "%d %s: verdict %d", r->status, r->body, got.verdict);
	ck_assert_int_eq(got.retry_ms, r->retry_ms);
	ck_assert_int_eq(got.message_id, 0);
	ck_assert_int_eq(got.new_chat_id, 0);
	ck_assert(r->verdict == SEND_DONE || got.reason[0]);
}
END_TEST

START_TEST(no_answer_is_tried_again)
{
	static const enum http_result results[] = {HTTP_UNSENT, HTTP_BROKEN};

	for (int i = 0; i < 2; i++) {
		give(&a_message, &(struct http_answer){.result = results[i], .body = "", .trouble = "time-out"});
		ck_assert_int_eq(got.verdict, SEND_RETRY);
		ck_assert_int_eq(got.retry_ms, 0);
		ck_assert_str_eq(got.reason, "time-out");
	}
}
END_TEST

START_TEST(the_header_tells_how_long_when_the_body_does_not)
{
	give(&a_message,
	     &(struct http_answer){
		     .result = HTTP_ANSWERED, .status = 429, .body = "", .retry_after_s = 33, .trouble = ""});
	ck_assert_int_eq(got.verdict, SEND_SLOW_DOWN);
	ck_assert_int_eq(got.retry_ms, 33000);
}
END_TEST

START_TEST(a_moved_group)
{
	answer(&a_message, 400,
	       "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded to a "
	       "supergroup "
	       "chat\",\"parameters\":{\"migrate_to_chat_id\":-1001234567890}}");
	ck_assert_int_eq(got.verdict, SEND_MOVED);
	ck_assert_int_eq(got.new_chat_id, -1001234567890);
}
END_TEST

START_TEST(what_depends_on_the_message)
{
	answer(&(struct outmsg){.kind = OUT_STRIP, .chat_id = 5, .message_id = 6}, 400,
	       REFUSAL(400, "Bad Request: message to edit not found"));
	ck_assert_int_eq(got.verdict, SEND_DONE);
	answer(&(struct outmsg){.kind = OUT_TEXT, .chat_id = 5, .plain = true}, 400,
	       REFUSAL(400, "Bad Request: can't parse entities: odd"));
	ck_assert_int_eq(got.verdict, SEND_REFUSED);
}
END_TEST

START_TEST(the_token_is_never_told)
{
	char line[] = "POST https://api.example/bot42:SECRETTOKEN/sendMessage";

	answer(&a_message, 400, REFUSAL(400, "no route /bot42:SECRETTOKEN/sendMessage"));
	ck_assert_int_eq(got.verdict, SEND_REFUSED);
	ck_assert_ptr_null(strstr(got.reason, "SECRET"));
	log_mask(line);
	ck_assert_ptr_null(strstr(line, "SECRET"));
}
END_TEST

START_TEST(an_answer_cut_anywhere_is_tried_again)
{
	static const char whole[] = "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was kicked\","
				    "\"parameters\":{\"migrate_to_chat_id\":-5}}";

	for (size_t n = 0; n < strlen(whole); n++) {
		answer(&a_message, 400, talloc_strndup(ctx, whole, n));
		ck_assert_int_eq(got.verdict, SEND_RETRY);
	}
}
END_TEST

/* The setup calls. */

static const struct telegram_command commands[] = {{"sell", "فروش"}, {"buy", "خرید"}};
static const struct telegram_profile profiles[] = {{"", "تمام", "کوتاه"}, {"en", "Long", "Short"}};
static const struct telegram_menu menus[] = {
	{TELEGRAM_SCOPE_PRIVATE, 0, "", commands, 2},
	{TELEGRAM_SCOPE_CHAT, -1001000000002, "en", commands, 1},
};

START_TEST(setup_is_a_list_of_calls)
{
	static const struct telegram_call wanted[] = {
		{"setMyDescription", "{\"description\":\"تمام\"}"},
		{"setMyShortDescription", "{\"short_description\":\"کوتاه\"}"},
		{"setMyDescription", "{\"language_code\":\"en\",\"description\":\"Long\"}"},
		{"setMyShortDescription", "{\"language_code\":\"en\",\"short_description\":\"Short\"}"},
		{"setMyCommands", "{\"commands\":[{\"command\":\"sell\",\"description\":\"فروش\"},{\"command\":\"buy\","
				  "\"description\":\"خرید\"}],\"scope\":{\"type\":\"all_private_chats\"}}"},
		{"setMyCommands", "{\"commands\":[{\"command\":\"sell\",\"description\":\"فروش\"}],\"scope\":{\"type\":"
				  "\"chat\",\"chat_id\":-1001000000002},\"language_code\":\"en\"}"},
		{"setChatMenuButton", "{\"menu_button\":{\"type\":\"commands\"}}"},
	};
	const struct telegram_setup s = {profiles, 2, menus, 2};
	struct telegram_call *calls;
	char hash[SHA256_HEX_BYTES];

	ck_assert_uint_eq(telegram_setup_calls(ctx, &s, 42, &calls, hash), sizeof wanted / sizeof wanted[0]);
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
		ck_assert_str_eq(calls[i].method, wanted[i].method);
		ck_assert_str_eq(calls[i].body, wanted[i].body);
	}
	telegram_setup_request(ctx, &options, &calls[0], &req);
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/setMyDescription");
	ck_assert_str_eq(req.body, wanted[0].body);
}
END_TEST

START_TEST(the_hash_changes_with_what_is_said_and_by_whom)
{
	struct telegram_menu other = menus[0];
	struct telegram_call *calls;
	char hash[5][SHA256_HEX_BYTES];

	telegram_setup_calls(ctx, &(struct telegram_setup){profiles, 2, menus, 2}, 42, &calls, hash[0]);
	telegram_setup_calls(ctx, &(struct telegram_setup){profiles, 2, menus, 2}, 42, &calls, hash[1]);
	telegram_setup_calls(ctx, &(struct telegram_setup){profiles, 2, menus, 2}, 43, &calls, hash[2]);
	telegram_setup_calls(ctx, &(struct telegram_setup){profiles, 1, menus, 2}, 42, &calls, hash[3]);
	other.language = "fa";
	telegram_setup_calls(ctx, &(struct telegram_setup){profiles, 2, &other, 1}, 42, &calls, hash[4]);
	ck_assert_str_eq(hash[0], hash[1]);
	for (int i = 2; i < 5; i++)
		ck_assert_str_ne(hash[0], hash[i]);
}
END_TEST

static struct http_answer answered(int status, const char *body)
{
	return (struct http_answer){.result = HTTP_ANSWERED,
				    .status = status,
				    .body = body,
				    .body_bytes = strlen(body),
				    .retry_after_s = -1,
				    .trouble = ""};
}

START_TEST(who_am_i)
{
	struct http_answer a = answered(200, "{\"ok\":true,\"result\":{\"id\":4242,\"is_bot\":true,\"first_name\":"
					     "\"Separex\",\"username\":\"separex_bot\",\"can_read_all_group_messages\":"
					     "true}}");
	struct telegram_me me;

	telegram_me_request(ctx, &options, &req);
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/getMe");
	telegram_me_answer(ctx, &a, &me, &got);
	ck_assert_int_eq(got.verdict, SEND_DONE);
	ck_assert_int_eq(me.bot_id, 4242);
	ck_assert_str_eq(me.username, "separex_bot");
	ck_assert(me.reads_groups);
	a = answered(401, REFUSAL(401, "Unauthorized"));
	telegram_me_answer(ctx, &a, &me, &got);
	ck_assert_int_eq(got.verdict, SEND_FATAL);
	a = answered(200, "{\"ok\":true,\"result\":true}");
	telegram_me_answer(ctx, &a, &me, &got);
	ck_assert_int_eq(got.verdict, SEND_RETRY);
}
END_TEST

/* Downloads. */

static struct telegram_download download;

static void file_path(const char *result)
{
	struct http_answer a =
		answered(200, talloc_asprintf(ctx, "{\"ok\":true,\"result\":{\"file_id\":\"x\",%s}}", result));

	download = (struct telegram_download){.bytes = 0};
	telegram_file_answer(ctx, &options, &a, &download, &got);
	req = download.request;
}

START_TEST(a_download)
{
	telegram_file_request(ctx, &options, "AgAC\"", &req);
	ck_assert_str_eq(req.url, "https://api.example/bot42:SECRETTOKEN/getFile");
	ck_assert_str_eq(req.body, "{\"file_id\":\"AgAC\\\"\"}");
	file_path("\"file_path\":\"photos/file 1?#.jpg\",\"file_size\":20971520");
	ck_assert_int_eq(got.verdict, SEND_DONE);
	ck_assert_str_eq(req.url, "https://files.example/file/bot42:SECRETTOKEN/photos/file%201%3F%23.jpg");
	ck_assert_str_eq(req.method, "GET");
	ck_assert_uint_eq(req.max_answer, TELEGRAM_MAX_DOWNLOAD);
	ck_assert(req.proxied);
	ck_assert_int_eq(download.bytes, 20971520);
	file_path("\"file_path\":\"a\"");
	ck_assert_int_eq(download.bytes, 0);
}
END_TEST

static enum send_verdict path_refused(const char *description)
{
	struct http_answer a = answered(
		400, talloc_asprintf(ctx, "{\"ok\":false,\"error_code\":400,\"description\":\"%s\"}", description));

	telegram_file_answer(ctx, &options, &a, &download, &got);
	return got.verdict;
}

START_TEST(a_file_that_is_gone_and_one_that_will_be_back)
{
	ck_assert_int_eq(path_refused("Bad Request: file is too big"), SEND_REFUSED);
	ck_assert_int_eq(path_refused("Bad Request: invalid file_id"), SEND_REFUSED);
	ck_assert_int_eq(path_refused("Bad Request: wrong file_id or the file is temporarily unavailable"), SEND_RETRY);
}
END_TEST

static enum send_verdict came(struct http_answer a, int64_t bytes)
{
	telegram_file_came(ctx, &a, bytes, &got);
	ck_assert(got.verdict == SEND_DONE || got.reason[0]);
	ck_assert_ptr_null(strstr(got.reason, "SECRETTOKEN"));
	return got.verdict;
}

/* No answer to a download is the last word: a fresh path may lead to the file. */
START_TEST(a_file_comes_whole_or_is_asked_for_again)
{
	ck_assert_int_eq(came(answered(200, "abc"), 3), SEND_DONE);
	ck_assert_int_eq(came(answered(200, "abc"), 0), SEND_DONE);
	ck_assert_int_eq(came(answered(200, "{\"ok\":false,\"error_code\":401}"), 0), SEND_DONE); /* people send JSON */
	ck_assert_int_eq(came(answered(200, "ab"), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(200, "abcd"), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(200, ""), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(200, ""), 0), SEND_RETRY);
	ck_assert_int_eq(came(answered(206, "abc"), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(401, REFUSAL(401, "Unauthorized")), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(404, REFUSAL(404, "Not Found")), 3), SEND_RETRY);
	ck_assert_int_eq(came(answered(502, "<html>"), 3), SEND_RETRY);
	ck_assert_int_eq(came((struct http_answer){.result = HTTP_BROKEN, .body = "", .trouble = "timed out"}, 3),
			 SEND_RETRY);
	ck_assert_int_eq(came(answered(429, "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\","
					    "\"parameters\":{\"retry_after\":7}}"),
			      3),
			 SEND_SLOW_DOWN);
	ck_assert_int_eq(got.retry_ms, 7000);
}
END_TEST

START_TEST(paths_that_lead_elsewhere)
{
	static const char *const bad[] = {
		"\"file_path\":\"\"",
		"\"file_path\":7",
		"\"x\":1",
		"\"file_path\":\"/var/lib/telegram/x\"",
		"\"file_path\":\"photos/../../getMe\"",
		"\"file_path\":\"a//b\"",
		"\"file_path\":\"a\",\"file_size\":20971521",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		file_path(bad[i]);
		ck_assert_msg(got.verdict == SEND_REFUSED, "followed: %s", bad[i]);
		ck_assert_ptr_null(req.url);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("telegram_out");
	TCase *t = tcase_create("telegram_out");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_text);
	tcase_add_test(t, the_other_kinds);
	tcase_add_test(t, ready_cards);
	tcase_add_test(t, albums_files_and_inline_cards);
	tcase_add_test(t, a_long_toast_is_cut_between_characters);
	tcase_add_test(t, a_picture_is_uploaded);
	tcase_add_test(t, done);
	tcase_add_loop_test(t, each_answer_means_something, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(t, no_answer_is_tried_again);
	tcase_add_test(t, the_header_tells_how_long_when_the_body_does_not);
	tcase_add_test(t, a_moved_group);
	tcase_add_test(t, what_depends_on_the_message);
	tcase_add_test(t, the_token_is_never_told);
	tcase_add_test(t, an_answer_cut_anywhere_is_tried_again);
	tcase_add_test(t, setup_is_a_list_of_calls);
	tcase_add_test(t, the_hash_changes_with_what_is_said_and_by_whom);
	tcase_add_test(t, who_am_i);
	tcase_add_test(t, a_download);
	tcase_add_test(t, paths_that_lead_elsewhere);
	tcase_add_test(t, a_file_that_is_gone_and_one_that_will_be_back);
	tcase_add_test(t, a_file_comes_whole_or_is_asked_for_again);
	suite_add_tcase(s, t);
	return tap_run(s);
}
