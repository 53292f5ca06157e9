/* Foreign XML and foreign tables: what is read, and what is refused. */
#include "tap.h"

#include "csv.h"
#include "xml.h"
#include <string.h>
#include <talloc.h>

static void *ctx;

static void setup(void)
{
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(ctx);
}

static struct xml_doc *parse(const char *text)
{
	return xml_parse(ctx, text, strlen(text));
}

START_TEST(xml_is_read_by_local_names)
{
	struct xml_doc *d =
		parse("<?xml version=\"1.0\"?><S:E xmlns:S=\"s\"><S:Body><x:R xmlns:x=\"x\"><return> 0 , a&amp;b\n"
		      "</return><return>2</return></x:R></S:Body></S:E>");

	ck_assert_ptr_nonnull(d);
	ck_assert_str_eq(xml_text(ctx, d, "Body/R/return"), "0 , a&b");
	ck_assert_ptr_null(xml_text(ctx, d, "Body/R/retur"));
	ck_assert_ptr_null(xml_text(ctx, d, "Body/R/return/x"));
	ck_assert_ptr_null(xml_text(ctx, d, "body/R/return"));
}
END_TEST

START_TEST(xml_that_is_refused)
{
	static const char *const bad[] = {
		"",
		"x",
		"<a>",
		"<a></b>",
		"<a/><b/>",
		"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
		"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
		"<!DOCTYPE l [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;&x;&x;&x;&x;&x;\">]><l>&y;&y;&y;&y;</l>",
		"<a>&undefined;</a>"};
	char *deep = talloc_zero_array(ctx, char, 3 * 2000 + 1),
	     *large = talloc_zero_array(ctx, char, XML_MAX_BYTES + 16);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(parse(bad[i]) == NULL, "%s", bad[i]);
	for (int i = 0; i < 2000; i++)
		memcpy(deep + 3 * i, "<a>", 3);
	ck_assert_ptr_null(parse(deep));
	memset(large, ' ', XML_MAX_BYTES + 8);
	memcpy(large, "<a>", 3);
	memcpy(large + XML_MAX_BYTES + 4, "</a>", 4);
	ck_assert_ptr_null(parse(large));
}
END_TEST

START_TEST(xml_is_escaped)
{
	struct buf *b = buf_new(ctx, 100);

	xml_escape(b, "a<b>&\"c\"\x01");
	ck_assert_str_eq(b->data, "a&lt;b&gt;&amp;&quot;c&quot;");
}
END_TEST

static struct csv *table(const char *text, struct err *e)
{
	return csv_open(ctx, text, strlen(text), e);
}

START_TEST(csv_is_read)
{
	struct err e = {""};
	struct csv *c = table("\xEF\xBB\xBF"
			      "Track;State; Reason\r\n 12 ;\"do;ne\";\"a \"\"b\"\"\nc\"\r\n\r\n13;x;\r\n",
			      &e);

	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert(csv_has(c, "track") && !csv_has(c, "trac"));
	ck_assert(csv_next(c, &e));
	ck_assert_str_eq(csv_get(c, "TRACK"), "12");
	ck_assert_str_eq(csv_get(c, "state"), "do;ne");
	ck_assert_str_eq(csv_get(c, "reason"), "a \"b\"\nc");
	ck_assert_str_eq(csv_get(c, "other"), "");
	ck_assert(csv_next(c, &e));
	ck_assert_uint_eq(csv_line(c), 5);
	ck_assert(!csv_next(c, &e));
	ck_assert_str_eq(e.text, "");
}
END_TEST

START_TEST(csv_that_is_refused)
{
	static const char *const bad[] = {"a,b\n1\n", "a,b\n1,2,3\n", "a\n\"1\n", "a\n\"1\"2\n"};
	struct err e = {""};
	char *wide = talloc_strdup(ctx, "a\n");

	ck_assert_ptr_null(table("", &e));
	ck_assert_ptr_null(table("a,a\n", &e));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct csv *c = table(bad[i], &e);

		e.text[0] = '\0';
		ck_assert(!csv_next(c, &e));
		ck_assert_msg(strncmp(e.text, "line 2", 6) == 0, "%s: %s", bad[i], e.text);
	}
	for (int i = 0; i < CSV_MAX_FIELD_BYTES + 1; i++)
		wide = talloc_strdup_append(wide, "x");
	ck_assert(!csv_next(table(wide, &e), &e));
}
END_TEST

START_TEST(csv_is_written)
{
	static const char *const rows[][2] = {{"plain", "plain"},
					      {"a,b", "\"a,b\""},
					      {"\"q\"", "\"\"\"q\"\"\""},
					      {"=1+1", "\"'=1+1\""},
					      {"@x", "\"'@x\""},
					      {"-25", "-25"},
					      {"", ""}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf *b = buf_new(ctx, 100);

		csv_put(b, true, rows[i][0]);
		ck_assert_str_eq(b->data, rows[i][1]);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("xml_csv");
	TCase *t = tcase_create("xml_csv");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, xml_is_read_by_local_names);
	tcase_add_test(t, xml_that_is_refused);
	tcase_add_test(t, xml_is_escaped);
	tcase_add_test(t, csv_is_read);
	tcase_add_test(t, csv_that_is_refused);
	tcase_add_test(t, csv_is_written);
	suite_add_tcase(s, t);
	return tap_run(s);
}
