/* The fee: every tier's edges, the stated rounding, never above 1 %, never falling when the price rises. */
#include "fee.h"
#include "rnd.h"
#include "tap.h"

/* 1 % up to 1,000,000 rial, 0.5 % of the part up to 3,000,000, 0.37 % up to 3,000,007, nothing above. */
static const struct fee_plan steps = {4, {{{1000000}, 100}, {{3000000}, 50}, {{3000007}, 37}, {{0}, 0}}};
static const struct fee_plan flat = {1, {{{0}, 100}}};

START_TEST(edges)
{
	static const struct {
		int64_t price, fee;
	} cases[] = {
		{1, 0},
		{999, 0},
		{1000, 10},
		{1999, 10},
		{2000, 20}, /* whole tomans, rounded down */
		{999999, 9990},
		{1000000, 10000},
		{1000001, 10000},
		{1001999, 10000},
		{1002000, 10010},
		{2999999, 19990},
		{3000000, 20000},
		{3000001, 20000},
		{3000007, 20000},
		{3000008, 20000},
		{INT64_C(1000000000000000), 20000},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(rial_raw(fee_of(&steps, rial_of(cases[i].price))) == cases[i].fee,
			      "%lld costs %lld instead of %lld", (long long)cases[i].price,
			      (long long)rial_raw(fee_of(&steps, rial_of(cases[i].price))), (long long)cases[i].fee);
	ck_assert_int_eq(rial_raw(fee_of(&flat, rial_of(INT64_C(1000000000000000)))), INT64_C(10000000000000));
	ck_assert_int_eq(rial_raw(fee_of(&flat, rial_of(INT64_MAX))), INT64_MAX / 100 / 10 * 10);
}
END_TEST

START_TEST(plans)
{
	struct fee_plan nine = {.n = 9};
	static const struct {
		bool valid;
		struct fee_plan plan;
	} cases[] = {
		{true, {1, {{{0}, 0}}}},
		{true, {1, {{{0}, 100}}}},
		{true, {2, {{{1}, 100}, {{0}, 0}}}},
		{false, {0, {{{0}, 0}}}}, /* no tier */
		{false, {1, {{{0}, 101}}}}, /* above 1 % */
		{false, {1, {{{0}, -1}}}},
		{false, {1, {{{5}, 50}}}}, /* not open */
		{false, {2, {{{0}, 50}, {{0}, 50}}}}, /* open too soon */
		{false, {3, {{{5}, 50}, {{5}, 50}, {{0}, 50}}}}, /* not rising */
		{false, {3, {{{5}, 50}, {{4}, 50}, {{0}, 50}}}},
		{false, {2, {{{-5}, 50}, {{0}, 50}}}}, /* below nothing */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(fee_plan_valid(&cases[i].plan) == cases[i].valid, "plan %zu", i);
	ck_assert(!fee_plan_valid(&nine));
	ck_assert(fee_plan_valid(&steps));
}
END_TEST

static struct fee_plan random_plan(const struct rnd *r)
{
	struct fee_plan plan = {.n = 0};
	int64_t up_to = 0;
	uint64_t n;

	r->fill(r->arg, &n, sizeof n);
	plan.n = 1 + n % FEE_MAX_TIERS;
	for (size_t i = 0; i < plan.n; i++) {
		r->fill(r->arg, &n, sizeof n);
		up_to += (int64_t)(1 + (n >> 8) % 100000000);
		plan.tiers[i] = (struct fee_tier){i + 1 < plan.n ? rial_of(up_to) : RIAL_ZERO, (int)(n % 101)};
	}
	ck_assert(fee_plan_valid(&plan));
	return plan;
}

START_TEST(never_above_and_never_falling)
{
	uint64_t seed = 2;
	struct rnd r = rnd_seeded(&seed);

	for (int i = 0; i < 20000; i++) {
		struct fee_plan plan = random_plan(&r);
		uint64_t n[2];
		int64_t low, high, fee_low, fee_high;

		r.fill(r.arg, n, sizeof n);
		low = (int64_t)(1 + n[0] % 1000000000);
		high = low + (int64_t)(n[1] % (i % 2 ? 100 : 1000000000));
		fee_low = rial_raw(fee_of(&plan, rial_of(low)));
		fee_high = rial_raw(fee_of(&plan, rial_of(high)));
		ck_assert_int_le(fee_low, fee_high);
		ck_assert_int_le(fee_high * 100, high);
		ck_assert_int_ge(fee_low, 0);
		ck_assert_int_eq(fee_high % 10, 0);
	}
}
END_TEST

START_TEST(who_pays)
{
	ck_assert_int_eq(rial_raw(fee_of_buyer(rial_of(10010), FEE_BY_BUYER)), 10010);
	ck_assert_int_eq(rial_raw(fee_of_buyer(rial_of(10010), FEE_BY_SELLER)), 0);
	ck_assert_int_eq(rial_raw(fee_of_buyer(rial_of(10000), FEE_BY_HALF)), 5000);
	ck_assert_int_eq(rial_raw(fee_of_buyer(rial_of(10010), FEE_BY_HALF)), 5000); /* the odd toman is the seller's */
	ck_assert_int_eq(rial_raw(fee_of_buyer(rial_of(10), FEE_BY_HALF)), 0);
	ck_assert_int_eq(rial_raw(fee_of_buyer(RIAL_ZERO, FEE_BY_HALF)), 0);
}
END_TEST

START_TEST(halves_make_the_whole)
{
	for (int64_t fee = 0; fee < 20000; fee += 10) {
		int64_t buyer = rial_raw(fee_of_buyer(rial_of(fee), FEE_BY_HALF)), seller = fee - buyer;

		ck_assert_int_eq(buyer % 10, 0);
		ck_assert_int_ge(seller, buyer);
		ck_assert_int_le(seller - buyer, 10);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fee");
	TCase *t = tcase_create("fee");

	tcase_add_test(t, edges);
	tcase_add_test(t, plans);
	tcase_add_test(t, never_above_and_never_falling);
	tcase_add_test(t, who_pays);
	tcase_add_test(t, halves_make_the_whole);
	suite_add_tcase(s, t);
	return tap_run(s);
}
