/* Checks the parameters of a Bot API call against the table of methods.h. */
#ifndef SANDBOX_PARAMS_H
#define SANDBOX_PARAMS_H

#include "methods.h"
#include "server.h"

/* Checks all parameters of a call of `m` and gives them their types in place (form values are text). NULL when all is
 * well, otherwise the description of the refusal ("Bad Request: …"), on the request. */
char *params_check(struct request *r, const struct method *m);

#endif
