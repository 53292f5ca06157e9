/* A sum that is larger than one bank payment may carry, divided into parts (rails.md 6: equal parts, the remainder on
 * the last). */
#ifndef SEPAREX_PARTS_H
#define SEPAREX_PARTS_H

#include "money.h"
#include <stddef.h>

enum { PARTS_MAX = 24 };

/* Fills `out` with as few parts as `cap` allows, each a whole number of toman but the last, none above `cap`, together
 * exactly `sum`. Returns how many; 0 when the sum is not positive, the cap is below a toman, or more than PARTS_MAX
 * parts would be needed. */
size_t parts_plan(struct rial sum, struct rial cap, struct rial out[PARTS_MAX]);

#endif
