/* `separex audit` as a process of its own beside the running bot: it reads the whole store, which takes its time, and
 * the loop does not wait for it. */
#ifndef SEPAREX_SELF_AUDIT_H
#define SEPAREX_SELF_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { SELF_AUDIT_LINE_BYTES = 200 };

struct self_audit {
	pid_t child; /* 0: none is under way */
	int out; /* what it says */
};

/* Begins one of the store `url`, unless one is under way. False when the process could not be made. */
bool self_audit_begin(struct self_audit *s, const char *url);

/* True when one has ended since the last call: then *flaws is how many it found, 0 for none and -1 when it could not
 * look, and `line` is the first of them. Does not wait. */
bool self_audit_ended(struct self_audit *s, long *flaws, char line[SELF_AUDIT_LINE_BYTES]);

#endif
