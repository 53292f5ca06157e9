/* How fast messages may leave: token buckets for each chat, each group and the bulk lane. Pure: no clock, no I/O. */
#ifndef SEPAREX_LIMITER_H
#define SEPAREX_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIMITER_MAX_CHATS = 100000, LIMITER_MAX_GROUP_PER_MINUTE = 1000 };

struct limiter;

/* Telegram's limits (telegram.md section 1.5): about 1 message a second and chat, 20 a minute and group, 30 a second
 * to all chats; edits count like messages. Every number is at least 1. */
struct limiter_options {
	bool on; /* off (a local server): only limiter_slow_down() makes anyone wait */
	int64_t chat_per_s; /* into one chat, over time */
	int64_t chat_burst; /* so many at once before that counts */
	int64_t group_per_minute; /* into one group, in any 60 s; at most LIMITER_MAX_GROUP_PER_MINUTE */
	int64_t bulk_per_s; /* of the bulk lane into all chats together, evenly spaced */
};

/* What holds when nothing is sent before limiter_when() allows it: in any span of W seconds one chat gets at most
 * chat_burst + W * chat_per_s messages, in any 60 s one group at most group_per_minute, in any second the bulk lane at
 * most bulk_per_s. A clock that goes back never makes anyone wait longer than an empty bucket or the rest of a
 * limiter_slow_down() would. */

/* A limiter on ctx in which nothing was sent yet. Takes memory as chats come (about 100 bytes each, 8 more for each
 * message a minute of a group). */
struct limiter *limiter_new(void *ctx, const struct limiter_options *o);

/* The earliest moment, in ms, when one message (or edit) may go to that chat; now_ms when at once. Asking takes
 * nothing. `bulk`: it goes through the bulk lane. */
int64_t limiter_when(struct limiter *l, int64_t chat_id, bool group, bool bulk, int64_t now_ms);

/* A message goes out now. */
void limiter_took(struct limiter *l, int64_t chat_id, bool group, bool bulk, int64_t now_ms);

/* The server said "too many requests" (429): that chat waits until `until_ms`, and with `bulk` the bulk lane too.
 * An earlier, longer wait stays. */
void limiter_slow_down(struct limiter *l, int64_t chat_id, bool bulk, int64_t until_ms);

/* Drops the chats whose past no longer matters; looks at every chat, so once a minute is enough. Of more than
 * LIMITER_MAX_CHATS the one that was silent longest is dropped by itself. */
void limiter_forget(struct limiter *l, int64_t now_ms);

/* How many chats are remembered. */
size_t limiter_chats(const struct limiter *l);

#endif
