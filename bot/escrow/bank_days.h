/* When an order to a bank reaches an account: PAYA's cycles of a day, Thursdays, Fridays and holidays (rails.md 4.3 and
 * 9). Days are counted from 1970-01-01 in Tehran, UTC+03:30 all year. Pure. */
#ifndef SEPAREX_BANK_DAYS_H
#define SEPAREX_BANK_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BANK_CYCLES_MAX = 16, BANK_CLOSED_MAX = 16 };

/* Minutes after midnight in Tehran, rising. */
struct bank_cycles {
	int minutes[BANK_CYCLES_MAX];
	size_t n;
};

struct bank_closed {
	int64_t days[BANK_CLOSED_MAX];
	size_t n;
};

struct bank_calendar {
	struct bank_cycles working, thursday, holiday;
	int64_t lead_ms; /* how long before a cycle an order must be there */
	struct bank_closed closed; /* beside the table of holidays */
};

/* "12:45" is added; false when it is none, does not come after the last one, or there is no room. */
bool bank_cycle_add(struct bank_cycles *cycles, const char *text);
/* A Gregorian date of 2000 to 2200 as a day; false when there is none such. */
bool bank_day_of_date(int year, int month, int of_month, int64_t *day);
/* "2026-03-01" as a day; false when there is no such date. */
bool bank_day_read(const char *text, int64_t *day);

int64_t bank_day_of(int64_t ms);
/* Friday, or in the table of holidays, or closed. */
bool bank_is_closed(const struct bank_calendar *c, int64_t day);
/* True while the table of holidays covers the moment. */
bool bank_holidays_known(int64_t ms);
/* The moment of the first cycle that an order of that moment still reaches; the moment itself when none comes in a
 * month. */
int64_t bank_cycle_after(const struct bank_calendar *c, int64_t ms);

#endif
