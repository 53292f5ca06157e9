/* The ledger's words: exactly the allowed flows, positive amounts, and the names of accounts. */
#include "deal_rows.h"
#include "ledger.h"

START_TEST(only_allowed_flows)
{
	int allowed = 0;

	for (int code = 0; code <= TRANSFER_CODE_END; code++)
		for (int from = 0; from <= ACCOUNT_KIND_END; from++)
			for (int to = 0; to <= ACCOUNT_KIND_END; to++) {
				struct transfer t = {.debit = {(enum account_kind)from, 1},
						     .credit = {(enum account_kind)to, 1},
						     .amount = rial_of(1),
						     .code = (enum transfer_code)code};
				enum account_kind is_from = ACCOUNT_KIND_END, is_to = ACCOUNT_KIND_END;

				if (code >= TRANSFER_PAY_IN && code < TRANSFER_CODE_END)
					flow_of(t.code, &is_from, &is_to);
				else
					is_from = 99;
				ck_assert_int_eq(transfer_valid(&t), (int)is_from == from && (int)is_to == to);
				allowed += transfer_valid(&t);
			}
	ck_assert_int_eq(allowed, TRANSFER_CODE_END - 1);
}
END_TEST

START_TEST(only_positive_amounts)
{
	static const int64_t wrong[] = {0, -1, INT64_MIN};
	struct transfer t = {.debit = {ACCOUNT_BANK, 1}, .credit = {ACCOUNT_HOLD, 1}, .code = TRANSFER_PAY_IN};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		t.amount = rial_of(wrong[i]);
		ck_assert(!transfer_valid(&t));
	}
	t.amount = rial_of(INT64_MAX);
	ck_assert(transfer_valid(&t));
}
END_TEST

START_TEST(assets)
{
	for (int kind = ACCOUNT_BANK; kind < ACCOUNT_KIND_END; kind++)
		ck_assert_int_eq(account_is_asset((enum account_kind)kind),
				 kind == ACCOUNT_BANK || kind == ACCOUNT_COST);
}
END_TEST

START_TEST(names)
{
	static const char *const words[ACCOUNT_KIND_END] = {
		"UNKNOWN:17", "BANK:17",     "SUSPENSE:17",   "HOLD:17", "PAYABLE:17",
		"REFUND:17",  "INFLIGHT:17", "FEE_INCOME:17", "COST:17",
	};
	char room[40];

	for (int kind = 0; kind < ACCOUNT_KIND_END; kind++)
		ck_assert_str_eq(account_name((struct account){(enum account_kind)kind, 17}, room), words[kind]);
	ck_assert_str_eq(account_name((struct account){(enum account_kind)99, INT64_MIN}, room),
			 "UNKNOWN:-9223372036854775808");
	ck_assert_ptr_eq(account_name((struct account){ACCOUNT_BANK, 0}, room), room);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ledger");
	TCase *t = tcase_create("ledger");

	tcase_add_test(t, only_allowed_flows);
	tcase_add_test(t, only_positive_amounts);
	tcase_add_test(t, assets);
	tcase_add_test(t, names);
	suite_add_tcase(s, t);
	return tap_run(s);
}
