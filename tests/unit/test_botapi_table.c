/* The sandbox's table of Bot API methods and types says nothing that the published specification does not say.
 * The specification is looked for at $BOTAPI_JSON, else beside the repository; without it the test is skipped. */
#include "js.h"
#include "sandbox/methods.c"
#undef END
#undef REQ
#include "sandbox/methods_types.c"
#include "tap.h"

#include <stdio.h>
#include <talloc.h>

static json_t *spec;

/* What Separex may use of Bot API 10.2 and 10.3 while the published file is at 10.1: "Owner" or "owner.field". */
static const char *const newer_than_the_file[] = {
	"sendMessage.ephemeral_message_parameters",
	"editEphemeralMessageText",
	"deleteEphemeralMessage",
	"EphemeralMessageParameters",
};

static bool newer(const char *owner, const char *field)
{
	char name[128];

	snprintf(name, sizeof name, "%s%s%s", owner, field ? "." : "", field ? field : "");
	for (size_t i = 0; i < sizeof newer_than_the_file / sizeof *newer_than_the_file; i++)
		if (strcmp(newer_than_the_file[i], name) == 0)
			return true;
	return false;
}

static bool listed(const json_t *list, const char *text, size_t n)
{
	size_t i;
	json_t *v;

	json_array_foreach((json_t *)list, i, v)
	{
		if (json_string_length(v) == n && strncmp(json_string_value(v), text, n) == 0)
			return true;
	}
	return false;
}

static const json_t *field_of(const json_t *fields, const char *name)
{
	size_t i;
	json_t *f;

	json_array_foreach((json_t *)fields, i, f)
	{
		if (strcmp(js_str(f, "name", ""), name) == 0)
			return f;
	}
	return NULL;
}

static const struct param *row_of(const struct param *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* Every alternative of a row's type is one that the specification has. */
static void types_agree(const char *owner, const struct param *row, const json_t *field)
{
	const char *type = row->type;

	while (*type) {
		size_t n = strcspn(type, "|");

		ck_assert_msg(listed(json_object_get(field, "types"), type, n), "%s.%s is no %.*s", owner, row->name,
			      (int)n, type);
		type += n + (type[n] == '|');
	}
}

static void rows_agree(const char *owner, const struct param *rows, const json_t *entry)
{
	const json_t *fields = json_object_get(entry, "fields");
	size_t i;
	json_t *f;

	/* A newer file has them too: then the list must shrink. */
	ck_assert_msg(newer(owner, NULL) == (entry == NULL), "the specification has no %s, or has it by now", owner);
	if (!entry)
		return;
	for (const struct param *row = rows; row->name; row++) {
		const json_t *field = field_of(fields, row->name);

		ck_assert_msg(newer(owner, row->name) == (field == NULL), "%s has no %s, or has it by now", owner,
			      row->name);
		if (field)
			types_agree(owner, row, field);
	}
	json_array_foreach((json_t *)fields, i, f)
	{
		const struct param *row = row_of(rows, js_str(f, "name", ""));
		bool required = js_bool(f, "required", false);

		ck_assert_msg(!required || row, "%s.%s is required and missing here", owner, js_str(f, "name", ""));
		ck_assert_msg(!row || required == ((row->flags & P_REQUIRED) != 0), "%s.%s: required differs", owner,
			      js_str(f, "name", ""));
	}
}

START_TEST(methods_agree)
{
	ck_assert(methods[_i].name != NULL);
	ck_assert_ptr_eq(method_named(methods[_i].name), &methods[_i]);
	rows_agree(methods[_i].name, methods[_i].params,
		   json_object_get(json_object_get(spec, "methods"), methods[_i].name));
}
END_TEST

START_TEST(types_of_objects_agree)
{
	for (const struct object_type *o = object_types; o->name; o++) {
		ck_assert_ptr_eq(object_named(o->name), o);
		rows_agree(o->name, o->fields, json_object_get(json_object_get(spec, "types"), o->name));
	}
}
END_TEST

START_TEST(unions_agree)
{
	for (const struct union_member *u = union_members; u->name; u++) {
		const json_t *entry = json_object_get(json_object_get(spec, "types"), u->name);

		ck_assert_msg(listed(json_object_get(entry, "subtypes"), u->type, strlen(u->type)), "%s is no %s",
			      u->type, u->name);
		ck_assert(object_named(u->type) != NULL);
		ck_assert_str_eq(union_choice(u->name, u->tag), u->type);
	}
	ck_assert_ptr_null(union_choice("MenuButton", "nonsense"));
}
END_TEST

/* Each object that a row names can be checked: it is in the table, or is a union of such. */
static void known(const char *owner, const struct param *row)
{
	static const char *const plain[] = {"Integer", "String", "Boolean", "InputFile"};
	char one[96];

	for (const char *type = row->type; *type;) {
		size_t n = strcspn(type, "|");
		const char *name = one;
		bool found = false;

		ck_assert_uint_lt(n, sizeof one);
		memcpy(one, type, n);
		one[n] = '\0';
		type += n + (type[n] == '|');
		while (strncmp(name, "Array of ", 9) == 0)
			name += 9;
		for (size_t i = 0; i < 4; i++)
			found |= strcmp(plain[i], name) == 0;
		for (const struct union_member *u = union_members; u->name; u++)
			found |= strcmp(u->name, name) == 0;
		ck_assert_msg(found || object_named(name), "%s.%s: %s is not in the table", owner, row->name, name);
	}
}

START_TEST(nothing_dangles)
{
	for (size_t i = 0; i < METHODS; i++)
		for (const struct param *row = methods[i].params; row->name; row++)
			known(methods[i].name, row);
	for (const struct object_type *o = object_types; o->name; o++)
		for (const struct param *row = o->fields; row->name; row++)
			known(o->name, row);
}
END_TEST

int main(void)
{
	const char *path = getenv("BOTAPI_JSON") ? getenv("BOTAPI_JSON") : "../shared/botapi/api.json";
	Suite *s;
	TCase *c;
	int failed;

	spec = json_load_file(path, 0, NULL);
	if (!spec) {
		printf("1..0 # SKIP no specification at %s\n", path);
		return EXIT_SUCCESS;
	}
	s = suite_create("botapi_table");
	c = tcase_create("table");
	tcase_add_loop_test(c, methods_agree, 0, METHODS);
	tcase_add_test(c, types_of_objects_agree);
	tcase_add_test(c, unions_agree);
	tcase_add_test(c, nothing_dangles);
	suite_add_tcase(s, c);
	failed = tap_run(s);
	json_decref(spec);
	return failed;
}
