/* The log's lines: what they say of where they belong, as text and as JSON, whatever bytes are logged. */
#include "tap.h"

#include "js.h"
#include "log.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

static char said[8192];

/* What is written to stderr while `fn` runs. */
static const char *said_by(void (*fn)(void))
{
	FILE *file = tmpfile();
	int before = dup(STDERR_FILENO);
	size_t n;

	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	fn();
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	rewind(file);
	n = fread(said, 1, sizeof said - 1, file);
	said[n] = '\0';
	fclose(file);
	return said;
}

static void one_of_an_update(void)
{
	log_scope("update 17");
	log_warn("card %s of \"%s\"", "6037991234567890", "Sara");
	log_scope(NULL);
}

static void strange_bytes(void)
{
	log_info("\xff\xfe is no letter");
	log_info("a\nb\t\x01 \"quoted\" \\");
}

START_TEST(a_text_line_names_what_it_is_about)
{
	const char *line = said_by(one_of_an_update);

	ck_assert_ptr_nonnull(strstr(line, "Z warn  update 17: card **************90 of \"Sara\"\n"));
	ck_assert_str_eq(log_scope_now(), "");
}

START_TEST(a_json_line_is_an_object)
{
	json_t *j;

	log_as_json(true);
	j = json_loads(said_by(one_of_an_update), 0, NULL);
	log_as_json(false);
	ck_assert_ptr_nonnull(j);
	ck_assert_str_eq(json_string_value(json_object_get(j, "level")), "warn");
	ck_assert_str_eq(json_string_value(json_object_get(j, "about")), "update 17");
	ck_assert_str_eq(json_string_value(json_object_get(j, "text")), "card **************90 of \"Sara\"");
	ck_assert_uint_eq(strlen(json_string_value(json_object_get(j, "time"))), 24);
	json_decref(j);
}

START_TEST(no_byte_breaks_a_json_line)
{
	char *rest, *line;
	int lines = 0;

	log_as_json(true);
	said_by(strange_bytes);
	log_as_json(false);
	for (line = strtok_r(said, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		json_t *j = json_loads(line, 0, NULL);

		ck_assert_msg(j != NULL, "%s", line);
		json_decref(j);
		lines++;
	}
	ck_assert_int_eq(lines, 2);
}

int main(void)
{
	Suite *s = suite_create("log_lines");
	TCase *t = tcase_create("log_lines");

	tcase_add_test(t, a_text_line_names_what_it_is_about);
	tcase_add_test(t, a_json_line_is_an_object);
	tcase_add_test(t, no_byte_breaks_a_json_line);
	suite_add_tcase(s, t);
	return tap_run(s);
}
