/* Loading the catalogues and proving that all languages say the same things. */
#include "catalog.h"
#include "js.h"
#include "message.h"
#include "tongue.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { MAX_DEPTH = 8, LANGUAGE_BYTES = 16 };

struct entry {
	const char *key;
	struct message message;
};

struct language {
	const char *name;
	struct tongue *tongue;
	struct entry *entries; /* sorted by key */
	size_t n_entries;
};

struct catalog {
	struct language languages[CATALOG_MAX_LANGUAGES];
	const char *names[CATALOG_MAX_LANGUAGES];
	size_t n_languages;
	bool marks_times;
};

/* i18next's plural suffixes; "zero" is also the exact form for 0 in every language. */
static const char *const categories[] = {"zero", "one", "two", "few", "many", "other"};

/* What loading one file needs at hand. */
struct load {
	struct catalog *catalog;
	struct language *language;
	const char *path;
	struct err *e;
};

static bool add_entry(struct load *l, const char *key, const char *text)
{
	struct language *lang = l->language;
	struct entry *added;
	const char *why = "";

	if (lang->n_entries >= CATALOG_MAX_KEYS)
		return err_set(l->e, "%s: more than %d keys", l->path, CATALOG_MAX_KEYS);
	added = &lang->entries[lang->n_entries];
	if (!message_parse(l->catalog, text, &added->message, &why))
		return err_set(l->e, "%s: %s: %s", l->path, key, why);
	added->key = talloc_strdup(added->message.pieces, key);
	if (!added->key)
		abort();
	lang->n_entries++;
	return true;
}

static bool walk(struct load *l, const json_t *object, const char *prefix, int depth);

static bool walk_member(struct load *l, const char *key, const json_t *value, int depth)
{
	if (json_is_string(value))
		return add_entry(l, key, json_string_value(value));
	if (!json_is_object(value) || depth >= MAX_DEPTH)
		return err_set(l->e, "%s: %s: must be a text or an object of texts, at most %d deep", l->path, key,
			       MAX_DEPTH);
	return walk(l, value, key, depth + 1);
}

static bool walk(struct load *l, const json_t *object, const char *prefix, int depth)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
	{
		char key[CATALOG_KEY_BYTES];
		int n = snprintf(key, sizeof(key), "%s%s%s", prefix, *prefix ? "." : "", name);

		if (n < 0 || n >= (int)sizeof(key) || !*name)
			return err_set(l->e, "%s: %s: an empty or too long key", l->path, prefix);
		if (!walk_member(l, key, value, depth))
			return false;
	}
	return true;
}

static char *read_whole(void *ctx, const char *path, size_t *n, struct err *e)
{
	FILE *f = fopen(path, "rbe");
	char *bytes;

	if (!f) {
		err_set(e, "%s: cannot be read: %s", path, strerror(errno));
		return NULL;
	}
	bytes = talloc_size(ctx, CATALOG_FILE_BYTES + 1);
	if (!bytes)
		abort();
	*n = fread(bytes, 1, CATALOG_FILE_BYTES + 1, f);
	if (ferror(f) || *n > CATALOG_FILE_BYTES) {
		err_set(e, "%s: %s", path, ferror(f) ? "cannot be read" : "is larger than 1 MiB");
		bytes = NULL;
	}
	(void)fclose(f);
	return bytes;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static const struct entry *find_entry(const struct language *l, const char *key)
{
	const struct entry wanted = {.key = key};

	return bsearch(&wanted, l->entries, l->n_entries, sizeof(*l->entries), by_key);
}

/* A key that stands nested and flat in one file. */
static bool no_doubles(struct load *l)
{
	for (size_t i = 1; i < l->language->n_entries; i++) {
		if (strcmp(l->language->entries[i - 1].key, l->language->entries[i].key) == 0)
			return err_set(l->e, "%s: %s: stands twice", l->path, l->language->entries[i].key);
	}
	return true;
}

static bool read_entries(struct load *l, void *tmp)
{
	struct language *lang = l->language;
	json_error_t trouble;
	size_t n = 0;
	char *bytes = read_whole(tmp, l->path, &n, l->e);
	json_t *root;

	if (!bytes)
		return false;
	root = js_own(tmp, json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &trouble));
	if (!root)
		return err_set(l->e, "%s:%d: %s", l->path, trouble.line, trouble.text);
	if (!json_is_object(root))
		return err_set(l->e, "%s: must be a JSON object", l->path);
	lang->entries = talloc_array(l->catalog, struct entry, CATALOG_MAX_KEYS);
	if (!lang->entries)
		abort();
	if (!walk(l, root, "", 0))
		return false;
	if (lang->n_entries == 0)
		return err_set(l->e, "%s: holds no text", l->path);
	lang->entries = talloc_realloc(l->catalog, lang->entries, struct entry, (unsigned)lang->n_entries);
	qsort(lang->entries, lang->n_entries, sizeof(*lang->entries), by_key);
	return no_doubles(l);
}

/* Splits "deal.left_one" into its base and the category; NULL when the ending is no category. */
static const char *plural_ending(const char *key, char base[CATALOG_KEY_BYTES])
{
	const char *ending = strrchr(key, '_');

	if (!ending)
		return NULL;
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		if (strcmp(ending + 1, categories[i]) == 0) {
			memcpy(base, key, (size_t)(ending - key));
			base[ending - key] = '\0';
			return ending + 1;
		}
	}
	return NULL;
}

static const struct entry *find_form(const struct language *l, const char *base, const char *category)
{
	char key[CATALOG_KEY_BYTES + TONGUE_CATEGORY_BYTES];
	int n = snprintf(key, sizeof(key), "%s_%s", base, category);

	assert(n > 0 && n < (int)sizeof(key));
	return find_entry(l, key);
}

/* The name by which code asks for an entry: a plural form without its ending. True when it is a plural form. */
static bool base_of(const struct language *l, const char *key, char base[CATALOG_KEY_BYTES])
{
	const char *ending = plural_ending(key, base);

	if (ending && find_form(l, base, "other"))
		return true;
	memcpy(base, key, strlen(key) + 1);
	return false;
}

static bool is_used(char wanted[][TONGUE_CATEGORY_BYTES], size_t n, const char *category)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(wanted[i], category) == 0)
			return true;
	}
	return strcmp(category, "zero") == 0;
}

/* Every category that ICU knows for the language has its form, and no form is there that is never chosen. */
static bool check_plural(const struct load *l, const char *base)
{
	char wanted[TONGUE_CATEGORIES][TONGUE_CATEGORY_BYTES];
	size_t n = tongue_categories(l->language->tongue, wanted);

	for (size_t i = 0; i < n; i++) {
		if (!find_form(l->language, base, wanted[i]))
			return err_set(l->e, "%s: %s: the plural form _%s is missing", l->path, base, wanted[i]);
	}
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		if (find_form(l->language, base, categories[i]) && !is_used(wanted, n, categories[i]))
			return err_set(l->e, "%s: %s: the plural form _%s is never used in this language", l->path,
				       base, categories[i]);
	}
	if (find_entry(l->language, base))
		return err_set(l->e, "%s: %s: is a plain text and a plural", l->path, base);
	return true;
}

static bool check_plurals(const struct load *l)
{
	char base[CATALOG_KEY_BYTES];

	for (size_t i = 0; i < l->language->n_entries; i++) {
		if (base_of(l->language, l->language->entries[i].key, base) && !check_plural(l, base))
			return false;
	}
	return true;
}

static bool load_language(struct load *l)
{
	void *tmp = talloc_new(l->catalog);
	bool ok;

	l->language->tongue = tongue_open(l->catalog, l->language->name, l->e);
	ok = l->language->tongue && read_entries(l, tmp) && check_plurals(l);
	talloc_free(tmp);
	return ok;
}

static bool has_base(const struct language *l, const char *base)
{
	return find_entry(l, base) || find_form(l, base, "other");
}

/* Some form of `base` in `l` has every argument of `m`. */
static bool base_takes(const struct language *l, const char *base, const struct message *m)
{
	const struct entry *entry = find_entry(l, base);

	if (entry)
		return message_arguments_within(m, &entry->message);
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
		entry = find_form(l, base, categories[i]);
		if (entry && message_arguments_within(m, &entry->message))
			return true;
	}
	return false;
}

/* Everything that `a` says, `b` can say too. */
static bool check_within(const struct language *a, const struct language *b, const char *dir, struct err *e)
{
	char base[CATALOG_KEY_BYTES];

	for (size_t i = 0; i < a->n_entries; i++) {
		bool plural = base_of(a, a->entries[i].key, base);

		if (!has_base(b, base))
			return err_set(e, "%s/%s.json: %s: is missing, but %s.json has it", dir, b->name, base,
				       a->name);
		if (plural != !find_entry(b, base))
			return err_set(e, "%s/%s.json: %s: must be a plural as in the other language", dir, b->name,
				       base);
		if (!base_takes(b, base, &a->entries[i].message))
			return err_set(e, "%s/%s.json: %s: has not the same {{arguments}} and formats as %s.json", dir,
				       b->name, base, a->name);
	}
	return true;
}

static bool check_all_alike(const struct catalog *c, const char *dir, struct err *e)
{
	for (size_t i = 1; i < c->n_languages; i++) {
		if (!check_within(&c->languages[0], &c->languages[i], dir, e) ||
		    !check_within(&c->languages[i], &c->languages[0], dir, e))
			return false;
	}
	return true;
}

static bool is_language_file(const char *file, char name[LANGUAGE_BYTES])
{
	size_t n = strspn(file, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");

	if (n == 0 || n >= LANGUAGE_BYTES || strcmp(file + n, ".json") != 0)
		return false;
	memcpy(name, file, n);
	name[n] = '\0';
	return true;
}

/* fa first: it is what a person without a known language reads. */
static int by_name(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int x_fa = strcmp(x, "fa") == 0, y_fa = strcmp(y, "fa") == 0;

	return x_fa != y_fa ? y_fa - x_fa : strcmp(x, y);
}

static bool list_languages(struct catalog *c, const char *dir, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *file;
	char name[LANGUAGE_BYTES];

	if (!d)
		return err_set(e, "%s: cannot be opened: %s. It must hold fa.json and en.json", dir, strerror(errno));
	while ((file = readdir(d)) != NULL && c->n_languages < CATALOG_MAX_LANGUAGES) {
		if (!is_language_file(file->d_name, name))
			continue;
		c->names[c->n_languages] = talloc_strdup(c, name);
		if (!c->names[c->n_languages++])
			abort();
	}
	(void)closedir(d);
	qsort(c->names, c->n_languages, sizeof(c->names[0]), by_name);
	if (c->n_languages == 0 || strcmp(c->names[0], "fa") != 0)
		return err_set(e, "%s/fa.json: is missing; every other language falls back to it", dir);
	return true;
}

static bool load_all(struct catalog *c, const char *dir, struct err *e)
{
	if (!list_languages(c, dir, e))
		return false;
	for (size_t i = 0; i < c->n_languages; i++) {
		char path[PATH_MAX];
		struct load l = {.catalog = c, .language = &c->languages[i], .path = path, .e = e};

		if (snprintf(path, sizeof(path), "%s/%s.json", dir, c->names[i]) >= (int)sizeof(path))
			return err_set(e, "%s: the path is too long", dir);
		l.language->name = c->names[i];
		if (!load_language(&l))
			return false;
	}
	return check_all_alike(c, dir, e);
}

struct catalog *catalog_load(void *ctx, const char *dir, struct err *e)
{
	struct catalog *c = talloc_zero(ctx, struct catalog);

	if (!c)
		abort();
	if (!load_all(c, dir, e)) {
		talloc_free(c);
		return NULL;
	}
	return c;
}

size_t catalog_languages(const struct catalog *c, const char *const **languages)
{
	*languages = c->names;
	return c->n_languages;
}

/* The whole tag first ("pt-BR"), then its language alone. */
static const struct language *pick(const struct catalog *c, const char *tag)
{
	size_t primary = tag ? strcspn(tag, "-_") : 0;

	for (size_t i = 0; tag && i < c->n_languages; i++) {
		if (strcasecmp(c->languages[i].name, tag) == 0)
			return &c->languages[i];
	}
	for (size_t i = 0; primary > 0 && i < c->n_languages; i++) {
		const char *name = c->languages[i].name;

		if (strlen(name) == primary && strncasecmp(name, tag, primary) == 0)
			return &c->languages[i];
	}
	return &c->languages[0];
}

const char *catalog_pick(const struct catalog *c, const char *tag)
{
	return pick(c, tag)->name;
}

bool catalog_has(const struct catalog *c, const char *key)
{
	return strlen(key) < CATALOG_KEY_BYTES && has_base(&c->languages[0], key);
}

const struct message *catalog_message(const struct catalog *c, const char *lang, const char *key, const int64_t *count)
{
	const struct language *l = pick(c, lang);
	char category[TONGUE_CATEGORY_BYTES] = "other";
	const struct entry *entry = find_entry(l, key);

	if (entry)
		return &entry->message;
	if (strlen(key) >= CATALOG_KEY_BYTES)
		return NULL;
	if (count && *count == 0 && (entry = find_form(l, key, "zero")) != NULL)
		return &entry->message;
	if (count)
		tongue_plural(l->tongue, *count, category);
	entry = find_form(l, key, category);
	return entry ? &entry->message : NULL;
}

struct tongue *catalog_tongue(const struct catalog *c, const char *lang)
{
	return pick(c, lang)->tongue;
}

void catalog_each(const struct catalog *c, const char *lang,
		  void (*each)(void *arg, const char *key, const struct message *m), void *arg)
{
	const struct language *l = pick(c, lang);

	for (size_t i = 0; i < l->n_entries; i++)
		each(arg, l->entries[i].key, &l->entries[i].message);
}

void catalog_mark_times(struct catalog *c, bool on)
{
	c->marks_times = on;
}

bool catalog_marks_times(const struct catalog *c)
{
	return c->marks_times;
}
