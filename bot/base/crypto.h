/* Hashes, from libsodium. */
#ifndef SEPAREX_CRYPTO_H
#define SEPAREX_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

enum { SHA256_BYTES = 32, SHA256_HEX_BYTES = 65 };

/* Lower-case hex of SHA-256, NUL-terminated. */
void sha256_hex(const void *bytes, size_t n, char out[SHA256_HEX_BYTES]);

/* The 32 bytes themselves. */
void sha256_raw(const void *bytes, size_t n, unsigned char out[SHA256_BYTES]);

/* Whether two texts are the same, in a time that does not tell where they differ: for comparing with a secret. */
bool crypto_same(const char *secret, const char *said);

#endif
