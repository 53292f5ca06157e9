/* Outgoing messages survive their way through a work row, and nothing else passes for one. */
#include "js.h"
#include "outmsg.h"
#include "tap.h"
#include "utf8.h"

#include <string.h>
#include <talloc.h>

static void *ctx;

static void set_up(void)
{
	ctx = talloc_new(NULL);
}

static void tear_down(void)
{
	talloc_free(ctx);
}

static struct outmsg through(const struct outmsg *m)
{
	struct outmsg back;

	memset(&back, 0xAA, sizeof back);
	ck_assert(outmsg_from_json(ctx, outmsg_to_json(ctx, m), &back));
	return back;
}

START_TEST(every_member_comes_back)
{
	struct outmsg m = {
		.kind = OUT_PHOTO,
		.chat_id = -1001000000001,
		.thread_id = 7,
		.reply_to = 8,
		.message_id = 9,
		.callback_id = "cb",
		.url = "https://t.me/b?start=1",
		.inline_id = "AAQ",
		.only_for = 77,
		.silent = true,
		.file_name = "receipt.pdf",
		.n_files = 2,
		.files = {"F1", "F2"},
		.n_results = 1,
		.results = {{"r1", "Sell", "25", "<b>x</b>", "Open", "https://t.me/b?start=2"}},
		.alert = true,
		.text = "<b>سلام</b> \xF0\x9F\x98\x80 \"\\\n",
		.plain = true,
		.recipe = "https://pay.example/1",
		.file_id = "AgAC",
	};
	struct outmsg back;

	outmsg_button(&m, false, BUTTON_DATA, BUTTON_GOOD, "Yes", "d:1:yes");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_DANGER, "No", "d:1:no");
	outmsg_button(&m, true, BUTTON_URL, BUTTON_PLAIN, "Pay", "https://pay.example/1");
	outmsg_button(&m, true, BUTTON_COPY, BUTTON_PLAIN, "Copy", "123");
	back = through(&m);
	ck_assert_int_eq(back.kind, OUT_PHOTO);
	ck_assert_int_eq(back.chat_id, -1001000000001);
	ck_assert_int_eq(back.thread_id, 7);
	ck_assert_int_eq(back.reply_to, 8);
	ck_assert_int_eq(back.message_id, 9);
	ck_assert_str_eq(back.callback_id, "cb");
	ck_assert(back.alert && back.plain && back.silent);
	ck_assert_str_eq(back.url, m.url);
	ck_assert_str_eq(back.inline_id, "AAQ");
	ck_assert_int_eq(back.only_for, 77);
	ck_assert_str_eq(back.file_name, "receipt.pdf");
	ck_assert_uint_eq(back.n_files, 2);
	ck_assert_str_eq(back.files[1], "F2");
	ck_assert_uint_eq(back.n_results, 1);
	ck_assert_str_eq(back.results[0].id, "r1");
	ck_assert_str_eq(back.results[0].title, "Sell");
	ck_assert_str_eq(back.results[0].about, "25");
	ck_assert_str_eq(back.results[0].text, "<b>x</b>");
	ck_assert_str_eq(back.results[0].button, "Open");
	ck_assert_str_eq(back.results[0].link, m.results[0].link);
	ck_assert_str_eq(back.text, m.text);
	ck_assert_str_eq(back.recipe, m.recipe);
	ck_assert_str_eq(back.file_id, "AgAC");
	ck_assert_uint_eq(back.n_rows, 3);
	ck_assert_uint_eq(back.n_columns[0], 2);
	ck_assert_uint_eq(back.n_columns[2], 1);
	ck_assert_int_eq(back.buttons[0][0].style, BUTTON_GOOD);
	ck_assert_int_eq(back.buttons[0][1].style, BUTTON_DANGER);
	ck_assert_str_eq(back.buttons[0][1].value, "d:1:no");
	ck_assert_int_eq(back.buttons[1][0].kind, BUTTON_URL);
	ck_assert_str_eq(back.buttons[1][0].label, "Pay");
	ck_assert_int_eq(back.buttons[2][0].kind, BUTTON_COPY);
	ck_assert_ptr_null(back.picture);
}
END_TEST

START_TEST(each_kind_and_what_is_absent)
{
	static const enum out_kind kinds[] = {OUT_TEXT, OUT_PHOTO, OUT_EDIT, OUT_STRIP, OUT_ANSWER};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		struct outmsg back = through(&(struct outmsg){.kind = kinds[i], .chat_id = 5});

		ck_assert_int_eq(back.kind, kinds[i]);
		ck_assert_int_eq(back.chat_id, 5);
		ck_assert(!back.text && !back.recipe && !back.file_id && !back.callback_id);
		ck_assert(!back.alert && !back.plain);
		ck_assert_uint_eq(back.n_rows, 0);
	}
}
END_TEST

/* Rows written by an older program must stay readable: this text is never to change. */
START_TEST(the_stored_words_are_fixed)
{
	struct outmsg m = {.kind = OUT_EDIT, .chat_id = 1, .message_id = 2, .text = "t"};
	struct outmsg back;

	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, "L", "v");
	ck_assert_str_eq(outmsg_to_json(ctx, &m), "{\"kind\":\"edit\",\"chat\":1,\"message\":2,\"text\":\"t\",\"rows\":"
						  "[[{\"label\":\"L\",\"data\":\"v\",\"style\":\"good\"}]]}");
	ck_assert(
		outmsg_from_json(ctx, "{\"kind\":\"text\",\"chat\":1,\"text\":\"t\",\"from_the_future\":[1]}", &back));
}
END_TEST

START_TEST(bad_utf8_is_mended_not_lost)
{
	struct outmsg back = through(&(struct outmsg){.kind = OUT_TEXT,
						      .chat_id = 1,
						      .text = "a\xFF"
							      "b\xED\xA0\x80"});

	ck_assert_str_eq(back.text, "a\xEF\xBF\xBD"
				    "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}
END_TEST

START_TEST(what_is_no_message_is_refused)
{
	static const char *const bad[] = {
		"",
		"null",
		"[]",
		"{}",
		"{\"kind\":\"shout\",\"chat\":1}",
		"{\"kind\":1}",
		"{\"kind\":\"text\",\"rows\":{}}",
		"{\"kind\":\"text\",\"rows\":[{}]}",
		"{\"kind\":\"text\",\"rows\":[[{}]]}",
		"{\"kind\":\"text\",\"rows\":[[{\"label\":\"x\"}]]}",
		"{\"kind\":\"text\",\"rows\":[[{\"data\":\"x\"}]]}",
		"{\"kind\":\"text\",\"rows\":[[{\"label\":\"x\",\"data\":\"x\",\"style\":\"loud\"}]]}",
		"{\"kind\":\"text\",\"rows\":[[1]]}",
		"{\"kind\":\"text\",\"rows\":[[],[],[],[],[],[],[],[],[],[],[],[],[]]}",
		"{\"kind\":\"text\"",
	};
	struct outmsg back;

	ck_assert(!outmsg_from_json(ctx, NULL, &back));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(!outmsg_from_json(ctx, bad[i], &back), "taken: %s", bad[i]);
}
END_TEST

START_TEST(a_message_cut_anywhere_is_refused)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = 1, .text = "سلام"};
	struct outmsg back;
	char *json;

	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, "Yes", "d:1");
	json = outmsg_to_json(ctx, &m);
	for (size_t n = strlen(json); n--;) {
		json[n] = '\0';
		ck_assert(!outmsg_from_json(ctx, json, &back));
	}
}
END_TEST

START_TEST(utf8_counts_and_steps)
{
	ck_assert_uint_eq(utf8_fit_utf16("abc", 2), 2);
	ck_assert_uint_eq(utf8_fit_utf16("abc", 3), 3);
	ck_assert_uint_eq(utf8_fit_utf16("a\xF0\x9F\x98\x80", 2), 1);
	ck_assert_uint_eq(utf8_fit_utf16("a\xF0\x9F\x98\x80", 3), 5);
	ck_assert_uint_eq(utf8_fit_utf16("\xD8\xB3\xD9\x84", 1), 2);
	ck_assert(utf8_valid("\xF4\x8F\xBF\xBF", 4));
	ck_assert(!utf8_valid("\xF4\x90\x80\x80", 4));
	ck_assert(!utf8_valid("\xC0\xAF", 2));
	ck_assert(!utf8_valid("\xE0\x80\xAF", 3));
	ck_assert(!utf8_valid("\xED\xA0\x80", 3));
	ck_assert(!utf8_valid("\xE2\x82", 2));
	ck_assert(!utf8_valid("\x80", 1));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("outmsg");
	TCase *t = tcase_create("outmsg");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, every_member_comes_back);
	tcase_add_test(t, each_kind_and_what_is_absent);
	tcase_add_test(t, the_stored_words_are_fixed);
	tcase_add_test(t, bad_utf8_is_mended_not_lost);
	tcase_add_test(t, what_is_no_message_is_refused);
	tcase_add_test(t, a_message_cut_anywhere_is_refused);
	tcase_add_test(t, utf8_counts_and_steps);
	suite_add_tcase(s, t);
	return tap_run(s);
}
