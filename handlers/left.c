/* "/left CODE NUMBER": after a restore, a treasurer found a deal's payout in the bank's list, under a number that the
 * restored books do not know. The number is only what the bank is asked by; its word is what is booked. */
#include "clock.h"
#include "deal_step.h"
#include "money_out.h"
#include "safe_name.h"
#include "staff.h"
#include "steps.h"
#include "tell.h"
#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { NUMBER_MOST = 20 };

/* "K7M2QX9A 1234" in two; the number is "" when it is none. */
static const char *read_args(char *args, const char **number)
{
	char *end = args + strcspn(args, " ");

	*number = *end ? end + 1 + strspn(end + 1, " ") : end;
	*end = '\0';
	if (strlen(*number) > NUMBER_MOST || strspn(*number, "0123456789") != strlen(*number))
		*number = "";
	for (char *p = args; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return args;
}

static enum refusal may(struct turn *t, const struct deal_file *f, const char *number)
{
	struct settlement known;

	if (t->me.id == f->deal.buyer_id || t->me.id == f->deal.seller_id)
		return REFUSAL_PARTY;
	if (f->deal.frozen)
		return REFUSAL_FROZEN;
	if (!money_is_held(t, &f->deal) || !rial_is_positive(f->deal.payable) || !*number ||
	    settlement_by_track(t->tx, t->ctx, number, &known))
		return REFUSAL_NOT_NOW;
	return REFUSAL_NONE;
}

static void take(struct turn *t, struct deal_file *f, const char *number)
{
	int64_t first = staff_second(t, talloc_asprintf(t->ctx, "left:%" PRId64, f->deal.id),
				     talloc_asprintf(t->ctx, "%" PRId64 " %s", f->deal.version, number));

	staff_log(t, f, first, first ? "PAYOUT_LEFT" : "FIRST_WORD", number);
	if (!first) {
		reply(t, MINE(t, "staff.left_first", ARG_TEXT("who", t->me.name), ARG_CODE("code", f->code),
			      ARG_CODE("number", number)));
		return;
	}
	money_payout_left(t, f, number);
	reply(t, MINE(t, "staff.left_asked", ARG_CODE("number", number)));
}

void left_command(struct turn *t, const char *args)
{
	const char *number, *code = read_args(digits_fold(t->ctx, args), &number);
	enum refusal why;
	struct deal_file f;

	if (!staff_may(t, STAFF_TREASURER)) {
		reply(t, MINE(t, "help.unknown_command"));
		return;
	}
	if (!deal_by_code(t->tx, t->ctx, code, &f)) {
		reply(t, MINE(t, "join.unknown"));
		return;
	}
	why = may(t, &f, number);
	if (why == REFUSAL_NONE)
		take(t, &f, number);
	else
		refuse(t, why);
}
