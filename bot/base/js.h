/* Reading and owning jansson values. A missing or wrongly typed member is a default, never a crash. */
#ifndef SEPAREX_JS_H
#define SEPAREX_JS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ties `j` (a reference the caller owns) to `ctx`: it is released when ctx is freed. NULL gives NULL. */
json_t *js_own(const void *ctx, json_t *j);

/* Parses `n` bytes; the result is tied to ctx. NULL when it is no JSON, deeper than 64 levels, or not an object or
 * array. */
json_t *js_parse(const void *ctx, const char *text, size_t n);

/* Compact text of `j`, talloc'd on ctx. Never NULL for a valid value. */
char *js_text(const void *ctx, const json_t *j);

/* The member at a path of names joined by dots ("message.chat.id"), or NULL. Borrowed from `j`. */
json_t *js_at(const json_t *j, const char *path);

/* The value at a path, or the default when it is missing or of another type. Strings are borrowed from `j`. */
const char *js_str(const json_t *j, const char *path, const char *otherwise);
int64_t js_int(const json_t *j, const char *path, int64_t otherwise);
bool js_bool(const json_t *j, const char *path, bool otherwise);

#endif
