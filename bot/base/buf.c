/* A growing byte buffer with a maximum: see buf.h. */
#include "buf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { FIRST_CAP = 64 };

static void *must(void *p)
{
	if (!p)
		abort(); /* without memory no promise can be kept; the last commit is the state */
	return p;
}

struct buf *buf_new(const void *ctx, size_t max)
{
	struct buf *b = must(talloc_zero(ctx, struct buf));

	b->max = max;
	b->cap = FIRST_CAP;
	b->data = must(talloc_size(b, b->cap));
	b->data[0] = '\0';
	return b;
}

static bool make_room(struct buf *b, size_t n)
{
	size_t want;

	if (n > b->max || b->len > b->max - n) {
		b->failed = true;
		return false;
	}
	want = b->len + n + 1;
	if (want <= b->cap)
		return true;
	while (b->cap < want)
		b->cap = b->cap > SIZE_MAX / 2 ? want : b->cap * 2;
	b->data = must(talloc_realloc_size(b, b->data, b->cap));
	return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t n)
{
	assert(b->len < b->cap);
	if (!make_room(b, n))
		return false;
	if (n)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
	assert(b->len <= b->max);
	return true;
}

bool buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

bool buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !make_room(b, (size_t)n)) {
		b->failed = true;
		return false;
	}
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return true;
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	b->data[0] = '\0';
}
