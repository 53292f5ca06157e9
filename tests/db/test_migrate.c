/* Migrations and ownership on a real SQLite file: forward, refusals, a half-failed file, two processes, fencing. */
#include "store_fixture.h"

#include "crypto.h"
#include "log.h"
#include "migrate.h"
#include "owner.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

static const char first[] =
	"-- people; and their pets\n"
	"CREATE TABLE person (id @ID, name TEXT NOT NULL, at_ms @INT NOT NULL, photo @BLOB) @STRICT;\n"
	"CREATE TRIGGER person_stays BEFORE DELETE ON person BEGIN\n"
	"\tSELECT RAISE(ABORT, 'people; stay');\n"
	"END;\n"
	"INSERT INTO person (name, at_ms) VALUES ('an @INT; here', 1);\n";
static const char second[] = "ALTER TABLE person ADD COLUMN nick TEXT NOT NULL DEFAULT 'none';";
static const char half_bad[] = "CREATE TABLE pet (id @ID) @STRICT;\n"
			       "INSERT INTO person (name, at_ms) VALUES ('half', 2);\n"
			       "INSERT INTO cage (id) VALUES (1);\n";
static const char ends_itself[] = "CREATE TABLE pet (id @ID) @STRICT; COMMIT; CREATE TABLE cage (id @ID) @STRICT;";
static const char unknown_word[] = "CREATE TABLE pet (id @SERIAL) @STRICT;";

#define FILE_OF(name, text)                                                                                            \
	{                                                                                                              \
		name, text, text + sizeof text - 1                                                                     \
	}

static const struct migration good[] = {FILE_OF("0001_people.sql", first), FILE_OF("0002_nick.sql", second)};

static struct db *db;
static const char *path;

static struct migration_list upto(size_t n)
{
	return (struct migration_list){good, n};
}

static void setup(void)
{
	path = file_path();
	db = open_or_fail(path);
}

static void teardown(void)
{
	db_close(&db);
}

static int64_t ask(const char *sql)
{
	sqlite3 *other;
	sqlite3_stmt *s;
	int64_t n = -1;

	ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
	if (sqlite3_prepare_v2(other, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(other);
	return n;
}

static void migrate_or_fail(struct migration_list list)
{
	struct err e = {""};

	ck_assert_msg(migrate_run_list(db, list, 1234, &e), "%s", e.text);
}

static void is_refused(struct migration_list list, const char *says, const char *and)
{
	struct err e = {""};

	ck_assert(!migrate_run_list(db, list, 5678, &e));
	ck_assert_msg(strstr(e.text, says) && strstr(e.text, and), "%s", e.text);
}

/* ---- migrations ---- */

START_TEST(a_new_store_gets_every_file_once)
{
	char sha256[SHA256_HEX_BYTES], sql[200];

	migrate_or_fail(upto(2));
	migrate_or_fail(upto(2));
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM migration WHERE at_ms = 1234"), 2);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM person WHERE name = 'an @INT; here' AND nick = 'none'"), 1);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'"), 1);
	sha256_hex(first, sizeof first - 1, sha256);
	snprintf(sql, sizeof sql, "SELECT number FROM migration WHERE name = '0001_people.sql' AND sha256 = '%s'",
		 sha256);
	ck_assert_int_eq(ask(sql), 1);
}
END_TEST

START_TEST(an_older_store_gets_the_rest)
{
	migrate_or_fail(upto(1));
	ck_assert_int_eq(ask("SELECT COUNT(nick) FROM person"), -1);
	migrate_or_fail(upto(2));
	ck_assert_int_eq(ask("SELECT COUNT(nick) FROM person"), 1);
}
END_TEST

START_TEST(a_store_of_a_newer_version_is_refused)
{
	migrate_or_fail(upto(2));
	is_refused(upto(1), "newer version", "0002_nick.sql");
	is_refused(upto(0), "newer version", "ends at none");
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM migration"), 2);
}
END_TEST

START_TEST(a_changed_file_is_refused)
{
	static const char changed[] = "ALTER TABLE person ADD COLUMN nick TEXT NOT NULL DEFAULT 'nobody';";
	static const struct migration text[] = {FILE_OF("0001_people.sql", first), FILE_OF("0002_nick.sql", changed)};
	static const struct migration name[] = {FILE_OF("0001_persons.sql", first), FILE_OF("0002_nick.sql", second)};

	migrate_or_fail(upto(2));
	is_refused((struct migration_list){text, 2}, "storage/migrations/0002_nick.sql was changed", "in a new file");
	is_refused((struct migration_list){name, 2}, "storage/migrations/0001_persons.sql", "0001_people.sql");
	migrate_or_fail(upto(2));
}
END_TEST

START_TEST(a_gap_in_the_store_is_refused)
{
	migrate_or_fail(upto(2));
	ck_assert_int_eq(script(db, "DELETE FROM migration WHERE number = 1"), DB_DONE);
	is_refused(upto(2), "lacks migration 1", "0002_nick.sql");
}
END_TEST

START_TEST(a_file_that_fails_leaves_nothing)
{
	static const struct migration half[] = {FILE_OF("0001_people.sql", first), FILE_OF("0002_bad.sql", half_bad)};
	static const struct migration ends[] = {FILE_OF("0001_people.sql", first),
						FILE_OF("0002_end.sql", ends_itself)};
	static const struct migration word[] = {FILE_OF("0001_people.sql", first), FILE_OF("0002_w.sql", unknown_word)};

	quiet();
	is_refused((struct migration_list){half, 2}, "storage/migrations/0002_bad.sql could not be applied", "cage");
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM person"), 1);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM pet"), -1);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM migration"), 1);
	is_refused((struct migration_list){word, 2}, "storage/migrations/0002_w.sql", "@SERIAL");
	migrate_or_fail(upto(2));
	is_refused((struct migration_list){ends, 2}, "0002_end.sql", "changed");
}
END_TEST

START_TEST(a_file_may_not_end_its_transaction)
{
	static const struct migration ends[] = {FILE_OF("0001_end.sql", ends_itself)};

	quiet();
	is_refused((struct migration_list){ends, 1}, "0001_end.sql could not be applied", "ended from within");
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM migration"), 0);
}
END_TEST

START_TEST(a_full_disk_stops_a_file_whole)
{
	struct err e;

	quiet();
	migrate_or_fail(upto(0));
	ck_assert_int_eq(script(db, "PRAGMA max_page_count = 3"), DB_DONE);
	ck_assert(!migrate_run_list(db, upto(2), 1234, &e));
	ck_assert_msg(strstr(e.text, "disk full") != NULL, "%s", e.text);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM migration"), 0);
	ck_assert_int_eq(script(db, "PRAGMA max_page_count = 10000"), DB_DONE);
	migrate_or_fail(upto(2));
}
END_TEST

START_TEST(a_forgotten_number_ends_the_process)
{
	static const struct migration gap[] = {FILE_OF("0001_people.sql", first), FILE_OF("0003_nick.sql", second)};

	quiet();
	migrate_run_list(db, (struct migration_list){gap, 2}, 1, NULL);
}
END_TEST

START_TEST(a_reader_wants_its_own_version)
{
	struct db *reader;
	struct err e = {""};

	reader = db_open_readonly(NULL, url_of(path), &e);
	ck_assert_msg(reader != NULL, "%s", e.text);
	ck_assert(!migrate_check_list(reader, upto(1), &e));
	ck_assert_msg(strstr(e.text, "start the bot once") != NULL, "%s", e.text);
	migrate_or_fail(upto(1));
	ck_assert_msg(migrate_check_list(reader, upto(1), &e), "%s", e.text);
	ck_assert(!migrate_check_list(reader, upto(2), &e));
	ck_assert_msg(strstr(e.text, "older version") && strstr(e.text, "0002_nick.sql"), "%s", e.text);
	migrate_or_fail(upto(2));
	ck_assert(!migrate_check_list(reader, upto(1), &e));
	ck_assert_msg(strstr(e.text, "newer version") != NULL, "%s", e.text);
	db_close(&reader);
}
END_TEST

static void compiles(const struct db_query_text *q, void *arg)
{
	struct err e = {""};
	int *n = arg;

	/* The queries of the program, not those of this test. */
	if (strncmp(q->file, "storage/", 8))
		return;
	++*n;
	ck_assert_msg(db_query_check(db, q->sql, &e), "%s:%d: %s", q->file, q->line, e.text);
}

START_TEST(the_programs_own_files_apply_and_its_queries_compile)
{
	struct err e = {""};
	int n = 0;

	ck_assert_uint_gt(migrate_builtin().n, 0);
	ck_assert_msg(migrate_run(db, 1234, &e), "%s", e.text);
	ck_assert_msg(migrate_check(db, &e), "%s", e.text);
	ck_assert_int_eq(ask("PRAGMA foreign_key_check"), -1);
	db_each_query(compiles, &n);
	ck_assert_int_ge(n, 4);
}
END_TEST

/* ---- one writer ---- */

static enum db_result add_fn(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name, at_ms) VALUES (?, 1)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, arg);
	return db_exec(s);
}

static enum db_result add(struct db *store)
{
	return db_tx(store, "add", add_fn, (void *)(uintptr_t) "sara");
}

/* A second process that takes the store, writes what it saw to the pipe, and stays until it is killed. */
static pid_t second_process(int *says)
{
	int ends[2];
	pid_t child;

	ck_assert_int_eq(pipe(ends), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (!child) {
		struct err e = {""};
		struct db *mine = db_open(NULL, url_of(path), &e);
		bool ok = mine && owner_take(mine, 1, &e);

		dprintf(ends[1], "%s", ok ? "taken" : e.text);
		close(ends[1]);
		pause();
		_exit(0);
	}
	close(ends[1]);
	*says = ends[0];
	return child;
}

static void read_all(int fd, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size - 1 && (got = read(fd, text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd);
}

static void kill_and_wait(pid_t child)
{
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

START_TEST(a_second_process_is_refused_and_told_who)
{
	char text[600], expected[100];
	struct err e = {""};
	pid_t child;
	int says;

	db_close(&db);
	child = second_process(&says);
	read_all(says, text, sizeof text);
	ck_assert_str_eq(text, "taken");
	db = open_or_fail(path);
	ck_assert(!owner_take(db, 1, &e));
	snprintf(expected, sizeof expected, "another separex process (pid %d) uses this store; stop it first",
		 (int)child);
	ck_assert_str_eq(e.text, expected);
	ck_assert_int_eq(owner_epoch(db), 0);
	kill_and_wait(child);
	/* Its death gave the store free, kill -9 or not. */
	ck_assert_msg(owner_take(db, 1, &e), "%s", e.text);
	ck_assert_int_eq(owner_epoch(db), 2);
	ck_assert_int_eq(ask("SELECT pid FROM store_owner"), getpid());
}
END_TEST

START_TEST(the_first_keeps_working_beside_a_refused_second)
{
	char text[600];
	struct err e = {""};
	pid_t child;
	int says;

	ck_assert_msg(owner_take(db, 1, &e), "%s", e.text);
	migrate_or_fail(upto(2));
	child = second_process(&says);
	read_all(says, text, sizeof text);
	ck_assert_msg(strstr(text, "uses this store; stop it first") != NULL, "%s", text);
	ck_assert_int_eq(add(db), DB_DONE);
	kill_and_wait(child);
	ck_assert_int_eq(add(db), DB_DONE);
	ck_assert(!db_fenced(db));
}
END_TEST

START_TEST(another_name_of_the_file_is_the_same_store)
{
	char link_name[NAME_MAX_BYTES + 16];
	struct db *other;
	struct err e = {""};

	snprintf(link_name, sizeof link_name, "%s.link", path);
	ck_assert_int_eq(symlink(path, link_name), 0);
	ck_assert(owner_take(db, 1, &e));
	other = open_or_fail(link_name);
	ck_assert(!owner_take(other, 1, &e));
	db_close(&other);
}
END_TEST

START_TEST(a_released_store_can_be_taken_again)
{
	struct err e = {""};
	struct db *other = open_or_fail(path);

	ck_assert(owner_take(db, 1, &e));
	ck_assert(!owner_take(other, 1, &e));
	owner_release(db);
	owner_release(db);
	ck_assert_msg(owner_take(other, 1, &e), "%s", e.text);
	db_close(&other);
	ck_assert_msg(owner_take(db, 1, &e), "%s", e.text);
	ck_assert_int_eq(owner_epoch(db), 3);
}
END_TEST

START_TEST(a_fenced_writer_writes_nothing_more)
{
	char lock[NAME_MAX_BYTES + 16];
	struct db *other;
	struct err e = {""};

	quiet();
	ck_assert(owner_take(db, 1, &e));
	migrate_or_fail(upto(2));
	/* Somebody removed the lock file under a running bot and started a second one. */
	snprintf(lock, sizeof lock, "%s.lock", path);
	ck_assert_int_eq(unlink(lock), 0);
	other = open_or_fail(path);
	ck_assert_msg(owner_take(other, 1, &e), "%s", e.text);
	ck_assert_int_eq(add(db), DB_FAIL);
	ck_assert(db_fenced(db));
	ck_assert_msg(strstr(db_last_error(db), "another process took this store over") != NULL, "%s",
		      db_last_error(db));
	ck_assert_int_eq(add(other), DB_DONE);
	ck_assert_int_eq(add(db), DB_FAIL);
	ck_assert_int_eq(ask("SELECT COUNT(*) FROM person"), 2);
	db_close(&other);
}
END_TEST

START_TEST(a_lock_file_that_cannot_be_written_is_named)
{
	char lock[NAME_MAX_BYTES + 16];
	struct err e = {""};

	snprintf(lock, sizeof lock, "%s.lock", path);
	ck_assert_int_eq(mkdir(lock, 0755), 0);
	ck_assert(!owner_take(db, 1, &e));
	ck_assert_msg(strstr(e.text, lock) != NULL, "%s", e.text);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("migrate");
	TCase *t = tcase_create("migrate"), *o = tcase_create("owner");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_new_store_gets_every_file_once);
	tcase_add_test(t, an_older_store_gets_the_rest);
	tcase_add_test(t, a_store_of_a_newer_version_is_refused);
	tcase_add_test(t, a_changed_file_is_refused);
	tcase_add_test(t, a_gap_in_the_store_is_refused);
	tcase_add_test(t, a_file_that_fails_leaves_nothing);
	tcase_add_test(t, a_file_may_not_end_its_transaction);
	tcase_add_test(t, a_full_disk_stops_a_file_whole);
	tcase_add_test_raise_signal(t, a_forgotten_number_ends_the_process, SIGABRT);
	tcase_add_test(t, a_reader_wants_its_own_version);
	tcase_add_test(t, the_programs_own_files_apply_and_its_queries_compile);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(o, setup, teardown);
	tcase_set_timeout(o, 60);
	tcase_add_test(o, a_second_process_is_refused_and_told_who);
	tcase_add_test(o, the_first_keeps_working_beside_a_refused_second);
	tcase_add_test(o, another_name_of_the_file_is_the_same_store);
	tcase_add_test(o, a_released_store_can_be_taken_again);
	tcase_add_test(o, a_fenced_writer_writes_nothing_more);
	tcase_add_test(o, a_lock_file_that_cannot_be_written_is_named);
	suite_add_tcase(s, o);
	return s;
}

int main(void)
{
	int failed;

	folder_make();
	log_set_level(LOG_WARN);
	failed = tap_run(suite());
	folder_remove();
	return failed;
}
