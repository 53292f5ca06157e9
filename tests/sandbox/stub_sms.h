/* Stubs of Kavenegar (below /kavenegar) and sms.ir (below /smsir), and the inbox of what they send. The texts of the
 * templates are those of docs/sms.md; tests/e2e/sms.test.mjs compares the two. */
#ifndef SANDBOX_STUB_SMS_H
#define SANDBOX_STUB_SMS_H

#include "world.h"

struct sms_stub *sms_stub_new(void *ctx);

/* Serves /kavenegar/… and /smsir/…. */
void sms_stub_serve(struct world *w, struct request *r);
/* Adds "sms" to a state object: what arrived, oldest first. */
void sms_stub_state(struct world *w, json_t *state);

#endif
