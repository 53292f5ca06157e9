/* Form fields: see http_fields.h. */
#include "http_fields.h"

#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

bool http_text_valid(const char *s, size_t n)
{
	return !memchr(s, '\0', n) && utf8_valid(s, n);
}

static const char *copied(const void *ctx, const char *s, size_t n)
{
	const char *copy = talloc_strndup(ctx, s, n);

	if (!copy)
		abort();
	return copy;
}

void http_fields_add(const void *ctx, struct http_inbound *in, const char *name, size_t name_bytes, const char *value,
		     size_t value_bytes)
{
	assert(in->n_fields <= HTTP_MAX_FIELDS);
	if (in->n_fields == HTTP_MAX_FIELDS || name_bytes == 0)
		return;
	if (!http_text_valid(name, name_bytes) || !http_text_valid(value, value_bytes))
		return;
	in->fields[in->n_fields].name = copied(ctx, name, name_bytes);
	in->fields[in->n_fields].value = copied(ctx, value, value_bytes);
	in->n_fields++;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes in place; returns the new length, never a longer one. */
static size_t decode(char *s, size_t n)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%' && n - i > 2 && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
			s[out++] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		} else {
			s[out++] = (char)(s[i] == '+' ? ' ' : s[i]);
		}
	}
	return out;
}

static void add_pair(const void *ctx, struct http_inbound *in, char *pair, size_t n)
{
	char *equals = memchr(pair, '=', n), *value = equals ? equals + 1 : pair + n;
	size_t name_bytes = equals ? (size_t)(equals - pair) : n, value_bytes = n - (size_t)(value - pair);

	value_bytes = decode(value, value_bytes);
	http_fields_add(ctx, in, pair, decode(pair, name_bytes), value, value_bytes);
}

void http_fields_form(const void *ctx, struct http_inbound *in, const char *text, size_t n)
{
	char *copy = talloc_memdup(ctx, text, n + 1), *at = copy;
	size_t left = n;

	if (!copy)
		abort();
	while (left && in->n_fields < HTTP_MAX_FIELDS) {
		char *amp = memchr(at, '&', left);
		size_t pair = amp ? (size_t)(amp - at) : left, used = amp ? pair + 1 : pair;

		add_pair(ctx, in, at, pair);
		at += used;
		left -= used;
	}
	talloc_free(copy);
}
