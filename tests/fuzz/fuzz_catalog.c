/* Language files: refused with the key, or every message of them can be said. The input is fa.json, and behind a byte
 * 0xFF en.json. */
#include "format.h"
#include "fuzz.h"
#include "message.h"

#include <unistd.h>

enum { MESSAGES_MOST = 200 };

static char *folder(void)
{
	static char *dir;

	if (!dir) {
		dir = talloc_asprintf(NULL, "%s/separex-fuzz-XXXXXX", P_tmpdir);
		HOLDS(mkdtemp(dir) != NULL, "%s", dir);
	}
	return dir;
}

static const char *put(const void *ctx, const char *name, const uint8_t *bytes, size_t n)
{
	const char *path = talloc_asprintf(ctx, "%s/%s", folder(), name);
	FILE *f = fopen(path, "wb");

	HOLDS(f && fwrite(bytes, 1, n, f) == n && !fclose(f), "%s", path);
	return path;
}

struct saying {
	const void *ctx;
	const struct catalog *c;
	const char *lang;
	size_t n;
};

static void say_one(void *arg, const char *key, const struct message *m)
{
	static const struct arg none[] = {ARG_NONE};
	struct saying *s = arg;

	HOLDS(m->n_pieces <= CATALOG_MAX_PIECES, "%s", key);
	HOLDS(strlen(key) < CATALOG_KEY_BYTES, "%s", key);
	if (s->n++ >= MESSAGES_MOST)
		return;
	fuzz_is_text(say(s->ctx, s->c, s->lang, key, none));
	fuzz_is_text(say_plain(s->ctx, s->c, s->lang, key, none));
}

static void catalog_holds(const void *ctx, const struct catalog *c)
{
	const char *const *languages;
	size_t n = catalog_languages(c, &languages);

	HOLDS(n >= 1 && n <= CATALOG_MAX_LANGUAGES && !strcmp(languages[0], "fa"), "%zu", n);
	for (size_t i = 0; i < n; i++)
		catalog_each(c, languages[i], say_one, &(struct saying){ctx, c, languages[i], 0});
}

static void message_holds(void *ctx, const char *text)
{
	struct message m;
	const char *why = NULL;

	if (!message_parse(ctx, text, &m, &why)) {
		HOLDS(why && why[0], " ");
		return;
	}
	HOLDS(m.n_pieces <= CATALOG_MAX_PIECES, "%zu", m.n_pieces);
	HOLDS(message_arguments_within(&m, &m), "%s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const uint8_t *cut = size ? memchr(data, 0xFF, size) : NULL;
	size_t n = cut ? (size_t)(cut - data) : size;
	const char *fa = put(ctx, "fa.json", data, n), *en = cut ? put(ctx, "en.json", cut + 1, size - n - 1) : NULL;
	struct err e = {""};
	struct catalog *c;

	fuzz_quiet();
	c = catalog_load(ctx, folder(), &e);
	HOLDS(c || e.text[0], " ");
	if (c)
		catalog_holds(ctx, c);
	unlink(fa);
	if (en)
		unlink(en);
	message_holds(ctx, fuzz_text(ctx, data, size));
	talloc_free(ctx);
	return 0;
}
