/* Codes cannot be found by trying: wrong ones of one person, at whichever door, are counted together. */
#ifndef SEPAREX_GUESS_H
#define SEPAREX_GUESS_H

#include "turn.h"

/* False when the person of the turn gave too many wrong codes in this hour: then no code is looked up for them. */
bool guess_allowed(struct turn *t);

/* One more wrong code. Returns what to say: `html`, or, when there were too many, that there were. */
const char *guess_wrong(struct turn *t, const char *html);

#endif
