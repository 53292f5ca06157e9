/* Proof of sending: photos of the waybill, the packing, and the goods beside a slip with the deal's code. Welcome from
 * whoever sends, never asked for as a duty. */
#ifndef SEPAREX_DEAL_PROOF_H
#define SEPAREX_DEAL_PROOF_H

#include "outmsg.h"
#include "turn.h"

enum { PROOF_MOST = 10 }; /* files of one side of a deal */

/* True when this side sends, or has sent, the goods: the seller until there is a problem, the buyer when they go back.
 */
bool proof_welcome(const struct deal *d, enum role role);

/* True when a photo's caption says what the photo is of. */
bool proof_named(const char *caption);

/* Why the update's file cannot be kept, as the key of a text; NULL when it can. */
const char *proof_flaw(const struct update *u);

/* Keeps a piece with a file; what it proves is told by its caption, or by its place: first the waybill, then the
 * packing, then the goods. False when there is no more room, and nothing was written. */
bool proof_add(struct turn *t, const struct deal_file *f, const struct evidence *e);

/* The same for the update's file; why it is not kept is said to the person. True when it was kept. */
bool proof_keep(struct turn *t, const struct deal_file *f);

/* Enters the step in which photos are taken, and asks for them. */
void proof_ask(struct turn *t, const struct deal_file *f);

/* Shows the other side what this side has shown since the last time; not the first time, silently. Returns how many. */
size_t proof_show_new(struct turn *t, const struct deal_file *f, enum role role);

/* The person of the turn leaves the step without "done": what was shown there is shown on. */
void proof_left(struct turn *t);

/* Shows all that this side has shown in a chat. Returns how many. */
size_t proof_show_all(struct turn *t, const struct deal_file *f, enum role role, int64_t chat_id, const char *language);

/* What belongs to the parcel on a card of this side: the carrier's page, more photos, the photos that are there. */
void proof_buttons(struct turn *t, const struct deal_file *f, enum role role, const struct person *reader,
		   struct outmsg *m);

/* What a piece proves, as the key of a text. */
const char *proof_what_key(enum evidence_purpose purpose);

#endif
