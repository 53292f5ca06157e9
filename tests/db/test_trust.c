/* What a person can go by, against a real store: emblems, warnings about names, the newcomer's line, receipts once. */
#include "repo_settlement.h"
#include "repo_sms.h"
#include "web_fixture.h"

#include "deal_picture.h"
#include "emblem.h"
#include "emblem_words.h"
#include "guess.h"
#include "invite.h"
#include "recipe.h"
#include "repo_picture.h"
#include "sms_tell.h"
#include "trust.h"

enum { OMID = 5000 };

static const int64_t staff[] = {OMID};

static struct person someone(int64_t outside_id, const char *name, const char *username)
{
	struct person p;

	ck_assert(person_meet(turn.tx, ctx, "telegram", outside_id, name, username, "en", now_ms, &p));
	return p;
}

static void act_as(int64_t id)
{
	ck_assert(person_by_id(turn.tx, ctx, id, &turn.me));
}

static size_t messages_with(const char *part)
{
	struct work all[MAX_WORK];
	size_t n = work_list(turn.tx, ctx, WORK_WAITING, all, MAX_WORK), found = 0;

	for (size_t i = 0; i < n; i++)
		found += all[i].kind == WORK_SEND && strstr(all[i].payload, part) != NULL;
	return found;
}

/* --- emblems --- */

static void emblem_body(void)
{
	int first;

	act_as(buyer_id);
	ck_assert_str_eq(emblem_line(&turn, &turn.me), "");
	turn.me.reachable = false;
	emblem_ensure(&turn); /* who cannot be told gets it when they can be */
	ck_assert_int_eq(turn.me.emblem, 0);
	person_set_reachable(turn.tx, "telegram", 1002, true);
	act_as(buyer_id);
	emblem_ensure(&turn);
	act_as(buyer_id);
	first = turn.me.emblem;
	ck_assert(first >= 1 && first <= EMBLEM_COUNT && !turn.me.emblem_picked);
	ck_assert_uint_eq(messages_with("emblem:16"), 1);
	emblem_ensure(&turn);
	act_as(buyer_id);
	ck_assert_int_eq(turn.me.emblem, first);
	ck_assert_uint_eq(messages_with("emblem:16"), 1);
	ck_assert_ptr_nonnull(strstr(emblem_line(&turn, &turn.me), emblem_sign(first)));
	ck_assert_ptr_nonnull(strstr(emblem_line(&turn, &turn.me), emblem_name(&turn, "fa", first)));
}

START_TEST(an_emblem_is_given_once)
{
	run(emblem_body);
}
END_TEST

static void all_emblems_body(void)
{
	static const char *const languages[] = {"fa", "en"};
	unsigned seen = 0;

	for (int i = 1; i <= EMBLEM_COUNT; i++)
		for (int l = 0; l < 2; l++) {
			ck_assert_str_ne(emblem_name(&turn, languages[l], i), "");
			for (int j = 1; j < i; j++)
				ck_assert_str_ne(emblem_name(&turn, languages[l], i),
						 emblem_name(&turn, languages[l], j));
		}
	ck_assert_str_eq(emblem_name(&turn, "en", 0), "");
	ck_assert_str_eq(emblem_name(&turn, "en", EMBLEM_COUNT + 1), "");
	/* Each of them is given to somebody. */
	for (int64_t i = 0; i < 400; i++) {
		turn.me = someone(2000 + i, "N", "");
		turn.me.reachable = true;
		emblem_ensure(&turn);
		seen |= 1U << turn.me.emblem;
	}
	ck_assert_uint_eq(seen, 0x1FFFE);
}

START_TEST(every_emblem_has_a_name_and_is_given)
{
	run(all_emblems_body);
}
END_TEST

/* --- names --- */

static void names_body(void)
{
	static const struct {
		const char *name, *username, *says;
	} rows[] = {
		{"Reza Karimi", "reza_k", ""},
		{"علی رضایی", "", ""},
		{"Omid", "", ""}, /* a first name alone */
		{"Omid Nouri", "", "looks like Separex"},
		{"0mid Nouri", "", "looks like Separex"},
		{"Sara", "omid_n0uri", "looks like Separex"},
		{"Separex", "", "looks like Separex"},
		{"پشتیبانی سپارکس", "", "looks like Separex"},
		{"«سپارکس»", "", "looks like Separex"},
		{"S\xd0\xb5parex Support", "", "looks like Separex"}, /* a Cyrillic letter */
		{"Sara", "separexhelp", "looks like Separex"},
		{"P\xd0\xb0ypal", "", "mixes letters"},
	};
	struct person reader = {.language = "en"};

	someone(OMID, "Omid Nouri", "omid_nouri");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct person other = someone(3000 + (int64_t)i, rows[i].name, rows[i].username);
		const char *line = name_warning(&turn, &reader, &other);

		ck_assert_msg(rows[i].says[0] ? strstr(line, rows[i].says) != NULL : !line[0], "%s (%s): %s",
			      rows[i].name, rows[i].username, line);
	}
}

START_TEST(names_that_are_not_what_they_look_like)
{
	house.staff[STAFF_OPERATOR] = (struct staff_list){staff, 1};
	run(names_body);
}
END_TEST

static void renamed_body(void)
{
	struct person reader = {.language = "en"}, other = someone(3000, "Ali <b>", "");

	ck_assert_str_eq(name_warning(&turn, &reader, &other), "");
	other = someone(3000, "Hasan", "");
	ck_assert_int_eq(other.renamed_ms, now_ms);
	ck_assert_ptr_nonnull(strstr(name_warning(&turn, &reader, &other), "before, it was: "));
	ck_assert_ptr_null(strstr(name_warning(&turn, &reader, &other), "<b>"));
	turn.now_ms = now_ms + 24 * HOUR_MS;
	ck_assert_str_eq(name_warning(&turn, &reader, &other), "");
	/* Staff who trade are who they are. */
	other = someone(OMID, "Omid Nouri of Separex", "omid_nouri");
	ck_assert_str_eq(name_warning(&turn, &reader, &other), "");
}

START_TEST(a_new_name_is_named_for_a_day)
{
	house.staff[STAFF_OPERATOR] = (struct staff_list){staff, 1};
	run(renamed_body);
}
END_TEST

/* --- what one person can make the bot do --- */

static void invites_body(void)
{
	struct person p[7];

	for (int i = 0; i < 7; i++) {
		p[i] = someone(3000 + i, "Ali", "");
		p[i].reachable = i != 0;
		p[i].few_notices = i == 1;
	}
	act_as(seller_id);
	ck_assert(!invite_allowed(&turn, &p[0]));
	ck_assert(!invite_allowed(&turn, &p[1]));
	p[0].reachable = true;
	p[1].few_notices = false;
	person_block(turn.tx, p[2].id, seller_id, now_ms);
	ck_assert(!invite_allowed(&turn, &p[2]));
	person_unblock(turn.tx, p[2].id, seller_id);
	for (int i = 0; i < 5; i++) {
		ck_assert(invite_allowed(&turn, &p[i]));
		ck_assert(!invite_allowed(&turn, &p[i]));
	}
	ck_assert(!invite_allowed(&turn, &p[5])); /* the sixth of the day */
	act_as(buyer_id);
	ck_assert(invite_allowed(&turn, &p[5])); /* another inviter */
	act_as(seller_id);
	turn.now_ms += DAY_MS;
	ck_assert(invite_allowed(&turn, &p[5]));
	ck_assert(invite_allowed(&turn, &p[0]));
}

START_TEST(one_person_has_few_others_written_to)
{
	run(invites_body);
}
END_TEST

static void guesses_body(void)
{
	act_as(buyer_id);
	for (int i = 0; i < 20; i++) {
		ck_assert(guess_allowed(&turn));
		ck_assert_str_eq(guess_wrong(&turn, "wrong"), "wrong");
	}
	ck_assert(!guess_allowed(&turn));
	ck_assert_str_ne(guess_wrong(&turn, "wrong"), "wrong");
	act_as(seller_id);
	ck_assert(guess_allowed(&turn));
	act_as(buyer_id);
	turn.now_ms += HOUR_MS;
	ck_assert(guess_allowed(&turn));
}

START_TEST(wrong_codes_are_counted_by_person_and_hour)
{
	run(guesses_body);
}
END_TEST

/* --- who we are --- */

static void newcomer_body(void)
{
	act_as(buyer_id);
	house.fees = (struct fee_plan){2, {{rial_of(1000000), 50}, {RIAL_ZERO, 75}}};
	ck_assert_ptr_nonnull(strstr(newcomer_line(&turn), "۰٫۷۵٪"));
	ck_assert_ptr_null(strchr(newcomer_line(&turn), '\n'));
	make_deal(DEAL_OFFERED); /* the one by whose link they came */
	ck_assert_str_ne(newcomer_line(&turn), "");
	make_deal(DEAL_OFFERED);
	ck_assert_str_eq(newcomer_line(&turn), "");
	house.fees = (struct fee_plan){1, {{RIAL_ZERO, 100}}};
	ck_assert_str_eq(fee_percent(&turn, "en"), "1%");
	house.fees = (struct fee_plan){1, {{RIAL_ZERO, 5}}};
	ck_assert_str_eq(fee_percent(&turn, "en"), "0.05%");
	house.fees = (struct fee_plan){1, {{RIAL_ZERO, 50}}};
	ck_assert_str_eq(fee_percent(&turn, "en"), "0.5%");
}

START_TEST(a_newcomer_is_told_once_and_what_we_take)
{
	run(newcomer_body);
}
END_TEST

/* --- receipts --- */

static void receipts_body(void)
{
	person_set_reachable(turn.tx, "telegram", 1001, true);
	person_set_reachable(turn.tx, "telegram", 1002, true);
	for (int s = DEAL_DRAFT; s < DEAL_STATE_END; s++) {
		bool due = s == DEAL_COMPLETED || s == DEAL_REFUNDED || s == DEAL_SPLIT_CLOSED;
		const char *first;
		size_t before = messages_with("receipt.pdf");

		make_deal((enum deal_state)s);
		deal_send_receipts(&turn, &file);
		first = receipt_of(turn.tx, ctx, file.deal.id);
		ck_assert_int_eq(first != NULL, due);
		deal_send_receipts(&turn, &file);
		ck_assert_uint_eq(messages_with("receipt.pdf"), before + (due ? 2 : 0));
		if (due)
			ck_assert_str_eq(receipt_of(turn.tx, ctx, file.deal.id), first);
	}
}

START_TEST(a_receipt_goes_out_once_at_a_paid_end)
{
	run(receipts_body);
}
END_TEST

/* --- recipes --- */

static struct recipe read_recipe(const char *json)
{
	struct recipe r;

	ck_assert_uint_le(strlen(json), RECIPE_MAX_BYTES);
	ck_assert(recipe_from_json(ctx, json, &r));
	return r;
}

static void every_status_body(void)
{
	struct person reader;

	for (int s = DEAL_DRAFT; s < DEAL_STATE_END; s++) {
		struct recipe r;
		int now = 0;

		make_deal((enum deal_state)s);
		ck_assert(person_by_id(turn.tx, ctx, buyer_id, &reader));
		reader.language = s % 2 ? "fa" : "en";
		reader.dark_pictures = s % 2;
		r = read_recipe(status_recipe(&turn, &file, &reader));
		ck_assert_int_eq(r.kind, RECIPE_STATUS);
		ck_assert_int_eq(r.dark, s % 2);
		ck_assert_uint_ge(r.n_steps, 1);
		for (size_t i = 0; i < r.n_steps; i++)
			now += r.steps[i].mark == MARK_NOW;
		/* One step is waited for, none when the deal is over. */
		ck_assert_msg(now == !deal_is_final((enum deal_state)s), "state %d: %d", s, now);
	}
}

START_TEST(a_status_has_one_step_that_is_waited_for)
{
	run(every_status_body);
}
END_TEST

/* The same recipe is the same picture, which the channel has already. */
static void same_body(void)
{
	struct person reader = {.id = buyer_id, .language = "en"};
	const char *before;

	make_deal(DEAL_SHIPPED);
	before = status_recipe(&turn, &file, &reader);
	turn.now_ms += MINUTE_MS;
	ck_assert_str_eq(status_recipe(&turn, &file, &reader), before);
}

START_TEST(a_status_is_the_same_a_minute_later)
{
	run(same_body);
}
END_TEST

static struct recipe_step step_named(const struct recipe *r, const char *label)
{
	for (size_t i = 0; i < r->n_steps; i++)
		if (strcmp(r->steps[i].label, label) == 0)
			return r->steps[i];
	ck_abort_msg("no step %s", label);
	return (struct recipe_step){0};
}

static void past(enum deal_state after, int64_t at_ms)
{
	static int64_t version;

	history_add(turn.tx, file.deal.id,
		    &(struct deal_history){.version = ++version, .after = after, .note = "", .at_ms = at_ms});
}

static void failures_body(void)
{
	struct person reader = {.id = buyer_id, .language = "en"};
	struct recipe r;

	make_deal(DEAL_REFUNDED);
	past(DEAL_AGREED, now_ms);
	past(DEAL_FUNDED, now_ms + DAY_MS);
	r = read_recipe(status_recipe(&turn, &file, &reader));
	ck_assert_uint_eq(r.n_steps, 4);
	ck_assert_int_eq(step_named(&r, "The buyer pays").mark, MARK_DONE);
	ck_assert_str_ne(step_named(&r, "The buyer pays").detail, step_named(&r, "Both agree").detail);
	ck_assert_int_eq(step_named(&r, "The goods are sent").mark, MARK_STOPPED);
	ck_assert_int_eq(step_named(&r, "The money goes back to the buyer").mark, MARK_DONE);
	make_deal(DEAL_COMPLETED);
	past(DEAL_ISSUE, now_ms);
	r = read_recipe(status_recipe(&turn, &file, &reader));
	ck_assert_uint_eq(r.n_steps, 7);
	ck_assert_str_eq(r.steps[4].label, "A problem is reported");
	ck_assert_int_eq(r.steps[4].mark, MARK_DONE);
	make_deal(DEAL_SHIPPED);
	file.deal.frozen = true;
	r = read_recipe(status_recipe(&turn, &file, &reader));
	ck_assert_int_eq(step_named(&r, "The goods arrive").mark, MARK_STOPPED);
}

START_TEST(a_status_says_what_failed)
{
	run(failures_body);
}
END_TEST

static const char *row_named(const struct recipe *r, const char *label)
{
	for (size_t i = 0; i < r->n_rows; i++)
		if (strcmp(r->rows[i].label, label) == 0)
			return r->rows[i].value;
	return "";
}

static void transfer(enum settlement_kind kind, int64_t rial, enum settlement_state state)
{
	static int n;
	struct settlement s = {.deal_id = file.deal.id,
			       .kind = kind,
			       .track_id = talloc_asprintf(ctx, "%d", 900 + ++n),
			       .payment_id = kind == SETTLEMENT_REFUND ? pay.id : 0,
			       .person_id = kind == SETTLEMENT_REFUND ? buyer_id : seller_id,
			       .rail = RAIL_ALONG,
			       .gateway = "sandbox",
			       .iban = "",
			       .amount = rial_of(rial),
			       .reason = ""};

	settlement_set_state(turn.tx, settlement_insert(turn.tx, &s, now_ms), state, "", now_ms);
}

static void sums_body(void)
{
	struct person buyer = {.id = buyer_id, .language = "en"}, seller = {.id = seller_id, .language = "en"};
	struct recipe r;

	make_deal(DEAL_SPLIT_CLOSED);
	make_payment(PAYMENT_SETTLED, now_ms);
	transfer(SETTLEMENT_PAYOUT, 9000000, SETTLEMENT_DONE);
	transfer(SETTLEMENT_PAYOUT, 5000000, SETTLEMENT_RETURNED);
	transfer(SETTLEMENT_REFUND, 16000000, SETTLEMENT_DONE);
	r = read_recipe(receipt_recipe(&turn, &file, &buyer, "ABCDEFGH23"));
	ck_assert_str_eq(r.sum, "1,600,000 toman");
	ck_assert_str_eq(row_named(&r, "Paid to the seller"), "900,000 toman");
	ck_assert_str_eq(row_named(&r, "Back to the buyer"), "1,600,000 toman");
	ck_assert_str_eq(r.code, "ABCDEFGH23");
	ck_assert_str_eq(r.qr, "https://t.me/separex_bot?start=r_ABCDEFGH23");
	r = read_recipe(receipt_recipe(&turn, &file, &seller, "ABCDEFGH23"));
	ck_assert_str_eq(r.sum, "900,000 toman");
	/* A receipt is shown to others: no secret of its reader's on it. */
	seller.emblem = 7;
	r = read_recipe(receipt_recipe(&turn, &file, &seller, "ABCDEFGH23"));
	ck_assert_int_eq(r.emblem, 0);
	ck_assert_str_eq(r.emblem_name, "");
	buyer.emblem = 6;
	/* The payment card asks for what is to be paid now. */
	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_OPEN, now_ms);
	r = read_recipe(payment_recipe(&turn, &file, &buyer));
	ck_assert_int_eq(r.emblem, 6);
	ck_assert_str_eq(r.sum, "2,512,500 toman");
	ck_assert_str_eq(r.qr, talloc_asprintf(ctx, "https://pay.example/p/%s", pay.page));
	ck_assert_str_eq(row_named(&r, "Seller"), "Sara <b>"); /* drawn, not parsed */
	ck_assert_str_ne(row_named(&r, "Pay before"), "");
}

START_TEST(sums_are_those_that_the_bank_moved)
{
	run(sums_body);
}
END_TEST

/* --- short messages --- */

static int64_t queued_sms(const char *key, bool money)
{
	return sms_insert(turn.tx,
			  &(struct sms){.person_id = buyer_id,
					.natural_key = key,
					.event = "look",
					.money = money,
					.mobile = "",
					.tokens = {"X", ""}},
			  now_ms);
}

static bool would_send(int64_t id)
{
	struct sms_call call;
	struct sms m;
	bool yes;

	ck_assert(sms_by_id(turn.tx, ctx, id, &m));
	yes = sms_call(&turn, &m, &call);
	if (yes)
		ck_assert_str_eq(call.mobile, "09121234567");
	return yes;
}

static void sms_body(void)
{
	struct person p;
	int64_t id = queued_sms("a", false), money = queued_sms("b", true);

	ck_assert_int_gt(id, 0);
	ck_assert_int_eq(queued_sms("a", false), 0); /* once for each event */
	ck_assert(!would_send(id));
	person_set_mobile(turn.tx, buyer_id, "09121234567");
	ck_assert(!would_send(id)); /* the cap of nothing */
	house.sms_daily_cap = 3;
	ck_assert(would_send(id));
	ck_assert(person_by_id(turn.tx, ctx, buyer_id, &p));
	p.sms_off = true;
	person_set_wishes(turn.tx, &p);
	ck_assert(!would_send(id));
	ck_assert(would_send(money));
	for (int i = 0; i < 3; i++) {
		struct sms m = {.state = SMS_STATE_SENT, .provider = "", .message_id = "", .mobile = ""};

		ck_assert(would_send(money));
		m.id = queued_sms(talloc_asprintf(ctx, "c%d", i), true);
		sms_save(turn.tx, &m, now_ms);
	}
	ck_assert(!would_send(money));
	turn.now_ms += DAY_MS + 1;
	ck_assert(would_send(money));
}

START_TEST(short_messages_go_to_who_wants_them_and_are_few)
{
	run(sms_body);
}
END_TEST

/* The number that a queued message would go to; "" for one that would not go. */
static const char *number_of(int64_t id)
{
	struct sms_call call;
	struct sms m;

	ck_assert(sms_by_id(turn.tx, ctx, id, &m));
	return sms_call(&turn, &m, &call) ? call.mobile : "";
}

static int64_t warn(const struct person *p)
{
	int64_t before = queued_sms(talloc_asprintf(ctx, "w%lld", (long long)turn.now_ms), true);

	sms_warn(&turn, "iban", p, "IR820540102680020817909002");
	return before + 1;
}

static void warning_body(void)
{
	struct sms sent = {.state = SMS_STATE_SENT, .provider = "", .message_id = "1", .mobile = "09121234567"};
	struct person p;
	int64_t id;

	house.sms = true;
	house.sms_daily_cap = 1;
	person_set_mobile(turn.tx, buyer_id, "09121234567");
	ck_assert(person_by_id(turn.tx, ctx, buyer_id, &p));
	id = warn(&p);
	/* The thief's number takes the place of the owner's, who also wants no messages, and has had many. */
	p.sms_off = true;
	person_set_wishes(turn.tx, &p);
	person_set_mobile(turn.tx, buyer_id, "09350000000");
	sent.id = queued_sms("many", true);
	sms_save(turn.tx, &sent, now_ms);
	ck_assert_str_eq(number_of(sent.id), "");
	ck_assert_str_eq(number_of(id), "09121234567");
	/* It is forgotten when it has gone, and warnings are few, too. */
	sent.id = id;
	sms_save(turn.tx, &sent, now_ms);
	ck_assert(sms_by_id(turn.tx, ctx, id, &sent));
	ck_assert_str_eq(sent.mobile, "");
	turn.now_ms++;
	ck_assert_str_eq(number_of(warn(&p)), "");
}

START_TEST(a_warning_goes_to_the_number_that_stood_there)
{
	run(warning_body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("trust");
	TCase *c = tcase_create("trust");
	int rc;

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	folder_make();
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, an_emblem_is_given_once);
	tcase_add_test(c, every_emblem_has_a_name_and_is_given);
	tcase_add_test(c, names_that_are_not_what_they_look_like);
	tcase_add_test(c, a_new_name_is_named_for_a_day);
	tcase_add_test(c, one_person_has_few_others_written_to);
	tcase_add_test(c, wrong_codes_are_counted_by_person_and_hour);
	tcase_add_test(c, a_newcomer_is_told_once_and_what_we_take);
	tcase_add_test(c, a_receipt_goes_out_once_at_a_paid_end);
	tcase_add_test(c, a_status_has_one_step_that_is_waited_for);
	tcase_add_test(c, a_status_is_the_same_a_minute_later);
	tcase_add_test(c, a_status_says_what_failed);
	tcase_add_test(c, sums_are_those_that_the_bank_moved);
	tcase_add_test(c, short_messages_go_to_who_wants_them_and_are_few);
	tcase_add_test(c, a_warning_goes_to_the_number_that_stood_there);
	suite_add_tcase(s, c);
	rc = tap_run(s);
	folder_remove();
	return rc;
}
