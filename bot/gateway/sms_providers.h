/* The providers of short messages. Source of all rules here: rails.md section 7. */
#ifndef SEPAREX_SMS_PROVIDERS_H
#define SEPAREX_SMS_PROVIDERS_H

#include "err.h"
#include "sms.h"

struct sms_options {
	const char *kavenegar_url, *kavenegar_key; /* the key stands in the path: no URL of it may be logged */
	const char *kavenegar_template; /* what the names of the templates begin with: "separex" makes separex-paid */
	const char *smsir_url, *smsir_key;
	const char *const *smsir_templates; /* "paid:123456" */
	size_t smsir_n_templates;
};

/* The provider of that name on ctx; NULL with what to write in the configuration. Borrows the options. */
struct sms_provider *sms_provider_open(void *ctx, const char *name, const struct sms_options *o, struct err *e);

#endif
