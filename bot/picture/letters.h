/* The fonts of pictures. */
#ifndef SEPAREX_LETTERS_H
#define SEPAREX_LETTERS_H

#include <pango/pango.h>

/* The process's one context of fonts, set for a language tag ("fa"). It is made at the first call and
 * kept: reading the fonts takes tens of milliseconds, and its caches of glyphs are what makes a card quick. */
PangoContext *letters_for(const char *language);

#endif
