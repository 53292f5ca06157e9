/* Names that are made to be taken for another: Unicode's confusable letters (UTS #39), and Persian spelling beside it.
 */
#ifndef SEPAREX_LOOK_ALIKE_H
#define SEPAREX_LOOK_ALIKE_H

#include <stdbool.h>

/* True when two names or user names look the same to a hasty reader and are not the same bytes: letter case, I l 1, O
 * 0, Cyrillic and Greek letters, accents, Arabic and Persian forms of a letter, digits of any script, blanks,
 * underscores and invisible characters make no difference. Both are cleaned by safe_name first. Symmetric. Names of
 * which nothing readable remains are like nothing. Telegram's user names know no letter case: compare those without it
 * before. */
bool look_alike(const char *a, const char *b);

/* What of a name looks like another's, on ctx: for one name that is compared with many. NULL for a name of which
 * nothing readable remains. It takes some microseconds and kilobytes. */
struct look;
struct look *look_of(const void *ctx, const char *name);
/* True when both look the same, or are the same; false for NULL. */
bool looks_same(const struct look *a, const struct look *b);

/* True when one word of the name holds letters of two scripts that look alike (Latin, Cyrillic, Greek and their kin).
 * Persian and Latin together are ordinary. */
bool mixed_script(const char *name);

#endif
