/* What becomes a draft, from whichever of the ways to begin a deal. */
#ifndef SEPAREX_DEAL_DRAFT_H
#define SEPAREX_DEAL_DRAFT_H

#include "amount.h"
#include "repo_deal.h"
#include "turn.h"

enum { TITLE_CODEPOINTS = 100, ABOUT_CODEPOINTS = 600 };

/* No text is NULL. */
struct draft {
	enum role seat; /* of the person of the turn */
	const char *title; /* cleaned */
	struct rial price;
	enum fee_payer payer; /* 0: the house's usual one */
	int look_h; /* 0: the house's usual time */
	enum ship_payer ship_payer;
	const char *about; /* the rest of an ad */
	const char *photo; /* a file id */
	const char *album; /* whose further pictures follow */
	const char *more[DEAL_MAX_PHOTOS]; /* file ids of those that came while the price was asked for */
	size_t n_more;
};

/* Writes the draft, with pictures and description, and fills *f. False (said to the person) when the price is outside
 * the limits or too many of their deals are open. */
bool draft_make(struct turn *t, const struct draft *d, struct deal_file *f);

/* Its card, fresh. `doubtful`: the price was guessed, so it is said again above it. */
void draft_show(struct turn *t, const struct deal_file *f, bool doubtful);

/* Makes it an offer that the other side can join. False, said to the person, when the rules refuse. */
bool draft_publish(struct turn *t, struct deal_file *f, bool to_whoever_reads);

/* Whether a buyer could pay this price, with their part of the fee, in one payment, and it is not below the least. */
bool price_in_limits(const struct turn *t, struct rial price, enum fee_payer payer);

/* The same for the house's usual payer; says so when not. */
bool draft_price_fits(struct turn *t, struct rial price);

/* Reads the price that answers a question. False, said to the person, when it is none or does not fit. */
bool draft_price_read(struct turn *t, struct rial *price, bool *doubtful);

/* What is wrong with an amount, as a key; `none` where there is none. */
const char *amount_complaint(enum amount_error why, const char *none);

#endif
