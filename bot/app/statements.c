/* Statements of our accounts: see statements.h. */
#include "statements.h"

#include "jalali.h"
#include "safe_name.h"
#include "statement.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { KEY_BYTES = 160, WORDS_CODEPOINTS = 300, OPEN_MOST = 2000, AMOUNT_DIGITS = 17 };

static const char persian_comma[] = "\u066c";

static struct statement_rules rules_of(const struct config *c)
{
	return (struct statement_rules){c->statement.clearing.items, c->statement.clearing.n, c->statement.cost.items,
					c->statement.cost.n};
}

/* "1,200,000", in any script; "-" before or behind makes it negative. An empty field is 0. */
static bool read_amount(void *ctx, const char *field, int64_t *out)
{
	const char *text = digits_fold(ctx, field);
	char digits[AMOUNT_DIGITS + 1];
	bool minus = false;
	size_t n = 0;

	for (; *text; text++) {
		if (*text == '-')
			minus = true;
		else if (*text >= '0' && *text <= '9' && n < AMOUNT_DIGITS)
			digits[n++] = *text;
		else if (!strncmp(text, persian_comma, sizeof persian_comma - 1))
			text += sizeof persian_comma - 2;
		else if (*text != ',' && *text != ' ')
			return false;
	}
	digits[n] = '\0';
	*out = (minus ? -1 : 1) * strtoll(n ? digits : "0", NULL, 10);
	return true;
}

int64_t statements_day(void *ctx, const char *field)
{
	const char *text = digits_fold(ctx, field);
	char *end;
	long year = strtol(text, &end, 10), month, day;
	int64_t n = 0;

	if (year > 9999999) {
		day = year % 100;
		month = year / 100 % 100;
		year /= 10000;
	} else if (*end) {
		month = strtol(end + 1, &end, 10);
		day = *end ? strtol(end + 1, NULL, 10) : 0;
	} else {
		return 0;
	}
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	if (year < 1700) {
		n = jalali_day((int)year, (int)month, (int)day);
		return n > 0 ? n : 0;
	}
	return bank_day_of_date((int)year, (int)month, (int)day, &n) ? n : 0;
}

/* NULL when a column of it is empty: rows without a name would be taken for one another. Of the two columns of sums one
 * always is. */
static const char *key_of(void *ctx, const struct config *c, const struct csv *csv)
{
	char *key = talloc_strdup(ctx, "");

	for (size_t i = 0; i < c->statement.key.n; i++) {
		const char *column = c->statement.key.items[i], *field = csv_get(csv, column);

		if (!*field && strcasecmp(column, c->statement.credit) && strcasecmp(column, c->statement.debit))
			return NULL;
		key = talloc_asprintf_append(key, "%s%s", i ? "|" : "", field);
	}
	return strlen(key) <= KEY_BYTES ? digits_fold(ctx, key) : NULL;
}

static bool read_row(void *ctx, const struct config *c, const struct csv *csv, struct statement_row *row, struct err *e)
{
	int64_t credit = 0, debit = 0;
	const char *one = c->statement.amount;

	row->key = key_of(ctx, c, csv);
	row->day = statements_day(ctx, csv_get(csv, c->statement.date));
	row->words = safe_text(ctx, csv_get(csv, c->statement.words), WORDS_CODEPOINTS, false);
	if (!row->key)
		return err_set(e, "a column that names a row (statement.key) is empty, or they are too long");
	if (!read_amount(ctx, csv_get(csv, *one ? one : c->statement.credit), &credit) ||
	    (!*one && !read_amount(ctx, csv_get(csv, c->statement.debit), &debit)))
		return err_set(e, "its sum cannot be read");
	row->amount_rial = *one ? credit : llabs(credit) - llabs(debit);
	if (!row->amount_rial)
		return err_set(e, "it moves nothing");
	return true;
}

static const char *const said[] = {
	[STATEMENT_SAID_PAYMENT] = "a payment of ours",
	[STATEMENT_SAID_SETTLEMENT] = "a payout or refund of ours",
	[STATEMENT_SAID_CLEARING] = "handed over by a gateway; booked",
	[STATEMENT_SAID_COST] = "a fee of the bank; booked",
	[STATEMENT_SAID_UNKNOWN] = "NOTHING OF OURS IS LIKE IT; kept open",
	[STATEMENT_SAID_AGAIN] = "taken before",
	[STATEMENT_SAID_CLASH] = "TAKEN BEFORE WITH ANOTHER SUM; nothing was changed, a person must look",
	[STATEMENT_SAID_FAILED] = "could not be booked; import the file again",
};

struct row_job {
	struct app *app;
	struct statement_row *row;
	const char *reference;
	int64_t now_ms;
	void *ctx;
	enum statement_said came;
};

static enum db_result take_row(struct db_tx *tx, void *arg)
{
	struct row_job *job = arg;
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);
	struct statement_rules rules = rules_of(job->app->config);

	job->came = statement_take(&t, &rules, job->row, job->reference);
	return t.failed || job->came == STATEMENT_SAID_FAILED ? DB_FAIL : DB_DONE;
}

static bool has(const struct csv *csv, const char *column, const char *key, struct err *e)
{
	return csv_has(csv, column) ||
	       err_set(e, "the first line must name the column \"%.60s\" (statement.%s)", column, key);
}

bool statements_columns(const struct config *c, const struct csv *csv, struct err *e)
{
	for (size_t i = 0; i < c->statement.key.n; i++)
		if (!has(csv, c->statement.key.items[i], "key", e))
			return false;
	if (!c->statement.key.n)
		return err_set(e, "statement.key names no column");
	if (*c->statement.amount)
		return has(csv, c->statement.amount, "amount", e);
	return has(csv, c->statement.credit, "credit", e) && has(csv, c->statement.debit, "debit", e);
}

void statements_take(struct app *a, const char *account, struct csv *csv, struct buf *report, int64_t now_ms)
{
	const struct config *c = a->config;
	struct err e = {""};

	while (csv_next(csv, &e)) {
		void *ctx = talloc_new(NULL);
		struct statement_row row = {.account = account};
		struct row_job job = {a,      &row, csv_get(csv, c->statement.reference),
				      now_ms, ctx,  STATEMENT_SAID_FAILED};

		if (!read_row(ctx, c, csv, &row, &e))
			buf_printf(report, "line %zu: %s\n", csv_line(csv), e.text);
		else if (db_tx(a->db, "a statement's row", take_row, &job) != DB_DONE)
			buf_printf(report, "line %zu: %s\n", csv_line(csv), said[STATEMENT_SAID_FAILED]);
		else
			buf_printf(report, "line %zu, %" PRId64 " rial: %s\n", csv_line(csv), row.amount_rial,
				   said[job.came]);
		talloc_free(ctx);
		e.text[0] = '\0';
	}
	if (e.text[0])
		buf_printf(report, "%s; nothing after it was read\n", e.text);
}

void statements_match_open(struct app *a, struct db_tx *tx, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	struct statement_row *open = talloc_array(ctx, struct statement_row, OPEN_MOST);
	size_t n = statement_open_rows(tx, ctx, 0, open, OPEN_MOST);
	struct statement_rules rules = rules_of(a->config);

	for (size_t i = 0; i < n; i++) {
		struct turn t = app_turn(a, ctx, tx, now_ms);

		db_savepoint(tx, "row");
		statement_match(&t, &rules, &open[i], open[i].key);
		if (t.failed || db_savepoint_release(tx) != DB_DONE)
			db_savepoint_rollback(tx); /* it stays open */
	}
	talloc_free(ctx);
}
