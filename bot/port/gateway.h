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

/* The bit of an operation in gateway.ops. */
#define GATEWAY_CAN(op) (1U << (op))

/* No text is NULL; "" means "not known". */
struct gateway_call {
	enum gateway_op op;
	int64_t now_ms; /* the moment of the call: some banks want their own day and hour in it */
	const char *order_id; /* ours, unique for ever: at most 19 digits */
	int64_t amount_rial;
	const char *callback_url; /* GATEWAY_START */
	const char *mobile; /* GATEWAY_START: the payer's, "09121234567"; "" when unknown */
	const char *token; /* what GATEWAY_START brought */
	const char *ref; /* the bank's reference from the callback or an earlier answer */
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
	const char *card_hash; /* the bank's one-way hash of the payer's card, "" */
	bool verified, settled, reversed; /* GATEWAY_INQUIRY: how far the bank got */
	bool unheard; /* an inquiry's GATEWAY_NO: the bank never heard of the id, so the call may be sent under it again
		       */
	bool look; /* GATEWAY_NO to a REVERSE that may mean that an earlier one, whose answer was lost, has undone it:
		    * what became of the payment is asked by REFUND_INQUIRY before anything else is done */
	bool clash; /* GATEWAY_NO: our track id carries other content at the bank; a person must look, no money may move
		     */
	int code; /* the bank's own code, for the log and the operator; -1 when there was none */
	const char *said; /* what the code means to the person who paid: one of gateway_words, "" when nothing useful */
	const char *reason; /* for the log; no secret, no card */
};

/* What a bank's code can mean to a person. The catalogue says each as "bank.said.WORD". */
static const char *const gateway_words[] = {
	"cancelled", /* the payer gave up on the bank's page */
	"no_funds",      "card_wrong", /* the number, its date or its second code */
	"card_expired",  "card_blocked", /* the card is stolen, lost, held or may not buy here */
	"pin_wrong",     "pin_tries", /* wrong too often */
	"over_limit", /* more than the card may pay in a day or at once */
	"too_often", /* more often than the card may pay in a day */
	"card_bank_off", /* the card's bank does not answer or refuses */
	"our_bank_off", /* the gateway is busy or down: another one, or later */
	"our_fault", /* our contract or configuration: the operators know */
	"time_over", /* the page's time was over */
	"reversed", /* taken and given back: it returns within 72 hours */
	"not_paid", /* nothing was taken */
};

/* What a browser brought back from the bank. A hint, whoever sent it: it says which payment is meant and what to ask
 * first, and must agree with what GATEWAY_START brought. No text is NULL. */
struct gateway_return {
	const char *order_id; /* "" when the bank names the payment by its token alone */
	const char *token; /* "" when it brought none */
	const char *ref; /* the reference that VERIFY needs, "" when it brought none */
	const char *card_mask, *card_hash; /* as in gateway_result */
	int64_t amount_rial; /* 0 when it did not say */
	bool says_paid;
	int code; /* -1 when there was none */
	const char *said; /* one of gateway_words, "" */
};

/* How the buyer's browser gets to the bank's page: a plain link, or a form that our own page posts (it then carries our
 * page's address as its Referer, which some banks compare with the contract's). */
struct gateway_redirect {
	bool post;
	const char *url;
	struct http_header fields[4]; /* of the form; raw, to be escaped where they are shown */
	size_t n_fields;
};

struct gateway {
	void *self;
	const char *name; /* "sandbox": stored with payments, so it never changes */
	unsigned ops; /* GATEWAY_CAN bits: only these calls are ever asked of it */
	bool needs_ref; /* VERIFY is of no use without the reference from the browser's return or from INQUIRY */
	bool finds_lost; /* INQUIRY works without a reference and brings it */
	bool tells_amount; /* VERIFY's amount is the bank's own word; else it is what the call asked to confirm */
	int64_t page_ms; /* how long a page that START opened may be offered; after that a new START */
	int64_t lost_ms; /* after START: when money that nobody verified has surely gone back, and asking may end */
	int64_t least_rial; /* it pays out no less; 0: any sum */
	int64_t gap_ms; /* the least time between two calls of it; 0 for none */
	int64_t reverse_ms; /* after the money was credited: how long REVERSE is worth trying; 0 never */
	/* Builds the request for `call` on ctx (fresh, not proxied); owner and tag are left 0. */
	void (*request)(void *self, void *ctx, const struct gateway_call *call, struct http_request *out);
	/* Reads the answer to `call`; texts on ctx. An answer that is not HTTP_ANSWERED is never GATEWAY_YES or
	 * GATEWAY_NO. */
	void (*result)(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
		       struct gateway_result *out);
	/* How the browser gets from our page to the bank's, for a call's order_id, token, mobile and the pay_url that
	 * START brought. Texts on ctx. */
	void (*redirect)(void *self, void *ctx, const struct gateway_call *call, const char *pay_url,
			 struct gateway_redirect *out);
	/* Reads the browser's return. False when it is none of this gateway's. */
	bool (*returned)(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out);
	/* Reads a notice about something sent out: the track id that it names, on ctx; NULL when it names none. A hint
	 * to ask now. NULL for a gateway that sends none. */
	const char *(*notified)(void *self, void *ctx, const struct http_inbound *in);
};

#endif
