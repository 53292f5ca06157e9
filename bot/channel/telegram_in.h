/* A getUpdates body becomes neutral updates. Pure: bytes in, structs out; nothing a server or a person sends crashes
 * it.
 *
 * Decided here, once: service messages, what a person sent through a bot's ready cards, and all kinds nobody handles
 * are UPDATE_OTHER; an edited message is never a command; an
 * anonymous admin or a channel's post has from_id 0; a thread counts only in a forum (elsewhere Telegram numbers reply
 * chains with the same field); an inline query, a chosen card and a button under an inline message have no chat, so
 * the person's own stands in as a CHAT_GROUP: nothing shows that the bot may write there;
 * a button's data longer than 64 bytes is none of ours and reads as "". A caption that begins with a command is a
 * command too. migrate_from_chat_id in the new group says the same as migrate_to_chat_id in the old one. */
#ifndef SEPAREX_TELEGRAM_IN_H
#define SEPAREX_TELEGRAM_IN_H

#include "update.h"
#include <stddef.h>

enum {
	TELEGRAM_MAX_BATCH = 1000, /* updates read from one body; the API gives at most 100 */
	TELEGRAM_TEXT_UNITS = 4096, /* UTF-16 units kept of a text (telegram.md 1.5) */
	TELEGRAM_NAME_UNITS = 256, /* of names and titles */
	TELEGRAM_QUERY_UNITS = 256 /* of an inline query */
};

/* Reads the body of a successful getUpdates: an array on ctx in the server's order, *n_updates long (may be 0).
 * One entry for each element with a positive integer update_id, also when nothing else of it can be read (then
 * UPDATE_OTHER), so that the cursor always moves. Unpaired surrogates, NULs, bad UTF-8 and numbers too big for 64 bits
 * are mended instead of costing the batch. NULL when the body is no {"ok":true,"result":[...]}.
 * `bot_username` (no "@", any case; "" when unknown) tells commands for this bot from those for others. */
struct update *telegram_updates(void *ctx, const char *body, size_t n, const char *bot_username, size_t *n_updates);

#endif
