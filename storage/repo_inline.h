/* Ready cards offered for what is typed after the bot's name in any chat ("@bot 25m iPhone 13"), until one is sent. */
#ifndef SEPAREX_REPO_INLINE_H
#define SEPAREX_REPO_INLINE_H

#include "db.h"
#include "deal.h"

enum { INLINE_OFFERS_MOST = 3000 }; /* of one person that are kept: six for each line that was typed */

struct inline_offer {
	const char *code; /* unguessable, part of each ready card */
	int64_t person_id;
	enum role seat; /* of that person */
	enum fee_payer payer;
	const char *title;
	struct rial price;
	int64_t deal_id; /* 0 until it was sent */
	int64_t at_ms; /* when it was offered last */
};

/* Texts on ctx. */
bool inline_offer_get(struct db_tx *tx, void *ctx, const char *code, struct inline_offer *out);
/* The person's newest unsent one with the words, price, seat and payer of `like`; false when there is none. */
bool inline_offer_same(struct db_tx *tx, void *ctx, const struct inline_offer *like, struct inline_offer *out);
/* It was offered again just now. */
void inline_offer_touch(struct db_tx *tx, const char *code, int64_t now_ms);
void inline_offer_add(struct db_tx *tx, const struct inline_offer *o);
/* Forgets the person's unsent ones from before `before_ms`, and the oldest beyond INLINE_OFFERS_MOST. */
void inline_offers_prune(struct db_tx *tx, int64_t person_id, int64_t before_ms);
void inline_offer_sent(struct db_tx *tx, const char *code, int64_t deal_id);

#endif
