/* The shapes of the emblems, as data: see emblem_draw.h. */
#include "emblem_draw.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A shape is a path on a square of 100 units: M and L x y, C with its three points, Z; A and N x y r from to: an arc in
 * degrees, clockwise or against it; O x y r a circle; E x y rx ry an ellipse. */
struct shape {
	unsigned rgb;
	int line; /* width of a line with round ends along the path; 0 fills it */
	const char *path;
};

enum { MOST_SHAPES = 8, MOST_NUMBERS = 6 };

enum {
	GOLD = 0xf5b335,
	AMBER = 0xc97f0a,
	RED = 0xd83a3a,
	CRIMSON = 0x9d2222,
	ROSE = 0xe8628f,
	GREEN = 0x3c9a4e,
	FOREST = 0x25743a,
	BROWN = 0x85532f,
	BLUE = 0x2f72d6,
	NAVY = 0x1f4476,
	SKY = 0x9cc7f2,
	VIOLET = 0x7549c0,
	LILAC = 0xa988e0,
	CREAM = 0xf3dcb4,
	WHITE = 0xffffff
};

static const struct shape emblems[EMBLEM_COUNT][MOST_SHAPES] = {
	{/* moon */
	 {GOLD, 0, "A 46 53 39 25 269 N 63 42 33 238 56 Z"},
	 {AMBER, 0, "M 74 25 L 77 34 L 86 37 L 77 40 L 74 49 L 71 40 L 62 37 L 71 34 Z"}},
	{/* sun */
	 {AMBER, 8,
	  "M 82 50 L 93 50 M 73 73 L 80 80 M 50 82 L 50 93 M 27 73 L 20 80 M 18 50 L 7 50 M 27 27 L 20 20 "
	  "M 50 18 L 50 7 M 73 27 L 80 20"},
	 {GOLD, 0, "O 50 50 25"}},
	{/* star */
	 {AMBER, 7, "M 50 10 L 62 38 L 92 40 L 69 60 L 76 89 L 50 73 L 24 89 L 31 60 L 8 40 L 38 38 Z"},
	 {GOLD, 0, "M 50 10 L 62 38 L 92 40 L 69 60 L 76 89 L 50 73 L 24 89 L 31 60 L 8 40 L 38 38 Z"}},
	{/* umbrella */
	 {BROWN, 6, "M 50 10 L 50 82 N 59 82 9 180 0"},
	 {VIOLET, 0, "M 8 54 C 8 4 92 4 92 54 C 84 45 72 45 64 54 C 57 45 43 45 36 54 C 28 45 16 45 8 54 Z"},
	 {LILAC, 0, "M 36 54 C 36 36 42 20 50 17 C 58 20 64 36 64 54 C 57 45 43 45 36 54 Z"}},
	{/* anchor */
	 {NAVY, 8, "O 50 17 9 M 50 26 L 50 88 M 31 38 L 69 38 M 14 60 C 16 80 32 88 50 88 C 68 88 84 80 86 60"},
	 {BLUE, 0, "M 4 66 L 15 50 L 26 66 Z M 74 66 L 85 50 L 96 66 Z"}},
	{/* apple */
	 {RED, 0,
	  "M 50 32 C 40 22 11 24 11 53 C 11 76 28 93 39 93 C 44 93 46 90 50 90 C 54 90 56 93 61 93 "
	  "C 72 93 89 76 89 53 C 89 24 60 22 50 32 Z"},
	 {BROWN, 6, "M 50 34 C 50 24 48 18 43 11"},
	 {GREEN, 0, "M 51 23 C 55 7 68 5 79 7 C 77 21 65 27 51 23 Z"}},
	{/* fish */
	 {NAVY, 0,
	  "M 62 50 L 95 25 C 90 42 90 58 95 75 Z M 32 33 C 40 18 54 16 62 18 L 58 36 Z M 36 66 L 58 64 L 56 80 Z"},
	 {BLUE, 0, "M 5 52 C 18 22 56 22 78 50 C 56 80 18 80 5 52 Z"},
	 {SKY, 5, "M 42 36 C 49 46 49 56 42 67"},
	 {WHITE, 0, "O 25 46 6"},
	 {NAVY, 0, "O 24 46 3"}},
	{/* house */
	 {CREAM, 0, "M 20 46 L 50 22 L 80 46 L 80 90 L 20 90 Z"},
	 {BROWN, 0, "M 42 90 L 42 62 L 58 62 L 58 90 Z"},
	 {RED, 11, "M 11 51 L 50 18 L 89 51"},
	 {RED, 0, "M 50 18 L 24 41 L 76 41 Z"}},
	{/* key */
	 {AMBER, 12, "O 31 33 18"},
	 {AMBER, 11, "M 44 46 L 86 88 M 73 75 L 84 64 M 60 62 L 70 52"},
	 {GOLD, 5, "O 31 33 18 M 45 47 L 86 88"}},
	{/* tree */
	 {BROWN, 0, "M 43 56 L 57 56 L 60 93 L 40 93 Z"},
	 {FOREST, 0, "O 30 46 20 O 70 46 20 O 50 57 16"},
	 {GREEN, 0, "O 50 29 22 O 37 41 18 O 63 41 18"},
	 {BROWN, 4, "M 50 66 L 50 50 M 50 62 L 60 52"}},
	{/* boat */
	 {RED, 0, "M 51 7 C 74 22 86 44 89 64 L 51 64 Z"},
	 {SKY, 0, "M 45 20 C 30 34 19 48 15 64 L 45 64 Z"},
	 {BROWN, 5, "M 48 6 L 48 72"},
	 {NAVY, 0, "M 7 70 L 93 70 C 88 84 78 90 70 90 L 30 90 C 20 90 12 82 7 70 Z"}},
	{/* cherries */
	 {FOREST, 5, "M 30 64 C 34 44 46 26 64 12 C 66 30 70 42 72 58"},
	 {GREEN, 0, "M 63 13 C 45 2 28 6 18 18 C 34 30 52 26 63 13 Z"},
	 {RED, 0, "O 29 73 20"},
	 {CRIMSON, 0, "O 72 69 20"},
	 {WHITE, 4, "A 29 73 12 190 255 M 61 64 A 72 69 12 190 255"}},
	{/* balloon */
	 {BROWN, 4, "M 50 78 C 40 85 60 90 50 98"},
	 {CRIMSON, 0, "M 50 68 L 42 79 L 58 79 Z"},
	 {RED, 0, "M 50 72 C 18 62 12 3 50 3 C 88 3 82 62 50 72 Z"},
	 {WHITE, 5, "M 34 31 C 35 22 39 17 45 14"}},
	{/* bell */
	 {AMBER, 0, "O 50 82 11 O 50 13 7"},
	 {GOLD, 0, "M 50 14 C 26 14 26 40 24 56 C 23 66 18 70 12 78 L 88 78 C 82 70 77 66 76 56 C 74 40 74 14 50 14 Z"},
	 {AMBER, 6, "M 15 77 L 85 77"}},
	{/* tulip */
	 {GREEN, 6, "M 50 50 L 50 94"},
	 {GREEN, 0,
	  "M 50 94 C 28 90 18 74 20 54 C 38 60 49 74 50 94 Z M 50 94 C 72 90 82 74 80 54 C 62 60 51 74 50 94 Z"},
	 {ROSE, 0, "M 24 12 C 36 16 44 22 50 32 C 56 22 64 16 76 12 C 82 40 72 58 50 58 C 28 58 18 40 24 12 Z"},
	 {CRIMSON, 0, "M 50 6 C 62 18 64 42 50 58 C 36 42 38 18 50 6 Z"}},
	{/* mushroom */
	 {CREAM, 0, "M 37 50 L 63 50 C 61 66 64 78 68 92 L 32 92 C 36 78 39 66 37 50 Z"},
	 {RED, 0, "M 6 54 C 6 -2 94 -2 94 54 C 94 62 6 62 6 54 Z"},
	 {WHITE, 0, "O 50 26 9 O 27 41 7 O 74 41 7 E 50 50 6 4"}},
};

/* How many numbers follow each letter. */
static int numbers_of(char letter)
{
	switch (letter) {
	case 'M':
	case 'L':
		return 2;
	case 'O':
		return 3;
	case 'E':
		return 4;
	case 'A':
	case 'N':
		return 5;
	case 'C':
		return 6;
	default: /* Z */
		return 0;
	}
}

static double radians(double degrees)
{
	return degrees * M_PI / 180;
}

static void ellipse(cairo_t *cr, const double n[MOST_NUMBERS])
{
	cairo_new_sub_path(cr);
	cairo_save(cr);
	cairo_translate(cr, n[0], n[1]);
	cairo_scale(cr, n[2], n[3]);
	cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
	cairo_restore(cr);
	cairo_close_path(cr);
}

static void step(cairo_t *cr, char letter, const double n[MOST_NUMBERS])
{
	switch (letter) {
	case 'M':
		cairo_move_to(cr, n[0], n[1]);
		break;
	case 'L':
		cairo_line_to(cr, n[0], n[1]);
		break;
	case 'C':
		cairo_curve_to(cr, n[0], n[1], n[2], n[3], n[4], n[5]);
		break;
	case 'A':
		cairo_arc(cr, n[0], n[1], n[2], radians(n[3]), radians(n[4]));
		break;
	case 'N':
		cairo_arc_negative(cr, n[0], n[1], n[2], radians(n[3]), radians(n[4]));
		break;
	case 'O':
		ellipse(cr, (const double[MOST_NUMBERS]){n[0], n[1], n[2], n[2]});
		break;
	case 'E':
		ellipse(cr, n);
		break;
	default: /* Z */
		cairo_close_path(cr);
		break;
	}
}

static void trace(cairo_t *cr, const char *path)
{
	while (*path) {
		double n[MOST_NUMBERS] = {0};
		char letter = *path++;
		char *end;

		if (letter == ' ')
			continue;
		assert(strchr("MLCANOEZ", letter));
		for (int i = 0; i < numbers_of(letter); i++) {
			n[i] = (double)strtol(path, &end, 10);
			assert(end != path);
			path = end;
		}
		step(cr, letter, n);
	}
}

static void paint(cairo_t *cr, const struct shape *s)
{
	cairo_set_source_rgb(cr, (s->rgb >> 16) / 255.0, (s->rgb >> 8 & 0xff) / 255.0, (s->rgb & 0xff) / 255.0);
	trace(cr, s->path);
	cairo_set_line_width(cr, s->line);
	if (s->line)
		cairo_stroke(cr);
	else
		cairo_fill(cr);
}

void emblem_draw(cairo_t *cr, int emblem, double x, double y, double side)
{
	if (emblem < 1 || emblem > EMBLEM_COUNT)
		return;
	cairo_save(cr);
	cairo_new_path(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, side / 100, side / 100);
	cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	for (int i = 0; i < MOST_SHAPES && emblems[emblem - 1][i].path; i++)
		paint(cr, &emblems[emblem - 1][i]);
	cairo_restore(cr);
}
