/* Who a payee is: mobile, national id and IBAN, each checked by its own digits and then by the identity provider.
 * Nothing is paid to an IBAN in another name (rails.md 10.1). */
#ifndef SEPAREX_PROFILE_H
#define SEPAREX_PROFILE_H

#include "identity_check.h"
#include "repo_work.h"
#include "turn.h"

enum profile_state {
	PROFILE_COMPLETE, /* all that the house asks for is given and proven */
	PROFILE_MISSING, /* something is not given yet */
	PROFILE_CHECKING, /* the provider is being asked */
	PROFILE_OTHER /* something belongs to somebody else */
};

enum profile_state profile_state(const struct turn *t, const struct person *p);

/* Goes on with what is missing: asks for the next number, or has the provider asked. */
void profile_go_on(struct turn *t);

/* The call that a WORK_IDENTITY row stands for; false when what it would ask about has changed since. */
bool profile_call(struct turn *t, const struct work *w, struct identity_call *call);

/* Takes the provider's answer. False when nobody knows yet and it must be asked again. */
bool profile_answer(struct turn *t, const struct work *w, const struct identity_call *call,
		    const struct identity_result *r);

#endif
