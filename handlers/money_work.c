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

static bool payment_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway)
{
	struct payment p;

	if (!payment_by_id(t->tx, t->ctx, w->subject_id, &p))
		return false;
	call->order_id = p.order_id;
	call->amount_rial = rial_raw(p.amount);
	call->ref = p.ref;
	call->callback_url = talloc_asprintf(t->ctx, "%s/bank/%s/return", t->house->public_url, p.gateway);
	*gateway = p.gateway;
	return true;
}

static bool settlement_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway)
{
	struct settlement s;
	struct payment p = {.order_id = "", .ref = "", .gateway = t->house->payout_gateway};
	struct person payee = {.name = ""};

	if (!settlement_by_id(t->tx, t->ctx, w->subject_id, &s))
		return false;
	if (s.payment_id && !payment_by_id(t->tx, t->ctx, s.payment_id, &p))
		return false;
	person_by_id(t->tx, t->ctx, s.person_id, &payee);
	call->order_id = p.order_id;
	call->ref = p.ref;
	call->amount_rial = rial_raw(s.amount);
	call->track_id = s.track_id;
	call->iban = s.iban;
	call->payee = payee.name;
	*gateway = p.gateway;
	return true;
}

bool money_work_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway)
{
	*call = (struct gateway_call){.op = op_of(t->ctx, w),
				      .order_id = "",
				      .callback_url = "",
				      .ref = "",
				      .track_id = "",
				      .iban = "",
				      .payee = ""};
	if (call->op < GATEWAY_START || call->op > GATEWAY_PAYOUT_INQUIRY)
		return false;
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
