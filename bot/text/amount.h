/* Amounts of money as people write them, in digits and in words, Persian and English (rails.md 6). */
#ifndef SEPAREX_AMOUNT_H
#define SEPAREX_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AMOUNT_TEXT_BYTES = 16384, /* what is behind this is not read: a Telegram message has 4096 characters */
	AMOUNT_MAX_TOKENS = 1024 /* likewise */
};
#define AMOUNT_MAX_RIAL INT64_C(1000000000000000) /* 10^15 rial, 100,000 milliard toman; more is a typing error */

enum amount_error {
	AMOUNT_OK,
	AMOUNT_NONE, /* no amount in it */
	AMOUNT_NEGATIVE,
	AMOUNT_ZERO,
	AMOUNT_TOO_BIG,
	AMOUNT_CURRENCY, /* dollars, tether and the like */
	AMOUNT_UNCLEAR, /* a range, two currencies, "thousand million", a part of a rial: ask for it in another form */
	AMOUNT_WHICH /* several amounts, and nothing tells which of them is the price */
};

struct amount_reading {
	enum amount_error error;
	int64_t rial; /* 0 unless AMOUNT_OK */
	bool confirm; /* the reading is a guess at what people mean: show it and ask before using it */
	size_t start, end; /* the bytes of the text that were the amount: [start, end); 0, 0 unless AMOUNT_OK */
};

/* Reads a text that is an amount and nothing else. Other words around one clear amount are forgiven, with confirm.
 * True when error is AMOUNT_OK. Any bytes are fine; NULL is "". */
bool amount_read(const char *text, struct amount_reading *out);

/* Finds the one amount in a line that also holds a title, in any order ("iPhone 13 256 GB 42 million"). A number with
 * a currency counts before one with a multiplier, and that before a bare one, which counts only from 10,000 up. */
bool amount_find(const char *line, struct amount_reading *out);

/* All different amounts of a text with their places, in their order: an advertisement may name five prices. At most
 * `most` are written; returns how many. Bare numbers count only when no amount has a currency or a multiplier; what
 * cannot be used (foreign, unclear, too big) is left out. */
size_t amount_all(const char *text, struct amount_reading out[], size_t most);

/* The line without its amount: what remains on both sides, joined, without the dashes, colons and the word "price" that
 * led to it. talloc'd on ctx, not cleaned (see safe_text); "" when nothing remains. */
char *amount_title(const void *ctx, const char *line, const struct amount_reading *reading);

#endif
