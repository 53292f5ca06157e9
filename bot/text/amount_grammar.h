/* One amount read from tokens, and how much it looks like a price. */
#ifndef SEPAREX_AMOUNT_GRAMMAR_H
#define SEPAREX_AMOUNT_GRAMMAR_H

#include "amount.h"
#include "amount_lex.h"

/* How much a number looks like a price. RANK_NONE: not at all. */
enum amount_rank { RANK_NONE, RANK_FOREIGN, RANK_SMALL, RANK_BARE, RANK_MULTIPLIER, RANK_CURRENCY };

/* A parsed amount and its place in the list of tokens. */
struct amount_candidate {
	enum amount_rank rank;
	enum amount_error error;
	int64_t rial;
	bool confirm;
	size_t first, end; /* tokens [first, end) */
};

/* Reads the amount that begins at token `first` of a list that ends with TOKEN_END. `in_line`: a title may be around
 * it, so small bare numbers are no prices. False when none begins there; otherwise out->end > first, also when
 * out->error says that it cannot be used. */
bool amount_parse(const struct token *tokens, size_t first, bool in_line, struct amount_candidate *out);

#endif
