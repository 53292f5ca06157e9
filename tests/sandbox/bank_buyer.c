/* The practice bank as its customers meet it: what a buyer decides, and how the news travels. See bank.h. */
#include "bank.h"

#include "js.h"
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* What each decision means. */
static const struct act {
	const char *name;
	bool pays; /* the money leaves the buyer's account */
	bool refuses;
	bool forged; /* the callback lies */
	int callbacks; /* how many go out at once */
	bool late;
} acts[] = {
	{"pay", true, false, false, 1, false},    {"refuse", false, true, false, 1, false},
	{"vanish", true, false, false, 0, false}, {"twice", true, false, false, 2, false},
	{"late", true, false, false, 0, true},    {"forge", false, false, true, 1, false},
};

static const struct act *act_named(const char *name)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

const char *bank_decide(struct world *w, struct payment *p, const char *name)
{
	const struct act *a = act_named(name);

	if (!a)
		return "do must be one of pay, refuse, vanish, twice, late, forge";
	if (a->forged)
		return NULL;
	if (p->state != PAY_CREATED)
		return "this payment is decided already";
	p->state = a->refuses ? PAY_REFUSED : PAY_PAID;
	if (a->pays) {
		p->paid_ms = world_now_ms(w);
		/* Of the order, not of the moment: two that are paid in the same millisecond have each their own. */
		snprintf(p->ref, sizeof p->ref, "%012llu",
			 strtoull(p->order_id, NULL, 10) % 1000000000000 * 7919 % 1000000000000);
	}
	if (a->late)
		p->late_ms = p->paid_ms + LATE_MS;
	world_changed(w);
	return NULL;
}

char *bank_fields(struct world *w, void *ctx, const struct payment *p, bool forged)
{
	bool good = forged || p->state != PAY_REFUSED;
	char *order = talloc_strdup(ctx, p->order_id), *ref;

	for (char *c = order; *c; c++)
		if (*c == '&' || *c == '=' || *c == '%' || *c == '+')
			*c = '_'; /* the shop's ids are digits; nothing may break the form */
	ref = forged ? rnd_code(ctx, &w->rnd, 12) : talloc_strdup(ctx, p->ref);
	return talloc_asprintf(ctx, "order_id=%s&token=%s&status=%s&ref=%s&card=%s", order, p->token, good ? "0" : "17",
			       good ? ref : "", good ? p->card : "");
}

void bank_act(struct world *w, struct request *r)
{
	const char *wish = request_text(r, "payment"), *act = js_str(r->params, "do", ""), *wrong;
	struct payment *p;
	const struct act *a;

	bank_tick(w);
	p = wish ? bank_payment(w, wish) : NULL;
	if (!p) {
		reply_sim_error(w, r,
				"give \"payment\": a bank token, an order_id, or \"newest\"; there is no such payment");
		return;
	}
	wrong = bank_decide(w, p, act);
	if (wrong) {
		reply_sim_error(w, r, "%s (it is %s)", wrong, payment_state_name(p->state));
		return;
	}
	a = act_named(act);
	callback_post(w, p, bank_fields(w, r, p, a->forged), a->callbacks, r);
}

void bank_tick(struct world *w)
{
	int64_t now = world_now_ms(w);

	for (size_t i = 0; i < w->bank->n_payments; i++) {
		struct payment *p = w->bank->payments[i];
		bool late = p->late_ms && now >= p->late_ms;

		if (late) {
			void *ctx = talloc_new(NULL);

			p->late_ms = 0;
			callback_post(w, p, bank_fields(w, ctx, p, false), 1, NULL);
			talloc_free(ctx);
		}
		if (p->state == PAY_PAID && now - p->paid_ms >= VERIFY_WITHIN_MS) {
			p->state = PAY_REVERSED;
			world_changed(w);
		}
	}
}
