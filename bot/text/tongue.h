/* What ICU knows of one language: digits, plurals, numbers in words, dates in its own calendar. Formatters are opened
 * at their first use and kept, since say() is on the way of every message. */
#ifndef SEPAREX_TONGUE_H
#define SEPAREX_TONGUE_H

#include "buf.h"
#include "err.h"
#include <stdint.h>

struct tongue;

enum tongue_pattern { TONGUE_TIME, TONGUE_DATE, TONGUE_CLOCK, TONGUE_PATTERNS };
enum { TONGUE_CATEGORIES = 6, TONGUE_CATEGORY_BYTES = 16 };

/* The tongue for a language tag such as "fa", in its usual region ("fa" means Iran, with the Persian calendar).
 * NULL and `e` when ICU does not know the language. Freed with ctx. */
struct tongue *tongue_open(void *ctx, const char *language, struct err *e);

/* The plural categories the language tells apart ("one", "other"), and the one for `n`. */
size_t tongue_categories(const struct tongue *t, char out[TONGUE_CATEGORIES][TONGUE_CATEGORY_BYTES]);
void tongue_plural(const struct tongue *t, int64_t n, char out[TONGUE_CATEGORY_BYTES]);

/* Adds `n` in the language's digits, with or without marks between thousands. */
void tongue_int(const struct tongue *t, int64_t n, bool grouped, struct buf *out);

/* Adds `n` in words. */
void tongue_words(struct tongue *t, int64_t n, struct buf *out);

/* Adds a moment (ms since 1970) in Tehran's time by an ICU date pattern (UTS 35). The pattern of a slot is read once:
 * the same slot always comes with the same pattern. */
void tongue_time(struct tongue *t, enum tongue_pattern slot, const char *pattern, int64_t ms, struct buf *out);

#endif
