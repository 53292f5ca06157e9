/* A message that changes in place: behind a command it is a new one, behind a button it becomes what the button says.
 */
#ifndef SEPAREX_SCREEN_H
#define SEPAREX_SCREEN_H

#include "outmsg.h"
#include "turn.h"

/* An empty screen: the pressed message if it can still be changed, or a new one in the chat (and topic) of the update.
 * Queued by tell. */
struct outmsg screen(const struct turn *t, const char *html);

/* A button with data of ours. Both texts are borrowed. */
void screen_button(struct outmsg *m, bool new_row, const char *label, const char *data);

/* One of several choices, marked when it is the one in force. The label is on the turn's ctx. */
void screen_choice(struct turn *t, struct outmsg *m, bool new_row, const char *label, bool chosen, const char *data);

/* How many pages `n` things take, at least one. */
size_t screen_pages_of(size_t n, size_t a_page);
/* The page that foreign text names, counted from 0; the nearest one there is, `otherwise` for text that is no number.
 */
size_t screen_page(const char *text, size_t pages, size_t otherwise);
/* A row to turn pages, "◀ 2 of 5 ▶", in the direction of the language; nothing for a single page. `data` without the
 * page, which is added behind a dot, counted from 1. */
void screen_pager(struct turn *t, struct outmsg *m, const char *data, size_t page, size_t pages);

/* True in a private chat; elsewhere the person is told to ask there. */
bool screen_is_private(struct turn *t);

#endif
