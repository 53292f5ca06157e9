/* The books' vocabulary: accounts, transfers and why money moves. escrow-rules.md section 3.1.
 * A transfer has one debit and one credit account, a positive amount and a code; it is written once and never changed.
 * No person has an account: money is held for a deal and leaves. */
#ifndef SEPAREX_LEDGER_H
#define SEPAREX_LEDGER_H

#include "money.h"

/* Numbers are stored: only add. `id` of an account: where the money is for BANK (bank_account), 0 for FEE_INCOME and
 * COST, the deal for the others. BANK may go below zero: a payout can leave before the statement tells us what filled
 * the account. */
enum account_kind {
	ACCOUNT_BANK = 1, /* asset: what a bank holds for us */
	ACCOUNT_SUSPENSE = 2, /* money in, not (or no longer) belonging to a running deal; to be worked to zero */
	ACCOUNT_HOLD = 3, /* the escrow hold of a deal */
	ACCOUNT_PAYABLE = 4, /* owed to the seller, not sent */
	ACCOUNT_REFUND = 5, /* owed to the buyer, not confirmed as sent */
	ACCOUNT_INFLIGHT = 6, /* payout sent, not confirmed */
	ACCOUNT_FEE_INCOME = 7, /* ours */
	ACCOUNT_COST = 8, /* what banks and gateways took for their work */
	ACCOUNT_KIND_END
};

struct account {
	enum account_kind kind;
	int64_t id;
};

/* Why money moved. Numbers are stored: only add. */
enum transfer_code {
	TRANSFER_PAY_IN = 1, /* BANK -> HOLD */
	TRANSFER_PAY_EXCESS = 2, /* BANK -> REFUND: above what was due */
	TRANSFER_PAY_SECOND = 3, /* BANK -> REFUND: the deal was already paid */
	TRANSFER_PAY_LATE = 4, /* BANK -> SUSPENSE: the deal had ended */
	TRANSFER_PAY_FOREIGN = 5, /* BANK -> SUSPENSE: not in the buyer's name */
	TRANSFER_CLEARED = 6, /* SUSPENSE -> HOLD */
	TRANSFER_SUSPENSE_BACK = 7, /* SUSPENSE -> REFUND */
	TRANSFER_RELEASE = 8, /* HOLD -> PAYABLE */
	TRANSFER_FEE = 9, /* HOLD -> FEE_INCOME */
	TRANSFER_REFUND = 10, /* HOLD -> REFUND */
	TRANSFER_PAYOUT_SENT = 11, /* PAYABLE -> INFLIGHT */
	TRANSFER_PAYOUT_DONE = 12, /* INFLIGHT -> BANK */
	TRANSFER_PAYOUT_RETURNED = 13, /* INFLIGHT -> PAYABLE */
	TRANSFER_REFUND_DONE = 14, /* REFUND -> BANK */
	TRANSFER_RECALLED = 15, /* HOLD -> SUSPENSE: the bank or the police asks for it back */
	TRANSFER_CLEARING = 16, /* BANK -> BANK: a gateway handed over to our bank account; by a statement's row */
	TRANSFER_COST = 17, /* BANK -> COST: a fee that a statement shows */
	TRANSFER_PAYOUT_BOUNCED = 18, /* BANK -> PAYABLE: a payout that the bank had called done came back */
	TRANSFER_REFUND_BOUNCED = 19, /* BANK -> REFUND: the same of a refund */
	TRANSFER_CODE_END
};

/* The BANK accounts by the name of the gateway that fills or empties them, and "bank", our own account at a bank. 0 for
 * a name that has none. Numbers are stored: only add. */
int64_t bank_account(const char *name);
/* The other way round; NULL for a number that is none. */
const char *bank_account_name(int64_t id);

/* Money leaves `from` (it owes or holds less) and is in `to`. For our liabilities: debit `from`, credit `to`; BANK is
 * an asset, so money from outside is debit BANK, credit `to`, and money to outside is debit `from`, credit BANK. In
 * each case debit = from and credit = to. */
struct transfer {
	struct account debit, credit;
	struct rial amount;
	enum transfer_code code;
};

/* True for accounts whose balance is debits minus credits. */
bool account_is_asset(enum account_kind kind);

/* The pair of account kinds that a code may join; false when the transfer is none of the allowed flows. */
bool transfer_valid(const struct transfer *t);

/* "HOLD:17", for the audit's messages. Returns `room`. */
const char *account_name(struct account a, char room[40]);

#endif
