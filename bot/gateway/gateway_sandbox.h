/* The practice bank's gateway: JSON over HTTP POST, spoken by separex-sandbox (its protocol: docs/sandbox.md). */
#ifndef SEPAREX_GATEWAY_SANDBOX_H
#define SEPAREX_GATEWAY_SANDBOX_H

#include "gateway.h"

struct gateway_sandbox_options {
	const char *url; /* the bank's base, "http://127.0.0.1:8095/bank"; slashes at its end do not count */
	const char *terminal;
	const char *password; /* never logged and in no result */
};

/* A gateway on ctx, freed with it. Copies the options, none of which may be NULL or empty.
 *
 * What its verdicts mean beyond gateway.h:
 * - START: GATEWAY_YES always carries a token and an http(s) pay_url. GATEWAY_UNKNOWN may have burnt the order id:
 * start again under a new one.
 * - VERIFY: GATEWAY_YES always carries a readable amount. GATEWAY_WAITING: the buyer has not paid yet.
 * - INQUIRY: GATEWAY_YES the buyer's money was taken (`verified` and `settled` say how far it came), GATEWAY_WAITING
 * not yet, GATEWAY_NO refused, given back (`reversed`) or never started (`unheard`).
 * - REFUND, PAYOUT and their inquiries: GATEWAY_WAITING queued or on its way, GATEWAY_YES done, GATEWAY_NO sent back.
 *   GATEWAY_NO with code 50 or 56 says that the track id carries other content at the bank: our books and the bank's
 *   disagree, so a person must look before anything goes out under a new id.
 * - An inquiry that fails in any way is GATEWAY_RETRY: asking changes nothing.
 * `code` is -1 when the answer held none. */
struct gateway *gateway_sandbox(void *ctx, const struct gateway_sandbox_options *options);

#endif
