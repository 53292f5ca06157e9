/* A picture's colours brought down to a small palette. */
#ifndef SEPAREX_FEW_COLOURS_H
#define SEPAREX_FEW_COLOURS_H

#include <stddef.h>
#include <stdint.h>

enum {
	FEW_COLOURS = 64, /* at most */
	COLOUR_CELLS = 1 << 15 /* colours are told apart by the upper 5 bits of red, green and blue */
};

struct few_colours {
	unsigned colours[FEW_COLOURS]; /* 0xRRGGBB */
	int n;
	unsigned char index[COLOUR_CELLS]; /* of the colour that stands for each cell that was seen */
};

/* Rows of pixels 0xXXRRGGBB, X ignored. */
struct pixels {
	const uint32_t *at;
	unsigned width, height;
	size_t stride; /* pixels from row to row */
};

/* Chooses colours for the pixels: the `n_given` ones (at most FEW_COLOURS) as they are, then, one after the other, what
 * the palette so far serves worst, counted by how many pixels see it. The same pixels give the same palette. */
void few_colours_choose(struct few_colours *few, const unsigned *given, size_t n_given, const struct pixels *pixels);

/* The palette indices of row y. */
void few_colours_row(const struct few_colours *few, const struct pixels *pixels, unsigned y, unsigned char *out);

#endif
