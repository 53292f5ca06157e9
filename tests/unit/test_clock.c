/* A clock that is set while the program runs. */
#include "clock.h"
#include "tap.h"

#include <check.h>

struct machine {
	int64_t wall_ms, steady_ms;
};

static int64_t wall(void *arg)
{
	return ((const struct machine *)arg)->wall_ms;
}

static int64_t steady(void *arg)
{
	return ((const struct machine *)arg)->steady_ms;
}

static struct machine machine;
static struct clock clock_of_machine;
static struct clock_line line;

static void setup(void)
{
	machine = (struct machine){10 * DAY_MS, 500};
	clock_of_machine = (struct clock){wall, &machine, 0, steady};
	line = (struct clock_line){0};
}

static int64_t pass(int64_t ms)
{
	machine.wall_ms += ms;
	machine.steady_ms += ms;
	return clock_line_ms(&line, &clock_of_machine);
}

START_TEST(goes_on_at_half_speed_until_a_clock_that_was_set_back_has_caught_up)
{
	int64_t before_ms = pass(1000), now_ms;

	machine.wall_ms -= 10 * MINUTE_MS;
	ck_assert_int_eq(pass(0), before_ms);
	ck_assert_int_eq(pass(1), before_ms);
	ck_assert_int_eq(pass(1), before_ms + 1);
	now_ms = pass(MINUTE_MS);
	ck_assert_int_eq(now_ms, before_ms + 1 + MINUTE_MS / 2);
	for (int i = 0; i < 40; i++) {
		int64_t next_ms = pass(MINUTE_MS);

		ck_assert_int_gt(next_ms, now_ms);
		now_ms = next_ms;
	}
	ck_assert_int_eq(now_ms, machine.wall_ms);
}
END_TEST

START_TEST(a_clock_that_was_wrong_by_more_is_followed)
{
	pass(1000);
	machine.wall_ms += DAY_MS;
	ck_assert_int_eq(pass(0), machine.wall_ms);
	machine.wall_ms -= DAY_MS;
	ck_assert_int_eq(pass(0), machine.wall_ms);
}
END_TEST

START_TEST(the_machines_own_clocks_run)
{
	struct clock c = clock_system();
	int64_t first_ms = clock_line_ms(&line, &c);

	ck_assert_int_gt(first_ms, INT64_C(1700000000000));
	ck_assert_int_ge(clock_line_ms(&line, &c), first_ms);
	ck_assert_int_gt(c.steady_ms(c.arg), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("clock");
	TCase *c = tcase_create("clock");

	tcase_add_checked_fixture(c, setup, NULL);
	tcase_add_test(c, goes_on_at_half_speed_until_a_clock_that_was_set_back_has_caught_up);
	tcase_add_test(c, a_clock_that_was_wrong_by_more_is_followed);
	tcase_add_test(c, the_machines_own_clocks_run);
	suite_add_tcase(s, c);
	return tap_run(s);
}
