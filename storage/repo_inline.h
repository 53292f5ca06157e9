/* Offers typed after the bot's name in any chat ("@bot 25m iPhone 13"), until one of their ready cards is sent. */
#ifndef SEPAREX_REPO_INLINE_H
#define SEPAREX_REPO_INLINE_H

#include "db.h"
#include "money.h"

enum { INLINE_OFFERS_MOST = 50 }; /* of one person that are kept */

struct inline_offer {
	const char *code; /* unguessable, part of each ready card */
	int64_t person_id;
	const char *title;
	struct rial price;
	int64_t deal_id; /* 0 until one of its cards was sent */
	int64_t at_ms;
};

/* Texts on ctx. */
bool inline_offer_get(struct db_tx *tx, void *ctx, const char *code, struct inline_offer *out);
/* The person's newest unsent offer with these words; false when there is none. */
bool inline_offer_same(struct db_tx *tx, void *ctx, int64_t person_id, const char *title, struct rial price,
		       struct inline_offer *out);
/* Writes it, and forgets the person's oldest unsent ones beyond INLINE_OFFERS_MOST. */
void inline_offer_add(struct db_tx *tx, const struct inline_offer *o);
void inline_offer_sent(struct db_tx *tx, const char *code, int64_t deal_id);

#endif
