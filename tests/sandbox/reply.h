/* Answers of every kind, each carrying the clock, each spoiled when a fault was ordered. */
#ifndef SANDBOX_REPLY_H
#define SANDBOX_REPLY_H

#include "faults.h"
#include "world.h"

/* Sends n bytes of the given content type; r->mangle decides what really arrives. */
void reply_bytes(struct world *w, struct request *r, unsigned status, const char *type, const void *bytes, size_t n);

/* Sends a JSON value; takes over the reference. */
void reply_json(struct world *w, struct request *r, unsigned status, json_t *j);

/* Sends a page with a strict Content-Security-Policy. */
void reply_page(struct world *w, struct request *r, unsigned status, const char *html, const char *csp);

/* {"ok":false,"description":…} of the control interface, with status 400. The text says what to do. */
void reply_sim_error(struct world *w, struct request *r, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Meets the faults that come before the work (and remembers in r->mangle those that come after it). True when the
 * request is dealt with. */
bool reply_fault(struct world *w, struct request *r, const struct fault *f);

#endif
