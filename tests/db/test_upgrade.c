/* Upgrades: a store of each earlier version, with data of every kind in it, becomes one of this version in which
 * nothing is lost, nothing hangs loose and the books still agree; also when the upgrade was killed halfway. */
#include "full_book.h"

#include "audit.h"
#include "db_driver.h"
#include "log.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#define REST "tests/db/upgrade/rest.sql"

/* More than the engine's cache holds, so that pages of a file that is not committed are in the log. */
enum { VERSIONS = 10, VANDAR_MOVED_IN = 8, RAIL_CAME_IN = 3, LOG_BYTES = 8 << 20, PAUSE_US = 1000 };

static const char *newest; /* a store of this version with data of every kind */

/* ---- raw looks at a store ---- */

static sqlite3 *open_raw(const char *file)
{
	sqlite3 *raw;

	ck_assert_int_eq(sqlite3_open(file, &raw), SQLITE_OK);
	sqlite3_busy_timeout(raw, 5000);
	return raw;
}

static void raw_exec(sqlite3 *raw, const char *sql)
{
	char *why = NULL;

	ck_assert_msg(sqlite3_exec(raw, sql, NULL, NULL, &why) == SQLITE_OK, "%s: %s", sql, why ? why : "");
}

/* Every row of the answer as text, a line each. */
static char *raw_text(sqlite3 *raw, const char *sql)
{
	char *all = talloc_strdup(ctx, "");
	sqlite3_stmt *s;
	int rc;

	ck_assert_msg(sqlite3_prepare_v2(raw, sql, -1, &s, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(raw));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(s); i++) {
			const char *text = (const char *)sqlite3_column_text(s, i);

			all = talloc_asprintf_append_buffer(all, "%s|", text ? text : "NULL");
		}
		all = talloc_strdup_append_buffer(all, "\n");
	}
	ck_assert_int_eq(rc, SQLITE_DONE);
	sqlite3_finalize(s);
	return all;
}

static char *text_of(const char *file, const char *sql)
{
	sqlite3 *raw = open_raw(file);
	char *text = raw_text(raw, sql);

	sqlite3_close(raw);
	return text;
}

/* The columns of a table, "a, b, c". */
static char *columns_of(sqlite3 *raw, const char *table)
{
	char *names = raw_text(
		raw, talloc_asprintf(ctx, "SELECT group_concat(name, ', ') FROM pragma_table_info('%s')", table));

	names[strcspn(names, "|")] = '\0';
	return names;
}

/* Calls fn for each table with data of ours. */
static void each_table(sqlite3 *raw, void (*fn)(sqlite3 *raw, const char *table, void *arg), void *arg)
{
	char *names = raw_text(raw, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
				    "AND name NOT IN ('migration', 'store_owner') ORDER BY name");

	for (char *save = NULL, *name = strtok_r(names, "|\n", &save); name; name = strtok_r(NULL, "|\n", &save))
		fn(raw, name, arg);
}

/* ---- a store of an earlier version ---- */

static char *read_rest(void)
{
	FILE *f = fopen(REST, "rb");
	char *text = talloc_zero_array(ctx, char, 16384);

	ck_assert_msg(f != NULL, "%s: run from the repository's root", REST);
	ck_assert_uint_lt(fread(text, 1, 16383, f), 16383);
	fclose(f);
	return text;
}

/* The book of this version, to take earlier ones from. */
static void setup(void)
{
	sqlite3 *raw;

	book_open();
	ck_assert_int_eq(db_tx(db, "book", write_book, NULL), DB_DONE);
	db_close(&db);
	newest = path;
	raw = open_raw(newest);
	raw_exec(raw, read_rest());
	sqlite3_close(raw);
}

static void teardown(void)
{
	talloc_free(ctx);
}

static struct migration_list up_to(size_t n)
{
	struct migration_list all = migrate_builtin();

	ck_assert_uint_eq(all.n, VERSIONS);
	return (struct migration_list){all.items, n};
}

static void copy_table(sqlite3 *raw, const char *table, void *arg)
{
	const char *columns = columns_of(raw, table);

	(void)arg;
	raw_exec(raw, talloc_asprintf(ctx, "DELETE FROM %s; INSERT INTO %s (%s) SELECT %s FROM newest.%s", table, table,
				      columns, columns, table));
}

/* What a program of version n would have left. */
static const char *store_of(size_t n)
{
	const char *file = talloc_strdup(ctx, file_path());
	struct db *old = open_or_fail(file);
	struct err e = {""};
	sqlite3 *raw;

	ck_assert_msg(migrate_run_list(old, up_to(n), now_ms, &e), "%s", e.text);
	db_close(&old);
	raw = open_raw(file);
	raw_exec(raw, talloc_asprintf(ctx, "ATTACH '%s' AS newest", newest));
	each_table(raw, copy_table, NULL);
	if (n < VANDAR_MOVED_IN)
		raw_exec(raw, "INSERT INTO fact VALUES ('vandar.access', 45, 'A'), ('vandar.refresh', 0, 'R')");
	sqlite3_close(raw);
	return file;
}

/* ---- what must be so after it ---- */

struct tables {
	size_t n;
	const char *name[40], *select[40], *text[40];
};

/* What 0003 and 0008 change on purpose is looked at by itself. */
static const char *what_stays(const char *table, const char *columns)
{
	const char *where = strcmp(table, "fact") ? "" : " WHERE name NOT LIKE 'vandar.%'";

	return talloc_asprintf(ctx, "SELECT %s FROM %s%s ORDER BY %s", columns, table, where, columns);
}

static void note_table(sqlite3 *raw, const char *table, void *arg)
{
	struct tables *all = arg;
	size_t i = all->n++;

	ck_assert_uint_lt(i, 40);
	all->name[i] = talloc_strdup(ctx, table);
	all->select[i] = what_stays(table, columns_of(raw, table));
	all->text[i] = raw_text(raw, all->select[i]);
	ck_assert_msg(*all->text[i], "no row of %s is tried", table);
}

static struct tables all_of(const char *file)
{
	sqlite3 *raw = open_raw(file);
	struct tables all = {0};

	each_table(raw, note_table, &all);
	sqlite3_close(raw);
	return all;
}

static void nothing_is_lost(const struct tables *before, const char *file)
{
	for (size_t i = 0; i < before->n; i++)
		ck_assert_msg(!strcmp(text_of(file, before->select[i]), before->text[i]), "%s was\n%sand is\n%s",
			      before->name[i], before->text[i], text_of(file, before->select[i]));
}

static enum db_result audit_fn(struct db_tx *tx, void *arg)
{
	return audit_run(tx, ctx, arg) ? DB_DONE : DB_FAIL;
}

static void books_agree(struct db *store)
{
	struct audit_report report;

	ck_assert_int_eq(db_read(store, "audit", audit_fn, &report), DB_DONE);
	ck_assert_msg(!report.flaws, "%s", report.n_lines ? report.lines[0] : "");
	ck_assert_int_eq(report.deals, BOOK_DEALS);
	ck_assert_int_gt(report.banks, 0);
}

static void moved_as_meant(size_t from, const char *file)
{
	if (from < VANDAR_MOVED_IN) {
		ck_assert_str_eq(text_of(file, "SELECT name, text FROM secret ORDER BY name"),
				 "vandar.access|A|\nvandar.refresh|R|\n");
		ck_assert_str_eq(text_of(file, "SELECT number, text FROM fact WHERE name = 'vandar.access'"), "45||\n");
	}
	if (from < RAIL_CAME_IN)
		ck_assert_str_eq(text_of(file, "SELECT DISTINCT kind, rail FROM settlement ORDER BY kind"),
				 "1|bank|\n2|along|\n");
}

static void is_whole(size_t from, const struct tables *before, const char *file)
{
	static const char schema[] = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name";
	struct db *store = open_or_fail(file);
	struct err e = {""};

	ck_assert_msg(migrate_run(store, now_ms + 1, &e), "from version %zu: %s", from, e.text);
	ck_assert_msg(migrate_check(store, &e), "%s", e.text);
	ck_assert_msg(db_check(store) == DB_DONE, "%s", db_last_error(store));
	books_agree(store);
	db_close(&store);
	nothing_is_lost(before, file);
	moved_as_meant(from, file);
	ck_assert_str_eq(text_of(file, "PRAGMA foreign_key_check"), "");
	ck_assert_str_eq(text_of(file, schema), text_of(newest, schema));
	ck_assert_str_eq(text_of(file, "SELECT number, name, sha256 FROM migration ORDER BY number"),
			 text_of(newest, "SELECT number, name, sha256 FROM migration ORDER BY number"));
}

START_TEST(each_version_becomes_this_one)
{
	size_t from = (size_t)_i;
	const char *file = store_of(from);
	struct tables before = all_of(file);

	is_whole(from, &before, file);
	is_whole(from, &before, file); /* and once more: nothing is left to do */
}
END_TEST

/* ---- killed halfway ---- */

/* The file after `from`, and then work without an end: what it wrote is in the log, and never committed. */
static struct migration endless(size_t from)
{
	static const char then[] =
		"\nCREATE TABLE ballast (id @INT) @STRICT;\n"
		"INSERT INTO ballast WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
		"SELECT i FROM n;\n";
	struct migration m = migrate_builtin().items[from];
	char *text = talloc_asprintf(ctx, "%.*s%s", (int)(m.end - m.text), m.text, then);

	return (struct migration){m.name, text, text + strlen(text)};
}

static pid_t upgrade_without_end(size_t from, const char *file)
{
	struct migration list[VERSIONS];
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child)
		return child;
	memcpy(list, migrate_builtin().items, sizeof list);
	list[from] = endless(from);
	migrate_run_list(open_or_fail(file), (struct migration_list){list, from + 1}, now_ms, NULL);
	_exit(1);
}

static void wait_for_log(pid_t child, const char *file)
{
	const char *log = talloc_asprintf(ctx, "%s-wal", file);
	struct stat st = {0};

	while (stat(log, &st) || st.st_size < LOG_BYTES) {
		ck_assert_int_eq(waitpid(child, NULL, WNOHANG), 0);
		usleep(PAUSE_US);
	}
}

START_TEST(an_upgrade_that_is_killed_halfway_is_whole_afterwards)
{
	size_t from = (size_t)_i;
	const char *file = store_of(from);
	struct tables before = all_of(file);
	pid_t child;
	int status;

	quiet();
	child = upgrade_without_end(from, file);
	wait_for_log(child, file);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
	ck_assert_str_eq(text_of(file, "SELECT MAX(number) FROM migration"), talloc_asprintf(ctx, "%zu|\n", from));
	ck_assert_str_eq(text_of(file, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'ballast'"), "0|\n");
	is_whole(from, &before, file);
}
END_TEST

/* ---- a newer version ---- */

START_TEST(a_store_of_a_newer_version_is_refused_and_left_alone)
{
	const char *file = store_of(VERSIONS), *found;
	struct tables before = all_of(file);
	struct err e = {""};
	struct db *store;
	bool current;

	text_of(file, "INSERT INTO migration VALUES (99, '0099_future.sql', printf('%064d', 0), 1)");
	store = open_or_fail(file);
	ck_assert(!migrate_run(store, now_ms, &e));
	ck_assert_msg(strstr(e.text, "newer version") && strstr(e.text, "0099_future.sql") &&
			      strstr(e.text, "start the newer program, or restore the backup"),
		      "%s", e.text);
	ck_assert(!migrate_check(store, &e));
	ck_assert(!migrate_known(store, &current, &found, &e));
	db_close(&store);
	nothing_is_lost(&before, file);
}
END_TEST

START_TEST(an_earlier_version_is_known_by_its_name)
{
	const char *found;
	struct err e = {""};
	struct db *store = open_or_fail(store_of(3));
	bool current = true;

	ck_assert_msg(migrate_known(store, &current, &found, &e), "%s", e.text);
	ck_assert(!current);
	ck_assert_str_eq(found, "0003_money.sql");
	ck_assert(!migrate_check(store, &e));
	db_close(&store);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("upgrade");
	TCase *t = tcase_create("upgrade");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, each_version_becomes_this_one, 1, VERSIONS + 1);
	tcase_add_loop_test(t, an_upgrade_that_is_killed_halfway_is_whole_afterwards, 1, VERSIONS);
	tcase_add_test(t, a_store_of_a_newer_version_is_refused_and_left_alone);
	tcase_add_test(t, an_earlier_version_is_known_by_its_name);
	suite_add_tcase(s, t);
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
