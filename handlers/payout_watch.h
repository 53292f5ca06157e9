/* Money on its way out that waits too long: said in the operators' group, so that no promise is broken by forgetting.
 */
#ifndef SEPAREX_PAYOUT_WATCH_H
#define SEPAREX_PAYOUT_WATCH_H

#include "turn.h"

/* Says what waits for a file or for the bank's word too long; every few hours the same again while it does. */
void payout_watch(struct turn *t);

#endif
