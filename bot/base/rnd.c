/* Randomness: see rnd.h. */
#include "rnd.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char code_letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

static void system_fill(void *arg, void *out, size_t n)
{
	(void)arg;
	randombytes_buf(out, n);
}

struct rnd rnd_system(void)
{
	if (sodium_init() < 0)
		abort();
	return (struct rnd){.fill = system_fill, .arg = NULL};
}

/* splitmix64: small, well spread, and the whole state is one word. */
static void seeded_fill(void *arg, void *out, size_t n)
{
	uint64_t *state = arg;
	unsigned char *p = out;

	while (n) {
		uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
		size_t take = n < sizeof z ? n : sizeof z;

		z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
		z ^= z >> 31;
		memcpy(p, &z, take);
		p += take;
		n -= take;
	}
}

struct rnd rnd_seeded(uint64_t *state)
{
	return (struct rnd){.fill = seeded_fill, .arg = state};
}

char *rnd_code(const void *ctx, const struct rnd *r, size_t n)
{
	const size_t letters = sizeof code_letters - 1;
	const unsigned char fair =
		(unsigned char)(256 / letters * letters); /* above it the remainder would be favoured */
	char *out = talloc_zero_size(ctx, n + 1);

	if (!out)
		abort();
	for (size_t i = 0; i < n;) {
		unsigned char byte;

		r->fill(r->arg, &byte, 1);
		if (byte < fair)
			out[i++] = code_letters[byte % letters];
	}
	return out;
}

char *rnd_token(const void *ctx, const struct rnd *r, size_t bytes)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t room = sodium_base64_encoded_len(bytes, variant);
	unsigned char *raw = talloc_size(ctx, bytes);
	char *out = talloc_size(ctx, room);

	if (!raw || !out)
		abort();
	r->fill(r->arg, raw, bytes);
	sodium_bin2base64(out, room, raw, bytes, variant);
	sodium_memzero(raw, bytes);
	talloc_free(raw);
	return out;
}
