/* Forgetting: see forget.h. */
#include "forget.h"

#include "deal.h"
#include "repo_deal.h"

bool forget_bar(struct db_tx *tx, int64_t person_id, struct forget_bar *out)
{
	static struct db_query q = DB_QUERY(
		"SELECT SUM(CASE WHEN closed_ms = 0 OR suspense + payable + refund + inflight > 0 THEN 1 ELSE 0 END) "
		"AS live, MAX(CASE WHEN closed_ms > 0 THEN closed_ms ELSE changed_ms END) AS last FROM deal WHERE "
		"buyer_id = ? OR seller_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	for (int i = 0; i < 2; i++)
		db_int(s, person_id);
	found = db_step(s) == DB_ROW;
	if (found)
		*out = (struct forget_bar){.live_deals = db_col_null(s, "live") ? 0 : db_col_int(s, "live"),
					   .last_end_ms = db_col_null(s, "last") ? 0 : db_col_int(s, "last")};
	db_free(&s);
	return found;
}

static size_t files_of(struct db_tx *tx, void *ctx, int64_t person_id, const char **files)
{
	static struct db_query q = DB_QUERY("SELECT DISTINCT file_sha256 FROM evidence WHERE person_id = ? AND "
					    "file_sha256 <> '' AND NOT EXISTS (SELECT 1 "
					    "FROM evidence AS other WHERE other.file_sha256 = evidence.file_sha256 AND "
					    "other.person_id <> ?) LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, person_id);
	db_int(s, person_id);
	db_int(s, FORGET_FILES_MOST);
	while (n < FORGET_FILES_MOST && db_step(s) == DB_ROW)
		files[n++] = db_col_text(ctx, s, "file_sha256");
	db_free(&s);
	return n;
}

static void run(struct db_tx *tx, struct db_query *q, int64_t person_id, int ids)
{
	struct db_stmt *s = db_stmt(tx, q);

	for (int i = 0; i < ids; i++)
		db_int(s, person_id);
	db_exec(s);
}

/* One act: a query that takes the person's id `ids` times. */
#define ACT(name, ids, text)                                                                                           \
	static void name(struct db_tx *tx, int64_t person_id)                                                          \
	{                                                                                                              \
		static struct db_query q = DB_QUERY(text);                                                             \
                                                                                                                       \
		run(tx, &q, person_id, ids);                                                                           \
	}

ACT(cards, 1, "DELETE FROM card WHERE chat_id = (SELECT outside_id FROM person WHERE id = ?)")
ACT(messages, 1, "DELETE FROM work WHERE chain = (SELECT channel || ':' || outside_id FROM person WHERE id = ?)")
ACT(invitations, 1,
    "UPDATE deal SET invited_id = 0, invited_name = '' WHERE invited_id = (SELECT outside_id FROM person WHERE id = ?)")
ACT(conversation, 1, "DELETE FROM conversation WHERE person_id = ?")
ACT(stories, 1, "UPDATE evidence SET text = '', file_id = '', file_kind = '', file_sha256 = '' WHERE person_id = ?")
ACT(ads, 1, "UPDATE deal SET description = '' WHERE seller_id = ?")
ACT(statements_of_payments, 1,
    "UPDATE statement_row SET words = '', reference = '' WHERE state = 2 AND matched_id IN (SELECT payment.id FROM "
    "payment JOIN deal ON deal.id = deal_id WHERE buyer_id = ?)")
ACT(statements_of_payouts, 1,
    "UPDATE statement_row SET words = '', reference = '' WHERE state = 3 AND matched_id IN (SELECT id FROM settlement "
    "WHERE person_id = ?)")
ACT(ibans, 1, "UPDATE settlement SET iban = '' WHERE person_id = ?")
ACT(cards_paid_with, 1,
    "UPDATE payment SET card_mask = '', card_hash = '', card_said = '' WHERE deal_id IN (SELECT id FROM deal WHERE "
    "buyer_id = ?)")
ACT(photos, 1, "DELETE FROM deal_photo WHERE deal_id IN (SELECT id FROM deal WHERE seller_id = ?)")
ACT(inline_offers, 1, "DELETE FROM inline_offer WHERE person_id = ?")
ACT(blocks, 2, "DELETE FROM blocked WHERE person_id = ? OR other_id = ?")
ACT(short_messages, 1, "UPDATE sms SET token1 = '', token2 = '', mobile = '' WHERE person_id = ?")
ACT(profile, 1,
    "UPDATE person SET outside_id = -id, name = '-', username = '', former_name = '', iban = '', mobile = '', "
    "national_id = '', owner_name = '', card_said = '', mobile_state = 0, iban_state = 0, emblem = 0, reachable = 0 "
    "WHERE id = ?")

/* The first ones find rows by what the last one erases. */
static void (*const acts[])(struct db_tx *tx, int64_t person_id) = {
	cards,
	messages,
	invitations,
	conversation,
	stories,
	ibans,
	photos,
	cards_paid_with,
	blocks,
	inline_offers,
	short_messages,
	ads,
	statements_of_payments,
	statements_of_payouts,
	profile,
};

size_t forget_person(struct db_tx *tx, void *ctx, int64_t person_id, const char **files)
{
	size_t n = files_of(tx, ctx, person_id, files);

	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		acts[i](tx, person_id);
	return n;
}
