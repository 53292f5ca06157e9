/* Misbehaviour on order: which call will fail next, and how. */
#ifndef SANDBOX_FAULTS_H
#define SANDBOX_FAULTS_H

#include "world.h"

enum { FAULTS_MAX = 64 };

enum fault_kind {
	FAULT_NONE,
	FAULT_429,
	FAULT_500,
	FAULT_502HTML,
	FAULT_401,
	FAULT_403,
	FAULT_409,
	FAULT_EMPTY, /* the work is done, the body is empty */
	FAULT_CUT, /* the work is done, half of the body is sent */
	FAULT_HANG, /* nothing is done or sent for delay_ms, then the connection closes */
	FAULT_LOST, /* the work is done, the connection closes without an answer */
	FAULT_RESET, /* the connection closes before the work */
	FAULT_NOTFOUND,
	FAULT_MIGRATE, /* the group gets a new id; only calls that name a group meet it */
	FAULT_DOUBLE, /* getUpdates: everything twice, button presses under new ids */
	FAULT_BADJSON, /* the work is done, the body is broken JSON */
	FAULT_BUSY, /* bank: code 113 */
	/* Of the stub banks: */
	FAULT_SOAP, /* HTTP 500 with a soap:Fault, nothing is done */
	FAULT_HTML200, /* a page instead of an answer, nothing is done */
	FAULT_BOMB, /* the work is done, the answer defines entities */
	FAULT_PREFIX, /* the work is done, another prefix in upper case */
	FAULT_BLANK, /* the work is done, "0, REF" */
	FAULT_HUGE /* the work is done, 10 MB */
};

struct fault {
	char method[48]; /* "sendMessage", "*", "bank.verify", "bank.*" */
	enum fault_kind kind;
	int64_t times;
	int64_t retry_after;
	int64_t delay_ms;
};

struct faults *faults_new(void *ctx);

/* Reads a /sim/fault order. NULL when it is taken, otherwise what is wrong with it, on ctx. */
char *fault_order(struct world *w, void *ctx, const json_t *order);

/* The fault that meets this call now, used up once; kind FAULT_NONE when all goes well. `all` is the wildcard that
 * covers the call ("*" or "bank.*"); `group` says whether the call names a group. */
struct fault fault_take(struct world *w, const char *method, const char *all, bool group);

/* Pending faults, for /sim/state. A new reference. */
json_t *faults_state(const struct world *w);

#endif
