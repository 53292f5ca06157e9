/* Statements of our accounts, as CSV: each row of a file is taken into the store (statement.h), once. */
#ifndef SEPAREX_STATEMENTS_H
#define SEPAREX_STATEMENTS_H

#include "app.h"
#include "buf.h"
#include "csv.h"

/* Whether the header has the columns that the configuration names. */
bool statements_columns(const struct config *c, const struct csv *csv, struct err *e);

/* Takes all rows, each in its own transaction, and writes to the report what came of each. */
void statements_take(struct app *a, const char *account, struct csv *csv, struct buf *report, int64_t now_ms);

/* A sum in rial: "1,200,000", in any script; "-" before or behind makes it negative, an empty field is 0. False for
 * what is none. */
bool statements_amount(void *ctx, const char *field, int64_t *out);

/* A date of either calendar with any marks between, or its eight digits, as a day since 1970-01-01; 0 for what is none.
 * `ctx` is for scratch. */
int64_t statements_day(void *ctx, const char *text);

/* Open rows that are known by now. */
void statements_match_open(struct app *a, struct db_tx *tx, int64_t now_ms);

#endif
