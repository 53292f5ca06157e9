/* UTF-8 as it must be before JSON or a chat sees it: checking, mending and cutting. */
#ifndef SEPAREX_UTF8_H
#define SEPAREX_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the valid character at `s` (1-4) of `n` bytes, 0 when there is none: overlong forms, surrogates and anything
 * past U+10FFFF are invalid (RFC 3629). */
size_t utf8_step(const char *s, size_t n);

bool utf8_valid(const char *s, size_t n);

/* `s` itself when it is valid, else a copy on ctx with U+FFFD for each bad byte. `s` NUL-terminated, never NULL. */
const char *utf8_mend(const void *ctx, const char *s);

/* How many bytes of the valid text `s` hold at most `units` UTF-16 code units (what Telegram counts in). Never splits a
 * character; strlen(s) when all fits. */
size_t utf8_fit_utf16(const char *s, size_t units);

#endif
