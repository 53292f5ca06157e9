/* Short messages: see sms_tell.h. */
#include "sms_tell.h"

#include "clock.h"
#include "profile.h"
#include "repo_work.h"
#include "wishes.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

/* The second token: nothing, or a sum in toman. */
enum token { NO_TOKEN, DUE, EVENT_SUM };

static const struct stage {
	enum event_kind event;
	enum deal_state after; /* DEAL_NONE: any */
	enum role to;
	const char *name; /* of the template */
	enum token token;
	bool money;
} stages[] = {
	{EVENT_ISSUE_PAYMENT, DEAL_AWAIT_PAY, ROLE_BUYER, "pay", DUE, false},
	{EVENT_AGREE, DEAL_AWAIT_PAY, ROLE_BUYER, "pay", DUE, false},
	{EVENT_CREDIT, DEAL_FUNDED, ROLE_BUYER, "paid", DUE, true},
	{EVENT_CREDIT, DEAL_FUNDED, ROLE_SELLER, "ship", NO_TOKEN, true},
	{EVENT_REVIEW_CONFIRM, DEAL_FUNDED, ROLE_SELLER, "ship", NO_TOKEN, true},
	{EVENT_SHIP, DEAL_SHIPPED, ROLE_BUYER, "shipped", NO_TOKEN, false},
	{EVENT_DELIVER, DEAL_DELIVERED, ROLE_BUYER, "look", NO_TOKEN, false},
	{EVENT_SAY_DELIVERED, DEAL_DELIVERED, ROLE_BUYER, "look", NO_TOKEN, false},
	{EVENT_REPORT, DEAL_ISSUE, ROLE_SELLER, "problem", NO_TOKEN, false},
	{EVENT_ASK_INFO, DEAL_NONE, ROLE_BUYER, "asked", NO_TOKEN, false},
	{EVENT_RULE, DEAL_RULED, ROLE_BUYER, "ruling", NO_TOKEN, false},
	{EVENT_RULE, DEAL_RULED, ROLE_SELLER, "ruling", NO_TOKEN, false},
	{EVENT_PAYOUT_DONE, DEAL_NONE, ROLE_SELLER, "payout", EVENT_SUM, true},
	{EVENT_PAYOUT_RETURNED, DEAL_NONE, ROLE_SELLER, "returned", EVENT_SUM, true},
	{EVENT_PAYOUT_BOUNCED, DEAL_NONE, ROLE_SELLER, "returned", EVENT_SUM, true},
	{EVENT_REFUND_DONE, DEAL_NONE, ROLE_BUYER, "refund", EVENT_SUM, true},
};

/* Nobody is woken by one that is not about their money. */
static void queue(struct turn *t, struct sms *m)
{
	int64_t due_ms = t->now_ms;
	struct person p;

	if (!m->money && person_by_id(t->tx, t->ctx, m->person_id, &p))
		due_ms = quiet_until(&p, t->now_ms);
	m->id = sms_insert(t->tx, m, t->now_ms);
	if (m->id)
		sms_work(t->tx, t->ctx, m, due_ms);
}

static const char *toman_text(struct turn *t, struct rial sum)
{
	return talloc_asprintf(t->ctx, "%" PRId64, rial_raw(sum) / RIAL_PER_TOMAN);
}

static const char *second_token(struct turn *t, const struct deal_file *f, const struct event *e, enum token token)
{
	switch (token) {
	case DUE:
		return toman_text(t, terms_due(&f->deal.terms));
	case EVENT_SUM:
		return toman_text(t, e->amount);
	case NO_TOKEN:
		break;
	}
	return "";
}

static bool concerns(const struct stage *s, const struct deal_file *f, const struct event *e)
{
	if (s->event != e->kind || (s->after != DEAL_NONE && s->after != f->deal.state))
		return false;
	return e->kind != EVENT_ASK_INFO || e->asked == s->to;
}

void sms_tell(struct turn *t, const struct deal_file *f, const struct event *e)
{
	for (size_t i = 0; t->house->sms && i < sizeof stages / sizeof *stages; i++) {
		const struct stage *s = &stages[i];
		int64_t to = s->to == ROLE_BUYER ? f->deal.buyer_id : f->deal.seller_id;
		struct sms m = {
			.person_id = to, .deal_id = f->deal.id, .event = s->name, .money = s->money, .mobile = ""};

		if (!to || !concerns(s, f, e))
			continue;
		m.tokens[0] = f->code;
		m.tokens[1] = second_token(t, f, e, s->token);
		/* That all of the money has come is said once; more that comes goes back. */
		m.natural_key = talloc_asprintf(t->ctx, "%" PRId64 ":%" PRId64 ":%s:%" PRId64, to, f->deal.id, s->name,
						s->after == DEAL_FUNDED ? 0 : f->deal.version);
		queue(t, &m);
	}
}

static bool has_own_number(const struct turn *t, const struct person *p)
{
	/* Where a provider says whose a number is, another may be anybody's. */
	return p->mobile[0] && (!t->house->checks_identity || p->mobile_state == PROOF_MATCH);
}

void sms_warn(struct turn *t, const char *event, const struct person *before, const char *number)
{
	struct sms m = {.person_id = before->id, .event = event, .money = true, .tokens = {"", ""}};
	size_t n = strlen(number);

	if (!t->house->sms || n < 4 || !has_own_number(t, before))
		return;
	m.mobile = before->mobile;
	m.tokens[0] = number + n - 4;
	m.natural_key = talloc_asprintf(t->ctx, "%" PRId64 ":%s:%" PRId64, before->id, event, t->now_ms);
	queue(t, &m);
}

/* Whatever else a person was sent that day, they are warned; a thief who has them warned without end only warns them.
 */
static bool too_many(struct turn *t, const struct sms *m)
{
	const char *counted = m->mobile[0] ? m->event : NULL;

	return sms_sent_since(t->tx, m->person_id, counted, t->now_ms - DAY_MS) >= t->house->sms_daily_cap;
}

bool sms_call(struct turn *t, const struct sms *m, struct sms_call *call)
{
	struct person p;

	if (!person_by_id(t->tx, t->ctx, m->person_id, &p) || too_many(t, m))
		return false;
	if (!m->mobile[0] && (!has_own_number(t, &p) || (p.sms_off && !m->money)))
		return false;
	*call = (struct sms_call){m->mobile[0] ? m->mobile : p.mobile, m->event, {m->tokens[0], m->tokens[1]}};
	return true;
}
