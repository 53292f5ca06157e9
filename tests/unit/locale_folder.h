/* A folder of catalogues for one test: written, loaded, removed. */
#ifndef SEPAREX_LOCALE_FOLDER_H
#define SEPAREX_LOCALE_FOLDER_H

#include "catalog.h"
#include "js.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

/* The root of the repository. */
static inline const char *source_folder(void)
{
	const char *dir = getenv("SEPAREX_SOURCE");

	return dir ? dir : ".";
}

struct locale_file {
	const char *name, *text;
};

/* A new empty folder under the system's place for such things; the caller removes it with folder_remove. */
static inline char *folder_new(void *ctx)
{
	const char *place = getenv("TMPDIR");
	char *dir = talloc_asprintf(ctx, "%s/separex-locales-XXXXXX", place ? place : P_tmpdir);

	ck_assert(mkdtemp(dir) != NULL);
	return dir;
}

static inline void folder_write(const char *dir, const char *name, const char *text)
{
	char *path = talloc_asprintf(NULL, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");

	ck_assert(f != NULL);
	ck_assert(fputs(text, f) >= 0 && fclose(f) == 0);
	talloc_free(path);
}

static inline void folder_remove(const char *dir, const struct locale_file *files)
{
	for (size_t i = 0; files[i].name; i++) {
		char *path = talloc_asprintf(NULL, "%s/%s", dir, files[i].name);

		ck_assert(unlink(path) == 0);
		talloc_free(path);
	}
	ck_assert(rmdir(dir) == 0);
}

/* Loads catalogues with these contents; `files` ends with a NULL name. */
static inline struct catalog *catalog_of(void *ctx, const struct locale_file *files, struct err *e)
{
	char *dir = folder_new(ctx);
	struct catalog *c;

	for (size_t i = 0; files[i].name; i++)
		folder_write(dir, files[i].name, files[i].text);
	c = catalog_load(ctx, dir, e);
	folder_remove(dir, files);
	return c;
}

/* `texts` (a JSON object) and beside it the repository's own "format" area of that language. */
static inline char *with_formats(void *ctx, const char *lang, const char *texts)
{
	char *path = talloc_asprintf(ctx, "%s/locales/%s.json", source_folder(), lang);
	json_error_t trouble;
	json_t *real = js_own(ctx, json_load_file(path, 0, &trouble));
	json_t *own = js_own(ctx, json_loads(texts, 0, &trouble));

	ck_assert_msg(real && own, "%s: %s", path, trouble.text);
	ck_assert(json_object_set(own, "format", json_object_get(real, "format")) == 0);
	return js_text(ctx, own);
}

#endif
