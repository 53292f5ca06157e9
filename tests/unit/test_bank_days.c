/* The calendar of banks: cycles, Thursdays, Fridays, holidays and days that were closed at short notice. */
#include "tap.h"

#include "bank_days.h"
#include <check.h>
#include <stdlib.h>

static struct bank_calendar calendar;

static int64_t day(const char *text)
{
	int64_t n = 0;

	ck_assert_msg(bank_day_read(text, &n), "%s", text);
	return n;
}

/* A moment in Tehran. */
static int64_t at(const char *date, int hour, int minute)
{
	return day(date) * INT64_C(86400000) - INT64_C(12600000) + (hour * 60 + minute) * INT64_C(60000);
}

static void setup(void)
{
	calendar = (struct bank_calendar){.lead_ms = INT64_C(45) * 60000};
	ck_assert(bank_cycle_add(&calendar.working, "12:45"));
	ck_assert(bank_cycle_add(&calendar.working, "18:45"));
	ck_assert(bank_cycle_add(&calendar.thursday, "12:45"));
}

static const struct {
	const char *date;
	int hour, minute;
	const char *reaches;
	int at_hour, at_minute;
} rows[] = {
	{"2026-11-24", 9, 0, "2026-11-24", 12, 45}, /* Tuesday */
	{"2026-11-24", 12, 0, "2026-11-24", 12, 45},
	{"2026-11-24", 12, 1, "2026-11-24", 18, 45}, /* too near to the cycle */
	{"2026-11-24", 18, 1, "2026-11-25", 12, 45},
	{"2026-11-25", 23, 59, "2026-11-26", 12, 45}, /* Thursday has one */
	{"2026-11-26", 13, 0, "2026-11-28", 12, 45}, /* over Friday to Saturday */
	{"2026-11-27", 9, 0, "2026-11-28", 12, 45}, /* Friday */
	{"2026-03-20", 0, 5, "2026-03-25", 12, 45}, /* Nowruz of 1405: Friday, then 21 to 24 March */
	{"2026-04-01", 8, 0, "2026-04-04", 12, 45}, /* two solar holidays and a Friday */
};

START_TEST(the_cycle_that_an_order_reaches)
{
	ck_assert_int_eq(bank_cycle_after(&calendar, at(rows[_i].date, rows[_i].hour, rows[_i].minute)),
			 at(rows[_i].reaches, rows[_i].at_hour, rows[_i].at_minute));
}
END_TEST

START_TEST(closed_days_and_cycles_on_holidays)
{
	int64_t tuesday = at("2026-11-24", 9, 0), friday = at("2026-11-27", 9, 0);

	calendar.closed.days[calendar.closed.n++] = day("2026-11-24");
	ck_assert_int_eq(bank_cycle_after(&calendar, tuesday), at("2026-11-25", 12, 45));
	ck_assert(bank_cycle_add(&calendar.holiday, "03:45"));
	ck_assert_int_eq(bank_cycle_after(&calendar, friday - INT64_C(8) * 3600000), at("2026-11-27", 3, 45));
	ck_assert_int_eq(bank_cycle_after(&calendar, friday), at("2026-11-28", 12, 45));
}
END_TEST

START_TEST(an_empty_calendar_promises_nothing)
{
	struct bank_calendar none = {.lead_ms = 0};

	ck_assert_int_eq(bank_cycle_after(&none, 12345), 12345);
}
END_TEST

START_TEST(a_cycle_is_never_before_its_order)
{
	int64_t ms = at("2025-03-21", 0, 0);

	for (int i = 0; i < 20000; i++, ms += INT64_C(4801) * 1000) {
		int64_t cycle = bank_cycle_after(&calendar, ms);

		ck_assert_int_ge(cycle, ms + calendar.lead_ms);
		ck_assert(!bank_is_closed(&calendar, bank_day_of(cycle)));
		ck_assert_int_lt(cycle - ms, INT64_C(10) * 86400000);
	}
}
END_TEST

START_TEST(what_is_no_cycle_and_no_date)
{
	static const char *const cycles[] = {"", "1245", "24:00", "12:60", "1:45", "12:45 ", "ab:cd", "18:45", "17:00"};
	static const char *const dates[] = {"",           "2026-2-1",   "2026-02-29", "2026-13-01",
					    "2026-00-10", "1405-09-05", "2026/01/01"};
	int64_t n;

	for (size_t i = 0; i < sizeof cycles / sizeof *cycles; i++)
		ck_assert_msg(!bank_cycle_add(&calendar.working, cycles[i]), "%s", cycles[i]);
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		ck_assert_msg(!bank_day_read(dates[i], &n), "%s", dates[i]);
	ck_assert_int_eq(day("2028-02-29") - day("2028-02-28"), 1);
}
END_TEST

START_TEST(how_far_the_table_reaches)
{
	ck_assert(bank_holidays_known(at("2027-12-01", 0, 0)));
	ck_assert(!bank_holidays_known(at("2028-06-01", 0, 0)));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("bank_days");
	TCase *t = tcase_create("bank_days");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, the_cycle_that_an_order_reaches, 0, sizeof rows / sizeof *rows);
	tcase_add_test(t, closed_days_and_cycles_on_holidays);
	tcase_add_test(t, an_empty_calendar_promises_nothing);
	tcase_add_test(t, a_cycle_is_never_before_its_order);
	tcase_add_test(t, what_is_no_cycle_and_no_date);
	tcase_add_test(t, how_far_the_table_reaches);
	suite_add_tcase(s, t);
	return tap_run(s);
}
