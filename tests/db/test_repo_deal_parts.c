/* Repositories on a real SQLite file: evidence and cards. */
#include "full_deal.h"
#include "tx_test.h"

enum { MOST = 50 };

static struct deal_file file_of(struct db_tx *tx, int64_t id)
{
	struct deal_file f;

	ck_assert(deal_by_id(tx, ctx, id, &f));
	return f;
}

TX_TEST(evidence_is_listed_oldest_first_and_counted)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER), other = create(tx, 1000000, FEE_BY_BUYER);
	struct evidence e = {BUYER, ROLE_BUYER, "it is broken", "", "", PURPOSE_STORY, 0, 100}, out[MOST];

	evidence_add(tx, d.id, &e);
	e = (struct evidence){BUYER, ROLE_BUYER, "", "AgAD", "photo", PURPOSE_STORY, 4321, 200};
	evidence_add(tx, d.id, &e);
	e.purpose = PURPOSE_WAYBILL; /* proof of sending is no story */
	evidence_add(tx, d.id, &e);
	e.role = ROLE_SELLER;
	e.person_id = SELLER;
	evidence_add(tx, d.id, &e);
	evidence_add(tx, other.id, &e);
	ck_assert_uint_eq(evidence_list(tx, ctx, d.id, out, MOST), 4);
	ck_assert_str_eq(out[0].text, "it is broken");
	ck_assert_str_eq(out[0].file_id, "");
	ck_assert_str_eq(out[1].file_id, "AgAD");
	ck_assert_str_eq(out[1].file_kind, "photo");
	ck_assert_int_eq(out[1].message_id, 4321);
	ck_assert_int_eq(out[1].person_id, BUYER);
	ck_assert_int_eq(out[1].at_ms, 200);
	ck_assert_int_eq(out[3].role, ROLE_SELLER);
	ck_assert_uint_eq(evidence_list(tx, ctx, d.id, out, 1), 1);
	ck_assert_int_eq(evidence_count(tx, d.id, ROLE_BUYER, 0), 1); /* words are no files */
	ck_assert_int_eq(evidence_count(tx, d.id, ROLE_BUYER, 200), 1);
	ck_assert_int_eq(evidence_count(tx, d.id, ROLE_BUYER, 201), 0);
	return DB_DONE;
}

TX_TEST(proof_of_sending_is_listed_apart_from_stories)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER), other = create(tx, 1000000, FEE_BY_BUYER);
	struct evidence e = {SELLER, ROLE_SELLER, "the story", "AgA0", "photo", PURPOSE_STORY, 1, 100}, out[MOST];
	int64_t newest = 7;

	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, 7, out, MOST, &newest), 0);
	ck_assert_int_eq(newest, 7);
	evidence_add(tx, d.id, &e);
	e = (struct evidence){SELLER, ROLE_SELLER, "the waybill", "AgA1", "photo", PURPOSE_WAYBILL, 2, 200};
	evidence_add(tx, d.id, &e);
	evidence_add(tx, other.id, &e);
	e = (struct evidence){SELLER, ROLE_SELLER, "goods", "BQA2", "document", PURPOSE_GOODS, 3, 300};
	evidence_add(tx, d.id, &e);
	e = (struct evidence){SELLER, ROLE_SELLER, "words only", "", "", PURPOSE_GOODS, 4, 350};
	evidence_add(tx, d.id, &e);
	e = (struct evidence){BUYER, ROLE_BUYER, "", "AgA3", "photo", PURPOSE_WAYBILL, 5, 400};
	evidence_add(tx, d.id, &e);
	ck_assert_int_eq(proof_count(tx, d.id, ROLE_NOBODY), 3);
	ck_assert_int_eq(proof_count(tx, d.id, ROLE_SELLER), 2);
	ck_assert_int_eq(proof_count(tx, d.id, ROLE_BUYER), 1);
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, 0, out, MOST, &newest), 2);
	ck_assert_str_eq(out[0].file_id, "AgA1");
	ck_assert_int_eq(out[0].purpose, PURPOSE_WAYBILL);
	ck_assert_str_eq(out[1].file_kind, "document");
	ck_assert_int_eq(out[1].at_ms, 300);
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, newest, out, MOST, &newest), 0);
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, 0, out, 1, &newest), 1);
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, newest, out, MOST, &newest), 1);
	ck_assert_str_eq(out[0].text, "goods");
	return DB_DONE;
}

TX_TEST(what_was_withdrawn_is_listed_nowhere_and_still_counts_as_written)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);
	struct evidence out[MOST];
	int64_t newest, shown;

	for (int i = 0; i < 4; i++)
		evidence_add(tx, d.id,
			     &(struct evidence){SELLER, ROLE_SELLER, "", "AgA", "photo", PURPOSE_WAYBILL, i, i});
	evidence_add(tx, d.id, &(struct evidence){SELLER, ROLE_SELLER, "story", "AgA", "photo", PURPOSE_STORY, 5, 5});
	evidence_add(tx, d.id, &(struct evidence){BUYER, ROLE_BUYER, "", "AgA", "photo", PURPOSE_WAYBILL, 6, 6});
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, 0, out, 1, &shown), 1);
	ck_assert_uint_eq(proof_hide(tx, d.id, ROLE_SELLER, shown, 2), 2); /* neither shown nor of an earlier step */
	ck_assert_uint_eq(proof_hide(tx, d.id, ROLE_SELLER, shown, 2), 0);
	ck_assert_uint_eq(proof_list(tx, ctx, d.id, ROLE_SELLER, 0, out, MOST, &newest), 2);
	ck_assert_int_eq(out[1].message_id, 1);
	ck_assert_int_eq(proof_count(tx, d.id, ROLE_SELLER), 2);
	ck_assert_int_eq(proof_ever(tx, d.id, ROLE_SELLER), 4);
	ck_assert_int_eq(proof_count(tx, d.id, ROLE_BUYER), 1);
	ck_assert_uint_eq(evidence_list(tx, ctx, d.id, out, MOST), 4);
	return DB_DONE;
}

static int64_t number_of(struct db_tx *tx, struct db_query *q, int64_t id)
{
	struct db_stmt *s = db_stmt(tx, q);
	int64_t n = -1;

	db_int(s, id);
	db_one_int(s, &n);
	return n;
}

TX_TEST(a_piece_of_evidence_knows_its_file_and_what_was_kept_of_it)
{
	static struct db_query bytes = DB_QUERY("SELECT file_bytes FROM evidence WHERE id = ?");
	static struct db_query named =
		DB_QUERY("SELECT COUNT(*) AS n FROM evidence WHERE id = ? AND file_sha256 = 'ab12'");
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);
	struct evidence e = {BUYER, ROLE_BUYER, "words", "", "", 0, 0, 100};
	int64_t words = evidence_add(tx, d.id, &e), photo, other;

	e.file_id = "AgAD";
	photo = evidence_add(tx, d.id, &e);
	other = evidence_add(tx, d.id, &e);
	ck_assert(words > 0 && photo > words && other > photo);
	ck_assert_str_eq(evidence_file(tx, ctx, words), "");
	ck_assert_str_eq(evidence_file(tx, ctx, photo), "AgAD");
	ck_assert_str_eq(evidence_file(tx, ctx, other + 1), "");
	evidence_kept(tx, photo, "ab12", 77);
	ck_assert_int_eq(number_of(tx, &bytes, photo), 77);
	ck_assert_int_eq(number_of(tx, &named, photo), 1);
	ck_assert_int_eq(number_of(tx, &bytes, other), 0);
	ck_assert_int_eq(number_of(tx, &named, other), 0);
	return DB_DONE;
}

TX_TEST(a_card_is_where_it_was_last_shown)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);
	struct card c;

	ck_assert(!card_get(tx, ctx, d.id, CARD_BUYER, &c));
	card_set(tx, d.id, CARD_BUYER, (struct card){.chat_id = 100, .message_id = 1});
	card_set(tx, d.id, CARD_BUYER, (struct card){.chat_id = 100, .message_id = 2});
	card_set(tx, d.id, CARD_STAFF, (struct card){.chat_id = -500, .message_id = 3});
	ck_assert(card_get(tx, ctx, d.id, CARD_BUYER, &c));
	ck_assert_int_eq(c.message_id, 2);
	chat_moved(tx, -500, -1007);
	ck_assert(card_get(tx, ctx, d.id, CARD_STAFF, &c));
	ck_assert_int_eq(c.chat_id, -1007);
	ck_assert_int_eq(c.message_id, 3);
	card_forget(tx, d.id, CARD_BUYER);
	ck_assert(!card_get(tx, ctx, d.id, CARD_BUYER, &c));
	ck_assert(card_get(tx, ctx, d.id, CARD_STAFF, &c));
	return DB_DONE;
}

TX_TEST(a_group_that_moved_is_the_same_origin)
{
	struct deal_file f = {.deal = full_deal(), .code = "G", .title = "phone", .origin_chat = -5};
	int64_t id = deal_insert(tx, &f);

	chat_moved(tx, -5, -1005);
	ck_assert_int_eq(file_of(tx, id).origin_chat, -1005);
	return DB_DONE;
}

int main(void)
{
	Suite *suite = suite_create("evidence and cards");
	int failed;

	folder_make();
	CASE(suite, "evidence and cards", evidence_is_listed_oldest_first_and_counted,
	     what_was_withdrawn_is_listed_nowhere_and_still_counts_as_written,
	     proof_of_sending_is_listed_apart_from_stories, a_piece_of_evidence_knows_its_file_and_what_was_kept_of_it,
	     a_card_is_where_it_was_last_shown, a_group_that_moved_is_the_same_origin);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
