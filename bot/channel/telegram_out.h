/* The way out: outgoing messages as Bot API calls, and what their answers mean (telegram.md 1.4). */
#ifndef SEPAREX_TELEGRAM_OUT_H
#define SEPAREX_TELEGRAM_OUT_H

#include "channel.h"
#include "telegram_api.h"

enum { TELEGRAM_TOAST_UNITS = 200 /* UTF-16 units of a button answer; more is cut */ };

/* The channel over a Bot API server, freed with ctx. `o` is copied, its texts are borrowed; the token is hidden from
 * the log. Of it the caller may rely on:
 * - request: an OUT_PHOTO without picture and file_id goes out as a text, so that its words are not lost.
 * - outcome: only a Bot API envelope decides for good; a page of HTML, whatever its status, is SEND_RETRY.
 *   retry_ms 0 means: by the caller's own back-off. An OUT_STRIP of a message that is gone is SEND_DONE. */
struct channel *telegram_channel(void *ctx, const struct telegram_options *o);

#endif
