/* The pages for whoever watches over the program, not for people: GET /metrics and GET /readyz. (/healthz, which says
 * only that the loop goes round, is one of the pages of handlers/web_pay.h.) */
#ifndef SEPAREX_OPS_PAGES_H
#define SEPAREX_OPS_PAGES_H

#include "app.h"

/* Answers the request when it is for one of these; false when it is not, and nothing was answered.
 * /readyz: 200 "ready", or 503 and why not, a line each. It tells nothing else, so anybody may ask.
 * /metrics: for who sends "Authorization: Bearer" and http.metrics_token (RFC 6750, 2.1); else 401. While no token is
 * configured there is no such page. */
bool ops_pages_answer(struct app *a, const struct http_event *event, int64_t now_ms);

#endif
