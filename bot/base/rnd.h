/* Randomness as a value, so that a simulator can replace it. */
#ifndef SEPAREX_RND_H
#define SEPAREX_RND_H

#include <stddef.h>
#include <stdint.h>

struct rnd {
	void (*fill)(void *arg, void *out, size_t n);
	void *arg;
};

/* The system's cryptographic source (libsodium). Ends the process when libsodium cannot start. */
struct rnd rnd_system(void);

/* A repeatable source for tests and the simulator. `state` stays the caller's and must outlive the result. */
struct rnd rnd_seeded(uint64_t *state);

/* A text of `n` characters from an alphabet of 31 without look-alikes (no 0 O 1 I L), upper case: deal codes.
 * talloc'd on ctx. */
char *rnd_code(const void *ctx, const struct rnd *r, size_t n);

/* An unguessable URL-safe text from `bytes` random bytes (16 bytes give 22 characters of A-Za-z0-9_-). talloc'd on ctx.
 */
char *rnd_token(const void *ctx, const struct rnd *r, size_t bytes);

#endif
