/* Whether a mobile, a national id and an IBAN belong to the same person: asked of a provider, never guessed.
 * An implementation never stores anything and never decides about a payout. Sources: rails.md 3.3 (Vandar), 10.1. */
#ifndef SEPAREX_IDENTITY_CHECK_H
#define SEPAREX_IDENTITY_CHECK_H

#include "http.h"

/* The numbers are stored in work rows: only add. */
enum identity_question {
	IDENTITY_MOBILE = 1, /* is this mobile registered to this national id? ("Shahkar") */
	IDENTITY_IBAN = 2 /* is this IBAN an account of this national id? */
};

/* No text is NULL. */
struct identity_call {
	enum identity_question question;
	const char *mobile; /* IDENTITY_MOBILE: "09121234567" */
	const char *national_id; /* ten digits */
	const char *iban; /* IDENTITY_IBAN: "IR" and 24 digits */
};

enum identity_verdict {
	IDENTITY_MATCH, /* proven */
	IDENTITY_OTHER, /* proven not */
	IDENTITY_RETRY, /* nobody knows now: ask again later; asking changes nothing */
	IDENTITY_OFF /* our contract or configuration: a person must look */
};

struct identity_result {
	enum identity_verdict verdict;
	const char *owner; /* IDENTITY_IBAN: the account owner's name as the bank has it, "" when it did not say */
	int code; /* the provider's own, for the log; -1 when there was none */
	const char *reason; /* for the log: no name, no number of a person */
};

struct identity_provider {
	void *self;
	const char *name; /* "vandar" */
	/* Builds the request on ctx (fresh, not proxied); owner and tag are left 0. */
	void (*request)(void *self, void *ctx, const struct identity_call *call, struct http_request *out);
	/* Reads the answer to `call`; texts on ctx. Anything but a clear answer is IDENTITY_RETRY. */
	void (*result)(void *self, void *ctx, const struct identity_call *call, const struct http_answer *a,
		       struct identity_result *out);
};

#endif
