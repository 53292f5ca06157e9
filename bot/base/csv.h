/* Foreign tables of text: a bank's statement, a bank's results. RFC 4180, with comma, semicolon or tab as the header
 * shows, any line end, and a byte order mark or none. Strict and bounded: what does not fit is an error that names its
 * line. */
#ifndef SEPAREX_CSV_H
#define SEPAREX_CSV_H

#include "buf.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_MAX_BYTES = 16 << 20, CSV_MAX_COLUMNS = 64, CSV_MAX_FIELD_BYTES = 4096, CSV_MAX_ROWS = 200000 };

struct csv;

/* Reads the header of `n` bytes, which must outlive the result. Freed with ctx. NULL, and what is wrong in `e`, when
 * there is no header, a name stands twice, or a limit is passed. */
struct csv *csv_open(void *ctx, const char *bytes, size_t n, struct err *e);

/* Whether the header has that column, in any case of Latin letters. */
bool csv_has(const struct csv *c, const char *column);

/* Steps to the next row; blank lines are skipped. False at the end, and false with a text in `e` when the row is
 * malformed. */
bool csv_next(struct csv *c, struct err *e);

/* A field of the present row, trimmed; "" for a column that is not there. Valid until the next step. */
const char *csv_get(const struct csv *c, const char *column);

/* The line where the present row begins, from 1. */
size_t csv_line(const struct csv *c);

/* Adds one field to a row being written: quoted where needed, and never taken for a formula by a spreadsheet. `first`:
 * no comma before it. End a row with "\r\n". */
void csv_put(struct buf *b, bool first, const char *field);

#endif
