/* A file somebody sent: from its id, by getFile, to the request that downloads it. */
#ifndef SEPAREX_TELEGRAM_FILE_H
#define SEPAREX_TELEGRAM_FILE_H

#include "telegram_api.h"

enum { TELEGRAM_MAX_DOWNLOAD = 20 * 1024 * 1024 /* bytes (telegram.md 1.5) */ };

/* Step one: getFile. */
void telegram_file_request(void *ctx, const struct telegram_options *o, const char *file_id, struct http_request *out);

struct telegram_download {
	struct http_request request; /* its URL holds the token, is valid for an hour, and is never shown or stored */
	int64_t bytes; /* how many will come; 0 when the server did not say */
};

/* Step two: with SEND_DONE `out_download` is how to get the bytes. SEND_REFUSED for a file that is too big or gone, or
 * a path that is none. */
void telegram_file_answer(void *ctx, const struct telegram_options *o, const struct http_answer *a,
			  struct telegram_download *out_download, struct send_outcome *out);

/* Step three: SEND_DONE when the answer's body is the whole file, of `bytes` as step two said. Anything else is worth
 * another getFile, which gives a fresh path: SEND_RETRY or SEND_SLOW_DOWN. */
void telegram_file_came(void *ctx, const struct http_answer *a, int64_t bytes, struct send_outcome *out);

#endif
