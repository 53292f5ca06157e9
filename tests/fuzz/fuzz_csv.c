/* A bank's table, whatever it is: it is read or refused with its line, and what csv_put writes of it reads the same. */
#include "csv.h"
#include "fuzz.h"
#include "statements.h"

enum { OUT_BYTES = 8 << 20, ROWS_MOST = 50 };

static const char *const columns[] = {"date", "credit", "debit", "words", "track", "state", "A", "b", "c", "1"};

/* The row as it is written for others, read again. A field that a spreadsheet would take for a formula is given a "'"
 * before it. */
static void written_holds(void *ctx, const struct csv *csv)
{
	struct buf *out = buf_new(ctx, OUT_BYTES);
	struct err e = {""};
	struct csv *again;

	buf_puts(out, "date,credit,debit,words,track,state,A,b,c,1\r\n");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		csv_put(out, i == 0, csv_get(csv, columns[i]));
	buf_puts(out, "\r\n");
	again = csv_open(ctx, out->data, out->len, &e);
	HOLDS(again != NULL, "%s", e.text);
	if (!csv_next(again, &e))
		HOLDS(!e.text[0], "%s: %s", e.text, out->data);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const char *was = csv_get(csv, columns[i]), *is = csv_get(again, columns[i]);
		bool formula = was[0] && strchr("=+-@\t\r", was[0]);

		HOLDS(!strcmp(was, is) || (formula && is[0] == '\'' && !strcmp(was, is + 1)), "%s became %s", was, is);
		HOLDS(!is[0] || !strchr("=+@", is[0]), "%s", is);
	}
}

static void row_holds(void *ctx, const struct csv *csv, size_t line_before, size_t size)
{
	HOLDS(csv_line(csv) > line_before && csv_line(csv) <= size + 1, "%zu", csv_line(csv));
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const char *field = csv_get(csv, columns[i]);
		size_t n = strlen(field);
		int64_t rial = 0;

		HOLDS(n <= CSV_MAX_FIELD_BYTES, "%zu", n);
		HOLDS(!n || (field[0] != ' ' && field[n - 1] != ' '), "%s", field);
		HOLDS(!n || csv_has(csv, columns[i]), "%s", columns[i]);
		if (statements_amount(ctx, field, &rial))
			HOLDS(rial > INT64_C(-100000000000000000) && rial < INT64_C(100000000000000000), "%s", field);
		statements_day(ctx, field);
	}
	written_holds(ctx, csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL), *row;
	char *bytes = talloc_memdup(ctx, data, size ? size : 1);
	struct err e = {""};
	struct csv *csv = csv_open(ctx, bytes, size, &e);
	size_t line = 0;

	HOLDS(csv || e.text[0], " ");
	for (int i = 0; csv && i < ROWS_MOST && csv_next(csv, &e); i++) {
		row = talloc_new(ctx);
		row_holds(row, csv, line, size);
		line = csv_line(csv);
		talloc_free(row);
	}
	talloc_free(ctx);
	return 0;
}
