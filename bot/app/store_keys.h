/* The keys under which the store keeps what is private. */
#ifndef SEPAREX_STORE_KEYS_H
#define SEPAREX_STORE_KEYS_H

#include "config.h"
#include "db.h"
#include "rnd.h"

/* Opens store.key_file (makes it for a store that has no sealed texts yet), gives its keys to the store, and seals what
 * an older program left plain. False with what to do in `e`: above all when the keys of this store are missing. The
 * keys live on ctx, as long as the store; `rnd` too. */
bool store_keys_open(void *ctx, struct db *db, const struct config *c, const struct rnd *rnd, struct err *e);

/* The name of the key that sealed last, on ctx; "" when nothing is sealed. False and why in `e`. */
bool store_keys_last(void *ctx, struct db *db, const char **id, struct err *e);

/* True when the file store.key_file opens what is sealed in this store; makes and changes nothing. */
bool store_keys_fit(struct db *db, const struct config *c, const struct rnd *rnd, struct err *e);

/* `separex rotate-key`: a new key into the file, then everything under it. A stop at any moment leaves keys that open
 * all; the next call goes on. `drop_old`: afterwards only the new key stays in the file. The exit code. */
int store_keys_rotate(const struct config *c, bool drop_old);

#endif
