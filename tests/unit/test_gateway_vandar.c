/* Vandar's gateway: its requests, and what each answer proves of a payout. */
#include "gateway_world.h"

#include "gateway_vandar.h"
#include "identity_vandar.h"
#include <jansson.h>

static void setup(void)
{
	ctx = talloc_new(NULL);
	gateway = gateway_vandar(ctx, &(struct gateway_vandar_options){"https://api.vandar.io/", "shop", false, "ACH"});
	gateway_vandar_set_token(gateway, "tok.en");
}

static void teardown(void)
{
	talloc_free(ctx);
}

START_TEST(golden_requests)
{
	struct gateway_call call = call_of(GATEWAY_PAYOUT);
	struct http_request r = request_of(&call);
	json_t *got = json_loadb(r.body, r.body_bytes, 0, NULL);
	json_t *wanted =
		json_loads("{\"amount\":2010000,\"iban\":\"IR820540102680020817909002\",\"track_id\":"
			   "\"1795684507000654321\",\"payment_number\":\"1795684507000654321\",\"is_instant\":false,"
			   "\"type\":\"ACH\",\"description\":\"Separex\",\"notify_url\":"
			   "\"https://pay.example.ir/bank/x/return?a=1&b=2\"}",
			   0, NULL);

	ck_assert_msg(json_equal(got, wanted), "%s", (const char *)r.body);
	ck_assert_str_eq(r.method, "POST");
	ck_assert_str_eq(r.url, "https://api.vandar.io/v3/business/shop/settlement/store");
	ck_assert_str_eq(header_of(&r, "Authorization"), "Bearer tok.en");
	call.op = GATEWAY_PAYOUT_INQUIRY;
	r = request_of(&call);
	ck_assert_str_eq(r.method, "GET");
	ck_assert_str_eq(r.url, "https://api.vandar.io/v4/business/shop/settlement/1795684507000654321");
	json_decref(got);
	json_decref(wanted);
}
END_TEST

#define ONE(sum, status) "{\"amount\":" sum ",\"status\":\"" status "\"}"
#define LIST(x) "{\"status\":1,\"data\":{\"settlement\":[" x "]}}"

static const struct meaning {
	enum gateway_op op;
	int status;
	const char *body;
	enum gateway_verdict verdict;
	bool unheard, clash;
} meanings[] = {
	{GATEWAY_PAYOUT, 200, LIST(ONE("20100000", "INIT")), GATEWAY_WAITING, false, false},
	{GATEWAY_PAYOUT, 200, LIST(ONE("20100000", "DONE")), GATEWAY_WAITING, false, false},
	{GATEWAY_PAYOUT, 200, LIST(ONE("2010000", "INIT")), GATEWAY_NO, false, true},
	{GATEWAY_PAYOUT, 200, "{\"status\":1}", GATEWAY_UNKNOWN, false, false},
	{GATEWAY_PAYOUT, 422, "{\"status\":0,\"errors\":{\"track_id\":[\"taken\"]}}", GATEWAY_UNKNOWN, false, false},
	{GATEWAY_PAYOUT, 422, "{\"status\":0,\"errors\":{\"iban\":[\"wrong\"]}}", GATEWAY_NO, false, false},
	{GATEWAY_PAYOUT, 422, "{\"status\":0,\"errors\":{\"amount\":[\"wallet\"]}}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT, 401, "{}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT, 403, "{}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT, 429, "{}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT, 500, "{}", GATEWAY_UNKNOWN, false, false},
	{GATEWAY_PAYOUT, 404, "{}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20100000", "DONE")), GATEWAY_YES, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20000000", "DONE") "," ONE("100000", "DONE")), GATEWAY_YES, false,
	 false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20000000", "DONE") "," ONE("100000", "PENDING")), GATEWAY_WAITING,
	 false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20000000", "DONE") "," ONE("100000", "FAILED")), GATEWAY_NO, false,
	 true},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20100000", "FAILED")), GATEWAY_NO, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20100000", "CANCELED")), GATEWAY_NO, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, LIST(ONE("20100000", "odd")), GATEWAY_WAITING, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 200, "{\"data\":{\"settlement\":" ONE("20100000", "DONE") "}}", GATEWAY_YES, false,
	 false},
	{GATEWAY_PAYOUT_INQUIRY, 404, "{}", GATEWAY_NO, true, false},
	{GATEWAY_PAYOUT_INQUIRY, 401, "{}", GATEWAY_RETRY, false, false},
	{GATEWAY_PAYOUT_INQUIRY, 502, "<html>", GATEWAY_RETRY, false, false},
};

START_TEST(what_an_answer_means)
{
	const struct meaning *m = &meanings[_i];
	struct gateway_call call = call_of(m->op);
	struct gateway_result r = answer_to(&call, m->status, m->body);

	ck_assert_int_eq(r.verdict, m->verdict);
	ck_assert_int_eq(r.unheard, m->unheard);
	ck_assert_int_eq(r.clash, m->clash);
}
END_TEST

START_TEST(a_lost_payout_is_unknown)
{
	struct gateway_call call = call_of(GATEWAY_PAYOUT);
	struct http_answer lost = {.result = HTTP_BROKEN, .body = ""};
	struct gateway_result r;

	gateway->result(gateway->self, ctx, &call, &lost, &r);
	ck_assert_int_eq(r.verdict, GATEWAY_UNKNOWN);
	call.op = GATEWAY_PAYOUT_INQUIRY;
	gateway->result(gateway->self, ctx, &call, &lost, &r);
	ck_assert_int_eq(r.verdict, GATEWAY_RETRY);
}
END_TEST

START_TEST(tokens)
{
	const char *access, *refresh;
	struct http_answer a = {.result = HTTP_ANSWERED, .status = 200};
	static const char *const bad[] = {"{}", "{\"access_token\":\"a\"}",
					  "{\"access_token\":\"a b\",\"refresh_token\":\"r\"}", "x"};

	a.body = "{\"access_token\":\"new.a\",\"refresh_token\":\"new-r\",\"expires_in\":432000}";
	a.body_bytes = strlen(a.body);
	ck_assert(vandar_renew_result(ctx, &a, &access, &refresh));
	ck_assert_str_eq(access, "new.a");
	ck_assert_str_eq(refresh, "new-r");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		a.body = bad[i];
		a.body_bytes = strlen(bad[i]);
		ck_assert(!vandar_renew_result(ctx, &a, &access, &refresh));
	}
}
END_TEST

START_TEST(a_notice_names_only_our_number)
{
	struct http_header fields[] = {{"id", "1"}, {"payment_number", "1795684507000654321"}, {"status", "DONE"}};
	struct http_inbound in = inbound(fields, 3);

	ck_assert_str_eq(gateway->notified(gateway->self, ctx, &in), "1795684507000654321");
	in.fields[1].value = "1; DROP TABLE";
	ck_assert_ptr_null(gateway->notified(gateway->self, ctx, &in));
	in.n_fields = 1;
	ck_assert_ptr_null(gateway->notified(gateway->self, ctx, &in));
}
END_TEST

START_TEST(who_owns_what)
{
	struct identity_provider *p = identity_vandar(ctx, "https://api.vandar.io", "shop", gateway);
	struct identity_call call = {IDENTITY_MOBILE, "09121234567", "0499370899", "IR820540102680020817909002"};
	static const struct {
		int status;
		const char *body;
		enum identity_verdict verdict;
	} rows[] = {{200, "{\"data\":{\"match\":true}}", IDENTITY_MATCH},
		    {200, "{\"data\":{\"matched\":false}}", IDENTITY_OTHER},
		    {200, "{\"data\":{}}", IDENTITY_RETRY},
		    {200, "<html>", IDENTITY_RETRY},
		    {200, "{\"data\":{\"match\":\"true\"}}", IDENTITY_RETRY},
		    {401, "{}", IDENTITY_RETRY},
		    {403, "{}", IDENTITY_OFF},
		    {500, "{}", IDENTITY_RETRY}};
	struct http_request r = {0};

	p->request(p->self, ctx, &call, &r);
	ck_assert_str_eq(r.url, "https://api.vandar.io/v3/business/shop/customers/inquiry/shahkar");
	ck_assert_ptr_nonnull(strstr(r.body, "09121234567"));
	ck_assert_ptr_null(strstr(r.body, "IR82"));
	call.question = IDENTITY_IBAN;
	p->request(p->self, ctx, &call, &r);
	ck_assert_str_eq(r.url, "https://api.vandar.io/v3/business/shop/customers/inquiry/match-national-code-iban");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_answer a = {.result = HTTP_ANSWERED, .status = rows[i].status, .body = rows[i].body};
		struct identity_result out;

		a.body_bytes = strlen(a.body);
		p->result(p->self, ctx, &call, &a, &out);
		ck_assert_int_eq(out.verdict, rows[i].verdict);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("gateway_vandar");
	TCase *t = tcase_create("gateway_vandar");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, golden_requests);
	tcase_add_loop_test(t, what_an_answer_means, 0, sizeof meanings / sizeof *meanings);
	tcase_add_test(t, a_lost_payout_is_unknown);
	tcase_add_test(t, tokens);
	tcase_add_test(t, a_notice_names_only_our_number);
	tcase_add_test(t, who_owns_what);
	suite_add_tcase(s, t);
	return tap_run(s);
}
