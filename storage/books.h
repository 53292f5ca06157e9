/* The books in a few numbers: what we hold, what we owe, what is ours. Read from the balances, which the audit proves.
 */
#ifndef SEPAREX_BOOKS_H
#define SEPAREX_BOOKS_H

#include "db.h"
#include "ledger.h"

enum { BOOKS_BANKS_MAX = 16 };

/* Rial. held by banks = hold + suspense + payable + refund + inflight + fees - cost, or the books are wrong. */
struct books {
	int64_t of[ACCOUNT_KIND_END]; /* by account kind */
	struct {
		int64_t id, balance; /* of bank_account */
	} banks[BOOKS_BANKS_MAX];
	size_t n_banks;
};

/* False when the store failed. */
bool books_read(struct db_tx *tx, struct books *out);

/* The two sides of the proof. */
int64_t books_held(const struct books *b);
int64_t books_owed(const struct books *b); /* to people: hold, suspense, payable, refund, inflight */
int64_t books_own(const struct books *b); /* fees less costs */
bool books_agree(const struct books *b);

/* Money in suspense, by deal, oldest first: since when the deal's suspense is not empty. At most `most`. */
struct suspense {
	int64_t deal_id, amount, since_ms;
};
size_t books_suspense(struct db_tx *tx, struct suspense *out, size_t most);

#endif
