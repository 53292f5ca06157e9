/* What the operators' group sees of a deal. */
#ifndef SEPAREX_STAFF_CARD_H
#define SEPAREX_STAFF_CARD_H

#include "turn.h"

enum { STAFF_STORY_BYTES = 1500 }; /* of each side's words on the card, which with both must fit into one message */

/* The deal's file in the operators' group: facts, both stories, and the buttons that its state allows; a fresh message
 * or the newest one drawn again. Nothing when no group is configured. */
void staff_card(struct turn *t, const struct deal_file *f, bool fresh);

/* One piece of a story, as it was shown, with who shows it, what for and when. */
void staff_show(struct turn *t, const struct deal_file *f, const struct evidence *e);

/* One line about a deal that a person must look at. `key` takes {{title}} and {{code}}. */
void staff_alarm(struct turn *t, const struct deal_file *f, const char *key);

/* Tells the group what somebody of them did about a deal: `what` names staff.what.WHAT (up to a "-"). */
void staff_says(struct turn *t, const struct deal_file *f, const char *key, const char *what);

#endif
