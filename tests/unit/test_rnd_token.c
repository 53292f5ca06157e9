/* What strangers must not guess: tokens of the system's randomness, and comparing with a secret. */
#include "tap.h"

#include "crypto.h"
#include "rnd.h"

#include <string.h>
#include <talloc.h>

enum { TOKENS = 2000, BYTES = 16, LETTERS = 22 /* 128 bits at 6 a letter */ };

/* Every place takes every letter that it can: 64, and 4 in the last (128 = 21 * 6 + 2). */
START_TEST(a_token_has_all_its_bits)
{
	struct rnd r = rnd_system();
	void *ctx = talloc_new(NULL);
	unsigned char seen[LETTERS][256] = {{0}};

	for (int i = 0; i < TOKENS; i++) {
		const char *token = rnd_token(ctx, &r, BYTES);

		ck_assert_uint_eq(strlen(token), LETTERS);
		for (size_t k = 0; k < LETTERS; k++)
			seen[k][(unsigned char)token[k]] = 1;
	}
	for (size_t k = 0; k < LETTERS; k++) {
		int letters = 0;

		for (int c = 0; c < 256; c++)
			letters += seen[k][c];
		ck_assert_int_eq(letters, k + 1 < LETTERS ? 64 : 4);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(the_same_and_nothing_else)
{
	ck_assert(crypto_same("", ""));
	ck_assert(crypto_same("abc", "abc"));
	ck_assert(!crypto_same("abc", "abd"));
	ck_assert(!crypto_same("abc", "ab"));
	ck_assert(!crypto_same("abc", "abcd"));
	ck_assert(!crypto_same("abc", ""));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("rnd_token");
	TCase *c = tcase_create("tokens");

	tcase_add_test(c, a_token_has_all_its_bits);
	tcase_add_test(c, the_same_and_nothing_else);
	suite_add_tcase(s, c);
	return tap_run(s);
}
