/* Money: sums that are checked, shares without overflow, and the edges of 64 bits. */
#include "money.h"
#include "rnd.h"
#include "tap.h"

#include <signal.h>

#define RAW(n) rial_raw(n)

START_TEST(border)
{
	ck_assert_int_eq(RAW(rial_of(INT64_MIN)), INT64_MIN);
	ck_assert_int_eq(RAW(rial_of(INT64_MAX)), INT64_MAX);
	ck_assert_int_eq(RAW(rial_of_toman(123)), 1230);
	ck_assert_int_eq(RAW(rial_of_toman(INT64_MAX / 10)), INT64_MAX / 10 * 10);
	ck_assert_int_eq(RAW(RIAL_ZERO), 0);
}
END_TEST

START_TEST(order)
{
	static const int64_t up[] = {INT64_MIN, -10, -1, 0, 1, 10, INT64_MAX};

	for (size_t i = 0; i < sizeof up / sizeof *up; i++) {
		ck_assert_int_eq(rial_is_zero(rial_of(up[i])), up[i] == 0);
		ck_assert_int_eq(rial_is_positive(rial_of(up[i])), up[i] > 0);
		for (size_t j = 0; j < sizeof up / sizeof *up; j++) {
			ck_assert_int_eq(rial_cmp(rial_of(up[i]), rial_of(up[j])), (i > j) - (i < j));
			ck_assert_int_eq(RAW(rial_min(rial_of(up[i]), rial_of(up[j]))), up[i < j ? i : j]);
		}
	}
}
END_TEST

START_TEST(add)
{
	struct rial out = rial_of(77);

	ck_assert(rial_try_add(rial_of(2), rial_of(3), &out));
	ck_assert_int_eq(RAW(out), 5);
	ck_assert(rial_try_add(rial_of(INT64_MAX - 1), rial_of(1), &out));
	ck_assert_int_eq(RAW(out), INT64_MAX);
	ck_assert(!rial_try_add(rial_of(INT64_MAX), rial_of(1), &out));
	ck_assert(!rial_try_add(rial_of(INT64_MIN), rial_of(-1), &out));
	ck_assert_int_eq(RAW(out), INT64_MAX);
	ck_assert_int_eq(RAW(rial_add(rial_of(40), rial_of(2))), 42);
}
END_TEST

START_TEST(take)
{
	struct rial out = rial_of(77);

	ck_assert(rial_try_take(rial_of(5), rial_of(5), &out));
	ck_assert_int_eq(RAW(out), 0);
	ck_assert(rial_try_take(rial_of(INT64_MAX), rial_of(1), &out));
	ck_assert_int_eq(RAW(out), INT64_MAX - 1);
	ck_assert(!rial_try_take(rial_of(4), rial_of(5), &out));
	ck_assert(!rial_try_take(rial_of(INT64_MIN), rial_of(1), &out));
	ck_assert(!rial_try_take(rial_of(1), rial_of(INT64_MIN), &out));
	ck_assert_int_eq(RAW(out), INT64_MAX - 1);
	ck_assert_int_eq(RAW(rial_take(rial_of(40), rial_of(2))), 38);
}
END_TEST

START_TEST(share)
{
	const struct rial top = rial_of(INT64_MAX);

	ck_assert_int_eq(RAW(rial_share(rial_of(100), rial_of(1), rial_of(3))), 33);
	ck_assert_int_eq(RAW(rial_share(rial_of(100), rial_of(2), rial_of(3))), 66);
	ck_assert_int_eq(RAW(rial_share(rial_of(100), rial_of(0), rial_of(3))), 0);
	ck_assert_int_eq(RAW(rial_share(rial_of(0), rial_of(3), rial_of(3))), 0);
	ck_assert_int_eq(RAW(rial_share(top, top, top)), INT64_MAX);
	ck_assert_int_eq(RAW(rial_share(top, rial_of(INT64_MAX - 1), top)), INT64_MAX - 1);
	ck_assert_int_eq(RAW(rial_share(top, rial_of(1), rial_of(2))), INT64_MAX / 2);
}
END_TEST

/* A share and what the rest would get never make more than the whole, and at most one rial less. */
START_TEST(shares_make_the_whole)
{
	uint64_t seed = 1;
	struct rnd r = rnd_seeded(&seed);

	for (int i = 0; i < 20000; i++) {
		uint64_t n[3];
		int64_t whole, of, part, sum;

		r.fill(r.arg, n, sizeof n);
		whole = (int64_t)(n[0] >> (1 + n[0] % 60));
		of = (int64_t)(n[1] >> (1 + n[1] % 60)) + (n[1] % 60 ? 1 : 0);
		if (!of)
			continue;
		part = (int64_t)(n[2] % ((uint64_t)of + 1));
		sum = RAW(rial_share(rial_of(whole), rial_of(part), rial_of(of))) +
		      RAW(rial_share(rial_of(whole), rial_of(of - part), rial_of(of)));
		ck_assert_int_le(sum, whole);
		ck_assert_int_ge(sum, whole - 1);
	}
}
END_TEST

START_TEST(whole_toman)
{
	static const int64_t cases[][2] = {{0, 0},   {1, 0},   {9, 0},
					   {10, 10}, {19, 10}, {INT64_MAX, INT64_MAX / 10 * 10}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_int_eq(RAW(rial_floor_toman(rial_of(cases[i][0]))), cases[i][1]);
}
END_TEST

/* What the rules have not bounded ends the process instead of going wrong. */
START_TEST(ends)
{
	switch (_i) {
	case 0:
		rial_add(rial_of(INT64_MAX), rial_of(1));
		break;
	case 1:
		rial_take(rial_of(1), rial_of(2));
		break;
	case 2:
		rial_of_toman(INT64_MAX / 10 + 1);
		break;
	case 3:
		rial_share(rial_of(1), rial_of(3), rial_of(2));
		break;
	case 4:
		rial_share(rial_of(-1), rial_of(1), rial_of(2));
		break;
	case 5:
		rial_share(rial_of(1), rial_of(0), rial_of(0));
		break;
	default: /* the last of the loop */
		rial_floor_toman(rial_of(-1));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("money");
	TCase *t = tcase_create("money");

	tcase_add_test(t, border);
	tcase_add_test(t, order);
	tcase_add_test(t, add);
	tcase_add_test(t, take);
	tcase_add_test(t, share);
	tcase_add_test(t, shares_make_the_whole);
	tcase_add_test(t, whole_toman);
	tcase_add_loop_test_raise_signal(t, ends, SIGABRT, 0, 7);
	suite_add_tcase(s, t);
	return tap_run(s);
}
