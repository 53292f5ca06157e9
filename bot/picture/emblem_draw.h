/* The emblems as flat shapes. */
#ifndef SEPAREX_EMBLEM_DRAW_H
#define SEPAREX_EMBLEM_DRAW_H

#include "emblem.h"

#include <cairo.h>

/* Draws an emblem (1 to EMBLEM_COUNT; any other number draws nothing) into the square at x, y of `side` units, for a
 * light ground. Leaves cr as it was, without a current path. */
void emblem_draw(cairo_t *cr, int emblem, double x, double y, double side);

#endif
