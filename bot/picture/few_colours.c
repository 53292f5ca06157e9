/* A palette grown greedily: see few_colours.h. Text is a few flat colours and the steps between them, for which this is
 * as good as any cleverer way, and quick. */
#include "few_colours.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* A kind of pixel. */
struct seen {
	unsigned rgb; /* 8 bits each; an exact colour where one has this kind */
	uint16_t pixel;
	unsigned count;
	unsigned distance; /* square, to the nearest colour of the palette */
};

enum { MOST_SEEN = COLOUR_CELLS - 1 }; /* one more would look like the first: it keeps colour 0 */

struct census {
	struct seen seen[MOST_SEEN];
	size_t n;
	uint16_t place[COLOUR_CELLS]; /* 1 + place in seen, 0 for none */
};

static uint16_t pixel_of(unsigned rgb)
{
	return (uint16_t)((rgb >> 8 & 0xf800) | (rgb >> 5 & 0x7e0) | (rgb >> 3 & 0x1f));
}

static unsigned rgb_of(uint16_t pixel)
{
	unsigned red = pixel >> 11, green = pixel >> 5 & 0x3f, blue = pixel & 0x1f;

	return (red << 3 | red >> 2) << 16 | (green << 2 | green >> 4) << 8 | (blue << 3 | blue >> 2);
}

static void count(struct census *c, uint16_t pixel, unsigned rgb, unsigned n)
{
	if (!c->place[pixel]) {
		if (c->n == MOST_SEEN)
			return;
		c->seen[c->n] = (struct seen){.rgb = rgb, .pixel = pixel, .distance = UINT32_MAX};
		c->place[pixel] = (uint16_t)++c->n;
	}
	c->seen[c->place[pixel] - 1].count += n;
}

static const uint16_t *row_at(const struct pixels *pixels, unsigned y)
{
	return pixels->at + (size_t)y * pixels->width;
}

bool few_colours_same_row(const struct pixels *pixels, unsigned y)
{
	return y && !memcmp(row_at(pixels, y), row_at(pixels, y - 1), pixels->width * sizeof *pixels->at);
}

/* Cards have many rows that are like the one above: they are counted together. */
static unsigned equal_rows(const struct pixels *pixels, unsigned y)
{
	unsigned n = 1;

	while (y + n < pixels->height && few_colours_same_row(pixels, y + n))
		n++;
	return n;
}

static void count_rows(struct census *c, const uint16_t *row, unsigned width, unsigned times)
{
	unsigned from = 0;

	for (unsigned x = 1; x <= width; x++)
		if (x == width || row[x] != row[from]) {
			count(c, row[from], rgb_of(row[from]), (x - from) * times);
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
			few->index[c->seen[i].pixel] = (unsigned char)few->n;
		}
	}
	few->colours[few->n++] = rgb;
}

/* What a palette of few colours may do worst to a kind of pixel, as pixels times square of distance. Cards of words
 * stay below half of this, emoji come to twice as much. */
static const uint64_t bearable_loss = 1500000;

static uint64_t loss_of(const struct seen *s)
{
	return (uint64_t)s->count * s->distance;
}

/* The kind of pixel that gains most by a colour of its own, NULL when each has one. */
static const struct seen *worst_served(const struct census *c)
{
	const struct seen *worst = NULL;
	uint64_t most = 0;

	for (size_t i = 0; i < c->n; i++)
		if (loss_of(&c->seen[i]) > most) {
			worst = &c->seen[i];
			most = loss_of(worst);
		}
	return worst;
}

static void grow(struct few_colours *few, struct census *c)
{
	const struct seen *worst;
	int most = FEW_COLOURS;

	while (few->n < MANY_COLOURS && (worst = worst_served(c))) {
		if (few->n == FEW_COLOURS && loss_of(worst) > bearable_loss)
			most = MANY_COLOURS;
		if (few->n == most)
			break;
		add_colour(few, c, worst->rgb);
	}
	few->bits = few->n > FEW_COLOURS ? 8 : 4;
}

void few_colours_choose(struct few_colours *few, const unsigned *exact, size_t n_exact, const struct pixels *pixels)
{
	struct census *c = talloc(NULL, struct census);

	if (!c)
		abort();
	c->n = 0;
	memset(c->place, 0, sizeof c->place);
	memset(few, 0, sizeof *few);
	for (size_t i = 0; i < n_exact; i++)
		count(c, pixel_of(exact[i]), exact[i], 0);
	for (unsigned y = 0, n; y < pixels->height; y += n) {
		n = equal_rows(pixels, y);
		count_rows(c, row_at(pixels, y), pixels->width, n);
	}
	grow(few, c);
	talloc_free(c);
}

void few_colours_row(const struct few_colours *few, const struct pixels *pixels, unsigned y, unsigned char *out)
{
	const uint16_t *row = row_at(pixels, y);

	assert(pixels->width % 2 == 0);
	for (unsigned x = 0; few->bits == 8 && x < pixels->width; x++)
		out[x] = few->index[row[x]];
	if (few->bits == 8)
		return;
	for (unsigned x = 0; x < pixels->width; x += 2)
		if (x && row[x] == row[x - 2] && row[x + 1] == row[x - 1])
			out[x / 2] = out[x / 2 - 1];
		else
			out[x / 2] = (unsigned char)(few->index[row[x]] << 4 | few->index[row[x + 1]]);
}
