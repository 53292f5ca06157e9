/* The fee's arithmetic: see fee.h. */
#include "fee.h"

#include <assert.h>

enum { BASIS = 10000 };

bool fee_plan_valid(const struct fee_plan *plan)
{
	if (!plan->n || plan->n > FEE_MAX_TIERS)
		return false;
	for (size_t i = 0; i < plan->n; i++) {
		const struct fee_tier *t = &plan->tiers[i];
		bool last = i + 1 == plan->n;

		if (rial_cmp(t->up_to, RIAL_ZERO) < 0)
			return false;
		if (t->basis_points < 0 || t->basis_points > FEE_MAX_BASIS_POINTS)
			return false;
		if (last != rial_is_zero(t->up_to))
			return false;
		if (!last && i && rial_cmp(t->up_to, plan->tiers[i - 1].up_to) <= 0)
			return false;
	}
	return true;
}

struct rial fee_of(const struct fee_plan *plan, struct rial price)
{
	struct rial fee = RIAL_ZERO, done = RIAL_ZERO;

	assert(rial_is_positive(price) && fee_plan_valid(plan));
	for (size_t i = 0; i < plan->n && rial_cmp(done, price) < 0; i++) {
		const struct fee_tier *t = &plan->tiers[i];
		struct rial end = rial_is_zero(t->up_to) ? price : rial_min(price, t->up_to);
		struct rial part = rial_take(end, done);

		fee = rial_add(fee, rial_share(part, rial_of(t->basis_points), rial_of(BASIS)));
		done = end;
	}
	fee = rial_floor_toman(fee);
	assert(rial_cmp(fee, rial_share(price, rial_of(FEE_MAX_BASIS_POINTS), rial_of(BASIS))) <= 0);
	return fee;
}

struct rial fee_of_buyer(struct rial fee, enum fee_payer payer)
{
	switch (payer) {
	case FEE_BY_BUYER:
		return fee;
	case FEE_BY_SELLER:
		return RIAL_ZERO;
	case FEE_BY_HALF:
		break;
	}
	return rial_floor_toman(rial_share(fee, rial_of(1), rial_of(2)));
}
