/* What makes offers: inline offers, invitations, ads with pictures, uploaded pictures, inline cards. On a real file. */
#include "tx_test.h"

#include "repo_inline.h"
#include "repo_picture.h"

static struct deal a_deal(struct db_tx *tx)
{
	struct deal d = create(tx, 1000000, FEE_BY_BUYER);

	return d;
}

static struct inline_offer an_offer(const char *code, int64_t price)
{
	return (struct inline_offer){.code = code,
				     .person_id = BUYER,
				     .seat = ROLE_BUYER,
				     .payer = FEE_BY_HALF,
				     .title = "Phone",
				     .price = rial_of(price),
				     .at_ms = now_ms};
}

TX_TEST(an_inline_offer_becomes_one_deal)
{
	struct inline_offer o = an_offer("CODE1", 500), like = o, back;
	struct deal d = a_deal(tx);

	inline_offer_add(tx, &o);
	ck_assert(inline_offer_get(tx, ctx, "CODE1", &back));
	ck_assert_int_eq(back.person_id, BUYER);
	ck_assert_int_eq(back.seat, ROLE_BUYER);
	ck_assert_int_eq(back.payer, FEE_BY_HALF);
	ck_assert_str_eq(back.title, "Phone");
	ck_assert_int_eq(rial_raw(back.price), 500);
	ck_assert(!inline_offer_get(tx, ctx, "CODE2", &back));
	ck_assert(inline_offer_same(tx, ctx, &o, &back));
	like.person_id = SELLER;
	ck_assert(!inline_offer_same(tx, ctx, &like, &back));
	like = o;
	like.price = rial_of(501);
	ck_assert(!inline_offer_same(tx, ctx, &like, &back));
	like = o;
	like.seat = ROLE_SELLER;
	ck_assert(!inline_offer_same(tx, ctx, &like, &back));
	inline_offer_touch(tx, "CODE1", now_ms + 7);
	inline_offer_sent(tx, "CODE1", d.id);
	inline_offer_sent(tx, "CODE1", d.id + 1);
	ck_assert(inline_offer_get(tx, ctx, "CODE1", &back));
	ck_assert_int_eq(back.deal_id, d.id);
	ck_assert_int_eq(back.at_ms, now_ms + 7);
	ck_assert(!inline_offer_same(tx, ctx, &o, &back));
	return DB_DONE;
}

TX_TEST(only_the_newest_inline_offers_of_a_person_are_kept)
{
	struct inline_offer back, sent = an_offer("SENT", 5), old = an_offer("OLD", 5);
	struct deal d = a_deal(tx);

	old.at_ms = now_ms - 1;
	inline_offer_add(tx, &old);
	inline_offer_add(tx, &sent);
	inline_offer_sent(tx, "SENT", d.id);
	for (int i = 0; i < INLINE_OFFERS_MOST + 10; i++) {
		struct inline_offer o = an_offer(talloc_asprintf(ctx, "C%d", i), i + 1);

		o.at_ms = now_ms + i;
		inline_offer_add(tx, &o);
	}
	inline_offers_prune(tx, BUYER, now_ms);
	ck_assert(inline_offer_get(tx, ctx, "SENT", &back));
	ck_assert(!inline_offer_get(tx, ctx, "OLD", &back));
	ck_assert(!inline_offer_get(tx, ctx, "C9", &back));
	ck_assert(inline_offer_get(tx, ctx, "C10", &back));
	ck_assert(inline_offer_get(tx, ctx, talloc_asprintf(ctx, "C%d", INLINE_OFFERS_MOST + 9), &back));
	return DB_DONE;
}

TX_TEST(a_deal_keeps_its_invitation_ad_and_pictures)
{
	const char *photos[DEAL_MAX_PHOTOS];
	struct deal d = a_deal(tx);
	struct deal_file f;

	deal_set_invitation(tx, d.id, -500, 77, "name");
	deal_set_ad(tx, d.id, "clean", "album7");
	for (int i = 0; i < DEAL_MAX_PHOTOS + 2; i++)
		deal_photo_add(tx, d.id, talloc_asprintf(ctx, "F%d", i));
	ck_assert(deal_by_id(tx, ctx, d.id, &f));
	ck_assert_int_eq(f.origin_chat, -500);
	ck_assert_int_eq(f.invited_id, 77);
	ck_assert_str_eq(f.invited_name, "name");
	ck_assert_str_eq(f.description, "clean");
	ck_assert_uint_eq(deal_photos(tx, ctx, d.id, photos), DEAL_MAX_PHOTOS);
	ck_assert_str_eq(photos[0], "F0");
	ck_assert_str_eq(photos[DEAL_MAX_PHOTOS - 1], "F9");
	ck_assert(!deal_by_album(tx, ctx, 999, "album7", &f));
	ck_assert(!deal_by_album(tx, ctx, f.deal.seller_id ? f.deal.seller_id : f.deal.buyer_id, "other", &f));
	return DB_DONE;
}

TX_TEST(an_album_finds_its_draft_only)
{
	struct deal d = a_deal(tx);
	struct deal_file f;
	int64_t maker = d.seller_id ? d.seller_id : d.buyer_id;

	deal_set_ad(tx, d.id, "", "album7");
	ck_assert(deal_by_album(tx, ctx, maker, "album7", &f) == (d.state == DEAL_DRAFT));
	return DB_DONE;
}

TX_TEST(an_inline_card_has_a_name_instead_of_a_chat)
{
	struct deal d = a_deal(tx);
	struct card c;

	card_set(tx, d.id, CARD_INLINE, (struct card){.inline_id = "AAQ"});
	ck_assert(card_get(tx, ctx, d.id, CARD_INLINE, &c));
	ck_assert_str_eq(c.inline_id, "AAQ");
	ck_assert_int_eq(c.chat_id, 0);
	card_set(tx, d.id, CARD_GROUP, (struct card){.chat_id = -5, .message_id = 6});
	ck_assert(card_get(tx, ctx, d.id, CARD_GROUP, &c));
	ck_assert_str_eq(c.inline_id, "");
	return DB_DONE;
}

TX_TEST(uploaded_pictures_are_known_until_the_channel_forgets)
{
	ck_assert_ptr_null(picture_file(tx, ctx, "aa"));
	picture_keep(tx, "aa", "F1", now_ms);
	picture_keep(tx, "aa", "F2", now_ms);
	ck_assert_str_eq(picture_file(tx, ctx, "aa"), "F2");
	picture_forget(tx, "aa");
	ck_assert_ptr_null(picture_file(tx, ctx, "aa"));
	return DB_DONE;
}

TX_TEST(pictures_of_long_ago_are_forgotten_500_at_a_time)
{
	for (int i = 0; i < 502; i++)
		picture_keep(tx, talloc_asprintf(ctx, "%04d", i), "F", now_ms + i);
	picture_prune(tx, now_ms);
	ck_assert_ptr_nonnull(picture_file(tx, ctx, "0000"));
	picture_prune(tx, now_ms + 501);
	ck_assert_ptr_null(picture_file(tx, ctx, "0000"));
	ck_assert_ptr_null(picture_file(tx, ctx, "0499"));
	ck_assert_ptr_nonnull(picture_file(tx, ctx, "0500"));
	picture_prune(tx, now_ms + 501);
	ck_assert_ptr_null(picture_file(tx, ctx, "0500"));
	ck_assert_ptr_nonnull(picture_file(tx, ctx, "0501"));
	return DB_DONE;
}

TX_TEST(a_deal_has_one_receipt)
{
	struct deal d = a_deal(tx), other = a_deal(tx);

	ck_assert_int_eq(receipt_deal(tx, "R1"), 0);
	ck_assert(receipt_add(tx, "R1", d.id, now_ms));
	ck_assert(!receipt_add(tx, "R2", d.id, now_ms));
	ck_assert(!receipt_add(tx, "R1", other.id, now_ms));
	ck_assert_int_eq(receipt_deal(tx, "R1"), d.id);
	ck_assert_str_eq(receipt_of(tx, ctx, d.id), "R1");
	ck_assert_ptr_null(receipt_of(tx, ctx, other.id));
	return DB_DONE;
}

TX_TEST(who_was_renamed_when)
{
	struct person p;

	ck_assert(person_meet(tx, ctx, "telegram", 77, "Ali", "Ali_x", "en", now_ms, &p));
	ck_assert_int_eq(p.renamed_ms, 0);
	ck_assert(person_meet(tx, ctx, "telegram", 77, "Ali", "Ali_y", "en", now_ms + 5, &p));
	ck_assert_int_eq(p.renamed_ms, 0);
	ck_assert(person_meet(tx, ctx, "telegram", 77, "Vali", "Ali_y", "en", now_ms + 9, &p));
	ck_assert_str_eq(p.former_name, "Ali");
	ck_assert_int_eq(p.renamed_ms, now_ms + 9);
	ck_assert(person_by_username(tx, ctx, "telegram", "aLI_Y", &p));
	ck_assert_str_eq(p.name, "Vali");
	ck_assert(!person_by_username(tx, ctx, "telegram", "ali_x", &p));
	ck_assert(!person_by_username(tx, ctx, "telegram", "", &p));
	return DB_DONE;
}

int main(void)
{
	Suite *suite = suite_create("offers");
	int failed;

	folder_make();
	CASE(suite, "offers", an_inline_offer_becomes_one_deal, only_the_newest_inline_offers_of_a_person_are_kept,
	     a_deal_keeps_its_invitation_ad_and_pictures, an_album_finds_its_draft_only,
	     an_inline_card_has_a_name_instead_of_a_chat, uploaded_pictures_are_known_until_the_channel_forgets,
	     pictures_of_long_ago_are_forgotten_500_at_a_time, a_deal_has_one_receipt, who_was_renamed_when);
	failed = tap_run(suite);
	folder_remove();
	return failed;
}
