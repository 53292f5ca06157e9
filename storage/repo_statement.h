/* Rows of bank statements, and what of ours each is. */
#ifndef SEPAREX_REPO_STATEMENT_H
#define SEPAREX_REPO_STATEMENT_H

#include "db.h"
#include "repo_payment.h"
#include "repo_settlement.h"

/* Numbers are stored: only add. */
enum statement_state {
	STATEMENT_OPEN = 1, /* the bank has it, and we have nothing like it */
	STATEMENT_PAYMENT = 2, /* matched_id is the payment */
	STATEMENT_SETTLEMENT = 3, /* matched_id is the settlement */
	STATEMENT_CLEARING = 4, /* a gateway handed over; booked */
	STATEMENT_COST = 5, /* what the bank took; booked */
	STATEMENT_HANDED = 6 /* a gateway's side of a CLEARING row, which is matched_id and has booked it */
};

struct statement_row {
	int64_t id;
	const char *account; /* a name of bank_account */
	const char *key; /* natural: names the row in its account for ever */
	int64_t day; /* since 1970-01-01; 0 when its date could not be read */
	int64_t amount_rial; /* came in; below zero: went out */
	const char *words, *reference; /* what the bank writes, and the column of its number; sealed in the store */
	enum statement_state state;
	int64_t matched_id, seen_ms;
};

/* The new row's id (state OPEN); 0 when the account has one of that key. */
int64_t statement_insert(struct db_tx *tx, const struct statement_row *r, int64_t now_ms);
bool statement_by_key(struct db_tx *tx, void *ctx, const char *account, const char *key, struct statement_row *out);
/* Writes state and matched_id. */
void statement_save(struct db_tx *tx, const struct statement_row *r);
/* Open rows with ids above `after` that were taken at since_ms or later, oldest first, at most `most`; texts on ctx. */
size_t statement_open_rows(struct db_tx *tx, void *ctx, int64_t after, int64_t since_ms, struct statement_row *out,
			   size_t most);
/* The CLEARING row of our own account by which a gateway's (bank_account) sum came, at most `days` away from `day`,
 * that is nobody's other side yet; 0 for none. */
int64_t statement_find_clearing(struct db_tx *tx, int64_t gateway, int64_t amount_rial, int64_t day, int64_t days);
/* Whether a payment or settlement has a row already by which it came in, or went out. */
bool statement_has(struct db_tx *tx, enum statement_state what, int64_t id, bool came_in);

/* The payment of an account that has that number as order id or reference, with money; the settlement that left the
 * account under that track id or reference. False when there is none. */
bool statement_find_payment(struct db_tx *tx, void *ctx, const char *account, const char *number, struct payment *out);
bool statement_find_settlement(struct db_tx *tx, void *ctx, const char *account, const char *number,
			       struct settlement *out);

/* What an account's statements cover, by their days; false when it has none. */
struct statement_span {
	int64_t first, last, rows, open, sum; /* `sum`: of all rows, rial */
};
bool statement_span(struct db_tx *tx, const char *account, struct statement_span *out);

/* What is ours and no row of the account's statements: payments that were credited and settlements that the bank has,
 * with from_ms <= moment < to_ms, oldest first, at most `most`. Texts on ctx. */
struct statement_missing {
	bool is_payment;
	const char *number; /* order id or track id */
	int64_t deal_id, amount_rial, at_ms;
};
size_t statement_missing(struct db_tx *tx, void *ctx, const char *account, int64_t from_ms, int64_t to_ms,
			 struct statement_missing *out, size_t most);

#endif
