/* Repositories on a real SQLite file: people, conversations, the inbox, facts, work. */
#include "tx_test.h"

#include "repo_inbox.h"
#include "repo_work.h"

/* ---- people ---- */

TX_TEST(a_person_is_met_once_and_renamed)
{
	struct person p, again;

	ck_assert(person_meet(tx, ctx, "telegram", 77, "Ali", "ali", "en", now_ms, &p));
	ck_assert_int_eq(p.id, PEOPLE + 1);
	ck_assert_str_eq(p.language, "en");
	ck_assert(!p.language_chosen && !p.reachable && !p.strikes);
	ck_assert_str_eq(p.iban, "");
	ck_assert(person_meet(tx, ctx, "telegram", 77, "Ali B", "", "fa", now_ms + 1, &again));
	ck_assert_int_eq(again.id, p.id);
	ck_assert_str_eq(again.name, "Ali B");
	ck_assert(person_by_id(tx, ctx, p.id, &again));
	ck_assert_str_eq(again.name, "Ali B");
	ck_assert_str_eq(again.username, "");
	ck_assert_str_eq(again.language, "en");
	ck_assert(person_meet(tx, ctx, "bale", 77, "Ali", "ali", "fa", now_ms, &again));
	ck_assert_int_ne(again.id, p.id);
	return DB_DONE;
}

TX_TEST(what_a_person_gives_belongs_to_the_context)
{
	void *mine = talloc_new(NULL);
	char name[] = "Ali", changed[] = "Vali";
	struct person p;

	person_meet(tx, mine, "telegram", 77, name, "ali", "fa", now_ms, &p);
	person_meet(tx, mine, "telegram", 77, changed, "ali", "fa", now_ms, &p);
	memset(changed, '?', sizeof changed - 1);
	ck_assert_str_eq(p.name, "Vali");
	talloc_free(mine);
	return DB_DONE;
}

TX_TEST(a_persons_settings_are_kept)
{
	struct person p;

	person_set_language(tx, BUYER, "en");
	person_set_reachable(tx, "telegram", 101, true);
	person_set_iban(tx, BUYER, "IR820540102680020817909002", now_ms);
	person_strike(tx, BUYER);
	person_strike(tx, BUYER);
	ck_assert(person_by_outside_id(tx, ctx, "telegram", 101, &p));
	ck_assert_int_eq(p.id, BUYER);
	ck_assert(p.language_chosen && p.reachable);
	ck_assert_int_eq(p.strikes, 2);
	ck_assert_str_eq(p.language, "en");
	ck_assert_str_eq(p.iban, "IR820540102680020817909002");
	person_set_reachable(tx, "telegram", 101, false);
	person_set_reachable(tx, "telegram", 999, true);
	ck_assert(person_by_id(tx, ctx, BUYER, &p) && !p.reachable);
	ck_assert(person_by_id(tx, ctx, SELLER, &p) && !p.strikes && !p.language_chosen);
	ck_assert(!person_by_id(tx, ctx, 999, &p));
	ck_assert(!person_by_outside_id(tx, ctx, "telegram", 999, &p));
	ck_assert(!person_by_outside_id(tx, ctx, "bale", 101, &p));
	return DB_DONE;
}

TX_TEST(blocked_people_are_counted_beyond_a_list)
{
	enum { BLOCKED = 150, LISTED = 100 };
	struct person p, *out = talloc_array(ctx, struct person, LISTED);

	for (int i = 0; i < BLOCKED; i++) {
		ck_assert(person_meet(tx, ctx, "telegram", 7000 + i, "Ali", "", "en", now_ms, &p));
		person_block(tx, BUYER, p.id, now_ms);
		person_block(tx, p.id, SELLER, now_ms);
	}
	ck_assert_int_eq(persons_blocked_count(tx, BUYER), BLOCKED);
	ck_assert_int_eq(persons_blocked_count(tx, SELLER), 0);
	ck_assert_uint_eq(persons_blocked_by(tx, ctx, BUYER, out, LISTED), LISTED);
	return DB_DONE;
}

TX_TEST(a_conversation_has_one_step)
{
	struct conversation c;

	conversation_load(tx, ctx, BUYER, &c);
	ck_assert_str_eq(c.step, "");
	ck_assert_str_eq(c.data, "{}");
	conversation_save(tx, BUYER, "price", "{\"title\":\"phone\"}", now_ms);
	conversation_save(tx, BUYER, "confirm", "{\"a\":1}", now_ms);
	conversation_save(tx, SELLER, "ship", "{}", now_ms);
	conversation_load(tx, ctx, BUYER, &c);
	ck_assert_str_eq(c.step, "confirm");
	ck_assert_str_eq(c.data, "{\"a\":1}");
	conversation_end(tx, BUYER);
	conversation_end(tx, BUYER);
	conversation_load(tx, ctx, BUYER, &c);
	ck_assert_str_eq(c.step, "");
	conversation_load(tx, ctx, SELLER, &c);
	ck_assert_str_eq(c.step, "ship");
	return DB_DONE;
}

/* ---- what was read ---- */

TX_TEST(an_update_is_handled_once)
{
	ck_assert(inbox_first_time(tx, "telegram", 5, 1000));
	ck_assert(!inbox_first_time(tx, "telegram", 5, 2000));
	ck_assert(inbox_first_time(tx, "bale", 5, 2000));
	ck_assert(inbox_first_time(tx, "telegram", 6, 3000));
	inbox_prune(tx, 2000);
	ck_assert(inbox_first_time(tx, "telegram", 5, 4000)); /* forgotten */
	ck_assert(!inbox_first_time(tx, "bale", 5, 4000)); /* seen at 2000, not before */
	ck_assert(!inbox_first_time(tx, "telegram", 6, 4000));
	return DB_DONE;
}

TX_TEST(the_inbox_is_pruned_in_bites)
{
	int left = 0;

	for (int i = 0; i < 700; i++)
		ck_assert(inbox_first_time(tx, "telegram", i, i));
	inbox_prune(tx, 1000);
	for (int i = 0; i < 700; i++)
		left += !inbox_first_time(tx, "telegram", i, 5000);
	ck_assert_int_eq(left, 200);
	ck_assert(!inbox_first_time(tx, "telegram", 699, 5000)); /* the oldest go first */
	return DB_DONE;
}

TX_TEST(cursors_and_facts_are_kept)
{
	ck_assert_int_eq(cursor_get(tx, "telegram"), 0);
	cursor_set(tx, "telegram", 17);
	cursor_set(tx, "telegram", 9007199254740993);
	cursor_set(tx, "bale", 3);
	ck_assert_int_eq(cursor_get(tx, "telegram"), 9007199254740993);
	ck_assert_int_eq(fact_number(tx, "seen_ms", -1), -1);
	ck_assert_str_eq(fact_text(tx, ctx, "seen_ms", "never"), "never");
	fact_set(tx, "seen_ms", 5, "five");
	fact_set(tx, "seen_ms", 6, "six");
	ck_assert_int_eq(fact_number(tx, "seen_ms", -1), 6);
	ck_assert_str_eq(fact_text(tx, ctx, "seen_ms", "never"), "six");
	return DB_DONE;
}

/* ---- work ---- */

enum { MOST = 50 };

static struct work work_of(enum work_lane lane, const char *chain, const char *payload, int64_t due_ms)
{
	return (struct work){.kind = WORK_SEND,
			     .lane = lane,
			     .chain = chain,
			     .collapse = "",
			     .payload = payload,
			     .due_ms = due_ms,
			     .created_ms = now_ms};
}

static int64_t add(struct db_tx *tx, enum work_lane lane, const char *chain, const char *payload, int64_t due_ms)
{
	struct work w = work_of(lane, chain, payload, due_ms);
	int64_t id = work_add(tx, &w);

	ck_assert_int_gt(id, 0);
	return id;
}

/* The payloads that are due at 100, in their order. */
static const char *due(struct db_tx *tx, enum work_lane first, size_t most)
{
	struct work out[MOST];
	size_t n = work_due(tx, ctx, 100, first, out, most);
	char *all = talloc_strdup(ctx, "");

	for (size_t i = 0; i < n; i++)
		all = talloc_asprintf_append(all, "%s%s", i ? " " : "", out[i].payload);
	return all;
}

TX_TEST(work_comes_by_lane_then_age)
{
	ck_assert_int_eq(work_next_due(tx, 0), INT64_MAX);
	add(tx, LANE_NOTICE, "c:1", "n1", 50);
	add(tx, LANE_BULK, "c:2", "b2", 60);
	add(tx, LANE_REPLY, "c:3", "r3", 70);
	add(tx, LANE_REPLY, "c:4", "r4", 20);
	add(tx, LANE_BANK, "c:5", "k5", 100);
	add(tx, LANE_BANK, "c:6", "k6", 101);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "k5 r3 r4 n1 b2");
	ck_assert_str_eq(due(tx, LANE_REPLY, MOST), "r3 r4 n1 b2");
	ck_assert_str_eq(due(tx, LANE_BANK, 2), "k5 r3");
	ck_assert_int_eq(work_next_due(tx, 0), 20);
	ck_assert_int_eq(work_next_due(tx, 20), 50);
	ck_assert_int_eq(work_count(tx, WORK_WAITING), 6);
	return DB_DONE;
}

TX_TEST(a_chain_is_done_one_after_the_other)
{
	int64_t first = add(tx, LANE_NOTICE, "c:1", "first", 10), second = add(tx, LANE_BANK, "c:1", "second", 10);
	int64_t other = add(tx, LANE_NOTICE, "c:2", "other", 10);

	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "first other");
	work_retry(tx, first, 500, 1, "too many");
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "other"); /* the second waits behind the first, due or not */
	work_done(tx, other, 0);
	ck_assert_int_eq(work_next_due(tx, 0), 500);
	other = add(tx, LANE_NOTICE, "c:2", "other", 900);
	work_started(tx, first);
	ck_assert_int_eq(work_next_due(tx, 0), 900);
	work_retry(tx, other, 10, 0, "");
	work_retry(tx, first, 10, 2, "");
	work_started(tx, first);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "other");
	work_done(tx, first, 0);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "second other");
	work_dead(tx, second, 0, "blocked");
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "other");
	add(tx, LANE_REPLY, "c:1", "third", 10);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "third other"); /* the dead hold nobody up */
	return DB_DONE;
}

TX_TEST(a_newer_card_replaces_the_waiting_one)
{
	struct work card = work_of(LANE_NOTICE, "c:1", "old", 10), out[MOST];
	int64_t first, other;

	card.collapse = "card:1";
	first = work_add(tx, &card);
	other = add(tx, LANE_NOTICE, "c:1", "between", 10);
	card.payload = "new";
	ck_assert_int_eq(work_add(tx, &card), first);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "new"); /* keeps its place before "between" */
	card.chain = "c:2";
	ck_assert_int_gt(work_add(tx, &card), other); /* another chat's */
	card.chain = "c:1";
	work_started(tx, first);
	ck_assert_int_gt(work_add(tx, &card), other); /* one that has left is not changed */
	ck_assert_uint_eq(work_list(tx, ctx, WORK_STARTED, out, MOST), 1);
	ck_assert_int_eq(out[0].id, first);
	ck_assert_int_eq(out[0].edition, 1);
	return DB_DONE;
}

TX_TEST(a_card_replaced_while_it_was_sent_is_not_lost)
{
	struct work card = work_of(LANE_NOTICE, "c:1", "old", 10), out[MOST];
	int64_t id;

	card.collapse = "card:1";
	id = work_add(tx, &card);
	ck_assert_uint_eq(work_due(tx, ctx, 100, LANE_BANK, out, MOST), 1);
	card.payload = "new";
	ck_assert_int_eq(work_add(tx, &card), id);
	work_done(tx, id, out[0].edition);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "new");
	work_done(tx, id, 1);
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "");
	return DB_DONE;
}

TX_TEST(a_retry_and_a_death_keep_their_reason)
{
	int64_t a = add(tx, LANE_BULK, "c:1", "a", 10), b = add(tx, LANE_BULK, "c:2", "b", 10);
	struct work out[MOST];

	work_set_payload(tx, a, 0, "changed");
	work_retry(tx, a, 90, 3, "429");
	work_dead(tx, b, 0, "chat not found");
	ck_assert_uint_eq(work_list(tx, ctx, WORK_WAITING, out, MOST), 1);
	ck_assert_str_eq(out[0].payload, "changed");
	ck_assert_str_eq(out[0].reason, "429");
	ck_assert_int_eq(out[0].tries, 3);
	ck_assert_int_eq(out[0].due_ms, 90);
	ck_assert_int_eq(out[0].created_ms, now_ms);
	ck_assert_uint_eq(work_list(tx, ctx, WORK_DEAD, out, MOST), 1);
	ck_assert_str_eq(out[0].reason, "chat not found");
	ck_assert_int_eq(work_count(tx, WORK_DEAD), 1);
	ck_assert_int_eq(work_count(tx, WORK_STARTED), 0);
	return DB_DONE;
}

TX_TEST(chains_are_dropped_and_moved)
{
	int64_t started = add(tx, LANE_BULK, "c:1", "left", 10);

	work_started(tx, started);
	add(tx, LANE_BULK, "c:1", "dropped", 10);
	add(tx, LANE_BULK, "c:2", "moved", 10);
	add(tx, LANE_BULK, "c:9", "stays", 10);
	work_drop_chain(tx, "c:1");
	ck_assert_int_eq(work_count(tx, WORK_STARTED), 1);
	work_move_chain(tx, "c:2", "c:3");
	work_drop_chain(tx, "c:2");
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "moved stays");
	work_drop_chain(tx, "c:3");
	ck_assert_str_eq(due(tx, LANE_BANK, MOST), "stays");
	return DB_DONE;
}

int main(void)
{
	Suite *suite = suite_create("repositories");
	TCase *people = tcase_create("people"), *inbox = tcase_create("inbox"), *work = tcase_create("work");
	int failed;

	folder_make();
	tcase_add_checked_fixture(people, book_open, book_close);
	tcase_add_test(people, a_person_is_met_once_and_renamed);
	tcase_add_test(people, what_a_person_gives_belongs_to_the_context);
	tcase_add_test(people, a_persons_settings_are_kept);
	tcase_add_test(people, blocked_people_are_counted_beyond_a_list);
	tcase_add_test(people, a_conversation_has_one_step);
	tcase_add_checked_fixture(inbox, book_open, book_close);
	tcase_add_test(inbox, an_update_is_handled_once);
	tcase_add_test(inbox, the_inbox_is_pruned_in_bites);
	tcase_add_test(inbox, cursors_and_facts_are_kept);
	tcase_add_checked_fixture(work, book_open, book_close);
	tcase_add_test(work, work_comes_by_lane_then_age);
	tcase_add_test(work, a_chain_is_done_one_after_the_other);
	tcase_add_test(work, a_newer_card_replaces_the_waiting_one);
	tcase_add_test(work, a_card_replaced_while_it_was_sent_is_not_lost);
	tcase_add_test(work, a_retry_and_a_death_keep_their_reason);
	tcase_add_test(work, chains_are_dropped_and_moved);
	suite_add_tcase(suite, people);
	suite_add_tcase(suite, inbox);
	suite_add_tcase(suite, work);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
