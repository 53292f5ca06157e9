/* Money going back to a buyer: undone at the bank, refunded along its payment, or sent to the buyer's own IBAN. */
#ifndef SEPAREX_MONEY_REFUND_H
#define SEPAREX_MONEY_REFUND_H

#include "money_out.h"

/* The next way when a payment cannot be undone any more: the bank's refund where the contract has it, else the IBAN. */
struct money_next money_refund_otherwise(struct turn *t, const struct settlement *s);

/* A new settlement in the place of `failed`, to the buyer's IBAN; asks for it when none is known. */
void money_refund_by_iban(struct turn *t, const struct deal_file *f, const struct settlement *failed);

/* The person gave an IBAN: refunds that only waited for it go out. */
void money_refunds_go(struct turn *t, int64_t person_id);

#endif
