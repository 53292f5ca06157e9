/* A file somebody sent: from its id, by getFile, to the request that downloads it. */
#ifndef SEPAREX_TELEGRAM_FILE_H
#define SEPAREX_TELEGRAM_FILE_H

#include "telegram_api.h"

enum { TELEGRAM_MAX_DOWNLOAD = 20 * 1024 * 1024 /* bytes (telegram.md 1.5) */ };

/* Step one: getFile. */
void telegram_file_request(void *ctx, const struct telegram_options *o, const char *file_id, struct http_request *out);

/* Step two: with SEND_DONE `download` is the request for the bytes; its URL holds the token, is valid for an hour and
 * is never to be shown or stored. SEND_REFUSED for a file that is too big or a path that is none. */
void telegram_file_answer(void *ctx, const struct telegram_options *o, const struct http_answer *a,
			  struct http_request *download, struct send_outcome *out);

#endif
