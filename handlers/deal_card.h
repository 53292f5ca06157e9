/* The living card: one message for each side of a deal that says where it stands, whose turn it is, until when, and
 * what happens on silence, with the next step as a button. */
#ifndef SEPAREX_DEAL_CARD_H
#define SEPAREX_DEAL_CARD_H

#include "outmsg.h"
#include "turn.h"

/* Letters of the terms' hash that a button carries: so many that nobody finds other terms with the same beginning, and
 * few enough for the 64 bytes that a button holds. */
enum { TERMS_HASH_SHOWN = 32 };

/* After `e`: a fresh card for those to be told (bits of TELL_), a redraw of the newest one for the others. Who pressed
 * the button sees their own card change. */
void deal_cards_draw(struct turn *t, const struct deal_file *f, const struct event *e, unsigned tell);

/* A fresh card for one side ("/deal", a link opened again). */
void deal_card_fresh(struct turn *t, const struct deal_file *f, enum role role);

/* The same with a line above it (HTML), NULL for none. */
void deal_card_fresh_with(struct turn *t, const struct deal_file *f, enum role role, const char *first_line);

/* The card's message of one side as it would be drawn now, on the turn's ctx; false when that side cannot be reached.
 */
bool deal_card_compose(struct turn *t, const struct deal_file *f, enum role role, struct outmsg *out);

/* Sends a question about the deal to the person of the turn, who has a seat: in place of the card whose button was
 * pressed, otherwise as the newest card, so that nobody answers what they have not seen. */
void deal_card_ask(struct turn *t, const struct deal_file *f, struct outmsg *question);

/* A newer card stands below this one. Its buttons go, so that nobody presses yesterday's; a side's own card keeps one
 * that brings the newest. */
void deal_card_outdated(struct turn *t, int64_t deal_id, enum card_place place, const struct card *old);

/* The newest card of one side drawn again. */
void deal_card_redraw(struct turn *t, const struct deal_file *f, enum role role);

/* A fresh card with a line of warning above it: a clock has run half or nine tenths. Bits of TELL_. */
void deal_card_remind(struct turn *t, const struct deal_file *f, unsigned tell, int64_t left_ms);

/* True when the deal cannot go on without this side: it is their turn. */
bool deal_wants(struct turn *t, const struct deal_file *f, enum role role);

/* One line for lists: title, price, state, on ctx, HTML. */
const char *deal_line(struct turn *t, const struct deal_file *f);

/* What was ruled, in that language, on ctx; "" for nothing. */
const char *deal_ruling(struct turn *t, const struct deal_file *f, const char *language);

/* Who pays the fee, as a key. */
const char *fee_payer_key(enum fee_payer payer);
/* A carrier (enum carrier of shipping.h) by name, as a key. */
const char *deal_carrier_key(int carrier);

/* The address that takes anybody to the deal, on ctx. */
const char *deal_link(struct turn *t, const struct deal_file *f);

#endif
