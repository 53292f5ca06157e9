/* Advertisements that people paste or forward: what is for sale, for how much, and what else is said. */
#ifndef SEPAREX_AD_H
#define SEPAREX_AD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AD_TEXT_BYTES = 16384, /* what is behind this is not read: a Telegram message has 4096 characters */
	AD_MAX_LINES = 200, /* likewise */
	AD_TITLE_CODEPOINTS = 100,
	AD_DESCRIPTION_CODEPOINTS = 600,
	AD_MAX_PRICES = 5
};

struct ad_price {
	int64_t rial;
	bool confirm; /* a guess: show it and ask (see amount.h) */
};

struct ad {
	const char *title; /* one line without price, contact, link and hashtag; "" when no line says what it is */
	const char *description; /* the other lines; digits of phones, cards and IBANs are dots, links are left out */
	size_t n_prices; /* 1: the price. More: one of them, ask which. 0: ask for it */
	struct ad_price prices[AD_MAX_PRICES]; /* all different, in their order */
};

/* Reads a text as an advertisement. `out` is always filled, its texts on ctx and never NULL. True when the text looks
 * like one: it says what it is, in more than one line, or in 40 characters and more with a price. Any bytes are fine.
 */
bool ad_read(void *ctx, const char *text, struct ad *out);

#endif
