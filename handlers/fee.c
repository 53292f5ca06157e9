/* /fee: what a price costs whom, before anything is begun. */
#include "amount.h"
#include "buf.h"
#include "deal_draft.h"
#include "steps.h"
#include "tell.h"
#include <talloc.h>

enum { FEE_BYTES = 8192 };

/* Whoever pays the fee: what the buyer pays and the seller gets. */
static void add_payers(struct turn *t, struct buf *text, struct deal_terms terms)
{
	static const struct {
		enum fee_payer payer;
		const char *key;
	} payers[] = {
		{FEE_BY_BUYER, "fee.line_buyer"}, {FEE_BY_SELLER, "fee.line_seller"}, {FEE_BY_HALF, "fee.line_half"}};

	for (size_t i = 0; i < sizeof payers / sizeof *payers; i++) {
		terms.fee_payer = payers[i].payer;
		buf_printf(text, "\n%s",
			   MINE(t, payers[i].key, MONEY_ARG("due", terms_due(&terms)),
				MONEY_ARG("payout", terms_payout(&terms))));
	}
}

void fee_command(struct turn *t, const char *args)
{
	const struct deal_policy *p = &t->house->policy;
	struct buf *text = buf_new(t->ctx, FEE_BYTES);
	struct amount_reading r;
	struct deal_terms terms = {0};

	if (!amount_read(args, &r)) {
		reply(t, MINE(t, amount_complaint(r.error, "fee.ask")));
		return;
	}
	terms.price = rial_of(r.rial);
	if (rial_cmp(terms.price, p->price_min) < 0 || rial_cmp(terms.price, p->due_max) > 0) {
		reply(t, MINE(t, "amount.limits", MONEY_ARG("min", p->price_min), MONEY_ARG("max", p->due_max)));
		return;
	}
	terms.fee = fee_of(&t->house->fees, terms.price);
	buf_puts(text, MINE(t, "fee.head", MONEY_ARG("price", terms.price), MONEY_ARG("words", terms.price),
			    MONEY_ARG("fee", terms.fee)));
	add_payers(t, text, terms);
	buf_printf(text, "\n%s", r.confirm ? MINE(t, "fee.doubt") : MINE(t, "fee.choose"));
	reply(t, text->data);
}
