/* Bank work rows as gateway calls: see money_work.h. */
#include "money_work.h"

#include "js.h"
#include "money_out.h"
#include <string.h>
#include <talloc.h>

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

static enum money_call payment_call(struct turn *t, const struct work *w, struct gateway_call *call,
				    const char **gateway)
{
	struct payment p;

	if (!payment_by_id(t->tx, t->ctx, w->subject_id, &p))
		return MONEY_CALL_GONE;
	if (nothing_to_ask(t, call, &p))
		return MONEY_CALL_NONE;
	call->order_id = p.order_id;
	call->amount_rial = rial_raw(p.amount);
	call->ref = p.ref;
	call->token = p.token;
	call->callback_url = talloc_asprintf(t->ctx, "%s/bank/%s/return", t->house->public_url, p.gateway);
	*gateway = p.gateway;
	return MONEY_CALL_ASK;
}

static enum money_call settlement_call(struct turn *t, const struct work *w, struct gateway_call *call,
				       const char **gateway)
{
	struct settlement s;
	struct payment p = {.order_id = "", .ref = "", .token = ""};
	struct person payee = {.name = ""};

	if (!settlement_by_id(t->tx, t->ctx, w->subject_id, &s))
		return MONEY_CALL_GONE;
	if (s.payment_id && !payment_by_id(t->tx, t->ctx, s.payment_id, &p))
		return MONEY_CALL_GONE;
	if (call->op == GATEWAY_PAYOUT && !s.iban[0])
		return MONEY_CALL_NONE; /* it goes when its owner has given one */
	person_by_id(t->tx, t->ctx, s.person_id, &payee);
	call->order_id = p.order_id;
	call->token = p.token;
	call->ref = call->op == GATEWAY_REFUND_INQUIRY ? s.ref : p.ref;
	call->amount_rial = rial_raw(s.amount);
	call->track_id = s.track_id;
	call->iban = s.iban;
	call->payee = payee.name;
	call->callback_url =
		talloc_asprintf(t->ctx, "%s/bank/%s/notify", t->house->public_url, money_settlement_account(t, &s));
	*gateway = talloc_strdup(t->ctx, money_settlement_account(t, &s));
	return MONEY_CALL_ASK;
}

enum money_call money_work_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway)
{
	*call = (struct gateway_call){.op = op_of(t->ctx, w),
				      .now_ms = t->now_ms,
				      .mobile = "",
				      .token = "",
				      .order_id = "",
				      .callback_url = "",
				      .ref = "",
				      .track_id = "",
				      .iban = "",
				      .payee = ""};
	if (call->op < GATEWAY_START || call->op > GATEWAY_PAYOUT_INQUIRY)
		return MONEY_CALL_GONE;
	if (call->op < GATEWAY_REVERSE)
		return payment_call(t, w, call, gateway);
	return settlement_call(t, w, call, gateway);
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
