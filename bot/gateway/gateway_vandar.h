/* Vandar's settlements: payouts to an IBAN, through PAYA or at once. Source of all rules here: rails.md section 3.3. */
#ifndef SEPAREX_GATEWAY_VANDAR_H
#define SEPAREX_GATEWAY_VANDAR_H

#include "gateway.h"

struct gateway_vandar_options {
	const char *url; /* "https://api.vandar.io" */
	const char *business;
	bool instant; /* is_instant: leaves at once, where the contract has it */
	const char *type; /* "ACH" (PAYA) or "A2A" */
};

/* A gateway on ctx, freed with it: PAYOUT and PAYOUT_INQUIRY only. Copies the options. It is of no use before it has an
 * access token.
 *
 * What its verdicts mean beyond gateway.h:
 * - PAYOUT: GATEWAY_WAITING when Vandar took it; whether it is done only PAYOUT_INQUIRY says. GATEWAY_NO only when the
 *   account is proven to be wrong. A track id that Vandar knows already (422) is GATEWAY_UNKNOWN: it is looked up.
 * - One settlement may be cut into several transfers: GATEWAY_YES when all are done, GATEWAY_NO when all failed, and
 * when some did, or the sum is another one, `clash`: a person must look.
 * - Code 401: the access token has run out. */
struct gateway *gateway_vandar(void *ctx, const struct gateway_vandar_options *options);

/* The token that the next calls carry. Copies. */
void gateway_vandar_set_token(struct gateway *vandar, const char *access_token);

/* That token; "" before there is one. */
const char *gateway_vandar_token(const struct gateway *vandar);

/* The renewal of the two tokens (POST /v3/refreshtoken): both change. */
void vandar_renew_request(void *ctx, const char *url, const char *refresh_token, struct http_request *out);
/* Reads the answer; texts on ctx. False when it holds no two tokens. */
bool vandar_renew_result(void *ctx, const struct http_answer *a, const char **access, const char **refresh);

#endif
