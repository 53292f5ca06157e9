/* Every query of the program on a migrated store: it compiles, and it finds its rows by an index. */
#include "book_fixture.h"

#include "audit.h"
#include "books.h"
#include "forget.h"
#include "repo_batch.h"
#include "repo_inbox.h"
#include "repo_picture.h"
#include "repo_settlement.h"
#include "repo_sms.h"
#include "repo_staff.h"
#include "repo_statement.h"
#include "repo_work.h"
#include "report.h"
#include "reseal.h"
#include "store_copy.h"

#include <sqlite3.h>

/* The linker leaves out files of a library that nobody calls, and their queries with them: one function of each. */
typedef void any_fn(void);
static any_fn *const volatile linked[] = {
	(any_fn *)person_by_id,  (any_fn *)inbox_first_time, (any_fn *)work_add,      (any_fn *)deal_by_id,
	(any_fn *)timer_get,     (any_fn *)ledger_post,      (any_fn *)payment_by_id, (any_fn *)audit_run,
	(any_fn *)picture_prune, (any_fn *)settlement_by_id, (any_fn *)staff_act_add, (any_fn *)sms_by_id,
	(any_fn *)batch_by_id,   (any_fn *)reseal_run,       (any_fn *)forget_bar,    (any_fn *)books_read,
	(any_fn *)report_write,  (any_fn *)statement_insert, (any_fn *)store_copy,
};

enum { LEAST_QUERIES = 90 };

static bool ours(const struct db_query_text *q)
{
	return !strncmp(q->file, "storage/", 8);
}

static void check_one(const struct db_query_text *q, void *n)
{
	struct err e = {""};

	if (!ours(q))
		return;
	++*(int *)n;
	ck_assert_msg(db_query_check(db, q->sql, &e), "%s:%d: %s", q->file, q->line, e.text);
}

START_TEST(every_query_compiles)
{
	int n = 0;

	for (size_t i = 0; i < sizeof linked / sizeof *linked; i++)
		ck_assert(linked[i] != NULL);
	db_each_query(check_one, &n);
	ck_assert_int_ge(n, LEAST_QUERIES);
}
END_TEST

/* The engine's plan of a query, its steps joined by "; ". On an empty store it is the plan of a full one too: nothing
 * here runs ANALYZE. */
static const char *plan_of(sqlite3 *raw, const char *sql)
{
	const char *explain = talloc_asprintf(ctx, "EXPLAIN QUERY PLAN %s", sql);
	char *plan = talloc_strdup(ctx, "");
	sqlite3_stmt *s;

	ck_assert_int_eq(sqlite3_prepare_v2(raw, explain, -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW)
		plan = talloc_asprintf_append(plan, "%s; ", (const char *)sqlite3_column_text(s, 3));
	sqlite3_finalize(s);
	return plan;
}

/* Queries that read a whole table or sort, and why they may. `sql` is a part of the text. */
static const struct pardon {
	const char *sql, *step, *why;
} pardons[] = {
	{"UPDATE card SET chat_id", "SCAN card", "a group moves once in its life"},
	{"UPDATE deal SET origin_chat", "SCAN deal", "a group moves once in its life"},
	{"UPDATE deal_timer SET due_ms", "SCAN deal_timer", "after an outage, every clock of a kind"},
	{"FROM migration ORDER BY number", "SCAN migration", "a handful of rows"},
	{"FROM deal_timer ORDER BY next_ms LIMIT 1", "COVERING INDEX", "stops at the first"},
	{"AS own ON mine = deal.id", "TEMP B-TREE", "one person's deals"},
	{"card_hash FROM deal JOIN payment", "TEMP B-TREE", "one person's payments"},
	{"AS mine ON other_id = person.id", "TEMP B-TREE", "whom one person blocked"},
	{"FROM deal_timer WHERE deal_id = ? ORDER BY due_ms", "TEMP B-TREE", "one deal's clocks"},
	{"FROM work WHERE state = 1 AND due_ms <= ? GROUP BY lane", "TEMP B-TREE", "four lanes"},
	{"FROM work WHERE state = ? ORDER BY id", "TEMP B-TREE", "for the owner's eyes and a restart"},
	{"SELECT at_ms FROM ledger_set ORDER BY id DESC LIMIT 1", "SCAN ledger_set", "stops at the first"},
	{"FROM ledger_balance WHERE balance <> 0 GROUP BY kind", "COVERING INDEX",
	 "once a minute, of what is not zero"},
	{"FROM ledger_balance WHERE kind = 2 AND balance <> 0", "TEMP B-TREE", "of what waits to be cleared"},
};

/* Commands of the owner, which take the time that they take. */
static bool is_owners(const char *file)
{
	return strstr(file, "storage/forget.c") || strstr(file, "storage/report.c") ||
	       strstr(file, "storage/reseal.c") || strstr(file, "storage/repo_statement.c") ||
	       strstr(file, "storage/store_copy.c");
}

static bool pardoned(const char *sql, const char *plan)
{
	for (size_t i = 0; i < sizeof pardons / sizeof *pardons; i++)
		if (strstr(sql, pardons[i].sql) && strstr(plan, pardons[i].step))
			return true;
	return false;
}

/* A full read of a table in no useful order, or a sort of it. A walk along an index or the row ids in their order
 * (the audit's) shows as SCAN too: those may stay in the audit, whose sorts would need memory for the whole store. */
static void explain_one(const struct db_query_text *q, void *raw)
{
	const char *plan;
	bool bad;

	if (!ours(q) || is_owners(q->file))
		return;
	plan = plan_of(raw, q->sql);
	bad = strstr(plan, "TEMP B-TREE") || strstr(plan, "AUTOMATIC");
	if (strncmp(q->file, "storage/audit", 13) != 0)
		bad |= strstr(plan, "SCAN ") && !strstr(plan, "SCAN CONSTANT ROW");
	ck_assert_msg(!bad || pardoned(q->sql, plan), "%s:%d\n%s\n%s", q->file, q->line, q->sql, plan);
}

START_TEST(no_query_reads_more_than_it_needs)
{
	sqlite3 *raw;

	ck_assert_int_eq(sqlite3_open(path, &raw), SQLITE_OK);
	db_each_query(explain_one, raw);
	sqlite3_close(raw);
}
END_TEST

/* The queries that every update or every step of the loop asks, and the index each must use. */
static const struct hot {
	const char *sql, *index;
} hot[] = {
	{"FROM person WHERE channel = ? AND outside_id = ?", "(channel=? AND outside_id=?)"},
	{"INSERT INTO inbox", ""},
	{"FROM inbox WHERE seen_ms < ?", "INDEX inbox_seen (seen_ms<?)"},
	{"FROM picture WHERE at_ms < ?", "INDEX picture_at (at_ms<?)"},
	{"FROM conversation WHERE person_id = ?", "INTEGER PRIMARY KEY"},
	{"FROM deal WHERE code = ?", "(code=?)"},
	{"AS own ON mine = deal.id", "INDEX deal_buyer (buyer_id=?)"},
	{"AS own ON mine = deal.id", "INDEX deal_seller (seller_id=?)"},
	{"SELECT (SELECT COUNT(*) FROM deal WHERE buyer_id", "INDEX deal_seller (seller_id=?)"},
	{"FROM payment WHERE order_id = ?", "(order_id=?)"},
	{"FROM payment WHERE page = ?", "(page=?)"},
	{"FROM payment WHERE deal_id = ? ORDER BY id DESC", "INDEX payment_deal (deal_id=?)"},
	{"FROM settlement WHERE deal_id = ?", "INDEX settlement_deal (deal_id=?)"},
	{"FROM evidence WHERE deal_id = ? AND purpose <> 5 ORDER BY id", "INDEX evidence_deal (deal_id=?)"},
	{"FROM deal_timer WHERE next_ms <= ?", "INDEX deal_timer_next (next_ms<?)"},
	{"FROM deal_timer ORDER BY next_ms LIMIT 1", "INDEX deal_timer_next"},
	{"FROM work WHERE state = 1 AND due_ms <= ? AND lane >= ?", "INDEX work_order (state=? AND lane>?)"},
	{"FROM work WHERE state = 1 AND due_ms <= ? AND lane >= ?", "INDEX work_chain (chain=? AND state=? AND id<?)"},
	{"SELECT due_ms FROM work WHERE state = 1", "INDEX work_due (state=?"},
	{"UPDATE work SET payload = ?, lane = ?", "INDEX work_chain (chain=? AND state=?)"},
	{"SELECT content FROM ledger_set WHERE natural_key = ?", "(natural_key=?)"},
	{"FROM ledger_balance WHERE kind = ? AND id = ?", "(kind=? AND id=?)"},
	{"FROM deal_history WHERE deal_id = ?", "(deal_id=?)"},
};

struct sought {
	sqlite3 *raw;
	const struct hot *hot;
	int found;
};

static void find_hot(const struct db_query_text *q, void *arg)
{
	struct sought *s = arg;
	const char *plan;

	if (!ours(q) || !strstr(q->sql, s->hot->sql))
		return;
	plan = plan_of(s->raw, q->sql);
	s->found++;
	ck_assert_msg(strstr(plan, s->hot->index) != NULL, "%s\nlacks %s in\n%s", q->sql, s->hot->index, plan);
}

START_TEST(a_hot_query_uses_its_index)
{
	struct sought s = {.hot = &hot[_i]};

	ck_assert_int_eq(sqlite3_open(path, &s.raw), SQLITE_OK);
	db_each_query(find_hot, &s);
	ck_assert_msg(s.found > 0, "no query has the text: %s", s.hot->sql);
	sqlite3_close(s.raw);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("queries");
	TCase *c = tcase_create("queries");
	int failed;

	folder_make();
	tcase_add_checked_fixture(c, book_open, book_close);
	tcase_add_test(c, every_query_compiles);
	if (!postgres_server()) /* plans are SQLite's; the other engine's change with what a table holds */
		tcase_add_test(c, no_query_reads_more_than_it_needs);
	if (!postgres_server())
		tcase_add_loop_test(c, a_hot_query_uses_its_index, 0, sizeof hot / sizeof *hot);
	suite_add_tcase(suite, c);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
