/* Saying something: every outgoing message becomes a work row in the turn's transaction. */
#ifndef SEPAREX_TELL_H
#define SEPAREX_TELL_H

#include "outmsg.h"
#include "repo_work.h"
#include "turn.h"

/* An empty message to the chat (and topic) where the update came from. */
struct outmsg tell_here(const struct turn *t, const char *html);
/* An empty message to a person's private chat. */
struct outmsg tell_to(const struct person *p, const char *html);

/* Queues it. A message to a person who cannot be reached is dropped. */
void tell(struct turn *t, const struct outmsg *m, enum work_lane lane);

/* Queues a deal's card: OUT_TEXT is a fresh card that becomes the newest, OUT_EDIT redraws the newest (its message is
 * found when it is sent; several waiting redraws become one). */
void tell_card(struct turn *t, const struct outmsg *m, int64_t deal_id, enum card_place place);

/* The subject of a card's work row, and back. */
int64_t card_subject(int64_t deal_id, enum card_place place);
int64_t card_subject_deal(int64_t subject);
enum card_place card_subject_place(int64_t subject);

/* The chain of a chat's messages, on ctx. */
const char *chat_chain(void *ctx, const char *channel, int64_t chat_id);

/* tell_here with text only. */
void reply(struct turn *t, const char *html);

/* For a pressed button a window with this text, otherwise a reply with it. `text` is plain. */
void object(struct turn *t, const char *text);

/* Why a step was refused, said to the person who tried. */
void refuse(struct turn *t, enum refusal why);

/* Adds a button that carries "d:CODE:ACT". The data is on the turn's ctx. */
void deal_button(struct turn *t, struct outmsg *m, bool new_row, enum button_style style, const char *label,
		 const char *code, const char *act);

#endif
