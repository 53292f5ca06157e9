/* Wrong codes of a person: see guess.h. */
#include "guess.h"

#include "clock.h"
#include "repo_inbox.h"
#include <inttypes.h>
#include <stdlib.h>
#include <talloc.h>

enum { WRONG_CODES_AN_HOUR = 20 };

/* One small fact for each person who ever gave a wrong code: the hour, and how many in it. */
static const char *fact_name(struct turn *t)
{
	return talloc_asprintf(t->ctx, "guess:%" PRId64, t->me.id);
}

static int wrong_codes(struct turn *t)
{
	const char *name = fact_name(t);

	if (fact_number(t->tx, name, 0) != t->now_ms / HOUR_MS)
		return 0;
	return (int)strtol(fact_text(t->tx, t->ctx, name, "0"), NULL, 10);
}

bool guess_allowed(struct turn *t)
{
	return wrong_codes(t) < WRONG_CODES_AN_HOUR;
}

const char *guess_wrong(struct turn *t, const char *html)
{
	if (!guess_allowed(t))
		return MINE(t, "check.too_many");
	fact_set(t->tx, fact_name(t), t->now_ms / HOUR_MS, talloc_asprintf(t->ctx, "%d", wrong_codes(t) + 1));
	return html;
}
