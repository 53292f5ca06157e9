/* What people do: write, press, open links. Each becomes the updates that Telegram would make of it. */
#ifndef SANDBOX_ACTS_H
#define SANDBOX_ACTS_H

#include "world.h"

/* A message of a person: files it in the chat, queues the update. `m` comes from message_new and is taken over; its
 * text gets its entities here. Returns its id. */
int64_t act_message(struct world *w, struct person *as, struct chat *c, json_t *m);

/* The same for a plain text of at most 4,096 units. */
int64_t act_text(struct world *w, struct person *as, struct chat *c, const char *text);

/* A person changes the text or caption of an own message. */
void act_edit(struct world *w, struct chat *c, struct message *m, const char *text);

/* Presses a button that sends `data`, under message m (NULL for a message that the bot can no longer read). Returns the
 * callback query's id as a new string. */
json_t *act_callback(struct world *w, struct person *as, struct chat *c, const struct message *m, const char *data);

/* True when the link is a deep link of this bot; the payload ("" for none) is on ctx. */
bool link_payload(void *ctx, const char *link, char **payload);

/* True for a start payload that Telegram carries: at most 64 of A-Za-z0-9_-. */
bool link_carries(const char *payload);

/* Opens the bot by a deep link: sends "/start payload" in the private chat. The message's id, or 0 when the payload is
 * none that Telegram would carry (1-64 of A-Za-z0-9_-). */
int64_t act_open(struct world *w, struct person *as, const char *payload);

/* A group takes the bot in or out, with the my_chat_member update. */
void act_membership(struct world *w, struct chat *c, bool inside);

/* Blocks or unblocks the bot, with the my_chat_member update. */
void act_block(struct world *w, struct person *as, bool blocked);

/* Gives the person a callback answer to see; takes over the reference. */
void act_seen_answer(struct world *w, struct person *as, json_t *answer);

#endif
