/* The store's facade on a real SQLite file: opening, values, the list of queries, rewriting of SQL. */
#include "people_fixture.h"

#include "db_sql.h"

#include <sqlite3.h>

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
		{"postgres://bot:hunter2@127.0.0.1:1/separex", "refused"},
		{"postgresql://bot:hunter2@127.0.0.1:1/separex", "refused"},
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

/* ---- the list of queries, and rewriting ---- */

static void find_text(const struct db_query_text *q, void *arg)
{
	int *seen = arg;

	*seen += !strcmp(q->sql, "SELECT COUNT(*) AS n FROM person") && strstr(q->file, "people_fixture.h") &&
		 q->line > 0;
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
