/* A code that came before it was said for which deal: the deals that wait for one, and pictures that wait with it. */
#ifndef SEPAREX_SHIP_WAIT_H
#define SEPAREX_SHIP_WAIT_H

#include "turn.h"

enum { SHIP_WAIT_MOST = 50, SHIP_LABEL_CODEPOINTS = 20 };

/* Deals in which it is the turn of the person of the turn to send goods (or to send them back); out holds
 * SHIP_WAIT_MOST.
 */
size_t ship_wait_list(struct turn *t, struct deal_file *out);

/* The person's own deal that is on its way with this code; false when there is none. */
bool ship_wait_known(struct turn *t, const char *code, struct deal_file *out);

/* Enters a step that waits for a choice, with the update's picture, if it has one that can be kept. `code` is what the
 * choice will name. */
void ship_wait_begin(struct turn *t, const char *step, const char *code);

/* One more picture of the same album (or a lone one after a lone one). False when the update has none, and is about
 * something else. */
bool ship_wait_add(struct turn *t);

/* The choice was made: what waited in this step with this code is kept as proof of this deal. False when nothing did.
 */
bool ship_wait_take(struct turn *t, const struct deal_file *f, const char *step, const char *code);

#endif
