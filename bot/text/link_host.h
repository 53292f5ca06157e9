/* Web addresses taken apart as a browser does, and what is strange about their hosts. */
#ifndef SEPAREX_LINK_HOST_H
#define SEPAREX_LINK_HOST_H

#include "link_read.h"
#include <stdbool.h>

struct address {
	const char *host; /* lower case, without port and last dot */
	const char *path; /* "" or from the first "/", with what follows */
	unsigned flags;
};

/* Reads `word` (without blanks) as a web address; without a scheme only when it begins with what can be a host. */
bool address_read(const void *ctx, const char *word, struct address *out);

/* The host is `domain` or below it. */
bool host_within(const char *host, const char *domain);

#endif
