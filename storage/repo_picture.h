/* Pictures that the channel already has, and receipts of finished deals. */
#ifndef SEPAREX_REPO_PICTURE_H
#define SEPAREX_REPO_PICTURE_H

#include "db.h"

/* The channel's file id of the picture with this recipe, on ctx; NULL when it was never uploaded. */
const char *picture_file(struct db_tx *tx, void *ctx, const char *recipe_sha256);
void picture_keep(struct db_tx *tx, const char *recipe_sha256, const char *file_id, int64_t now_ms);
/* The channel does not know the file any more. */
void picture_forget(struct db_tx *tx, const char *recipe_sha256);
/* Forgets the oldest pictures that were uploaded before then, at most 500. */
void picture_prune(struct db_tx *tx, int64_t before_ms);

/* The deal of a receipt code, 0 for a code that is none of ours. */
int64_t receipt_deal(struct db_tx *tx, const char *code);
/* The receipt code of a deal, on ctx; NULL while there is none. */
const char *receipt_of(struct db_tx *tx, void *ctx, int64_t deal_id);
/* False when the code is taken or the deal has one. */
bool receipt_add(struct db_tx *tx, const char *code, int64_t deal_id, int64_t now_ms);

#endif
