/* Hashes and keyed tags, all from libsodium. */
#ifndef SEPAREX_CRYPTO_H
#define SEPAREX_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

enum { SHA256_HEX_BYTES = 65 };

/* Lower-case hex of SHA-256, NUL-terminated. */
void sha256_hex(const void *bytes, size_t n, char out[SHA256_HEX_BYTES]);

/* Lower-case hex of HMAC-SHA-256 over `text` with `key` (any length), NUL-terminated. */
void hmac_hex(const char *key, const char *text, char out[SHA256_HEX_BYTES]);

/* Compares two texts without telling by its time where they differ. NULL equals nothing. */
bool secret_equal(const char *a, const char *b);

#endif
