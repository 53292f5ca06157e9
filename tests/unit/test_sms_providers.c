/* Kavenegar and sms.ir: what a message becomes, and what each answer means. */
#include "tap.h"

#include "sms_providers.h"
#include <check.h>
#include <string.h>
#include <talloc.h>

static void *ctx;
static const char *const templates[] = {"pay:11", "paid:12"};
static const struct sms_options options = {.kavenegar_url = "https://kave.test/",
					   .kavenegar_key = "K3Y",
					   .kavenegar_template = "separex",
					   .smsir_url = "https://sms.test",
					   .smsir_key = "S3Y",
					   .smsir_templates = templates,
					   .smsir_n_templates = 2};
static const struct sms_call paid = {"09121234567", "paid", {"ABC-123", "2500000"}};

static void setup(void)
{
	ctx = talloc_new(NULL);
}

static void teardown(void)
{
	talloc_free(ctx);
}

static struct sms_provider *provider(const char *name)
{
	struct err e = {""};
	struct sms_provider *p = sms_provider_open(ctx, name, &options, &e);

	ck_assert_msg(p != NULL, "%s", e.text);
	return p;
}

START_TEST(golden_requests)
{
	struct sms_provider *kavenegar = provider("kavenegar"), *smsir = provider("smsir");
	struct sms_call tampered = paid;
	struct http_request r;

	kavenegar->send(kavenegar->self, ctx, &paid, &r);
	ck_assert_str_eq(r.url, "https://kave.test/v1/K3Y/verify/lookup.json");
	ck_assert_str_eq(r.body, "receptor=09121234567&template=separex-paid&token=ABC-123&token2=2500000");
	ck_assert(r.fresh && !r.proxied);
	tampered.tokens[0] = "A&receptor=1";
	kavenegar->send(kavenegar->self, ctx, &tampered, &r);
	ck_assert_str_eq(r.body, "receptor=09121234567&template=separex-paid&token2=2500000");
	kavenegar->ask(kavenegar->self, ctx, "77", &r);
	ck_assert_str_eq(r.url, "https://kave.test/v1/K3Y/sms/status.json?messageid=77");

	smsir->send(smsir->self, ctx, &paid, &r);
	ck_assert_str_eq(r.url, "https://sms.test/v1/send/verify");
	ck_assert_str_eq(r.body,
			 "{\"mobile\":\"09121234567\",\"templateId\":12,\"parameters\":[{\"name\":\"TOKEN\",\"value\":"
			 "\"ABC-123\"},{\"name\":\"TOKEN2\",\"value\":\"2500000\"}]}");
	ck_assert_str_eq(r.headers[2].name, "X-API-KEY");
	ck_assert_str_eq(r.headers[2].value, "S3Y");
	smsir->ask(smsir->self, ctx, "78", &r);
	ck_assert_str_eq(r.url, "https://sms.test/v1/send/78");
}
END_TEST

static const struct {
	const char *name;
	int http;
	const char *body; /* NULL: the answer was lost */
	enum sms_verdict verdict;
	const char *message_id;
} meanings[] = {
	{"kavenegar", 200, "{\"return\":{\"status\":200},\"entries\":[{\"messageid\":85463238,\"cost\":120}]}",
	 SMS_TAKEN, "85463238"},
	{"kavenegar", 200, "{\"return\":{\"status\":200},\"entries\":[]}", SMS_TAKEN, ""},
	{"kavenegar", 409, "{\"return\":{\"status\":409}}", SMS_RETRY, ""},
	{"kavenegar", 451, "", SMS_RETRY, ""},
	{"kavenegar", 411, "{\"return\":{\"status\":411}}", SMS_REFUSED, ""},
	{"kavenegar", 418, "{\"return\":{\"status\":418}}", SMS_OFF, ""},
	{"kavenegar", 403, "<html>", SMS_OFF, ""},
	{"kavenegar", 424, "{\"return\":{\"status\":424}}", SMS_OFF, ""},
	{"kavenegar", 500, "<html>", SMS_UNKNOWN, ""},
	{"kavenegar", 200, "", SMS_UNKNOWN, ""},
	{"kavenegar", 200, "[[[[", SMS_UNKNOWN, ""},
	{"kavenegar", 0, NULL, SMS_UNKNOWN, ""},
	{"smsir", 200, "{\"status\":1,\"data\":{\"messageId\":89545112,\"cost\":1.5}}", SMS_TAKEN, "89545112"},
	{"smsir", 429, "", SMS_RETRY, ""},
	{"smsir", 200, "{\"status\":20}", SMS_RETRY, ""},
	{"smsir", 401, "", SMS_OFF, ""},
	{"smsir", 400, "{\"status\":102}", SMS_OFF, ""},
	{"smsir", 400, "{\"status\":113}", SMS_OFF, ""},
	{"smsir", 400, "{\"status\":115}", SMS_REFUSED, ""},
	{"smsir", 500, "{\"status\":0}", SMS_UNKNOWN, ""},
	{"smsir", 200, "<!DOCTYPE html>", SMS_UNKNOWN, ""},
	{"smsir", 0, NULL, SMS_UNKNOWN, ""},
};

START_TEST(what_an_answer_means)
{
	const char *body = meanings[_i].body;
	struct sms_provider *p = provider(meanings[_i].name);
	struct http_answer a = {.result = body ? HTTP_ANSWERED : HTTP_BROKEN,
				.status = meanings[_i].http,
				.body = body ? body : "",
				.body_bytes = body ? strlen(body) : 0};
	struct sms_result r;

	p->sent(p->self, ctx, &a, &r);
	ck_assert_int_eq(r.verdict, meanings[_i].verdict);
	ck_assert_str_eq(r.message_id, meanings[_i].message_id);
	a.result = HTTP_UNSENT;
	p->sent(p->self, ctx, &a, &r);
	ck_assert_int_eq(r.verdict, SMS_RETRY);
}
END_TEST

static const struct {
	const char *name, *body;
	enum sms_delivery delivery;
} deliveries[] = {
	{"kavenegar", "{\"entries\":[{\"status\":10}]}", SMS_DELIVERED},
	{"kavenegar", "{\"entries\":[{\"status\":5}]}", SMS_ON_ITS_WAY},
	{"kavenegar", "{\"entries\":[{\"status\":14}]}", SMS_FAILED},
	{"kavenegar", "{\"entries\":[{\"status\":100}]}", SMS_NOBODY_KNOWS},
	{"kavenegar", "no", SMS_ON_ITS_WAY},
	{"smsir", "{\"data\":{\"deliveryState\":1}}", SMS_DELIVERED},
	{"smsir", "{\"data\":{\"deliveryState\":3}}", SMS_ON_ITS_WAY},
	{"smsir", "{\"data\":{\"deliveryState\":7}}", SMS_FAILED},
	{"smsir", "{\"data\":{\"deliveryState\":8}}", SMS_NOBODY_KNOWS},
	{"smsir", "", SMS_ON_ITS_WAY},
};

START_TEST(whether_it_arrived)
{
	struct sms_provider *p = provider(deliveries[_i].name);
	const char *body = deliveries[_i].body;
	struct http_answer a = {.result = HTTP_ANSWERED, .status = 200, .body = body, .body_bytes = strlen(body)};

	ck_assert_int_eq(p->told(p->self, ctx, &a), deliveries[_i].delivery);
}
END_TEST

START_TEST(what_the_owner_must_give)
{
	struct sms_options none = {.kavenegar_key = "", .smsir_key = "", .kavenegar_url = "", .smsir_url = ""};
	struct err e = {""};

	ck_assert_ptr_null(sms_provider_open(ctx, "kavenegar", &none, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "[kavenegar]"));
	ck_assert_ptr_null(sms_provider_open(ctx, "pigeon", &options, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "pigeon"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sms_providers");
	TCase *t = tcase_create("sms_providers");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, golden_requests);
	tcase_add_loop_test(t, what_an_answer_means, 0, sizeof meanings / sizeof *meanings);
	tcase_add_loop_test(t, whether_it_arrived, 0, sizeof deliveries / sizeof *deliveries);
	tcase_add_test(t, what_the_owner_must_give);
	suite_add_tcase(s, t);
	return tap_run(s);
}
