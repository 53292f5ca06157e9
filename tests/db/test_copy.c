/* Copying a store beside its writer, reading all of it, reserving its place, and what a restored one holds back. */
#include "book_fixture.h"

#include "owner.h"
#include "repo_batch.h"
#include "repo_inbox.h"
#include "repo_restored.h"

#include <fcntl.h>
#include <sqlite3.h>

enum { LONG_MS = 60000, PAGE = 4096 };

static const char *empty_file(void)
{
	const char *name = talloc_strdup(ctx, file_path());
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
	return name;
}

static int64_t ask(const char *file, const char *sql)
{
	sqlite3 *raw;
	sqlite3_stmt *s;
	int64_t n = -1;

	ck_assert_int_eq(sqlite3_open(file, &raw), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(raw, sql, -1, &s, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(raw));
	if (sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(raw);
	return n;
}

static struct db *reader(const char *file)
{
	struct err e = {""};
	struct db *store = db_open_readonly(ctx, url_of(file), &e);

	ck_assert_msg(store != NULL, "%s", e.text);
	return store;
}

/* ---- copy and check ---- */

static enum db_result copy_inside(struct db_tx *tx, void *arg)
{
	struct db *other = reader(path);

	fact_set(tx, "not committed", 1, "");
	ck_assert_int_eq(db_copy(other, arg, LONG_MS), DB_DONE);
	db_close(&other);
	fact_set(tx, "after the copy", 1, "");
	return DB_DONE;
}

START_TEST(a_copy_waits_for_no_writer_and_holds_what_was_committed)
{
	const char *file = empty_file();
	struct db *copy;
	struct err e = {""};

	ck_assert_int_eq(db_tx(db, "beside", copy_inside, (void *)(uintptr_t)file), DB_DONE);
	ck_assert_int_eq(ask(path, "SELECT COUNT(*) FROM fact WHERE name IN ('not committed', 'after the copy')"), 2);
	ck_assert_int_eq(ask(file, "SELECT COUNT(*) FROM fact"), 0);
	ck_assert_int_eq(ask(file, "SELECT COUNT(*) FROM person"), PEOPLE);
	copy = reader(file);
	ck_assert_msg(migrate_check(copy, &e), "%s", e.text);
	ck_assert_msg(db_check(copy) == DB_DONE, "%s", db_last_error(copy));
	db_close(&copy);
	ck_assert_int_ne(access(talloc_asprintf(ctx, "%s-wal", file), F_OK), 0);
}
END_TEST

START_TEST(a_copy_that_takes_too_long_is_given_up)
{
	struct db *other;

	quiet();
	script(db,
	       "INSERT INTO picture WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
	       "SELECT i, i, 1 FROM n");
	other = reader(path);
	ck_assert_int_eq(db_copy(other, empty_file(), -1), DB_FAIL);
	ck_assert_msg(strstr(db_last_error(other), "interrupted") != NULL, "%s", db_last_error(other));
	ck_assert_int_eq(db_copy(other, empty_file(), LONG_MS), DB_DONE);
	ck_assert_int_eq(db_copy(other, path, LONG_MS), DB_FAIL); /* never over a store */
	db_close(&other);
	ck_assert_int_eq(ask(path, "SELECT COUNT(*) FROM person"), PEOPLE);
}
END_TEST

START_TEST(a_check_finds_what_refers_to_nothing_and_what_is_damaged)
{
	static char junk[PAGE];
	struct db *other;
	int fd;

	ck_assert_int_eq(db_check(db), DB_DONE);
	ck_assert_int_eq(ask(path, "INSERT INTO receipt VALUES ('x', 77, 1) RETURNING deal_id"), 77);
	ck_assert_int_eq(db_check(db), DB_FAIL);
	ck_assert_msg(strstr(db_last_error(db), "receipt") != NULL, "%s", db_last_error(db));
	script(db, "DELETE FROM receipt");
	ck_assert_int_eq(db_check(db), DB_DONE);
	db_close(&db);
	memset(junk, 0x5a, sizeof junk);
	fd = open(path, O_WRONLY);
	ck_assert_int_eq(pwrite(fd, junk, sizeof junk, (off_t)20 * PAGE), PAGE);
	close(fd);
	other = reader(path);
	ck_assert_int_eq(db_check(other), DB_FAIL);
	db_close(&other);
	db = open_or_fail(file_path()); /* for the end of the test */
}
END_TEST

/* ---- the place of a store ---- */

START_TEST(a_reserved_store_has_no_owner_and_an_owned_one_is_not_reserved)
{
	struct err e = {""};
	const char *file = "";
	struct db_reserved *r = db_reserve(ctx, url_of(path), &file, &e);

	ck_assert_msg(r != NULL, "%s", e.text);
	ck_assert_str_eq(file, path);
	ck_assert(!owner_take(db, now_ms, &e));
	ck_assert_msg(strstr(e.text, "another separex process") != NULL, "%s", e.text);
	talloc_free(r);
	ck_assert_msg(owner_take(db, now_ms, &e), "%s", e.text);
	ck_assert_ptr_null(db_reserve(ctx, url_of(path), &file, &e));
	ck_assert_msg(strstr(e.text, "stop it first") != NULL, "%s", e.text);
}
END_TEST

START_TEST(a_place_without_a_store_can_be_reserved)
{
	struct err e = {""};
	const char *none = talloc_strdup(ctx, file_path()), *file = "";
	const char *link = talloc_asprintf(ctx, "%s.link", path);
	struct db_reserved *r = db_reserve(ctx, url_of(none), &file, &e);

	ck_assert_msg(r != NULL, "%s", e.text);
	ck_assert_str_eq(file, none);
	ck_assert_int_ne(access(none, F_OK), 0);
	talloc_free(r);
	ck_assert_int_eq(symlink(path, link), 0);
	r = db_reserve(ctx, url_of(link), &file, &e);
	ck_assert_str_eq(file, path);
	talloc_free(r);
	ck_assert_ptr_null(db_reserve(ctx, url_of("no/such/folder.db"), &file, &e));
	ck_assert_ptr_null(db_reserve(ctx, "sqlite:", &file, &e));
	ck_assert_ptr_null(db_reserve(ctx, "mysql:x", &file, &e));
}
END_TEST

/* ---- what is held ---- */

static enum db_result hold_fn(struct db_tx *tx, void *arg)
{
	struct deal a = create_delivered(tx, 1000000, FEE_BY_HALF), b = create(tx, 1000000, FEE_BY_HALF), c;
	struct restored_owed owed;

	(void)arg;
	MUST(tx, &a, BUYER, ACCEPT, );
	MUST(tx, &a, TIMER, PAYOUT_RIPE, );
	ck_assert(!restored_holds(tx, a.id) && !restored_holds(tx, b.id));
	owed = restored_owed(tx);
	ck_assert_int_eq(owed.n, 1);
	ck_assert_int_eq(owed.sum, rial_raw(a.payable));
	fact_set(tx, "heard", 123, "");
	restored_hold_all(tx);
	c = create(tx, 1000000, FEE_BY_HALF);
	ck_assert(restored_holds(tx, a.id) && restored_holds(tx, b.id) && !restored_holds(tx, c.id));
	ck_assert_int_eq(restored_as_of_ms(tx), 123);
	restored_release(tx, a.id);
	ck_assert(!restored_holds(tx, a.id) && restored_holds(tx, b.id));
	restored_hold_all(tx); /* another restore */
	ck_assert(restored_holds(tx, a.id) && restored_holds(tx, c.id));
	ck_assert(restored_is_new(tx, 1));
	return DB_DONE;
}

START_TEST(deals_of_the_backup_are_held_one_by_one)
{
	ck_assert_int_eq(db_tx(db, "hold", hold_fn, NULL), DB_DONE);
}
END_TEST

static enum db_result batch_fn(struct db_tx *tx, void *arg)
{
	struct deal d = create_delivered(tx, 1000000, FEE_BY_HALF);
	struct settlement s = {.deal_id = d.id,
			       .kind = SETTLEMENT_PAYOUT,
			       .track_id = "1",
			       .person_id = SELLER,
			       .rail = RAIL_FILE,
			       .gateway = "bank",
			       .iban = "IR062960000000100324200001",
			       .amount = rial_of(5),
			       .state = SETTLEMENT_QUEUED};
	const struct batch_wish wish = {.least = rial_of(1), .largest = rial_of(10), .most = 10, .made_by = OPERATOR};

	(void)arg;
	person_set_iban(tx, SELLER, s.iban, 0);
	ck_assert_int_gt(settlement_insert(tx, &s, now_ms), 0);
	restored_hold_all(tx);
	ck_assert_int_eq(batch_make(tx, &wish, now_ms), 0);
	restored_release(tx, d.id);
	ck_assert_int_eq(batch_make(tx, &wish, now_ms), 1001);
	return DB_DONE;
}

START_TEST(what_is_held_is_in_no_batch_and_no_lost_number_is_used_again)
{
	ck_assert_int_eq(db_tx(db, "batch", batch_fn, NULL), DB_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("copy");
	TCase *t = tcase_create("copy");

	tcase_add_checked_fixture(t, book_open, book_close);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_copy_waits_for_no_writer_and_holds_what_was_committed);
	tcase_add_test(t, a_copy_that_takes_too_long_is_given_up);
	tcase_add_test(t, a_check_finds_what_refers_to_nothing_and_what_is_damaged);
	tcase_add_test(t, a_reserved_store_has_no_owner_and_an_owned_one_is_not_reserved);
	tcase_add_test(t, a_place_without_a_store_can_be_reserved);
	tcase_add_test(t, deals_of_the_backup_are_held_one_by_one);
	tcase_add_test(t, what_is_held_is_in_no_batch_and_no_lost_number_is_used_again);
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
