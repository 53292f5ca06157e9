/* Checked money: see money.h. */
#include "money.h"

#include <assert.h>
#include <stdlib.h>

struct rial rial_of(int64_t raw)
{
	return (struct rial){raw};
}

struct rial rial_of_toman(int64_t toman)
{
	int64_t v;

	if (__builtin_mul_overflow(toman, RIAL_PER_TOMAN, &v))
		abort();
	return rial_of(v);
}

int64_t rial_raw(struct rial a)
{
	return a.v;
}

int rial_cmp(struct rial a, struct rial b)
{
	return (a.v > b.v) - (a.v < b.v);
}

bool rial_is_zero(struct rial a)
{
	return a.v == 0;
}

bool rial_is_positive(struct rial a)
{
	return a.v > 0;
}

struct rial rial_min(struct rial a, struct rial b)
{
	return a.v < b.v ? a : b;
}

bool rial_try_add(struct rial a, struct rial b, struct rial *out)
{
	int64_t v;

	if (__builtin_add_overflow(a.v, b.v, &v))
		return false;
	out->v = v;
	return true;
}

bool rial_try_take(struct rial from, struct rial what, struct rial *out)
{
	int64_t v;

	if (__builtin_sub_overflow(from.v, what.v, &v) || v < 0)
		return false;
	out->v = v;
	return true;
}

struct rial rial_add(struct rial a, struct rial b)
{
	struct rial sum;

	if (!rial_try_add(a, b, &sum))
		abort();
	return sum;
}

struct rial rial_take(struct rial from, struct rial what)
{
	struct rial rest;

	if (!rial_try_take(from, what, &rest))
		abort();
	return rest;
}

struct rial rial_share(struct rial whole, struct rial part, struct rial of)
{
	assert(whole.v >= 0 && part.v >= 0 && of.v > 0 && part.v <= of.v);
	return rial_of((int64_t)((__int128)whole.v * part.v / of.v));
}

struct rial rial_floor_toman(struct rial a)
{
	assert(a.v >= 0);
	return rial_of(a.v - a.v % RIAL_PER_TOMAN);
}
