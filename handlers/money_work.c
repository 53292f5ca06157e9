/* Bank work rows as gateway calls: see money_work.h. */
#include "money_work.h"

#include "clock.h"
#include "js.h"
#include "money_out.h"
#include "repo_restored.h"
#include "staff_card.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

static const int64_t look_at_frozen_ms = 10 * MINUTE_MS, ask_treasurers_again_ms = 2 * HOUR_MS;

static enum gateway_op op_of(void *ctx, const struct work *w)
{
	json_t *o = js_parse(ctx, w->payload, strlen(w->payload));

	return (enum gateway_op)js_int(o, "op", 0);
}

/* A bank that cannot be asked about a payment is not: its time is only waited for. */
static bool nothing_to_ask(struct turn *t, const struct gateway_call *call, struct payment *p)
{
	return call->op == GATEWAY_INQUIRY && !money_may_look(t, p) && money_give_up(t, p).what == MONEY_DONE;
}

static enum money_call payment_call(struct turn *t, const struct work *w, struct money_question *out)
{
	struct gateway_call *call = &out->call;
	struct payment p;

	if (!payment_by_id(t->tx, t->ctx, w->subject_id, &p))
		return MONEY_CALL_GONE;
	if (nothing_to_ask(t, call, &p))
		return MONEY_CALL_NONE;
	if (call->op == GATEWAY_SETTLE && money_undone(&p)) /* handed over, it could not be undone any more */
		return MONEY_CALL_NONE;
	call->order_id = p.order_id;
	call->amount_rial = rial_raw(p.amount);
	call->ref = p.ref;
	call->token = p.token;
	call->callback_url = talloc_asprintf(t->ctx, "%s/bank/%s/return", t->house->public_url, p.gateway);
	out->gateway = p.gateway;
	return MONEY_CALL_ASK;
}

static enum money_call wait_until(struct money_question *out, int64_t until_ms, const char *why)
{
	out->until_ms = until_ms;
	out->why = why;
	return MONEY_CALL_LATER;
}

/* A refund gets its IBAN at the last moment: who changed it, or had it changed by a thief, has a day to say so. */
static enum money_call aim(struct turn *t, struct settlement *s, const struct person *payee, struct money_question *out)
{
	if (!money_payee_ready(t, payee))
		return MONEY_CALL_NONE; /* it goes when its owner has given one (money_refunds_go) */
	if (t->now_ms < money_payout_waits_until(payee))
		return wait_until(out, money_payout_waits_until(payee), "cool-off");
	s->iban = payee->iban;
	settlement_save(t->tx, s, t->now_ms);
	return MONEY_CALL_ASK;
}

/* A refund that was decided after a restore, about a deal that was there before: it may have been decided before, too,
 * and the bank knows that one under a number that was lost. (A payout waits before it gets a number: money_pay_out.) */
static bool is_held(struct turn *t, const struct settlement *s)
{
	return s->kind == SETTLEMENT_REFUND && restored_is_new(t->tx, s->id) && restored_holds(t->tx, s->deal_id);
}

/* Questions are always asked; nothing leaves a frozen deal, or one that waits for two treasurers since a restore, who
 * are asked. */
static enum money_call may_leave(struct turn *t, struct settlement *s, const struct person *payee,
				 struct money_question *out)
{
	enum gateway_op op = out->call.op;
	struct deal_file f;

	if (op != GATEWAY_PAYOUT && op != GATEWAY_REFUND && op != GATEWAY_REVERSE)
		return MONEY_CALL_ASK;
	if (!deal_by_id(t->tx, t->ctx, s->deal_id, &f))
		return MONEY_CALL_GONE;
	if (f.deal.frozen)
		return wait_until(out, t->now_ms + look_at_frozen_ms, "frozen");
	if (is_held(t, s)) {
		staff_card(t, &f, true);
		return wait_until(out, t->now_ms + ask_treasurers_again_ms, "held");
	}
	return op == GATEWAY_PAYOUT && !s->iban[0] ? aim(t, s, payee, out) : MONEY_CALL_ASK;
}

static enum money_call settlement_call(struct turn *t, const struct work *w, struct money_question *out)
{
	struct gateway_call *call = &out->call;
	struct settlement s;
	struct payment p = {.order_id = "", .ref = "", .token = ""};
	struct person payee;
	enum money_call may;

	if (!settlement_by_id(t->tx, t->ctx, w->subject_id, &s) ||
	    (s.payment_id && !payment_by_id(t->tx, t->ctx, s.payment_id, &p)) ||
	    !person_by_id(t->tx, t->ctx, s.person_id, &payee))
		return MONEY_CALL_GONE;
	may = may_leave(t, &s, &payee, out);
	if (may != MONEY_CALL_ASK)
		return may;
	call->order_id = p.order_id;
	call->token = p.token;
	call->ref = call->op == GATEWAY_REFUND_INQUIRY ? s.ref : p.ref;
	call->amount_rial = rial_raw(s.amount);
	call->track_id = s.track_id;
	call->iban = s.iban;
	call->payee = payee.name;
	call->callback_url =
		talloc_asprintf(t->ctx, "%s/bank/%s/notify", t->house->public_url, money_settlement_account(t, &s));
	out->gateway = talloc_strdup(t->ctx, money_settlement_account(t, &s));
	return MONEY_CALL_ASK;
}

enum money_call money_work_call(struct turn *t, const struct work *w, struct money_question *out)
{
	enum gateway_op op = op_of(t->ctx, w);

	*out = (struct money_question){.call = {.op = op,
						.now_ms = t->now_ms,
						.mobile = "",
						.token = "",
						.order_id = "",
						.callback_url = "",
						.ref = "",
						.track_id = "",
						.iban = "",
						.payee = ""},
				       .gateway = "",
				       .why = ""};
	if (op < GATEWAY_START || op > GATEWAY_PAYOUT_INQUIRY)
		return MONEY_CALL_GONE;
	return op < GATEWAY_REVERSE ? payment_call(t, w, out) : settlement_call(t, w, out);
}

enum gateway_op money_work_after_crash(enum gateway_op op)
{
	switch (op) {
	case GATEWAY_REFUND:
		return GATEWAY_REFUND_INQUIRY;
	case GATEWAY_PAYOUT:
		return GATEWAY_PAYOUT_INQUIRY;
	case GATEWAY_START:
	case GATEWAY_VERIFY:
	case GATEWAY_SETTLE:
	case GATEWAY_INQUIRY:
	case GATEWAY_REVERSE:
	case GATEWAY_REFUND_INQUIRY:
	case GATEWAY_PAYOUT_INQUIRY:
		break;
	}
	return op;
}

bool money_work_doubt(struct db_tx *tx, void *ctx, const struct work *w, int64_t due_ms, const char *why)
{
	enum gateway_op op = op_of(ctx, w), look = money_work_after_crash(op);

	if (look != op)
		work_set_payload(tx, w->id, w->edition, talloc_asprintf(ctx, "{\"op\":%d}", (int)look));
	work_retry(tx, w->id, due_ms, w->tries, why);
	return look != op;
}

void money_work_stuck(struct turn *t, const struct work *w)
{
	struct settlement s = {.deal_id = 0};
	struct payment p = {.deal_id = 0};
	struct deal_file f;
	bool out = op_of(t->ctx, w) >= GATEWAY_REVERSE;
	bool ours = out ? settlement_by_id(t->tx, t->ctx, w->subject_id, &s)
			: payment_by_id(t->tx, t->ctx, w->subject_id, &p) && money_credited(&p);

	/* Of a payment that is not credited yet nobody is owed anything. */
	if (ours && deal_by_id(t->tx, t->ctx, out ? s.deal_id : p.deal_id, &f))
		staff_alarm(t, &f, "staff.bank_silent");
}

struct money_next money_work_answer(struct turn *t, const struct work *w, const struct gateway_call *call,
				    const struct gateway_result *r)
{
	struct payment p;
	struct settlement s;

	if (call->op < GATEWAY_REVERSE) {
		if (payment_by_id(t->tx, t->ctx, w->subject_id, &p))
			return money_in_answer(t, &p, call, r);
	} else if (settlement_by_id(t->tx, t->ctx, w->subject_id, &s)) {
		return money_out_answer(t, &s, call, r);
	}
	return (struct money_next){.what = MONEY_DEAD};
}
