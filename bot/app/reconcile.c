/* Books and statements side by side: see reconcile.h. */
#include "reconcile.h"

#include "books.h"
#include "clock.h"
#include "jalali.h"
#include "ledger.h"
#include "repo_ledger.h"
#include "repo_statement.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { ROWS_A_READ = 500, ROWS_MOST = 100000, MISSING_MOST = 1000, SUSPENSE_MOST = 1000 };

static const int64_t tehran_ms = INT64_C(12600000);

/* "1405-09-05"; "?" for a date that the statement does not tell. */
static const char *day_text(void *ctx, int64_t day)
{
	struct jalali j = jalali_of(day * DAY_MS);

	return day ? talloc_asprintf(ctx, "%04d-%02d-%02d", j.year, j.month, j.day) : "?";
}

static int64_t age_days(const struct reconcile *r, int64_t ms)
{
	return r->now_ms > ms ? (r->now_ms - ms) / DAY_MS : 0;
}

static void print_only_theirs(struct reconcile *r, struct db_tx *tx, const char *account)
{
	int64_t after = 0;
	size_t n = ROWS_A_READ;

	fprintf(r->to, "  the bank has, we have not:\n");
	for (size_t all = 0; n == ROWS_A_READ && all < ROWS_MOST; all += n) {
		void *ctx = talloc_new(NULL);
		struct statement_row *rows = talloc_array(ctx, struct statement_row, ROWS_A_READ);

		n = statement_open_rows(tx, ctx, after, 0, rows, ROWS_A_READ);
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (strcmp(rows[i].account, account))
				continue;
			r->found++;
			fprintf(r->to, "    %s  %+" PRId64 " rial  row %s, for %" PRId64 " days\n",
				day_text(ctx, rows[i].day), rows[i].amount_rial, rows[i].key,
				age_days(r, rows[i].seen_ms));
		}
		talloc_free(ctx);
	}
}

/* Only within the days that the statements cover. */
static void print_only_ours(struct reconcile *r, struct db_tx *tx, const char *account,
			    const struct statement_span *span)
{
	void *ctx = talloc_new(NULL);
	struct statement_missing *rows = talloc_array(ctx, struct statement_missing, MISSING_MOST);
	int64_t from_ms = span->first * DAY_MS - tehran_ms, to_ms = (span->last + 1) * DAY_MS - tehran_ms;
	size_t n = statement_missing(tx, ctx, account, from_ms, to_ms, rows, MISSING_MOST);

	fprintf(r->to, "  we have, the bank has not:\n");
	for (size_t i = 0; i < n; i++)
		fprintf(r->to, "    %s  %+" PRId64 " rial  %s %s of deal %" PRId64 "\n",
			day_text(ctx, (rows[i].at_ms + tehran_ms) / DAY_MS),
			rows[i].is_payment ? rows[i].amount_rial : -rows[i].amount_rial,
			rows[i].is_payment ? "payment" : "payout or refund", rows[i].number, rows[i].deal_id);
	if (n == MISSING_MOST)
		fprintf(r->to, "    and more\n");
	r->found += (int64_t)n;
	talloc_free(ctx);
}

static void print_account(struct reconcile *r, struct db_tx *tx, int64_t id, const char *account)
{
	struct statement_span span;
	void *ctx = talloc_new(NULL);

	if (statement_span(tx, account, &span)) {
		fprintf(r->to,
			"%s: %" PRId64 " rows from %s to %s, %" PRId64 " unknown\n  all rows make %" PRId64
			" rial, our books say %" PRId64 " rial\n",
			account, span.rows, day_text(ctx, span.first), day_text(ctx, span.last), span.open, span.sum,
			rial_raw(ledger_balance(tx, (struct account){ACCOUNT_BANK, id})));
		print_only_theirs(r, tx, account);
		print_only_ours(r, tx, account, &span);
	} else if (rial_raw(ledger_balance(tx, (struct account){ACCOUNT_BANK, id}))) {
		fprintf(r->to, "%s: no statement was imported; our books say %" PRId64 " rial\n", account,
			rial_raw(ledger_balance(tx, (struct account){ACCOUNT_BANK, id})));
	}
	talloc_free(ctx);
}

static const struct bucket {
	int64_t below_days;
	const char *name;
} buckets[] = {{1, "less than a day"}, {3, "1 to 3 days"}, {7, "3 to 7 days"}, {INT64_MAX, "more than 7 days"}};

static void print_suspense(struct reconcile *r, struct db_tx *tx)
{
	struct suspense *rows = talloc_array(NULL, struct suspense, SUSPENSE_MOST);
	size_t n = books_suspense(tx, rows, SUSPENSE_MOST);

	fprintf(r->to, "suspense: %zu deals have money that waits to be cleared\n", n);
	for (size_t b = 0; b < sizeof buckets / sizeof *buckets; b++) {
		int64_t above = b ? buckets[b - 1].below_days : 0, sum = 0, count = 0;

		for (size_t i = 0; i < n; i++) {
			int64_t days = age_days(r, rows[i].since_ms);

			if (days >= above && days < buckets[b].below_days) {
				sum += rows[i].amount;
				count++;
			}
		}
		if (count)
			fprintf(r->to, "  %s: %" PRId64 ", %" PRId64 " rial\n", buckets[b].name, count, sum);
	}
	for (size_t i = 0; i < n; i++)
		fprintf(r->to, "  deal %" PRId64 ": %" PRId64 " rial, for %" PRId64 " days\n", rows[i].deal_id,
			rows[i].amount, age_days(r, rows[i].since_ms));
	r->found += (int64_t)n;
	talloc_free(rows);
}

enum db_result reconcile_print(struct db_tx *tx, void *arg)
{
	static const int64_t last_account = 20;
	struct reconcile *r = arg;
	struct books books;

	r->found = 0;
	if (!books_read(tx, &books))
		return DB_FAIL;
	for (int64_t id = 1; id <= last_account; id++)
		if (bank_account_name(id))
			print_account(r, tx, id, bank_account_name(id));
	print_suspense(r, tx);
	fprintf(r->to, "held %" PRId64 " = owed %" PRId64 " + ours %" PRId64 " rial: %s\n", books_held(&books),
		books_owed(&books), books_own(&books), books_agree(&books) ? "equal" : "NOT EQUAL; run separex audit");
	r->found += !books_agree(&books);
	return DB_DONE;
}
