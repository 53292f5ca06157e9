/* Every gateway that this program knows, by the name that stands in the configuration and with stored payments. */
#ifndef SEPAREX_GATEWAYS_H
#define SEPAREX_GATEWAYS_H

#include "err.h"
#include "gateway_mellat.h"
#include "gateway_parsian.h"
#include "gateway_sandbox.h"
#include "gateway_vandar.h"
#include "gateway_zarinpal.h"

/* What the configuration says of each; only the opened one's part is read. */
struct gateways_options {
	struct gateway_sandbox_options sandbox;
	struct gateway_mellat_options mellat;
	struct gateway_parsian_options parsian;
	struct gateway_zarinpal_options zarinpal;
	struct gateway_vandar_options vandar;
};

/* The i-th known name, from 0; NULL past the last. */
const char *gateways_name(size_t i);

/* Makes the gateway of that name on ctx. NULL when there is none or its options are not usable: `e` says what to write
 * in the configuration. */
struct gateway *gateways_open(void *ctx, const char *name, const struct gateways_options *options, struct err *e);

#endif
