/* Advertisements that people paste: all that stays of one is clean, and nobody's number stands in it. */
#include "ad.h"
#include "amount.h"
#include "contacts.h"
#include "fuzz.h"
#include "safe_name.h"

static void clean(const void *ctx, const char *text, size_t most, bool lines)
{
	fuzz_is_text(text);
	HOLDS(!strcmp(safe_text(ctx, text, most, lines), text), "%s", text);
}

static void masked(const char *text)
{
	struct contact c;

	HOLDS(!contact_next(text, 0, &c), "%s", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const char *text = fuzz_text(ctx, data, size);
	struct contact c = {0};
	struct ad ad;

	if (ad_read(ctx, text, &ad))
		HOLDS(ad.title[0], " ");
	clean(ctx, ad.title, AD_TITLE_CODEPOINTS, false);
	clean(ctx, ad.description, AD_DESCRIPTION_CODEPOINTS, true);
	masked(ad.title);
	masked(ad.description);
	HOLDS(ad.n_prices <= AD_MAX_PRICES, "%zu", ad.n_prices);
	for (size_t i = 0; i < ad.n_prices; i++) {
		HOLDS(ad.prices[i].rial > 0 && ad.prices[i].rial <= AMOUNT_MAX_RIAL, " ");
		for (size_t j = 0; j < i; j++)
			HOLDS(ad.prices[i].rial != ad.prices[j].rial, "%zu %zu", i, j);
	}
	for (size_t at = 0; contact_next(text, at, &c); at = c.end)
		HOLDS(c.start >= at && c.end > c.start && c.end <= strlen(text), "%zu %zu", c.start, c.end);
	masked(contacts_mask(ctx, text));
	talloc_free(ctx);
	return 0;
}
