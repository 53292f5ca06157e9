/* Beginning a deal in a group: for one person there, or for whoever reads it. */
#ifndef SEPAREX_DEAL_GROUP_H
#define SEPAREX_DEAL_GROUP_H

#include "turn.h"

/* "/sell iPhone 25m", alone, in reply to somebody's message, or with @name: the card goes to the group at once. */
void group_offer(struct turn *t, enum role seat, const char *line);

/* "/deal" with a line, or in reply to an ad, or with @name. */
void group_deal(struct turn *t, const char *line);

/* Whom a published offer was made for hears of it in private too, if they ever spoke to us. */
void group_tell_target(struct turn *t, const struct deal_file *f);

#endif
