/* What people type, made safe to keep and to show: nothing invisible, nothing that turns the line around. */
#ifndef SEPAREX_SAFE_NAME_H
#define SEPAREX_SAFE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SAFE_NAME_CODEPOINTS = 64 };

/* A cleaned copy of `text` on ctx, at most `max_codepoints` long, never cut inside a character. Never NULL; "" when
 * nothing is left (NULL gives "" too). Dropped: bytes that are no UTF-8 (lone surrogates too) and U+FFFD, bidi
 * controls, invisible characters (except a ZWNJ between two letters and what holds an emoji together), tag characters,
 * private ones, controls, combining marks with nothing to sit on. Runs of blanks become one space, Arabic yeh and kaf
 * become the Persian ones, stacks of more than three combining marks are thinned. Line breaks become a space, or with
 * `keep_newlines` stay (never more than two in a row). Both ends are trimmed. Cleaning what is clean changes nothing.
 */
char *safe_text(const void *ctx, const char *text, size_t max_codepoints, bool keep_newlines);

/* safe_text on one line, which ends with "…" when something had to be left off: a title cut in silence can name other
 * goods. `max_codepoints` is at least 1 and counts the "…". */
char *safe_line(const void *ctx, const char *text, size_t max_codepoints);

/* safe_text for a person's or a chat's name: one line of at most SAFE_NAME_CODEPOINTS. */
char *safe_name(const void *ctx, const char *name);

/* A copy on ctx in which Persian (U+06F0) and Arabic (U+0660) digits are ASCII digits. Other bytes stay as they are. */
char *digits_fold(const void *ctx, const char *text);

/* The entity of & < > " ' that Telegram (telegram.md 1.12) and browsers know; NULL for any other character. */
const char *html_entity(char c);

/* A copy on ctx with & < > " ' as entities. NULL gives "". */
char *html_escape(const void *ctx, const char *text);

/* The next code point at *s, which moves past it; 0 at the end. A byte that starts no valid character (overlong,
 * surrogate, above U+10FFFF) moves by one and gives U+FFFD. */
uint32_t utf8_next(const char **s);

/* Writes `cp` as UTF-8 (a valid code point) and returns the number of bytes, 1 to 4. Not NUL-terminated. */
size_t utf8_put(char out[4], uint32_t cp);

#endif
