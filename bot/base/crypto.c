/* Hashes: see crypto.h. */
#include "crypto.h"

#include <sodium.h>
#include <string.h>

static void to_hex(const unsigned char *raw, size_t n, char *out)
{
	sodium_bin2hex(out, n * 2 + 1, raw, n);
}

void sha256_hex(const void *bytes, size_t n, char out[SHA256_HEX_BYTES])
{
	unsigned char raw[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(raw, bytes, n);
	to_hex(raw, sizeof raw, out);
}

void sha256_raw(const void *bytes, size_t n, unsigned char out[SHA256_BYTES])
{
	crypto_hash_sha256(out, bytes, n);
}

/* Their hashes are compared, so that neither the length nor the first difference shows. */
bool crypto_same(const char *secret, const char *said)
{
	unsigned char a[crypto_hash_sha256_BYTES], b[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(a, (const unsigned char *)secret, strlen(secret));
	crypto_hash_sha256(b, (const unsigned char *)said, strlen(said));
	return sodium_memcmp(a, b, sizeof a) == 0;
}
