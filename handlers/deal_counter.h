/* What a proposal changes, for the card that shows it. */
#ifndef SEPAREX_DEAL_COUNTER_H
#define SEPAREX_DEAL_COUNTER_H

#include "turn.h"

/* The terms before a counter-offer as the note of its history row, and back. */
const char *terms_note(const void *ctx, const struct deal_terms *terms);
bool terms_of_note(const char *note, struct deal_terms *out);

/* Who pays the carrier, as a key. */
const char *carriage_key(enum ship_payer payer);

/* A line for each item that differs, and for what the reader in that seat pays or gets, "before → after", HTML on ctx;
 * "" when nothing does. */
const char *terms_changes(struct turn *t, const struct person *reader, enum role role, const struct deal_terms *before,
			  const struct deal_terms *after);

#endif
