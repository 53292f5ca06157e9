/* Writing to somebody in private because somebody else asked for it. */
#ifndef SEPAREX_INVITE_H
#define SEPAREX_INVITE_H

#include "turn.h"

/* True when the person of the turn may have this person invited in private now, which then counts: each pair once a
 * day, each inviter a few times; never whom we cannot reach, who wants few messages, or when one blocked the other. */
bool invite_allowed(struct turn *t, const struct person *to);

#endif
