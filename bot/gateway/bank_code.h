/* What a bank's codes mean: to the program, and to the person who pays. Each bank's table is const data from its own
 * document (docs/licences.md names the sources). */
#ifndef SEPAREX_BANK_CODE_H
#define SEPAREX_BANK_CODE_H

#include "gateway.h"

/* How a code is treated where a bank's own rules do not say otherwise. */
enum code_class {
	CODE_OK, /* done */
	CODE_PAYER, /* the card or its bank refused: nothing was paid */
	CODE_CANCEL, /* the payer gave up, or the time was over */
	CODE_CONFIG, /* our contract or configuration: a person must look, and what was paid stays paid */
	CODE_BANK, /* a bank on the way refused */
	CODE_RETRY, /* not now: the same call again */
	CODE_STATE, /* says where the payment stands: the bank's own rules decide */
	CODE_DUP, /* the number was used before */
	CODE_UNKNOWN /* says nothing that could be trusted */
};

struct bank_code {
	int code;
	enum code_class class;
	const char *said; /* one of gateway_words, "" when it means nothing to a payer */
	const char *meaning; /* for the log and the operators */
};

/* The row of a code, NULL when the table has none. */
const struct bank_code *bank_code_find(const struct bank_code *codes, size_t n, int code);

/* Whether `text` has from 1 to `most` bytes, all of them from `letters`. */
bool bank_only(const char *text, size_t most, const char *letters);
/* First six and last four digits of a card, whatever stood between; "" when it is no card. On ctx. */
const char *bank_card_mask(void *ctx, const char *card);
/* A field of a browser's return by its name in any case; "" when there is none. */
const char *bank_field(const struct http_inbound *in, const char *name);
/* A whole number with at most 18 digits, separators dropped; 0 when it is none. */
int64_t bank_number(const char *text);
/* A copy on ctx without the slashes at its end. */
const char *bank_base_url(void *ctx, const char *url);

#define BANK_DIGITS "0123456789"
#define BANK_WORD_LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"

/* What an answer that cannot be read leaves us knowing: an inquiry is asked again, any other call may have been done.
 */
enum gateway_verdict bank_unread(enum gateway_op op);

/* The beginning of each result: nothing known. */
struct gateway_result bank_nothing_known(void);

#endif
