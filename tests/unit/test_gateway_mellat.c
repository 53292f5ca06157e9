/* Bank Mellat's gateway: its requests byte for byte, what each code means to each question, and its returns. */
#include "gateway_world.h"

#include "gateway_mellat.h"
#include "mellat_codes.h"

static void setup(void)
{
	ctx = talloc_new(NULL);
	gateway = gateway_mellat(
		ctx, &(struct gateway_mellat_options){.url = "https://bpm.shaparak.ir/pgwchannel/services/pgw",
						      .pay_url = "https://bpm.shaparak.ir/pgwchannel/startpay.mellat",
						      .terminal = "1234",
						      .username = "u<1>",
						      .password = "p&2",
						      .find_lost = true,
						      .refund = true});
}

static void teardown(void)
{
	talloc_free(ctx);
}

#define HEAD                                                                                                           \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "                                                    \
	"xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:b=\"http://interfaces.core.sw.bps.com/\">"     \
	"<soap:Body>"
#define WHO "<terminalId>1234</terminalId><userName>u&lt;1&gt;</userName><userPassword>p&amp;2</userPassword>"
#define ORDER "1795684507000123456"
#define SALE                                                                                                           \
	"<orderId>" ORDER "</orderId><saleOrderId>" ORDER "</saleOrderId><saleReferenceId>5142510</saleReferenceId>"
#define TAIL "</soap:Body></soap:Envelope>"

static const struct golden {
	enum gateway_op op;
	const char *ref; /* NULL: the call's own */
	const char *body;
} goldens[] = {
	{GATEWAY_START, NULL,
	 HEAD "<b:bpPayRequest>" WHO "<orderId>" ORDER
	      "</orderId><amount>20100000</amount><localDate>20261126</localDate><localTime>124507</localTime>"
	      "<additionalData>" ORDER
	      "</additionalData><callBackUrl>https://pay.example.ir/bank/x/return?a=1&amp;b=2</callBackUrl>"
	      "<payerId>0</payerId></b:bpPayRequest>" TAIL},
	{GATEWAY_VERIFY, NULL, HEAD "<b:bpVerifyRequest>" WHO SALE "</b:bpVerifyRequest>" TAIL},
	{GATEWAY_SETTLE, NULL, HEAD "<b:bpSettleRequest>" WHO SALE "</b:bpSettleRequest>" TAIL},
	{GATEWAY_INQUIRY, NULL, HEAD "<b:bpInquiryRequest>" WHO SALE "</b:bpInquiryRequest>" TAIL},
	{GATEWAY_INQUIRY, "",
	 HEAD "<b:bpSaleReferenceIdRequest>" WHO "<orderId>" ORDER "</orderId><saleOrderId>" ORDER
	      "</saleOrderId></b:bpSaleReferenceIdRequest>" TAIL},
	{GATEWAY_REVERSE, NULL, HEAD "<b:bpReversalRequest>" WHO SALE "</b:bpReversalRequest>" TAIL},
	{GATEWAY_REFUND, NULL,
	 HEAD "<b:bpRefundRequest>" WHO "<orderId>1795684507000654321</orderId><saleOrderId>" ORDER
	      "</saleOrderId><saleReferenceId>5142510</saleReferenceId><refundAmount>20100000</refundAmount>"
	      "</b:bpRefundRequest>" TAIL},
	{GATEWAY_REFUND_INQUIRY, NULL,
	 HEAD "<b:bpRefundInquiryRequest>" WHO
	      "<orderId>1795684507000654321</orderId><refundOrderId>1795684507000654321</refundOrderId>"
	      "<refundReferenceId>5142510</refundReferenceId></b:bpRefundInquiryRequest>" TAIL},
};

START_TEST(golden_requests)
{
	const struct golden *g = &goldens[_i];
	struct gateway_call call = call_of(g->op);
	struct http_request r;

	if (g->ref)
		call.ref = g->ref;
	r = request_of(&call);
	ck_assert_str_eq(r.body, g->body);
	ck_assert_str_eq(r.url, "https://bpm.shaparak.ir/pgwchannel/services/pgw");
	ck_assert_str_eq(header_of(&r, "Content-Type"), "text/xml; charset=utf-8");
	ck_assert_str_eq(header_of(&r, "SOAPAction"), "\"\"");
}
END_TEST

static const char *names[] = {[GATEWAY_START] = "bpPayRequest",
			      [GATEWAY_VERIFY] = "bpVerifyRequest",
			      [GATEWAY_SETTLE] = "bpSettleRequest",
			      [GATEWAY_INQUIRY] = "bpInquiryRequest",
			      [GATEWAY_REVERSE] = "bpReversalRequest",
			      [GATEWAY_REFUND] = "bpRefundRequest",
			      [GATEWAY_REFUND_INQUIRY] = "bpRefundInquiryRequest"};

static struct gateway_result says(enum gateway_op op, const char *text)
{
	struct gateway_call call = call_of(op);

	return answer_to(&call, 200,
			 talloc_asprintf(ctx,
					 "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body>"
					 "<NS2:%sResponse xmlns:NS2=\"http://interfaces.core.sw.bps.com/\"><return>%s"
					 "</return></NS2:%sResponse></S:Body></S:Envelope>",
					 names[op], text, names[op]));
}

static const struct meaning {
	enum gateway_op op;
	const char *text;
	enum gateway_verdict verdict;
	const char *said;
} meanings[] = {
	{GATEWAY_START, "0,AF82041a2Bf6989c7fF9", GATEWAY_YES, ""},
	{GATEWAY_START, "0, AF82041a2Bf6989c7fF9 ", GATEWAY_YES, ""},
	{GATEWAY_START, "0,", GATEWAY_UNKNOWN, ""},
	{GATEWAY_START, "0,<x>", GATEWAY_UNKNOWN, ""},
	{GATEWAY_START, "41", GATEWAY_NO, "our_fault"},
	{GATEWAY_START, "421", GATEWAY_NO, "our_fault"},
	{GATEWAY_START, "34", GATEWAY_NO, "our_bank_off"},
	{GATEWAY_VERIFY, "0", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, "43", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, "42", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, "54", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, "55", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, "48", GATEWAY_NO, "reversed"},
	{GATEWAY_VERIFY, "34", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_VERIFY, "113", GATEWAY_RETRY, "card_bank_off"},
	{GATEWAY_VERIFY, "24", GATEWAY_RETRY, "our_fault"}, /* what was paid stays paid */
	{GATEWAY_VERIFY, "9999", GATEWAY_UNKNOWN, ""},
	{GATEWAY_VERIFY, "yes", GATEWAY_UNKNOWN, ""},
	{GATEWAY_VERIFY, "", GATEWAY_UNKNOWN, ""},
	{GATEWAY_SETTLE, "0", GATEWAY_YES, ""},
	{GATEWAY_SETTLE, "45", GATEWAY_YES, ""},
	{GATEWAY_SETTLE, "46", GATEWAY_WAITING, ""},
	{GATEWAY_SETTLE, "47", GATEWAY_WAITING, ""},
	{GATEWAY_SETTLE, "61", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_SETTLE, "48", GATEWAY_NO, "reversed"},
	{GATEWAY_INQUIRY, "43", GATEWAY_YES, ""},
	{GATEWAY_INQUIRY, "45", GATEWAY_YES, ""},
	{GATEWAY_INQUIRY, "42", GATEWAY_WAITING, "not_paid"},
	{GATEWAY_INQUIRY, "48", GATEWAY_NO, "reversed"},
	{GATEWAY_INQUIRY, "34", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_REVERSE, "0", GATEWAY_YES, ""},
	{GATEWAY_REVERSE, "48", GATEWAY_YES, "reversed"},
	{GATEWAY_REVERSE, "45", GATEWAY_NO, ""},
	{GATEWAY_REVERSE, "34", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_REFUND, "0,9001234", GATEWAY_WAITING, ""},
	{GATEWAY_REFUND, "12", GATEWAY_NO, "no_funds"},
	{GATEWAY_REFUND, "51", GATEWAY_UNKNOWN, "our_fault"},
	{GATEWAY_REFUND_INQUIRY, "0", GATEWAY_YES, ""},
};

START_TEST(what_a_code_means)
{
	const struct meaning *m = &meanings[_i];
	struct gateway_result r = says(m->op, m->text);

	ck_assert_int_eq(r.verdict, m->verdict);
	ck_assert_str_eq(r.said, m->said);
	if (m->op == GATEWAY_START && m->verdict == GATEWAY_YES)
		ck_assert_str_eq(r.token, "AF82041a2Bf6989c7fF9");
	ck_assert_int_eq(r.amount_rial, m->op == GATEWAY_VERIFY && m->verdict == GATEWAY_YES ? 20100000 : 0);
	if (m->verdict == GATEWAY_WAITING && m->op == GATEWAY_REFUND)
		ck_assert_str_eq(r.ref, "9001234");
}
END_TEST

/* Whatever a bank answers to VERIFY, SETTLE or REVERSE, only the codes of the page are a yes. */
START_TEST(no_other_code_is_a_yes)
{
	static const struct {
		enum gateway_op op;
		int yes[2];
	} only[] = {{GATEWAY_VERIFY, {0, 43}}, {GATEWAY_SETTLE, {0, 45}}, {GATEWAY_REVERSE, {0, 48}}};

	for (size_t i = 0; i < 3; i++)
		for (size_t c = 0; c < mellat_n_codes; c++) {
			int code = mellat_codes[c].code;
			struct gateway_result r = says(only[i].op, talloc_asprintf(ctx, "%d", code));

			ck_assert_int_eq(r.verdict == GATEWAY_YES, code == only[i].yes[0] || code == only[i].yes[1]);
		}
}
END_TEST

START_TEST(a_lost_sale_is_found_by_its_order)
{
	struct gateway_call call = call_of(GATEWAY_INQUIRY);
	static const struct {
		const char *text;
		enum gateway_verdict verdict;
		const char *ref;
	} rows[] = {{"5142510123", GATEWAY_YES, "5142510123"},
		    {"0,5142510123", GATEWAY_YES, "5142510123"},
		    {"42", GATEWAY_WAITING, ""},
		    {"0", GATEWAY_RETRY, ""},
		    {"34", GATEWAY_RETRY, ""},
		    {"5142510123<", GATEWAY_RETRY, ""}};

	call.ref = "";
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct gateway_result r = answer_to(
			&call, 200,
			talloc_asprintf(ctx,
					"<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
					"<b:bpSaleReferenceIdRequestResponse xmlns:b=\"x\"><return>%s</return>"
					"</b:bpSaleReferenceIdRequestResponse></e:Body></e:Envelope>",
					rows[i].text));

		ck_assert_int_eq(r.verdict, rows[i].verdict);
		ck_assert_str_eq(r.ref, rows[i].ref);
	}
}
END_TEST

START_TEST(a_refund_without_its_number_needs_a_person)
{
	struct gateway_call call = call_of(GATEWAY_REFUND_INQUIRY);
	struct gateway_result r;

	call.ref = "";
	r = answer_to(
		&call, 200,
		"<e:Envelope xmlns:e=\"x\"><e:Body><b:bpRefundInquiryRequestResponse xmlns:b=\"x\"><return>0</return>"
		"</b:bpRefundInquiryRequestResponse></e:Body></e:Envelope>");
	ck_assert_int_eq(r.verdict, GATEWAY_NO);
	ck_assert(r.clash);
}
END_TEST

START_TEST(answers_that_are_none)
{
	no_answer_is_no_proof();
}
END_TEST

START_TEST(the_way_to_the_bank)
{
	struct gateway_call call = call_of(GATEWAY_START);
	struct gateway_redirect r;

	gateway->redirect(gateway->self, ctx, &call, "", &r);
	ck_assert(r.post);
	ck_assert_str_eq(r.url, "https://bpm.shaparak.ir/pgwchannel/startpay.mellat");
	ck_assert_uint_eq(r.n_fields, 1);
	ck_assert_str_eq(r.fields[0].name, "RefId");
	ck_assert_str_eq(r.fields[0].value, "AF82041a2Bf6989c7fF9");
	call.mobile = "09121234567";
	gateway->redirect(gateway->self, ctx, &call, "", &r);
	ck_assert_str_eq(r.fields[1].value, "989121234567");
}
END_TEST

START_TEST(the_way_back)
{
	struct gateway_return r;

	ck_assert(RETURN(&r, {"RefId", "AFab1"}, {"ResCode", "0"}, {"saleOrderId", "77"},
			 {"SaleReferenceId", "5142510"}, {"CardHolderPan", "610433******1234"},
			 {"CardHolderInfo", "ABC123"}));
	ck_assert(r.says_paid);
	ck_assert_str_eq(r.order_id, "77");
	ck_assert_str_eq(r.token, "AFab1");
	ck_assert_str_eq(r.ref, "5142510");
	ck_assert_str_eq(r.card_mask, "610433******1234");
	ck_assert(RETURN(&r, {"RefId", "AFab1"}, {"ResCode", "17"}, {"SaleOrderId", "77"}, {"SaleReferenceId", "0"}));
	ck_assert(!r.says_paid);
	ck_assert_str_eq(r.said, "cancelled");
	ck_assert_str_eq(r.ref, "");
	ck_assert(!RETURN(&r, {"RefId", "AFab1"}));
	ck_assert(!RETURN(&r, {"RefId", "<script>"}, {"ResCode", "0"}));
	ck_assert(!RETURN(&r, {"RefId", "AFab1"}, {"ResCode", "zero"}));
	ck_assert(!RETURN(&r, {"RefId", "AFab1"}, {"ResCode", "0"}, {"SaleOrderId", "77'"}));
	ck_assert(RETURN(&r, {"RefId", "AFab1"}, {"ResCode", "0"}, {"SaleReferenceId", "51%d"},
			 {"CardHolderPan", "6104331234567890123456"}));
	ck_assert_str_eq(r.ref, "");
	ck_assert_str_eq(r.card_mask, "");
}
END_TEST

START_TEST(every_code_is_known)
{
	codes_are_whole(mellat_codes, mellat_n_codes, 65);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway_mellat");
	TCase *t = tcase_create("gateway_mellat");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, golden_requests, 0, sizeof goldens / sizeof *goldens);
	tcase_add_loop_test(t, what_a_code_means, 0, sizeof meanings / sizeof *meanings);
	tcase_add_test(t, no_other_code_is_a_yes);
	tcase_add_test(t, a_lost_sale_is_found_by_its_order);
	tcase_add_test(t, a_refund_without_its_number_needs_a_person);
	tcase_add_test(t, answers_that_are_none);
	tcase_add_test(t, the_way_to_the_bank);
	tcase_add_test(t, the_way_back);
	tcase_add_test(t, every_code_is_known);
	suite_add_tcase(s, t);
	return tap_run(s);
}
