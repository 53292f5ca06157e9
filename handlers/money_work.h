/* Between a bank work row and the gateway: the call it stands for, and what its answer changes. */
#ifndef SEPAREX_MONEY_WORK_H
#define SEPAREX_MONEY_WORK_H

#include "money_in.h"
#include "repo_work.h"

/* What a WORK_BANK row stands for: a call; nothing (any more, or not yet: whoever is waited for makes a new row); or a
 * row whose payment or settlement is gone. */
enum money_call { MONEY_CALL_ASK, MONEY_CALL_NONE, MONEY_CALL_GONE };

/* MONEY_CALL_ASK: *call with its texts on t->ctx, and the gateway's name. */
enum money_call money_work_call(struct turn *t, const struct work *w, struct gateway_call *call, const char **gateway);

/* A call that was under way when the program ended: what must be asked instead, since nobody knows what it did. Calls
 * that the bank answers alike when repeated stay themselves. */
enum gateway_op money_work_after_crash(enum gateway_op op);

/* Takes the answer. */
struct money_next money_work_answer(struct turn *t, const struct work *w, const struct gateway_call *call,
				    const struct gateway_result *r);

#endif
