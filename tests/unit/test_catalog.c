/* Catalogues: reading, plural forms, languages, and every mistake of a translator named. */
#include "locale_folder.h"
#include "message.h"
#include "tap.h"
#include "tongue.h"

#define FA(text)                                                                                                       \
	{                                                                                                              \
		"fa.json", text                                                                                        \
	}
#define EN(text)                                                                                                       \
	{                                                                                                              \
		"en.json", text                                                                                        \
	}

static const struct {
	const char *fa, *en, *says;
} mistakes[] = {
	{"{\"a\": \"x\"", "{\"a\": \"x\"}", "fa.json:1"},
	{"[]", "{\"a\": \"x\"}", "fa.json: must be a JSON object"},
	{"{}", "{}", "fa.json: holds no text"},
	{"{\"a\": 1}", "{\"a\": \"x\"}", "fa.json: a: must be a text"},
	{"{\"a\": \"\"}", "{\"a\": \"x\"}", "fa.json: a: an empty text"},
	{"{\"a\": \"x\", \"a\": \"y\"}", "{\"a\": \"x\"}", "fa.json:1"},
	{"{\"a\": {\"b\": \"x\"}, \"a.b\": \"y\"}", "{\"a\": {\"b\": \"x\"}}", "fa.json: a.b: stands twice"},
	{"{\"a\": \"x\"}", "{\"a\": \"x\", \"b\": \"y\"}", "fa.json: b: is missing, but en.json has it"},
	{"{\"a\": \"x\", \"b\": \"y\"}", "{\"a\": \"x\"}", "en.json: b: is missing, but fa.json has it"},
	{"{\"a\": \"{{n}}\"}", "{\"a\": \"{{m}}\"}", "en.json: a: has not the same {{arguments}}"},
	{"{\"a\": \"{{n}}\"}", "{\"a\": \"none\"}", "en.json: a: has not the same {{arguments}}"},
	{"{\"a\": \"none\"}", "{\"a\": \"{{n}}\"}", "fa.json: a: has not the same {{arguments}}"},
	{"{\"a\": \"{{n, money}}\"}", "{\"a\": \"{{n, rial}}\"}", "en.json: a: has not the same {{arguments}}"},
	{"{\"a\": \"{{n, dollars}}\"}", "{\"a\": \"x\"}", "fa.json: a: an unknown format"},
	{"{\"a\": \"{{n\"}", "{\"a\": \"x\"}", "fa.json: a: {{ without }}"},
	{"{\"a\": \"n}}\"}", "{\"a\": \"x\"}", "fa.json: a: }} without {{"},
	{"{\"a\": \"{{}}\"}", "{\"a\": \"x\"}", "fa.json: a: a name in {{…}}"},
	{"{\"a\": \"{{- n}}\"}", "{\"a\": \"x\"}", "fa.json: a: a name in {{…}}"},
	{"{\"a\": \"$t(b)\"}", "{\"a\": \"x\"}", "fa.json: a: }} without {{, or $t("},
	{"{\"a_other\": \"x\"}", "{\"a_one\": \"x\", \"a_other\": \"y\"}",
	 "fa.json: a: the plural form _one is missing"},
	{"{\"a_one\": \"x\", \"a_other\": \"y\"}", "{\"a_one\": \"x\", \"a_two\": \"y\", \"a_other\": \"z\"}",
	 "en.json: a: the plural form _two is never used"},
	{"{\"a_one\": \"x\", \"a_other\": \"y\"}", "{\"a\": \"x\"}", "en.json: a: must be a plural"},
	{"{\"a\": \"x\", \"a_one\": \"x\", \"a_other\": \"y\"}", "{\"a\": \"x\"}",
	 "fa.json: a: is a plain text and a plural"},
};

START_TEST(mistake_is_named)
{
	void *ctx = talloc_new(NULL);
	const struct locale_file files[] = {FA(mistakes[_i].fa), EN(mistakes[_i].en), {NULL, NULL}};
	struct err e = {""};

	ck_assert(catalog_of(ctx, files, &e) == NULL);
	ck_assert_msg(strstr(e.text, mistakes[_i].says) != NULL, "%s, not %s", e.text, mistakes[_i].says);
	talloc_free(ctx);
}
END_TEST

START_TEST(no_folder_no_persian)
{
	void *ctx = talloc_new(NULL);
	const struct locale_file only_en[] = {EN("{\"a\": \"x\"}"), {NULL, NULL}};
	struct err e = {""};

	ck_assert(catalog_load(ctx, "/nowhere/at/all", &e) == NULL);
	ck_assert(strstr(e.text, "/nowhere/at/all") != NULL);
	ck_assert(catalog_of(ctx, only_en, &e) == NULL);
	ck_assert(strstr(e.text, "fa.json: is missing") != NULL);
	ck_assert(catalog_of(ctx, only_en, NULL) == NULL);
	talloc_free(ctx);
}
END_TEST

static const struct locale_file good[] = {
	FA("{\"deal\": {\"left_one\": \"{{count}} روز\", \"left_other\": \"{{count}} روز\", \"left_zero\": \"امروز\"},"
	   "\"deal.title\": \"«{{name}}» {{price, money}}\", \"which_one\": \"کدام\"}"),
	EN("{\"deal.left_one\": \"one day\", \"deal.left_other\": \"{{ count }} days\","
	   "\"deal\": {\"title\": \"{{price,money}} for {{name}}\"}, \"which_one\": \"which\"}"),
	{"ar.json",
	 "{\"deal\": {\"left_zero\": \"0\", \"left_one\": \"1\", \"left_two\": \"2\", \"left_few\": \"few {{count}}\","
	 "\"left_many\": \"many\", \"left_other\": \"other\", \"title\": \"{{name}}{{price, money}}\"},"
	 "\"which_one\": \"x\"}"},
	{"readme.txt", "not a catalogue"},
	{NULL, NULL}};

static const char *first_text(const struct catalog *c, const char *lang, const char *key, int64_t n)
{
	const struct message *m = catalog_message(c, lang, key, &n);

	ck_assert_msg(m != NULL, "%s %s", lang, key);
	return m->pieces[0].text;
}

START_TEST(nested_and_flat)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	struct catalog *c = catalog_of(ctx, good, &e);
	const struct message *m;

	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert(catalog_has(c, "deal.title") && catalog_has(c, "deal.left") && catalog_has(c, "which_one"));
	ck_assert(!catalog_has(c, "deal") && !catalog_has(c, "which") && !catalog_has(c, "deal.title "));
	m = catalog_message(c, "en", "deal.title", NULL);
	ck_assert_uint_eq(m->n_pieces, 3);
	ck_assert_int_eq(m->pieces[0].format, PIECE_MONEY);
	ck_assert_str_eq(m->pieces[0].text, "price");
	ck_assert_int_eq(m->pieces[1].format, PIECE_TEXT);
	ck_assert_str_eq(m->pieces[1].text, " for ");
	ck_assert_int_eq(m->pieces[2].format, PIECE_PLAIN);
	ck_assert_str_eq(m->pieces[2].text, "name");
	ck_assert(catalog_message(c, "en", "deal.nothing", NULL) == NULL);
	talloc_free(ctx);
}
END_TEST

START_TEST(plurals)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	struct catalog *c = catalog_of(ctx, good, &e);

	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert_str_eq(first_text(c, "en", "deal.left", 1), "one day");
	ck_assert_str_eq(first_text(c, "en", "deal.left", 0), "count");
	ck_assert_str_eq(first_text(c, "en", "deal.left", 21), "count");
	ck_assert_str_eq(first_text(c, "fa", "deal.left", 0), "امروز"); /* i18next: the exact form for zero */
	ck_assert_str_eq(first_text(c, "ar", "deal.left", 2), "2");
	ck_assert_str_eq(first_text(c, "ar", "deal.left", 5), "few ");
	ck_assert_str_eq(first_text(c, "ar", "deal.left", 11), "many");
	ck_assert_str_eq(first_text(c, "ar", "deal.left", 100), "other");
	ck_assert_str_eq(catalog_message(c, "en", "deal.left", NULL)->pieces[0].text, "count");
	talloc_free(ctx);
}
END_TEST

START_TEST(languages)
{
	static const char *const tags[][2] = {{"fa", "fa"},    {"fa-IR", "fa"},   {"en", "en"}, {"EN_us", "en"},
					      {"en-GB", "en"}, {"ar-EG", "ar"},   {"de", "fa"}, {"", "fa"},
					      {"e", "fa"},     {"english", "fa"}, {"-", "fa"},  {NULL, "fa"}};
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	struct catalog *c = catalog_of(ctx, good, &e);
	const char *const *names;

	ck_assert_msg(c != NULL, "%s", e.text);
	ck_assert_uint_eq(catalog_languages(c, &names), 3);
	ck_assert_str_eq(names[0], "fa");
	ck_assert_str_eq(names[1], "ar");
	ck_assert_str_eq(names[2], "en");
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		ck_assert_str_eq(catalog_pick(c, tags[i][0]), tags[i][1]);
	talloc_free(ctx);
}
END_TEST

static void count_keys(void *arg, const char *key, const struct message *m)
{
	size_t *n = arg;

	ck_assert(*key && m->n_pieces > 0);
	(*n)++;
}

START_TEST(each_message)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	struct catalog *c = catalog_of(ctx, good, &e);
	size_t n = 0;

	ck_assert_msg(c != NULL, "%s", e.text);
	catalog_each(c, "fa", count_keys, &n);
	ck_assert_uint_eq(n, 5);
	talloc_free(ctx);
}
END_TEST

START_TEST(our_own_catalogues)
{
	void *ctx = talloc_new(NULL);
	struct err e = {""};
	char *dir = talloc_asprintf(ctx, "%s/locales", source_folder());
	struct catalog *c = catalog_load(ctx, dir, &e);

	ck_assert_msg(c != NULL, "%s", e.text);
	talloc_free(ctx);
}
END_TEST

START_TEST(deep_or_huge_files)
{
	void *ctx = talloc_new(NULL);
	char *deep = talloc_strdup(ctx, ""), *many = talloc_strdup(ctx, "{\"k\": \"x\"");
	struct err e = {""};

	for (int i = 0; i < 12; i++)
		deep = talloc_asprintf_append_buffer(deep, "{\"a\":");
	deep = talloc_asprintf_append_buffer(deep, "\"x\"");
	for (int i = 0; i < 12; i++)
		deep = talloc_asprintf_append_buffer(deep, "}");
	for (int i = 0; i <= CATALOG_MAX_KEYS; i++)
		many = talloc_asprintf_append_buffer(many, ",\"k%d\": \"x\"", i);
	many = talloc_asprintf_append_buffer(many, "}");
	ck_assert(catalog_of(ctx, (const struct locale_file[]){FA(deep), {NULL, NULL}}, &e) == NULL);
	ck_assert(strstr(e.text, "at most 8 deep") != NULL);
	ck_assert(catalog_of(ctx, (const struct locale_file[]){FA(many), {NULL, NULL}}, &e) == NULL);
	ck_assert(strstr(e.text, "more than 4096 keys") != NULL);
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("catalog");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, mistake_is_named, 0, (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_test(t, no_folder_no_persian);
	tcase_add_test(t, nested_and_flat);
	tcase_add_test(t, plurals);
	tcase_add_test(t, languages);
	tcase_add_test(t, each_message);
	tcase_add_test(t, our_own_catalogues);
	tcase_add_test(t, deep_or_huge_files);
	suite_add_tcase(s, t);
	return tap_run(s);
}
