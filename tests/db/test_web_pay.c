/* Our public pages against a real store: every deal state with every payment state, presses, returns, and strangers. */
#include "web_fixture.h"

#include "money_in.h"

/* --- every deal state with every payment state --- */

static bool deal_open(void)
{
	return file.deal.state == DEAL_AWAIT_PAY || file.deal.state == DEAL_PART_PAID;
}

static bool ended(void)
{
	return pay.state == PAYMENT_REFUSED || pay.state == PAYMENT_FAILED || pay.state == PAYMENT_GIVEN_UP;
}

static void check_cell_page(void)
{
	bool asked = deal_open() && pay.state == PAYMENT_ASKED;
	struct http_reply r = get_page();

	check_page(&r, 200);
	ck_assert_msg(has_press(&r) == (deal_open() && (pay.state == PAYMENT_OPEN || ended())), "deal %s, payment %d",
		      deal_state_name(file.deal.state), (int)pay.state);
	ck_assert((header(&r, "Refresh") != NULL) == asked);
	ck_assert(says(&r, "phone &lt;i&gt;"));
	ck_assert(says(&r, file.code));
	ck_assert_ptr_null(strstr(header(&r, "Content-Security-Policy"), "bank.example"));
}

static void check_cell_press(void)
{
	bool again = deal_open() && ended();
	size_t before = payments();
	struct payment newest;
	struct http_reply r = press();

	ck_assert(payment_newest(turn.tx, ctx, file.deal.id, &newest));
	ck_assert_uint_eq(payments(), before + (again ? 1 : 0));
	if (deal_open() && pay.state == PAYMENT_OPEN)
		check_leads(&r, bank_page);
	else
		check_goes(&r, deal_open() && newest.state == PAYMENT_ASKED
				       ? talloc_asprintf(ctx, "%s/bank", page_path(newest.page))
				       : page_path(newest.page));
	if (!again)
		return;
	ck_assert_int_ne(newest.id, pay.id);
	ck_assert_int_eq(rial_raw(newest.amount), 25125000);
	ck_assert_int_eq(newest.state, PAYMENT_ASKED);
	ck_assert_uint_eq(calls_waiting(GATEWAY_START), 1);
	/* Pressed twice: the second press finds the new payment. */
	r = press();
	check_goes(&r, talloc_asprintf(ctx, "%s/bank", page_path(newest.page)));
	ck_assert_uint_eq(payments(), before + 1);
}

static void every_state_body(void)
{
	for (int d = DEAL_DRAFT; d < DEAL_STATE_END; d++)
		for (int p = PAYMENT_ASKED; p <= PAYMENT_GIVEN_UP; p++) {
			ck_assert_int_eq(db_savepoint(turn.tx, "cell"), DB_DONE);
			make_deal((enum deal_state)d);
			make_payment((enum payment_state)p, now_ms);
			check_cell_page();
			check_cell_press();
			ck_assert_int_eq(db_savepoint_rollback(turn.tx), DB_DONE);
		}
}

START_TEST(every_deal_state_with_every_payment_state)
{
	run(every_state_body);
}
END_TEST

/* Settle wanted a verify first (46, 47), and the bank says that the money went back (48): somebody must hear of it. */
static void undone_body(void)
{
	struct gateway_call call = {.op = GATEWAY_VERIFY};
	struct gateway_result said = {.verdict = GATEWAY_NO,
				      .reversed = true,
				      .ref = "",
				      .card_mask = "",
				      .card_hash = "",
				      .said = "reversed",
				      .reason = "transaction reversed"};
	struct money_next next;

	house.staff_chat = -100;
	make_deal(DEAL_FUNDED);
	make_payment(PAYMENT_CREDITED, now_ms);
	next = money_in_answer(&turn, &pay, &call, &said);
	ck_assert_int_eq(next.what, MONEY_DEAD); /* as the same word to SETTLE is; and the group is told */
}

START_TEST(money_that_the_bank_took_back_is_told)
{
	run(undone_body);
}
END_TEST

/* --- what the page says --- */

static void whole_page_body(void)
{
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_OPEN, now_ms);
	r = ask_with("GET", page_path(pay.page), &(struct http_header){"lang", "en"}, 1);
	check_page(&r, 200);
	ck_assert(says(&r, "lang=\"en\" dir=\"ltr\""));
	ck_assert(says(&r, "2,512,500 toman"));
	ck_assert(says(&r, "two million five hundred"));
	ck_assert(says(&r, "Sara &lt;b&gt;"));
	ck_assert(says(&r, "25,000 toman; half of it, 12,500 toman"));
	ck_assert(says(&r, "3 days"));
	ck_assert(says(&r, "2 days"));
	ck_assert(says(&r, "Pay before"));
	ck_assert(says(&r, "name=\"lang\" value=\"en\""));
	ck_assert(says(&r, "?lang=fa\""));
	ck_assert(!says(&r, "practice"));
	house.practice = true;
	r = ask_with("GET", page_path(pay.page), &(struct http_header){"lang", "en"}, 1);
	ck_assert(says(&r, "practice: no real money"));
	house.support_hours = "Sat-Wed until 18:00";
	r = get_page();
	ck_assert(says(&r, "Sat-Wed until 18:00"));
}

START_TEST(the_page_says_what_a_buyer_must_know)
{
	run(whole_page_body);
}
END_TEST

static void language_body(void)
{
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_REFUSED, now_ms);
	r = get_page();
	ck_assert(says(&r, "lang=\"fa\" dir=\"rtl\""));
	ck_assert(!says(&r, "name=\"lang\""));
	r = ask_with("GET", page_path(pay.page), &(struct http_header){"lang", "xx"}, 1);
	ck_assert(says(&r, "lang=\"fa\" dir=\"rtl\""));
	person_set_language(turn.tx, buyer_id, "en");
	r = get_page();
	ck_assert(says(&r, "lang=\"en\" dir=\"ltr\""));
	/* What was chosen goes along when a new payment is asked for. */
	r = ask_with("POST", talloc_asprintf(ctx, "/p/%s/go", pay.page), &(struct http_header){"lang", "fa"}, 1);
	ck_assert_int_eq(r.status, 303);
	ck_assert_ptr_nonnull(strstr(r.location, "?lang=fa"));
}

START_TEST(the_language_is_the_buyers_or_the_asked_one)
{
	run(language_body);
}
END_TEST

static void fee_body(void)
{
	static const struct {
		enum fee_payer payer;
		const char *says;
	} rows[] = {{FEE_BY_BUYER, "yours, and part of what you pay"}, {FEE_BY_SELLER, "you pay nothing of it"}};
	struct http_reply r;

	person_set_language(turn.tx, buyer_id, "en");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		make_deal(DEAL_AWAIT_PAY);
		file.deal.terms.fee_payer = rows[i].payer;
		save_deal();
		make_payment(PAYMENT_OPEN, now_ms);
		r = get_page();
		ck_assert(says(&r, rows[i].says));
	}
}

START_TEST(who_pays_the_fee)
{
	run(fee_body);
}
END_TEST

static void frozen_body(void)
{
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	file.deal.frozen = true;
	save_deal();
	make_payment(PAYMENT_OPEN, now_ms);
	r = get_page();
	check_page(&r, 200);
	ck_assert(!has_press(&r));
	r = press();
	check_goes(&r, page_path(pay.page));
	make_deal(DEAL_FUNDED);
	file.deal.frozen = true;
	save_deal();
	make_payment(PAYMENT_SETTLED, now_ms);
	r = get_page();
	check_page(&r, 200);
	ck_assert(says(&r, "notice good") && says(&r, "notice warn"));
	ck_assert(says(&r, "REF99"));
}

START_TEST(a_frozen_deal_takes_nothing)
{
	run(frozen_body);
}
END_TEST

static void rest_body(void)
{
	struct payment newest;
	struct http_reply r;

	make_deal(DEAL_PART_PAID);
	file.deal.held = rial_of(20000000);
	save_deal();
	person_set_language(turn.tx, buyer_id, "en");
	make_payment(PAYMENT_REFUSED, now_ms);
	r = get_page();
	ck_assert(says(&r, "You pay the rest"));
	ck_assert(says(&r, "2,000,000 toman"));
	press();
	ck_assert(payment_newest(turn.tx, ctx, file.deal.id, &newest));
	ck_assert_int_eq(rial_raw(newest.amount), 5125000);
	/* Money that came late or twice is named. */
	make_deal(DEAL_EXPIRED);
	file.deal.suspense = rial_of(7000000);
	file.deal.refund = rial_of(90000);
	save_deal();
	make_payment(PAYMENT_SETTLED, now_ms);
	r = get_page();
	ck_assert(says(&r, "700,000 toman came after"));
	ck_assert(says(&r, "9,000 toman of what you paid is on its way back"));
	ck_assert(!says(&r, "class=\"sum\""));
}

START_TEST(a_part_and_a_stray_sum_are_named)
{
	run(rest_body);
}
END_TEST

/* --- straight to the bank --- */

static struct http_reply asks_now(void)
{
	return ask("GET", talloc_asprintf(ctx, "/p/%s/now", pay.page));
}

static void now_cell(void)
{
	size_t before = payments();
	struct http_reply r = asks_now();

	if (deal_open() && pay.state == PAYMENT_OPEN)
		check_goes(&r, bank_page);
	else
		check_page(&r, 200);
	ck_assert_uint_eq(payments(), before); /* a GET asks for no money */
}

static void now_body(void)
{
	for (int d = DEAL_DRAFT; d < DEAL_STATE_END; d++)
		for (int p = PAYMENT_ASKED; p <= PAYMENT_GIVEN_UP; p++) {
			ck_assert_int_eq(db_savepoint(turn.tx, "cell"), DB_DONE);
			make_deal((enum deal_state)d);
			make_payment((enum payment_state)p, now_ms);
			now_cell();
			ck_assert_int_eq(db_savepoint_rollback(turn.tx), DB_DONE);
		}
}

START_TEST(now_leads_to_the_bank_or_shows_the_page)
{
	run(now_body);
}
END_TEST

static void now_elsewhere_body(void)
{
	struct http_reply r;
	const char *old;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_REFUSED, now_ms);
	old = pay.page;
	make_payment(PAYMENT_OPEN, now_ms);
	r = ask("GET", talloc_asprintf(ctx, "/p/%s/now", old));
	check_goes(&r, bank_page); /* the newest payment's */
	r = ask("HEAD", talloc_asprintf(ctx, "/p/%s/now", pay.page));
	check_goes(&r, bank_page);
	/* Where it goes is the gateway's word, whatever the address says. */
	r = ask_with("GET", talloc_asprintf(ctx, "/p/%s/now", pay.page),
		     &(struct http_header){"url", "https://evil.example/"}, 1);
	check_goes(&r, bank_page);
	file.deal.frozen = true;
	save_deal();
	r = asks_now();
	check_page(&r, 200);
	r = ask("GET", "/p/unknown/now");
	check_page(&r, 404);
	r = ask("POST", talloc_asprintf(ctx, "/p/%s/now", pay.page));
	check_page(&r, 404);
	ck_assert_str_eq(money_pay_now_url(&turn, &file),
			 talloc_asprintf(ctx, "https://pay.example/p/%s/now", pay.page));
	file.deal.id++;
	ck_assert_ptr_null(money_pay_now_url(&turn, &file));
}

START_TEST(now_obeys_nobody_but_the_gateway)
{
	run(now_elsewhere_body);
}
END_TEST

/* --- the buyer's emblem --- */

static void emblem_body(void)
{
	struct http_reply r;

	for (int d = DEAL_AWAIT_PAY; d < DEAL_STATE_END; d++) {
		ck_assert_int_eq(db_savepoint(turn.tx, "cell"), DB_DONE);
		make_deal((enum deal_state)d);
		make_payment(PAYMENT_OPEN, now_ms);
		r = get_page();
		ck_assert(!says(&r, "class=\"assurance\""));
		person_set_emblem(turn.tx, buyer_id, 6, true);
		person_set_emblem(turn.tx, seller_id, 7, true);
		r = ask_with("GET", page_path(pay.page), &(struct http_header){"lang", "en"}, 1);
		check_page(&r, 200);
		ck_assert(says(&r, "<span aria-hidden=\"true\">🍎</span>"));
		ck_assert(says(&r, "If your sign is not the apple"));
		ck_assert(!says(&r, "fish"));
		ck_assert_int_eq(db_savepoint_rollback(turn.tx), DB_DONE);
	}
	/* Pages of no deal know nobody. */
	person_set_emblem(turn.tx, buyer_id, 6, true);
	r = ask("GET", "/");
	ck_assert(!says(&r, "class=\"assurance\""));
	r = ask("GET", "/p/unknown");
	ck_assert(!says(&r, "class=\"assurance\""));
}

START_TEST(the_buyers_emblem_is_on_every_page_of_the_deal)
{
	run(emblem_body);
}
END_TEST

/* --- pages that load themselves again stop some time --- */

static struct http_reply back_at(int64_t at)
{
	struct http_header fields[] = {{"back", "1"}, {"at", talloc_asprintf(ctx, "%" PRId64, at)}};

	return ask_with("GET", page_path(pay.page), fields, 2);
}

static void waiting_body(void)
{
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_OPEN, now_ms);
	r = ask_with("GET", page_path(pay.page), &(struct http_header){"back", "1"}, 1);
	check_goes(&r, talloc_asprintf(ctx, "/p/%s?back=1&at=%" PRId64, pay.page, now_ms));
	r = back_at(now_ms - MINUTE_MS + 1);
	check_page(&r, 200);
	ck_assert_str_eq(header(&r, "Refresh"), "2");
	ck_assert(!has_press(&r));
	r = back_at(now_ms - MINUTE_MS);
	check_page(&r, 200);
	ck_assert_ptr_null(header(&r, "Refresh"));
	ck_assert(says(&r, talloc_asprintf(ctx, "href=\"/p/%s?back=1\"", pay.page)));
	/* A moment to come, one long ago and none at all stop at once. */
	r = back_at(now_ms + 1);
	ck_assert_ptr_null(header(&r, "Refresh"));
	r = back_at(INT64_MIN);
	ck_assert_ptr_null(header(&r, "Refresh"));
	r = back_at(INT64_MAX);
	ck_assert_ptr_null(header(&r, "Refresh"));
	make_payment(PAYMENT_ASKED, now_ms - MINUTE_MS);
	r = get_page();
	ck_assert_ptr_null(header(&r, "Refresh"));
	ck_assert(says(&r, talloc_asprintf(ctx, "href=\"/p/%s\"", pay.page)));
}

START_TEST(refreshing_has_an_end)
{
	run(waiting_body);
}
END_TEST

static void newest_body(void)
{
	const char *old;
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_REFUSED, now_ms);
	old = page_path(pay.page);
	make_payment(PAYMENT_OPEN, now_ms);
	r = ask("GET", old);
	ck_assert(has_press(&r)); /* the newest one's */
	r = ask("HEAD", old);
	check_page(&r, 200);
	r = ask("POST", talloc_asprintf(ctx, "%s/go", old));
	check_leads(&r, bank_page);
}

START_TEST(an_old_link_shows_the_newest_payment)
{
	run(newest_body);
}
END_TEST

static void many_body(void)
{
	struct http_reply r;

	make_deal(DEAL_AWAIT_PAY);
	for (int i = 0; i < 20; i++)
		make_payment(PAYMENT_REFUSED, now_ms);
	r = get_page();
	check_page(&r, 200);
	ck_assert(!has_press(&r));
	r = press();
	check_goes(&r, page_path(pay.page));
	ck_assert_uint_eq(payments(), 20);
}

START_TEST(twenty_payments_are_enough)
{
	run(many_body);
}
END_TEST

/* --- the browser's return --- */

static struct http_reply returns(const char *method, const char *bank, const char *order, const char *status)
{
	struct http_header fields[] = {{"order_id", order}, {"token", "x"}, {"status", status}, {"ref", "R1"}};

	return ask_with(method, talloc_asprintf(ctx, "/bank/%s/return", bank), fields, 4);
}

static void return_body(void)
{
	struct payment after;
	struct http_reply r;
	const char *waits;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_OPEN, now_ms);
	waits = talloc_asprintf(ctx, "/p/%s?back=1&at=%" PRId64, pay.page, now_ms);
	r = returns("POST", "sandbox", pay.order_id, "17");
	check_goes(&r, waits);
	ck_assert_uint_eq(calls_waiting(GATEWAY_INQUIRY), 1);
	/* A success, twice and by GET: one question to the bank, and nothing believed. */
	r = returns("POST", "sandbox", pay.order_id, "0");
	check_goes(&r, waits);
	r = returns("GET", "sandbox", pay.order_id, "0");
	check_goes(&r, waits);
	ck_assert_uint_eq(calls_waiting(GATEWAY_VERIFY), 1);
	ck_assert_uint_eq(calls_waiting(GATEWAY_INQUIRY), 0);
	ck_assert(payment_by_id(turn.tx, ctx, pay.id, &after));
	ck_assert_int_eq(after.state, PAYMENT_OPEN);
	ck_assert_int_eq(rial_raw(after.paid), 0);
	ck_assert_str_eq(after.ref, "");
	/* What is in the books already is not asked about. */
	make_payment(PAYMENT_SETTLED, now_ms);
	r = returns("POST", "sandbox", pay.order_id, "0");
	ck_assert_int_eq(r.status, 303);
	ck_assert_uint_eq(calls_waiting(GATEWAY_VERIFY), 1);
}

START_TEST(a_return_is_only_a_question)
{
	run(return_body);
}
END_TEST

static void strangers_body(void)
{
	static const struct {
		const char *method, *path;
	} rows[] = {
		{"GET", "/p/unknown"},
		{"POST", "/p/unknown/go"},
		{"GET", "/p/"},
		{"GET", "/p"},
		{"GET", "/p/a/b"},
		{"GET", "/p/a/go"},
		{"POST", "/p/a"},
		{"GET", "/p/../p/a"},
		{"GET", "/p/%00"},
		{"GET", "/index.php"},
		{"GET", ""},
		{"GET", "*"},
		{"DELETE", "/"},
		{"POST", "/"},
		{"GET", "/bank/none/return"},
		{"GET", "/bank/sandbox/"},
		{"GET", "/bank/sandbox/return"},
		{"POST", "/bank/sandbox/return/"},
		{"GET", "/healthz/"},
	};
	const char *first = NULL;

	make_deal(DEAL_AWAIT_PAY);
	make_payment(PAYMENT_OPEN, now_ms);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_reply r = ask(rows[i].method, rows[i].path);

		check_page(&r, 404);
		first = first ? first : r.body;
		ck_assert_str_eq(r.body, first); /* the same words, whatever was there */
	}
	ck_assert_str_eq(returns("POST", "sandbox", "999999", "0").body, first);
	ck_assert_str_eq(returns("POST", "mellat", pay.order_id, "0").body, first);
	ck_assert_str_eq(returns("POST", "sandbox", "1' OR 1", "0").body, first);
	ck_assert_str_eq(ask("GET", talloc_asprintf(ctx, "/p/%s/x", pay.page)).body, first);
	ck_assert_str_eq(ask("GET", page_path(talloc_asprintf(ctx, "%0200d", 0))).body, first);
	ck_assert_uint_eq(calls_waiting(GATEWAY_VERIFY) + calls_waiting(GATEWAY_INQUIRY), 0);
}

START_TEST(strangers_learn_nothing)
{
	run(strangers_body);
}
END_TEST

static void small_pages_body(void)
{
	struct http_inbound in = {
		.method = "GET", .path = "/p/x", .peer = "", .language = "en-US,en;q=0.9", .body = ""};
	struct http_reply r = ask("GET", "/healthz");

	ck_assert_int_eq(r.status, 200);
	ck_assert_str_eq(r.body, "ok");
	r = ask("GET", "/");
	check_page(&r, 200);
	ck_assert(says(&r, "lang=\"fa\" dir=\"rtl\""));
	ck_assert(says(&r, "/?lang=en"));
	web_answer_broken(&turn, &in, &r);
	check_page(&r, 503);
	ck_assert(says(&r, "lang=\"en\" dir=\"ltr\""));
}

START_TEST(front_page_health_and_apology)
{
	run(small_pages_body);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("web_pay");
	TCase *c = tcase_create("web_pay");
	int rc;

	if (sodium_init() < 0)
		return EXIT_FAILURE;
	folder_make();
	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 60);
	tcase_add_test(c, every_deal_state_with_every_payment_state);
	tcase_add_test(c, money_that_the_bank_took_back_is_told);
	tcase_add_test(c, the_page_says_what_a_buyer_must_know);
	tcase_add_test(c, the_language_is_the_buyers_or_the_asked_one);
	tcase_add_test(c, who_pays_the_fee);
	tcase_add_test(c, a_frozen_deal_takes_nothing);
	tcase_add_test(c, a_part_and_a_stray_sum_are_named);
	tcase_add_test(c, now_leads_to_the_bank_or_shows_the_page);
	tcase_add_test(c, now_obeys_nobody_but_the_gateway);
	tcase_add_test(c, the_buyers_emblem_is_on_every_page_of_the_deal);
	tcase_add_test(c, refreshing_has_an_end);
	tcase_add_test(c, an_old_link_shows_the_newest_payment);
	tcase_add_test(c, twenty_payments_are_enough);
	tcase_add_test(c, a_return_is_only_a_question);
	tcase_add_test(c, strangers_learn_nothing);
	tcase_add_test(c, front_page_health_and_apology);
	suite_add_tcase(s, c);
	rc = tap_run(s);
	folder_remove();
	return rc;
}
