/* A text cut into the tokens of which amounts are made, each with its place in the text. */
#ifndef SEPAREX_AMOUNT_LEX_H
#define SEPAREX_AMOUNT_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER, /* digits: value / 10^scale */
	TOKEN_ODD, /* digits that are no quantity: a phone number, a date, a model (A52, 64GB), too many digits */
	TOKEN_UNIT, /* number words: 1-9, 10-19, 20-90, "hundred" (also after a unit), 200-900 in one word */
	TOKEN_TEEN,
	TOKEN_TENS,
	TOKEN_HUNDRED,
	TOKEN_HUNDREDS,
	TOKEN_MULTIPLIER, /* value: 10^3, 10^6, 10^9 */
	TOKEN_LETTER, /* the same in one letter, behind digits only */
	TOKEN_SHORT, /* the same in letters that may mean something else (millimetres): behind digits only, a guess */
	TOKEN_HALF,
	TOKEN_PART, /* "a quarter", "a few": a multiplier behind it is no whole one */
	TOKEN_AND,
	TOKEN_CURRENCY, /* value: rial in one */
	TOKEN_LETTER_CURRENCY, /* the same in one letter, behind digits only */
	TOKEN_FOREIGN, /* another currency */
	TOKEN_MINUS,
	TOKEN_RANGE, /* "to", "or", a dash between digits */
	TOKEN_ABOUT, /* "about", "from"; value 1: "between" */
	TOKEN_PERCENT, /* or a measure: what was counted is no money */
	TOKEN_LEAD, /* "price", "for": words that lead to an amount */
	TOKEN_MARK, /* punctuation, the end of a line; value: the code point */
	TOKEN_WORD /* anything else */
};

struct token {
	enum token_kind kind;
	size_t start, end; /* bytes of the text */
	uint64_t value;
	unsigned scale; /* TOKEN_NUMBER: digits behind the decimal mark */
	bool three; /* TOKEN_NUMBER: one mark that may be decimal or a thousands mark: "1.500" */
	bool guess; /* TOKEN_NUMBER: a comma was taken as a decimal mark: "2,5" */
	bool huge; /* TOKEN_NUMBER: more digits than fit */
	unsigned digits; /* NUMBER, ODD: how many, when written without any mark; 0 otherwise */
	bool glued; /* nothing between it and the token before */
	bool latin; /* TOKEN_WORD in the Latin script */
};

/* Cuts at most `max_bytes` of `text` into at most `max` - 1 tokens and ends them with TOKEN_END. Any bytes are fine. */
void amount_lex(const char *text, size_t max_bytes, struct token *out, size_t max);

#endif
