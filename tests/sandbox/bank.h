/* The practice bank: payments, refunds, payouts, the buyer's page, and the browser's way back to the shop.
 * It behaves as banks do; docs/sandbox.md has its protocol. Times are those of the virtual clock, sums are rial. */
#ifndef SANDBOX_BANK_H
#define SANDBOX_BANK_H

#include "world.h"

enum {
	PAYMENTS_MAX = 20000, /* more are answered with 113, busy */
	TRANSFERS_MAX = 20000,
	ID_MAX = 64,
	CALLBACK_MAX = 512
};

#define AMOUNT_MIN INT64_C(1000)
#define AMOUNT_MAX INT64_C(500000000)
#define VERIFY_WITHIN_MS (15 * MINUTE_MS) /* afterwards the bank gives an unverified payment back */
#define LATE_MS (10 * MINUTE_MS)
#define SENT_AFTER_MS (30 * SECOND_MS)
#define DONE_AFTER_MS (60 * SECOND_MS)

enum bank_code {
	BANK_OK = 0,
	BANK_CANCELLED = 17,
	BANK_BAD_TERMINAL = 21,
	BANK_ORDER_USED = 41,
	BANK_NO_PAYMENT = 42,
	BANK_VERIFIED_ALREADY = 43,
	BANK_NOT_PAID = 44,
	BANK_SETTLED_ALREADY = 45,
	BANK_NOT_VERIFIED = 46,
	BANK_REVERSED_ALREADY = 48,
	BANK_TOO_LATE = 49,
	BANK_REFUND_DIFFERS = 50,
	BANK_OVER_AMOUNT = 51,
	BANK_NO_TRACK = 54,
	BANK_BAD_IBAN = 55,
	BANK_PAYOUT_DIFFERS = 56,
	BANK_BAD_AMOUNT = 61,
	BANK_BUSY = 113
};

enum payment_state { PAY_CREATED, PAY_PAID, PAY_VERIFIED, PAY_SETTLED, PAY_REFUSED, PAY_REVERSED, PAY_REFUNDED };

struct payment {
	char order_id[ID_MAX + 1], token[40], callback[CALLBACK_MAX + 1];
	char ref[24], card[24];
	enum payment_state state;
	int64_t amount, refunded, created_ms, paid_ms;
	int64_t late_ms; /* when a late callback goes out, 0 for none */
};

struct transfer {
	char track_id[ID_MAX + 1], order_id[ID_MAX + 1], iban[28], name[128];
	int64_t amount, at_ms;
};

struct bank {
	struct payment **payments; /* talloc array of PAYMENTS_MAX */
	size_t n_payments;
	struct transfer **payouts, **refunds;
	size_t n_payouts, n_refunds;
};

struct bank *bank_new(void *ctx);

/* Serves /bank/…. */
void bank_serve(struct world *w, struct request *r);
/* POST /sim/bank. */
void bank_act(struct world *w, struct request *r);

/* Gives back what was not verified in time, sends callbacks that are due. */
void bank_tick(struct world *w);
/* Adds payments, payouts and refunds to a state object. */
void bank_state(const struct world *w, json_t *state);
/* Before a reset: whoever waits for a callback is answered. */
void bank_release(struct world *w);

/* Shared by the bank's files. */
struct payment *bank_payment(struct world *w, const char *token_or_order);
const char *payment_state_name(enum payment_state s);
/* The buyer decides: the state and the reference change as `act` says ("pay", "refuse", "vanish", "twice", "late",
 * "forge"). NULL, or why it cannot be. */
const char *bank_decide(struct world *w, struct payment *p, const char *act);
/* The fields that the browser carries back, form-encoded, on ctx. `forged` claims a success that never was. */
char *bank_fields(struct world *w, void *ctx, const struct payment *p, bool forged);
void bank_page(struct world *w, struct request *r);

/* Posts `times` callbacks one after the other; then answers `r` (may be NULL) with the payment and their results. */
void callback_post(struct world *w, const struct payment *p, const char *fields, int times, struct request *r);
/* Lets the HTTP client work. Returns true while something is under way. */
bool callback_run(struct world *w);
/* libcurl's multi handle, to wait on. */
void *callback_multi(void);
json_t *bank_payment_json(const struct payment *p);

#endif
