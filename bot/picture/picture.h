/* A finished picture, ready to be sent. */
#ifndef SEPAREX_PICTURE_H
#define SEPAREX_PICTURE_H

#include <stddef.h>

struct picture {
	const void *bytes; /* a whole PNG file; belongs to the ctx that it was drawn on */
	size_t n; /* bytes */
	unsigned width, height; /* pixels */
};

#endif
