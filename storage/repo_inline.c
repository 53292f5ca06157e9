/* Inline offers: see repo_inline.h. */
#include "repo_inline.h"

#define OFFER_COLUMNS "code, person_id, seat, fee_payer, title, price, deal_id, at_ms "

static bool take_offer(struct db_stmt *s, void *ctx, struct inline_offer *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		*out = (struct inline_offer){
			.code = db_col_text(ctx, s, "code"),
			.person_id = db_col_int(s, "person_id"),
			.seat = (enum role)db_col_int(s, "seat"),
			.payer = (enum fee_payer)db_col_int(s, "fee_payer"),
			.title = db_col_text(ctx, s, "title"),
			.price = rial_of(db_col_int(s, "price")),
			.deal_id = db_col_int(s, "deal_id"),
			.at_ms = db_col_int(s, "at_ms"),
		};
	db_free(&s);
	return found;
}

bool inline_offer_get(struct db_tx *tx, void *ctx, const char *code, struct inline_offer *out)
{
	static struct db_query q = DB_QUERY("SELECT " OFFER_COLUMNS "FROM inline_offer WHERE code = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, code);
	return take_offer(s, ctx, out);
}

bool inline_offer_same(struct db_tx *tx, void *ctx, const struct inline_offer *like, struct inline_offer *out)
{
	static struct db_query q = DB_QUERY("SELECT " OFFER_COLUMNS "FROM inline_offer WHERE person_id = ? "
					    "AND deal_id = 0 AND title = ? AND price = ? AND seat = ? "
					    "AND fee_payer = ? ORDER BY at_ms DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, like->person_id);
	db_text(s, like->title);
	db_int(s, rial_raw(like->price));
	db_int(s, like->seat);
	db_int(s, like->payer);
	return take_offer(s, ctx, out);
}

void inline_offer_touch(struct db_tx *tx, const char *code, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE inline_offer SET at_ms = ? WHERE code = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, now_ms);
	db_text(s, code);
	db_exec(s);
}

void inline_offer_add(struct db_tx *tx, const struct inline_offer *o)
{
	static struct db_query q = DB_QUERY("INSERT INTO inline_offer (code, person_id, seat, fee_payer, title, price, "
					    "at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, o->code);
	db_int(s, o->person_id);
	db_int(s, o->seat);
	db_int(s, o->payer);
	db_text(s, o->title);
	db_int(s, rial_raw(o->price));
	db_int(s, o->at_ms);
	db_exec(s);
}

void inline_offer_sent(struct db_tx *tx, const char *code, int64_t deal_id)
{
	static struct db_query q = DB_QUERY("UPDATE inline_offer SET deal_id = ? WHERE code = ? AND deal_id = 0");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_text(s, code);
	db_exec(s);
}

/* Each letter that is typed may be a query; and a card that was sent is not known as such where Telegram does not tell.
 */
void inline_offers_prune(struct db_tx *tx, int64_t person_id, int64_t before_ms)
{
	static struct db_query old =
		DB_QUERY("DELETE FROM inline_offer WHERE person_id = ? AND deal_id = 0 AND at_ms < ?");
	static struct db_query many =
		DB_QUERY("DELETE FROM inline_offer WHERE deal_id = 0 AND code IN (SELECT code FROM inline_offer "
			 "WHERE person_id = ? AND deal_id = 0 ORDER BY at_ms DESC, code LIMIT 100 OFFSET ?)");
	struct db_stmt *s = db_stmt(tx, &old);

	db_int(s, person_id);
	db_int(s, before_ms);
	db_exec(s);
	s = db_stmt(tx, &many);
	db_int(s, person_id);
	db_int(s, INLINE_OFFERS_MOST);
	db_exec(s);
}
