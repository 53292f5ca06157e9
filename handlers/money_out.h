/* Money going out: payouts to sellers and refunds to buyers. Each has a track id that is stored before the bank hears
 * of it; what is unknown is looked up under that id and never sent again. */
#ifndef SEPAREX_MONEY_OUT_H
#define SEPAREX_MONEY_OUT_H

#include "money_in.h"

/* Starts the payout of all that is payable, if the seller's IBAN is known; otherwise asks for it. */
void money_pay_out(struct turn *t, struct deal_file *f);

/* Until when payouts to this person wait because the IBAN was changed, in ms; 0 when they do not. */
int64_t money_payout_waits_until(const struct person *seller);

/* The seller gave an IBAN: payouts of theirs that were only waiting for it start now. */
void money_iban_known(struct turn *t, int64_t person_id);

/* Sends `amount` back along the deal's payments: along `payment_id` first when it is not 0. */
void money_refund(struct turn *t, const struct deal_file *f, struct rial amount, int64_t payment_id);

/* What the bank answered to a call about settlement `s` (REFUND, PAYOUT and their inquiries). */
struct money_next money_out_answer(struct turn *t, const struct settlement *s, const struct gateway_call *call,
				   const struct gateway_result *r);

#endif
