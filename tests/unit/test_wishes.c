/* Quiet hours: Tehran's clock, both ends, midnight, and never. */
#include "clock.h"
#include "tap.h"
#include "wishes.h"

/* 2024-01-01 00:00 in Tehran, which is 20:30 of the day before in UTC. */
static const int64_t midnight_ms = INT64_C(1704054600000);

START_TEST(quiet_is_between_its_hours)
{
	static const struct {
		int from_h, to_h, at_h, at_min;
		bool quiet;
	} cases[] = {
		{23, 7, 22, 59, false}, {23, 7, 23, 0, true},  {23, 7, 0, 0, true},     {23, 7, 6, 59, true},
		{23, 7, 7, 0, false},   {23, 7, 12, 0, false}, {22, 8, 21, 59, false},  {22, 8, 22, 0, true},
		{22, 8, 7, 59, true},   {22, 8, 8, 0, false},  {0, 9, 23, 59, false},   {0, 9, 0, 0, true},
		{0, 9, 8, 59, true},    {0, 9, 9, 0, false},   {13, 15, 12, 59, false}, {13, 15, 13, 0, true},
		{13, 15, 15, 0, false}, {0, 0, 0, 0, false},   {0, 0, 12, 0, false},    {23, 23, 23, 0, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct person p = {.quiet_from_h = cases[i].from_h, .quiet_to_h = cases[i].to_h};
		int64_t at_ms = midnight_ms + cases[i].at_h * HOUR_MS + cases[i].at_min * MINUTE_MS;

		ck_assert_msg(quiet_now(&p, at_ms) == cases[i].quiet, "case %zu", i);
		ck_assert_int_eq(quiet_until(&p, at_ms), cases[i].quiet ? quiet_until(&p, at_ms + MINUTE_MS) : at_ms);
		ck_assert(!quiet_now(&p, quiet_until(&p, at_ms)));
		ck_assert_int_lt(quiet_until(&p, at_ms) - at_ms, DAY_MS);
		ck_assert_msg(quiet_now(&p, at_ms + 200 * DAY_MS) == cases[i].quiet, "case %zu in summer", i);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wishes");
	TCase *c = tcase_create("quiet");

	tcase_add_test(c, quiet_is_between_its_hours);
	suite_add_tcase(s, c);
	return tap_run(s);
}
