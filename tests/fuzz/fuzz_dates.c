/* Dates and hours of banks' files and of the configuration. A day that was read is a day of a calendar, and its digits
 * stood in the text. */
#include "bank_days.h"
#include "clock.h"
#include "fuzz.h"
#include "jalali.h"
#include "safe_name.h"
#include "statements.h"

#include <time.h>

/* The numbers of a text, in their order; eight and more digits in one are cut as YYYYMMDD. */
static size_t numbers_of(const char *text, long out[3])
{
	size_t n = 0;

	while (*text && n < 3) {
		size_t digits = strspn(text, "0123456789");

		if (digits == 8 && n == 0) {
			long all = strtol(text, NULL, 10);

			out[0] = all / 10000;
			out[1] = all / 100 % 100;
			out[2] = all % 100;
			return 3;
		}
		if (digits)
			out[n++] = strtol(text, NULL, 10);
		text += digits ? digits : 1;
	}
	return n;
}

static void day_stood_in(void *ctx, const char *text, int64_t day)
{
	struct jalali j = jalali_of(day * DAY_MS);
	time_t seconds = (time_t)(day * (DAY_MS / SECOND_MS));
	long n[3] = {0};
	struct tm g;

	gmtime_r(&seconds, &g);
	HOLDS(numbers_of(digits_fold(ctx, text), n) == 3, "%s is day %lld", text, (long long)day);
	HOLDS((n[0] == j.year && n[1] == j.month && n[2] == j.day) ||
		      (n[0] == g.tm_year + 1900 && n[1] == g.tm_mon + 1 && n[2] == g.tm_mday),
	      "%s is day %lld, %d-%d-%d, %d-%d-%d", text, (long long)day, j.year, j.month, j.day, g.tm_year + 1900,
	      g.tm_mon + 1, g.tm_mday);
}

static void jalali_holds(int64_t day)
{
	struct jalali j = jalali_of(day * DAY_MS);

	if (j.year < 1350 || j.year > 1500)
		return;
	HOLDS(jalali_day(j.year, j.month, j.day) == day, "%lld: %d-%d-%d", (long long)day, j.year, j.month, j.day);
}

static void cycle_holds(const char *text)
{
	struct bank_cycles cycles = {.n = 0};

	if (!bank_cycle_add(&cycles, text)) {
		HOLDS(cycles.n == 0, "%s", text);
		return;
	}
	HOLDS(cycles.n == 1 && cycles.minutes[0] >= 0 && cycles.minutes[0] < 24 * 60, "%s", text);
	HOLDS(!bank_cycle_add(&cycles, text), "%s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *text = fuzz_text(ctx, data, size);
	int64_t day = statements_day(ctx, text), read = 0;
	uint16_t any = 0;

	HOLDS(day >= 0, "%lld", (long long)day);
	if (day)
		day_stood_in(ctx, text, day);
	if (bank_day_read(text, &read))
		day_stood_in(ctx, text, read);
	if (size >= sizeof any)
		memcpy(&any, data, sizeof any);
	jalali_holds(any);
	cycle_holds(text);
	talloc_free(ctx);
	return 0;
}
