/* Proof of sending: photos of the waybill, the packing, and the goods beside a slip with the deal's code. Welcome from
 * whoever sends, never asked for as a duty. */
#ifndef SEPAREX_DEAL_PROOF_H
#define SEPAREX_DEAL_PROOF_H

#include "outmsg.h"
#include "turn.h"

enum { PROOF_MOST = 10, PROOF_EVER = 30 }; /* files of one side of a deal, without and with those withdrawn */

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

/* A picture that nobody asked for and no words explain is not kept before its sender says that it is proof of sending
 * for this deal: asks, and takes the answer of the question's buttons ("yes", "no"). */
void proof_lone_ask(struct turn *t, const struct deal_file *f);
void proof_lone_answer(struct turn *t, struct deal_file *f, const char *answer);

/* Shows the other side what this side has kept since the last time; not the first time, silently. Returns how many. */
size_t proof_show_new(struct turn *t, const struct deal_file *f, enum role role);

/* How many this side has kept and not yet shown. */
size_t proof_waiting(struct turn *t, const struct deal_file *f, enum role role);

/* When the step for this deal began in which the person of the turn is, now for none. Each step in which pictures are
 * kept has it in its data as "from". */
int64_t proof_from(const struct turn *t, int64_t deal_id);

/* The person of the turn leaves such a step without "done": what was kept there waits, and is said to wait. */
void proof_left(struct turn *t);

/* They leave it by /cancel: what was kept there and not shown never will be. Returns how many. */
size_t proof_taken_back(struct turn *t);

/* The same for what this side has kept since then (0: ever). */
size_t proof_take_back(struct turn *t, const struct deal_file *f, enum role role, int64_t since_ms);

/* Shows in a chat what this side has kept; to the other side only what was shown before. Returns how many. */
size_t proof_show_all(struct turn *t, const struct deal_file *f, enum role role, int64_t chat_id, const char *language);

/* What belongs to the parcel on a card of this side: the carrier's page, more photos, the photos that are there. */
void proof_buttons(struct turn *t, const struct deal_file *f, enum role role, const struct person *reader,
		   struct outmsg *m);

/* The message whose button was pressed says how its question ended, and has no button any more; a new one for words. */
void proof_say_in_place(struct turn *t, const char *html);

/* What a piece proves, as the key of a text. */
const char *proof_what_key(enum evidence_purpose purpose);

#endif
