/* Rows of a bank's statement: what of ours each is. What we know is only marked; what only the bank can tell, that a
 * gateway handed over to our account or that the bank took a fee, is booked, once. */
#ifndef SEPAREX_STATEMENT_H
#define SEPAREX_STATEMENT_H

#include "repo_statement.h"
#include "turn.h"

/* "_" in a word stands for a blank. */
struct statement_rules {
	const char *const *clearing; /* "WORD:ACCOUNT": a credit of "bank" with that word came from that gateway */
	size_t n_clearing;
	const char *const *cost; /* a debit with one of these words is a fee */
	size_t n_cost;
	struct rial cost_most; /* a debit above it is no fee, whatever its words */
};

enum statement_said {
	STATEMENT_SAID_PAYMENT,
	STATEMENT_SAID_SETTLEMENT,
	STATEMENT_SAID_CLEARING,
	STATEMENT_SAID_HANDED,
	STATEMENT_SAID_COST,
	STATEMENT_SAID_UNKNOWN, /* nothing of ours is like it: kept open */
	STATEMENT_SAID_AGAIN, /* taken before */
	STATEMENT_SAID_CLASH, /* taken before, with another amount: nothing is changed */
	STATEMENT_SAID_FAILED /* the turn failed: nothing is kept */
};

/* Takes a row (account, key, day, amount, words, reference) of a statement. The reference is the column in which our
 * number or the bank's stands; numbers in the words count too. */
enum statement_said statement_take(struct turn *t, const struct statement_rules *rules, struct statement_row *row);

/* Looks again for what an open row is: what was unknown when it came may be ours by now. */
enum statement_said statement_match(struct turn *t, const struct statement_rules *rules, struct statement_row *row);

#endif
