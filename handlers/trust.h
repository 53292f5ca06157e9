/* What a person can go by: who we are, what we take, and whose name is not what it looks like. */
#ifndef SEPAREX_TRUST_H
#define SEPAREX_TRUST_H

#include "turn.h"

/* The highest rate of our fee ("1%", "0.75%"), plain text on ctx. */
const char *fee_percent(struct turn *t, const char *language);

/* One line about us above the first card of somebody who came by a deal's link, HTML on ctx; "" for who has had another
 * deal. */
const char *newcomer_line(struct turn *t);

/* A line of warning about `other`'s name for `reader`'s card, HTML on ctx, "" for none: it looks like us or our staff,
 * mixes scripts, or is new today. The gravest only. */
const char *name_warning(struct turn *t, const struct person *reader, const struct person *other);

/* True for a name, a user name or any text that says or imitates our name in one of its words. */
bool says_our_name(struct turn *t, const char *text);

/* A receipt's link "r_CODE" was opened: answers whether it is true, as /check does. */
void check_receipt_code(struct turn *t, const char *code);

#endif
