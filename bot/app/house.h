/* The house (handlers/turn.h) as the configuration wants it. */
#ifndef SEPAREX_HOUSE_H
#define SEPAREX_HOUSE_H

#include "config.h"
#include "err.h"
#include "turn.h"

enum { APP_MAX_GATEWAYS = HOUSE_MAX_BANKS + 2 }; /* with the one that pays out, and the one that knows people */

/* Fills everything but the bot's username. Texts are loaded on ctx. False and why in `e`. */
bool house_open(void *ctx, const struct config *config, struct house *out, struct err *e);

/* Adds a bank that takes payments, after those that are there: call it in the owner's order. */
void house_add_bank(struct house *h, const struct config *c, const struct gateway *g);

#endif
