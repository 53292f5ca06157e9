/* getUpdates bodies as the server writes them, and as nobody should. */
#include "telegram_in_update.h"

static struct update *text(const char *words)
{
	return one(talloc_asprintf(ctx, "\"message\":{" AT "," SARA "," HOME ",\"text\":\"%s\"}", words));
}

START_TEST(a_text)
{
	struct update *u = text("سلام \\ud83d\\ude00");

	ck_assert_int_eq(u->kind, UPDATE_TEXT);
	ck_assert_int_eq(u->chat_id, 5000000004);
	ck_assert_int_eq(u->chat_kind, CHAT_PRIVATE);
	ck_assert_str_eq(u->chat_title, "");
	ck_assert_int_eq(u->from_id, 5000000004);
	ck_assert_str_eq(u->from_name, "سارا رضایی");
	ck_assert_str_eq(u->from_username, "sara_shop");
	ck_assert_str_eq(u->from_language, "fa");
	ck_assert(!u->from_is_bot);
	ck_assert_int_eq(u->message_id, 77);
	ck_assert_int_eq(u->date_ms, 1790000000000);
	ck_assert_str_eq(u->text, "سلام \xF0\x9F\x98\x80");
	ck_assert_ptr_null(u->command);
	ck_assert_str_eq(u->args, "");
}
END_TEST

START_TEST(commands)
{
	static const struct {
		const char *text, *command, *args;
	} rows[] = {
		{"/sell", "sell", ""},
		{"/SELL  iPhone 13 ۲۵ میلیون \\n", "sell", "iPhone 13 ۲۵ میلیون"},
		{"/sell@separex_bot گوشی", "sell", "گوشی"},
		{"/sell@SEPAREX_BOT", "sell", ""},
		{"/start d_Ab-9", "start", "d_Ab-9"},
		{"/start\\nx", "start", "x"},
		{"/sell@other_bot گوشی", NULL, ""},
		{"/sell@separex_bot2", NULL, ""},
		{"/sell@", NULL, ""},
		{"/", NULL, ""},
		{"//sell", NULL, ""},
		{"/sell/buy", NULL, ""},
		{"/\\u0633", NULL, ""},
		{" /sell", NULL, ""},
		{"sell", NULL, ""},
		{"/a234567890123456789012345678901234567890", NULL, ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct update *u = text(rows[i].text);

		ck_assert_int_eq(u->kind, UPDATE_TEXT);
		if (rows[i].command)
			ck_assert_str_eq(u->command, rows[i].command);
		else
			ck_assert_msg(!u->command, "%s became /%s", rows[i].text, u->command);
		ck_assert_str_eq(u->args, rows[i].args);
	}
}
END_TEST

START_TEST(a_name_not_known_yet_claims_no_named_command)
{
	const char *body = "{\"ok\":true,\"result\":[{\"update_id\":1,\"message\":{" AT "," SARA "," HOME
			   ",\"text\":\"/sell@x\"}}]}";

	ck_assert_ptr_null(telegram_updates(ctx, body, strlen(body), "", &n)->command);
	ck_assert_ptr_null(telegram_updates(ctx, body, strlen(body), NULL, &n)->command);
}
END_TEST

START_TEST(a_group_with_topics)
{
	struct update *u = one("\"message\":{" AT "," SARA "," BAZAAR ",\"text\":\"x\",\"is_topic_message\":true,"
			       "\"message_thread_id\":4,\"reply_to_message\":{\"message_id\":70," BAZAAR "}}");

	ck_assert_int_eq(u->chat_id, -1001000000001);
	ck_assert_int_eq(u->chat_kind, CHAT_GROUP);
	ck_assert_str_eq(u->chat_title, "بازار");
	ck_assert_int_eq(u->thread_id, 4);
	ck_assert_int_eq(u->reply_to_message_id, 70);
	u = one("\"message\":{" AT "," SARA "," BAZAAR ",\"text\":\"x\",\"message_thread_id\":4}");
	ck_assert_int_eq(u->thread_id, 0);
	u = one("\"message\":{" AT "," SARA "," BAZAAR ",\"text\":\"x\",\"is_topic_message\":true,"
		"\"message_thread_id\":4,\"reply_to_message\":{\"message_id\":4,\"forum_topic_created\":{}}}");
	ck_assert_int_eq(u->reply_to_message_id, 0);
}
END_TEST

START_TEST(nobody_answers_for_these)
{
	static const char *const writers[] = {
		"\"from\":{\"id\":1087968824,\"is_bot\":true,\"first_name\":\"Group\"},\"sender_chat\":{\"id\":-1}",
		"\"from\":{\"id\":1087968824,\"is_bot\":true,\"first_name\":\"Group\"}",
		"\"from\":{\"id\":777000,\"first_name\":\"Telegram\"}",
		"\"from\":{\"id\":12,\"first_name\":\"x\"},\"sender_chat\":{\"id\":-1002,\"type\":\"channel\"}",
		"\"from\":{\"id\":-12}",
		"\"from\":{\"id\":\"12\"}",
		"\"from\":9",
		"\"x\":1",
	};

	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
		struct update *u =
			one(talloc_asprintf(ctx, "\"message\":{" AT ",%s," BAZAAR ",\"text\":\"/ban\"}", writers[i]));

		ck_assert_int_eq(u->kind, UPDATE_TEXT);
		ck_assert_msg(u->from_id == 0, "somebody answers for %s", writers[i]);
	}
}
END_TEST

START_TEST(pictures_and_files)
{
	struct update *u =
		one("\"message\":{" AT "," SARA "," HOME ",\"caption\":\"/sell گوشی\",\"photo\":["
		    "{\"file_id\":\"s\",\"file_unique_id\":\"us\",\"width\":90,\"height\":67,\"file_size\":9},"
		    "{\"file_id\":\"l\",\"file_unique_id\":\"ul\",\"width\":1280,\"height\":960,"
		    "\"file_size\":200000},"
		    "{\"file_id\":\"m\",\"file_unique_id\":\"um\",\"width\":320,\"height\":240}]}");

	ck_assert_int_eq(u->kind, UPDATE_PHOTO);
	ck_assert_str_eq(u->file_id, "l");
	ck_assert_str_eq(u->file_unique_id, "ul");
	ck_assert_int_eq(u->file_bytes, 200000);
	ck_assert_str_eq(u->text, "/sell گوشی");
	ck_assert_str_eq(u->command, "sell");
	u = one("\"message\":{" AT "," SARA "," HOME ",\"document\":{\"file_id\":\"d\",\"file_unique_id\":\"ud\","
		"\"mime_type\":\"application/pdf\",\"file_size\":5000000000}}");
	ck_assert_int_eq(u->kind, UPDATE_DOCUMENT);
	ck_assert_str_eq(u->file_id, "d");
	ck_assert_str_eq(u->file_mime, "application/pdf");
	ck_assert_int_eq(u->file_bytes, 5000000000);
	ck_assert_str_eq(u->text, "");
	u = one("\"message\":{" AT "," SARA "," HOME ",\"voice\":{\"file_id\":\"v\",\"file_unique_id\":\"uv\"}}");
	ck_assert_int_eq(u->kind, UPDATE_DOCUMENT);
}
END_TEST

START_TEST(contact_and_place)
{
	struct update *u = one("\"message\":{" AT "," SARA "," HOME
			       ",\"contact\":{\"phone_number\":\"+989120000000\",\"first_name\":\"x\","
			       "\"user_id\":5000000004}}");

	ck_assert_int_eq(u->kind, UPDATE_CONTACT);
	ck_assert_int_eq(u->contact_user_id, 5000000004);
	ck_assert_str_eq(u->contact_phone, "+989120000000");
	u = one("\"message\":{" AT "," SARA "," HOME ",\"location\":{\"latitude\":35.7,\"longitude\":51}}");
	ck_assert_int_eq(u->kind, UPDATE_LOCATION);
	ck_assert_double_eq_tol(u->latitude, 35.7, 1e-9);
	ck_assert_double_eq_tol(u->longitude, 51, 1e-9);
	u = one("\"message\":{" AT "," SARA "," HOME ",\"location\":{\"latitude\":1e99,\"longitude\":51}}");
	ck_assert_int_eq(u->kind, UPDATE_OTHER);
}
END_TEST

START_TEST(a_pressed_button)
{
	struct update *u =
		one("\"callback_query\":{\"id\":\"4382\"," SARA ",\"chat_instance\":\"-1\",\"data\":\"d:9:ok\","
		    "\"message\":{" AT "," BAZAAR ",\"from\":{\"id\":42,\"is_bot\":true},\"text\":\"card\"}}");

	ck_assert_int_eq(u->kind, UPDATE_BUTTON);
	ck_assert_str_eq(u->callback_id, "4382");
	ck_assert_str_eq(u->data, "d:9:ok");
	ck_assert_int_eq(u->from_id, 5000000004);
	ck_assert_int_eq(u->chat_id, -1001000000001);
	ck_assert_int_eq(u->message_id, 77);
	ck_assert_str_eq(u->text, "");
	u = one("\"callback_query\":{\"id\":\"1\"," SARA
		",\"data\":\"x\",\"message\":{\"message_id\":5,\"date\":0," HOME "}}");
	ck_assert_int_eq(u->kind, UPDATE_BUTTON);
	ck_assert_int_eq(u->message_id, 5);
	ck_assert_int_eq(u->date_ms, 0);
	u = one("\"callback_query\":{\"id\":\"1\"," SARA ",\"data\":\"x\",\"inline_message_id\":\"abc\"}");
	ck_assert_int_eq(u->kind, UPDATE_BUTTON);
	ck_assert_int_eq(u->chat_id, 5000000004);
	ck_assert_int_eq(u->message_id, 0);
	u = one("\"callback_query\":{\"id\":\"1\"," SARA ",\"data\":\"0123456789012345678901234567890123456789"
		"0123456789012345678901234\"," HOME "}");
	ck_assert_str_eq(u->data, "");
}
END_TEST

START_TEST(coming_and_going)
{
	static const struct {
		const char *member;
		bool can_write;
	} rows[] = {
		{"\"status\":\"member\"", true},
		{"\"status\":\"administrator\",\"can_manage_chat\":true", true},
		{"\"status\":\"kicked\",\"until_date\":0", false},
		{"\"status\":\"left\"", false},
		{"\"status\":\"restricted\",\"is_member\":true,\"can_send_messages\":true", true},
		{"\"status\":\"restricted\",\"is_member\":true,\"can_send_messages\":false", false},
		{"\"status\":\"something_new\"", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct update *u = one(talloc_asprintf(ctx,
						       "\"my_chat_member\":{" BAZAAR "," SARA
						       ",\"date\":1790000000,\"old_chat_member\":{\"status\":"
						       "\"left\"},\"new_chat_member\":{\"user\":{\"id\":42},%s}}",
						       rows[i].member));

		ck_assert_int_eq(u->kind, UPDATE_MEMBERSHIP);
		ck_assert_int_eq(u->bot_can_write, rows[i].can_write);
		ck_assert_int_eq(u->chat_id, -1001000000001);
		ck_assert_int_eq(u->from_id, 5000000004);
		ck_assert_int_eq(u->date_ms, 1790000000000);
	}
}
END_TEST

START_TEST(a_group_grows_up)
{
	struct update *u = one("\"message\":{" AT "," SARA ",\"chat\":{\"id\":-55,\"type\":\"group\",\"title\":\"g\"},"
			       "\"migrate_to_chat_id\":-10055}");

	ck_assert_int_eq(u->kind, UPDATE_MIGRATED);
	ck_assert_int_eq(u->chat_id, -55);
	ck_assert_int_eq(u->new_chat_id, -10055);
	u = one("\"message\":{" AT "," SARA ",\"chat\":{\"id\":-10055,\"type\":\"supergroup\",\"title\":\"g\"},"
		"\"migrate_from_chat_id\":-55}");
	ck_assert_int_eq(u->kind, UPDATE_MIGRATED);
	ck_assert_int_eq(u->chat_id, -55);
	ck_assert_int_eq(u->new_chat_id, -10055);
}
END_TEST

/* None of these may do more than move the cursor, and none may leave half an update behind. */
START_TEST(what_only_moves_the_cursor)
{
	static const char *const inner[] = {
		"\"message\":{" AT "," SARA "," HOME ",\"text\":\"a card\",\"via_bot\":{\"id\":42,\"is_bot\":true}}",
		"\"edited_message\":{" AT "," SARA "," HOME ",\"pinned_message\":{" AT "}}",
		"\"channel_post\":{" AT ",\"chat\":{\"id\":-5,\"type\":\"channel\"},\"text\":\"x\"}",
		"\"message\":{" AT "," SARA "," BAZAAR ",\"new_chat_members\":[{\"id\":42}]}",
		"\"message\":{" AT "," SARA "," BAZAAR ",\"pinned_message\":{" AT "}}",
		"\"message\":{" AT "," SARA "," HOME ",\"kind_of_2031\":{}}",
		"\"inline_query\":{\"id\":1," SARA ",\"query\":\"5m\"}",
		"\"inline_query\":{\"id\":\"1\",\"query\":\"5m\"}",
		"\"chosen_inline_result\":{\"result_id\":7," SARA ",\"query\":\"5m\"}",
		"\"stopped_message_generation\":{}",
		"\"message\":{" AT "," SARA ",\"text\":\"no chat\"}",
		"\"message\":{" AT "," SARA ",\"chat\":{\"id\":0,\"type\":\"private\"},\"text\":\"x\"}",
		"\"message\":{" AT "," SARA ",\"chat\":{\"id\":9007199254740993,\"type\":\"private\"},\"text\":\"x\"}",
		"\"message\":{" AT "," SARA ",\"chat\":{\"id\":1.5,\"type\":\"private\"},\"text\":\"x\"}",
		"\"message\":{" AT "," SARA ",\"chat\":{\"id\":5,\"type\":\"planet\"},\"text\":\"x\"}",
		"\"message\":{" AT "," SARA "," HOME ",\"text\":12}",
		"\"message\":{" AT "," SARA "," HOME ",\"photo\":[]}",
		"\"message\":{" AT "," SARA "," HOME ",\"photo\":{\"file_id\":\"x\"}}",
		"\"message\":{" AT "," SARA "," HOME ",\"photo\":[1,null,{}]}",
		"\"message\":{" AT "," SARA "," HOME ",\"document\":\"x\"}",
		"\"message\":{" AT "," SARA "," HOME ",\"contact\":[]}",
		"\"message\":{" AT "," SARA "," HOME ",\"location\":{\"latitude\":\"35\",\"longitude\":51}}",
		"\"message\":[]",
		"\"message\":null",
		"\"callback_query\":{\"id\":\"1\"," SARA "}",
		"\"callback_query\":{\"id\":1," SARA ",\"data\":\"x\"}",
		"\"callback_query\":{\"id\":\"1\",\"data\":\"x\"}",
		"\"callback_query\":{\"id\":\"1\"," SARA ",\"data\":\"x\",\"message\":{" AT "}}",
		"\"my_chat_member\":{" BAZAAR "," SARA "}",
		"\"my_chat_member\":{\"new_chat_member\":{\"status\":\"member\"}}",
		"\"message\":{" AT ",\"a\":1,\"a\":2," HOME ",\"text\":\"twin members\"}",
	};

	for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
		struct update *u = one(inner[i]);

		ck_assert_msg(u->kind == UPDATE_OTHER, "%s became kind %d", inner[i], u->kind);
		ck_assert_int_eq(u->chat_id, 0);
		ck_assert_int_eq(u->from_id, 0);
		ck_assert_str_eq(u->text, "");
		ck_assert_ptr_null(u->command);
	}
}
END_TEST

/* What jansson refuses must cost neither the batch nor, where it can be mended, the message. */
START_TEST(damaged_text_is_mended)
{
	static const struct {
		const char *words, *read;
	} rows[] = {
		{"a\\ud800b", "a\xEF\xBF\xBD"
			      "b"},
		{"a\\uDC00b", "a\xEF\xBF\xBD"
			      "b"},
		{"\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
		{"\\ud800\\n\\\"", "\xEF\xBF\xBD\n\""},
		{"\\\\ud800", "\\ud800"},
		{"a\\u0000b", "a\xEF\xBF\xBD"
			      "b"},
		{"a\xFF"
		 "b",
		 "a\xEF\xBF\xBD"
		 "b"},
		{"a\tb", "a\xEF\xBF\xBD"
			 "b"},
		{"\\ud800", "\xEF\xBF\xBD"},
		{"\\ud800{\\u0000[", "\xEF\xBF\xBD{\xEF\xBF\xBD["},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct update *u = text(rows[i].words);

		ck_assert_int_eq(u->kind, UPDATE_TEXT);
		ck_assert_str_eq(u->text, rows[i].read);
	}
}
END_TEST

START_TEST(numbers_beyond_reason)
{
	struct update *u =
		one("\"message\":{" AT "," SARA "," HOME ",\"text\":\"x\",\"views\":99999999999999999999999}");

	ck_assert_int_eq(u->kind, UPDATE_TEXT);
	u = one("\"message\":{" AT "," SARA "," HOME ",\"text\":\"x\",\"views\":-1e9999,\"w\":0.5}");
	ck_assert_int_eq(u->kind, UPDATE_TEXT);
	u = one("\"message\":{\"message_id\":99999999999999999999,\"date\":9223372036854775807," SARA "," HOME
		",\"text\":\"x\"}");
	ck_assert_int_eq(u->kind, UPDATE_TEXT);
	ck_assert_int_eq(u->message_id, 0);
	ck_assert_int_eq(u->date_ms, 0);
}
END_TEST

START_TEST(an_id_is_never_lost_with_its_update)
{
	struct update *u = read_body("{\"ok\":true,\"result\":["
				     "{\"update_id\":5,\"message\":{\"text\":\"bad escape \\q\"}},"
				     "{\"update_id\":7,\"message\":{nonsense}},"
				     "{\"update_id\":9007199254740995,\"poll\":{}},"
				     "{\"message\":{},\"update_id\":9,\"x\":tru},"
				     "{\"no\":\"id\"},17,\"{\",null,[],{\"update_id\":\"8\"},{\"update_id\":-4},"
				     "{\"update_id\":12}]}");

	ck_assert_ptr_nonnull(u);
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(u[0].id, 5);
	ck_assert_int_eq(u[1].id, 7);
	ck_assert_int_eq(u[2].id, 9007199254740995);
	ck_assert_int_eq(u[3].id, 9);
	ck_assert_int_eq(u[4].id, 12);
	for (size_t i = 0; i < n; i++)
		ck_assert_int_eq(u[i].kind, UPDATE_OTHER);
}
END_TEST

START_TEST(deep_nesting_costs_one_update)
{
	char *deep = talloc_strdup(ctx, "");

	for (int i = 0; i < 5000; i++)
		deep = talloc_strdup_append_buffer(deep, "[");
	for (int i = 0; i < 5000; i++)
		deep = talloc_strdup_append_buffer(deep, "]");
	one(talloc_asprintf(ctx, "\"message\":%s", deep));
}
END_TEST

START_TEST(bodies_that_are_no_answer)
{
	static const char *const bad[] = {
		"",
		" ",
		"{",
		"}",
		"{}",
		"[]",
		"null",
		"{\"ok\":true}",
		"{\"ok\":true,\"result\":true}",
		"{\"ok\":true,\"result\":{}}",
		"{\"ok\":false,\"result\":[]}",
		"{\"ok\":\"true\",\"result\":[]}",
		"{\"result\":[]}",
		"{\"ok\":false,\"error_code\":409,\"description\":\"Conflict\"}",
		"<html><body>502 Bad Gateway</body></html>",
		"{\"ok\":true,\"result\":[]}{",
		"\\",
		"{\"ok\" true,\"result\":[]}",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(!read_body(bad[i]), "taken: %s", bad[i]);
	ck_assert_ptr_null(telegram_updates(ctx, NULL, 0, "x", &n));
	ck_assert_ptr_nonnull(read_body(" {\"result\" : [ ] ,\"ok\":true, \"later\":{\"a\":[1]}}\n"));
	ck_assert_uint_eq(n, 0);
}
END_TEST

static const char sample[] =
	"{\"ok\":true,\"result\":[{\"update_id\":10,\"message\":{" AT "," SARA "," BAZAAR
	",\"text\":\"/sell \\ud83d\\ude00 5m\",\"entities\":[{\"offset\":0,\"length\":5,\"type\":\"bot_command\"}]}},"
	"{\"update_id\":11,\"callback_query\":{\"id\":\"4\"," SARA ",\"data\":\"d\",\"message\":{" AT "," HOME
	",\"photo\":[{\"file_id\":\"x\",\"width\":1,\"height\":2}]}}},{\"update_id\":12,\"my_chat_member\":{" BAZAAR
	"," SARA ",\"date\":1,\"new_chat_member\":{\"status\":\"left\"}}}]}";

START_TEST(cut_at_every_byte)
{
	for (size_t cut = 0; cut < strlen(sample); cut++) {
		char *body =
			talloc_strndup(ctx, sample, cut); /* its own block, so that a sanitizer sees each overrun */

		ck_assert_ptr_null(telegram_updates(ctx, body, cut, "b", &n));
		ck_assert_uint_eq(n, 0);
		talloc_free(body);
	}
	ck_assert_ptr_nonnull(read_body(sample));
	ck_assert_uint_eq(n, 3);
}
END_TEST

static void check_sane(const struct update *list)
{
	for (size_t i = 0; list && i < n; i++) {
		const struct update *u = &list[i];

		ck_assert(u->id > 0);
		ck_assert(u->kind <= UPDATE_MIGRATED);
		ck_assert(u->text && u->args && u->data && u->callback_id && u->from_name && u->file_id);
		if (u->kind != UPDATE_OTHER)
			ck_assert(u->chat_id != 0);
		if (u->kind == UPDATE_BUTTON)
			ck_assert(u->from_id > 0);
	}
}

START_TEST(one_byte_wrong_anywhere)
{
	static const char bytes[] = "\"{}[]:,\\0-xe\x80\xFF\n";

	for (size_t at = 0; at < strlen(sample); at++)
		for (size_t b = 0; b < sizeof bytes; b++) {
			void *own = talloc_new(NULL);
			char *body = talloc_strdup(own, sample);

			body[at] = bytes[b];
			check_sane(telegram_updates(own, body, strlen(sample), "b", &n));
			talloc_free(own);
		}
}
END_TEST

/* Each value of the sample becomes each other type. */
START_TEST(every_value_of_another_type)
{
	static const char *const others[] = {"null", "true", "-1", "1e5", "\"\"", "\"x\"", "[]", "{}", "[[{}]]"};

	for (size_t at = 0; sample[at]; at++) {
		size_t from = at + 1, to = from;

		if (sample[at] != ':')
			continue;
		if (sample[from] == '"')
			to += strcspn(sample + from + 1, "\"") + 2;
		else if (sample[from] != '{' && sample[from] != '[')
			to += strcspn(sample + from, ",]}");
		else
			continue;
		for (size_t o = 0; o < sizeof others / sizeof others[0]; o++) {
			char *body = talloc_asprintf(ctx, "%.*s%s%s", (int)from, sample, others[o], sample + to);

			check_sane(telegram_updates(ctx, body, strlen(body), "b", &n));
			talloc_free(body);
		}
	}
}
END_TEST

START_TEST(long_texts_are_cut)
{
	char *words = talloc_strdup(ctx, "");

	for (int i = 0; i < 3000; i++)
		words = talloc_strdup_append_buffer(words, "\xF0\x9F\x98\x80");
	ck_assert_uint_eq(strlen(text(words)->text), 2048 * 4);
}
END_TEST

START_TEST(a_flood_is_read_in_parts)
{
	char *body = talloc_strdup(ctx, "{\"ok\":true,\"result\":[{\"update_id\":1}");

	for (int i = 2; i <= TELEGRAM_MAX_BATCH + 5; i++)
		body = talloc_asprintf_append_buffer(body, ",{\"update_id\":%d}", i);
	body = talloc_strdup_append_buffer(body, "]}");
	ck_assert_ptr_nonnull(read_body(body));
	ck_assert_uint_eq(n, TELEGRAM_MAX_BATCH);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("telegram_in");
	TCase *t = tcase_create("telegram_in");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_text);
	tcase_add_test(t, commands);
	tcase_add_test(t, a_name_not_known_yet_claims_no_named_command);
	tcase_add_test(t, a_group_with_topics);
	tcase_add_test(t, nobody_answers_for_these);
	tcase_add_test(t, pictures_and_files);
	tcase_add_test(t, contact_and_place);
	tcase_add_test(t, a_pressed_button);
	tcase_add_test(t, coming_and_going);
	tcase_add_test(t, a_group_grows_up);
	tcase_add_test(t, what_only_moves_the_cursor);
	tcase_add_test(t, damaged_text_is_mended);
	tcase_add_test(t, numbers_beyond_reason);
	tcase_add_test(t, an_id_is_never_lost_with_its_update);
	tcase_add_test(t, deep_nesting_costs_one_update);
	tcase_add_test(t, bodies_that_are_no_answer);
	tcase_add_test(t, cut_at_every_byte);
	tcase_add_test(t, one_byte_wrong_anywhere);
	tcase_add_test(t, every_value_of_another_type);
	tcase_add_test(t, long_texts_are_cut);
	tcase_add_test(t, a_flood_is_read_in_parts);
	suite_add_tcase(s, t);
	return tap_run(s);
}
