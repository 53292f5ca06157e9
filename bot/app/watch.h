/* Looks each minute whether the house itself is well, and tells the operators' group when it is not: handlers/alarm.h.
 */
#ifndef SEPAREX_WATCH_H
#define SEPAREX_WATCH_H

#include "alarm.h"
#include "house.h"
#include "self_audit.h"

struct app;
struct gateway_result;

struct watch {
	int64_t next_ms;
	struct alarm_said said[ALARMS];
	bool remembers; /* `said` is what the store has */
	struct {
		int64_t in_a_row; /* calls that brought no answer, since the last that did */
		int64_t since_ms; /* of the first of these */
		int64_t answered_ms; /* the last that did */
	} silent[APP_MAX_GATEWAYS]; /* as in app.gateways */
	struct self_audit audit;
	struct alarm_state audited; /* what the last nightly audit was */
	char audit_line[SELF_AUDIT_LINE_BYTES]; /* audited.what */
	bool audit_known; /* one was made since the start */
};

/* When to be called next, in ms since 1970. */
int64_t watch_step(struct app *a, int64_t now_ms);

/* A bank's answer, or that there was none. `place`: as in app.gateways. */
void watch_bank(struct app *a, size_t place, const struct gateway_result *result, int64_t now_ms);

/* The time for the nightly audit has come. */
void watch_audit(struct app *a);

#endif
