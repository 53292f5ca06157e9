/* From an update to the handler that takes it: commands, buttons, and the step a person is at, all as const tables. */
#ifndef SEPAREX_ROUTES_H
#define SEPAREX_ROUTES_H

#include "turn.h"

/* Handles one update of a known person (t->update, t->me and t->talk are set). Queues an answer for every pressed
 * button. When t->failed is set afterwards, nothing of it may be kept; then routes_apologise is called in a clean turn.
 */
void routes_handle(struct turn *t);

/* Says that something went wrong on our side and that nothing was lost. */
void routes_apologise(struct turn *t);

#endif
