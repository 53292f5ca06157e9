/* Vandar's identity checks (rails.md 3.3). The names of the answer's fields are in no public document: `match` is
 * looked for under the names that are known, and any other answer is IDENTITY_RETRY. */
#ifndef SEPAREX_IDENTITY_VANDAR_H
#define SEPAREX_IDENTITY_VANDAR_H

#include "identity_check.h"

/* A provider on ctx, freed with it. Copies. It asks with the access token of `vandar`, a gateway_vandar. */
struct identity_provider *identity_vandar(void *ctx, const char *url, const char *business, const void *vandar);

#endif
