/* A palette grown greedily: see few_colours.h. Text is a few flat colours and the steps between them, for which this is
 * as good as any cleverer way, and quick. */
#include "few_colours.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* A cell that pixels fell into. */
struct seen {
	unsigned rgb; /* of its first pixel, or the given colour that lies in it */
	unsigned cell;
	unsigned count;
	unsigned distance; /* square, to the nearest colour of the palette */
};

struct census {
	struct seen *seen; /* at most COLOUR_CELLS */
	size_t n;
	uint16_t place[COLOUR_CELLS]; /* 1 + place in seen, 0 for none */
};

_Static_assert(COLOUR_CELLS <= UINT16_MAX, "a place fits into its type");

static unsigned cell_of(uint32_t rgb)
{
	return (rgb >> 9 & 0x7c00) | (rgb >> 6 & 0x3e0) | (rgb >> 3 & 0x1f);
}

static void count(struct census *c, uint32_t rgb, unsigned n)
{
	unsigned cell = cell_of(rgb);

	if (!c->place[cell]) {
		c->seen[c->n] = (struct seen){.rgb = rgb & 0xffffff, .cell = cell, .distance = UINT32_MAX};
		c->place[cell] = (uint16_t)++c->n;
	}
	c->seen[c->place[cell] - 1].count += n;
}

static void count_row(struct census *c, const uint32_t *row, unsigned width)
{
	unsigned from = 0;

	for (unsigned x = 1; x <= width; x++)
		if (x == width || row[x] != row[from]) {
			count(c, row[from], x - from);
			from = x;
		}
}

static unsigned square(unsigned a, unsigned b)
{
	return (a - b) * (a - b); /* wraps to the right value for a < b too */
}

static unsigned distance(unsigned a, unsigned b)
{
	return square(a >> 16 & 0xff, b >> 16 & 0xff) + square(a >> 8 & 0xff, b >> 8 & 0xff) +
	       square(a & 0xff, b & 0xff);
}

static void add_colour(struct few_colours *few, struct census *c, unsigned rgb)
{
	for (size_t i = 0; i < c->n; i++) {
		unsigned d = distance(rgb, c->seen[i].rgb);

		if (d < c->seen[i].distance) {
			c->seen[i].distance = d;
			few->index[c->seen[i].cell] = (unsigned char)few->n;
		}
	}
	few->colours[few->n++] = rgb;
}

/* The cell that gains most by a colour of its own, NULL when each has one. */
static const struct seen *worst_served(const struct census *c)
{
	const struct seen *worst = NULL;
	uint64_t most = 0;

	for (size_t i = 0; i < c->n; i++) {
		uint64_t loss = (uint64_t)c->seen[i].count * c->seen[i].distance;

		if (loss > most) {
			most = loss;
			worst = &c->seen[i];
		}
	}
	return worst;
}

void few_colours_choose(struct few_colours *few, const unsigned *given, size_t n_given, const struct pixels *pixels)
{
	struct census *c = talloc_zero(NULL, struct census);
	const struct seen *worst;

	assert(n_given <= FEW_COLOURS);
	if (!c || !(c->seen = talloc_array(c, struct seen, COLOUR_CELLS)))
		abort();
	memset(few, 0, sizeof *few);
	for (size_t i = 0; i < n_given; i++)
		count(c, given[i], 0);
	for (unsigned y = 0; y < pixels->height; y++)
		count_row(c, pixels->at + y * pixels->stride, pixels->width);
	for (size_t i = 0; i < n_given; i++)
		add_colour(few, c, given[i]);
	while (few->n < FEW_COLOURS && (worst = worst_served(c)))
		add_colour(few, c, worst->rgb);
	talloc_free(c);
}

void few_colours_row(const struct few_colours *few, const struct pixels *pixels, unsigned y, unsigned char *out)
{
	const uint32_t *row = pixels->at + y * pixels->stride;
	unsigned char index = 0;

	for (unsigned x = 0; x < pixels->width; x++) {
		if (!x || row[x] != row[x - 1])
			index = few->index[cell_of(row[x])];
		out[x] = index;
	}
}
