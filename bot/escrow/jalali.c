/* The Jalali calendar: see jalali.h. */
#include "jalali.h"

enum { TEHRAN_S = 12600, DAY_S = 86400, CYCLE_YEARS = 33, CYCLE_DAYS = 12053, MONTHS_OF_31 = 6 };

/* 1 Farvardin 1375, the first year of a cycle, was 20 March 1996: 9575 days after 1970-01-01. */
enum { ANCHOR_YEAR = 1375, ANCHOR_DAY = 9575 };

static int is_leap(int year)
{
	static const int leaps[] = {1, 5, 9, 13, 17, 22, 26, 30};
	int in_cycle = year % CYCLE_YEARS;

	for (unsigned i = 0; i < sizeof leaps / sizeof *leaps; i++)
		if (leaps[i] == in_cycle)
			return 1;
	return 0;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct jalali jalali_of(int64_t ms)
{
	int64_t s = floor_div(ms, 1000) + TEHRAN_S, days = floor_div(s, DAY_S), of_day = s - days * DAY_S;
	int64_t cycles = floor_div(days - ANCHOR_DAY, CYCLE_DAYS);
	int64_t left = days - ANCHOR_DAY - cycles * CYCLE_DAYS;
	int year = ANCHOR_YEAR + (int)cycles * CYCLE_YEARS;
	struct jalali j = {
		.hour = (int)(of_day / 3600), .minute = (int)(of_day / 60 % 60), .second = (int)(of_day % 60)};

	while (left >= 365 + is_leap(year)) {
		left -= 365 + is_leap(year);
		year++;
	}
	j.year = year;
	if (left < MONTHS_OF_31 * 31) {
		j.month = (int)left / 31 + 1;
		j.day = (int)left % 31 + 1;
	} else {
		left -= MONTHS_OF_31 * 31;
		j.month = (int)left / 30 + MONTHS_OF_31 + 1;
		j.day = (int)left % 30 + 1;
	}
	return j;
}

int64_t jalali_day(int year, int month, int day)
{
	int64_t days = ANCHOR_DAY;
	int longest = month <= MONTHS_OF_31 ? 31 : month == 12 ? 29 + is_leap(year) : 30;

	if (year < 1350 || year > 1501 || month < 1 || month > 12 || day < 1 || day > longest)
		return -1;
	for (int y = ANCHOR_YEAR; y < year; y++)
		days += 365 + is_leap(y);
	for (int y = year; y < ANCHOR_YEAR; y++)
		days -= 365 + is_leap(y);
	days += (month - 1) * 30 + (month - 1 < MONTHS_OF_31 ? month - 1 : MONTHS_OF_31);
	return days + day - 1;
}
