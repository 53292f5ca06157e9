/* JSON from a server that may be damaged: mended when it can be, and walked without a parser when it cannot. */
#ifndef SEPAREX_TELEGRAM_JSON_H
#define SEPAREX_TELEGRAM_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of JSON text. */
struct span {
	const char *at;
	size_t n;
};

/* js_parse, and when that fails once more with the text mended: unpaired surrogate escapes, \u0000, bad UTF-8 and raw
 * control characters in strings become U+FFFD, numbers that fit no int64 or double become null. NULL when even so it is
 * no JSON. */
json_t *telegram_parse(void *ctx, struct span text);

/* The values of the named members of an object, without parsing them: an absent one is {NULL, 0}, of twins the last
 * counts. False when the text is no object that ends where the span ends. */
bool span_members(struct span object, const char *const *names, struct span *values, size_t n);

/* True when the span is exactly `text`. */
bool span_says(struct span s, const char *text);

/* The inside of an array. False when the span is none. */
bool span_inside(struct span array, struct span *inside);

/* Takes the next element off `inside`; false at its end. An element that does not end ends the walk. */
bool span_next(struct span *inside, struct span *element);

/* json_object_set_new that cannot fail: no memory ends the process. Steals `value`, which must not be NULL. */
void telegram_put(json_t *into, const char *name, json_t *value);

/* Puts a text, mended where it is no UTF-8; NULL puts nothing. */
void telegram_put_text(void *ctx, json_t *into, const char *name, const char *text);

#endif
