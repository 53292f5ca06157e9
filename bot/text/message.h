/* One catalogue text cut into its own words and its arguments. */
#ifndef SEPAREX_MESSAGE_H
#define SEPAREX_MESSAGE_H

#include "catalog.h"

/* Cuts `text` at its {{name}} and {{name, format}}; the result and its texts belong to ctx. False, with the reason in
 * `why` (static), when it is no such text. */
bool message_parse(void *ctx, const char *text, struct message *out, const char **why);

/* The word after the comma for a format, "" for PIECE_PLAIN and PIECE_TEXT. */
const char *message_format_name(enum piece_format f);

/* True when every argument of `a`, with its format, is also one of `b`. */
bool message_arguments_within(const struct message *a, const struct message *b);

#endif
