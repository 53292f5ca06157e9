/* Amounts as people write them. What was read can be written again, in digits and in words, in each language, and is
 * then read as the same sum, or as one that must be confirmed ("50 toman" means thousands to people). */
#include "amount.h"
#include "format.h"
#include "fuzz.h"

enum { AMOUNTS_MOST = 8 };

static const struct catalog *texts(void)
{
	static struct catalog *c;
	struct err e = {""};

	if (!c)
		c = catalog_load(NULL, "locales", &e);
	HOLDS(c != NULL, "%s", e.text);
	return c;
}

/* The part of the text that was the amount, is the amount. */
static void place_holds(const char *text, const struct amount_reading *r)
{
	HOLDS(r->start < r->end && r->end <= strlen(text), "%zu %zu", r->start, r->end);
	HOLDS(r->rial > 0 && r->rial <= AMOUNT_MAX_RIAL, "%lld", (long long)r->rial);
}

static void reading_holds(const char *text, bool ok, const struct amount_reading *r)
{
	HOLDS(ok == (r->error == AMOUNT_OK), "%d", (int)r->error);
	if (ok)
		place_holds(text, r);
	else
		HOLDS(r->rial == 0 && r->start == 0 && r->end == 0, "%lld", (long long)r->rial);
}

static void reads_as(const char *written, int64_t rial)
{
	struct amount_reading again;

	HOLDS(amount_read(written, &again), "%s: error %d", written, (int)again.error);
	HOLDS(again.rial == rial || again.confirm, "%s: %lld, not %lld", written, (long long)again.rial,
	      (long long)rial);
}

static void written_holds(const void *ctx, int64_t rial)
{
	static const char *const languages[] = {"fa", "en"};

	for (size_t i = 0; i < 2; i++) {
		reads_as(format_rial(ctx, texts(), languages[i], rial), rial);
		if (rial % 10)
			continue;
		reads_as(format_money(ctx, texts(), languages[i], rial), rial);
		reads_as(money_words(ctx, texts(), languages[i], rial), rial);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *text = fuzz_text(ctx, data, size);
	struct amount_reading r, all[AMOUNTS_MOST];
	bool ok = amount_read(text, &r);
	size_t n;

	reading_holds(text, ok, &r);
	if (ok)
		written_holds(ctx, r.rial);
	ok = amount_find(text, &r);
	reading_holds(text, ok, &r);
	if (ok)
		HOLDS(strlen(amount_title(ctx, text, &r)) <= strlen(text) + 1, " ");
	n = amount_all(text, all, AMOUNTS_MOST);
	HOLDS(n <= AMOUNTS_MOST, "%zu", n);
	for (size_t i = 0; i < n; i++) {
		place_holds(text, &all[i]);
		HOLDS(!i || all[i].start >= all[i - 1].end, "%zu", i);
	}
	talloc_free(ctx);
	return 0;
}
