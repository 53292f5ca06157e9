/* Opening the link of a ready card that was sent by inline mode. */
#ifndef SEPAREX_DEAL_INLINE_H
#define SEPAREX_DEAL_INLINE_H

#include "turn.h"

/* A link "i_CODE" was opened: the deal is made if it is not yet, in the name of who sent the card, and joined. */
void join_by_inline(struct turn *t, const char *code);

#endif
