/* Transactions on a real SQLite file: constraints, savepoints, full and broken disks, a killed writer, retries. */
#include "people_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* ---- constraints and savepoints ---- */

static const char *const conflicts[] = {
	"INSERT INTO person (name) VALUES ('sara')",
	"INSERT INTO person (name, age) VALUES ('mina', -1)",
	"INSERT INTO person (name) VALUES (NULL)",
	"INSERT INTO person (name, age) VALUES ('mina', 'old')",
	"INSERT INTO person (id, name) VALUES (1, 'mina')",
	"INSERT INTO pet (person_id) VALUES (77)",
	"INSERT INTO pet (person_id) VALUES (77) RETURNING id",
	"DELETE FROM ledger WHERE id = 1",
};

START_TEST(every_kind_of_constraint_is_a_conflict)
{
	ck_assert_int_eq(add("sara"), DB_DONE);
	ck_assert_int_eq(db_tx(db, "conflict", one_statement, (void *)(uintptr_t)conflicts[_i]), DB_CONFLICT);
	ck_assert_int_eq(count(db), 1);
	ck_assert_int_eq(strncmp(db_last_error(db), "", 1), 0); /* the count went well after it */
	ck_assert_int_eq(add("reza"), DB_DONE);
}
END_TEST

START_TEST(an_error_names_the_constraint_but_no_value)
{
	ck_assert_int_eq(add("sara"), DB_DONE);
	ck_assert_int_eq(add("sara"), DB_CONFLICT);
	ck_assert_msg(strstr(db_last_error(db), "person.name") != NULL, "%s", db_last_error(db));
	ck_assert_msg(strstr(db_last_error(db), "people_fixture.h:") != NULL, "%s", db_last_error(db));
	ck_assert_ptr_null(strstr(db_last_error(db), "sara"));
}
END_TEST

static enum db_result free_after_one_row(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name) VALUES (?), (?) RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_text(s, "sara");
	db_text(s, "reza");
	ck_assert_int_eq(db_step(s), DB_ROW);
	db_free(&s);
	ck_assert_int_eq(db_changes(tx), 2);
	return DB_DONE;
}

START_TEST(a_write_freed_early_is_finished)
{
	ck_assert_int_eq(db_tx(db, "early", free_after_one_row, NULL), DB_DONE);
	ck_assert_int_eq(count(db), 2);
}
END_TEST

static enum db_result one_int_conflict(struct db_tx *tx, void *id)
{
	static struct db_query q = DB_QUERY("INSERT INTO pet (person_id) VALUES (?) RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, 77);
	ck_assert_int_eq(db_one_int(s, id), DB_CONFLICT);
	return DB_CONFLICT;
}

START_TEST(a_new_id_that_conflicts_is_not_given)
{
	int64_t id = -1;

	ck_assert_int_eq(db_tx(db, "late", one_int_conflict, &id), DB_CONFLICT);
	ck_assert_int_eq(id, -1);
}
END_TEST

static enum db_result batch(struct db_tx *tx, void *arg)
{
	static const char *const names[] = {"sara", "reza", "sara", "mina"};

	(void)arg;
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(db_savepoint(tx, names[i]), DB_DONE);
		ck_assert_int_eq(insert_person(tx, i == 2 ? "before the conflict" : names[i], 1), DB_DONE);
		if (i == 2) {
			ck_assert_int_eq(insert_person(tx, names[i], 1), DB_CONFLICT);
			ck_assert(db_tx_failed(tx));
			ck_assert_int_eq(insert_person(tx, "after the conflict", 1), DB_CONFLICT);
			ck_assert_int_eq(db_savepoint_rollback(tx), DB_DONE);
			ck_assert(!db_tx_failed(tx));
			continue;
		}
		ck_assert_int_eq(db_savepoint_release(tx), DB_DONE);
	}
	return DB_DONE;
}

START_TEST(a_batch_loses_only_its_bad_update)
{
	ck_assert_int_eq(db_tx(db, "batch", batch, NULL), DB_DONE);
	ck_assert_int_eq(count(db), 3);
}
END_TEST

static enum db_result swallow_conflict(struct db_tx *tx, void *arg)
{
	ck_assert_int_eq(insert_person(tx, "reza", 1), DB_DONE);
	if (arg)
		ck_assert_int_eq(db_savepoint(tx, "kept"), DB_DONE);
	ck_assert_int_eq(insert_person(tx, "reza", 1), DB_CONFLICT);
	ck_assert_int_eq(insert_person(tx, "mina", 1), DB_CONFLICT);
	if (arg)
		ck_assert_int_eq(db_savepoint_release(tx), DB_CONFLICT);
	return DB_DONE;
}

static enum db_result savepoint_too_late(struct db_tx *tx, void *arg)
{
	(void)arg;
	ck_assert_int_eq(insert_person(tx, NULL, 1), DB_CONFLICT);
	ck_assert_int_eq(db_savepoint(tx, "late"), DB_CONFLICT);
	ck_assert_int_eq(db_savepoint_rollback(tx), DB_CONFLICT);
	return DB_DONE;
}

START_TEST(a_swallowed_conflict_is_not_committed)
{
	ck_assert_int_eq(db_tx(db, "swallow", swallow_conflict, NULL), DB_CONFLICT);
	ck_assert_int_eq(db_tx(db, "swallow", swallow_conflict, db), DB_CONFLICT);
	ck_assert_int_eq(db_tx(db, "late", savepoint_too_late, NULL), DB_CONFLICT);
	ck_assert_int_eq(count(db), 0);
}
END_TEST

static enum db_result leave_open(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name) VALUES ('x'), ('y') RETURNING id");

	ck_assert_int_eq(db_step(db_stmt(tx, &q)), DB_ROW);
	return *(enum db_result *)arg;
}

START_TEST(an_error_may_leave_statements_open)
{
	enum db_result r = DB_FAIL;

	quiet();
	ck_assert_int_eq(db_tx(db, "open", leave_open, &r), DB_FAIL);
	ck_assert_int_eq(count(db), 0);
	r = DB_CONFLICT;
	ck_assert_int_eq(db_tx(db, "open", leave_open, &r), DB_CONFLICT);
	ck_assert_int_eq(count(db), 0);
	ck_assert_int_eq(add("sara"), DB_DONE);
}
END_TEST

/* ---- failures ---- */

/* Writes until the engine fails; swallows the failure when told to. */
struct flood {
	bool swallow;
	bool savepoint;
	int rows;
};

static enum db_result flood(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name, photo) VALUES (?, ?)");
	static const char photo[4000];
	struct flood *f = arg;
	enum db_result r = DB_DONE;
	char name[32];

	if (f->savepoint)
		ck_assert_int_eq(db_savepoint(tx, "flood"), DB_DONE);
	for (f->rows = 0; r == DB_DONE && f->rows < 5000; f->rows++) {
		struct db_stmt *s = db_stmt(tx, &q);

		snprintf(name, sizeof name, "person %d", f->rows);
		db_text(s, name);
		db_blob(s, photo, sizeof photo);
		r = db_exec(s);
	}
	ck_assert_int_eq(r, DB_FAIL);
	ck_assert(db_tx_failed(tx));
	ck_assert_int_eq(insert_person(tx, "after", 1), DB_FAIL);
	if (f->savepoint)
		ck_assert_int_eq(db_savepoint_rollback(tx), DB_FAIL);
	return f->swallow ? DB_DONE : r;
}

START_TEST(a_full_disk_fails_whole_and_heals)
{
	struct flood f = {.swallow = _i & 1, .savepoint = _i & 2};

	quiet();
	ck_assert_int_eq(add("sara"), DB_DONE);
	ck_assert_int_eq(script(db, "PRAGMA max_page_count = 60"), DB_DONE);
	ck_assert_int_eq(db_tx(db, "flood", flood, &f), DB_FAIL);
	ck_assert_msg(strstr(db_last_error(db), "disk full") != NULL, "%s", db_last_error(db));
	ck_assert_int_gt(f.rows, 10);
	ck_assert_int_eq(count(db), 1);
	ck_assert_int_eq(script(db, "PRAGMA max_page_count = 100000"), DB_DONE);
	ck_assert_int_eq(add("reza"), DB_DONE);
	ck_assert_int_eq(count(db), 2);
}
END_TEST

START_TEST(an_io_error_fails_whole_and_heals)
{
	struct rlimit small = {200000, RLIM_INFINITY}, large = {RLIM_INFINITY, RLIM_INFINITY};
	struct flood f = {.swallow = true};

	quiet();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(add("sara"), DB_DONE);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_int_eq(script(db, "PRAGMA cache_size = 10"), DB_DONE); /* pages go to the file before the commit */
	ck_assert_int_eq(db_tx(db, "flood", flood, &f), DB_FAIL);
	ck_assert_msg(strstr(db_last_error(db), "I/O error") != NULL, "%s", db_last_error(db));
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
	ck_assert_int_eq(count(db), 1);
	ck_assert_int_eq(add("reza"), DB_DONE);
}
END_TEST

static enum db_result commit_too_much(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name, photo) VALUES (?, ?)");
	static const char photo[400000];
	struct db_stmt *s = db_stmt(tx, &q);

	(void)arg;
	db_text(s, "big");
	db_blob(s, photo, sizeof photo);
	return db_exec(s);
}

START_TEST(a_commit_that_fails_is_a_failure)
{
	struct rlimit small = {200000, RLIM_INFINITY}, large = {RLIM_INFINITY, RLIM_INFINITY};

	quiet();
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	ck_assert_int_eq(db_tx(db, "big", commit_too_much, NULL), DB_FAIL);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
	ck_assert_int_eq(count(db), 0);
	ck_assert_int_eq(add("reza"), DB_DONE);
}
END_TEST

START_TEST(a_damaged_file_is_a_failure_not_an_end)
{
	struct flood f = {0};
	int fd;

	quiet();
	ck_assert_int_eq(script(db, "PRAGMA max_page_count = 60"), DB_DONE);
	db_tx(db, "flood", flood, &f);
	ck_assert_int_eq(add("sara"), DB_DONE);
	db_close(&db);
	fd = open(path, O_WRONLY);
	ck_assert_int_ge(fd, 0);
	for (off_t page = 1; page < 8; page++)
		ck_assert_int_eq(pwrite(fd, "garbage garbage garbage garbage", 31, page * 4096), 31);
	close(fd);
	db = open_or_fail(path);
	ck_assert_int_eq(add("reza"), DB_FAIL);
	ck_assert_msg(strstr(db_last_error(db), "damaged file") != NULL, "%s", db_last_error(db));
}
END_TEST

static enum db_result die_inside(struct db_tx *tx, void *arg)
{
	char name[32];

	(void)arg;
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof name, "person %d", i);
		ck_assert_int_eq(insert_person(tx, name, 1), DB_DONE);
	}
	kill(getpid(), SIGKILL);
	return DB_DONE;
}

START_TEST(a_writer_killed_in_the_middle_leaves_nothing)
{
	int status;
	pid_t child;

	db_close(&db);
	child = fork();
	if (!child) {
		db = open_or_fail(path);
		if (script(db, "PRAGMA cache_size = 10") == DB_DONE && add("sara") == DB_DONE)
			db_tx(db, "doomed", die_inside, NULL);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	db = open_or_fail(path);
	ck_assert_int_eq(count(db), 1);
	ck_assert_int_eq(add("reza"), DB_DONE);
}
END_TEST

/* ---- retries ---- */

struct stubborn {
	int runs;
	int works_at; /* 0: never */
};

static enum db_result stubborn(struct db_tx *tx, void *arg)
{
	struct stubborn *t = arg;

	t->runs++;
	ck_assert_int_eq(insert_person(tx, "sara", 1), DB_DONE);
	return t->runs == t->works_at ? DB_DONE : DB_RETRY;
}

START_TEST(a_retry_runs_again_from_the_start)
{
	struct stubborn t = {.works_at = 3};

	ck_assert_int_eq(db_tx(db, "stubborn", stubborn, &t), DB_DONE);
	ck_assert_int_eq(t.runs, 3);
	ck_assert_int_eq(count(db), 1);
}
END_TEST

START_TEST(a_retry_ends_after_five)
{
	struct stubborn t = {0};

	quiet();
	ck_assert_int_eq(db_tx(db, "stubborn", stubborn, &t), DB_RETRY);
	ck_assert_int_eq(t.runs, 5);
	ck_assert_int_eq(count(db), 0);
}
END_TEST

START_TEST(a_busy_store_is_a_retry)
{
	sqlite3 *other;

	quiet();
	ck_assert_int_eq(script(db, "PRAGMA busy_timeout = 0"), DB_DONE);
	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(add("sara"), DB_RETRY);
	ck_assert_msg(strstr(db_last_error(db), "busy") != NULL, "%s", db_last_error(db));
	ck_assert_int_eq(count(db), 0); /* a reader does not wait */
	ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	ck_assert_int_eq(add("sara"), DB_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("tx");
	TCase *t = tcase_create("tx");
	int n_conflicts = sizeof conflicts / sizeof conflicts[0];

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_kind_of_constraint_is_a_conflict, 0, n_conflicts);
	tcase_add_test(t, an_error_names_the_constraint_but_no_value);
	tcase_add_test(t, a_write_freed_early_is_finished);
	tcase_add_test(t, a_new_id_that_conflicts_is_not_given);
	tcase_add_test(t, a_batch_loses_only_its_bad_update);
	tcase_add_test(t, a_swallowed_conflict_is_not_committed);
	tcase_add_test(t, an_error_may_leave_statements_open);
	tcase_add_loop_test(t, a_full_disk_fails_whole_and_heals, 0, 4);
	tcase_add_test(t, an_io_error_fails_whole_and_heals);
	tcase_add_test(t, a_commit_that_fails_is_a_failure);
	tcase_add_test(t, a_damaged_file_is_a_failure_not_an_end);
	tcase_add_test(t, a_writer_killed_in_the_middle_leaves_nothing);
	tcase_add_test(t, a_retry_runs_again_from_the_start);
	tcase_add_test(t, a_retry_ends_after_five);
	tcase_add_test(t, a_busy_store_is_a_retry);
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
