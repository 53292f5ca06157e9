/* Bank Parsian's gateway: its requests byte for byte, what each status means to each question, and its returns. */
#include "gateway_world.h"

#include "gateway_parsian.h"
#include "parsian_codes.h"

static const struct gateway_parsian_options options = {
	.url = "https://pec.shaparak.ir/", .pin = "P&N", .terminal = "777", .confirm_amount = true};

static void setup(void)
{
	ctx = talloc_new(NULL);
	gateway = gateway_parsian(ctx, &options);
}

static void teardown(void)
{
	talloc_free(ctx);
}

#define HEAD                                                                                                           \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "                                                    \
	"xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
#define SPACE "https://pec.Shaparak.ir/NewIPGServices/"
#define TAIL "</requestData></%s></soap:Body></soap:Envelope>"

static const struct golden {
	enum gateway_op op;
	const char *url, *action, *operation, *fields;
} goldens[] = {
	{GATEWAY_START, "Sale/SaleService", "Sale/SaleService", "SalePaymentRequest",
	 "<Amount>20100000</Amount><OrderId>1795684507000123456</OrderId>"
	 "<CallBackUrl>https://pay.example.ir/bank/x/return?a=1&amp;b=2</CallBackUrl><AdditionalData></AdditionalData>"
	 "<Originator></Originator>"},
	{GATEWAY_VERIFY, "Confirm/ConfirmService", "Confirm/ConfirmService", "ConfirmPaymentWithAmount",
	 "<Token>123456789</Token><OrderId>1795684507000123456</OrderId><Amount>20100000</Amount>"},
	{GATEWAY_INQUIRY, "Confirm/ConfirmService", "Confirm/ConfirmService", "ConfirmPaymentWithAmount",
	 "<Token>123456789</Token><OrderId>1795684507000123456</OrderId><Amount>20100000</Amount>"},
	{GATEWAY_REVERSE, "Reverse/ReversalService", "Reversal/ReversalService", "ReversalRequest",
	 "<Token>123456789</Token>"},
};

START_TEST(golden_requests)
{
	const struct golden *g = &goldens[_i];
	struct gateway_call call = call_of(g->op);
	struct http_request r;

	call.token = "123456789";
	r = request_of(&call);
	ck_assert_str_eq(r.url, talloc_asprintf(ctx, "https://pec.shaparak.ir/NewIPGServices/%s.asmx", g->url));
	ck_assert_str_eq(header_of(&r, "SOAPAction"),
			 talloc_asprintf(ctx, "\"" SPACE "%s/%s\"", g->action, g->operation));
	ck_assert_str_eq(r.body, talloc_asprintf(ctx,
						 HEAD "<%s xmlns=\"" SPACE
						      "%s\"><requestData><LoginAccount>P&amp;N</LoginAccount>%s" TAIL,
						 g->operation, g->action, g->fields, g->operation));
}
END_TEST

START_TEST(without_the_amount_when_told_so)
{
	struct gateway_parsian_options o = options;
	struct gateway_call call = call_of(GATEWAY_VERIFY);
	struct http_request r;

	o.confirm_amount = false;
	gateway = gateway_parsian(ctx, &o);
	r = request_of(&call);
	ck_assert_ptr_nonnull(strstr(r.body, "<ConfirmPayment xmlns="));
	ck_assert_ptr_null(strstr(r.body, "<Amount>"));
}
END_TEST

static struct gateway_result says(enum gateway_op op, const char *fields)
{
	struct gateway_call call = call_of(op);
	const char *name = op == GATEWAY_START     ? "SalePaymentRequest"
			   : op == GATEWAY_REVERSE ? "ReversalRequest"
						   : "ConfirmPaymentWithAmount";

	return answer_to(
		&call, 200,
		talloc_asprintf(ctx,
				"<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
				"<soap:Body><%sResponse xmlns=\"x\"><%sResult>%s</%sResult></%sResponse></soap:Body>"
				"</soap:Envelope>",
				name, name, fields, name, name));
}

static const struct meaning {
	enum gateway_op op;
	const char *fields;
	enum gateway_verdict verdict;
	const char *said;
} meanings[] = {
	{GATEWAY_START, "<Token>123456789</Token><Status>0</Status>", GATEWAY_YES, ""},
	{GATEWAY_START, "<Token>0</Token><Status>0</Status>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_START, "<Token>x</Token><Status>0</Status>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_START, "<Token>0</Token><Status>-112</Status>", GATEWAY_NO, "our_fault"},
	{GATEWAY_START, "<Token>0</Token>", GATEWAY_UNKNOWN, "our_bank_off"},
	{GATEWAY_VERIFY, "<Status>0</Status><RRN>713456789012</RRN>", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, "<Status>0</Status><RRN>0</RRN>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_VERIFY, "<Status>-1533</Status><RRN>0</RRN>", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, "<Status>2</Status>", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, "<Status>-1531</Status>", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, "<Status>-138</Status>", GATEWAY_NO, "cancelled"},
	{GATEWAY_VERIFY, "<Status>-131</Status>", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, "<Status>-1000</Status>", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_VERIFY, "<Status>-1540</Status>", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_VERIFY, "<Status>-101</Status>", GATEWAY_RETRY, "our_fault"},
	{GATEWAY_VERIFY, "<Status>13</Status>", GATEWAY_RETRY, "our_fault"},
	{GATEWAY_VERIFY, "<Status>8</Status>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_VERIFY, "<Status>10</Status>", GATEWAY_UNKNOWN, "our_bank_off"},
	{GATEWAY_VERIFY, "<Status>7654</Status>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_INQUIRY, "<Status>-1531</Status>", GATEWAY_WAITING, "not_paid"},
	{GATEWAY_INQUIRY, "<Status>-138</Status>", GATEWAY_WAITING, "cancelled"},
	{GATEWAY_INQUIRY, "<Status>0</Status><RRN>713456789012</RRN>", GATEWAY_YES, ""},
	{GATEWAY_REVERSE, "<Status>0</Status>", GATEWAY_YES, ""},
	{GATEWAY_REVERSE, "<Status>-102</Status>", GATEWAY_YES, ""},
	{GATEWAY_REVERSE, "<Status>-1551</Status>", GATEWAY_YES, "reversed"},
	{GATEWAY_REVERSE, "<Status>-1549</Status>", GATEWAY_NO, ""},
	{GATEWAY_REVERSE, "<Status>-108</Status>", GATEWAY_NO, "our_fault"},
	{GATEWAY_REVERSE, "<Status>-1</Status>", GATEWAY_RETRY, "our_bank_off"},
};

START_TEST(what_a_status_means)
{
	const struct meaning *m = &meanings[_i];
	struct gateway_result r = says(m->op, m->fields);
	bool confirms = m->op == GATEWAY_VERIFY || m->op == GATEWAY_INQUIRY;

	ck_assert_int_eq(r.verdict, m->verdict);
	ck_assert_str_eq(r.said, m->said);
	ck_assert_int_eq(r.amount_rial, confirms && m->verdict == GATEWAY_YES ? 20100000 : 0);
}
END_TEST

START_TEST(a_confirmation_tells_card_and_reference)
{
	struct gateway_result r =
		says(GATEWAY_VERIFY, "<Status>0</Status><CardNumberMasked>622106******1234</CardNumberMasked>"
				     "<RRN>713456789012</RRN>");

	ck_assert_str_eq(r.card_mask, "622106******1234");
	ck_assert_str_eq(r.ref, "713456789012");
}
END_TEST

START_TEST(answers_that_are_none)
{
	no_answer_is_no_proof();
}
END_TEST

START_TEST(the_way_there_and_back)
{
	struct gateway_call call = call_of(GATEWAY_START);
	struct gateway_redirect there;
	struct gateway_return r;

	call.token = "123456789";
	gateway->redirect(gateway->self, ctx, &call, "", &there);
	ck_assert(!there.post);
	ck_assert_str_eq(there.url, "https://pec.shaparak.ir/NewIPG/?Token=123456789");
	ck_assert(RETURN(&r, {"token", "123456789"}, {"STATUS", "0"}, {"OrderId", "77"}, {"RRN", "713456789012"},
			 {"Amount", "20,100,000"}, {"TerminalNo", "777"}, {"HashCardNumber", "AB12"}));
	ck_assert(r.says_paid);
	ck_assert_int_eq(r.amount_rial, 20100000);
	ck_assert_str_eq(r.order_id, "77");
	ck_assert_str_eq(r.ref, "");
	ck_assert(RETURN(&r, {"Token", "1"}, {"status", "0"}, {"OrderId", "77"}, {"RRN", "0"}));
	ck_assert(!r.says_paid);
	ck_assert(RETURN(&r, {"Token", "1"}, {"status", "-138"}, {"OrderId", "77"}));
	ck_assert_str_eq(r.said, "cancelled");
	ck_assert(!RETURN(&r, {"Token", "1"}, {"status", "0"}, {"OrderId", "77"}, {"TerminalNo", "778"}));
	ck_assert(!RETURN(&r, {"Token", "1x"}, {"status", "0"}, {"OrderId", "77"}));
	ck_assert(!RETURN(&r, {"Token", "1"}, {"status", "ok"}, {"OrderId", "77"}));
	ck_assert(!RETURN(&r, {"Token", "1"}, {"status", "0"}));
}
END_TEST

START_TEST(every_code_is_known)
{
	codes_are_whole(parsian_codes, parsian_n_codes, 102);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway_parsian");
	TCase *t = tcase_create("gateway_parsian");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, golden_requests, 0, sizeof goldens / sizeof *goldens);
	tcase_add_test(t, without_the_amount_when_told_so);
	tcase_add_loop_test(t, what_a_status_means, 0, sizeof meanings / sizeof *meanings);
	tcase_add_test(t, a_confirmation_tells_card_and_reference);
	tcase_add_test(t, answers_that_are_none);
	tcase_add_test(t, the_way_there_and_back);
	tcase_add_test(t, every_code_is_known);
	suite_add_tcase(s, t);
	return tap_run(s);
}
