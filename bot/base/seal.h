/* Sealing what is private before it reaches the disk: XChaCha20-Poly1305 from libsodium, with the column's name bound
 * to each text, so that a sealed value cannot be moved into another column. Keys come from a file; the newest seals,
 * all open. */
#ifndef SEPAREX_SEAL_H
#define SEPAREX_SEAL_H

#include "err.h"
#include "rnd.h"

#include <stdbool.h>

enum { SEAL_MAX_KEYS = 16, SEAL_MAX_TEXT_BYTES = 4096 };

struct seal;

/* Reads the keys of a file ("KEYID HEX" a line, the newest last). With `create`, a file that is not there is made,
 * readable by its owner alone, with one fresh key. NULL with what to do in `e`: the file is missing, malformed, or
 * others can read it. On ctx; the keys are wiped when it is freed. */
struct seal *seal_open(void *ctx, const char *path, bool create, const struct rnd *rnd, struct err *e);

/* Adds a fresh key to the file, on the disk when this returns true, and to the ring. */
bool seal_add_key(struct seal *s, const char *path, const struct rnd *rnd, struct err *e);
/* Leaves only the newest key in the file and the ring. */
bool seal_drop_old_keys(struct seal *s, const char *path, struct err *e);

/* The name of the newest key; whether the ring has a key of that name. */
const char *seal_newest(const struct seal *s);
bool seal_has(const struct seal *s, const char *key_id);

/* "s1:KEYID:BASE64" on ctx; "" for "". */
char *seal_text(void *ctx, const struct seal *s, const struct rnd *rnd, const char *column, const char *text);
/* The text on ctx; NULL when no key of ours opens it, or it was changed. What is not sealed (an older store) comes back
 * as it is. */
char *seal_read(void *ctx, const struct seal *s, const char *column, const char *sealed);
bool seal_is_sealed(const char *text);

#endif
