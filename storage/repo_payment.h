/* Payments asked of banks, and money sent out (settlements: payouts and refunds). */
#ifndef SEPAREX_REPO_PAYMENT_H
#define SEPAREX_REPO_PAYMENT_H

#include "db.h"
#include "money.h"

/* Numbers are stored: only add. */
enum payment_state {
	PAYMENT_ASKED = 1, /* the bank is being asked for a payment page */
	PAYMENT_OPEN = 2, /* the buyer can pay */
	PAYMENT_CREDITED = 3, /* verified by the bank and in the books */
	PAYMENT_SETTLED = 4, /* and handed over by the bank */
	PAYMENT_REFUSED = 5, /* the buyer or the bank said no; no money came */
	PAYMENT_FAILED = 6, /* no payment page could be had */
	PAYMENT_GIVEN_UP = 7 /* never paid; no longer asked about */
};

struct payment {
	int64_t id, deal_id;
	const char *page; /* the secret part of the payment page's address */
	const char *gateway;
	const char *order_id; /* ours, towards the bank; digits */
	struct rial amount;
	enum payment_state state;
	const char *pay_url; /* the bank's page, "" until known */
	const char *ref; /* the bank's, "" until known */
	const char *card_mask;
	struct rial paid; /* what the bank verified */
	struct rial refunded; /* how much of it was given to settlements */
	int64_t created_ms;
};

int64_t payment_insert(struct db_tx *tx, const struct payment *p, int64_t now_ms);
bool payment_by_id(struct db_tx *tx, void *ctx, int64_t id, struct payment *out);
bool payment_by_page(struct db_tx *tx, void *ctx, const char *page, struct payment *out);
bool payment_by_order(struct db_tx *tx, void *ctx, const char *order_id, struct payment *out);
/* The deal's newest payment. */
bool payment_newest(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out);
/* Those of a deal, oldest first. */
size_t payments_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most);
/* Those of a deal that brought money of which something has not been given back, oldest first. */
size_t payments_with_money(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most);
/* Writes state, pay_url, ref, card_mask, paid and refunded. */
void payment_save(struct db_tx *tx, const struct payment *p, int64_t now_ms);

enum settlement_kind { SETTLEMENT_PAYOUT = 1, SETTLEMENT_REFUND = 2 };
/* Numbers are stored: only add. */
enum settlement_state {
	SETTLEMENT_QUEUED = 1,
	SETTLEMENT_SENT = 2, /* the bank has it */
	SETTLEMENT_DONE = 3,
	SETTLEMENT_RETURNED = 4 /* proven not done */
};

struct settlement {
	int64_t id, deal_id;
	enum settlement_kind kind;
	const char *track_id; /* ours, towards the bank; digits */
	int64_t payment_id; /* SETTLEMENT_REFUND: goes back along this payment; else 0 */
	int64_t person_id;
	const char *iban; /* SETTLEMENT_PAYOUT, else "" */
	struct rial amount;
	enum settlement_state state;
	const char *reason;
};

int64_t settlement_insert(struct db_tx *tx, const struct settlement *t, int64_t now_ms);
bool settlement_by_id(struct db_tx *tx, void *ctx, int64_t id, struct settlement *out);
void settlement_set_state(struct db_tx *tx, int64_t id, enum settlement_state state, const char *reason,
			  int64_t now_ms);
/* Those of a deal, oldest first. */
size_t settlements_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct settlement *out, size_t most);

#endif
