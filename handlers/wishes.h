/* What a person wishes to hear, and what they agreed to: for whoever speaks or acts on their behalf. */
#ifndef SEPAREX_WISHES_H
#define SEPAREX_WISHES_H

#include "turn.h"

enum { TERMS_VERSION = 1 }; /* of the terms of use: grows with every change of their text */

/* True between the hours that the person wants quiet, in Tehran: what can wait then comes without a sound. */
bool quiet_now(const struct person *p, int64_t now_ms);

/* The moment itself, or the end of the quiet hours that it is in. */
int64_t quiet_until(const struct person *p, int64_t now_ms);

/* "By going on you accept the terms of use", HTML on the turn's ctx, in the reader's language; "" for somebody who has
 * accepted the version in force. */
const char *terms_notice(struct turn *t, const struct person *reader);

/* The person of the turn agrees to a deal or publishes one, and by that accepts the terms of use: noted once for each
 * version. */
void terms_accept_by_acting(struct turn *t);

#endif
