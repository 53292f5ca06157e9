/* Opens the socket our server listens on. */
#ifndef SEPAREX_NET_LISTEN_H
#define SEPAREX_NET_LISTEN_H

#include "err.h"

#include <stdbool.h>
#include <stdint.h>

struct net_listen {
	int fd; /* listening, non-blocking; the caller closes it */
	uint16_t port; /* the real one when 0 was asked for */
	bool loopback; /* only programs of this machine reach it */
};

/* `text` as in net_options.listen, not empty. False and `e` when it cannot be read or opened. */
bool net_listen_open(const char *text, struct net_listen *out, struct err *e);

#endif
