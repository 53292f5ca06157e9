/* A bank's gateway in a test: a call, the request that it becomes, and the answers that it may get. */
#ifndef SEPAREX_GATEWAY_WORLD_H
#define SEPAREX_GATEWAY_WORLD_H

#include "tap.h"

#include "bank_code.h"
#include "gateway.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* 2026-11-26 09:15:07 UTC, which is 12:45:07 in Tehran. */
static const int64_t moment_ms = INT64_C(1795684507000);

static void *ctx;
static struct gateway *gateway;

static inline struct gateway_call call_of(enum gateway_op op)
{
	return (struct gateway_call){.op = op,
				     .now_ms = moment_ms,
				     .order_id = "1795684507000123456",
				     .amount_rial = 20100000,
				     .callback_url = "https://pay.example.ir/bank/x/return?a=1&b=2",
				     .mobile = "",
				     .token = "AF82041a2Bf6989c7fF9",
				     .ref = "5142510",
				     .track_id = "1795684507000654321",
				     .iban = "IR820540102680020817909002",
				     .payee = "Sara"};
}

static inline struct http_request request_of(const struct gateway_call *call)
{
	struct http_request r = {0};

	gateway->request(gateway->self, ctx, call, &r);
	ck_assert(r.fresh && !r.proxied);
	ck_assert_int_gt(r.timeout_ms, 0);
	ck_assert_uint_gt(r.max_answer, 0);
	return r;
}

static inline const char *header_of(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (!strcmp(r->headers[i].name, name))
			return r->headers[i].value;
	return "";
}

static inline struct gateway_result answer_to(const struct gateway_call *call, int status, const char *body)
{
	struct http_answer a = {.result = HTTP_ANSWERED, .status = status, .body = body, .body_bytes = strlen(body)};
	struct gateway_result r;

	gateway->result(gateway->self, ctx, call, &a, &r);
	return r;
}

/* What every gateway must say to answers that are none. */
static inline void no_answer_is_no_proof(void)
{
	static const char fault[] =
		"<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>"
		"<faultcode>soap:Server</faultcode></soap:Fault></soap:Body></soap:Envelope>";
	static const char *const bodies[] = {
		"",
		"<html><body>502</body></html>",
		"{\"data\":",
		"<a><b></a>",
		"<!DOCTYPE x [<!ENTITY a \"0\">]><x>&a;</x>",
		fault,
	};

	for (int op = GATEWAY_START; op <= GATEWAY_PAYOUT_INQUIRY; op++) {
		struct gateway_call call = call_of((enum gateway_op)op);
		struct http_answer lost = {.result = HTTP_BROKEN, .body = ""},
				   unsent = {.result = HTTP_UNSENT, .body = ""};
		struct gateway_result r;

		if (!(gateway->ops & GATEWAY_CAN(op)))
			continue;
		for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
			for (int status = 200; status <= 502; status += 151) {
				r = answer_to(&call, status, bodies[i]);
				ck_assert_msg(r.verdict != GATEWAY_YES && (r.verdict != GATEWAY_NO || r.unheard),
					      "op %d, HTTP %d, %s", op, status, bodies[i]);
			}
		gateway->result(gateway->self, ctx, &call, &lost, &r);
		ck_assert(r.verdict == GATEWAY_UNKNOWN || r.verdict == GATEWAY_RETRY);
		gateway->result(gateway->self, ctx, &call, &unsent, &r);
		ck_assert_int_eq(r.verdict, GATEWAY_RETRY);
	}
}

static inline bool is_word(const char *said)
{
	bool found = !said[0];

	for (size_t i = 0; i < sizeof gateway_words / sizeof *gateway_words; i++)
		found |= !strcmp(gateway_words[i], said);
	return found;
}

static inline void codes_are_whole(const struct bank_code *codes, size_t n, size_t wanted)
{
	ck_assert_uint_eq(n, wanted);
	for (size_t i = 0; i < n; i++) {
		ck_assert_msg(is_word(codes[i].said), "code %d says \"%s\"", codes[i].code, codes[i].said);
		ck_assert(codes[i].meaning[0]);
		for (size_t j = 0; j < i; j++)
			ck_assert_int_ne(codes[i].code, codes[j].code);
	}
}

static inline struct http_inbound inbound(const struct http_header *fields, size_t n)
{
	struct http_inbound in = {.method = "POST", .path = "", .peer = "", .language = "", .body = "", .n_fields = n};

	for (size_t i = 0; i < n; i++)
		in.fields[i] = fields[i];
	return in;
}

#define RETURN(out, ...)                                                                                               \
	returned((struct http_header[]){__VA_ARGS__},                                                                  \
		 sizeof((struct http_header[]){__VA_ARGS__}) / sizeof(struct http_header), out)

static inline bool returned(const struct http_header *fields, size_t n, struct gateway_return *out)
{
	struct http_inbound in = inbound(fields, n);

	return gateway->returned(gateway->self, ctx, &in, out);
}

#endif
