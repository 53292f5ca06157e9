/* What is done once a day, and once an hour. */
#ifndef SEPAREX_DAILY_H
#define SEPAREX_DAILY_H

#include "app.h"

/* At books.proof_hour of Tehran's day: looks again for what open rows of statements are, and posts the proof of the
 * books. Each hour: looks for payouts that wait too long. When to be called next, in ms since 1970. */
int64_t daily_step(struct app *a, int64_t now_ms);

#endif
