/* What the bot tells Telegram about itself at start: descriptions and menus, in each language, only when they changed.
 */
#ifndef SEPAREX_SETUP_H
#define SEPAREX_SETUP_H

#include "app.h"

/* Asks who we are, when it is due; then polling can begin. */
void setup_step(struct app *a, int64_t now_ms);

/* An answer for OWNER_ME, OWNER_SETUP or OWNER_WEBHOOK. */
void setup_answer(struct app *a, const struct http_event *event, int64_t now_ms);

#endif
