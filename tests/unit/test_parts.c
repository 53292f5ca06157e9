/* Payments in parts: for a million sums and caps the parts make the sum, and none is above the cap. */
#include "tap.h"

#include "deal.h"
#include "parts.h"
#include "rnd.h"

enum { ROUNDS = 1000000 };

static uint64_t seed = 42;

static int64_t below(struct rnd *r, int64_t n)
{
	uint64_t x;

	r->fill(r->arg, &x, sizeof x);
	return (int64_t)(x % (uint64_t)n);
}

START_TEST(the_parts_make_the_sum)
{
	struct rnd r = rnd_seeded(&seed);

	for (int i = 0; i < ROUNDS; i++) {
		int64_t cap = 10 + below(&r, i % 2 ? 1000 : 600000000), most = cap / 10 * 10;
		int64_t sum =
			i % 3 ? 1 + below(&r, cap * PARTS_MAX) : most * (1 + below(&r, PARTS_MAX)) - below(&r, 30);
		struct rial parts[PARTS_MAX];
		size_t n = parts_plan(rial_of(sum), rial_of(cap), parts);
		int64_t all = 0;

		if (!n) {
			ck_assert(sum <= 0 || (sum + most - 1) / most > PARTS_MAX);
			continue;
		}
		for (size_t p = 0; p < n; p++) {
			ck_assert(rial_raw(parts[p]) > 0 && rial_raw(parts[p]) <= cap);
			ck_assert(p + 1 == n || rial_raw(parts[p]) % RIAL_PER_TOMAN == 0);
			ck_assert(p == 0 || rial_cmp(parts[p], parts[p - 1]) <= 0);
			all += rial_raw(parts[p]);
		}
		ck_assert_int_eq(all, sum);
		ck_assert_int_eq((int64_t)n, (sum + most - 1) / most);
	}
}
END_TEST

START_TEST(fees_and_splits_make_the_price)
{
	struct rnd r = rnd_seeded(&seed);
	struct fee_plan plan = {.n = 1, .tiers = {{.basis_points = 100}}};

	for (int i = 0; i < ROUNDS; i++) {
		struct deal d = {.state = DEAL_FUNDED};
		struct split s;

		plan.tiers[0].basis_points = (int)below(&r, 101);
		d.terms.price = rial_of((1 + below(&r, 500000000)) * RIAL_PER_TOMAN);
		d.terms.fee = fee_of(&plan, d.terms.price);
		d.terms.fee_payer = (enum fee_payer)(1 + below(&r, 3));
		d.held = terms_due(&d.terms);
		s = deal_split(&d, rial_of(below(&r, rial_raw(d.terms.price) / RIAL_PER_TOMAN + 1) * RIAL_PER_TOMAN));
		ck_assert_int_eq(rial_raw(s.refund) + rial_raw(s.payout) + rial_raw(s.fee), rial_raw(d.held));
		ck_assert_int_eq(rial_raw(s.payout) % RIAL_PER_TOMAN, 0); /* some rails count in toman */
		ck_assert(rial_cmp(s.fee, d.terms.fee) <= 0);
	}
}
END_TEST

START_TEST(what_cannot_be_planned)
{
	struct rial parts[PARTS_MAX];

	ck_assert_uint_eq(parts_plan(RIAL_ZERO, rial_of(100), parts), 0);
	ck_assert_uint_eq(parts_plan(rial_of(100), rial_of(9), parts), 0);
	ck_assert_uint_eq(parts_plan(rial_of(INT64_MAX), rial_of(500000000), parts), 0);
	ck_assert_uint_eq(parts_plan(rial_of(1206000000), rial_of(500000000), parts), 3);
	ck_assert_int_eq(rial_raw(parts[0]), 402000000);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("parts");
	TCase *t = tcase_create("parts");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, the_parts_make_the_sum);
	tcase_add_test(t, fees_and_splits_make_the_price);
	tcase_add_test(t, what_cannot_be_planned);
	suite_add_tcase(s, t);
	return tap_run(s);
}
