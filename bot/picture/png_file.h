/* PNG files of few colours, from rows of palette indices. */
#ifndef SEPAREX_PNG_FILE_H
#define SEPAREX_PNG_FILE_H

#include "buf.h"

#include <stdbool.h>

struct png_file {
	unsigned width, height; /* both above 0 */
	int bits; /* of a pixel, 1, 2, 4 or 8; the left pixel of a byte is in its high bits */
	const unsigned *colours; /* 0xRRGGBB */
	int n_colours; /* 1 to 1 << bits */
	/* Row y, called once for each from the top; borrowed until the next call. */
	const unsigned char *(*row)(void *self, unsigned y);
	void *self;
};

/* Adds the file to `out`; false when out's maximum would be passed. */
bool png_file_write(const struct png_file *p, struct buf *out);

#endif
