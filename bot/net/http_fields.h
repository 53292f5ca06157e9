/* The fields of an inbound request: checking and decoding what strangers wrote. */
#ifndef SEPAREX_HTTP_FIELDS_H
#define SEPAREX_HTTP_FIELDS_H

#include "http.h"

/* True for valid UTF-8 without a NUL inside. */
bool http_text_valid(const char *s, size_t n);

/* Adds a decoded field, copied onto ctx. Dropped: an empty name, text that is not valid, one more than
 * HTTP_MAX_FIELDS. */
void http_fields_add(const void *ctx, struct http_inbound *in, const char *name, size_t name_bytes, const char *value,
		     size_t value_bytes);

/* Adds the fields of an application/x-www-form-urlencoded text (WHATWG URL 5.1: "+" is a space, a "%" without two hex
 * digits stays as it is). */
void http_fields_form(const void *ctx, struct http_inbound *in, const char *text, size_t n);

#endif
