/* A provider of short messages: how one becomes a request, and what the answer proves. An implementation never stores
 * anything. */
#ifndef SEPAREX_SMS_H
#define SEPAREX_SMS_H

#include "http.h"

enum { SMS_TOKENS = 2 };

/* One message, by the template that was registered for its event. No text is NULL. */
struct sms_call {
	const char *mobile; /* "09121234567" */
	const char *event; /* "paid": names the template */
	const char *tokens[SMS_TOKENS]; /* what the template is filled with: no blanks in them; "" for none */
};

enum sms_verdict {
	SMS_TAKEN, /* it will be sent */
	SMS_RETRY, /* surely not taken: the same again later */
	SMS_REFUSED, /* not to this number, by nobody */
	SMS_OFF, /* our key, credit or template: another provider may, and a person must look */
	SMS_UNKNOWN /* it may have been taken: never sent again */
};

struct sms_result {
	enum sms_verdict verdict;
	const char *message_id; /* the provider's, "" */
	int64_t cost_rial;
	int code; /* the provider's own, -1 for none */
	const char *reason; /* for the log; no number */
};

/* How far a taken message got. Stored; only add. */
enum sms_delivery { SMS_ON_ITS_WAY = 1, SMS_DELIVERED = 2, SMS_FAILED = 3, SMS_NOBODY_KNOWS = 4 };

struct sms_provider {
	void *self;
	const char *name; /* "kavenegar": stored with messages */
	void (*send)(void *self, void *ctx, const struct sms_call *call, struct http_request *out);
	void (*sent)(void *self, void *ctx, const struct http_answer *a, struct sms_result *out);
	/* What became of a message that was taken. */
	void (*ask)(void *self, void *ctx, const char *message_id, struct http_request *out);
	enum sms_delivery (*told)(void *self, void *ctx, const struct http_answer *a);
};

#endif
