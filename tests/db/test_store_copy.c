/* `separex copy` at the floor of the store: all of it arrives, on whichever engine; what is not proven is not kept; and
 * what must not be copied is refused. Beside a PostgreSQL server (tests/with_postgres.sh) the new store is one of its.
 */
#include "full_book.h"

#include "owner.h"
#include "store_copy.h"

#include <sqlite3.h>

#define REST "tests/db/upgrade/rest.sql"

enum { REST_BYTES = 16384, TABLES = 29 };

static const char *old_url, *old_file, *new_url;

/* ---- stores ---- */

/* Where a store on a file can be. */
static const char *new_file(void)
{
	return talloc_strdup(ctx, file_path());
}

/* An empty place for the new store. */
static const char *new_place(void)
{
	const char *file = new_file();

	if (postgres_server())
		at_server("CREATE DATABASE %s", database_of(file));
	return talloc_strdup(ctx, url_of(file));
}

static struct db *open_url(const char *url)
{
	struct err e = {""};
	struct db *store = db_open(ctx, url, &e);

	ck_assert_msg(store != NULL, "%s", e.text);
	return store;
}

static char *read_rest(void)
{
	FILE *f = fopen(REST, "rb");
	char *text = talloc_zero_array(ctx, char, REST_BYTES);

	ck_assert_msg(f != NULL, "%s: run from the repository's root", REST);
	ck_assert_uint_lt(fread(text, 1, REST_BYTES - 1, f), REST_BYTES - 1);
	fclose(f);
	return text;
}

static const char odd_values[] =
	"UPDATE person SET name = 'گل‌فروشیِ \"سارا\" '' \\ $1 ? 😀\n۱۲۳ ي ك', former_name = '' "
	"WHERE "
	"id "
	"= "
	"1;"
	"INSERT INTO cursor (source, position) VALUES ('', -9223372036854775808), ('most', 9223372036854775807),"
	" ('ﻻ', 0), ('İı', 1);"
	"INSERT INTO conversation (person_id, step, data, since_ms) VALUES (2, '', '\\x00 \\N NULL', 0);";

/* A store with deals of every kind and a row in every table; its own epoch is 3. */
static void setup(void)
{
	struct err e = {""};

	ctx = talloc_new(NULL);
	old_file = new_file();
	old_url = talloc_asprintf(ctx, "sqlite:%s", old_file);
	db = open_url(old_url);
	for (int i = 0; i < 3; i++) {
		ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
		ck_assert_msg(migrate_run(db, now_ms, &e), "%s", e.text);
		owner_release(db);
	}
	ck_assert_int_eq(db_tx(db, "meet", meet_fn, NULL), DB_DONE);
	ck_assert_int_eq(db_tx(db, "book", write_book, NULL), DB_DONE);
	ck_assert_int_eq(script(db, read_rest()), DB_DONE);
	ck_assert_int_eq(script(db, odd_values), DB_DONE);
	db_close(&db);
	new_url = new_place();
}

static void teardown(void)
{
	db_close(&db);
	talloc_free(ctx);
}

static bool copy(const char *from, const char *to, struct store_copied *out, struct err *e)
{
	*e = (struct err){""};
	return store_copy(ctx, from, to, now_ms, out, e);
}

static enum db_result one_number(struct db_tx *tx, void *arg)
{
	struct {
		const char *sql;
		int64_t n;
	} *job = arg;
	enum db_result r = db_one_int(db_stmt_made(tx, job->sql), &job->n);

	return r == DB_ROW ? DB_DONE : r;
}

static int64_t ask(const char *url, const char *sql)
{
	struct {
		const char *sql;
		int64_t n;
	} job = {sql, -1};
	struct db *store = open_url(url);

	ck_assert_int_eq(db_read(store, "ask", one_number, &job), DB_DONE);
	db_close(&store);
	return job.n;
}

/* Nothing of the migrations' tables, or none of them yet. */
static bool is_empty(const char *url)
{
	struct db *store = open_url(url);
	bool made = db_query_check(store, "SELECT id FROM person", NULL);

	db_close(&store);
	return !made ||
	       (ask(url, "SELECT COUNT(*) AS n FROM person") == 0 && ask(url, "SELECT COUNT(*) AS n FROM fact") == 0);
}

/* ---- raw looks at a file ---- */

static char *add_cell(char *all, sqlite3_stmt *s, int i)
{
	const unsigned char *bytes = sqlite3_column_blob(s, i);
	int type = sqlite3_column_type(s, i);

	all = talloc_asprintf_append_buffer(all, "%d:", type);
	for (int at = 0; at < sqlite3_column_bytes(s, i); at++)
		all = talloc_asprintf_append_buffer(all, "%02x", bytes[at]);
	return talloc_strdup_append_buffer(all, "|");
}

static char *dump_query(sqlite3 *raw, char *all, const char *sql)
{
	sqlite3_stmt *s;
	int rc;

	ck_assert_msg(sqlite3_prepare_v2(raw, sql, -1, &s, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(raw));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(s); i++)
			all = add_cell(all, s, i);
		all = talloc_strdup_append_buffer(all, "\n");
	}
	ck_assert_int_eq(rc, SQLITE_DONE);
	sqlite3_finalize(s);
	return all;
}

/* Every value of every table with its type and its bytes in hex; each key is within the first two columns. */
static char *dump(const char *file)
{
	sqlite3 *raw;
	sqlite3_stmt *s;
	char *all = talloc_strdup(ctx, "");
	int n = 0;

	ck_assert_int_eq(sqlite3_open(file, &raw), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(raw,
					    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN "
					    "('migration', 'store_owner') ORDER BY name",
					    -1, &s, NULL),
			 SQLITE_OK);
	for (; sqlite3_step(s) == SQLITE_ROW; n++) {
		const char *table = (const char *)sqlite3_column_text(s, 0);
		char *rows = dump_query(raw, talloc_strdup(ctx, ""),
					talloc_asprintf(ctx, "SELECT * FROM %s ORDER BY 1, 2", table));

		ck_assert_msg(*rows, "nothing is in %s: what this test does not try is not known to arrive", table);
		all = talloc_asprintf_append_buffer(all, "%s\n%s", table, rows);
	}
	sqlite3_finalize(s);
	sqlite3_close(raw);
	ck_assert_int_eq(n, TABLES);
	return all;
}

/* ---- what arrives ---- */

START_TEST(there_and_back_again_it_is_the_same)
{
	const char *back = new_file();
	char *before = dump(old_file);
	struct store_copied there, again;
	struct err e;

	ck_assert_msg(copy(old_url, new_url, &there, &e), "%s", e.text);
	ck_assert_str_eq(dump(old_file), before);
	ck_assert_msg(copy(new_url, talloc_asprintf(ctx, "sqlite:%s", back), &again, &e), "%s", e.text);
	ck_assert_str_eq(dump(back), before);
	ck_assert_int_eq(there.tables, TABLES);
	ck_assert_int_gt(there.rows, 100);
	ck_assert_int_eq(there.rows, again.rows);
	ck_assert_int_gt(there.ledger_sum, 0);
	ck_assert_int_eq(there.ledger_sum, again.ledger_sum);
	ck_assert_int_eq(there.transfers, ask(old_url, "SELECT COUNT(*) AS n FROM ledger_transfer"));
	ck_assert_int_eq(there.audit.deals, BOOK_DEALS);
	ck_assert_int_eq(there.audit.flaws, 0);
}
END_TEST

static enum db_result live_on(struct db_tx *tx, void *arg)
{
	struct person p;
	struct deal d;

	(void)arg;
	ck_assert(person_meet(tx, ctx, "telegram", 900, "new", "new", "fa", now_ms, &p));
	ck_assert_int_eq(p.id, PEOPLE + 1);
	d = create_delivered(tx, 1000000, FEE_BY_HALF);
	ck_assert_int_eq(d.id, BOOK_DEALS + 1);
	return DB_DONE;
}

START_TEST(the_copy_lives_on_with_its_own_epoch_its_numbers_and_its_guards)
{
	struct store_copied done;
	struct err e;

	quiet();
	ck_assert_msg(copy(old_url, new_url, &done, &e), "%s", e.text);
	ck_assert_int_eq(ask(new_url, "SELECT epoch FROM store_owner"), 1);
	db = open_url(new_url);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
	ck_assert_int_eq(owner_epoch(db), 2);
	ck_assert_msg(migrate_check(db, &e), "%s", e.text);
	ck_assert_int_eq(db_tx(db, "live on", live_on, NULL), DB_DONE);
	ck_assert_int_eq(script(db, "UPDATE ledger_transfer SET amount = amount + 1"), DB_CONFLICT);
	ck_assert_int_eq(script(db, "DELETE FROM deal_history"), DB_CONFLICT);
	ck_assert_int_eq(script(db, "DELETE FROM staff_act"), DB_CONFLICT);
}
END_TEST

START_TEST(the_old_store_is_marked_and_nobody_gets_it)
{
	const char *lock = talloc_asprintf(ctx, "%s.lock", old_file), *file;
	struct store_copied done;
	struct err e;

	ck_assert_msg(copy(old_url, new_url, &done, &e), "%s", e.text);
	ck_assert_str_eq(done.unmarked.text, "");
	db = open_url(old_url);
	for (int i = 0; i < 2; i++) { /* being refused does not take the mark away */
		ck_assert(!owner_take(db, now_ms, &e));
		ck_assert_msg(strstr(e.text, "copied to another one") && strstr(e.text, lock), "%s", e.text);
		ck_assert(!db_reserve(ctx, old_url, &file, &e));
	}
	ck_assert(!copy(old_url, new_place(), &done, &e));
	ck_assert_msg(strstr(e.text, "copied to another one"), "%s", e.text);
	ck_assert_int_eq(unlink(lock), 0);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
	ck_assert_int_eq(owner_epoch(db), 4);
	db_close(&db);
	if (!postgres_server())
		return;
	ck_assert_msg(copy(new_url, talloc_asprintf(ctx, "sqlite:%s", new_file()), &done, &e), "%s", e.text);
	ck_assert_ptr_nonnull(strstr(done.unmarked.text, "ALTER DATABASE"));
}
END_TEST

/* ---- what is not proven ---- */

/* Triggers in the empty new store that spoil what is written there, and what is said then. */
static const struct {
	const char *when, *table, *sqlite, *postgres, *says;
} spoils[] = {
	{"AFTER", "person", "UPDATE person SET name = name || 'x' WHERE id = NEW.id AND id = 2",
	 "UPDATE person SET name = name || 'x' WHERE id = NEW.id AND id = 2; RETURN NEW", "person is not what"},
	{"AFTER", "person", "UPDATE person SET strikes = strikes + 1 WHERE id = NEW.id",
	 "NEW.strikes = NEW.strikes + 1; UPDATE person SET strikes = strikes + 1 WHERE id = NEW.id; RETURN NEW",
	 "person is not what"},
	{"BEFORE", "work", "SELECT RAISE(IGNORE) WHERE NEW.tries = 8",
	 "IF NEW.tries = 8 THEN RETURN NULL; END IF; RETURN NEW",
	 "work is not what it is in the old store (2 rows here, 3"},
	{"AFTER", "secret", "INSERT INTO fact (name, number, text) VALUES ('spoilt:' || NEW.name, 1, '')",
	 "INSERT INTO fact (name, number, text) VALUES ('spoilt:' || NEW.name, 1, ''); RETURN NEW", "fact is not what"},
	{"AFTER", "deal", "UPDATE deal SET buyer_id = NULL WHERE id = NEW.id AND id = 3",
	 "UPDATE deal SET buyer_id = NULL WHERE id = NEW.id AND id = 3; RETURN NEW", "deal is not what"},
	{"BEFORE", "cursor", "SELECT RAISE(ABORT, 'the disk has had enough')",
	 "RAISE EXCEPTION 'the disk has had enough'", "the disk has had enough"},
};

static void spoil(int i)
{
	struct err e = {""};
	struct db *store = open_url(new_url);
	const char *sql =
		postgres_server()
			? talloc_asprintf(
				  ctx,
				  "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN %s; END$$;"
				  "CREATE TRIGGER spoil %s INSERT ON %s FOR EACH ROW EXECUTE FUNCTION spoil()",
				  spoils[i].postgres, spoils[i].when, spoils[i].table)
			: talloc_asprintf(ctx, "CREATE TRIGGER spoil %s INSERT ON %s BEGIN %s; END", spoils[i].when,
					  spoils[i].table, spoils[i].sqlite);

	ck_assert_msg(migrate_run(store, now_ms, &e), "%s", e.text);
	ck_assert_int_eq(script(store, sql), DB_DONE);
	db_close(&store);
}

static void nothing_happened(const char *before)
{
	struct err e = {""};

	ck_assert(is_empty(new_url));
	ck_assert_str_eq(dump(old_file), before);
	db = open_url(old_url);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text); /* it is not marked */
}

START_TEST(a_spoilt_copy_is_found_and_not_kept)
{
	char *before = dump(old_file);
	struct store_copied done;
	struct err e;

	quiet();
	spoil(_i);
	ck_assert(!copy(old_url, new_url, &done, &e));
	ck_assert_msg(strstr(e.text, spoils[_i].says) != NULL, "%s", e.text);
	nothing_happened(before);
}
END_TEST

START_TEST(books_that_do_not_agree_are_not_copied)
{
	struct store_copied done;
	struct err e;
	char *before;

	quiet();
	db = open_url(old_url);
	ck_assert_int_eq(script(db, "UPDATE ledger_balance SET balance = balance + 1 WHERE kind = 2 AND balance > 0"),
			 DB_DONE);
	db_close(&db);
	before = dump(old_file);
	ck_assert(!copy(old_url, new_url, &done, &e));
	ck_assert_msg(strstr(e.text, "the books do not agree: ledger_balance") != NULL, "%s", e.text);
	nothing_happened(before);
}
END_TEST

/* ---- what is refused ---- */

/* Each prepares what is wrong; what stays open in `db` until the copy was refused. */
static void is_owned(void)
{
	struct err e = {""};

	db = open_url(old_url);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
}

static void is_older(void)
{
	db = open_url(old_url);
	ck_assert_int_eq(script(db, "DELETE FROM migration WHERE number = (SELECT MAX(number) FROM migration)"),
			 DB_DONE);
	db_close(&db);
}

static void is_newer(void)
{
	db = open_url(old_url);
	ck_assert_int_eq(
		script(db, "INSERT INTO migration SELECT 9000, '9000_x.sql', sha256, 1 FROM migration LIMIT 1"),
		DB_DONE);
	db_close(&db);
}

static void has_a_gap(void)
{
	db = open_url(old_url);
	ck_assert_int_eq(script(db, "CREATE TABLE another (id INTEGER PRIMARY KEY, x TEXT)"), DB_DONE);
	db_close(&db);
}

static void refers_to_nothing(void)
{
	sqlite3 *raw;

	ck_assert_int_eq(sqlite3_open(old_file, &raw), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(raw, "UPDATE receipt SET deal_id = 7777", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(raw);
}

static void new_is_owned(void)
{
	struct err e = {""};

	db = open_url(new_url);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
}

static void new_has(const char *sql)
{
	struct err e = {""};

	db = open_url(new_url);
	ck_assert_msg(migrate_run(db, now_ms, &e), "%s", e.text);
	ck_assert_int_eq(script(db, sql), DB_DONE);
	db_close(&db);
}

static void new_has_a_row(void)
{
	new_has("INSERT INTO picture (recipe_sha256, file_id, at_ms) VALUES ('a', 'b', 1)");
}

static void new_has_a_table(void)
{
	new_has("CREATE TABLE customers (id INTEGER)");
}

static void is_the_same(void)
{
	new_url = old_url;
}

static void is_not_there(void)
{
	old_url = talloc_asprintf(ctx, "%s.none", old_url);
}

static const struct {
	void (*make)(void);
	const char *says;
} refusals[] = {
	{is_owned, "the old store: another separex process"},
	{is_older, "the old store: the store is of an older version"},
	{is_newer, "the old store: the store is of a newer version"},
	{has_a_gap, "the old store: it has a table another"},
	{refers_to_nothing, "the old store is damaged"},
	{new_is_owned, "the new store: another separex process"},
	{new_has_a_row, "the new store: it is not empty (there are rows in picture)"},
	{new_has_a_table, "the new store: it has a table customers"},
	{is_the_same, "the new store: it is not empty"},
	{is_not_there, "there is no file"},
};

START_TEST(what_must_not_be_copied_is_refused)
{
	const char *there = new_url;
	struct store_copied done;
	struct err e;
	char *before;

	quiet();
	refusals[_i].make();
	before = refusals[_i].make == has_a_gap ? NULL : dump(old_file);
	ck_assert(!copy(old_url, new_url, &done, &e));
	ck_assert_msg(strstr(e.text, refusals[_i].says) != NULL, "%s", e.text);
	ck_assert(is_empty(there));
	if (before)
		ck_assert_str_eq(dump(old_file), before);
	db_close(&db);
	db = open_url(talloc_asprintf(ctx, "sqlite:%s", old_file));
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text); /* not marked, and free again */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("store_copy");
	TCase *t = tcase_create("store_copy");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, there_and_back_again_it_is_the_same);
	tcase_add_test(t, the_copy_lives_on_with_its_own_epoch_its_numbers_and_its_guards);
	tcase_add_test(t, the_old_store_is_marked_and_nobody_gets_it);
	tcase_add_loop_test(t, a_spoilt_copy_is_found_and_not_kept, 0, sizeof spoils / sizeof *spoils);
	tcase_add_test(t, books_that_do_not_agree_are_not_copied);
	tcase_add_loop_test(t, what_must_not_be_copied_is_refused, 0, sizeof refusals / sizeof *refusals);
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
