/* Writing JSON straight into a buffer, without a tree: for what is written with every message. */
#ifndef SEPAREX_JS_WRITE_H
#define SEPAREX_JS_WRITE_H

#include "buf.h"
#include <stdint.h>

/* In all of these `name` is the member's name (ASCII, nothing to escape), or NULL inside an array and for the outermost
 * value; commas come by themselves. What passes the buffer's maximum is left out and b->failed says so. */

/* `bracket` is '{' or '['; closed with '}' or ']'. */
void js_write_open(struct buf *b, const char *name, char bracket);
void js_write_close(struct buf *b, char bracket);

/* A string; bytes that are no UTF-8 become U+FFFD. NULL writes nothing. */
void js_write_text(struct buf *b, const char *name, const char *text);

void js_write_int(struct buf *b, const char *name, int64_t value);
void js_write_true(struct buf *b, const char *name);

#endif
