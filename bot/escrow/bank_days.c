/* Banks' days and cycles: see bank_days.h. */
#include "bank_days.h"

#include <string.h>

enum { DAYS_AHEAD = 31, THURSDAY_OF_EPOCH = 4, MINUTES_OF_DAY = 1440 };

static const int64_t day_ms = INT64_C(86400000), tehran_ms = INT64_C(12600000), minute_ms = 60000;

static const struct date {
	int16_t year;
	int8_t month, day;
} holidays[] = {
#define HOLIDAY(year, month, day) {year, month, day},
#include "holidays.def"
#undef HOLIDAY
};

/* Days since 1970-01-01: years begin in March, so that a leap day is the last of its year. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool two_digits(const char *text, int *out)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*out = (text[0] - '0') * 10 + text[1] - '0';
	return true;
}

bool bank_cycle_add(struct bank_cycles *cycles, const char *text)
{
	int hour, minute, at;

	if (strlen(text) != 5 || text[2] != ':' || !two_digits(text, &hour) || !two_digits(text + 3, &minute))
		return false;
	at = hour * 60 + minute;
	if (minute > 59 || at >= MINUTES_OF_DAY || cycles->n == BANK_CYCLES_MAX)
		return false;
	if (cycles->n && at <= cycles->minutes[cycles->n - 1])
		return false;
	cycles->minutes[cycles->n++] = at;
	return true;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

bool bank_day_of_date(int year, int month, int of_month, int64_t *day)
{
	if (year < 2000 || year > 2200 || month < 1 || month > 12 || of_month < 1 || of_month > days_in(year, month))
		return false;
	*day = days_of(year, month, of_month);
	return true;
}

bool bank_day_read(const char *text, int64_t *day)
{
	int century, year, month, of_month;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !two_digits(text, &century) ||
	    !two_digits(text + 2, &year) || !two_digits(text + 5, &month) || !two_digits(text + 8, &of_month))
		return false;
	return bank_day_of_date(century * 100 + year, month, of_month, day);
}

int64_t bank_day_of(int64_t ms)
{
	return (ms + tehran_ms) / day_ms;
}

/* 0 Sunday to 6 Saturday. */
static int weekday_of(int64_t day)
{
	return (int)((day + THURSDAY_OF_EPOCH) % 7);
}

static bool in_table(int64_t day)
{
	for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++)
		if (days_of(holidays[i].year, holidays[i].month, holidays[i].day) == day)
			return true;
	return false;
}

bool bank_is_closed(const struct bank_calendar *c, int64_t day)
{
	for (size_t i = 0; i < c->closed.n; i++)
		if (c->closed.days[i] == day)
			return true;
	return weekday_of(day) == 5 || in_table(day);
}

bool bank_holidays_known(int64_t ms)
{
	const struct date *last = &holidays[sizeof holidays / sizeof *holidays - 1];

	return bank_day_of(ms) <= days_of(last->year, last->month, last->day);
}

static const struct bank_cycles *cycles_on(const struct bank_calendar *c, int64_t day)
{
	if (bank_is_closed(c, day))
		return &c->holiday;
	return weekday_of(day) == 4 ? &c->thursday : &c->working;
}

int64_t bank_cycle_after(const struct bank_calendar *c, int64_t ms)
{
	int64_t first = bank_day_of(ms);

	for (int64_t day = first; day <= first + DAYS_AHEAD; day++) {
		const struct bank_cycles *cycles = cycles_on(c, day);

		for (size_t i = 0; i < cycles->n; i++) {
			int64_t at_ms = day * day_ms - tehran_ms + cycles->minutes[i] * minute_ms;

			if (at_ms - c->lead_ms >= ms)
				return at_ms;
		}
	}
	return ms;
}
