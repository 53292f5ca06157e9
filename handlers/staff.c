/* What operators can do: look at a deal, rule, ask, freeze, confirm a delivery they checked with the carrier. */
#include "staff.h"
#include "amount.h"
#include "clock.h"
#include "deal_step.h"
#include "js.h"
#include "money_out.h"
#include "repo_inbox.h"
#include "repo_staff.h"
#include "safe_name.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const int64_t approval_ms = 24 * HOUR_MS;

static bool in_list(const struct staff_list *list, int64_t outside_id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->ids[i] == outside_id)
			return true;
	return false;
}

bool staff_listed(const struct house *h, int64_t outside_id)
{
	for (int role = 0; role < STAFF_ROLES; role++)
		if (in_list(&h->staff[role], outside_id))
			return true;
	return false;
}

static bool nobody_listed(const struct house *h)
{
	size_t n = 0;

	for (int role = 0; role < STAFF_ROLES; role++)
		n += h->staff[role].n;
	return n == 0;
}

bool staff_may(const struct turn *t, enum staff_role role)
{
	const struct house *h = t->house;

	if (!h->staff_chat || !t->update || t->update->chat_id != h->staff_chat || !t->me.id)
		return false;
	if (nobody_listed(h))
		return true;
	if (role == STAFF_READER)
		return staff_listed(h, t->me.outside_id);
	return in_list(&h->staff[role], t->me.outside_id) || in_list(&h->staff[STAFF_OPERATOR], t->me.outside_id);
}

bool is_operator(const struct turn *t)
{
	return staff_may(t, STAFF_READER);
}

void staff_log(struct turn *t, const struct deal_file *f, int64_t first_id, const char *act, const char *detail)
{
	staff_act_add(t->tx, &(struct staff_act){.person_id = t->me.id,
						 .second_id = first_id,
						 .deal_id = f ? f->deal.id : 0,
						 .act = act,
						 .detail = detail,
						 .at_ms = t->now_ms});
}

struct event staff_event(const struct turn *t, enum event_kind kind)
{
	return (struct event){.kind = kind, .role = ROLE_MEDIATOR, .actor_id = t->me.id};
}

int64_t staff_second(struct turn *t, const char *subject, const char *what)
{
	const char *name = talloc_asprintf(t->ctx, "approval:%s", subject);
	const char *text = fact_text(t->tx, t->ctx, name, "");
	char *end;
	int64_t first = strtoll(text, &end, 10);
	bool fresh = t->now_ms - fact_number(t->tx, name, 0) < approval_ms;

	if (*end == ' ' && !strcmp(end + 1, what) && first != t->me.id && fresh) {
		fact_set(t->tx, name, 0, "");
		return first;
	}
	fact_set(t->tx, name, t->now_ms, talloc_asprintf(t->ctx, "%" PRId64 " %s", t->me.id, what));
	return 0;
}

/* The deal's version goes along: what changed meanwhile was not what the first one approved. */
static int64_t second_approval(struct turn *t, const struct deal_file *f, const char *what)
{
	int64_t first = staff_second(t, talloc_asprintf(t->ctx, "%" PRId64, f->deal.id),
				     talloc_asprintf(t->ctx, "%" PRId64 " %s", f->deal.version, what));

	if (!first) {
		staff_log(t, f, 0, "FIRST_WORD", what);
		staff_says(t, f, "staff.first_word", what);
	}
	return first;
}

enum refusal staff_do(struct turn *t, struct deal_file *f, const struct event *e, const char *note)
{
	enum refusal r = deal_step(t, f, e, &(struct step_facts){.note = note});

	if (r == REFUSAL_NONE)
		staff_log(t, f, e->second_id, event_name(e->kind), note);
	if (r != REFUSAL_NONE)
		refuse(t, r);
	else if (t->update->kind == UPDATE_BUTTON)
		t->toast = MINE_PLAIN(t, "staff.done");
	return r;
}

/* An event that may need two operators: tried with whoever spoke before; the rules say whether one is enough. */
enum refusal staff_do_with_approval(struct turn *t, struct deal_file *f, struct event *e, const char *what,
				    const char *note)
{
	struct outcome o;

	deal_apply(&f->deal, e, &t->house->policy, t->now_ms, &o);
	if (o.refusal == REFUSAL_SECOND_PERSON) {
		e->second_id = second_approval(t, f, what);
		if (!e->second_id) {
			object(t, MINE_PLAIN(t, "refused.second_person"));
			return REFUSAL_SECOND_PERSON;
		}
	}
	return staff_do(t, f, e, note);
}

void freeze_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = staff_event(t, strcmp(extra, "off") ? EVENT_FREEZE : EVENT_UNFREEZE);
	const char *what = strcmp(extra, "off") ? "freeze" : "unfreeze";

	staff_do_with_approval(t, f, &e, what, what);
}

/* Money that came in a way that a person must look at (rows 15 and 117) is taken for the deal, or goes back (row 16).
 */
void review_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool take = !strcmp(extra, "take");
	struct event e = staff_event(t, take ? EVENT_REVIEW_CONFIRM : EVENT_REVIEW_REJECT);

	if (take || !strcmp(extra, "back"))
		staff_do_with_approval(t, f, &e, extra, extra);
	else
		refuse(t, REFUSAL_NOT_NOW);
}

/* A payout above the limit, and whatever is held since a restore, needs two treasurers, neither of them a party to the
 * deal. */
void payout_ok_act(struct turn *t, struct deal_file *f, const char *extra)
{
	int64_t first;

	(void)extra;
	if (t->me.id == f->deal.buyer_id || t->me.id == f->deal.seller_id) {
		refuse(t, REFUSAL_PARTY);
		return;
	}
	if (f->deal.frozen || !money_waits_for_two(t, &f->deal)) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	first = second_approval(t, f, "payout");
	if (!first) {
		object(t, MINE_PLAIN(t, "refused.second_person"));
		return;
	}
	staff_log(t, f, first, "PAYOUT_APPROVED", "");
	money_payout_approved(t, f);
	t->toast = MINE_PLAIN(t, "staff.done");
	staff_card(t, f, false);
}

/* "/delivered CODE": the operator has seen the carrier's page. */
void delivered_command(struct turn *t, const char *args)
{
	char *code = digits_fold(t->ctx, args);
	struct event e = staff_event(t, EVENT_DELIVER);
	struct deal_file f;

	if (!staff_may(t, STAFF_MEDIATOR)) {
		reply(t, MINE(t, "help.unknown_command"));
		return;
	}
	for (char *p = code; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (!deal_by_code(t->tx, t->ctx, code, &f))
		reply(t, MINE(t, "join.unknown"));
	else
		staff_do(t, &f, &e, "carrier");
}
