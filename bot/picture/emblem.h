/* The safety emblems: a person picks one, and it is on every true card, picture and page of theirs. */
#ifndef SEPAREX_EMBLEM_H
#define SEPAREX_EMBLEM_H

enum { EMBLEM_COUNT = 16 };

/* The emblem's sign in a text message, emblem 1 to EMBLEM_COUNT; "" for any other number. Numbers are stored with
 * people: only add, never reorder. Names are in locales under emblem.1 to emblem.16. */
const char *emblem_sign(int emblem);

#endif
