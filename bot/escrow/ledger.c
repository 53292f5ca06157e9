/* Accounts and the allowed flows: see ledger.h. */
#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct flow {
	enum account_kind debit, credit;
} flows[TRANSFER_CODE_END] = {
	[TRANSFER_PAY_IN] = {ACCOUNT_BANK, ACCOUNT_HOLD},
	[TRANSFER_PAY_EXCESS] = {ACCOUNT_BANK, ACCOUNT_REFUND},
	[TRANSFER_PAY_SECOND] = {ACCOUNT_BANK, ACCOUNT_REFUND},
	[TRANSFER_PAY_LATE] = {ACCOUNT_BANK, ACCOUNT_SUSPENSE},
	[TRANSFER_PAY_FOREIGN] = {ACCOUNT_BANK, ACCOUNT_SUSPENSE},
	[TRANSFER_CLEARED] = {ACCOUNT_SUSPENSE, ACCOUNT_HOLD},
	[TRANSFER_SUSPENSE_BACK] = {ACCOUNT_SUSPENSE, ACCOUNT_REFUND},
	[TRANSFER_RELEASE] = {ACCOUNT_HOLD, ACCOUNT_PAYABLE},
	[TRANSFER_FEE] = {ACCOUNT_HOLD, ACCOUNT_FEE_INCOME},
	[TRANSFER_REFUND] = {ACCOUNT_HOLD, ACCOUNT_REFUND},
	[TRANSFER_PAYOUT_SENT] = {ACCOUNT_PAYABLE, ACCOUNT_INFLIGHT},
	[TRANSFER_PAYOUT_DONE] = {ACCOUNT_INFLIGHT, ACCOUNT_BANK},
	[TRANSFER_PAYOUT_RETURNED] = {ACCOUNT_INFLIGHT, ACCOUNT_PAYABLE},
	[TRANSFER_REFUND_DONE] = {ACCOUNT_REFUND, ACCOUNT_BANK},
	[TRANSFER_RECALLED] = {ACCOUNT_HOLD, ACCOUNT_SUSPENSE},
	[TRANSFER_CLEARING] = {ACCOUNT_BANK, ACCOUNT_BANK},
	[TRANSFER_COST] = {ACCOUNT_COST, ACCOUNT_BANK},
	[TRANSFER_PAYOUT_BOUNCED] = {ACCOUNT_BANK, ACCOUNT_PAYABLE},
	[TRANSFER_REFUND_BOUNCED] = {ACCOUNT_BANK, ACCOUNT_REFUND},
};

bool account_is_asset(enum account_kind kind)
{
	return kind == ACCOUNT_BANK || kind == ACCOUNT_COST;
}

static const struct bank_name {
	int64_t id;
	const char *name;
} bank_names[] = {
	{1, "sandbox"}, {2, "mellat"}, {3, "parsian"}, {4, "zarinpal"}, {11, "vandar"}, {20, "bank"},
};

enum { BANK_NAMES = sizeof bank_names / sizeof bank_names[0] };

int64_t bank_account(const char *name)
{
	for (size_t i = 0; i < BANK_NAMES; i++)
		if (!strcmp(bank_names[i].name, name))
			return bank_names[i].id;
	return 0;
}

const char *bank_account_name(int64_t id)
{
	for (size_t i = 0; i < BANK_NAMES; i++)
		if (bank_names[i].id == id)
			return bank_names[i].name;
	return NULL;
}

bool transfer_valid(const struct transfer *t)
{
	if (t->code < TRANSFER_PAY_IN || t->code >= TRANSFER_CODE_END)
		return false;
	return rial_is_positive(t->amount) && t->debit.kind == flows[t->code].debit &&
	       t->credit.kind == flows[t->code].credit;
}

const char *account_name(struct account a, char room[40])
{
	static const char *const names[ACCOUNT_KIND_END] = {
		[ACCOUNT_BANK] = "BANK",
		[ACCOUNT_SUSPENSE] = "SUSPENSE",
		[ACCOUNT_HOLD] = "HOLD",
		[ACCOUNT_PAYABLE] = "PAYABLE",
		[ACCOUNT_REFUND] = "REFUND",
		[ACCOUNT_INFLIGHT] = "INFLIGHT",
		[ACCOUNT_FEE_INCOME] = "FEE_INCOME",
		[ACCOUNT_COST] = "COST",
	};
	const char *kind = a.kind >= ACCOUNT_BANK && a.kind < ACCOUNT_KIND_END ? names[a.kind] : "UNKNOWN";

	snprintf(room, 40, "%s:%" PRId64, kind, a.id);
	return room;
}
