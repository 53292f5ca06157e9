/* The audit: a true book passes, whatever the deals in it went through, and each kind of damage is found and named. */
#include "book_fixture.h"

#include "audit.h"
#include "audit_damage.h"
#include "full_book.h"
#include "rnd.h"

#include <sqlite3.h>

/* ---- running the audit ---- */

static struct audit_report report;

static enum db_result audit_fn(struct db_tx *tx, void *arg)
{
	(void)arg;
	return audit_run(tx, ctx, &report) ? DB_DONE : DB_FAIL;
}

static void audit(void)
{
	ck_assert_int_eq(db_read(db, "audit", audit_fn, NULL), DB_DONE);
}

static const char *all_lines(void)
{
	char *all = talloc_strdup(ctx, "");

	for (size_t i = 0; i < report.n_lines; i++)
		all = talloc_asprintf_append(all, "%s\n", report.lines[i]);
	return all;
}

static void must_be_clean(void)
{
	audit();
	ck_assert_msg(report.flaws == 0, "%s", all_lines());
}

static void setup(void)
{
	book_open();
	ck_assert_int_eq(db_tx(db, "book", write_book, NULL), DB_DONE);
}

/* ---- a true book ---- */

START_TEST(a_true_book_passes_and_is_summed_up)
{
	must_be_clean();
	ck_assert_int_eq(report.deals, BOOK_DEALS);
	ck_assert_int_eq(report.n_lines, 0);
	ck_assert_int_eq(report.held, 5000000 + 3000000);
	ck_assert_int_eq(report.waiting, 4040000 + 6030000 + 10000000);
	ck_assert_int_eq(report.owed, 700 + 9000000 + 11000000);
	ck_assert_int_eq(report.fees, 10000 + 20000 + 90000 + 110000);
	ck_assert_int_eq(report.banks, report.held + report.waiting + report.owed + report.fees);
	ck_assert_int_gt(report.sets, BOOK_DEALS);
	ck_assert_int_gt(report.transfers, report.sets);
}
END_TEST

static const char *printed(int *code)
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	*code = audit_print(&report, f);
	fclose(f);
	copy = talloc_strdup(ctx, text);
	free(text);
	return copy;
}

START_TEST(the_report_is_printed_with_its_exit_code)
{
	int code = -1;

	audit();
	ck_assert_ptr_nonnull(strstr(printed(&code), "11 deals, "));
	ck_assert_int_eq(code, 0);
	ck_assert_ptr_nonnull(strstr(printed(&code), "held for deals 8,000,000, "));
	ck_assert_ptr_nonnull(strstr(printed(&code), "all agree"));
}
END_TEST

START_TEST(an_empty_store_is_a_true_book)
{
	book_open();
	must_be_clean();
	ck_assert_int_eq(report.deals + report.sets + report.transfers + report.banks, 0);
}
END_TEST

static enum db_result failing_fn(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO cursor (source, position) VALUES (NULL, 1)");

	(void)arg;
	ck_assert_int_eq(db_exec(db_stmt(tx, &q)), DB_CONFLICT);
	ck_assert(!audit_run(tx, ctx, &report));
	return DB_CONFLICT;
}

START_TEST(a_store_that_cannot_be_read_gives_no_verdict)
{
	ck_assert_int_eq(db_tx(db, "failing", failing_fn, NULL), DB_CONFLICT);
}
END_TEST

/* ---- any path through the table gives a true book ---- */

enum { WALKS = 120, STEPS = 60 };

static uint32_t draw(const struct rnd *r, uint32_t below)
{
	uint32_t v;

	r->fill(r->arg, &v, sizeof v);
	return v % below;
}

static struct rial random_amount(const struct rnd *r, const struct deal *d)
{
	struct rial due = terms_due(&d->terms);
	int64_t short_of = rial_raw(due) - rial_raw(d->held);
	int64_t choices[] = {rial_raw(d->payable),
			     rial_raw(d->inflight),
			     rial_raw(d->refund),
			     rial_raw(d->refund) / 2,
			     short_of,
			     short_of / 2,
			     rial_raw(due) + 10,
			     rial_raw(terms_due(&d->amended)) - rial_raw(d->held),
			     rial_raw(d->offer_to_buyer),
			     5000};
	int64_t v = choices[draw(r, sizeof choices / sizeof *choices)];

	return rial_of(v > 0 ? v : 1000);
}

/* One event that the deal's state knows, by one of those who may, with what it might bring. */
static bool random_event(struct db_tx *tx, const struct rnd *r, const struct deal *d, struct deal_terms *terms,
			 struct event *e)
{
	const struct deal_row *row = &deal_rows[draw(r, (uint32_t)deal_n_rows)];
	struct deal_timer t;
	enum role role = (enum role)(1 + draw(r, ROLE_END - 1));

	while (!(row->actors & 1U << role))
		role = role + 1 < ROLE_END ? role + 1 : ROLE_BUYER;
	*terms = terms_of(10000 * (1 + draw(r, 50)), (enum fee_payer)(1 + draw(r, 3)));
	*e = (struct event){.kind = row->event,
			    .role = role,
			    .second_id = SECOND_OPERATOR,
			    .amount = random_amount(r, d),
			    .hash = draw(r, 2) ? d->terms.hash : d->amended.hash,
			    .terms = terms,
			    .ruling = (enum ruling)(1 + draw(r, 4)),
			    .asked = ROLE_BUYER,
			    .evidence = 1};
	return row->from & UINT32_C(1) << d->state && (e->role != ROLE_TIMER || clock_of(tx, d, e, &t));
}

static struct deal begin_somewhere(struct db_tx *tx, const struct rnd *r)
{
	static struct deal (*const begin[])(struct db_tx *, int64_t, enum fee_payer) = {
		create, create_awaiting, create_funded, create_delivered, create_delivered};
	uint32_t which = draw(r, sizeof begin / sizeof *begin + 1);
	struct deal d;

	if (which < sizeof begin / sizeof *begin)
		return begin[which](tx, 100000, (enum fee_payer)(1 + draw(r, 3)));
	d = create_delivered(tx, 100000, FEE_BY_HALF);
	MUST(tx, &d, BUYER, REPORT, .evidence = 1);
	if (draw(r, 2))
		MUST(tx, &d, TIMER, NEGOTIATION_END, );
	return d;
}

static enum db_result walk_fn(struct db_tx *tx, void *arg)
{
	const struct rnd *r = arg;
	struct deal d = begin_somewhere(tx, r);
	struct deal_terms terms;
	struct event e;

	for (int step = 0; step < STEPS;)
		if (random_event(tx, r, &d, &terms, &e)) {
			try_event(tx, &d, e);
			step++;
		}
	return DB_DONE;
}

static enum db_result count_states(struct db_tx *tx, void *arg)
{
	static struct db_query q =
		DB_QUERY("SELECT COUNT(DISTINCT state_after) AS n FROM deal_history WHERE deal_id > ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, BOOK_DEALS);
	return db_one_int(s, arg) == DB_ROW ? DB_DONE : DB_FAIL;
}

START_TEST(any_path_through_the_table_gives_a_true_book)
{
	uint64_t state = 7000 + (uint64_t)_i;
	struct rnd r = rnd_seeded(&state);
	int64_t states = 0;

	for (int i = 0; i < WALKS; i++)
		ck_assert_int_eq(db_tx(db, "walk", walk_fn, &r), DB_DONE);
	must_be_clean();
	ck_assert_int_eq(report.deals, BOOK_DEALS + WALKS);
	ck_assert_int_eq(db_read(db, "states", count_states, &states), DB_DONE);
	ck_assert_int_ge(states, 15); /* of 24: the walks go far */
}
END_TEST

/* ---- damage ---- */

/* Writes past every guard of the store, as a stray hand would. */
static void damage(const char *sql)
{
	char *why = NULL;
	sqlite3 *raw;

	ck_assert_int_eq(sqlite3_open(path, &raw), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(raw,
				      "PRAGMA ignore_check_constraints = ON; DROP TRIGGER ledger_set_stays; "
				      "DROP TRIGGER ledger_set_remains; DROP TRIGGER ledger_transfer_stays; "
				      "DROP TRIGGER ledger_transfer_remains; DROP TRIGGER deal_history_stays; "
				      "DROP TRIGGER deal_history_remains;",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_msg(sqlite3_exec(raw, sql, NULL, NULL, &why) == SQLITE_OK, "%s", why ? why : "?");
	ck_assert_int_gt(sqlite3_total_changes(raw), 0);
	sqlite3_close(raw);
}

START_TEST(each_kind_of_damage_is_found_and_named)
{
	const struct damage *d = &damages[_i];
	const char *lines;

	damage(d->sql);
	audit();
	lines = all_lines();
	for (size_t i = 0; i < MAX_SAYS && d->says[i]; i++)
		ck_assert_msg(strstr(lines, d->says[i]) != NULL, "%s\nlacks: %s\nin:\n%s", d->sql, d->says[i], lines);
	ck_assert_msg(report.flaws == d->flaws, "%s\nfound %d:\n%s", d->sql, (int)report.flaws, lines);
}
END_TEST

START_TEST(many_flaws_are_counted_and_a_hundred_kept)
{
	int code = 0;

	damage("WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1249) "
	       "INSERT INTO ledger_balance (kind, id, balance) SELECT 3, i, 0 FROM n");
	audit();
	ck_assert_int_eq(report.flaws, 250);
	ck_assert_uint_eq(report.n_lines, AUDIT_MAX_LINES);
	ck_assert_ptr_nonnull(strstr(printed(&code), "and 150 more\n250 rows disagree\n"));
	ck_assert_int_eq(code, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("audit");
	TCase *fair = tcase_create("true books"), *empty = tcase_create("empty"), *bad = tcase_create("damage");
	int failed;

	folder_make();
	tcase_add_checked_fixture(fair, setup, book_close);
	tcase_add_test(fair, a_true_book_passes_and_is_summed_up);
	tcase_add_test(fair, the_report_is_printed_with_its_exit_code);
	if (!postgres_server()) /* it spoils the file */
		tcase_add_test(fair, a_store_that_cannot_be_read_gives_no_verdict);
	tcase_add_loop_test(fair, any_path_through_the_table_gives_a_true_book, 0, 4);
	tcase_set_timeout(fair, 120);
	tcase_add_test(empty, an_empty_store_is_a_true_book);
	tcase_add_checked_fixture(bad, setup, book_close);
	tcase_add_loop_test(bad, each_kind_of_damage_is_found_and_named, 0, N_DAMAGES);
	tcase_add_test(bad, many_flaws_are_counted_and_a_hundred_kept);
	suite_add_tcase(suite, fair);
	suite_add_tcase(suite, empty);
	if (!postgres_server()) /* the damage is done by SQLite's own means */
		suite_add_tcase(suite, bad);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
