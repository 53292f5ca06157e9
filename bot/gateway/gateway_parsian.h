/* Bank Parsian's gateway (PEC NewIPG): three ASMX services over SOAP 1.1. Source of all rules here: rails.md section 2;
 * PEC's own manual is not public, and what is unsure there is said beside each switch in config.example. */
#ifndef SEPAREX_GATEWAY_PARSIAN_H
#define SEPAREX_GATEWAY_PARSIAN_H

#include "gateway.h"

struct gateway_parsian_options {
	const char *url; /* "https://pec.shaparak.ir": the services and the pay page are below it */
	const char *pin; /* LoginAccount; never logged and in no result */
	const char *terminal; /* TerminalNo that a return must carry when it carries one; "" for any */
	bool confirm_amount; /* ConfirmPaymentWithAmount, else ConfirmPayment */
};

/* A gateway on ctx, freed with it. Copies the options; url and pin may not be empty.
 *
 * What its verdicts mean beyond gateway.h:
 * - There is no inquiry: INQUIRY confirms the token, which is harmless while nothing was paid (then GATEWAY_WAITING)
 * and confirms what was. GATEWAY_YES means confirmed; VERIFY after it is answered alike (-1533).
 * - With confirm_amount the bank compares the sum itself, else nobody does: amount_rial is what was asked for.
 * - There is no SETTLE and no REFUND. */
struct gateway *gateway_parsian(void *ctx, const struct gateway_parsian_options *options);

#endif
