/* Money sent out: payouts to sellers and refunds to buyers. */
#ifndef SEPAREX_REPO_SETTLEMENT_H
#define SEPAREX_REPO_SETTLEMENT_H

#include "db.h"
#include "money.h"

enum settlement_kind { SETTLEMENT_PAYOUT = 1, SETTLEMENT_REFUND = 2 };
/* Numbers are stored: only add. */
enum settlement_state {
	SETTLEMENT_QUEUED = 1,
	SETTLEMENT_SENT = 2, /* the bank has it */
	SETTLEMENT_DONE = 3,
	SETTLEMENT_RETURNED = 4 /* proven not done */
};

/* settlement.rail: along the payment that brought the money, by the payout gateway, in a file for the bank. */
#define RAIL_ALONG "along"
#define RAIL_BANK "bank"
#define RAIL_FILE "file"

/* settlement.reason of one whose number people told us (money_payout_left): it must never be sent. */
#define SETTLEMENT_TOLD "told"

struct settlement {
	int64_t id, deal_id;
	enum settlement_kind kind;
	const char *track_id; /* ours, towards the bank; digits */
	int64_t payment_id; /* SETTLEMENT_REFUND: goes back along this payment; else 0 */
	int64_t person_id;
	const char *rail;
	const char *gateway; /* whose account it leaves */
	const char *ref; /* the bank's for it, "" until known */
	const char *iban; /* "" along a payment, and while the person has given none */
	struct rial amount;
	enum settlement_state state;
	const char *reason;
	int64_t changed_ms; /* read only: when its state changed last */
};

enum { SETTLEMENTS_MOST = 40 }; /* of a deal that are ever read */

int64_t settlement_insert(struct db_tx *tx, const struct settlement *t, int64_t now_ms);
bool settlement_by_id(struct db_tx *tx, void *ctx, int64_t id, struct settlement *out);
void settlement_set_state(struct db_tx *tx, int64_t id, enum settlement_state state, const char *reason,
			  int64_t now_ms);
/* Writes rail, gateway, ref and iban. */
void settlement_save(struct db_tx *tx, const struct settlement *t, int64_t now_ms);
bool settlement_by_track(struct db_tx *tx, void *ctx, const char *track_id, struct settlement *out);
/* Those of a person that only wait for an IBAN, oldest first. */
size_t settlements_without_iban(struct db_tx *tx, void *ctx, int64_t person_id, struct settlement *out, size_t most);
/* Those of a deal, oldest first. */
size_t settlements_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct settlement *out, size_t most);

/* How many settlements with an account to go to are in a state, and since when the oldest of them; of one rail, or of
 * all but those along a payment (NULL). */
struct waiting {
	int64_t n, since_ms;
};
struct waiting settlements_waiting(struct db_tx *tx, enum settlement_state state, const char *rail);

#endif
