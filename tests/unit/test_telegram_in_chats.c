/* Updates of inline mode, edits, answers, forwards and albums. */
#include "telegram_in_update.h"

START_TEST(what_is_typed_after_the_bots_name)
{
	struct update *u = one("\"inline_query\":{\"id\":\"77\"," SARA ",\"query\":\"25m iPhone\",\"offset\":\"\"}");

	ck_assert_int_eq(u->kind, UPDATE_INLINE);
	ck_assert_str_eq(u->callback_id, "77");
	ck_assert_str_eq(u->text, "25m iPhone");
	ck_assert_int_ne(u->chat_kind, CHAT_PRIVATE);
	u = one("\"chosen_inline_result\":{\"result_id\":\"s1\"," SARA
		",\"query\":\"x\",\"inline_message_id\":\"AAQ\"}");
	ck_assert_int_eq(u->kind, UPDATE_CHOSEN);
	ck_assert_str_eq(u->data, "s1");
	ck_assert_str_eq(u->inline_id, "AAQ");
	u = one("\"callback_query\":{\"id\":\"1\"," SARA ",\"data\":\"x\",\"inline_message_id\":\"AAQ\"}");
	ck_assert_int_eq(u->kind, UPDATE_BUTTON);
	ck_assert_str_eq(u->inline_id, "AAQ");
	ck_assert_int_ne(u->chat_kind, CHAT_PRIVATE);
}
END_TEST

START_TEST(an_edited_message_is_no_command)
{
	struct update *u = one("\"edited_message\":{" AT "," SARA "," HOME ",\"text\":\"/sell x 5m\"}");

	ck_assert_int_eq(u->kind, UPDATE_EDITED);
	ck_assert_ptr_null(u->command);
	ck_assert_str_eq(u->text, "/sell x 5m");
}
END_TEST

START_TEST(whom_and_what_a_message_answers)
{
	struct update *u =
		one("\"message\":{" AT "," SARA "," BAZAAR
		    ",\"text\":\"/deal\",\"reply_to_message\":{\"message_id\":9,\"from\":{\"id\":77,"
		    "\"first_name\":\"R\",\"username\":\"rk\"},\"caption\":\"phone 5m\",\"photo\":[{\"file_id\":"
		    "\"F\",\"width\":1,\"height\":1}]}}");

	ck_assert_int_eq(u->reply_to_id, 77);
	ck_assert_str_eq(u->reply_to_text, "phone 5m");
	ck_assert_str_eq(u->reply_to_file_id, "F");
	u = one("\"message\":{" AT "," SARA "," BAZAAR ",\"text\":\"x\",\"reply_to_message\":{\"message_id\":9,"
		"\"from\":{\"id\":42,\"is_bot\":true,\"first_name\":\"B\"},\"text\":\"y\"}}");
	ck_assert_int_eq(u->reply_to_id, 0);
	ck_assert_str_eq(u->reply_to_text, "y");
}
END_TEST

START_TEST(forwarded_albums_and_stickers)
{
	struct update *u =
		one("\"message\":{" AT "," SARA "," HOME ",\"media_group_id\":\"55\",\"caption\":\"ad\",\"photo\":"
		    "[{\"file_id\":\"F\",\"width\":1,\"height\":1}],\"forward_origin\":{\"type\":\"user\",\"date\":1,"
		    "\"sender_user\":{\"id\":77,\"first_name\":\"R\"}}}");

	ck_assert_int_eq(u->kind, UPDATE_PHOTO);
	ck_assert_str_eq(u->album, "55");
	ck_assert(u->forwarded);
	ck_assert_int_eq(u->forwarded_from_id, 77);
	u = one("\"message\":{" AT "," SARA "," HOME ",\"text\":\"x\",\"forward_origin\":{\"type\":\"hidden_user\"}}");
	ck_assert(u->forwarded);
	ck_assert_int_eq(u->forwarded_from_id, 0);
	u = one("\"message\":{" AT "," SARA "," HOME ",\"sticker\":{\"file_id\":\"x\"}}");
	ck_assert_int_eq(u->kind, UPDATE_STICKER);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("telegram_in_chats");
	TCase *t = tcase_create("chats");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, what_is_typed_after_the_bots_name);
	tcase_add_test(t, an_edited_message_is_no_command);
	tcase_add_test(t, whom_and_what_a_message_answers);
	tcase_add_test(t, forwarded_albums_and_stickers);
	suite_add_tcase(s, t);
	return tap_run(s);
}
