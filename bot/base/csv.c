/* CSV: see csv.h. */
#include "csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

struct csv {
	const char *at, *end;
	char divider;
	size_t line, row_line, rows;
	size_t n_names, n_fields;
	char *names[CSV_MAX_COLUMNS];
	char fields[CSV_MAX_COLUMNS][CSV_MAX_FIELD_BYTES + 1];
};

static bool wrong(const struct csv *c, struct err *e, const char *what)
{
	return err_set(e, "line %zu: %s", c->row_line, what);
}

static bool at_end_of_row(const struct csv *c)
{
	return c->at == c->end || *c->at == '\n' || *c->at == '\r';
}

static bool take(struct csv *c, char *field, size_t *n, struct err *e)
{
	if (*n == CSV_MAX_FIELD_BYTES)
		return wrong(c, e, "a field is too long");
	if (*c->at == '\0')
		return wrong(c, e, "a zero byte stands in it; save the file as text (CSV, UTF-8)");
	c->line += *c->at == '\n';
	field[(*n)++] = *c->at++;
	return true;
}

static bool quoted_field(struct csv *c, char *field, size_t *n, struct err *e)
{
	c->at++;
	for (;;) {
		if (c->at == c->end)
			return wrong(c, e, "a quotation mark is never closed");
		if (*c->at == '"' && (c->at + 1 == c->end || c->at[1] != '"'))
			break;
		c->at += *c->at == '"';
		if (!take(c, field, n, e))
			return false;
	}
	c->at++;
	if (!at_end_of_row(c) && *c->at != c->divider)
		return wrong(c, e, "something stands behind a closed quotation mark");
	return true;
}

static void trim(char *field, size_t n)
{
	size_t from = 0;

	while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\t'))
		n--;
	while (from < n && (field[from] == ' ' || field[from] == '\t'))
		from++;
	memmove(field, field + from, n - from);
	field[n - from] = '\0';
}

static bool read_field(struct csv *c, struct err *e)
{
	char *field;
	size_t n = 0;

	if (c->n_fields == CSV_MAX_COLUMNS)
		return wrong(c, e, "too many columns");
	field = c->fields[c->n_fields];
	if (c->at < c->end && *c->at == '"') {
		if (!quoted_field(c, field, &n, e))
			return false;
	} else {
		while (!at_end_of_row(c) && *c->at != c->divider)
			if (!take(c, field, &n, e))
				return false;
	}
	trim(field, n);
	c->n_fields++;
	return true;
}

static void skip_line_end(struct csv *c)
{
	if (c->at < c->end && *c->at == '\r')
		c->at++;
	if (c->at < c->end && *c->at == '\n')
		c->at++;
	c->line++;
}

/* One row into `fields`. */
static bool read_row(struct csv *c, struct err *e)
{
	c->n_fields = 0;
	c->row_line = c->line;
	for (;;) {
		if (!read_field(c, e))
			return false;
		if (at_end_of_row(c))
			break;
		c->at++;
	}
	if (c->at < c->end)
		skip_line_end(c);
	return true;
}

static void skip_blank_lines(struct csv *c)
{
	while (c->at < c->end && (*c->at == '\r' || *c->at == '\n'))
		skip_line_end(c);
}

/* Whichever of the three stands most often in the first line. */
static char find_divider(const struct csv *c)
{
	size_t count[3] = {0}, most = 0;

	for (const char *p = c->at; p < c->end && *p != '\n' && *p != '\r'; p++)
		for (size_t i = 0; i < 3; i++)
			count[i] += *p == ",;\t"[i];
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[most])
			most = i;
	return ",;\t"[most];
}

static bool take_names(struct csv *c, struct err *e)
{
	for (size_t i = 0; i < c->n_fields; i++) {
		for (size_t j = 0; j < i; j++)
			if (c->fields[i][0] && !strcasecmp(c->names[j], c->fields[i]))
				return wrong(c, e, "the same name stands over two columns");
		c->names[i] = talloc_strdup(c, c->fields[i]);
		if (!c->names[i])
			abort();
	}
	c->n_names = c->n_fields;
	return true;
}

struct csv *csv_open(void *ctx, const char *bytes, size_t n, struct err *e)
{
	struct csv *c = talloc_zero(ctx, struct csv);

	if (!c)
		abort();
	c->at = bytes;
	c->end = bytes + n;
	c->line = c->row_line = 1;
	if (n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3))
		c->at += 3;
	skip_blank_lines(c);
	c->divider = find_divider(c);
	if (n > CSV_MAX_BYTES)
		wrong(c, e, "the file is too large");
	else if (c->at == c->end)
		wrong(c, e, "the file is empty");
	else if (read_row(c, e) && take_names(c, e))
		return c;
	talloc_free(c);
	return NULL;
}

static size_t column_of(const struct csv *c, const char *column)
{
	for (size_t i = 0; i < c->n_names; i++)
		if (!strcasecmp(c->names[i], column))
			return i;
	return CSV_MAX_COLUMNS;
}

bool csv_has(const struct csv *c, const char *column)
{
	return column_of(c, column) < CSV_MAX_COLUMNS;
}

bool csv_next(struct csv *c, struct err *e)
{
	skip_blank_lines(c);
	if (c->at == c->end)
		return false;
	if (++c->rows > CSV_MAX_ROWS)
		return wrong(c, e, "the file has too many rows");
	if (!read_row(c, e))
		return false;
	if (c->n_fields != c->n_names)
		return wrong(c, e, "it has not as many fields as the header");
	return true;
}

const char *csv_get(const struct csv *c, const char *column)
{
	size_t i = column_of(c, column);

	return i < c->n_fields ? c->fields[i] : "";
}

size_t csv_line(const struct csv *c)
{
	return c->row_line;
}

void csv_put(struct buf *b, bool first, const char *field)
{
	bool formula = field[0] && strchr("=+-@\t\r", field[0]) && strspn(field, "-0123456789") != strlen(field);
	bool quotes = formula || strpbrk(field, ",;\"\r\n\t") != NULL;

	if (!first)
		buf_putc(b, ',');
	if (!quotes) {
		buf_puts(b, field);
		return;
	}
	buf_putc(b, '"');
	if (formula)
		buf_putc(b, '\'');
	for (const char *p = field; *p; p++) {
		if (*p == '"')
			buf_putc(b, '"');
		buf_putc(b, *p);
	}
	buf_putc(b, '"');
}
