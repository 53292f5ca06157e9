/* Sharing a hold: refund, payout and fee are together exactly what was held, and every remainder is the buyer's. */
#include "deal_world.h"
#include "rnd.h"

static struct deal held_for(int64_t price, int64_t fee, enum fee_payer payer)
{
	struct deal d = {.terms = {.price = {price}, .fee = {fee}, .fee_payer = payer}};

	d.held = terms_due(&d.terms);
	return d;
}

static void check_split(int64_t price, int64_t fee, enum fee_payer payer, int64_t to_buyer, const int64_t want[3])
{
	struct deal d = held_for(price, fee, payer);
	struct split s = deal_split(&d, rial_of(to_buyer));

	ck_assert_int_eq(rial_raw(s.refund), want[0]);
	ck_assert_int_eq(rial_raw(s.payout), want[1]);
	ck_assert_int_eq(rial_raw(s.fee), want[2]);
}

START_TEST(by_hand)
{
	check_split(1000000, 10000, FEE_BY_HALF, 0, (const int64_t[3]){0, 995000, 10000});
	check_split(1000000, 10000, FEE_BY_BUYER, 0, (const int64_t[3]){0, 1000000, 10000});
	check_split(1000000, 10000, FEE_BY_SELLER, 0, (const int64_t[3]){0, 990000, 10000});
	check_split(1000000, 10000, FEE_BY_HALF, 1000000, (const int64_t[3]){1005000, 0, 0});
	check_split(1000000, 10000, FEE_BY_SELLER, 1000000, (const int64_t[3]){1000000, 0, 0});
	check_split(1000000, 10000, FEE_BY_HALF, 400000, (const int64_t[3]){402000, 597000, 6000});
	/* One third: 3,333.33 rial of each half stay, rounded down to 3,330; the rest of the buyer's half goes back. */
	check_split(1000000, 10000, FEE_BY_HALF, 333333, (const int64_t[3]){335003, 663337, 6660});
	/* A part so small that its fee is below a toman costs nothing. */
	check_split(1000000, 10000, FEE_BY_HALF, 999001, (const int64_t[3]){1004001, 999, 0});
}
END_TEST

/* What was held above what is due is nobody's but the buyer's. */
START_TEST(surplus_is_the_buyers)
{
	struct deal d = held_for(1000000, 10000, FEE_BY_HALF);
	struct split s;

	d.held = rial_add(d.held, rial_of(777));
	s = deal_split(&d, RIAL_ZERO);
	ck_assert_int_eq(rial_raw(s.refund), 777);
	ck_assert_int_eq(rial_raw(s.payout), 995000);
}
END_TEST

static int64_t random_below(const struct rnd *r, int64_t end)
{
	uint64_t n;

	r->fill(r->arg, &n, sizeof n);
	return (int64_t)(n % (uint64_t)end);
}

static void check_random(const struct rnd *r)
{
	int64_t price = 1 + random_below(r, random_below(r, 2) ? 3000 : INT64_C(1000000000000000));
	int64_t fee = random_below(r, price / 100 + 1) / 10 * 10;
	struct deal d = held_for(price, fee, (enum fee_payer)(FEE_BY_BUYER + random_below(r, 3)));
	int64_t to_buyer = random_below(r, price + 1);
	struct split s = deal_split(&d, rial_of(to_buyer)), all = deal_split(&d, RIAL_ZERO);
	struct split more = deal_split(&d, rial_of(to_buyer + (to_buyer < price)));
	int64_t seller_fee = price - to_buyer - rial_raw(s.payout);

	ck_assert_int_eq(rial_raw(s.refund) + rial_raw(s.payout) + rial_raw(s.fee), rial_raw(d.held));
	ck_assert_int_ge(rial_raw(s.refund), to_buyer);
	ck_assert_int_ge(rial_raw(s.payout), 0);
	ck_assert_int_ge(seller_fee, 0);
	ck_assert_int_eq(seller_fee % 10, 0);
	ck_assert_int_eq(rial_raw(s.fee) % 10, 0);
	ck_assert_int_le(rial_raw(s.fee), fee);
	/* The fee is never a larger part of the price than the part that the seller keeps. */
	ck_assert(((__int128)rial_raw(s.fee)) * price <= (__int128)fee * (price - to_buyer));
	ck_assert_int_ge(rial_raw(more.refund), rial_raw(s.refund));
	ck_assert_int_le(rial_raw(more.fee), rial_raw(s.fee));
	ck_assert_int_eq(rial_raw(all.fee), fee);
	ck_assert_int_eq(rial_raw(all.refund), 0);
	ck_assert_int_eq(rial_raw(all.payout), rial_raw(terms_payout(&d.terms)));
}

START_TEST(random_sums)
{
	uint64_t seed = 3;
	struct rnd r = rnd_seeded(&seed);

	for (int i = 0; i < 50000; i++)
		check_random(&r);
}
END_TEST

START_TEST(due_and_payout)
{
	static const struct {
		enum fee_payer payer;
		int64_t due, payout;
	} cases[] = {
		{FEE_BY_BUYER, 1010010, 1000000}, {FEE_BY_SELLER, 1000000, 989990}, {FEE_BY_HALF, 1005000, 994990}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct deal_terms t = {.price = {1000000}, .fee = {10010}, .fee_payer = cases[i].payer};

		ck_assert_int_eq(rial_raw(terms_due(&t)), cases[i].due);
		ck_assert_int_eq(rial_raw(terms_payout(&t)), cases[i].payout);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("deal split");
	TCase *t = tcase_create("split");

	tcase_add_test(t, by_hand);
	tcase_add_test(t, surplus_is_the_buyers);
	tcase_add_test(t, random_sums);
	tcase_add_test(t, due_and_payout);
	suite_add_tcase(s, t);
	return tap_run(s);
}
