/* From configuration to the house that handlers live in: see house.h. */
#include "house.h"

#include "clock.h"
#include "repo_settlement.h"
#include <string.h>

/* escrow-rules.md section 2.7, where the owner has given no key of their own. */
static const int64_t part_ms = 24 * HOUR_MS, late_ms = 24 * HOUR_MS, extension_ms = 48 * HOUR_MS,
		     cancel_ms = 24 * HOUR_MS, arrival_ms = 5 * DAY_MS, overdue_ms = 3 * DAY_MS,
		     ask_again_ms = 24 * HOUR_MS, inspection_rest_min_ms = 12 * HOUR_MS,
		     return_transit_ms = 10 * DAY_MS, info_ms = 48 * HOUR_MS, ruling_ms = 5 * DAY_MS,
		     fraud_report_ms = 30 * DAY_MS;

/* The sandbox's own operators' group (docs/sandbox.md), so that `make run` needs no configuration. */
static const int64_t sandbox_staff_chat = -1001000000002;

static struct rial cap_of(const struct config *c, const char *name)
{
	const struct {
		const char *name;
		struct rial cap;
	} own[] = {{"mellat", c->gateway.mellat_cap},
		   {"parsian", c->gateway.parsian_cap},
		   {"zarinpal", c->gateway.zarinpal_cap}};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcmp(own[i].name, name) && rial_is_positive(own[i].cap))
			return own[i].cap;
	return c->gateway.cap;
}

void house_add_bank(struct house *h, const struct config *c, const struct gateway *g)
{
	if (h->n_banks < HOUSE_MAX_BANKS)
		h->banks[h->n_banks++] = (struct house_bank){g->name, g, cap_of(c, g->name)};
}

static struct deal_policy policy_of(const struct config *c)
{
	return (struct deal_policy){
		.price_min = c->deal.min_price,
		.due_max = c->deal.max_price,
		.two_person_above = c->deal.ruling_two_person,
		.draft_ms = c->deal.draft_ms,
		.offer_ms = c->deal.offer_ms,
		.pay_ms = c->deal.pay_ms,
		.pay_extended_ms = c->deal.pay_extend_ms,
		.part_ms = part_ms,
		.late_ms = late_ms,
		.extension_ms = extension_ms,
		.cancel_ms = cancel_ms,
		.tracking_ms = 0, /* no carrier is asked in this version */
		.arrival_ms = arrival_ms,
		.overdue_ms = overdue_ms,
		.transit_ms = c->deal.transit_ms,
		.ask_again_ms = ask_again_ms,
		.inspection_rest_min_ms = inspection_rest_min_ms,
		.answer_ms = c->deal.issue_answer_ms,
		.escalate_ms = c->deal.issue_escalate_ms,
		.negotiation_ms = c->deal.negotiation_ms,
		.return_ms = c->deal.return_ms,
		.return_transit_ms = return_transit_ms,
		.return_check_ms = c->deal.return_check_ms,
		.info_ms = info_ms,
		.ruling_ms = ruling_ms,
		.appeal_ms = c->deal.appeal_ms,
		.payout_min_ms = c->payout.min_ms,
		.fraud_report_ms = fraud_report_ms,
	};
}

/* By PAYA, unless the gateway pays at once or from account to account. */
static bool travels_by_cycles(const struct config *c)
{
	switch ((enum config_calendar)c->payout.counts_cycles) {
	case CONFIG_CALENDAR_ON:
		return true;
	case CONFIG_CALENDAR_OFF:
		return false;
	case CONFIG_CALENDAR_AUTO:
		break;
	}
	return c->payout.rail == CONFIG_RAIL_FILE ||
	       (!strcmp(c->payout.gateway, "vandar") && !c->vandar.instant && !c->vandar.type);
}

bool house_open(void *ctx, const struct config *c, struct house *out, struct err *e)
{
	struct catalog *texts = catalog_load(ctx, c->app.locales, e);

	if (!texts)
		return false;
	catalog_mark_times(texts, c->telegram.marked_times);
	*out = (struct house){
		.texts = texts,
		.ephemeral = c->telegram.ephemeral,
		.policy = policy_of(c),
		.fees = c->fee.plan,
		.fee_payer = c->fee.default_payer,
		.inspection_h = (int)(c->deal.inspection_ms / HOUR_MS),
		.ship_h = (int)(c->deal.ship_ms / HOUR_MS),
		.rnd = rnd_system(),
		.channel = "telegram",
		.bot_username = "",
		.public_url = c->http.public_url,
		.name = c->app.name,
		.support_hours = c->app.support_hours,
		.complaints = c->app.complaints,
		.language = catalog_pick(texts, c->app.default_language),
		.ask_card = c->gateway.ask_card,
		.payout_gateway = c->payout.gateway,
		.payout_rail = c->payout.rail == CONFIG_RAIL_FILE ? RAIL_FILE : RAIL_BANK,
		.payout_two_person = c->payout.two_person,
		.counts_cycles = travels_by_cycles(c),
		.calendar = {c->payout.cycles, c->payout.thursday_cycles, c->payout.holiday_cycles,
			     c->payout.cycle_lead_ms, c->payout.closed_days},
		.payout_max_ms = c->payout.max_ms,
		.practice = c->gateway.practice,
		.staff_chat = c->telegram.operators_chat,
		.staff = {[STAFF_READER] = {c->staff.readers.ids, c->staff.readers.n},
			  [STAFF_MEDIATOR] = {c->staff.mediators.ids, c->staff.mediators.n},
			  [STAFF_TREASURER] = {c->staff.treasurers.ids, c->staff.treasurers.n},
			  [STAFF_OPERATOR] = {c->staff.operators.ids, c->staff.operators.n}},
	};
	if (!out->staff_chat && out->practice && c->telegram.on_this_machine)
		out->staff_chat = sandbox_staff_chat;
	return true;
}
