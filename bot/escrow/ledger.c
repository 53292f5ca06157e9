/* Accounts and the allowed flows: see ledger.h. */
#include "ledger.h"

#include <inttypes.h>
#include <stdio.h>

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
};

bool account_is_asset(enum account_kind kind)
{
	return kind == ACCOUNT_BANK;
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
	};
	const char *kind = a.kind >= ACCOUNT_BANK && a.kind < ACCOUNT_KIND_END ? names[a.kind] : "UNKNOWN";

	snprintf(room, 40, "%s:%" PRId64, kind, a.id);
	return room;
}
