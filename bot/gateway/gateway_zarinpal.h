/* Zarinpal v4: JSON over HTTPS. Source of all rules here: rails.md section 3.1. */
#ifndef SEPAREX_GATEWAY_ZARINPAL_H
#define SEPAREX_GATEWAY_ZARINPAL_H

#include "gateway.h"

/* How a payment whose browser never came back is found. */
enum zarinpal_sweep { ZARINPAL_INQUIRY, ZARINPAL_UNVERIFIED };

struct gateway_zarinpal_options {
	const char *url; /* "https://payment.zarinpal.com", or its sandbox */
	const char *merchant_id; /* a UUID; never logged and in no result */
	enum zarinpal_sweep sweep;
};

/* A gateway on ctx, freed with it. Copies the options, none of which may be empty.
 * VERIFY sends the sum, which Zarinpal compares (-50); 100 and 101 ("verified before") are GATEWAY_YES. INQUIRY never
 * proves a payment, it only says that VERIFY is worth asking. There is no SETTLE and no REFUND; REVERSE works for 30
 * minutes. */
struct gateway *gateway_zarinpal(void *ctx, const struct gateway_zarinpal_options *options);

#endif
