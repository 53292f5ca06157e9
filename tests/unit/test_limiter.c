/* The sending limits under a virtual clock: exact moments, long runs that never pass a limit, clocks that go back. */
#include "limiter.h"
#include "tap.h"

#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { PRIVATE = 7, OTHER = 8, MANY = 200000 };
#define GROUP INT64_C(-1001234567890)
#define START INT64_C(1700000000000)
#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

static const struct limiter_options usual = {
	.on = true, .chat_per_s = 1, .chat_burst = 3, .group_per_minute = 20, .bulk_per_s = 30};
static struct limiter *l;

static void begin_with(const struct limiter_options *o)
{
	l = limiter_new(NULL, o);
}

static void begin(void)
{
	begin_with(&usual);
}

static void end(void)
{
	talloc_free(l);
}

static int64_t when(int64_t chat, bool bulk, int64_t now)
{
	return limiter_when(l, chat, chat < 0, bulk, now);
}

static void took(int64_t chat, bool bulk, int64_t now)
{
	limiter_took(l, chat, chat < 0, bulk, now);
}

/* Sends as early as allowed and gives that moment. */
static int64_t sends(int64_t chat, bool bulk, int64_t now)
{
	int64_t at = when(chat, bulk, now);

	ck_assert_int_ge(at, now);
	ck_assert_int_eq(when(chat, bulk, at), at);
	if (at > now)
		ck_assert_int_gt(when(chat, bulk, at - 1), at - 1);
	took(chat, bulk, at);
	return at;
}

/* A repeatable number below `below`. */
static int64_t dice(int64_t below)
{
	static uint64_t state = 42;

	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int64_t)(state >> 33) % below;
}

/* The most of the moments in any [t, t + span). Moments rise. */
static size_t most_within(const int64_t *at, size_t n, int64_t span)
{
	size_t most = 0;

	for (size_t first = 0, last = 0; last < n; last++) {
		while (at[last] - at[first] >= span)
			first++;
		if (last - first + 1 > most)
			most = last - first + 1;
	}
	return most;
}

/* --- exact moments --- */

START_TEST(private_chat_bursts_then_waits)
{
	ck_assert_int_eq(sends(PRIVATE, false, START), START);
	ck_assert_int_eq(sends(PRIVATE, false, START), START);
	ck_assert_int_eq(sends(PRIVATE, false, START), START);
	ck_assert_int_eq(sends(PRIVATE, false, START), START + SECOND);
	ck_assert_int_eq(sends(PRIVATE, false, START + SECOND), START + 2 * SECOND);
	ck_assert_int_eq(when(OTHER, false, START), START);
}
END_TEST

START_TEST(burst_comes_back_with_silence)
{
	for (int i = 0; i < 3; i++)
		took(PRIVATE, false, START);
	ck_assert_int_eq(when(PRIVATE, false, START + 999), START + SECOND);
	ck_assert_int_eq(when(PRIVATE, false, START + 2 * SECOND), START + 2 * SECOND);
	took(PRIVATE, false, START + 2 * SECOND);
	took(PRIVATE, false, START + 2 * SECOND);
	ck_assert_int_eq(when(PRIVATE, false, START + 2 * SECOND), START + 3 * SECOND);
	/* However long the silence, no more than the burst. */
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(sends(PRIVATE, false, START + HOUR), START + HOUR);
	ck_assert_int_eq(when(PRIVATE, false, START + HOUR), START + HOUR + SECOND);
}
END_TEST

START_TEST(group_has_a_minute_as_well)
{
	int64_t at = START;

	for (int i = 0; i < 20; i++)
		at = sends(GROUP, false, at);
	ck_assert_int_eq(at, START + 17 * SECOND);
	/* The first three went at START: only when they are a minute old the next three may go. */
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(sends(GROUP, false, at), START + MINUTE);
	ck_assert_int_eq(sends(GROUP, false, START + MINUTE), START + MINUTE + SECOND);
	/* A private chat has no such minute. */
	at = START;
	for (int i = 0; i < 21; i++)
		at = sends(PRIVATE, false, at);
	ck_assert_int_eq(at, START + 18 * SECOND);
}
END_TEST

START_TEST(bulk_is_one_lane_over_all_chats)
{
	ck_assert_int_eq(sends(1, true, START), START);
	ck_assert_int_eq(sends(2, true, START), START + 34); /* 33.33 ms, whole milliseconds */
	ck_assert_int_eq(when(3, true, START + 34), START + 68);
	ck_assert_int_eq(when(3, false, START), START); /* replies overtake */
	took(3, false, START + 34);
	ck_assert_int_eq(when(4, true, START + 34), START + 68); /* and take nothing from bulk */
	for (int i = 0; i < 3; i++)
		took(5, false, START + 70);
	ck_assert_int_eq(when(5, true, START + 70), START + 70 + SECOND); /* a chat's own limit holds in bulk too */
}
END_TEST

START_TEST(asking_takes_nothing)
{
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(when(PRIVATE + i, true, START), START);
	ck_assert_uint_eq(limiter_chats(l), 0);
}
END_TEST

/* --- 429 --- */

START_TEST(slow_down_holds_chat_and_lane)
{
	ck_assert_int_eq(when(PRIVATE, false, START), START);
	limiter_slow_down(l, PRIVATE, false, START + 17 * SECOND);
	ck_assert_int_eq(when(PRIVATE, false, START), START + 17 * SECOND);
	ck_assert_int_eq(when(OTHER, false, START), START);
	ck_assert_int_eq(when(OTHER, true, START), START);
	limiter_slow_down(l, PRIVATE, true, START + 5 * SECOND); /* shorter: the longer one stays */
	ck_assert_int_eq(when(PRIVATE, false, START), START + 17 * SECOND);
	ck_assert_int_eq(when(OTHER, false, START), START);
	ck_assert_int_eq(when(OTHER, true, START), START + 5 * SECOND);
	ck_assert_int_eq(when(OTHER, true, START + 5 * SECOND), START + 5 * SECOND);
	ck_assert_int_eq(when(PRIVATE, false, START + 17 * SECOND), START + 17 * SECOND);
}
END_TEST

START_TEST(off_obeys_only_slow_down)
{
	struct limiter_options off = usual;

	end();
	off.on = false;
	begin_with(&off);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(sends(GROUP, true, START), START);
	ck_assert_uint_eq(limiter_chats(l), 0);
	limiter_slow_down(l, GROUP, true, START + 3 * SECOND);
	ck_assert_int_eq(when(GROUP, false, START), START + 3 * SECOND);
	ck_assert_int_eq(when(PRIVATE, true, START), START + 3 * SECOND);
	ck_assert_int_eq(when(PRIVATE, false, START), START);
	ck_assert_int_eq(when(GROUP, true, START + 3 * SECOND), START + 3 * SECOND);
}
END_TEST

/* --- long runs --- */

/* Messages come in fits and starts for a long time; each goes as soon as it may. */
static size_t long_run(int64_t chat, bool bulk, int64_t *at, size_t most, int64_t pause)
{
	int64_t now = START;

	for (size_t i = 0; i < most; i++) {
		now = sends(bulk ? chat + (int64_t)i % 1000 : chat, bulk, now + (dice(10) ? 0 : dice(pause)));
		at[i] = now;
	}
	return most;
}

START_TEST(no_window_passes_a_limit)
{
	enum { N = 4000 };
	static int64_t at[N];

	long_run(PRIVATE, false, at, N, 20 * SECOND);
	for (int s = 1; s <= 60; s++)
		ck_assert_uint_le(most_within(at, N, s * SECOND), 3 + (size_t)s);
	long_run(GROUP, false, at, N, 3 * MINUTE);
	ck_assert_uint_eq(most_within(at, N, MINUTE), 20);
	ck_assert_uint_le(most_within(at, N, 10 * MINUTE), 200);
	long_run(OTHER, true, at, N, SECOND);
	ck_assert_uint_le(most_within(at, N, SECOND), 30);
}
END_TEST

START_TEST(a_steady_stream_comes_near_the_limit)
{
	int64_t now = START;

	for (int i = 0; i < 2000; i++)
		now = sends(GROUP, false, now);
	ck_assert_int_le(now - START, 100 * MINUTE);
	end();
	begin();
	now = START;
	for (int i = 0; i < 3000; i++)
		now = sends(i, true, now);
	ck_assert_int_le(now - START, 103 * SECOND);
}
END_TEST

/* --- clocks that go back --- */

START_TEST(clock_back_an_hour_holds_nobody_for_an_hour)
{
	for (int i = 0; i < 20; i++)
		took(GROUP, true, START + i * SECOND);
	limiter_slow_down(l, PRIVATE, true, START + 19 * SECOND + 5 * SECOND);
	ck_assert_int_le(when(GROUP, false, START - HOUR), START - HOUR + MINUTE);
	ck_assert_int_eq(when(PRIVATE, false, START - HOUR), START - HOUR + 5 * SECOND);
	ck_assert_int_eq(when(OTHER, true, START - HOUR), START - HOUR + 5 * SECOND);
	/* And waiting does end the wait. */
	ck_assert_int_eq(when(GROUP, false, START - HOUR + MINUTE), START - HOUR + MINUTE);
	ck_assert_int_eq(when(PRIVATE, true, START - HOUR + MINUTE), START - HOUR + MINUTE);
}
END_TEST

START_TEST(trembling_clock_gives_no_credit)
{
	int64_t now = START, first = START;
	size_t n = 0;

	for (int i = 0; i < 60000; i++) { /* forth and back by up to 3 ms, on the whole one ms in two steps */
		int64_t shown = now - dice(4);

		now += i % 2;
		if (when(PRIVATE, false, shown) == shown) {
			took(PRIVATE, false, shown);
			n++;
		}
	}
	ck_assert_uint_ge(n, 29);
	ck_assert_uint_le(n, 3 + (size_t)((now - first) / (SECOND - 4)));
}
END_TEST

/* --- memory --- */

START_TEST(forgets_only_what_no_longer_matters)
{
	took(PRIVATE, false, START);
	took(GROUP, false, START);
	limiter_slow_down(l, OTHER, false, START + HOUR);
	limiter_forget(l, START);
	ck_assert_uint_eq(limiter_chats(l), 3);
	limiter_forget(l, START + SECOND);
	ck_assert_uint_eq(limiter_chats(l), 2); /* the group's minute runs */
	limiter_forget(l, START + MINUTE);
	ck_assert_uint_eq(limiter_chats(l), 1);
	ck_assert_int_eq(when(OTHER, false, START + MINUTE), START + HOUR);
	limiter_forget(l, START + HOUR);
	ck_assert_uint_eq(limiter_chats(l), 0);
	ck_assert_int_eq(sends(GROUP, false, START + HOUR), START + HOUR);
}
END_TEST

START_TEST(remembers_at_most_so_many)
{
	size_t before;

	for (int64_t i = 1; i <= MANY; i++) {
		took(i % 2 ? i : -i, false, START + i);
		if (i % 50 == 0)
			took(PRIVATE, false, START + i); /* used again and again: never the idlest */
	}
	ck_assert_uint_eq(limiter_chats(l), LIMITER_MAX_CHATS);
	ck_assert_int_gt(when(PRIVATE, false, START + MANY), START + MANY);
	for (int64_t i = MANY - 10; i <= MANY; i++) /* the newest are known */
		for (int k = 0; k < 2; k++)
			took(i % 2 ? i : -i, false, START + MANY);
	for (int64_t i = MANY - 10; i <= MANY; i++)
		ck_assert_int_gt(when(i % 2 ? i : -i, false, START + MANY), START + MANY);
	before = talloc_total_size(l);
	limiter_forget(l, START + MANY + 10 * MINUTE);
	ck_assert_uint_eq(limiter_chats(l), 0);
	ck_assert_uint_lt(talloc_total_size(l), before);
	for (int64_t i = 1; i <= 1000; i++) /* places are used again */
		ck_assert_int_eq(sends(i, false, START + HOUR), START + HOUR);
	ck_assert_uint_eq(limiter_chats(l), 1000);
}
END_TEST

START_TEST(known_chats_need_no_memory)
{
	size_t blocks;

	for (int64_t i = 0; i < 100; i++)
		took(-i - 1, true, START);
	blocks = talloc_total_blocks(l);
	for (int64_t i = 0; i < 10000; i++)
		sends(-(i % 100) - 1, true, START + i);
	ck_assert_uint_eq(talloc_total_blocks(l), blocks);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("limiter");
	TCase *c = tcase_create("limiter");

	tcase_add_checked_fixture(c, begin, end);
	tcase_add_test(c, private_chat_bursts_then_waits);
	tcase_add_test(c, burst_comes_back_with_silence);
	tcase_add_test(c, group_has_a_minute_as_well);
	tcase_add_test(c, bulk_is_one_lane_over_all_chats);
	tcase_add_test(c, asking_takes_nothing);
	tcase_add_test(c, slow_down_holds_chat_and_lane);
	tcase_add_test(c, off_obeys_only_slow_down);
	tcase_add_test(c, no_window_passes_a_limit);
	tcase_add_test(c, a_steady_stream_comes_near_the_limit);
	tcase_add_test(c, clock_back_an_hour_holds_nobody_for_an_hour);
	tcase_add_test(c, trembling_clock_gives_no_credit);
	tcase_add_test(c, forgets_only_what_no_longer_matters);
	tcase_add_test(c, remembers_at_most_so_many);
	tcase_add_test(c, known_chats_need_no_memory);
	suite_add_tcase(s, c);
	return tap_run(s);
}
