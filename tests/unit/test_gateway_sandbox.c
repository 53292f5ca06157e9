/* The practice bank's gateway: what is sent, and what each answer, honest or hostile, is taken to prove. */
#include "gateways.h"
#include "js.h"
#include "tap.h"

#include <string.h>
#include <talloc.h>

enum { Y = GATEWAY_YES, N = GATEWAY_NO, W = GATEWAY_WAITING, R = GATEWAY_RETRY, U = GATEWAY_UNKNOWN };

static const struct gateway_sandbox_options options = {"http://127.0.0.1:8095/bank//", "separex", "pass-word"};

static const char *const op_names[] = {"",        "start",  "verify",         "settle", "inquiry",
				       "reverse", "refund", "refund_inquiry", "payout", "payout_inquiry"};

static struct gateway_call call_of(enum gateway_op op)
{
	return (struct gateway_call){
		.op = op,
		.order_id = "1000001",
		.amount_rial = 25000000,
		.callback_url = "https://separex.example/back/x",
		.ref = "",
		.track_id = "77",
		.iban = "IR840120000000000123456789",
		.payee = "Sara \"S\"",
	};
}

static struct gateway_result result_of(void *ctx, enum gateway_op op, const struct http_answer *a)
{
	struct gateway *g = gateway_sandbox(ctx, &options);
	struct gateway_call call = call_of(op);
	struct gateway_result out;

	g->result(g->self, ctx, &call, a, &out);
	ck_assert_ptr_nonnull(out.token);
	ck_assert_ptr_nonnull(out.pay_url);
	ck_assert_ptr_nonnull(out.ref);
	ck_assert_ptr_nonnull(out.card_mask);
	ck_assert_ptr_nonnull(out.reason);
	ck_assert_ptr_null(strstr(out.reason, "pass-word"));
	return out;
}

static struct gateway_result answered(void *ctx, enum gateway_op op, int status, const char *body)
{
	struct http_answer a = {HTTP_ANSWERED, status, body, strlen(body), -1, -1, ""};

	return result_of(ctx, op, &a);
}

/* --- every code by every operation --- */

static const struct {
	int code;
	int verdict[9]; /* in the order of enum gateway_op */
} matrix[] = {
	/*     start verify settle inquiry reverse refund inquiry payout inquiry */
	{17, {U, N, U, R, U, U, R, U, R}}, {21, {R, R, R, R, R, R, R, R, R}},         {41, {N, U, U, R, U, U, R, U, R}},
	{42, {U, N, N, N, N, N, R, U, R}}, {43, {U, Y, U, R, U, U, R, U, R}},         {44, {U, W, U, R, U, N, R, U, R}},
	{45, {U, U, Y, R, U, U, R, U, R}}, {46, {U, U, U, R, U, N, R, U, R}},         {48, {U, N, N, R, Y, N, R, U, R}},
	{49, {U, U, U, R, N, U, R, U, R}}, {50, {U, U, U, R, U, N, R, U, R}},         {51, {U, U, U, R, U, N, R, U, R}},
	{54, {U, U, U, R, U, U, N, U, N}}, {55, {U, U, U, R, U, U, R, N, R}},         {56, {U, U, U, R, U, U, R, N, R}},
	{61, {N, U, U, R, U, N, R, R, R}}, {113, {R, R, R, R, R, R, R, R, R}},        {1, {U, U, U, R, U, U, R, U, R}},
	{47, {U, U, U, R, U, U, R, U, R}}, {2147483647, {U, U, U, R, U, U, R, U, R}},
};

START_TEST(every_code_by_every_operation)
{
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof matrix / sizeof matrix[0]; i++) {
		/* Everything else says success: only the code may decide. */
		const char *body =
			talloc_asprintf(ctx,
					"{\"code\":%d,\"state\":\"done\",\"amount\":25000000,\"token\":\"t\","
					"\"pay_url\":\"http://b/p\"}",
					matrix[i].code);

		for (int op = GATEWAY_START; op <= GATEWAY_PAYOUT_INQUIRY; op++) {
			struct gateway_result r = answered(ctx, op, 200, body);

			ck_assert_msg((int)r.verdict == matrix[i].verdict[op - 1], "%s, code %d: verdict %d",
				      op_names[op], matrix[i].code, r.verdict);
			ck_assert_int_eq(r.code, matrix[i].code);
			ck_assert_int_eq(r.unheard, r.verdict == GATEWAY_NO &&
							    (op == GATEWAY_INQUIRY || op == GATEWAY_REFUND_INQUIRY ||
							     op == GATEWAY_PAYOUT_INQUIRY));
		}
	}
	talloc_free(ctx);
}
END_TEST

/* --- code 0: what the rest of the answer decides --- */

static const struct good_row {
	enum gateway_op op;
	const char *body;
	int verdict;
} good_rows[] = {
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc-1\",\"pay_url\":\"https://b.example/pay?token=abc-1\"}", Y},
	{GATEWAY_START, "{\"code\":0,\"pay_url\":\"https://b/pay\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"\",\"pay_url\":\"https://b/pay\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"a b\",\"pay_url\":\"https://b/pay\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":7,\"pay_url\":\"https://b/pay\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"javascript:alert(1)\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"//b/pay\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"https://\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"https://b/\\\" onclick=\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"https://b/\\r\\nSet-Cookie: a=b\"}", U},
	{GATEWAY_START, "{\"code\":0,\"token\":\"abc\",\"pay_url\":\"https://ب/\"}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":25000000}", Y},
	{GATEWAY_VERIFY, "{\"code\":0}", U},
	{GATEWAY_VERIFY, "{\"code\":43}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":\"25000000\"}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":25000000.0}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":2.5e7}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":-25000000}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":0}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":1000000000000001}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":1000000000000000}", Y},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":9223372036854775808}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":99999999999999999999999999}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":null}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":[25000000]}", U},
	{GATEWAY_VERIFY, "{\"code\":0,\"amount\":1,\"amount\":25000000}", U},
	{GATEWAY_SETTLE, "{\"code\":0}", Y},
	{GATEWAY_REVERSE, "{\"code\":0}", Y},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"created\"}", W},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"paid\",\"amount\":5}", Y},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"paid\",\"amount\":\"5\"}", R},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"verified\",\"amount\":5}", Y},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"settled\",\"amount\":5}", Y},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"refunded\",\"amount\":5}", Y},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"refused\"}", N},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"reversed\"}", N},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"done\",\"amount\":5}", R},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":\"PAID\",\"amount\":5}", R},
	{GATEWAY_INQUIRY, "{\"code\":0,\"state\":1,\"amount\":5}", R},
	{GATEWAY_INQUIRY, "{\"code\":0}", R},
	{GATEWAY_REFUND, "{\"code\":0,\"state\":\"queued\"}", W},
	{GATEWAY_REFUND, "{\"code\":0,\"state\":\"done\"}", Y},
	{GATEWAY_REFUND, "{\"code\":0,\"state\":\"paid\"}", U},
	{GATEWAY_REFUND, "{\"code\":0}", U},
	{GATEWAY_REFUND_INQUIRY, "{\"code\":0,\"state\":\"sent\"}", W},
	{GATEWAY_REFUND_INQUIRY, "{\"code\":0,\"state\":\"done\"}", Y},
	{GATEWAY_REFUND_INQUIRY, "{\"code\":0,\"state\":\"returned\"}", N},
	{GATEWAY_REFUND_INQUIRY, "{\"code\":0}", R},
	{GATEWAY_PAYOUT, "{\"code\":0,\"state\":\"queued\"}", W},
	{GATEWAY_PAYOUT, "{\"code\":0,\"state\":\"returned\"}", N},
	{GATEWAY_PAYOUT, "{\"code\":0,\"state\":\"\"}", U},
	{GATEWAY_PAYOUT_INQUIRY, "{\"code\":0,\"state\":\"queued\"}", W},
	{GATEWAY_PAYOUT_INQUIRY, "{\"code\":0,\"state\":\"done\"}", Y},
	{GATEWAY_PAYOUT_INQUIRY, "{\"code\":0,\"state\":\"returned\",\"reason\":\"closed\"}", N},
	{GATEWAY_PAYOUT_INQUIRY, "{\"code\":0,\"state\":\"created\"}", R},
};

START_TEST(success_needs_its_proof)
{
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++) {
		const struct good_row *row = &good_rows[i];
		struct gateway_result r = answered(ctx, row->op, 200, row->body);

		ck_assert_msg((int)r.verdict == row->verdict, "%s %s: %d (%s)", op_names[row->op], row->body, r.verdict,
			      r.reason);
		ck_assert(!r.unheard);
	}
	talloc_free(ctx);
}
END_TEST

/* --- answers that say nothing: what moves money is unknown, an inquiry is asked again --- */

static const struct {
	int status;
	const char *body;
} broken[] = {
	{200, ""},
	{200, "<html><body>502 Bad Gateway</body></html>"},
	{200, "{\"code\":0,\"amount\":25000000"},
	{200, "{\"code\":0,\"amount\":25000000,\"state\":\"done\"}}"},
	{200, "[0]"},
	{200, "0"},
	{200, "null"},
	{200, "{}"},
	{200, "{\"code\":\"0\",\"amount\":25000000,\"state\":\"done\"}"},
	{200, "{\"code\":null}"},
	{200, "{\"code\":0.0,\"amount\":25000000,\"state\":\"done\"}"},
	{200, "{\"code\":false}"},
	{200, "{\"code\":-1}"},
	{200, "{\"code\":4294967296,\"amount\":25000000,\"state\":\"done\"}"},
	{200, "{\"code\":99999999999999999999}"},
	{200, "{\"code\":0,\"code\":42}"},
	{200, "{\"Code\":0,\"amount\":25000000,\"state\":\"done\"}"},
	{200, "{\"code\":0,\"message\":\"\xFF\xFE\",\"amount\":25000000,\"state\":\"done\"}"},
	{500, "{\"code\":0,\"amount\":25000000,\"state\":\"done\"}"},
	{502, "<html>"},
	{503, "{\"code\":42}"},
	{404, "{\"code\":42}"},
	{401, "{\"code\":21}"},
	{429, "{\"code\":113}"},
	{302, ""},
	{204, ""},
	{0, ""},
};

static bool asks_only(int op)
{
	return op == GATEWAY_INQUIRY || op == GATEWAY_REFUND_INQUIRY || op == GATEWAY_PAYOUT_INQUIRY;
}

START_TEST(broken_answers_prove_nothing)
{
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
		for (int op = GATEWAY_START; op <= GATEWAY_PAYOUT_INQUIRY; op++) {
			struct gateway_result r = answered(ctx, op, broken[i].status, broken[i].body);

			ck_assert_msg((int)r.verdict == (asks_only(op) ? R : U), "%s %d %s: %d", op_names[op],
				      broken[i].status, broken[i].body, r.verdict);
			ck_assert_int_eq(r.code, -1);
			ck_assert_int_eq(r.amount_rial, 0);
		}
	talloc_free(ctx);
}
END_TEST

START_TEST(lost_and_unsent)
{
	static const char good[] = "{\"code\":0,\"amount\":25000000,\"state\":\"done\",\"token\":\"t\"}";
	struct http_answer lost = {HTTP_BROKEN, 200, good, sizeof good - 1, -1, -1, "time-out"};
	struct http_answer unsent = {HTTP_UNSENT, 0, "", 0, -1, -1, "connect"};
	void *ctx = talloc_new(NULL);

	for (int op = GATEWAY_START; op <= GATEWAY_PAYOUT_INQUIRY; op++) {
		ck_assert_int_eq(result_of(ctx, op, &lost).verdict, asks_only(op) ? R : U);
		ck_assert_int_eq(result_of(ctx, op, &unsent).verdict, R);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(deep_json_and_cut_json)
{
	static const char good[] = "{\"code\":0,\"state\":\"paid\",\"amount\":25000000,\"ref\":\"R1\"}";
	void *ctx = talloc_new(NULL);
	char *deep = talloc_size(ctx, 10001);

	memset(deep, '[', 10000);
	deep[10000] = '\0';
	ck_assert_int_eq(answered(ctx, GATEWAY_VERIFY, 200, deep).verdict, U);
	for (size_t n = 0; n < sizeof good - 1; n++) {
		char *cut = talloc_strndup(ctx, good, n);

		ck_assert_int_eq(answered(ctx, GATEWAY_VERIFY, 200, cut).verdict, U);
	}
	ck_assert_int_eq(answered(ctx, GATEWAY_VERIFY, 200, good).verdict, Y);
	talloc_free(ctx);
}
END_TEST

/* --- what is taken over from an answer --- */

START_TEST(facts_of_a_payment)
{
	void *ctx = talloc_new(NULL);
	struct gateway_result r =
		answered(ctx, GATEWAY_VERIFY, 200,
			 "{\"code\":43,\"amount\":25000000,\"ref\":\"R-1\",\"card\":\"610433******0011\"}");

	ck_assert_int_eq(r.amount_rial, 25000000);
	ck_assert_str_eq(r.ref, "R-1");
	ck_assert_str_eq(r.card_mask, "610433******0011");
	r = answered(ctx, GATEWAY_INQUIRY, 200,
		     "{\"code\":0,\"state\":\"settled\",\"amount\":5,\"ref\":\"<b>\",\"card\":1}");
	ck_assert(r.verified && r.settled && !r.reversed);
	ck_assert_str_eq(r.ref, "");
	ck_assert_str_eq(r.card_mask, "");
	r = answered(ctx, GATEWAY_INQUIRY, 200, "{\"code\":0,\"state\":\"verified\",\"amount\":5}");
	ck_assert(r.verified && !r.settled && !r.reversed);
	r = answered(ctx, GATEWAY_INQUIRY, 200, "{\"code\":0,\"state\":\"paid\",\"amount\":5}");
	ck_assert(!r.verified && !r.settled && !r.reversed);
	r = answered(ctx, GATEWAY_INQUIRY, 200, "{\"code\":0,\"state\":\"reversed\",\"amount\":5}");
	ck_assert(!r.verified && !r.settled && r.reversed);
	talloc_free(ctx);
}
END_TEST

START_TEST(whole_cards_are_masked)
{
	static const char *const rows[][2] = {
		{"6104330000000011", "610433******0011"},
		{"610433XXXXXX0011", "610433******0011"},
		{"6104-3300-0000-0011", ""},
		{"610433", ""},
		{"61043300000000110000", ""},
		{"610433<script>0011", ""},
		{"", ""},
	};
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *body = talloc_asprintf(ctx, "{\"code\":0,\"amount\":5,\"card\":\"%s\"}", rows[i][0]);

		ck_assert_str_eq(answered(ctx, GATEWAY_VERIFY, 200, body).card_mask, rows[i][1]);
	}
	talloc_free(ctx);
}
END_TEST

/* --- what is sent --- */

static const struct {
	enum gateway_op op;
	const char *path;
	const char *members; /* beside terminal and password */
} sent_rows[] = {
	{GATEWAY_START, "token", "order_id amount callback"},
	{GATEWAY_VERIFY, "verify", "order_id"},
	{GATEWAY_SETTLE, "settle", "order_id"},
	{GATEWAY_INQUIRY, "inquiry", "order_id"},
	{GATEWAY_REVERSE, "reverse", "order_id"},
	{GATEWAY_REFUND, "refund", "order_id track_id amount"},
	{GATEWAY_REFUND_INQUIRY, "refund_inquiry", "track_id"},
	{GATEWAY_PAYOUT, "payout", "track_id iban name amount"},
	{GATEWAY_PAYOUT_INQUIRY, "payout_inquiry", "track_id"},
};

static void check_members(void *ctx, const json_t *body, const char *members)
{
	char *list = talloc_strdup(ctx, members), *save = NULL;
	size_t n = 2;

	for (char *m = strtok_r(list, " ", &save); m; m = strtok_r(NULL, " ", &save), n++)
		ck_assert_msg(js_at(body, m) != NULL, "no member %s", m);
	ck_assert_uint_eq(json_object_size(body), n);
}

START_TEST(requests)
{
	void *ctx = talloc_new(NULL);
	struct gateway *g = gateway_sandbox(ctx, &options);

	for (size_t i = 0; i < sizeof sent_rows / sizeof sent_rows[0]; i++) {
		struct gateway_call call = call_of(sent_rows[i].op);
		struct http_request q;
		const json_t *body;

		g->request(g->self, ctx, &call, &q);
		ck_assert_str_eq(q.method, "POST");
		ck_assert_str_eq(q.url, talloc_asprintf(ctx, "http://127.0.0.1:8095/bank/api/%s", sent_rows[i].path));
		ck_assert(q.fresh && !q.proxied && q.owner == 0 && q.tag == 0);
		ck_assert(q.timeout_ms > 0 && q.max_answer > 0 && q.n_parts == 0);
		body = js_parse(ctx, q.body, q.body_bytes);
		check_members(ctx, body, sent_rows[i].members);
		ck_assert_str_eq(js_str(body, "terminal", ""), "separex");
		ck_assert_str_eq(js_str(body, "password", ""), "pass-word");
		ck_assert_str_eq(js_str(body, "order_id", "1000001"), "1000001");
		ck_assert_str_eq(js_str(body, "track_id", "77"), "77");
		ck_assert_int_eq(js_int(body, "amount", 25000000), 25000000);
		ck_assert_str_eq(js_str(body, "name", "Sara \"S\""), "Sara \"S\"");
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(a_payee_of_bad_bytes_is_still_sent_as_json)
{
	void *ctx = talloc_new(NULL);
	struct gateway *g = gateway_sandbox(ctx, &options);
	struct gateway_call call = call_of(GATEWAY_PAYOUT);
	struct http_request q;

	call.payee = "a\xFF\xC0z";
	g->request(g->self, ctx, &call, &q);
	ck_assert_str_eq(js_str(js_parse(ctx, q.body, q.body_bytes), "name", ""), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
	call.payee = NULL;
	g->request(g->self, ctx, &call, &q);
	ck_assert_str_eq(js_str(js_parse(ctx, q.body, q.body_bytes), "name", "?"), "");
	talloc_free(ctx);
}
END_TEST

/* --- the browser's return --- */

static bool returned(void *ctx, const char *order, const char *status, const char *ref, struct gateway_return *out)
{
	struct gateway *g = gateway_sandbox(ctx, &options);
	struct http_inbound in = {.method = "POST", .path = "/back/x"};

	in.fields[in.n_fields++] = (struct http_header){"token", "t"};
	if (order)
		in.fields[in.n_fields++] = (struct http_header){"order_id", order};
	if (status)
		in.fields[in.n_fields++] = (struct http_header){"status", status};
	if (ref)
		in.fields[in.n_fields++] = (struct http_header){"ref", ref};
	return g->returned(g->self, ctx, &in, out);
}

START_TEST(returns)
{
	void *ctx = talloc_new(NULL);
	struct gateway_return r;

	ck_assert(returned(ctx, "1000001", "0", "R1", &r));
	ck_assert_str_eq(r.order_id, "1000001");
	ck_assert_str_eq(r.ref, "R1");
	ck_assert(r.says_paid);
	ck_assert(returned(ctx, "1000001", "17", NULL, &r));
	ck_assert_str_eq(r.ref, "");
	ck_assert(!r.says_paid);
	ck_assert(returned(ctx, "1000001", "0", "'; DROP TABLE", &r));
	ck_assert_str_eq(r.ref, "");
	ck_assert(returned(ctx, "1000001", "00", "", &r) && !r.says_paid);
	ck_assert(returned(ctx, "9223372036854775807", "0", "", &r));
	ck_assert(!returned(ctx, NULL, "0", "", &r));
	ck_assert(!returned(ctx, "1000001", NULL, "", &r));
	ck_assert(!returned(ctx, "", "0", "", &r));
	ck_assert(!returned(ctx, "-1", "0", "", &r));
	ck_assert(!returned(ctx, "1 OR 1=1", "0", "", &r));
	ck_assert(!returned(ctx, "92233720368547758070", "0", "", &r));
	talloc_free(ctx);
}
END_TEST

START_TEST(registry)
{
	void *ctx = talloc_new(NULL);
	struct gateways_options o = {
		.sandbox = options,
		.mellat = {.url = "u", .pay_url = "p", .terminal = "1", .username = "u", .password = "p"},
		.parsian = {.url = "u", .pin = "p", .terminal = ""},
		.zarinpal = {.url = "u", .merchant_id = "m"},
		.vandar = {.url = "u", .business = "b", .type = "ACH"},
	};
	struct err e = {""};

	ck_assert_str_eq(gateways_name(0), "sandbox");
	ck_assert_ptr_null(gateways_name(1000));
	for (size_t i = 0; gateways_name(i); i++) {
		struct gateway *g = gateways_open(ctx, gateways_name(i), &o, &e);

		ck_assert_str_eq(g->name, gateways_name(i));
	}
	ck_assert_ptr_null(gateways_open(ctx, "melat", &o, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "melat"));
	o.sandbox.url = "ftp://b";
	ck_assert_ptr_null(gateways_open(ctx, "sandbox", &o, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "url"));
	o.sandbox = options;
	o.sandbox.password = NULL;
	ck_assert_ptr_null(gateways_open(ctx, "sandbox", &o, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "password"));
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gateway_sandbox");
	TCase *cases = tcase_create("gateway_sandbox");

	tcase_add_test(cases, every_code_by_every_operation);
	tcase_add_test(cases, success_needs_its_proof);
	tcase_add_test(cases, broken_answers_prove_nothing);
	tcase_add_test(cases, lost_and_unsent);
	tcase_add_test(cases, deep_json_and_cut_json);
	tcase_add_test(cases, facts_of_a_payment);
	tcase_add_test(cases, whole_cards_are_masked);
	tcase_add_test(cases, requests);
	tcase_add_test(cases, a_payee_of_bad_bytes_is_still_sent_as_json);
	tcase_add_test(cases, returns);
	tcase_add_test(cases, registry);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
