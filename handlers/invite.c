/* How often one person may have others written to: see invite.h. */
#include "invite.h"

#include "clock.h"
#include "repo_inbox.h"
#include <inttypes.h>
#include <stdlib.h>
#include <talloc.h>

enum { INVITED_A_DAY = 5 };

/* Whom the list ("12 345 6") names, and how many it holds. */
static bool is_in(const char *list, int64_t id, int *n)
{
	char *end;
	bool found = false;

	for (*n = 0; *list; list = end) {
		int64_t one = strtoll(list, &end, 10);

		if (end == list)
			break;
		found = found || one == id;
		++*n;
	}
	return found;
}

/* One fact for each inviter: the day, and who was invited in it. */
bool invite_allowed(struct turn *t, const struct person *to)
{
	const char *name = talloc_asprintf(t->ctx, "invited:%" PRId64, t->me.id), *list = "";
	int64_t today = t->now_ms / DAY_MS;
	int n;

	if (!to->reachable || to->few_notices || persons_blocked(t->tx, t->me.id, to->id))
		return false;
	if (fact_number(t->tx, name, 0) == today)
		list = fact_text(t->tx, t->ctx, name, "");
	if (is_in(list, to->id, &n) || n >= INVITED_A_DAY)
		return false;
	fact_set(t->tx, name, today, talloc_asprintf(t->ctx, "%s %" PRId64, list, to->id));
	return true;
}
