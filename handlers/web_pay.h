/* What a browser gets from us: the payment page of a deal, the return from the bank, and a front page. */
#ifndef SEPAREX_WEB_PAY_H
#define SEPAREX_WEB_PAY_H

#include "gateway.h"
#include "http.h"
#include "turn.h"

/* Answers one request, always. Runs inside a transaction like any turn (t->update NULL, t->me.id 0); everything in *out
 * is on t->ctx. `gateways` are those that may send browsers back. When t->failed is set afterwards, nothing that the
 * answer says may be believed: roll back and answer with web_answer_broken().
 *
 * GET /                        what this is, and the way into the chat
 * GET /healthz                 "ok"
 * GET /p/PAGE[?lang=fa|en]     the payment page: always for the newest payment of PAGE's deal
 * GET /p/PAGE/now              on to the bank while the payment is open; otherwise the page
 * POST /p/PAGE/go              on to the bank, or another payment after one that failed
 * GET, POST /bank/NAME/return  a browser comes back: the bank is asked, whatever the browser says
 *
 * HEAD is answered as GET. Anything else is a page with status 404 that does not tell what exists. */
void web_answer(struct turn *t, const struct http_inbound *in, const struct gateway *const *gateways, size_t n,
		struct http_reply *out);

/* The answer when the store failed: status 503, "come back in a moment". Reads no store. */
void web_answer_broken(struct turn *t, const struct http_inbound *in, struct http_reply *out);

#endif
