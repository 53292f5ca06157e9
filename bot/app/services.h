/* Other people's services as the configuration names them: banks, payout gateway, short messages. */
#ifndef SEPAREX_SERVICES_H
#define SEPAREX_SERVICES_H

#include "config.h"
#include "gateways.h"
#include "sms_providers.h"

/* The results borrow from the configuration. */
struct gateways_options services_gateways(const struct config *c);
struct sms_options services_sms(const struct config *c);

/* Whether each service that is named has what it needs. False with the first that has not in `e`. */
bool services_check(const struct config *c, struct err *e);

#endif
