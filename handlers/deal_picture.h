/* Pictures of a deal: the payment card, where it stands, the receipt. What they say is decided here, by the turn that
 * sends them; they are drawn when they are sent (picture/recipe.h). */
#ifndef SEPAREX_DEAL_PICTURE_H
#define SEPAREX_DEAL_PICTURE_H

#include "recipe.h"
#include "repo_payment.h"
#include "turn.h"

/* A recipe's JSON on ctx, in the reader's language, with their emblem (but on a receipt), light or dark as they wish.
 * `reader` has a seat in the deal. */
char *payment_recipe(struct turn *t, const struct deal_file *f, const struct person *reader);
char *status_recipe(struct turn *t, const struct deal_file *f, const struct person *reader);
/* `code` is the receipt's. */
char *receipt_recipe(struct turn *t, const struct deal_file *f, const struct person *reader, const char *code);

/* What each side has got when the deal is over: transfers that the bank has done. */
struct deal_sums {
	struct rial to_seller, back;
};
struct deal_sums deal_sums(struct turn *t, const struct deal_file *f);

/* The picture with the QR code of the payment page, and the button that leads to the bank. Nothing while there is no
 * payment. */
void deal_send_payment_card(struct turn *t, const struct deal_file *f, const struct person *buyer);

/* A deal has ended with money (COMPLETED, REFUNDED, SPLIT_CLOSED): both sides get the receipt. Once for a deal: asked
 * again, or in any other state, it does nothing. */
void deal_send_receipts(struct turn *t, const struct deal_file *f);

/* For the recipes: what all of them begin with. Fills *r. */
void recipe_begin(struct turn *t, const struct deal_file *f, const struct person *reader, struct recipe *r);

#endif
