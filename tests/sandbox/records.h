/* What the bot did: calls counted by method, and everything that was refused, so that a test can assert there was
 * nothing. */
#ifndef SANDBOX_RECORDS_H
#define SANDBOX_RECORDS_H

#include "methods.h"
#include "world.h"

enum { RECORDS_MAX = 200 };

/* A violation breaks the Bot API's contract: a mistake of the program. A refusal follows from the state of the world
 * (blocked, deleted, not modified, too late) and can happen to a correct program. */
enum refusal { REFUSED_VIOLATION, REFUSED_STATE };

struct records *records_new(void *ctx);
void records_free(struct world *w);
void records_count(struct world *w, const struct method *m);
void records_refused(struct world *w, enum refusal kind, const char *method, int code, const char *description,
		     const json_t *params);

/* Adds "calls", "violations", "refusals" and their totals to a state object. */
void records_state(const struct world *w, json_t *state);

#endif
