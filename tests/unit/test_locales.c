/* The whole repository read as text: every sentence is in the catalogues, and every catalogue entry is said by someone.
 */
#include "c_scan.h"
#include "locale_folder.h"
#include "safe_name.h"
#include "tap.h"
#include "text_check.h"
#include <dirent.h>

enum { MAX_FILES = 600, MAX_DEPTH = 64 };

/* Where the words of amounts stand; they are read, never shown. */
static const char *const vocabulary[] = {
	"bot/text/amount_words.def", "bot/text/ad_words.def",   "bot/text/ad_line.c",    "bot/text/link_read.c",
	"bot/text/amount_lex.c",     "handlers/ship_words.def", "handlers/greetings.def"};

static bool is_vocabulary(const char *path)
{
	for (size_t i = 0; i < sizeof vocabulary / sizeof *vocabulary; i++)
		if (!strcmp(path, vocabulary[i]))
			return true;
	return false;
}

static void *ctx;
static struct catalog *cat;
static struct buf *report; /* one line for each thing that is wrong */
static struct c_file files[MAX_FILES];
static const char *codes[MAX_FILES];
static size_t n_files;

static char *read_all(const char *path)
{
	struct buf *b = buf_new(ctx, 1 << 22);
	FILE *f = fopen(path, "r");
	int c;

	ck_assert_msg(f != NULL, "%s cannot be read", path);
	while ((c = fgetc(f)) != EOF)
		buf_putc(b, (char)c);
	fclose(f);
	ck_assert(!b->failed);
	return b->data;
}

static void read_folder(const char *folder)
{
	char *path = talloc_asprintf(ctx, "%s/%s", source_folder(), folder);
	DIR *d = opendir(path);
	struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		char *name = talloc_asprintf(ctx, "%s/%s", folder, entry->d_name);

		if (!strchr(entry->d_name, '.'))
			read_folder(name);
		if (!ends_with(name, ".c") && !ends_with(name, ".h") && !ends_with(name, ".def"))
			continue;
		ck_assert_uint_lt(n_files, MAX_FILES);
		codes[n_files] = read_all(talloc_asprintf(ctx, "%s/%s", source_folder(), name));
		files[n_files] = c_scan(ctx, name, codes[n_files]);
		n_files++;
	}
	if (d)
		closedir(d);
}

static void load_all(void)
{
	struct err e = {""};

	ctx = talloc_new(NULL);
	report = buf_new(ctx, 1 << 20);
	cat = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
	n_files = 0;
	read_folder("bot");
	read_folder("handlers");
	read_folder("storage");
	ck_assert_uint_gt(n_files, 20);
}

/* A small world of its own, to show that each check can fail. */
static void begin_sample(const char *fa)
{
	struct err e = {""};

	ctx = talloc_new(NULL);
	report = buf_new(ctx, 1 << 20);
	cat = catalog_of(ctx, (const struct locale_file[]){{"fa.json", fa}, {NULL, NULL}}, &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
	n_files = 0;
}

static void add_sample(const char *path, const char *code)
{
	codes[n_files] = code;
	files[n_files++] = c_scan(ctx, path, code);
}

static void finish(void)
{
	talloc_free(ctx);
}

/* The name by which code asks for a catalogue entry: a plural's without its ending. */
static const char *base_of(const char *key)
{
	const char *ending = strrchr(key, '_');
	char *base = ending ? talloc_strndup(ctx, key, (size_t)(ending - key)) : NULL;

	if (!ending || !strstr(" zero one two few many other ", talloc_asprintf(ctx, " %s ", ending + 1)))
		return key;
	return catalog_has(cat, base) ? base : key;
}

/* ---- keys ---- */

static void note_area(void *arg, const char *key, const struct message *m)
{
	char **areas = arg;

	(void)m;
	*areas = talloc_asprintf_append_buffer(*areas, "%.*s. ", (int)strcspn(key, "."), key);
}

/* "area.name" with an area that the catalogues have. */
static bool looks_like_key(const char *areas, const char *s)
{
	size_t area = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (area == 0 || s[area] != '.' || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen(s))
		return false;
	return strstr(areas, talloc_asprintf(ctx, " %.*s ", (int)area + 1, s)) != NULL;
}

static bool is_text_user(const char *path)
{
	return starts_with(path, "handlers/") || starts_with(path, "bot/app/") || starts_with(path, "bot/text/");
}

static void report_unknown(const struct c_file *f, const struct c_token *t)
{
	buf_printf(report, "%s:%d: no catalogue has \"%s\" (if it is none: write /* no key */ behind it)\n", f->path,
		   t->line, t->text);
}

static void check_keys_exist(void)
{
	char *areas = talloc_strdup(ctx, " ");

	catalog_each(cat, "fa", note_area, &areas);
	for (size_t i = 0; i < n_files; i++) {
		for (size_t j = 0; is_text_user(files[i].path) && j < files[i].n; j++) {
			const struct c_token *t = &files[i].tokens[j];

			if (t->kind == C_STRING && looks_like_key(areas, t->text) && !catalog_has(cat, t->text) &&
			    !strstr(t->note, "no key"))
				report_unknown(&files[i], t);
		}
	}
}

static bool is_said(const char *key)
{
	for (size_t i = 0; i < n_files; i++) {
		for (size_t j = 0; j < files[i].n; j++) {
			if (files[i].tokens[j].kind == C_STRING && strcmp(files[i].tokens[j].text, key) == 0)
				return true;
		}
	}
	return false;
}

static void check_key_is_said(void *arg, const char *key, const struct message *m)
{
	(void)arg;
	(void)m;
	if (!is_said(base_of(key)))
		buf_printf(report, "locales: %s: no C file says \"%s\"\n", key, base_of(key));
}

/* ---- arguments ---- */

struct wanted {
	const char *key;
	const struct c_file *file;
	size_t open, close;
	int line;
};

/* Our own macros around SAY(…) and around ARG_KIND(…), found by their definitions. */
static struct macro {
	const char *name, *stands_for;
} macros[64];
static size_t n_macros;

/* What a name stands for: "SAY", "SAY_PLAIN", "ARG_TEXT" …; the name itself when it is no macro of ours. */
static const char *meaning(const char *name)
{
	for (size_t i = 0; i < n_macros; i++) {
		if (strcmp(macros[i].name, name) == 0)
			return macros[i].stands_for;
	}
	return name;
}

static bool is_say(const char *name)
{
	return strcmp(meaning(name), "SAY") == 0 || strcmp(meaning(name), "SAY_PLAIN") == 0;
}

static bool is_arg(const char *name)
{
	return starts_with(meaning(name), "ARG_") && strcmp(name, "ARG_NONE") != 0;
}

/* The definition whose name is token `at`: its body begins with a macro that we know. */
static void find_macro(const struct c_file *f, size_t at)
{
	size_t i = at + 1;

	while (i < f->n && f->tokens[i].kind != C_CLOSE)
		i++;
	if (i + 1 >= f->n || f->tokens[at + 1].kind != C_OPEN || n_macros == sizeof(macros) / sizeof(macros[0]))
		return;
	if (meaning(f->tokens[at].text) != f->tokens[at].text)
		return;
	if (is_say(f->tokens[i + 1].text) || is_arg(f->tokens[i + 1].text)) {
		macros[n_macros] = (struct macro){f->tokens[at].text, meaning(f->tokens[i + 1].text)};
		n_macros++;
	}
}

static void find_macros(void)
{
	n_macros = 0;
	for (size_t i = 0; i < 2 * n_files; i++) { /* twice: a macro may stand for one that is read later */
		for (size_t j = 0; j + 2 < files[i % n_files].n; j++) {
			const struct c_token *t = &files[i % n_files].tokens[j];

			if (strcmp(t->text, "define") == 0 && t->kind == C_NAME && t[1].kind == C_NAME)
				find_macro(&files[i % n_files], j + 1);
		}
	}
}

/* The kind of argument that can be shown in a format, "" for every kind. */
static const char *kind_for(enum piece_format f)
{
	switch (f) {
	case PIECE_NUMBER:
	case PIECE_DIGITS:
		return "ARG_INT";
	case PIECE_MONEY:
	case PIECE_RIAL:
	case PIECE_WORDS:
		return "ARG_MONEY";
	case PIECE_TIME:
	case PIECE_DATE:
	case PIECE_CLOCK:
		return "ARG_TIME";
	case PIECE_SPAN:
		return "ARG_SPAN";
	case PIECE_TEXT:
	case PIECE_PLAIN:
		break;
	}
	return "";
}

/* ARG_KIND("name" between the parentheses of the call. */
static bool call_gives(const struct wanted *w, const struct piece *p)
{
	for (size_t i = w->open; i + 2 < w->close; i++) {
		const struct c_token *t = &w->file->tokens[i];

		if (t[0].kind == C_NAME && is_arg(t[0].text) && t[1].kind == C_OPEN && t[2].kind == C_STRING &&
		    strcmp(t[2].text, p->text) == 0)
			return !*kind_for(p->format) || strcmp(meaning(t[0].text), kind_for(p->format)) == 0;
	}
	return false;
}

static void check_arguments_of(void *arg, const char *key, const struct message *m)
{
	const struct wanted *w = arg;

	if (strcmp(base_of(key), w->key) != 0)
		return;
	for (size_t i = 0; i < m->n_pieces; i++) {
		if (m->pieces[i].format != PIECE_TEXT && !call_gives(w, &m->pieces[i]))
			buf_printf(report, "%s:%d: \"%s\" is said without a fitting argument \"%s\"\n", w->file->path,
				   w->line, w->key, m->pieces[i].text);
	}
}

static size_t closing(const struct c_file *f, size_t open)
{
	size_t depth = 0;

	for (size_t i = open; i < f->n; i++) {
		depth += f->tokens[i].kind == C_OPEN;
		depth -= f->tokens[i].kind == C_CLOSE;
		if (depth == 0)
			return i;
	}
	return f->n;
}

/* Every key that stands directly in a call: SAY() always, any other call when ARG_…() stand in it too. */
static void check_call(const struct c_file *f, const char *name, size_t open)
{
	size_t close = closing(f, open), depth = 0;
	bool checked = is_say(name);

	for (size_t i = open; i < close; i++) {
		depth += f->tokens[i].kind == C_OPEN;
		depth -= f->tokens[i].kind == C_CLOSE;
		checked |= depth == 1 && f->tokens[i].kind == C_NAME && is_arg(f->tokens[i].text);
	}
	depth = 0;
	for (size_t i = open; checked && i < close; i++) {
		const struct c_token *t = &f->tokens[i];
		struct wanted w = {t->text, f, open, close, t->line};

		depth += t->kind == C_OPEN;
		depth -= t->kind == C_CLOSE;
		if (depth != 1 || t->kind != C_STRING)
			continue;
		if (catalog_has(cat, t->text))
			catalog_each(cat, "fa", check_arguments_of, &w);
		else if (is_say(name) && strchr(t->text, '.'))
			report_unknown(f, t);
	}
}

static void check_calls(void)
{
	find_macros();
	for (size_t i = 0; i < n_files; i++) {
		for (size_t j = 1; j < files[i].n; j++) {
			const struct c_token *t = &files[i].tokens[j];

			if (t->kind == C_OPEN && t[-1].kind == C_NAME && !is_arg(t[-1].text))
				check_call(&files[i], t[-1].text, j);
		}
	}
}

/* ---- languages in the code ---- */

static void check_no_persian(void)
{
	for (size_t i = 0; i < n_files; i++) {
		const char *s = codes[i];
		uint32_t cp;
		int line = 1;

		while (!is_vocabulary(files[i].path) && (cp = utf8_next(&s)) != 0) {
			line += cp == '\n';
			if (is_persian(cp)) {
				buf_printf(report, "%s:%d: Persian letters\n", files[i].path, line);
				break;
			}
		}
	}
}

static void check_sentences_in(const struct c_file *f)
{
	const char *calls[MAX_DEPTH] = {""};
	size_t depth = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct c_token *t = &f->tokens[i];
		bool english = false;

		if (t->kind == C_OPEN && depth + 1 < MAX_DEPTH)
			calls[++depth] = i > 0 && t[-1].kind == C_NAME ? t[-1].text : "";
		if (t->kind == C_CLOSE && depth > 0)
			depth--;
		if (t->kind != C_STRING || !is_sentence(t->text) || is_sql(t->text))
			continue;
		for (size_t d = 1; d <= depth; d++)
			english |= takes_english(calls[d]);
		if (!english)
			buf_printf(report, "%s:%d: a sentence: \"%s\"\n", f->path, t->line, t->text);
	}
}

static void check_sentences(void)
{
	for (size_t i = 0; i < n_files; i++) {
		if (starts_with(files[i].path, "handlers/") && !is_vocabulary(files[i].path))
			check_sentences_in(&files[i]);
	}
}

/* ---- HTML in the catalogues ---- */

static void check_message_html(void *arg, const char *key, const struct message *m)
{
	struct buf *html = buf_new(ctx, 1 << 20);
	const char *wrong;

	for (size_t i = 0; i < m->n_pieces; i++)
		buf_puts(html, m->pieces[i].format == PIECE_TEXT ? m->pieces[i].text : "x");
	wrong = check_html(ctx, html->data);
	if (wrong)
		buf_printf(report, "locales/%s.json: %s: %s\n", (const char *)arg, key, wrong);
}

static void check_all_html(void)
{
	const char *const *languages;
	size_t n = catalog_languages(cat, &languages);

	for (size_t i = 0; i < n; i++)
		catalog_each(cat, languages[i], check_message_html, (void *)languages[i]);
}

/* ---- the repository ---- */

#define CLEAN() ck_assert_msg(report->len == 0, "\n%s", report->data)
#define REPORTS(text) ck_assert_msg(strstr(report->data, text) != NULL, "not reported: %s\n%s", text, report->data)

START_TEST(repository_keys_exist)
{
	check_keys_exist();
	CLEAN();
}
END_TEST

START_TEST(repository_keys_are_said)
{
	catalog_each(cat, "fa", check_key_is_said, NULL);
	CLEAN();
}
END_TEST

START_TEST(repository_arguments_fit)
{
	check_calls();
	CLEAN();
}
END_TEST

START_TEST(repository_has_no_persian_in_code)
{
	check_no_persian();
	CLEAN();
}
END_TEST

START_TEST(repository_has_no_sentences_in_handlers)
{
	check_sentences();
	CLEAN();
}
END_TEST

START_TEST(repository_html_is_balanced)
{
	check_all_html();
	CLEAN();
}
END_TEST

/* ---- each check can fail ---- */

START_TEST(finds_wrong_keys)
{
	begin_sample("{\"deal\": {\"new\": \"x\", \"left_one\": \"x\", \"left_other\": \"x\"}}");
	add_sample("handlers/a.c",
		   "f(\"deal.new\", \"message.chat.id\");\n// \"deal.comment\"\ng(\"deal.\" \"old\",\n'\"',"
		   " \"deal.left\", \"deal.no\" /* no key: a path */);");
	add_sample("storage/b.c", "\"deal.column\"");
	check_keys_exist();
	ck_assert_str_eq(report->data, "handlers/a.c:3: no catalogue has \"deal.old\" (if it is none: write "
				       "/* no key */ behind it)\n");
	buf_clear(report);
	catalog_each(cat, "fa", check_key_is_said, NULL);
	CLEAN();
	n_files = 0;
	add_sample("handlers/a.c", "f(\"deal.left\", \"deal.\", \"deal.newer\");");
	catalog_each(cat, "fa", check_key_is_said, NULL);
	ck_assert_str_eq(report->data, "locales: deal.new: no C file says \"deal.new\"\n");
}
END_TEST

START_TEST(finds_missing_arguments)
{
	begin_sample("{\"d\": {\"a\": \"{{p, money}} {{x}}\", \"n_one\": \"1\", \"n_other\": \"{{count}}\"}}");
	add_sample("handlers/a.h", "#define MINE(t, key, ...) SAY((t)->c, key __VA_OPT__(, ) __VA_ARGS__)\n"
				   "#define MONEY(name, m) ARG_MONEY(name, m.v)\n#define OTHER(x) f(x)\n");
	add_sample("handlers/b.c", "MINE(t, \"d.a\", MONEY(\"p\", 1), ARG_TEXT(\"x\", s));\nMINE(t, \"d.b\");\n"
				   "OTHER(\"d.c\");");
	add_sample("handlers/a.c", "SAY(c, k, l, \"d.a\", ARG_MONEY(\"p\", f(1)), ARG_TEXT(\"x\", \"d.n\"));\n"
				   "SAY(c, k, l, \"d.a\", ARG_INT(\"p\", 1), ARG_TEXT(\"x\", s));\n"
				   "SAY_PLAIN(c, k, l, \"d.a\", ARG_MONEY(\"p\", 1));\n"
				   "tell(c, yes ? \"d.a\" : \"d.n\", ARG_MONEY(\"p\", 1), ARG_TEXT(\"x\", s));\n"
				   "SAY(c, k, l, \"d.n\");\nrow(\"d.n\");\nSAY(c, k, \"fa\", \"e.a\");");
	check_calls();
	ck_assert_str_eq(report->data, "handlers/b.c:2: no catalogue has \"d.b\" (if it is none: write "
				       "/* no key */ behind it)\n"
				       "handlers/a.c:2: \"d.a\" is said without a fitting argument \"p\"\n"
				       "handlers/a.c:3: \"d.a\" is said without a fitting argument \"x\"\n"
				       "handlers/a.c:4: \"d.n\" is said without a fitting argument \"count\"\n"
				       "handlers/a.c:5: \"d.n\" is said without a fitting argument \"count\"\n"
				       "handlers/a.c:7: no catalogue has \"e.a\" (if it is none: write "
				       "/* no key */ behind it)\n");
}
END_TEST

START_TEST(finds_persian_and_sentences)
{
	begin_sample("{\"a\": \"x\"}");
	add_sample("handlers/a.c", "f();\n// سلام\n");
	add_sample(vocabulary[0], "سلام");
	add_sample("handlers/b.c",
		   "say(\"Please pay\"); log_info(\"row %d was lost\", f(\"some more\"));\n"
		   "db(\"SELECT one \"\n\"FROM two\"); err_set(e, \"not now, please\"); x = \"<b>Good</b> day to you "
		   "all\";\n"
		   "h(\"<meta name='x' content='y'>\", \"default-src 'none'; img-src data:\", \"a bc d\");");
	add_sample("bot/c.c", "\"English for the owner\"");
	check_no_persian();
	ck_assert_str_eq(report->data, "handlers/a.c:2: Persian letters\n");
	buf_clear(report);
	check_sentences();
	ck_assert_str_eq(report->data, "handlers/b.c:1: a sentence: \"Please pay\"\n"
				       "handlers/b.c:3: a sentence: \"<b>Good</b> day to you all\"\n");
}
END_TEST

START_TEST(finds_bad_html)
{
	begin_sample("{\"a\": \"<b>x\", \"b\": \"<b><i>x</b></i>\", \"c\": \"</b>\", \"d\": \"<div>x</div>\", \"e\": "
		     "\"a & b\","
		     "\"f\": \"1 < 2\", \"g\": \"<a href=\\\"{{x}}\\\"><b>&lt;</b></a> &#39;\"}");
	check_all_html();
	REPORTS("a: a tag that is never closed");
	REPORTS("b: a tag that is closed out of order");
	REPORTS("c: a tag that is closed out of order");
	REPORTS("d: an unknown or unended tag");
	REPORTS("e: a bare &");
	REPORTS("f: an unknown or unended tag");
	ck_assert(strstr(report->data, " g: ") == NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("locales");
	TCase *real = tcase_create("repository"), *sample = tcase_create("samples");

	tcase_add_checked_fixture(real, load_all, finish);
	tcase_set_timeout(real, 60);
	tcase_add_test(real, repository_keys_exist);
	tcase_add_test(real, repository_keys_are_said);
	tcase_add_test(real, repository_arguments_fit);
	tcase_add_test(real, repository_has_no_persian_in_code);
	tcase_add_test(real, repository_has_no_sentences_in_handlers);
	tcase_add_test(real, repository_html_is_balanced);
	tcase_add_checked_fixture(sample, NULL, finish);
	tcase_add_test(sample, finds_wrong_keys);
	tcase_add_test(sample, finds_missing_arguments);
	tcase_add_test(sample, finds_persian_and_sentences);
	tcase_add_test(sample, finds_bad_html);
	suite_add_tcase(s, real);
	suite_add_tcase(s, sample);
	return tap_run(s);
}
