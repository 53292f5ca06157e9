/* JSON written without a tree: what jansson reads back is what was meant. */
#include "js.h"
#include "js_write.h"
#include "tap.h"

#include <talloc.h>

static struct buf *begin(void)
{
	return buf_new(NULL, 1000);
}

START_TEST(members_and_elements_get_their_commas)
{
	struct buf *b = begin();

	js_write_open(b, NULL, '{');
	js_write_text(b, "none", NULL);
	js_write_int(b, "id", INT64_MIN);
	js_write_true(b, "yes");
	js_write_open(b, "rows", '[');
	js_write_open(b, NULL, '[');
	js_write_close(b, ']');
	js_write_int(b, NULL, 7);
	js_write_text(b, NULL, "");
	js_write_close(b, ']');
	js_write_open(b, "last", '{');
	js_write_close(b, '}');
	js_write_close(b, '}');
	ck_assert_str_eq(b->data, "{\"id\":-9223372036854775808,\"yes\":true,\"rows\":[[],7,\"\"],\"last\":{}}");
	ck_assert(!b->failed);
	talloc_free(b);
}
END_TEST

START_TEST(every_byte_comes_back_or_is_mended)
{
	for (int c = 1; c < 256; c++) {
		char text[] = {'[', (char)c, '{', '\0'};
		struct buf *b = begin();
		const char *back;

		js_write_open(b, NULL, '{');
		js_write_text(b, "t", text);
		js_write_int(b, "n", c); /* a bracket at a text's end is no reason to leave the comma out */
		js_write_close(b, '}');
		back = js_str(js_parse(b, b->data, b->len), "t", NULL);
		ck_assert_msg(back, "byte %d: %s", c, b->data);
		ck_assert_str_eq(back, c < 0x80 ? text : "[\xEF\xBF\xBD{");
		talloc_free(b);
	}
}
END_TEST

START_TEST(whole_characters_stay)
{
	struct buf *b = begin();

	js_write_text(b, NULL, "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85 \xF0\x9F\x93\xB1 \xED\xA0\x80");
	ck_assert_str_eq(b->data, "\"\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85 \xF0\x9F\x93\xB1 "
				  "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
	talloc_free(b);
}
END_TEST

START_TEST(what_does_not_fit_is_told)
{
	struct buf *b = buf_new(NULL, 8);

	js_write_text(b, NULL, "123456789");
	ck_assert(b->failed);
	talloc_free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("js_write");
	TCase *t = tcase_create("all");

	suite_add_tcase(s, t);
	tcase_add_test(t, members_and_elements_get_their_commas);
	tcase_add_test(t, every_byte_comes_back_or_is_mended);
	tcase_add_test(t, whole_characters_stay);
	tcase_add_test(t, what_does_not_fit_is_told);
	return tap_run(s);
}
