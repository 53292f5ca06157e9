/* What a person asks "is this true?" about: a code, a link, a name, a number. Nothing here opens a link. */
#ifndef SEPAREX_LINK_READ_H
#define SEPAREX_LINK_READ_H

#include <stddef.h>

enum {
	LINK_TEXT_CODEPOINTS = 4096, /* what is behind this is not read */
	LINK_MAX_TOKENS = 1024, /* words, likewise */
	DEAL_CODE_LETTERS = 8, /* of rnd_code */
	RECEIPT_CODE_LETTERS = 10
};

enum link_kind {
	LINK_PLAIN, /* words, or nothing */
	LINK_DEAL, /* value: the code of a deal of ours, in capitals */
	LINK_RECEIPT, /* value: the code of a receipt */
	LINK_TELEGRAM, /* value: a user name without @; "" for a link that names nobody (an invitation) */
	LINK_WEB, /* value: the host */
	LINK_BANK, /* value: the host: shaparak.ir or below it, in an address without any trick */
	LINK_DIVAR, /* value: the token of a post; "" with LINK_SECRET */
	LINK_SHEYPOOR, /* value: the number of a post */
	LINK_CARD, /* value: 16 digits; "" when its check digit does not fit */
	LINK_IBAN, /* value: IR and 24 digits; likewise */
	LINK_PHONE /* value: 09 and 9 digits; "" for a landline */
};

/* Bits, so that a set of them is a number. */
enum link_flag {
	LINK_IDN = 1, /* letters of the host or name are not plain ones: xn--, Cyrillic, an escape */
	LINK_USERINFO = 2, /* something before an @ that looks like the host and is none */
	LINK_IP = 4, /* a number in place of a host */
	LINK_SHORTENER = 8, /* the host hides where it leads */
	LINK_SECRET = 16, /* a Divar management link: whoever knows it owns the post; not kept, not to be shown */
	LINK_IMITATES = 32, /* the host looks like Shaparak, Divar or Sheypoor and is not */
	LINK_INSECURE = 64, /* http:// */
	LINK_MORE = 128 /* further links or names stand behind this one */
};

struct link {
	enum link_kind kind;
	unsigned flags;
	const char *value; /* never NULL, on ctx */
	const char *host; /* of an address, lower case, as it was written; "" for none */
	const char *start; /* LINK_TELEGRAM: what follows ?start=; "" for none */
};

/* Reads a text that is one such thing, or the first link or @name in it, else the first number, else the first code
 * with a digit in it. Any bytes are fine; NULL is "". Returns out->kind. */
enum link_kind link_read(const void *ctx, const char *text, struct link *out);

#endif
