/* Between a bank work row and the gateway: the call it stands for, and what its answer changes. */
#ifndef SEPAREX_MONEY_WORK_H
#define SEPAREX_MONEY_WORK_H

#include "money_in.h"
#include "repo_work.h"

/* The call that a WORK_BANK row stands for, texts on t->ctx; *gateway is the gateway's name. False when the row is of
 * no use any more (its payment or settlement is gone). */
bool money_work_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway);

/* A call that was under way when the program ended: what must be asked instead, since nobody knows what it did. Calls
 * that the bank answers alike when repeated stay themselves. */
enum gateway_op money_work_after_crash(enum gateway_op op);

/* Takes the answer. */
struct money_next money_work_answer(struct turn *t, const struct work *w, const struct gateway_call *call,
				    const struct gateway_result *r);

#endif
