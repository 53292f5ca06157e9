/* Hashes and keyed tags: see crypto.h. */
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

void hmac_hex(const char *key, const char *text, char out[SHA256_HEX_BYTES])
{
	unsigned char raw[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, (const unsigned char *)key, strlen(key));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&st, raw);
	to_hex(raw, sizeof raw, out);
}

bool secret_equal(const char *a, const char *b)
{
	size_t n;

	if (!a || !b)
		return false;
	n = strlen(a);
	return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}
