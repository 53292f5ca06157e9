/* Short messages at a deal's stages: to whom, about what, and once for each event. What a template says is in
 * docs/sms.md. */
#ifndef SEPAREX_SMS_TELL_H
#define SEPAREX_SMS_TELL_H

#include "repo_sms.h"
#include "sms.h"
#include "turn.h"

/* The deal moved by `e`: queues what its sides are to hear by short message, if they gave a number. */
void sms_tell(struct turn *t, const struct deal_file *f, const struct event *e);

/* Where somebody's money goes ("iban"), or whose it is ("profile": mobile, national id), was changed to `number`: said
 * to the mobile that stood there `before`, if it was theirs, whoever changed it (fraud.md, account takeover). */
void sms_warn(struct turn *t, const char *event, const struct person *before, const char *number);

/* What is to be sent now for a queued message. False when nothing is: no number, the person's wish, or too many today.
 * Texts on t->ctx. */
bool sms_call(struct turn *t, const struct sms *m, struct sms_call *call);

#endif
