/* A card being made: what deal_card.c (which card, when), deal_card_text.c (its words) and deal_card_buttons.c share.
 * Nobody else includes this. */
#ifndef SEPAREX_DEAL_DRAWING_H
#define SEPAREX_DEAL_DRAWING_H

#include "deal_card.h"
#include "deal_faces.h"

/* For whom, in which seat. */
struct drawing {
	struct turn *t;
	const struct deal_file *f;
	enum role role;
	struct person reader, other;
	bool has_other;
	bool quietly; /* it can wait, and the reader wants quiet now */
};

#define SAYS(d, key, ...) THEIRS((d)->t, &(d)->reader, key __VA_OPT__(, ) __VA_ARGS__)
#define SAYS_PLAIN(d, key, ...) THEIRS_PLAIN((d)->t, &(d)->reader, key __VA_OPT__(, ) __VA_ARGS__)

/* An offer asks whoever has not agreed, and waits for the other. */
bool card_asks(const struct deal *d, enum role role);

/* Late money can bring a deal back only if both had agreed to it and it is enough (row 18). */
bool card_may_revive(const struct deal *d);

/* Whether a face's button is shown to this reader. */
bool drawing_shows(const struct drawing *d, enum face_when when);

/* Every line that the card has today, from top to bottom; first_line may be NULL. HTML on the turn's ctx. */
const char *drawing_text(struct drawing *d, const char *first_line);

void drawing_buttons(struct drawing *d, struct outmsg *m);

#endif
