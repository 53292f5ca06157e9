/* The sandbox reads Telegram's HTML as Telegram does: texts, entities in UTF-16 units, errors with byte offsets. */
#include "sandbox/entities.c"
#include "sandbox/html.c"
#include "tap.h"

static void *ctx;

static void setup(void)
{
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(ctx);
}

/* "type offset length extra;" for each entity. */
static char *listed(const struct rich_text *t)
{
	char *out = talloc_strdup(ctx, "");
	size_t i;
	json_t *e;

	json_array_foreach(t->entities, i, e)
	{
		const char *extra = js_str(e, "url", js_str(e, "language", js_str(e, "date_time_format", "")));

		out = talloc_asprintf_append(out, "%s %d %d%s%s;", js_str(e, "type", "?"), (int)js_int(e, "offset", -1),
					     (int)js_int(e, "length", -1), *extra ? " " : "", extra);
	}
	return out;
}

static const struct {
	const char *html, *text, *entities;
} good[] = {
	{"plain", "plain", ""},
	{"<b>a</b>", "a", "bold 0 1;"},
	{"<strong>a</strong><em>b</em><ins>c</ins><del>d</del>", "abcd",
	 "bold 0 1;italic 1 1;underline 2 1;strikethrough 3 1;"},
	{"<b>سلام</b> x", "سلام x", "bold 0 4;"},
	{"😀<b>a</b>", "😀a", "bold 2 1;"},
	{"<b>a<i>b</i></b>", "ab", "bold 0 2;italic 1 1;"},
	{"a &lt;b&gt; &amp; &quot;q&quot;", "a <b> & \"q\"", ""},
	{"&#1587;&#x633;", "سس", ""},
	{"&nbsp; & &x", "&nbsp; & &x", ""},
	{"<B>a</B>", "a", "bold 0 1;"},
	{"<b>a</>", "a", "bold 0 1;"},
	{"<a href=\"https://x.ir/?a=1&amp;b=2\">x</a>", "x", "text_link 0 1 https://x.ir/?a=1&b=2;"},
	{"<a href='https://x.ir/'>x</a>", "x", "text_link 0 1 https://x.ir/;"},
	{"<a>x</a>", "x", ""},
	{"<a href=\"ftp//\">x</a>", "x", ""},
	{"<pre><code class=\"language-c\">x</code></pre>", "x", "pre 0 1 c;"},
	{"<code>x</code>", "x", "code 0 1;"},
	{"<span class=\"tg-spoiler\">x</span><tg-spoiler>y</tg-spoiler>", "xy", "spoiler 0 1;spoiler 1 1;"},
	{"<blockquote expandable>x</blockquote>", "x", "expandable_blockquote 0 1;"},
	{"<tg-time unix=\"1700000000\" format=\"r\">x</tg-time>", "x", "date_time 0 1 r;"},
	{"a <tg-time unix=\"1700000000\" format=\"wDT\"><b>x</b>y</tg-time>", "a xy", "date_time 2 2 wDT;bold 2 1;"},
	{"<tg-time unix=\"0\">x</tg-time>", "x", "date_time 0 1;"},
	{"  <b> a </b>  ", "a", "bold 0 1;"},
	{"<b></b>a", "a", ""},
	{"<b> </b>", "", ""},
	{"a\tb\r\nc\xE2\x80\xAE"
	 "d",
	 "a b\ncd", ""},
	{"\xE2\x81\xA8x\xE2\x81\xA9", "\xE2\x81\xA8x\xE2\x81\xA9", ""},
};

START_TEST(reads)
{
	struct rich_text t;
	char *error = NULL;

	ck_assert_msg(html_parse(ctx, good[_i].html, &t, &error), "%s: %s", good[_i].html, error);
	ck_assert_str_eq(t.text, good[_i].text);
	ck_assert_str_eq(listed(&t), good[_i].entities);
	ck_assert_uint_eq(t.units, utf16_units(t.text, strlen(t.text)));
}
END_TEST

static const struct {
	const char *html, *error;
} bad[] = {
	{"<b>a", "Can't find end tag corresponding to start tag \"b\""},
	{"ab</b>", "Unexpected end tag at byte offset 2"},
	{"<b>a</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""},
	{"<i>س</b>", "Unmatched end tag at byte offset 5, expected \"</i>\", found \"</b>\""},
	{"x<p>a</p>", "Unsupported start tag \"p\" at byte offset 1"},
	{"a < b", "Unsupported start tag \"\" at byte offset 2"},
	{"a <3", "Unclosed start tag at byte offset 2"},
	{"<br/>", "Unsupported start tag \"br/\" at byte offset 0"},
	{"<b", "Unclosed start tag at byte offset 0"},
	{"<a href=\"x", "Unclosed start tag at byte offset 0"},
	{"<b>a</b", "Unclosed end tag at byte offset 4"},
	{"<a href>x</a>", "Expected equal sign in declaration of an attribute of the tag \"a\" at byte offset 0"},
	{"<b =x>a</b>", "Empty attribute name in the tag \"b\" at byte offset 0"},
	{"<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"},
	{"<span>x</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"},
	{"<tg-time>x</tg-time>", "Tag \"tg-time\" must have attribute \"unix\" at byte offset 0"},
	{"a<tg-time unix=\"-1\">x</tg-time>", "Invalid Unix time specified at byte offset 1"},
	{"<tg-time unix=\"10000000000\">x</tg-time>", "Invalid Unix time specified at byte offset 0"},
	{"<tg-time unix=\"1\" format=\"rd\">x</tg-time>", "Invalid date-time format specified at byte offset 0"},
	{"<tg-time unix=\"1\" format=\"td\">x</tg-time>", "Invalid date-time format specified at byte offset 0"},
	{"<tg-emoji>x</tg-emoji>", "Tag \"tg-emoji\" must have attribute \"emoji-id\" at byte offset 0"},
};

START_TEST(refuses)
{
	struct rich_text t;
	char *error = NULL;

	ck_assert_msg(!html_parse(ctx, bad[_i].html, &t, &error), "%s was read", bad[_i].html);
	ck_assert_str_eq(error, bad[_i].error);
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
	struct rich_text t;
	char *error = NULL, *html = talloc_strdup(ctx, "");

	for (int i = 0; i < 100; i++)
		html = talloc_strdup_append(html, "<b>");
	ck_assert(!html_parse(ctx, html, &t, &error));
	ck_assert(strstr(error, "Too many nested tags at byte offset 96"));
}
END_TEST

static const struct {
	const char *text, *entities;
} automatic[] = {
	{"/start abc", "bot_command 0 6;"},
	{"go /sell@separex_bot now", "bot_command 3 17;"},
	{"a/b 1/2", ""},
	{"see https://x.ir/a?b=1.", "url 4 18;"},
	{"@sara_shop @ab", "mention 0 10;"},
	{"#فروش x", "hashtag 0 5;"},
	{"😀 /pay", "bot_command 3 4;"},
	{"mail me@x.ir", ""},
};

START_TEST(finds)
{
	struct rich_text t;

	plain_parse(ctx, automatic[_i].text, &t);
	entities_find(&t);
	ck_assert_str_eq(listed(&t), automatic[_i].entities);
}
END_TEST

START_TEST(finds_nothing_inside_code)
{
	struct rich_text t;
	char *error = NULL;

	ck_assert(html_parse(ctx, "<code>/start</code> /help", &t, &error));
	entities_find(&t);
	ck_assert_str_eq(listed(&t), "code 0 6;bot_command 7 5;");
}
END_TEST

START_TEST(utf8)
{
	ck_assert(utf8_valid("aس€😀", strlen("aس€😀")));
	ck_assert(!utf8_valid("\xC0\x80", 2)); /* overlong */
	ck_assert(!utf8_valid("\xED\xA0\x80", 3)); /* a surrogate */
	ck_assert(!utf8_valid("\xF5\x80\x80\x80", 4)); /* beyond U+10FFFF */
	ck_assert(!utf8_valid("\xE2\x82", 2)); /* cut */
	ck_assert(!utf8_valid("\x80", 1));
	ck_assert_uint_eq(utf16_units("س😀a", strlen("س😀a")), 4);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sandbox_html");
	TCase *c = tcase_create("html");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_loop_test(c, reads, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(c, refuses, 0, sizeof bad / sizeof *bad);
	tcase_add_loop_test(c, finds, 0, sizeof automatic / sizeof *automatic);
	tcase_add_test(c, deep_nesting_is_refused);
	tcase_add_test(c, finds_nothing_inside_code);
	tcase_add_test(c, utf8);
	suite_add_tcase(s, c);
	return tap_run(s);
}
