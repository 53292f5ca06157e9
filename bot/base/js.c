/* Reading and owning jansson values: see js.h. */
#include "js.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { DEEPEST = 64, LONGEST_NAME = 64 };

struct owned {
	json_t *value;
};

static int release(struct owned *o)
{
	json_decref(o->value);
	return 0;
}

json_t *js_own(const void *ctx, json_t *j)
{
	struct owned *o;

	if (!j)
		return NULL;
	o = talloc(ctx, struct owned);
	if (!o)
		abort();
	o->value = j;
	talloc_set_destructor(o, release);
	return j;
}

static bool too_deep(const char *text, size_t n)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < n; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!in_string && (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > DEEPEST)
			return true;
	}
	return false;
}

json_t *js_parse(const void *ctx, const char *text, size_t n)
{
	if (!text || too_deep(text, n))
		return NULL;
	return js_own(ctx, json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL));
}

char *js_text(const void *ctx, const json_t *j)
{
	char *raw = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
	char *out = raw ? talloc_strdup(ctx, raw) : NULL;

	free(raw);
	if (!out)
		abort();
	return out;
}

json_t *js_at(const json_t *j, const char *path)
{
	char name[LONGEST_NAME];

	while (j && *path) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof name)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		j = json_object_get(j, name);
		path += n + (path[n] == '.');
	}
	return (json_t *)j;
}

const char *js_str(const json_t *j, const char *path, const char *otherwise)
{
	const json_t *at = js_at(j, path);

	return json_is_string(at) ? json_string_value(at) : otherwise;
}

int64_t js_int(const json_t *j, const char *path, int64_t otherwise)
{
	const json_t *at = js_at(j, path);

	return json_is_integer(at) ? (int64_t)json_integer_value(at) : otherwise;
}

bool js_bool(const json_t *j, const char *path, bool otherwise)
{
	const json_t *at = js_at(j, path);

	return json_is_boolean(at) ? json_is_true(at) : otherwise;
}
