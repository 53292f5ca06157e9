/* Which bank takes a payment: the owner's order, what each carries, how each has answered lately, what the buyer wants.
 */
#ifndef SEPAREX_BANK_CHOICE_H
#define SEPAREX_BANK_CHOICE_H

#include "turn.h"

/* The house's bank of that name, NULL for one that is not (or no longer) configured. */
const struct house_bank *bank_named(const struct house *h, const char *name);

/* The key of the bank's name as people read it. */
const char *bank_name_key(const char *name);

/* Those that carry `amount`, in the owner's order, the ones that answer well before the others. Returns how many. */
size_t banks_for(struct turn *t, struct rial amount, const struct house_bank *out[HOUSE_MAX_BANKS]);

/* The most that one payment can carry at any of the house's banks. */
struct rial bank_cap(const struct house *h);

/* A bank opened a page, or it did not. After a few failures in a row it is offered last for a while. */
void bank_heard(struct turn *t, const char *name, bool well);
bool bank_is_well(struct turn *t, const char *name);

#endif
