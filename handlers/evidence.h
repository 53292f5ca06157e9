/* What people show of a deal: kept as evidence, its file fetched at once. */
#ifndef SEPAREX_EVIDENCE_H
#define SEPAREX_EVIDENCE_H

#include "turn.h"

enum { EVIDENCE_CODEPOINTS = 3000 }; /* of a piece's words */

bool evidence_has_file(const struct update *u);

/* The piece that the turn's update shows by the person of the turn, on t->ctx. Nothing is written. */
struct evidence evidence_of(struct turn *t, const struct deal_file *f);

/* Writes a piece. Its file, if it has one, is fetched by the worker as soon as this turn is committed: the channel does
 * not promise to keep it. */
void evidence_keep(struct turn *t, const struct deal_file *f, const struct evidence *e);

/* True when the step of the person of the turn has already answered a picture of the update's album, and notes in the
 * step's data under `key` that it has now: several pictures sent at once get one answer, not ten. A single picture:
 * false. */
bool evidence_album_answered(struct turn *t, const char *key);

#endif
