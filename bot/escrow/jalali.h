/* The Jalali calendar, for what banks want in it. Leap years by the 33-year cycle, which agrees with the observed
 * calendar from 1301 to 1501 (rails.md 9). Pure. */
#ifndef SEPAREX_JALALI_H
#define SEPAREX_JALALI_H

#include <stdint.h>

struct jalali {
	int year, month, day; /* 1405-9-5 */
	int hour, minute, second; /* of Tehran, UTC+03:30 all year */
};

/* The moment in Tehran's calendar; for ms since 1970 UTC from 1922 to 2122. */
struct jalali jalali_of(int64_t ms);

/* The day, counted from 1970-01-01, of a date in that calendar; -1 for none and for years before 1350 or after 1501. */
int64_t jalali_day(int year, int month, int day);

#endif
