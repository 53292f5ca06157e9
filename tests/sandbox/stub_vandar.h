/* A stub of Vandar: payouts and identity checks below /vandar of the sandbox's port. docs/sandbox.md tells how to use
 * it. */
#ifndef SANDBOX_STUB_VANDAR_H
#define SANDBOX_STUB_VANDAR_H

#include "world.h"

struct vandar *vandar_new(void *ctx);

/* Serves /vandar/…. */
void vandar_serve(struct world *w, struct request *r);
/* POST /sim/vandar. */
void vandar_act(struct world *w, struct request *r);
/* Adds "vandar" to a state object. */
void vandar_state(struct world *w, json_t *state);

#endif
