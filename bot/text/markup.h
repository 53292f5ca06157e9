/* Telegram's HTML seen as plain text. */
#ifndef SEPAREX_MARKUP_H
#define SEPAREX_MARKUP_H

#include "buf.h"
#include <stdbool.h>

/* Adds the text of a piece of HTML: tags left out, the five named entities decoded. `in_tag` carries over from piece to
 * piece whether one ended inside a tag; it begins as false. */
void markup_plain(const char *html, bool *in_tag, struct buf *out);

#endif
