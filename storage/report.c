/* Tables for the accountant: see report.h. */
#include "report.h"

#include "csv.h"
#include "deal.h"
#include "jalali.h"
#include "repo_settlement.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

enum { ROW_BYTES = 8192 };

static const char *const names[REPORT_KINDS] = {"deals", "fees", "vat", "payouts"};

enum report_kind report_named(const char *name)
{
	int kind = 0;

	while (kind < REPORT_KINDS && strcmp(names[kind], name))
		kind++;
	return (enum report_kind)kind;
}

/* One row being written. */
struct row {
	struct buf *b;
	bool begun;
	const struct report_wish *wish;
	void *ctx;
};

static void put(struct row *r, const char *field)
{
	csv_put(r->b, !r->begun, field);
	r->begun = true;
}

/* A number is no formula: it stands as it is. */
static void put_int(struct row *r, int64_t n)
{
	buf_printf(r->b, "%s%" PRId64, r->begun ? "," : "", n);
	r->begun = true;
}

/* Two fields: 2026-11-26 in Tehran, and 1405-09-05; empty for 0. */
static void put_day(struct row *r, int64_t ms)
{
	static const int64_t tehran_ms = INT64_C(12600000);
	struct jalali j = jalali_of(ms);
	time_t seconds = (time_t)((ms + tehran_ms) / 1000);
	struct tm tm;

	if (!ms || !gmtime_r(&seconds, &tm)) {
		put(r, "");
		put(r, "");
		return;
	}
	put(r, talloc_asprintf(r->ctx, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
	put(r, talloc_asprintf(r->ctx, "%04d-%02d-%02d", j.year, j.month, j.day));
}

static bool end(struct row *r)
{
	bool fine;

	buf_puts(r->b, "\r\n");
	fine = !r->b->failed && fwrite(r->b->data, 1, r->b->len, r->wish->to) == r->b->len;
	buf_clear(r->b);
	r->begun = false;
	talloc_free_children(r->ctx);
	return fine;
}

static bool header(struct row *r, const char *const *columns)
{
	for (; *columns; columns++)
		put(r, *columns);
	return end(r);
}

static struct db_stmt *between(struct db_tx *tx, struct db_query *q, const struct report_wish *w)
{
	struct db_stmt *s = db_stmt(tx, q);

	db_int(s, w->from_ms);
	db_int(s, w->to_ms);
	return s;
}

/* --- deals --- */

static bool write_deals(struct db_tx *tx, struct row *r)
{
	static const char *const columns[] = {"code",         "made",      "made_jalali", "ended",
					      "ended_jalali", "state",     "price",       "fee_agreed",
					      "paid_in",      "fee_taken", "held",        NULL};
	static struct db_query q = DB_QUERY(
		"SELECT code, created_ms, closed_ms, state, price, fee, held, (SELECT COALESCE(SUM(amount), 0) FROM "
		"ledger_set JOIN "
		"ledger_transfer ON set_id = ledger_set.id WHERE ledger_set.deal_id = deal.id AND debit_kind = 1) AS "
		"paid_in, "
		"(SELECT COALESCE(SUM(amount), 0) FROM ledger_set JOIN ledger_transfer ON set_id = ledger_set.id WHERE "
		"ledger_set.deal_id = deal.id AND credit_kind = 7) AS fee_taken FROM deal WHERE created_ms >= ? AND "
		"created_ms < ? ORDER BY id");
	struct db_stmt *s = between(tx, &q, r->wish);
	enum db_result step = DB_DONE;
	bool fine = header(r, columns);

	while (fine && (step = db_step(s)) == DB_ROW) {
		put(r, db_col_text(r->ctx, s, "code"));
		put_day(r, db_col_int(s, "created_ms"));
		put_day(r, db_col_int(s, "closed_ms"));
		put(r, deal_state_name((enum deal_state)db_col_int(s, "state")));
		put_int(r, db_col_int(s, "price"));
		put_int(r, db_col_int(s, "fee"));
		put_int(r, db_col_int(s, "paid_in"));
		put_int(r, db_col_int(s, "fee_taken"));
		put_int(r, db_col_int(s, "held"));
		fine = end(r);
	}
	db_free(&s);
	return fine && step == DB_DONE;
}

/* --- fees and their tax --- */

static struct db_stmt *fees(struct db_tx *tx, const struct report_wish *w)
{
	static struct db_query q = DB_QUERY(
		"SELECT at_ms, deal.code AS code, natural_key, amount FROM ledger_transfer JOIN ledger_set ON "
		"ledger_set.id = set_id JOIN deal ON deal.id = ledger_set.deal_id WHERE ledger_transfer.code = 9 AND "
		"at_ms >= ? AND at_ms < ? ORDER BY ledger_set.id, number");

	return between(tx, &q, w);
}

/* A fee contains its tax. */
static int64_t tax_in(const struct report_wish *w, int64_t fee)
{
	return fee * w->vat_percent / (100 + w->vat_percent);
}

static bool write_fees(struct db_tx *tx, struct row *r)
{
	static const char *const columns[] = {"day", "day_jalali", "deal", "set", "fee", "vat", "net", NULL};
	struct db_stmt *s = fees(tx, r->wish);
	enum db_result step = DB_DONE;
	bool fine = header(r, columns);

	while (fine && (step = db_step(s)) == DB_ROW) {
		int64_t fee = db_col_int(s, "amount");

		put_day(r, db_col_int(s, "at_ms"));
		put(r, db_col_text(r->ctx, s, "code"));
		put(r, db_col_text(r->ctx, s, "natural_key"));
		put_int(r, fee);
		put_int(r, tax_in(r->wish, fee));
		put_int(r, fee - tax_in(r->wish, fee));
		fine = end(r);
	}
	db_free(&s);
	return fine && step == DB_DONE;
}

struct month {
	int number; /* year * 12 + month */
	int64_t n, fees, tax;
};

static bool write_month(struct row *r, const struct month *m)
{
	if (!m->n)
		return true;
	put(r, talloc_asprintf(r->ctx, "%04d-%02d", (m->number - 1) / 12, (m->number - 1) % 12 + 1));
	put_int(r, m->n);
	put_int(r, m->fees);
	put_int(r, m->tax);
	put_int(r, m->fees - m->tax);
	return end(r);
}

/* The tax of each fee is cut to whole rials before it is added up, so that this table is the sum of the other. */
static bool write_vat(struct db_tx *tx, struct row *r)
{
	static const char *const columns[] = {"month_jalali", "fees", "fee", "vat", "net", NULL};
	struct db_stmt *s = fees(tx, r->wish);
	enum db_result step = DB_DONE;
	struct month m = {.n = 0};
	bool fine = header(r, columns);

	while (fine && (step = db_step(s)) == DB_ROW) {
		struct jalali j = jalali_of(db_col_int(s, "at_ms"));
		int64_t fee = db_col_int(s, "amount");

		if (m.number != j.year * 12 + j.month) {
			fine = write_month(r, &m);
			m = (struct month){.number = j.year * 12 + j.month};
		}
		m.n++;
		m.fees += fee;
		m.tax += tax_in(r->wish, fee);
	}
	db_free(&s);
	return fine && step == DB_DONE && write_month(r, &m);
}

/* --- payouts --- */

static const char *settlement_state_name(int64_t state)
{
	static const char *const states[] = {"", "queued", "sent", "done", "returned"};

	return state > 0 && state < 5 ? states[state] : "?";
}

static bool write_payouts(struct db_tx *tx, struct row *r)
{
	static const char *const columns[] = {"made",  "made_jalali", "changed", "changed_jalali", "deal",
					      "kind",  "state",       "sum",     "rail",           "account",
					      "track", "reference",   NULL};
	static struct db_query q = DB_QUERY(
		"SELECT settlement.created_ms AS made_ms, settlement.changed_ms AS changed_ms, deal.code AS code, "
		"kind, "
		"settlement.state AS state, amount, rail, gateway, track_id, ref FROM settlement JOIN deal ON "
		"deal.id = settlement.deal_id WHERE settlement.created_ms >= ? AND settlement.created_ms < ? ORDER BY "
		"settlement.id");
	struct db_stmt *s = between(tx, &q, r->wish);
	enum db_result step = DB_DONE;
	bool fine = header(r, columns);

	while (fine && (step = db_step(s)) == DB_ROW) {
		put_day(r, db_col_int(s, "made_ms"));
		put_day(r, db_col_int(s, "changed_ms"));
		put(r, db_col_text(r->ctx, s, "code"));
		put(r, db_col_int(s, "kind") == SETTLEMENT_PAYOUT ? "payout" : "refund");
		put(r, settlement_state_name(db_col_int(s, "state")));
		put_int(r, db_col_int(s, "amount"));
		put(r, db_col_text(r->ctx, s, "rail"));
		put(r, db_col_text(r->ctx, s, "gateway"));
		put(r, db_col_text(r->ctx, s, "track_id"));
		put(r, db_col_text(r->ctx, s, "ref"));
		fine = end(r);
	}
	db_free(&s);
	return fine && step == DB_DONE;
}

bool report_write(struct db_tx *tx, const struct report_wish *wish)
{
	static bool (*const writers[REPORT_KINDS])(struct db_tx *, struct row *) = {write_deals, write_fees, write_vat,
										    write_payouts};
	void *ctx = talloc_new(NULL);
	struct row r = {.b = buf_new(ctx, ROW_BYTES), .wish = wish, .ctx = talloc_new(ctx)};
	bool fine = writers[wish->kind](tx, &r) && !fflush(wish->to);

	talloc_free(ctx);
	return fine;
}
