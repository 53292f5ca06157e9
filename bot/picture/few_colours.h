/* A picture's colours brought down to a small palette. */
#ifndef SEPAREX_FEW_COLOURS_H
#define SEPAREX_FEW_COLOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FEW_COLOURS = 14, /* for words and an emblem: 16 look no better in files 4 % larger */
	MANY_COLOURS = 64, /* where a title brings emoji */
	COLOUR_CELLS = 1 << 16 /* all that a pixel can be */
};

struct few_colours {
	unsigned colours[MANY_COLOURS]; /* 0xRRGGBB */
	int n;
	int bits; /* of an index: 4, or 8 when there are many */
	unsigned char index[COLOUR_CELLS]; /* of the colour that stands for each kind of pixel that was seen */
};

/* Rows of pixels with 5 bits of red, 6 of green, 5 of blue: half the memory of 8 bits each, and more than enough on the
 * way to so few colours. */
struct pixels {
	const uint16_t *at;
	unsigned width, height; /* the width is also the way from row to row */
};

/* Chooses colours for the pixels: one after the other what the palette so far serves worst, counted by how many pixels
 * see it. A shade close to one of `exact` becomes that one. The same pixels give the same palette. */
void few_colours_choose(struct few_colours *few, const unsigned *exact, size_t n_exact, const struct pixels *pixels);

/* The palette indices of row y; two in a byte where they have 4 bits, the left one in its high bits. The width is even.
 */
void few_colours_row(const struct few_colours *few, const struct pixels *pixels, unsigned y, unsigned char *out);

/* Whether row y is like the one above it. */
bool few_colours_same_row(const struct pixels *pixels, unsigned y);

#endif
