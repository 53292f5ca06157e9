/* Between a bank work row and the gateway: the call it stands for, and what its answer changes. */
#ifndef SEPAREX_MONEY_WORK_H
#define SEPAREX_MONEY_WORK_H

#include "money_in.h"
#include "repo_work.h"

/* What a WORK_BANK row stands for: a call; nothing (any more, or not yet: whoever is waited for makes a new row); a
 * call that must not be made yet; or a row whose payment or settlement is gone. */
enum money_call { MONEY_CALL_ASK, MONEY_CALL_NONE, MONEY_CALL_LATER, MONEY_CALL_GONE };

struct money_question {
	struct gateway_call call; /* MONEY_CALL_ASK; its texts are on t->ctx */
	const char *gateway; /* its name */
	int64_t until_ms; /* MONEY_CALL_LATER: when to look again, and why it waits */
	const char *why;
};

enum money_call money_work_call(struct turn *t, const struct work *w, struct money_question *out);

/* A call that was under way when the program ended: what must be asked instead, since nobody knows what it did. Calls
 * that the bank answers alike when repeated stay themselves. */
enum gateway_op money_work_after_crash(enum gateway_op op);

/* The same for a row: whatever it would send may have been sent, so it is looked up when it is due. `why` is for
 * whoever lists the work. True when the row would have sent something. */
bool money_work_doubt(struct db_tx *tx, void *ctx, const struct work *w, int64_t due_ms, const char *why);

/* Money that should leave does not, after many tries: the operators are told. */
void money_work_stuck(struct turn *t, const struct work *w);

/* Takes the answer. */
struct money_next money_work_answer(struct turn *t, const struct work *w, const struct gateway_call *call,
				    const struct gateway_result *r);

#endif
