/* Money coming in: payments are asked of the bank, looked up, verified, credited to the deal and settled. */
#ifndef SEPAREX_MONEY_IN_H
#define SEPAREX_MONEY_IN_H

#include "gateway.h"
#include "repo_payment.h"
#include "turn.h"

/* Payments of one deal: first tries, tries after a refusal, top-ups. money_ask opens no more. */
enum { MONEY_MAX_PAYMENTS = 20 };

/* What is to be done after a bank's answer. */
struct money_next {
	enum { MONEY_DONE, MONEY_AGAIN, MONEY_DEAD } what; /* DEAD: given up, a person must look */
	enum gateway_op op; /* MONEY_AGAIN: the call to make next */
	int64_t delay_ms;
};

/* What the buyer has to pay in all: by the new terms when both agreed to a higher price (row 55). */
const struct deal_terms *money_terms(const struct deal *d);
struct rial money_due(const struct deal *d);
/* Whether the deal takes a payment now. A price raised after payment is paid like any other sum. */
bool money_awaited(const struct deal *d);

/* Whether another payment may be opened for the deal: ask before what needs one is decided by a person. */
bool money_may_ask(struct turn *t, int64_t deal_id);

/* Opens a payment of `amount` for the deal: a row, and the work to ask the bank for its page. At MONEY_MAX_PAYMENTS
 * nothing is opened: a bank's news must be recorded all the same, and the deal's clocks then give back what came. */
void money_ask(struct turn *t, const struct deal_file *f, struct rial amount);

/* The address of our page for the deal's newest payment, on ctx; NULL when there is none. */
const char *money_page_url(struct turn *t, int64_t deal_id);

/* The address that leads on to the bank's page at once, and to our page while there is nothing to pay, on ctx; NULL as
 * above. For a button beside the terms: what is scanned or forwarded gets the page that says them. */
const char *money_pay_now_url(struct turn *t, int64_t deal_id);

/* A browser came back from the bank, or somebody asks: the bank is asked now. What the browser says only decides which
 * question is asked first. */
void money_look_up(struct turn *t, const struct payment *p, bool says_paid);

/* Takes the bank's answer about payment `p` (START, VERIFY, SETTLE, INQUIRY). */
struct money_next money_in_answer(struct turn *t, struct payment *p, const struct gateway_call *call,
				  const struct gateway_result *r);

/* A new order id or track id towards a bank: digits, never used before. On ctx. */
const char *money_new_id(struct turn *t);

/* Queues a call about a payment or (from GATEWAY_REVERSE up) a settlement. */
void money_call_bank(struct turn *t, enum gateway_op op, int64_t subject_id, int64_t due_ms);

#endif
