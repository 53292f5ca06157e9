/* A growing byte buffer that cannot grow past a stated maximum. Lives on a talloc context. */
#ifndef SEPAREX_BUF_H
#define SEPAREX_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* always NUL-terminated, also when empty */
	size_t len; /* bytes, without the NUL */
	size_t cap;
	size_t max; /* len never passes this */
	bool failed; /* sticky: an addition did not fit and was left out whole */
};

/* A new empty buffer of at most `max` bytes, freed with `ctx`. Never NULL: no memory ends the process. */
struct buf *buf_new(const void *ctx, size_t max);

/* Each adds all or nothing; false (and `failed` set) when the maximum would be passed. */
bool buf_add(struct buf *b, const void *bytes, size_t n);
bool buf_puts(struct buf *b, const char *s);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Empties the buffer, keeps the memory, clears `failed`. */
void buf_clear(struct buf *b);

#endif
