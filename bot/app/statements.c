/* Statements of our accounts: see statements.h. */
#include "statements.h"

#include "clock.h"
#include "jalali.h"
#include "safe_name.h"
#include "statement.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

/* ROWS_MOST: people wait while a file is taken, a few seconds for so many rows. */
enum {
	KEY_BYTES = 160,
	WORDS_CODEPOINTS = 300,
	REFERENCE_CODEPOINTS = 100,
	OPEN_MOST = 20000, /* that are looked at again, ROWS_A_COMMIT at a time */
	AMOUNT_DIGITS = 17,
	ROWS_A_COMMIT = 200,
	ROWS_MOST = 20000
};

/* What nobody knew for so long is a person's matter, and named every day. */
static const int64_t look_again_ms = 90 * DAY_MS;

static const char persian_comma[] = "\u066c";

static struct statement_rules rules_of(const struct config *c)
{
	return (struct statement_rules){c->statement.clearing.items, c->statement.clearing.n, c->statement.cost.items,
					c->statement.cost.n, c->statement.cost_most};
}

/* "1,200,000", in any script; "-" before or behind makes it negative. An empty field is 0. */
bool statements_amount(void *ctx, const char *field, int64_t *out)
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
	row->reference = safe_text(ctx, csv_get(csv, c->statement.reference), REFERENCE_CODEPOINTS, false);
	if (!row->key)
		return err_set(e, "a column that names a row (statement.key) is empty, or they are too long");
	if (!statements_amount(ctx, csv_get(csv, *one ? one : c->statement.credit), &credit) ||
	    (!*one && !statements_amount(ctx, csv_get(csv, c->statement.debit), &debit)))
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
	[STATEMENT_SAID_HANDED] = "handed over to our account, where it is booked",
	[STATEMENT_SAID_COST] = "a fee of the bank; booked",
	[STATEMENT_SAID_UNKNOWN] = "NOTHING OF OURS IS LIKE IT; kept open",
	[STATEMENT_SAID_AGAIN] = "taken before",
	[STATEMENT_SAID_CLASH] = "TAKEN BEFORE WITH ANOTHER SUM; nothing was changed, a person must look",
	[STATEMENT_SAID_FAILED] = "could not be booked; import the file again",
};

/* Some rows of a file, which are committed together. */
struct rows_job {
	struct app *app;
	int64_t now_ms;
	void *ctx;
	size_t n;
	struct slot {
		struct statement_row row;
		size_t line;
		const char *wrong; /* what cannot be read of it; NULL for a row that can */
		enum statement_said came;
	} slots[ROWS_A_COMMIT];
};

static void take_row(struct rows_job *job, struct db_tx *tx, struct slot *slot)
{
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);
	struct statement_rules rules = rules_of(job->app->config);

	slot->came = statement_take(&t, &rules, &slot->row);
	if (t.failed)
		slot->came = STATEMENT_SAID_FAILED;
}

/* Each row in its own savepoint: one that cannot be taken holds up no other. */
static enum db_result take_rows(struct db_tx *tx, void *arg)
{
	struct rows_job *job = arg;

	for (size_t i = 0; i < job->n; i++) {
		struct slot *slot = &job->slots[i];

		if (slot->wrong)
			continue;
		db_savepoint(tx, "row");
		take_row(job, tx, slot);
		if (slot->came != STATEMENT_SAID_FAILED && db_savepoint_release(tx) == DB_DONE)
			continue;
		db_savepoint_rollback(tx);
		slot->came = STATEMENT_SAID_FAILED;
	}
	return DB_DONE;
}

static void report_rows(const struct rows_job *job, bool committed, struct buf *report)
{
	for (size_t i = 0; i < job->n; i++) {
		const struct slot *slot = &job->slots[i];

		if (slot->wrong)
			buf_printf(report, "line %zu: %s\n", slot->line, slot->wrong);
		else
			buf_printf(report, "line %zu, %" PRId64 " rial: %s\n", slot->line, slot->row.amount_rial,
				   said[committed ? slot->came : STATEMENT_SAID_FAILED]);
	}
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

/* Fills the job with the next rows; false at the file's end, or where it is broken (then why is in `e`). */
static bool read_rows(struct rows_job *job, const char *account, struct csv *csv, struct err *e)
{
	const struct config *c = job->app->config;

	for (job->n = 0; job->n < ROWS_A_COMMIT && csv_next(csv, e); job->n++) {
		struct slot *slot = &job->slots[job->n];
		struct err why = {""};

		*slot = (struct slot){.row = {.account = account}, .line = csv_line(csv)};
		if (!read_row(job->ctx, c, csv, &slot->row, &why))
			slot->wrong = talloc_strdup(job->ctx, why.text);
	}
	return job->n == ROWS_A_COMMIT;
}

/* A page of open rows after the row `after`; how many they were. */
static size_t match_page(struct app *a, struct db_tx *tx, int64_t *after, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	struct statement_row *open = talloc_array(ctx, struct statement_row, ROWS_A_COMMIT);
	size_t n = statement_open_rows(tx, ctx, *after, now_ms - look_again_ms, open, ROWS_A_COMMIT);
	struct statement_rules rules = rules_of(a->config);

	for (size_t i = 0; i < n; i++) {
		struct turn t = app_turn(a, ctx, tx, now_ms);

		*after = open[i].id;
		db_savepoint(tx, "row");
		statement_match(&t, &rules, &open[i]);
		if (t.failed || db_savepoint_release(tx) != DB_DONE)
			db_savepoint_rollback(tx); /* it stays open */
	}
	talloc_free(ctx);
	return n;
}

void statements_match_open(struct app *a, struct db_tx *tx, int64_t now_ms)
{
	int64_t after = 0;

	for (size_t rows = 0; rows < OPEN_MOST; rows += ROWS_A_COMMIT)
		if (match_page(a, tx, &after, now_ms) < ROWS_A_COMMIT)
			return;
}

/* One of this file may be the other side of a row of an earlier one. */
static enum db_result match_open(struct db_tx *tx, void *arg)
{
	struct rows_job *job = arg;

	statements_match_open(job->app, tx, job->now_ms);
	return DB_DONE;
}

void statements_take(struct app *a, const char *account, struct csv *csv, struct buf *report, int64_t now_ms)
{
	struct rows_job *job = talloc_zero(NULL, struct rows_job);
	struct err e = {""};
	bool more = true;

	job->app = a;
	job->now_ms = now_ms;
	for (size_t rows = 0; more && rows < ROWS_MOST; rows += job->n) {
		job->ctx = talloc_new(job);
		more = read_rows(job, account, csv, &e);
		report_rows(job, db_tx(a->db, "rows of a statement", take_rows, job) == DB_DONE, report);
		talloc_free(job->ctx);
	}
	if (e.text[0])
		buf_printf(report, "%s; nothing after it was read\n", e.text);
	else if (more)
		buf_printf(report, "more than %d rows; put the rest into a file of its own\n", (int)ROWS_MOST);
	db_tx(a->db, "open rows of statements", match_open, job); /* not now: then every day */
	talloc_free(job);
}
