/* Zarinpal's gateway: its requests byte for byte, what each answer means, and its returns. */
#include "gateway_world.h"

#include "gateway_zarinpal.h"
#include <jansson.h>

#define AUTHORITY "A00000000000000000000000000000000abc"
#define MERCHANT "11111111-2222-3333-4444-555555555555"

static struct gateway_zarinpal_options options = {
	.url = "https://payment.zarinpal.com", .merchant_id = MERCHANT, .sweep = ZARINPAL_INQUIRY};

static void setup(void)
{
	ctx = talloc_new(NULL);
	gateway = gateway_zarinpal(ctx, &options);
}

static void teardown(void)
{
	talloc_free(ctx);
}

static struct gateway_call ours(enum gateway_op op)
{
	struct gateway_call call = call_of(op);

	call.token = AUTHORITY;
	return call;
}

static const struct golden {
	enum gateway_op op;
	enum zarinpal_sweep sweep;
	const char *path, *body;
} goldens[] = {
	{GATEWAY_START, ZARINPAL_INQUIRY, "request",
	 "{\"amount\":20100000,\"callback_url\":\"https://pay.example.ir/bank/x/return?a=1&b=2\",\"currency\":\"IRR\","
	 "\"description\":\"1795684507000123456\",\"merchant_id\":\"" MERCHANT
	 "\",\"metadata\":{\"order_id\":\"1795684507000123456\"}}"},
	{GATEWAY_VERIFY, ZARINPAL_INQUIRY, "verify",
	 "{\"amount\":20100000,\"authority\":\"" AUTHORITY "\",\"merchant_id\":\"" MERCHANT "\"}"},
	{GATEWAY_INQUIRY, ZARINPAL_INQUIRY, "inquiry",
	 "{\"authority\":\"" AUTHORITY "\",\"merchant_id\":\"" MERCHANT "\"}"},
	{GATEWAY_INQUIRY, ZARINPAL_UNVERIFIED, "unVerified", "{\"merchant_id\":\"" MERCHANT "\"}"},
	{GATEWAY_REVERSE, ZARINPAL_INQUIRY, "reverse",
	 "{\"authority\":\"" AUTHORITY "\",\"merchant_id\":\"" MERCHANT "\"}"},
};

/* The same members, whatever their order. */
START_TEST(golden_requests)
{
	const struct golden *g = &goldens[_i];
	struct gateway_zarinpal_options o = options;
	struct gateway_call call = ours(g->op);
	struct http_request r;
	json_t *got, *wanted = json_loads(g->body, 0, NULL);

	o.sweep = g->sweep;
	gateway = gateway_zarinpal(ctx, &o);
	r = request_of(&call);
	got = json_loadb(r.body, r.body_bytes, 0, NULL);
	ck_assert_msg(json_equal(got, wanted), "%s", (const char *)r.body);
	ck_assert_str_eq(r.url, talloc_asprintf(ctx, "https://payment.zarinpal.com/pg/v4/payment/%s.json", g->path));
	json_decref(got);
	json_decref(wanted);
}
END_TEST

static const struct meaning {
	enum gateway_op op;
	int status;
	const char *body;
	enum gateway_verdict verdict;
	const char *said;
} meanings[] = {
	{GATEWAY_START, 200, "{\"data\":{\"code\":100,\"authority\":\"" AUTHORITY "\"},\"errors\":[]}", GATEWAY_YES,
	 ""},
	{GATEWAY_START, 200, "{\"data\":{\"code\":100,\"authority\":\"short\"},\"errors\":[]}", GATEWAY_UNKNOWN, ""},
	{GATEWAY_START, 422, "{\"data\":[],\"errors\":{\"code\":-9}}", GATEWAY_NO, "our_fault"},
	{GATEWAY_START, 200, "{\"data\":[],\"errors\":{\"code\":-12}}", GATEWAY_RETRY, "our_bank_off"},
	{GATEWAY_VERIFY, 200, "{\"data\":{\"code\":100,\"ref_id\":201},\"errors\":[]}", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, 200, "{\"data\":{\"code\":101,\"ref_id\":201},\"errors\":[]}", GATEWAY_YES, ""},
	{GATEWAY_VERIFY, 422, "{\"data\":[],\"errors\":{\"code\":-51}}", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, 422, "{\"data\":[],\"errors\":{\"code\":-54}}", GATEWAY_NO, "not_paid"},
	{GATEWAY_VERIFY, 422, "{\"data\":[],\"errors\":{\"code\":-50}}", GATEWAY_UNKNOWN, "not_paid"},
	{GATEWAY_VERIFY, 422, "{\"data\":[],\"errors\":{\"code\":-53}}", GATEWAY_RETRY, "our_fault"},
	{GATEWAY_VERIFY, 422, "{\"data\":[],\"errors\":{\"code\":-11}}", GATEWAY_RETRY, "our_fault"},
	{GATEWAY_VERIFY, 200, "{\"data\":{\"code\":\"100\"},\"errors\":[]}", GATEWAY_UNKNOWN, ""},
	{GATEWAY_VERIFY, 200, "[]", GATEWAY_UNKNOWN, "our_bank_off"},
	{GATEWAY_VERIFY, 503, "{\"data\":{\"code\":100}}", GATEWAY_UNKNOWN, "our_bank_off"},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"PAID\"}}", GATEWAY_YES, ""},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"VERIFIED\"}}", GATEWAY_YES, ""},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"IN_BANK\"}}", GATEWAY_WAITING, ""},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"FAILED\"}}", GATEWAY_WAITING, ""},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"REVERSED\"}}", GATEWAY_NO, ""},
	{GATEWAY_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"odd\"}}", GATEWAY_RETRY, ""},
	{GATEWAY_REVERSE, 200, "{\"data\":{\"code\":100}}", GATEWAY_YES, ""},
	{GATEWAY_REVERSE, 422, "{\"data\":[],\"errors\":{\"code\":-63}}", GATEWAY_NO, ""},
	{GATEWAY_REVERSE, 422, "{\"data\":[],\"errors\":{\"code\":-61}}", GATEWAY_NO, ""},
	{GATEWAY_REVERSE, 422, "{\"data\":[],\"errors\":{\"code\":-12}}", GATEWAY_UNKNOWN, "our_bank_off"},
	{GATEWAY_REFUND_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"REVERSED\"}}", GATEWAY_YES, ""},
	{GATEWAY_REFUND_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"VERIFIED\"}}", GATEWAY_NO, ""},
	{GATEWAY_REFUND_INQUIRY, 200, "{\"data\":{\"code\":100,\"status\":\"odd\"}}", GATEWAY_RETRY, ""},
	{GATEWAY_REFUND_INQUIRY, 422, "{\"data\":[],\"errors\":{\"code\":-54}}", GATEWAY_RETRY, "not_paid"},
};

START_TEST(what_an_answer_means)
{
	const struct meaning *m = &meanings[_i];
	struct gateway_call call = ours(m->op);
	struct gateway_result r = answer_to(&call, m->status, m->body);

	ck_assert_int_eq(r.verdict, m->verdict);
	ck_assert_str_eq(r.said, m->said);
	ck_assert(is_word(r.said));
	ck_assert_int_eq(r.look, m->op == GATEWAY_REVERSE && r.code <= -60);
	ck_assert_int_eq(r.amount_rial, m->op == GATEWAY_VERIFY && m->verdict == GATEWAY_YES ? 20100000 : 0);
}
END_TEST

START_TEST(the_list_of_the_unverified)
{
	struct gateway_zarinpal_options o = options;
	struct gateway_call call = ours(GATEWAY_INQUIRY);

	o.sweep = ZARINPAL_UNVERIFIED;
	gateway = gateway_zarinpal(ctx, &o);
	ck_assert_int_eq(
		answer_to(&call, 200, "{\"data\":{\"code\":100,\"authorities\":[{\"authority\":\"" AUTHORITY "\"}]}}")
			.verdict,
		GATEWAY_YES);
	ck_assert_int_eq(
		answer_to(&call, 200, "{\"data\":{\"code\":100,\"authorities\":[{\"authority\":\"A1\"},7]}}").verdict,
		GATEWAY_WAITING);
	ck_assert_int_eq(answer_to(&call, 200, "{\"data\":{\"code\":100}}").verdict, GATEWAY_WAITING);
	ck_assert_int_eq(answer_to(&call, 200, "{\"data\":[],\"errors\":{\"code\":-11}}").verdict, GATEWAY_RETRY);
}
END_TEST

START_TEST(answers_that_are_none)
{
	no_answer_is_no_proof();
}
END_TEST

START_TEST(the_way_back)
{
	struct gateway_return r;

	ck_assert(RETURN(&r, {"Authority", AUTHORITY}, {"Status", "OK"}));
	ck_assert(r.says_paid);
	ck_assert_str_eq(r.token, AUTHORITY);
	ck_assert_str_eq(r.order_id, "");
	ck_assert(RETURN(&r, {"Authority", AUTHORITY}, {"Status", "NOK"}));
	ck_assert(!r.says_paid);
	ck_assert(!RETURN(&r, {"Authority", "A1"}, {"Status", "OK"}));
	ck_assert(!RETURN(&r, {"Authority", AUTHORITY}, {"Status", "yes"}));
	ck_assert(!RETURN(&r, {"Authority", AUTHORITY}));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway_zarinpal");
	TCase *t = tcase_create("gateway_zarinpal");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, golden_requests, 0, sizeof goldens / sizeof *goldens);
	tcase_add_loop_test(t, what_an_answer_means, 0, sizeof meanings / sizeof *meanings);
	tcase_add_test(t, the_list_of_the_unverified);
	tcase_add_test(t, answers_that_are_none);
	tcase_add_test(t, the_way_back);
	suite_add_tcase(s, t);
	return tap_run(s);
}
