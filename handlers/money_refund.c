/* Refunds: see money_refund.h. */
#include "money_refund.h"

#include "bank_choice.h"
#include "log.h"
#include "repo_restored.h"
#include "tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { REFUNDS_MOST = 100 };

static bool bank_can(const struct turn *t, const char *name, enum gateway_op op)
{
	const struct house_bank *b = bank_named(t->house, name);

	return !b || (b->gateway->ops & GATEWAY_CAN(op));
}

/* All of it, and the bank still can: it undoes the payment itself, which is quicker and costs nothing. A bank that
 * hands money over by a call of its own (SETTLE) can only before that. */
static bool may_undo(const struct turn *t, const struct payment *p, struct rial part)
{
	const struct house_bank *b = bank_named(t->house, p->gateway);
	bool whole = rial_is_zero(p->refunded) && rial_cmp(part, p->paid) == 0;

	if (!whole || !b || !bank_can(t, p->gateway, GATEWAY_REVERSE))
		return false;
	if (bank_can(t, p->gateway, GATEWAY_SETTLE) && p->state != PAYMENT_CREDITED)
		return false;
	return t->now_ms - p->credited_ms < b->gateway->reverse_ms;
}

/* Gives up to `wanted` of one payment back; returns how much. */
static struct rial refund_along(struct turn *t, const struct deal_file *f, struct payment *p, struct rial wanted)
{
	struct rial part = rial_min(wanted, rial_take(p->paid, p->refunded));
	struct settlement s = {.deal_id = f->deal.id,
			       .kind = SETTLEMENT_REFUND,
			       .payment_id = p->id,
			       .person_id = f->deal.buyer_id,
			       .rail = RAIL_ALONG,
			       .gateway = p->gateway,
			       .iban = "",
			       .amount = part};
	bool undo = may_undo(t, p, part);

	if (!rial_is_positive(part))
		return RIAL_ZERO;
	p->refunded = rial_add(p->refunded, part);
	payment_save(t->tx, p, t->now_ms);
	if (!undo && !bank_can(t, p->gateway, GATEWAY_REFUND)) {
		money_refund_by_iban(t, f, &s);
		return part;
	}
	if (money_new_settlement(t, &s))
		money_call_bank(t, undo ? GATEWAY_REVERSE : GATEWAY_REFUND, s.id, t->now_ms);
	return part;
}

void money_refund(struct turn *t, const struct deal_file *f, struct rial amount, int64_t payment_id)
{
	struct payment own, all[PARTS_MAX];
	size_t n;

	if (payment_id && payment_by_id(t->tx, t->ctx, payment_id, &own))
		amount = rial_take(amount, refund_along(t, f, &own, amount));
	/* Each round uses up every payment that it reads, so it ends; however many payments a deal has had. */
	while (rial_is_positive(amount) && !t->failed) {
		n = payments_with_money(t->tx, t->ctx, f->deal.id, all, PARTS_MAX);
		for (size_t i = 0; i < n && rial_is_positive(amount); i++)
			amount = rial_take(amount, refund_along(t, f, &all[i], amount));
		if (n)
			continue;
		log_error("deal %" PRId64 ": a refund finds no payment that brought the money", f->deal.id);
		t->failed = true;
	}
}

/* The buyer is told where to say the IBAN; nothing is lost by silence. */
static void ask_iban(struct turn *t, const struct deal_file *f, const struct person *buyer, struct rial amount)
{
	struct outmsg m = tell_to(
		buyer, THEIRS(t, buyer, "refund.ask_iban", ARG_TEXT("title", f->title), MONEY_ARG("sum", amount)));

	outmsg_button(&m, true, BUTTON_DATA, BUTTON_GOOD, THEIRS_PLAIN(t, buyer, "button.iban"),
		      talloc_asprintf(t->ctx, "d:%s:iban", f->code));
	tell(t, &m, LANE_NOTICE);
}

/* By the bank's rail it gets its IBAN when it leaves, which may be a day later when that was changed (money_work.c). A
 * batch only takes what has one, and looks again itself (repo_batch.h). */
static const char *iban_for(const struct settlement *s, const struct person *payee)
{
	return strcmp(s->rail, RAIL_BANK) ? payee->iban : "";
}

void money_refund_by_iban(struct turn *t, const struct deal_file *f, const struct settlement *failed)
{
	struct settlement s = *failed;
	struct person buyer;
	bool ready;

	if (!person_by_id(t->tx, t->ctx, f->deal.buyer_id, &buyer)) {
		t->failed = true;
		return;
	}
	ready = money_payee_ready(t, &buyer);
	s.rail = t->house->payout_rail;
	s.gateway = money_rail_account(t);
	s.iban = ready ? iban_for(&s, &buyer) : "";
	if (!money_new_settlement(t, &s))
		return;
	if (ready)
		money_send_by_iban(t, &s);
	else
		ask_iban(t, f, &buyer, s.amount);
}

void money_refunds_go(struct turn *t, int64_t person_id)
{
	struct settlement *all = talloc_array(t->ctx, struct settlement, REFUNDS_MOST);
	size_t n = settlements_without_iban(t->tx, t->ctx, person_id, all, REFUNDS_MOST);
	struct person payee;

	if (!n || !person_by_id(t->tx, t->ctx, person_id, &payee) || !money_payee_ready(t, &payee))
		return;
	for (size_t i = 0; i < n; i++) {
		all[i].iban = iban_for(&all[i], &payee);
		settlement_save(t->tx, &all[i], t->now_ms);
		money_send_by_iban(t, &all[i]);
	}
}

struct money_next money_refund_otherwise(struct turn *t, const struct settlement *s)
{
	struct deal_file f;

	bool look = restored_holds(t->tx, s->deal_id); /* it may have been sent back before the restore */

	if (bank_can(t, s->gateway, GATEWAY_REFUND))
		return (struct money_next){.what = MONEY_AGAIN, .op = look ? GATEWAY_REFUND_INQUIRY : GATEWAY_REFUND};
	settlement_set_state(t->tx, s->id, SETTLEMENT_RETURNED, "unreversed", t->now_ms);
	if (deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		money_refund_by_iban(t, &f, s);
	else
		t->failed = true;
	return (struct money_next){.what = MONEY_DONE};
}
