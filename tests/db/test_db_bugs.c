/* Using the store wrongly ends the process: one function for each rule of db.h. */
#include "people_fixture.h"

#include <signal.h>

/* ---- our own bugs end the process ---- */

static enum db_result unbound(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT id FROM person WHERE name = ? AND age = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_text(s, "sara");
	return db_step(s);
}

static enum db_result too_many(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT id FROM person WHERE name = '?'");

	(void)arg;
	db_text(db_stmt(tx, &q), "sara");
	return DB_FAIL;
}

static enum db_result bound_late(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT id FROM ledger");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_step(s);
	db_int(s, 1);
	return DB_FAIL;
}

static enum db_result unknown_column(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_step(s);
	db_col_int(s, "toman");
	return DB_FAIL;
}

static enum db_result wrong_type(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");
	struct db_stmt *s = db_stmt(tx, &q);

	db_step(s);
	db_col_text(arg, s, "rial");
	return DB_FAIL;
}

static enum db_result real_number(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial * 0.01 AS fee FROM ledger");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_step(s);
	db_col_int(s, "fee");
	return DB_FAIL;
}

static enum db_result no_row(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	while (db_step(s) == DB_ROW)
		;
	db_col_int(s, "rial");
	return DB_FAIL;
}

static enum db_result not_freed(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");

	(void)arg;
	db_step(db_stmt(tx, &q));
	return DB_DONE;
}

static enum db_result row_in_exec(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");

	(void)arg;
	db_exec(db_stmt(tx, &q));
	return DB_FAIL;
}

static enum db_result bad_sql(struct db_tx *tx, void *arg)
{
	(void)arg;
	one_statement(tx, (void *)(uintptr_t) "SELECT rial FROM wallet");
	return DB_FAIL;
}

static enum db_result quoted_as_name(struct db_tx *tx, void *arg)
{
	(void)arg;
	one_statement(tx, (void *)(uintptr_t) "SELECT rial FROM ledger WHERE rial = \"five\"");
	return DB_FAIL;
}

static enum db_result two_statements(struct db_tx *tx, void *arg)
{
	(void)arg;
	one_statement(tx, (void *)(uintptr_t) "SELECT 1 AS n; SELECT 2 AS n");
	return DB_FAIL;
}

static enum db_result same_name_twice(struct db_tx *tx, void *arg)
{
	(void)arg;
	one_statement(tx, (void *)(uintptr_t) "SELECT p.id, l.id FROM person AS p, ledger AS l");
	return DB_FAIL;
}

static enum db_result named_parameter(struct db_tx *tx, void *arg)
{
	(void)arg;
	one_statement(tx, (void *)(uintptr_t) "SELECT rial FROM ledger WHERE id = :id");
	return DB_FAIL;
}

static enum db_result ends_with_a_row(struct db_tx *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return DB_ROW;
}

static enum db_result tx_in_tx(struct db_tx *tx, void *arg)
{
	return db_tx(db_of(tx), "inner", add_fn, arg);
}

static enum db_result open_savepoint(struct db_tx *tx, void *arg)
{
	(void)arg;
	return db_savepoint(tx, "left open");
}

static enum db_result two_savepoints(struct db_tx *tx, void *arg)
{
	(void)arg;
	db_savepoint(tx, "one");
	db_savepoint(tx, "two");
	return DB_FAIL;
}

static enum db_result too_many_statements(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");

	(void)arg;
	for (int i = 0; i <= DB_MAX_LIVE; i++)
		db_stmt(tx, &q);
	return DB_FAIL;
}

static enum db_result (*const bugs[])(struct db_tx *tx, void *arg) = {
	unbound,        too_many,       bound_late,      unknown_column,      wrong_type,
	real_number,    no_row,         not_freed,       row_in_exec,         bad_sql,
	quoted_as_name, two_statements, same_name_twice, named_parameter,     ends_with_a_row,
	tx_in_tx,       open_savepoint, two_savepoints,  too_many_statements,
};

START_TEST(a_bug_ends_the_process)
{
	quiet();
	db_tx(db, "bug", bugs[_i], NULL);
}
END_TEST

START_TEST(writing_in_a_reading_transaction_ends_the_process)
{
	quiet();
	db_read(db, "bug", add_fn, (void *)(uintptr_t) "sara");
}
END_TEST

START_TEST(writing_to_a_store_opened_for_reading_ends_the_process)
{
	quiet();
	db_close(&db);
	db = db_open_readonly(NULL, url_of(path), NULL);
	add("sara");
}
END_TEST

START_TEST(a_query_outside_a_transaction_ends_the_process)
{
	static struct db_query q = DB_QUERY("SELECT rial FROM ledger");

	quiet();
	db_stmt(NULL, &q);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("db bugs");
	TCase *t = tcase_create("db bugs");
	int n_bugs = sizeof bugs / sizeof bugs[0];

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test_raise_signal(t, a_bug_ends_the_process, SIGABRT, 0, n_bugs);
	tcase_add_test_raise_signal(t, writing_in_a_reading_transaction_ends_the_process, SIGABRT);
	tcase_add_test_raise_signal(t, writing_to_a_store_opened_for_reading_ends_the_process, SIGABRT);
	tcase_add_test_raise_signal(t, a_query_outside_a_transaction_ends_the_process, SIGABRT);
	suite_add_tcase(s, t);
	return s;
}

int main(void)
{
	int failed;

	folder_make();
	failed = tap_run(suite());
	folder_remove();
	return failed;
}
