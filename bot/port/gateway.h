/* A bank's gateway: how a money call becomes a request, and what the answer proves.
 * An implementation never stores anything and never decides about a deal. */
#ifndef SEPAREX_GATEWAY_H
#define SEPAREX_GATEWAY_H

#include "http.h"

/* The numbers are stored in work rows: only add. */
enum gateway_op {
	GATEWAY_START = 1, /* asks for a token: opens a payment of `amount_rial` under order_id */
	GATEWAY_VERIFY = 2, /* asks the bank to confirm that order_id was paid, and how much */
	GATEWAY_SETTLE = 3, /* asks the bank to hand the verified money over */
	GATEWAY_INQUIRY = 4, /* asks what is known of order_id; changes nothing */
	GATEWAY_REVERSE = 5, /* undoes an unsettled payment */
	GATEWAY_REFUND = 6, /* sends `amount_rial` of order_id back to the payer, under track_id */
	GATEWAY_REFUND_INQUIRY = 7, /* asks what became of track_id */
	GATEWAY_PAYOUT = 8, /* sends amount_rial to iban, under track_id */
	GATEWAY_PAYOUT_INQUIRY = 9 /* asks what became of track_id */
};

struct gateway_call {
	enum gateway_op op;
	const char *order_id; /* ours, unique for ever: digits */
	int64_t amount_rial;
	const char *callback_url; /* GATEWAY_START */
	const char *ref; /* the bank's reference from the callback or an earlier answer, "" when unknown */
	const char *track_id; /* ours, unique for ever; stored before the call */
	const char *iban; /* GATEWAY_PAYOUT: "IR" and 24 digits */
	const char *payee; /* GATEWAY_PAYOUT: the owner's name, "" when unknown */
};

enum gateway_verdict {
	GATEWAY_YES, /* proven done (also: "already done") */
	GATEWAY_NO, /* proven not done, and it never will be under this id */
	GATEWAY_WAITING, /* the bank knows it and is not finished: ask again later */
	GATEWAY_RETRY, /* proven not done by this call: the same call may be repeated */
	GATEWAY_UNKNOWN /* nobody knows: look it up, never repeat blindly */
};

struct gateway_result {
	enum gateway_verdict verdict;
	const char *token; /* GATEWAY_START: the bank's token */
	const char *pay_url; /* GATEWAY_START: where the buyer's browser goes */
	int64_t amount_rial; /* GATEWAY_VERIFY, GATEWAY_INQUIRY: what the bank says was paid; 0 when it did not say */
	const char *ref; /* the bank's reference, "" */
	const char *card_mask; /* the payer's card, first six and last four digits, "" */
	bool verified, settled, reversed; /* GATEWAY_INQUIRY: how far the bank got */
	bool unheard; /* an inquiry's GATEWAY_NO: the bank never heard of the id, so the call may be sent under it again
		       */
	bool clash; /* GATEWAY_NO: our track id carries other content at the bank; a person must look, no money may move
		     */
	int code; /* the bank's own code, for the log and the operator */
	const char *reason; /* for the log; no secret, no card */
};

/* What a browser brought back from the bank. A hint, whoever sent it. */
struct gateway_return {
	const char *order_id; /* never NULL */
	const char *ref; /* "" when it brought none */
	bool says_paid;
};

struct gateway {
	void *self;
	const char *name; /* "sandbox": stored with payments, so it never changes */
	/* Builds the request for `call` on ctx (fresh, not proxied); owner and tag are left 0. */
	void (*request)(void *self, void *ctx, const struct gateway_call *call, struct http_request *out);
	/* Reads the answer to `call`; texts on ctx. An answer that is not HTTP_ANSWERED is never GATEWAY_YES or
	 * GATEWAY_NO. */
	void (*result)(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
		       struct gateway_result *out);
	/* Reads the browser's return. False when it is none of this gateway's. */
	bool (*returned)(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out);
};

#endif
