/* PNG files of few colours, from rows of palette indices. */
#ifndef SEPAREX_PNG_FILE_H
#define SEPAREX_PNG_FILE_H

#include "buf.h"

#include <stdbool.h>

struct png_file {
	unsigned width, height;
	int bits; /* of a pixel: 1 (packed, the left pixel in the high bit) or 8 */
	int effort; /* zlib's level, 1 to 9 */
	bool runs; /* zlib looks for runs of equal bytes only: quicker, a little larger */
	const unsigned *colours; /* 0xRRGGBB */
	int n_colours;
	const unsigned char *(*row)(void *self, unsigned y); /* asked once for each row, from the top */
	void *self;
};

/* Adds the file to `out`; false when out's maximum would be passed. */
bool png_file_write(const struct png_file *p, struct buf *out);

#endif
