/* Money coming in: payments are asked of the bank, looked up, verified, credited to the deal and settled. */
#ifndef SEPAREX_MONEY_IN_H
#define SEPAREX_MONEY_IN_H

#include "money_parts.h"

/* Tries at one part of a deal's sum. money_start begins no more. */
enum { MONEY_MAX_TRIES = 20 };

/* What is to be done after a bank's answer. */
struct money_next {
	enum { MONEY_DONE, MONEY_AGAIN, MONEY_DEAD } what; /* DEAD: given up, a person must look */
	enum gateway_op op; /* MONEY_AGAIN: the call to make next */
	int64_t delay_ms;
};

/* Whether the payment's money is in the books. */
bool money_credited(const struct payment *p);
/* All of what came goes back, or has gone. */
bool money_undone(const struct payment *p);

/* Whether the payment's bank can be asked what became of it. */
bool money_may_look(const struct turn *t, const struct payment *p);

/* A browser came back from the bank. What it brought only decides which question the bank is asked first; what
 * contradicts the bank's own word is not taken. */
void money_returned(struct turn *t, struct payment *p, const struct gateway_return *back);

/* The bank cannot be asked about this payment: gives it up when its time is over. */
struct money_next money_give_up(struct turn *t, struct payment *p);

/* Why a bank refused, in that language, for a person. On ctx. */
const char *money_said(struct turn *t, const char *language, const char *said);

/* Takes the bank's answer about payment `p` (START, VERIFY, SETTLE, INQUIRY). */
struct money_next money_in_answer(struct turn *t, struct payment *p, const struct gateway_call *call,
				  const struct gateway_result *r);

/* A new order id or track id towards a bank: digits, never used before. On ctx. */
const char *money_new_id(struct turn *t);

/* Queues a call about a payment or (from GATEWAY_REVERSE up) a settlement. */
void money_call_bank(struct turn *t, enum gateway_op op, int64_t subject_id, int64_t due_ms);

#endif
