/* The fonts of pictures. */
#ifndef SEPAREX_LETTERS_H
#define SEPAREX_LETTERS_H

#include <pango/pango.h>
#include <stdbool.h>

/* The process's one context of fonts, set for a language tag ("fa") and its direction. It is made at the first call and
 * kept: reading the fonts takes tens of milliseconds, and its caches of glyphs are what makes a card quick. */
PangoContext *letters_for(const char *language, bool rtl);

#endif
