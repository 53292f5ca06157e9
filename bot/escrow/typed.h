/* Codes and numbers as people type them: one fold before any check. Pure. */
#ifndef SEPAREX_TYPED_H
#define SEPAREX_TYPED_H

#include <stdbool.h>
#include <stddef.h>

/* Copies `text` (UTF-8) to `out` of `size` bytes in one plain form: Persian and Arabic digits become ASCII digits,
 * letters a-z become upper case, every dash becomes '-', the Arabic decimal comma becomes '.'; white space, zero-width
 * and direction marks vanish, and so does every ASCII character that stands in `drop`. Any other character outside
 * ASCII becomes one '?'. Returns the length written, or `size` when it does not fit (out then holds a cut text). `out`
 * is always NUL-terminated. A NULL text is an empty one. */
size_t typed_fold(const char *text, const char *drop, char *out, size_t size);

/* True when every one of the `n` bytes is an ASCII digit. */
bool typed_digits(const char *s, size_t n);

/* True when the text is one digit repeated ("000000"). Empty: false. */
bool typed_one_digit_only(const char *s);

#endif
