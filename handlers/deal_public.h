/* The public card of a deal that began where others read: in a group, or in a chat where the bot is no member. It says
 * what is offered and how far it is, and no private fact. */
#ifndef SEPAREX_DEAL_PUBLIC_H
#define SEPAREX_DEAL_PUBLIC_H

#include "turn.h"

/* Posts it to the group where the deal began (in the topic of the update, if that is where it came from). */
void deal_public_post(struct turn *t, const struct deal_file *f);

/* Draws the group's and the inline card again, where there are any. */
void deal_public_redraw(struct turn *t, const struct deal_file *f);

/* The card's text, HTML on ctx, in the language of the person of the offer. */
const char *deal_public_text(struct turn *t, const struct deal_file *f);

/* Its last line or two, how far the deal is, in the language of the reader. */
const char *deal_public_progress(struct turn *t, const struct deal_file *f, const struct person *reader);

#endif
