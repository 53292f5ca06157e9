/* What operators can do: look at a deal, rule, ask, freeze, confirm a delivery they checked with the carrier. */
#include "amount.h"
#include "clock.h"
#include "deal_step.h"
#include "js.h"
#include "repo_inbox.h"
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

bool is_operator(const struct turn *t)
{
	if (!t->house->staff_chat || !t->update || t->update->chat_id != t->house->staff_chat || !t->me.id)
		return false;
	for (size_t i = 0; i < t->house->n_operators; i++)
		if (t->house->operators[i] == t->me.outside_id)
			return true;
	return t->house->n_operators == 0;
}

static struct event event_by_operator(const struct turn *t, enum event_kind kind)
{
	return (struct event){.kind = kind, .role = ROLE_MEDIATOR, .actor_id = t->me.id};
}

/* The first operator's word waits, by name of what was approved, for a second one's. Returns the first one's person id
 * when this is the second; otherwise notes this one and returns 0. */
static int64_t second_approval(struct turn *t, const struct deal_file *f, const char *what)
{
	const char *name = talloc_asprintf(t->ctx, "approval:%" PRId64, f->deal.id);
	const char *text = fact_text(t->tx, t->ctx, name, "");
	const char *mine = talloc_asprintf(t->ctx, "%" PRId64 " %s", f->deal.version, what);
	char *end;
	int64_t first = strtoll(text, &end, 10);
	int64_t at_ms = fact_number(t->tx, name, 0);

	if (*end == ' ' && !strcmp(end + 1, mine) && first != t->me.id && t->now_ms - at_ms < approval_ms) {
		fact_set(t->tx, name, 0, "");
		return first;
	}
	fact_set(t->tx, name, t->now_ms, talloc_asprintf(t->ctx, "%" PRId64 " %s", t->me.id, mine));
	return 0;
}

static enum refusal do_as_operator(struct turn *t, struct deal_file *f, const struct event *e, const char *note)
{
	enum refusal r = deal_step(t, f, e, &(struct step_facts){.note = note});

	if (r != REFUSAL_NONE)
		refuse(t, r);
	else if (t->update->kind == UPDATE_BUTTON)
		t->toast = MINE_PLAIN(t, "staff.done");
	return r;
}

/* An event that may need two operators: tried with whoever spoke before; the rules say whether one is enough. */
static enum refusal do_with_approval(struct turn *t, struct deal_file *f, struct event *e, const char *what)
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
	return do_as_operator(t, f, e, what);
}

static void ask_split(struct turn *t, const struct deal_file *f)
{
	if (f->deal.state != DEAL_DISPUTED) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	talk_begin(t, "split", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "staff.ask_split", MONEY_ARG("price", f->deal.terms.price)));
}

void rule_act(struct turn *t, struct deal_file *f, const char *extra)
{
	static const struct {
		const char *word;
		enum ruling ruling;
	} rulings[] = {{"release", RULING_RELEASE}, {"refund", RULING_REFUND}, {"return", RULING_RETURN}};
	struct event e = event_by_operator(t, EVENT_RULE);

	if (!strcmp(extra, "split")) {
		ask_split(t, f);
		return;
	}
	if (!strncmp(extra, "split-", 6)) {
		e.ruling = RULING_SPLIT;
		e.amount = rial_of(strtoll(extra + 6, NULL, 10));
	}
	for (size_t i = 0; i < sizeof rulings / sizeof *rulings; i++)
		if (!strcmp(rulings[i].word, extra))
			e.ruling = rulings[i].ruling;
	do_with_approval(t, f, &e, extra);
}

/* The typed sum is read back with what it means; only the press on it is the ruling. */
void split_talk(struct turn *t, const char *data)
{
	struct amount_reading r;
	struct deal_file f;
	struct outmsg m;

	if (!is_operator(t) || !talk_deal(t, data, &f))
		return;
	if (!amount_read(t->update->text, &r) || r.rial >= rial_raw(f.deal.terms.price)) {
		reply(t, MINE(t, "staff.ask_split", MONEY_ARG("price", f.deal.terms.price)));
		return;
	}
	conversation_end(t->tx, t->me.id);
	m = tell_here(
		t, MINE(t, "sure.rule_split", ARG_MONEY("to_buyer", r.rial), MONEY_ARG("price", f.deal.terms.price)));
	deal_button(t, &m, true, BUTTON_DANGER, MINE_PLAIN(t, "button.yes"), f.code,
		    talloc_asprintf(t->ctx, "rule.split-%" PRId64, r.rial));
	tell(t, &m, LANE_REPLY);
}

void ask_info_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_operator(t, EVENT_ASK_INFO);

	e.asked = !strcmp(extra, "buyer") ? ROLE_BUYER : (!strcmp(extra, "seller") ? ROLE_SELLER : ROLE_NOBODY);
	do_as_operator(t, f, &e, extra);
}

void freeze_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = event_by_operator(t, strcmp(extra, "off") ? EVENT_FREEZE : EVENT_UNFREEZE);

	do_with_approval(t, f, &e, strcmp(extra, "off") ? "freeze" : "unfreeze");
}

/* Money that came in a way that a person must look at (rows 15 and 117) is taken for the deal, or goes back (row 16).
 */
void review_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool take = !strcmp(extra, "take");
	struct event e = event_by_operator(t, take ? EVENT_REVIEW_CONFIRM : EVENT_REVIEW_REJECT);

	if (take || !strcmp(extra, "back"))
		do_with_approval(t, f, &e, extra);
	else
		refuse(t, REFUSAL_NOT_NOW);
}

/* "/delivered CODE": the operator has seen the carrier's page. */
void delivered_command(struct turn *t, const char *args)
{
	char *code = digits_fold(t->ctx, args);
	struct event e = event_by_operator(t, EVENT_DELIVER);
	struct deal_file f;

	if (!is_operator(t)) {
		reply(t, MINE(t, "help.unknown_command"));
		return;
	}
	for (char *p = code; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (!deal_by_code(t->tx, t->ctx, code, &f))
		reply(t, MINE(t, "join.unknown"));
	else
		do_as_operator(t, &f, &e, "carrier");
}
