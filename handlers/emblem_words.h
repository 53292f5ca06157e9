/* The safety emblem in words: who has it knows a true card, picture or page of ours from a false one. */
#ifndef SEPAREX_EMBLEM_WORDS_H
#define SEPAREX_EMBLEM_WORDS_H

#include "turn.h"

/* The first time that the person of the turn makes or joins a deal: an emblem is given to them, and a message of its
 * own invites to pick another. Does nothing for who has one, and nothing yet for who cannot be written to. */
void emblem_ensure(struct turn *t);

/* "🌙 Your sign: the moon" for a card, HTML on ctx; "" for who has none. */
const char *emblem_line(struct turn *t, const struct person *reader);

/* An emblem's name in a language, plain text on ctx; "" for a number that is no emblem. */
const char *emblem_name(struct turn *t, const char *language, int emblem);

#endif
