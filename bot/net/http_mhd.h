/* Our own HTTP server, over libmicrohttpd without a thread of its own. */
#ifndef SEPAREX_HTTP_MHD_H
#define SEPAREX_HTTP_MHD_H

#include "err.h"
#include "net.h"
#include "net_events.h"

struct http_mhd;

/* Listens as the options say. NULL and `e` when it cannot. */
struct http_mhd *http_mhd_new(void *ctx, const struct net_options *options, struct net_events *events, struct err *e);

/* The descriptor to watch for reading; http_mhd_step must follow whenever the poll returns, whatever woke it. */
int http_mhd_fd(const struct http_mhd *m);

uint16_t http_mhd_port(const struct http_mhd *m);

/* Serves all connections as far as they go without waiting; whole requests become events. */
void http_mhd_step(struct http_mhd *m, int64_t now_ms);

/* The longest the loop may wait before the next step, in ms from now_ms. */
int64_t http_mhd_wait_ms(const struct http_mhd *m, int64_t now_ms);

/* Answers exchange `id`; one that is gone or already answered is ignored. Copies. */
void http_mhd_reply(struct http_mhd *m, uint64_t id, const struct http_reply *r);

#endif
