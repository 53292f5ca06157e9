/* Choosing a bank: see bank_choice.h. A bank's health is one fact in the store, so that a restart does not forget it.
 */
#include "bank_choice.h"

#include "clock.h"
#include "repo_inbox.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* So many failures in a row put a bank behind the others; after so long it is tried again like any other. */
enum { FAILURES = 3 };
static const int64_t rest_ms = 10 * MINUTE_MS;

const struct house_bank *bank_named(const struct house *h, const char *name)
{
	for (size_t i = 0; i < h->n_banks; i++)
		if (!strcmp(h->banks[i].name, name))
			return &h->banks[i];
	return NULL;
}

const char *bank_name_key(const char *name)
{
	static const char *const keys[] = {"bank.name.sandbox", "bank.name.mellat", "bank.name.parsian",
					   "bank.name.zarinpal"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(strrchr(keys[i], '.') + 1, name))
			return keys[i];
	return keys[0];
}

static const char *fact_of(struct turn *t, const char *name)
{
	return talloc_asprintf(t->ctx, "bank:%s", name);
}

static int64_t failures_of(struct turn *t, const char *name)
{
	return strtoll(fact_text(t->tx, t->ctx, fact_of(t, name), "0"), NULL, 10);
}

void bank_heard(struct turn *t, const char *name, bool well)
{
	int64_t failures = failures_of(t, name);

	if (well && !failures)
		return;
	failures = well ? 0 : failures + 1;
	fact_set(t->tx, fact_of(t, name), t->now_ms, talloc_asprintf(t->ctx, "%lld", (long long)failures));
}

bool bank_is_well(struct turn *t, const char *name)
{
	return failures_of(t, name) < FAILURES || t->now_ms - fact_number(t->tx, fact_of(t, name), 0) > rest_ms;
}

size_t banks_for(struct turn *t, struct rial amount, const struct house_bank *out[HOUSE_MAX_BANKS])
{
	const struct house *h = t->house;
	size_t n = 0;

	for (int well = 1; well >= 0; well--)
		for (size_t i = 0; i < h->n_banks; i++)
			if (rial_cmp(amount, h->banks[i].cap) <= 0 && bank_is_well(t, h->banks[i].name) == (well == 1))
				out[n++] = &h->banks[i];
	return n;
}

struct rial bank_cap(const struct house *h)
{
	struct rial most = RIAL_ZERO;

	for (size_t i = 0; i < h->n_banks; i++)
		if (rial_cmp(h->banks[i].cap, most) > 0)
			most = h->banks[i].cap;
	return most;
}
