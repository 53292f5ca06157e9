/* The store's facade on a real SQLite file: opening, values, constraints, savepoints, failures, retries, our bugs. */
#include "store_fixture.h"

#include "db_sql.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const char schema[] = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
			     " age INTEGER CHECK (age >= 0), photo BLOB) STRICT;"
			     "CREATE TABLE pet (id INTEGER PRIMARY KEY,"
			     " person_id INTEGER NOT NULL REFERENCES person (id)) STRICT;"
			     "CREATE TABLE ledger (id INTEGER PRIMARY KEY, rial INTEGER NOT NULL) STRICT;"
			     "CREATE TRIGGER ledger_keep BEFORE DELETE ON ledger"
			     " BEGIN SELECT RAISE(ABORT, 'ledger rows stay'); END;"
			     "CREATE TRIGGER pet_pays AFTER INSERT ON pet"
			     " BEGIN UPDATE ledger SET rial = rial + 1 WHERE id = 1; END;"
			     "INSERT INTO ledger (id, rial) VALUES (1, 5);";

/* A store with the schema, and its path for a second look. */
static struct db *db;
static const char *path;

static void setup(void)
{
	path = file_path();
	db = open_or_fail(path);
	ck_assert_int_eq(script(db, schema), DB_DONE);
}

static void teardown(void)
{
	db_close(&db);
	ck_assert_ptr_null(db);
}

static enum db_result insert_person(struct db_tx *tx, const char *name, int64_t age)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name, age) VALUES (?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, name);
	db_int(s, age);
	return db_exec(s);
}

static enum db_result count_fn(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM person");
	enum db_result r = db_one_int(db_stmt(tx, &q), arg);

	return r == DB_ROW ? DB_DONE : r;
}

static int64_t count(struct db *store)
{
	int64_t n = -1;

	ck_assert_int_eq(db_read(store, "count", count_fn, &n), DB_DONE);
	return n;
}

static enum db_result add_fn(struct db_tx *tx, void *name)
{
	return insert_person(tx, name, 30);
}

static enum db_result add(const char *name)
{
	return db_tx(db, "add", add_fn, (void *)(uintptr_t)name);
}

/* ---- opening ---- */

START_TEST(a_new_store_is_private_and_stays)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(add("sara"), DB_DONE);
	db_close(&db);
	db = open_or_fail(path);
	ck_assert_int_eq(count(db), 1);
}
END_TEST

START_TEST(urls_that_are_refused)
{
	static const struct {
		const char *url, *says;
	} table[] = {
		{"postgres://bot:hunter2@host/separex", "PostgreSQL is not in this version"},
		{"postgresql://bot:hunter2@host/separex", "PostgreSQL is not in this version"},
		{"mysql:hunter2", "no kind of store called \"mysql\""},
		{"hunter2", "must look like sqlite:FILE"},
		{"", "must look like sqlite:FILE"},
		{"sqlite:", "names no file"},
		{"sqlite:no-such-folder/x.db", "no folder no-such-folder"},
		{"sqlite:.", "is not a file"},
	};
	struct err e = {""};

	ck_assert_ptr_null(db_open(NULL, table[_i].url, &e));
	ck_assert_msg(strstr(e.text, table[_i].says) != NULL, "%s", e.text);
	ck_assert_ptr_null(strstr(e.text, "hunter2"));
}
END_TEST

START_TEST(a_text_file_is_not_a_database)
{
	const char *name = file_path();
	FILE *f = fopen(name, "w");
	struct err e = {""};

	for (int i = 0; i < 100; i++)
		fputs("this is a letter to my grandmother\n", f);
	fclose(f);
	ck_assert_ptr_null(db_open(NULL, url_of(name), &e));
	ck_assert_msg(strstr(e.text, "not a database") != NULL, "%s", e.text);
	ck_assert_ptr_null(db_open_readonly(NULL, url_of(name), &e));
}
END_TEST

START_TEST(another_programs_database_is_left_alone)
{
	const char *name = file_path();
	struct err e = {""};
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open(name, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "CREATE TABLE song (id INTEGER)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	ck_assert_ptr_null(db_open(NULL, url_of(name), &e));
	ck_assert_msg(strstr(e.text, "another program") != NULL, "%s", e.text);
}
END_TEST

START_TEST(a_read_only_folder_is_named)
{
	char name[FOLDER_MAX + 64], inside[FOLDER_MAX + 80];
	struct err e = {""};

	snprintf(name, sizeof name, "%s/closed-%d", folder, (int)getpid());
	snprintf(inside, sizeof inside, "%s/x.db", name);
	ck_assert_int_eq(mkdir(name, 0555), 0);
	drop_root();
	ck_assert_ptr_null(db_open(NULL, url_of(inside), &e));
	ck_assert_msg(strstr(e.text, "is read-only for this user") && strstr(e.text, name), "%s", e.text);
}
END_TEST

START_TEST(a_read_only_file_is_named)
{
	char name[FOLDER_MAX + 64], inside[FOLDER_MAX + 80];
	struct err e = {""};

	snprintf(name, sizeof name, "%s/open-%d", folder, (int)getpid());
	snprintf(inside, sizeof inside, "%s/x.db", name);
	ck_assert_int_eq(mkdir(name, 0777), 0);
	ck_assert_int_eq(chmod(name, 0777), 0);
	db_close(&db);
	db = open_or_fail(inside);
	ck_assert_int_eq(chmod(inside, 0444), 0);
	db_close(&db);
	drop_root();
	ck_assert_ptr_null(db_open(NULL, url_of(inside), &e));
	ck_assert_msg(strstr(e.text, "is read-only for this user") && strstr(e.text, inside), "%s", e.text);
}
END_TEST

START_TEST(a_reader_sees_what_is_committed_beside_the_writer)
{
	struct err e = {""};
	struct db *reader;

	ck_assert_int_eq(add("sara"), DB_DONE);
	reader = db_open_readonly(NULL, url_of(path), &e);
	ck_assert_msg(reader != NULL, "%s", e.text);
	ck_assert_int_eq(count(reader), 1);
	ck_assert_int_eq(add("reza"), DB_DONE);
	ck_assert_int_eq(count(reader), 2);
	db_close(&reader);
	ck_assert_ptr_null(db_open_readonly(NULL, url_of(file_path()), &e));
	ck_assert_msg(strstr(e.text, "start the bot once") != NULL, "%s", e.text);
}
END_TEST

/* ---- values ---- */

static const char persian[] = "سارا \xe2\x80\x8c '\"; DROP TABLE person; --";

static enum db_result round_trip(struct db_tx *tx, void *ctx)
{
	static struct db_query in = DB_QUERY("INSERT INTO person (name, age, photo) VALUES (?, ?, ?)");
	static struct db_query out =
		DB_QUERY("SELECT photo, age AS years, name, age + 0 AS again FROM person ORDER BY id");
	struct db_stmt *s = db_stmt(tx, &in);
	size_t n = 99;

	db_text(s, persian);
	db_int(s, INT64_MAX);
	db_blob(s, "a\0b", 3);
	ck_assert_int_eq(db_exec(s), DB_DONE);
	s = db_stmt(tx, &in);
	db_text(s, "");
	db_text(s, NULL);
	db_blob(s, "", 0);
	ck_assert_int_eq(db_exec(s), DB_DONE);
	s = db_stmt(tx, &in);
	db_text(s, "x");
	db_null(s);
	db_blob(s, NULL, 0);
	ck_assert_int_eq(db_exec(s), DB_DONE);

	s = db_stmt(tx, &out);
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert_int_eq(db_col_int(s, "again"), INT64_MAX);
	ck_assert_str_eq(db_col_text(ctx, s, "name"), persian);
	ck_assert_int_eq(db_col_int(s, "years"), INT64_MAX);
	ck_assert_mem_eq(db_col_blob(ctx, s, "photo", &n), "a\0b", 3);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert_str_eq(db_col_text(ctx, s, "name"), "");
	ck_assert(!db_col_null(s, "name"));
	ck_assert(db_col_null(s, "years"));
	ck_assert_int_eq(db_col_int(s, "years"), 0);
	ck_assert_ptr_nonnull(db_col_blob(ctx, s, "photo", &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert_ptr_null(db_col_blob(ctx, s, "photo", &n));
	ck_assert_int_eq(db_step(s), DB_DONE);
	ck_assert_int_eq(db_step(s), DB_DONE); /* and does not begin again */
	db_free(&s);
	ck_assert_ptr_null(s);
	return DB_DONE;
}

START_TEST(values_come_back_as_they_went_in)
{
	void *ctx = talloc_new(NULL);

	ck_assert_int_eq(db_tx(db, "round trip", round_trip, ctx), DB_DONE);
	talloc_free(ctx);
}
END_TEST

static enum db_result walk_twice(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT id FROM person ORDER BY id");
	struct db_stmt *outer = db_stmt(tx, &q), *inner;
	int *pairs = arg;

	while (db_step(outer) == DB_ROW) {
		inner = db_stmt(tx, &q);
		while (db_step(inner) == DB_ROW)
			*pairs += db_col_int(outer, "id") != db_col_int(inner, "id");
		db_free(&inner);
	}
	db_free(&outer);
	return DB_DONE;
}

START_TEST(one_query_can_be_in_use_twice)
{
	int pairs = 0;

	ck_assert_int_eq(add("sara"), DB_DONE);
	ck_assert_int_eq(add("reza"), DB_DONE);
	ck_assert_int_eq(add("mina"), DB_DONE);
	ck_assert_int_eq(db_read(db, "walk", walk_twice, &pairs), DB_DONE);
	ck_assert_int_eq(pairs, 6);
	ck_assert_int_eq(db_read(db, "walk", walk_twice, &pairs), DB_DONE);
	ck_assert_int_eq(pairs, 12);
}
END_TEST

static enum db_result ids_and_changes(struct db_tx *tx, void *arg)
{
	static struct db_query in =
		DB_QUERY("INSERT INTO person (name) VALUES (?) ON CONFLICT DO NOTHING RETURNING id");
	static struct db_query again = DB_QUERY("INSERT INTO person (name) VALUES ('sara') ON CONFLICT DO NOTHING");
	static struct db_query all = DB_QUERY("UPDATE person SET age = ? WHERE age IS NULL");
	struct db_stmt *s;
	int64_t id = -1;

	(void)arg;
	for (int i = 0; i < 2; i++) {
		s = db_stmt(tx, &in);
		db_text(s, i ? "reza" : "sara");
		ck_assert_int_eq(db_one_int(s, &id), DB_ROW);
		ck_assert_int_eq(id, i + 1);
	}
	s = db_stmt(tx, &in);
	db_text(s, "sara");
	ck_assert_int_eq(db_one_int(s, &id), DB_DONE);
	ck_assert_int_eq(id, 2);
	ck_assert_int_eq(db_exec(db_stmt(tx, &again)), DB_DONE);
	ck_assert_int_eq(db_changes(tx), 0);
	for (int i = 0; i < 2; i++) {
		s = db_stmt(tx, &all);
		db_int(s, 40);
		ck_assert_int_eq(db_exec(s), DB_DONE);
		ck_assert_int_eq(db_changes(tx), i ? 0 : 2);
	}
	return DB_DONE;
}

START_TEST(new_ids_and_changed_rows_are_told)
{
	ck_assert_int_eq(db_tx(db, "ids", ids_and_changes, NULL), DB_DONE);
}
END_TEST

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

static enum db_result one_statement(struct db_tx *tx, void *text)
{
	struct db_query q = {.sql = text, .file = __FILE__, .line = __LINE__};
	struct db_stmt *s = db_stmt(tx, &q);
	enum db_result r;

	while ((r = db_step(s)) == DB_ROW)
		;
	db_free(&s);
	return r;
}

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
	ck_assert_msg(strstr(db_last_error(db), "test_db.c:") != NULL, "%s", db_last_error(db));
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

/* ---- the list of queries, and rewriting ---- */

static void find_text(const struct db_query_text *q, void *arg)
{
	int *seen = arg;

	*seen += !strcmp(q->sql, "SELECT COUNT(*) AS n FROM person") && strstr(q->file, "test_db.c") && q->line > 0;
}

START_TEST(every_query_is_listed_once_without_being_run)
{
	int seen = 0;

	db_each_query(find_text, &seen);
	ck_assert_int_eq(seen, 1);
}
END_TEST

START_TEST(a_query_can_be_checked)
{
	static const struct {
		const char *sql;
		bool good;
	} table[] = {
		{"SELECT id, name FROM person WHERE name = ? AND age > ?", true},
		{"SELECT id FROM person WHERE name = '?'", true},
		{"SELECT id FROM person WHERE name = ?1", false},
		{"SELECT id FROM person WHERE nose = ?", false},
		{"SELECT id, id FROM person", false},
		{"SELECT id FROM person; DELETE FROM person", false},
		{"", false},
	};
	struct err e;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		ck_assert_msg(db_query_check(db, table[i].sql, &e) == table[i].good, "%s", table[i].sql);
}
END_TEST

START_TEST(parameters_are_numbered)
{
	static const struct {
		const char *in, *out;
		int n;
	} table[] = {
		{"", "", 0},
		{"SELECT 1", "SELECT 1", 0},
		{"a = ? AND b = ?", "a = $1 AND b = $2", 2},
		{"?,?,?,?,?,?,?,?,?,?", "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10", 10},
		{"a = '?' AND b = ?", "a = '?' AND b = $1", 1},
		{"a = 'it''s ?' AND b = ?", "a = 'it''s ?' AND b = $1", 1},
		{"\"odd?name\" = ?", "\"odd?name\" = $1", 1},
		{"? -- why?\n, ?", "$1 -- why?\n, $2", 2},
		{"? /* why? */, ?", "$1 /* why? */, $2", 2},
		{"a - ? / ?", "a - $1 / $2", 2},
		{"'never closed ?", "'never closed ?", 0},
		{"/* never closed ?", "/* never closed ?", 0},
		{"?--", "$1--", 1},
		{"?2", "$12", -1},
	};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char *got = db_sql_numbered(NULL, table[i].in);

		ck_assert_str_eq(got, table[i].out);
		ck_assert_int_eq(db_sql_count(table[i].in), table[i].n);
		talloc_free(got);
	}
}
END_TEST

START_TEST(words_of_a_migration_are_expanded)
{
	static const struct db_ddl ddl = {.id = "BIGINT KEY", .integer = "BIGINT", .blob = "BYTEA", .strict = ""};
	static const char in[] =
		"CREATE TABLE t (id @ID, at_ms @INT, x @BLOB) @STRICT; -- an @INT\nSELECT 'a@B', '@INT'";
	static const char *const wrong[] = {"a @INTEGER", "a @", "a @int", "mail@example"};
	struct err e = {""};
	char *got = db_sql_expand(NULL, in, sizeof in - 1, &ddl, &e);

	ck_assert_str_eq(got,
			 "CREATE TABLE t (id BIGINT KEY, at_ms BIGINT, x BYTEA) ; -- an @INT\nSELECT 'a@B', '@INT'");
	talloc_free(got);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		ck_assert_ptr_null(db_sql_expand(NULL, wrong[i], strlen(wrong[i]), &ddl, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "unknown word @"));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("db");
	TCase *t = tcase_create("db");
	int n_bugs = sizeof bugs / sizeof bugs[0], n_conflicts = sizeof conflicts / sizeof conflicts[0];

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_new_store_is_private_and_stays);
	tcase_add_loop_test(t, urls_that_are_refused, 0, 8);
	tcase_add_test(t, a_text_file_is_not_a_database);
	tcase_add_test(t, another_programs_database_is_left_alone);
	tcase_add_test(t, a_read_only_folder_is_named);
	tcase_add_test(t, a_read_only_file_is_named);
	tcase_add_test(t, a_reader_sees_what_is_committed_beside_the_writer);
	tcase_add_test(t, values_come_back_as_they_went_in);
	tcase_add_test(t, one_query_can_be_in_use_twice);
	tcase_add_test(t, new_ids_and_changed_rows_are_told);
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
	tcase_add_loop_test_raise_signal(t, a_bug_ends_the_process, SIGABRT, 0, n_bugs);
	tcase_add_test_raise_signal(t, writing_in_a_reading_transaction_ends_the_process, SIGABRT);
	tcase_add_test_raise_signal(t, writing_to_a_store_opened_for_reading_ends_the_process, SIGABRT);
	tcase_add_test_raise_signal(t, a_query_outside_a_transaction_ends_the_process, SIGABRT);
	tcase_add_test(t, every_query_is_listed_once_without_being_run);
	tcase_add_test(t, a_query_can_be_checked);
	tcase_add_test(t, parameters_are_numbered);
	tcase_add_test(t, words_of_a_migration_are_expanded);
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
