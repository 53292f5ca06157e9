/* Payments asked of banks. */
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
	PAYMENT_GIVEN_UP = 7, /* never paid; no longer asked about */
	PAYMENT_PLANNED = 8 /* a part that waits for its buyer to choose a bank */
};

/* One try at one part of what is due. */

struct payment {
	int64_t id, deal_id;
	int64_t part, parts; /* "2 of 3" */
	const char *page; /* the secret part of the payment page's address */
	const char *gateway; /* "" while PAYMENT_PLANNED */
	const char *order_id; /* ours, towards the bank; digits */
	struct rial amount;
	enum payment_state state;
	const char *token; /* the bank's name for it, "" until known */
	const char *pay_url; /* the bank's page, "" until known */
	const char *ref; /* the bank's, "" until known */
	const char *card_mask, *card_hash; /* of the payer, as the bank tells them */
	const char *card_said; /* the last four digits of the card that the buyer announced, "" for none */
	const char *said; /* why the bank refused: a word of bank.said, "" */
	struct rial paid; /* what the bank verified */
	struct rial refunded; /* how much of it was given to settlements */
	int64_t created_ms, opened_ms, credited_ms; /* the later two 0 until then */
};

int64_t payment_insert(struct db_tx *tx, const struct payment *p, int64_t now_ms);
bool payment_by_id(struct db_tx *tx, void *ctx, int64_t id, struct payment *out);
bool payment_by_page(struct db_tx *tx, void *ctx, const char *page, struct payment *out);
bool payment_by_order(struct db_tx *tx, void *ctx, const char *order_id, struct payment *out);
/* By the bank's own name for it: the newest, when a bank ever gave one twice. */
bool payment_by_token(struct db_tx *tx, void *ctx, const char *gateway, const char *token, struct payment *out);
/* Whether another payment of that bank carries this reference already. */
bool payment_ref_used(struct db_tx *tx, const char *gateway, const char *ref, int64_t but_id);
/* The hash of the card with that masked number in the newest credited payment of a buyer through a gateway; "" for
 * none. */
const char *payment_card_hash(struct db_tx *tx, void *ctx, const char *gateway, int64_t buyer_id, const char *mask);
/* The deal's newest payment. */
bool payment_newest(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out);
/* The try at one part that counts: the one that was credited, else the newest. */
bool payment_of_part(struct db_tx *tx, void *ctx, int64_t deal_id, int64_t part, struct payment *out);
/* How many tries a part has had. */
int64_t payment_tries(struct db_tx *tx, int64_t deal_id, int64_t part);
/* The same for each part, by part. */
size_t payments_by_part(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most);
/* Those of a deal, oldest first. */
size_t payments_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most);
/* Those of a deal that brought money of which something has not been given back, oldest first. */
size_t payments_with_money(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most);
/* Writes everything but the deal, the page, the order, the part and the amount. */
void payment_save(struct db_tx *tx, const struct payment *p, int64_t now_ms);

#endif
