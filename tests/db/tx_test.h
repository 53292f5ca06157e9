/* A test whose body is one transaction on the book's store: TX_TEST(name) { … return DB_DONE; } */
#ifndef SEPAREX_TX_TEST_H
#define SEPAREX_TX_TEST_H

#include "book_fixture.h"

#define TX_TEST(name)                                                                                                  \
	static enum db_result name##_body(struct db_tx *tx, void *arg);                                                \
	START_TEST(name)                                                                                               \
	{                                                                                                              \
		ck_assert_int_eq(db_tx(db, #name, name##_body, NULL), DB_DONE);                                        \
	}                                                                                                              \
	END_TEST                                                                                                       \
	static enum db_result name##_body(struct db_tx *tx, __attribute__((unused)) void *arg)

static inline void in_case(Suite *suite, const char *name, const TTest *const *tests, size_t n)
{
	TCase *c = tcase_create(name);

	tcase_add_checked_fixture(c, book_open, book_close);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(c, tests[i]);
	suite_add_tcase(suite, c);
}

#define CASE(suite, name, ...)                                                                                         \
	do {                                                                                                           \
		const TTest *const tests[] = {__VA_ARGS__};                                                            \
		in_case(suite, name, tests, sizeof tests / sizeof *tests);                                             \
	} while (0)

#endif
