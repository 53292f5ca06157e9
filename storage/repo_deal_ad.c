/* What a deal was made from: an invitation, an ad, pictures of the goods. See repo_deal.h. */
#include "repo_deal.h"

void deal_set_invitation(struct db_tx *tx, int64_t id, int64_t origin_chat, int64_t invited_id,
			 const char *invited_name)
{
	static struct db_query q =
		DB_QUERY("UPDATE deal SET origin_chat = ?, invited_id = ?, invited_name = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, origin_chat);
	db_int(s, invited_id);
	db_text(s, invited_name);
	db_int(s, id);
	db_exec(s);
}

void deal_set_public(struct db_tx *tx, int64_t id, struct rial price, enum fee_payer payer)
{
	static struct db_query q = DB_QUERY("UPDATE deal SET public_price = ?, public_payer = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, rial_raw(price));
	db_int(s, payer);
	db_int(s, id);
	db_exec(s);
}

void deal_set_ad(struct db_tx *tx, int64_t id, const char *description, const char *album)
{
	static struct db_query q = DB_QUERY("UPDATE deal SET description = ?, album = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, description);
	db_text(s, album);
	db_int(s, id);
	db_exec(s);
}

void deal_photo_add(struct db_tx *tx, int64_t deal_id, const char *file_id)
{
	static struct db_query count = DB_QUERY("SELECT COUNT(*) AS n FROM deal_photo WHERE deal_id = ?");
	static struct db_query add = DB_QUERY("INSERT INTO deal_photo (deal_id, number, file_id) VALUES (?, ?, ?)");
	struct db_stmt *s = db_stmt(tx, &count);
	int64_t n = 0;

	db_int(s, deal_id);
	db_one_int(s, &n);
	if (n >= DEAL_MAX_PHOTOS)
		return;
	s = db_stmt(tx, &add);
	db_int(s, deal_id);
	db_int(s, n + 1);
	db_text(s, file_id);
	db_exec(s);
}

size_t deal_photos(struct db_tx *tx, void *ctx, int64_t deal_id, const char *out[DEAL_MAX_PHOTOS])
{
	static struct db_query q = DB_QUERY("SELECT file_id FROM deal_photo WHERE deal_id = ? ORDER BY number LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, DEAL_MAX_PHOTOS);
	while (n < DEAL_MAX_PHOTOS && db_step(s) == DB_ROW)
		out[n++] = db_col_text(ctx, s, "file_id");
	db_free(&s);
	return n;
}
