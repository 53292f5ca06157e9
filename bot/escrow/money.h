/* Money: whole rials in a struct, so that no plain number is money by accident, and every sum is checked. */
#ifndef SEPAREX_MONEY_H
#define SEPAREX_MONEY_H

#include <stdbool.h>
#include <stdint.h>

/* Never touch `v` outside money.c: rial_raw and rial_of are the border (storage, banks, display). */
struct rial {
	int64_t v;
};

#define RIAL_ZERO ((struct rial){0})
#define RIAL_PER_TOMAN INT64_C(10)

struct rial rial_of(int64_t raw);
struct rial rial_of_toman(int64_t toman); /* ends the process on overflow: for constants and checked configuration */
int64_t rial_raw(struct rial a);

/* -1, 0 or 1. */
int rial_cmp(struct rial a, struct rial b);
bool rial_is_zero(struct rial a);
bool rial_is_positive(struct rial a);
struct rial rial_min(struct rial a, struct rial b);

/* False, and *out untouched, on overflow. */
bool rial_try_add(struct rial a, struct rial b, struct rial *out) __attribute__((warn_unused_result));
/* False, and *out untouched, when the result would be negative. */
bool rial_try_take(struct rial from, struct rial what, struct rial *out) __attribute__((warn_unused_result));

/* For sums that the rules have already bounded (a price is at most 10^15 rial): ends the process instead of going
 * wrong. */
struct rial rial_add(struct rial a, struct rial b);
struct rial rial_take(struct rial from, struct rial what);

/* whole * part / of, rounded down to whole rials; needs 0 <= part <= of, of > 0. No intermediate overflow. */
struct rial rial_share(struct rial whole, struct rial part, struct rial of);

/* Rounded down to a whole toman. */
struct rial rial_floor_toman(struct rial a);

#endif
