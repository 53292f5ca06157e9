/* Vandar's two tokens: renewed every day and at once when one has run out, and kept in the store before they are used.
 * The access token lives 5 days and the refresh token 10, and each renewal changes both (rails.md 3.3). */
#ifndef SEPAREX_VANDAR_KEYS_H
#define SEPAREX_VANDAR_KEYS_H

#include "app.h"

/* Takes the tokens of the store, or those of the configuration when they are newer: the owner wrote others there. */
void vandar_keys_start(struct app *a, struct db_tx *tx);

/* Asks for new ones when it is time. When to be called next, in ms since 1970. */
int64_t vandar_keys_step(struct app *a, int64_t now_ms);

/* The present access token was refused: asks at once, but not more often than once a minute. */
void vandar_keys_refused(struct app *a, int64_t now_ms);

/* The answer to that. */
void vandar_keys_answer(struct app *a, const struct http_event *event, int64_t now_ms);

#endif
