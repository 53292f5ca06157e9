/* What a message says about a parcel: the tracking code in it, whose it is, or which mistake it holds. Pure. */
#ifndef SEPAREX_SHIP_CODE_H
#define SEPAREX_SHIP_CODE_H

#include "shipping.h"
#include <stdbool.h>

struct ship_code {
	enum tracking_flaw flaw; /* TRACKING_OK: `code` is one */
	bool several; /* different codes in one message: nothing tells which is meant; flaw says nothing then */
	bool sure; /* nobody writes this for another reason, so it needs no question before it (also for a mistake) */
	enum carrier carrier; /* 0: the code does not tell, and no carrier is named beside it */
	char code[TRACKING_BYTES]; /* in its normal form; "" unless there is exactly one */
};

/* Any text: a bare code, a sentence or a link around one, a photo's caption. What is behind its first 1,024 characters
 * is not read. NULL is an empty text. */
void ship_code_read(const char *text, struct ship_code *out);

/* The one carrier that a cleaned text names; 0 for none, or for two that contradict each other. */
enum carrier ship_carrier_named(const char *text);

#endif
