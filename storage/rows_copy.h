/* The rows of one table from one store to another, value by value, and what proves that they arrived. */
#ifndef SEPAREX_ROWS_COPY_H
#define SEPAREX_ROWS_COPY_H

#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROWS_SUM_WORDS = 4 };

/* What a table holds, in whatever order its rows come: how many, and the sum (modulo 2^256) of each row's SHA-256, over
 * the names, kinds, lengths and bytes of its values. */
struct rows_sum {
	int64_t rows;
	uint64_t sum[ROWS_SUM_WORDS];
};

/* Puts every row of `table` into the table of that name and these columns at `to`, and sums up what was read. Memory
 * holds a few rows. `table` must be there on both sides. False and why in `e`; the transaction of `to` cannot be kept
 * then. */
bool rows_copy(struct db_tx *from, struct db_tx *to, const char *table, struct rows_sum *sum, struct err *e);

/* Sums up what is in a table. False and why in `e`. */
bool rows_read(struct db_tx *tx, const char *table, struct rows_sum *sum, struct err *e);

bool rows_same(const struct rows_sum *a, const struct rows_sum *b);

#endif
