/* Beginning a deal in private, also for who read an ad. */
#ifndef SEPAREX_DEAL_NEW_H
#define SEPAREX_DEAL_NEW_H

#include "deal_draft.h"

enum { NEW_MAX_CHOICES = 5 };

/* Asks for the price of what is known so far and enters the step that waits for it; `choices` are prices that were
 * found, as buttons, at most NEW_MAX_CHOICES. */
void new_ask_price(struct turn *t, const struct draft *d, const struct rial *choices, size_t n);

/* Makes the draft, ends the step and shows it. */
void new_make(struct turn *t, const struct draft *d, bool doubtful);

/* An ad, or one line with a price, that belongs to no step: becomes a draft. True when it was one. */
bool offer_by_words(struct turn *t);

#endif
