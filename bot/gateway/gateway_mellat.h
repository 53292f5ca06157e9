/* Bank Mellat's gateway (Behpardakht): SOAP 1.1 over HTTPS. Source of all rules here: rails.md section 1, after
 * Behpardakht's document v1.39 and the public WSDL. */
#ifndef SEPAREX_GATEWAY_MELLAT_H
#define SEPAREX_GATEWAY_MELLAT_H

#include "gateway.h"

struct gateway_mellat_options {
	const char *url; /* of the service, ".../pgwchannel/services/pgw" */
	const char *pay_url; /* where the buyer's form goes, ".../pgwchannel/startpay.mellat" */
	const char *terminal; /* digits */
	const char *username;
	const char *password; /* never logged and in no result */
	bool find_lost; /* bpSaleReferenceIdRequest may be asked: it stands in the WSDL only (rails.md 1.3 [B]) */
	bool refund; /* the contract has refunds by the service (rails.md 1.5 [B]) */
};

/* A gateway on ctx, freed with it. Copies the options, none of which may be empty.
 *
 * What its verdicts mean beyond gateway.h:
 * - VERIFY's answer holds no sum: GATEWAY_YES (0, or 43 "verified before") confirms what START asked for.
 * - SETTLE: GATEWAY_WAITING (46, 47) says that the bank wants VERIFY once more first.
 * - INQUIRY never proves a payment: the bank's list of its codes is not public, so GATEWAY_YES only says "verify it
 * now". Without a reference it asks for the reference, which GATEWAY_YES brings.
 * - REFUND: GATEWAY_WAITING carries the bank's number of the refund in `ref`; REFUND_INQUIRY needs it in call->ref, and
 *   without it cannot tell: a person must look (`clash`). */
struct gateway *gateway_mellat(void *ctx, const struct gateway_mellat_options *options);

#endif
