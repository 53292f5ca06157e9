/* Rewriting of SQL text: see db_sql.h. */
#include "db_sql.h"

#include "buf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { SQL_MAX_BYTES = 1 << 20, TOKEN_MAX_BYTES = 24 };

/* Bytes at `p` that are to be left alone: a quoted text or name, a comment. 0 when none starts here. One that is never
 * closed reaches to the end; the engine will refuse it. A doubled quote inside is two quoted texts side by side, which
 * skips the same bytes. */
static size_t opaque(const char *p)
{
	const char *end;

	if (*p == '\'' || *p == '"') {
		end = strchr(p + 1, *p);
		return end ? (size_t)(end - p) + 1 : strlen(p);
	}
	if (!strncmp(p, "--", 2))
		return strcspn(p, "\n");
	if (!strncmp(p, "/*", 2)) {
		end = strstr(p + 2, "*/");
		return end ? (size_t)(end - p) + 2 : strlen(p);
	}
	return 0;
}

/* The buffer's text as a block of its own on ctx. */
static char *take_text(const void *ctx, struct buf *b)
{
	char *text;

	if (b->failed)
		abort(); /* no text of ours comes near the maximum */
	text = talloc_strndup(ctx, b->data, b->len);
	if (!text)
		abort();
	talloc_free(b);
	return text;
}

char *db_sql_numbered(const void *ctx, const char *sql)
{
	struct buf *out = buf_new(ctx, SQL_MAX_BYTES);
	int number = 0;

	for (const char *p = sql; *p;) {
		size_t skip = opaque(p);

		if (!skip && *p == '?') {
			buf_printf(out, "$%d", ++number);
			p++;
			continue;
		}
		skip = skip ? skip : 1;
		buf_add(out, p, skip);
		p += skip;
	}
	return take_text(ctx, out);
}

int db_sql_count(const char *sql)
{
	int n = 0;

	for (const char *p = sql; *p;) {
		size_t skip = opaque(p);

		if (!skip && *p == '?' && p[1] >= '0' && p[1] <= '9')
			return -1;
		n += !skip && *p == '?';
		p += skip ? skip : 1;
	}
	assert(n >= 0);
	return n;
}

/* What the `n` bytes of a token stand for; NULL for an unknown one. */
static const char *meaning(const char *token, size_t n, const struct db_ddl *ddl)
{
	const struct {
		const char *token, *text;
	} words[] = {{"@ID", ddl->id}, {"@INT", ddl->integer}, {"@BLOB", ddl->blob}, {"@STRICT", ddl->strict}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i].token) == n && !memcmp(words[i].token, token, n))
			return words[i].text;
	return NULL;
}

/* The bytes of a word and what follows it up to the next one. */
static size_t word_bytes(const char *p)
{
	return strcspn(p, " \t\n;(");
}

static size_t past(const char *p, const char *what)
{
	const char *at = strstr(p, what);

	return at ? (size_t)(at - p) + strlen(what) : strlen(p);
}

/* A trigger of a migration, in the form that db_sql.h names, as a function and its trigger; how many bytes it took, 0
 * when none begins here. */
static size_t expand_trigger(struct buf *out, const char *p)
{
	static const char create[] = "CREATE TRIGGER ", drop[] = "DROP TRIGGER ", raise[] = "RAISE(ABORT, ";
	const char *name = p + strlen(create), *body = strstr(p, "\nBEGIN SELECT "), *words;
	int n;

	if (!strncmp(p, drop, strlen(drop))) {
		name = p + strlen(drop);
		n = (int)word_bytes(name);
		buf_printf(out, "DROP FUNCTION %.*s() CASCADE", n, name);
		return strlen(drop) + (size_t)n;
	}
	if (strncmp(p, create, strlen(create)) != 0 || !body)
		return 0;
	n = (int)word_bytes(name);
	words = body + past(body, raise);
	buf_printf(
		out,
		"CREATE FUNCTION %.*s() RETURNS trigger LANGUAGE plpgsql AS "
		"$sx$BEGIN RAISE EXCEPTION USING MESSAGE = %.*s; END$sx$;\n%.*s FOR EACH ROW EXECUTE FUNCTION %.*s()",
		n, name, (int)opaque(words), words, (int)(body - p), p, n, name);
	return (size_t)(body - p) + past(body, "END");
}

static bool expand_into(struct buf *out, const char *text, const struct db_ddl *ddl, struct err *e)
{
	for (const char *p = text; *p;) {
		size_t skip = opaque(p);
		const char *word;

		if (!skip && ddl->trigger_functions) {
			size_t trigger = expand_trigger(out, p);

			p += trigger;
			if (trigger)
				continue;
		}
		if (skip || *p != '@') {
			skip = skip ? skip : 1;
			buf_add(out, p, skip);
			p += skip;
			continue;
		}
		skip = 1 + strspn(p + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		word = meaning(p, skip, ddl);
		if (!word)
			return err_set(e, "unknown word %.*s", (int)(skip < TOKEN_MAX_BYTES ? skip : TOKEN_MAX_BYTES),
				       p);
		buf_puts(out, word);
		p += skip;
	}
	return true;
}

char *db_sql_expand(const void *ctx, const char *text, size_t n, const struct db_ddl *ddl, struct err *e)
{
	struct buf *out = buf_new(ctx, SQL_MAX_BYTES);
	char *source = talloc_strndup(out, text, n);

	if (!source)
		abort();
	if (!expand_into(out, source, ddl, e)) {
		talloc_free(out);
		return NULL;
	}
	return take_text(ctx, out);
}
