/* The fee: configured tiers, never above 1 % of the price, paid by the buyer, the seller or half and half. */
#ifndef SEPAREX_FEE_H
#define SEPAREX_FEE_H

#include "money.h"
#include <stddef.h>

enum { FEE_MAX_TIERS = 8, FEE_MAX_BASIS_POINTS = 100 /* 1 %: the owner's rule, design.md section 1 */ };

/* Numbers are stored with deals: only add. */
enum fee_payer { FEE_BY_BUYER = 1, FEE_BY_SELLER = 2, FEE_BY_HALF = 3 };

/* The part of a price above the tier before and up to `up_to` costs `basis_points` hundredths of a percent.
 * The last tier has up_to zero: no upper end. A part-wise fee never falls when the price rises. */
struct fee_tier {
	struct rial up_to;
	int basis_points;
};

struct fee_plan {
	size_t n;
	struct fee_tier tiers[FEE_MAX_TIERS];
};

/* True when the plan has tiers in rising order, an open last one, and no rate outside 0..FEE_MAX_BASIS_POINTS. */
bool fee_plan_valid(const struct fee_plan *plan);

/* The whole fee for `price` (> 0), rounded down to a whole toman; the rounding is the customer's gain. */
struct rial fee_of(const struct fee_plan *plan, struct rial price);

/* The buyer's part: all, none, or half rounded down to a whole toman. The seller's part is the rest. */
struct rial fee_of_buyer(struct rial fee, enum fee_payer payer);

#endif
