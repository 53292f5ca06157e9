/* Rows from store to store whatever their values are (also kinds that no table of Separex has), and the sums that tell
 * contents apart. Beside a PostgreSQL server (tests/with_postgres.sh) they go there and come back. */
#include "store_fixture.h"

#include "rows_copy.h"

enum { MORE = 2543 };

static void *ctx;

static void setup(void)
{
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(ctx);
}

static const char *new_file(void)
{
	return talloc_asprintf(ctx, "sqlite:%s", file_path());
}

/* More than go in one statement, and come in one piece. */
#define MANY_MORE                                                                                                      \
	"INSERT INTO thing WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2543)"            \
	" SELECT 100 + i, i * i, 'ب' || i, NULL, NULL FROM n"

static struct rows_sum sums[2];

static enum db_result from_there(struct db_tx *from, void *to)
{
	struct err e = {""};

	ck_assert_msg(rows_copy(from, to, "thing", &sums[0], &e), "%s", e.text);
	return DB_DONE;
}

static enum db_result to_here(struct db_tx *to, void *from)
{
	struct err e = {""};

	ck_assert_int_eq(db_read(from, "from", from_there, to), DB_DONE);
	ck_assert_msg(rows_read(to, "thing", &sums[1], &e), "%s", e.text);
	return DB_DONE;
}

static enum db_result read_things(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT n, t, a, b FROM thing WHERE id < 10 ORDER BY id");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t bytes;

	(void)arg;
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert(db_col_null(s, "n") && db_col_null(s, "t") && db_col_null(s, "a") && db_col_null(s, "b"));
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert(!db_col_null(s, "n") && !db_col_null(s, "t") && !db_col_null(s, "a") && db_col_null(s, "b"));
	ck_assert_ptr_nonnull(db_col_blob(ctx, s, "a", &bytes));
	ck_assert_uint_eq(bytes, 0);
	ck_assert_int_eq(db_step(s), DB_ROW);
	ck_assert_mem_eq(db_col_blob(ctx, s, "a", &bytes), "\0\xff\\x", 4);
	ck_assert_uint_eq(bytes, 4);
	ck_assert_mem_eq(db_col_blob(ctx, s, "b", &bytes), "\1\2", 2);
	ck_assert_int_eq(db_step(s), DB_DONE);
	db_free(&s);
	return DB_DONE;
}

static struct db *things(const char *url, const char *rows)
{
	struct err e = {""};
	struct db *store = db_open(ctx, url, &e);
	const char *table = "CREATE TABLE thing (id @ID, n @INT, t TEXT, a @BLOB, b @BLOB) @STRICT;";
	char *sql;

	ck_assert_msg(store != NULL, "%s", e.text);
	sql = db_sql_expand(ctx, table, strlen(table), &db_driver_of(store)->ddl, &e);
	ck_assert_int_eq(script(store, sql), DB_DONE);
	ck_assert_int_eq(script(store, rows), DB_DONE);
	return store;
}

START_TEST(nothing_and_empty_and_bytes_stay_what_they_are)
{
	struct db *from = things(new_file(), "INSERT INTO thing (id, n, t, a, b) VALUES (1, NULL, NULL, NULL, NULL),"
					     " (2, 0, '', x'', NULL), (9, -1, 'ی', x'00ff5c78', x'0102');" MANY_MORE);
	const char *file = talloc_strdup(ctx, file_path());
	struct db *to;
	struct db *back = things(new_file(), "SELECT 1");
	struct rows_sum first;

	if (postgres_server())
		at_server("CREATE DATABASE %s", database_of(file));
	to = things(url_of(file), "SELECT 1");
	ck_assert_int_eq(db_tx(to, "to", to_here, from), DB_DONE);
	first = sums[0];
	ck_assert(rows_same(&sums[0], &sums[1]));
	ck_assert_int_eq(first.rows, 3 + MORE);
	ck_assert_int_eq(db_read(to, "read", read_things, NULL), DB_DONE);
	ck_assert_int_eq(db_tx(back, "back", to_here, to), DB_DONE);
	ck_assert(rows_same(&sums[1], &first));
	ck_assert_int_eq(db_read(back, "read", read_things, NULL), DB_DONE);
	db_close(&from);
	db_close(&to);
	db_close(&back);
}
END_TEST

/* Each is another content, however much it looks the same. */
static const char *const contents[] = {
	"SELECT 1",
	"INSERT INTO thing (id) VALUES (1)",
	"INSERT INTO thing (id, n) VALUES (1, 0)",
	"INSERT INTO thing (id, t) VALUES (1, '')",
	"INSERT INTO thing (id, t) VALUES (1, '0')",
	"INSERT INTO thing (id, a) VALUES (1, x'')",
	"INSERT INTO thing (id, b) VALUES (1, x'')",
	"INSERT INTO thing (id, a) VALUES (1, x'30')",
	"INSERT INTO thing (id, a) VALUES (1, x'3030')",
	"INSERT INTO thing (id, a, b) VALUES (1, x'30', x'30')",
	"INSERT INTO thing (id, n) VALUES (1, 5), (2, 6)",
	"INSERT INTO thing (id, n) VALUES (1, 6), (2, 5)",
	"INSERT INTO thing (id, n) VALUES (1, 5), (2, 6), (3, 7)",
};

static enum db_result sum_up(struct db_tx *tx, void *sum)
{
	struct err e = {""};

	ck_assert_msg(rows_read(tx, "thing", sum, &e), "%s", e.text);
	return DB_DONE;
}

START_TEST(another_content_is_another_sum)
{
	struct rows_sum all[sizeof contents / sizeof *contents];

	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
		struct db *store = things(new_file(), contents[i]);

		ck_assert_int_eq(db_read(store, "sum", sum_up, &all[i]), DB_DONE);
		db_close(&store);
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(!rows_same(&all[i], &all[j]), "%s and %s", contents[i], contents[j]);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("rows_copy");
	TCase *t = tcase_create("rows_copy");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, nothing_and_empty_and_bytes_stay_what_they_are);
	tcase_add_test(t, another_content_is_another_sum);
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
