/* Behpardakht's protocol as requests and verdicts: see gateway_mellat.h. */
#include "gateway_mellat.h"

#include "mellat_codes.h"
#include "xml.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

enum {
	TIMEOUT_MS = 15000,
	MAX_ANSWER_BYTES = 65536,
	MAX_BODY_BYTES = 8192,
	MAX_REF_ID_BYTES = 64,
	MAX_REFERENCE_DIGITS = 18,
	LEAST_REFERENCE_DIGITS = 5, /* shorter is a code */
	TEHRAN_S = 12600 /* UTC+03:30 all year since 1401 */
};

/* A page at startpay lives some minutes; what was paid there and not verified goes back after 20 (rails.md 1.5). */
#define PAGE_MS (INT64_C(10) * 60000)
#define LOST_MS (INT64_C(30) * 60000)
/* bpReversalRequest: up to 3 h after VERIFY (v1.39), 2 h in the older manual, and only before SETTLE. */
#define REVERSE_MS (INT64_C(2) * 3600000)

struct mellat {
	struct gateway gateway;
	const char *url, *pay_url, *terminal, *username, *password;
	bool find_lost;
};

/* --- the request --- */

static void put(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, "<%s>", name);
	xml_escape(b, value);
	buf_printf(b, "</%s>", name);
}

static void put_number(struct buf *b, const char *name, int64_t value)
{
	buf_printf(b, "<%s>%" PRId64 "</%s>", name, value, name);
}

static void put_local_time(struct buf *b, int64_t now_ms)
{
	time_t tehran_s = (time_t)(now_ms / 1000 + TEHRAN_S);
	struct tm tm;
	char text[16];

	gmtime_r(&tehran_s, &tm);
	strftime(text, sizeof text, "%Y%m%d", &tm);
	put(b, "localDate", text);
	strftime(text, sizeof text, "%H%M%S", &tm);
	put(b, "localTime", text);
}

static void put_pay(struct buf *b, const struct gateway_call *call)
{
	put(b, "orderId", call->order_id);
	put_number(b, "amount", call->amount_rial);
	put_local_time(b, call->now_ms);
	put(b, "additionalData", call->order_id);
	put(b, "callBackUrl", call->callback_url);
	put(b, "payerId", "0");
}

static void put_sale(struct buf *b, const struct gateway_call *call)
{
	put(b, "orderId", call->order_id);
	put(b, "saleOrderId", call->order_id);
	put(b, "saleReferenceId", call->ref);
}

static void put_lost(struct buf *b, const struct gateway_call *call)
{
	put(b, "orderId", call->order_id);
	put(b, "saleOrderId", call->order_id);
}

static void put_refund(struct buf *b, const struct gateway_call *call)
{
	put(b, "orderId", call->track_id);
	put(b, "saleOrderId", call->order_id);
	put(b, "saleReferenceId", call->ref);
	put_number(b, "refundAmount", call->amount_rial);
}

static void put_refund_question(struct buf *b, const struct gateway_call *call)
{
	put(b, "orderId", call->track_id);
	put(b, "refundOrderId", call->track_id);
	put(b, "refundReferenceId", call->ref[0] ? call->ref : "0");
}

/* In the order of the schema: it is a sequence (rails.md 1.3). */
static const struct op {
	enum gateway_op op;
	bool without_ref;
	const char *name;
	void (*put)(struct buf *b, const struct gateway_call *call);
} ops[] = {
	{GATEWAY_START, true, "bpPayRequest", put_pay},
	{GATEWAY_VERIFY, false, "bpVerifyRequest", put_sale},
	{GATEWAY_SETTLE, false, "bpSettleRequest", put_sale},
	{GATEWAY_INQUIRY, true, "bpSaleReferenceIdRequest", put_lost},
	{GATEWAY_INQUIRY, false, "bpInquiryRequest", put_sale},
	{GATEWAY_REVERSE, false, "bpReversalRequest", put_sale},
	{GATEWAY_REFUND, false, "bpRefundRequest", put_refund},
	{GATEWAY_REFUND_INQUIRY, false, "bpRefundInquiryRequest", put_refund_question},
};

static const struct op *op_of(const struct gateway_call *call)
{
	bool lost = call->op == GATEWAY_INQUIRY && !call->ref[0];

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (ops[i].op == call->op && (call->op != GATEWAY_INQUIRY || ops[i].without_ref == lost))
			return &ops[i];
	abort(); /* gateway.ops says what may be asked */
}

static void make_request(void *self, void *ctx, const struct gateway_call *call, struct http_request *out)
{
	const struct mellat *m = self;
	const struct op *op = op_of(call);
	struct buf *b = buf_new(ctx, MAX_BODY_BYTES);

	/* The wrapper is namespaced, its children are not (rails.md 1.2). */
	buf_printf(b,
		   "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
		   "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
		   "xmlns:b=\"http://interfaces.core.sw.bps.com/\"><soap:Body><b:%s>",
		   op->name);
	put(b, "terminalId", m->terminal);
	put(b, "userName", m->username);
	put(b, "userPassword", m->password);
	op->put(b, call);
	buf_printf(b, "</b:%s></soap:Body></soap:Envelope>", op->name);
	assert(!b->failed);
	*out = (struct http_request){
		.method = "POST",
		.url = m->url,
		.headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", "\"\""}},
		.n_headers = 2,
		.body = b->data,
		.body_bytes = b->len,
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* --- what came back --- */

/* "0,REF", "0, REF" or a code alone: the code, and what stands behind the comma. -1 for anything else. */
static int split_answer(void *ctx, const char *text, const char **rest)
{
	size_t n = strcspn(text, ",");
	const char *code = talloc_strndup(ctx, text, n), *after = text + n + (text[n] == ',');

	*rest = after + strspn(after, " ");
	return bank_only(code, 4, BANK_DIGITS) ? (int)strtol(code, NULL, 10) : -1;
}

static void take_start(void *ctx, const struct mellat *m, const char *ref_id, struct gateway_result *out)
{
	if (!bank_only(ref_id, MAX_REF_ID_BYTES, BANK_WORD_LETTERS)) {
		out->reason = "no usable RefId in the answer";
		return;
	}
	out->verdict = GATEWAY_YES;
	out->token = talloc_strdup(ctx, ref_id); /* case matters */
	out->pay_url = m->pay_url;
}

/* bpSaleReferenceIdRequest: the reference of a sale whose browser never came back. */
static void take_lost(void *ctx, const char *text, struct gateway_result *out)
{
	const char *rest;
	int code = split_answer(ctx, text, &rest);
	const char *ref = code == 0 && rest[0] ? rest : text;

	if (bank_only(ref, MAX_REFERENCE_DIGITS, BANK_DIGITS) && strlen(ref) >= LEAST_REFERENCE_DIGITS) {
		out->verdict = GATEWAY_YES;
		out->ref = talloc_strdup(ctx, ref);
		out->code = 0;
		return;
	}
	out->code = code;
	out->verdict = code == 42 || code == 54 || code == 55 ? GATEWAY_WAITING : GATEWAY_RETRY;
}

/* The codes whose meaning depends on the question (rails.md 1.5). The first row that fits counts; a row without one: by
 * the code's class. */
static const struct rule {
	enum gateway_op op;
	int code;
	enum gateway_verdict verdict;
	bool verified, settled, reversed;
} rules[] = {
	{GATEWAY_VERIFY, 0, GATEWAY_YES, true, false, false},
	{GATEWAY_VERIFY, 43, GATEWAY_YES, true, false, false},
	{GATEWAY_VERIFY, 42, GATEWAY_NO, false, false, false},
	{GATEWAY_VERIFY, 54, GATEWAY_NO, false, false, false},
	{GATEWAY_VERIFY, 55, GATEWAY_NO, false, false, false},
	{GATEWAY_VERIFY, 48, GATEWAY_NO, false, false, true},
	{GATEWAY_SETTLE, 0, GATEWAY_YES, true, true, false},
	{GATEWAY_SETTLE, 45, GATEWAY_YES, true, true, false},
	{GATEWAY_SETTLE, 44, GATEWAY_WAITING, false, false, false},
	{GATEWAY_SETTLE, 46, GATEWAY_WAITING, false, false, false},
	{GATEWAY_SETTLE, 47, GATEWAY_WAITING, false, false, false},
	{GATEWAY_SETTLE, 48, GATEWAY_NO, false, false, true},
	{GATEWAY_INQUIRY, 0, GATEWAY_YES, true, false, false},
	{GATEWAY_INQUIRY, 43, GATEWAY_YES, true, false, false},
	{GATEWAY_INQUIRY, 44, GATEWAY_YES, false, false, false},
	{GATEWAY_INQUIRY, 45, GATEWAY_YES, true, true, false},
	{GATEWAY_INQUIRY, 46, GATEWAY_YES, true, false, false},
	{GATEWAY_INQUIRY, 48, GATEWAY_NO, false, false, true},
	{GATEWAY_INQUIRY, 42, GATEWAY_WAITING, false, false, false},
	{GATEWAY_INQUIRY, 54, GATEWAY_WAITING, false, false, false},
	{GATEWAY_INQUIRY, 55, GATEWAY_WAITING, false, false, false},
	{GATEWAY_REVERSE, 0, GATEWAY_YES, false, false, true},
	{GATEWAY_REVERSE, 48, GATEWAY_YES, false, false, true},
	{GATEWAY_REVERSE, 45, GATEWAY_NO, true, true, false},
	{GATEWAY_REVERSE, 42, GATEWAY_NO, false, false, false},
	{GATEWAY_REVERSE, 54, GATEWAY_NO, false, false, false},
	{GATEWAY_REVERSE, 55, GATEWAY_NO, false, false, false},
	{GATEWAY_REFUND_INQUIRY, 0, GATEWAY_YES, false, false, false},
};

static const struct rule *rule_of(enum gateway_op op, int code)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].op == op && rules[i].code == code)
			return &rules[i];
	return NULL;
}

static enum gateway_verdict by_class(enum gateway_op op, const struct bank_code *c)
{
	/* Nothing was paid yet, and a number that START burnt is never used again: another try gets another. */
	if (op == GATEWAY_START)
		return GATEWAY_NO;
	switch (c->class) {
	case CODE_PAYER:
	case CODE_CANCEL:
		return op == GATEWAY_REFUND ? GATEWAY_NO : bank_unread(op);
	case CODE_CONFIG: /* ours to mend; what was paid stays paid */
	case CODE_BANK:
	case CODE_RETRY:
		return GATEWAY_RETRY;
	case CODE_OK:
	case CODE_STATE:
	case CODE_DUP:
	case CODE_UNKNOWN:
		break;
	}
	return bank_unread(op);
}

static void take_refund(void *ctx, const char *ref, struct gateway_result *out)
{
	out->verdict = GATEWAY_WAITING; /* accepted; the final word comes from the inquiry */
	if (bank_only(ref, MAX_REFERENCE_DIGITS, BANK_DIGITS))
		out->ref = talloc_strdup(ctx, ref);
}

static void take_code(const struct gateway_call *call, struct gateway_result *out)
{
	const struct bank_code *c = bank_code_find(mellat_codes, mellat_n_codes, out->code);
	const struct rule *rule = rule_of(call->op, out->code);

	out->reason = c ? c->meaning : "a code that the bank's list does not have";
	out->said = c ? c->said : "";
	if (rule) {
		out->verdict = rule->verdict;
		out->verified = rule->verified;
		out->settled = rule->settled;
		out->reversed = rule->reversed;
	} else {
		out->verdict = c ? by_class(call->op, c) : bank_unread(call->op);
	}
	/* A refund of which no number is known cannot be looked up, and must not be made twice. */
	if (call->op == GATEWAY_REFUND_INQUIRY && (!call->ref[0] || out->code == 49)) {
		out->verdict = GATEWAY_NO;
		out->clash = true;
	}
}

static void take_text(void *ctx, const struct mellat *m, const struct gateway_call *call, const char *text,
		      struct gateway_result *out)
{
	const char *rest;

	if (call->op == GATEWAY_INQUIRY && !call->ref[0]) {
		take_lost(ctx, text, out);
		return;
	}
	out->code = split_answer(ctx, text, &rest);
	if (out->code < 0) {
		out->verdict = bank_unread(call->op);
		out->reason = "no code in the answer";
		return;
	}
	if (call->op == GATEWAY_START && out->code == 0)
		take_start(ctx, m, rest, out);
	else if (call->op == GATEWAY_REFUND && out->code == 0)
		take_refund(ctx, rest, out);
	else
		take_code(call, out);
	if (call->op == GATEWAY_VERIFY && out->verdict == GATEWAY_YES)
		out->amount_rial = call->amount_rial;
}

static void read_result(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
			struct gateway_result *out)
{
	const struct xml_doc *doc;
	const char *text;

	*out = bank_nothing_known();
	out->verdict = bank_unread(call->op);
	if (a->result == HTTP_UNSENT) {
		out->verdict = GATEWAY_RETRY;
		out->said = "our_bank_off";
		out->reason = "not sent";
		return;
	}
	/* A fault or a time-out says nothing of the payment. */
	if (a->result != HTTP_ANSWERED || a->status != 200) {
		out->said = "our_bank_off";
		out->reason = a->result == HTTP_ANSWERED ? "an HTTP status and no answer" : "no whole answer";
		return;
	}
	doc = xml_parse(ctx, a->body, a->body_bytes);
	text = doc ? xml_text(ctx, doc, talloc_asprintf(ctx, "Body/%sResponse/return", op_of(call)->name)) : NULL;
	if (!text) {
		out->reason = "the answer is not the one to this question";
		return;
	}
	take_text(ctx, self, call, text, out);
}

/* --- the buyer's way there and back --- */

static void make_redirect(void *self, void *ctx, const struct gateway_call *call, const char *pay_url,
			  struct gateway_redirect *out)
{
	const struct mellat *m = self;

	(void)pay_url;
	*out = (struct gateway_redirect){.post = true, .url = m->pay_url};
	out->fields[out->n_fields++] = (struct http_header){"RefId", call->token};
	if (bank_only(call->mobile, 11, BANK_DIGITS) && strlen(call->mobile) == 11)
		out->fields[out->n_fields++] =
			(struct http_header){"MobileNo", talloc_asprintf(ctx, "98%s", call->mobile + 1)};
}

static bool read_return(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out)
{
	const char *ref_id = bank_field(in, "RefId"), *code = bank_field(in, "ResCode");
	const char *order = bank_field(in, "SaleOrderId"), *ref = bank_field(in, "SaleReferenceId");
	const struct bank_code *c;

	(void)self;
	if (!bank_only(ref_id, MAX_REF_ID_BYTES, BANK_WORD_LETTERS) || !bank_only(code, 4, BANK_DIGITS))
		return false;
	if (order[0] && !bank_only(order, 19, BANK_DIGITS))
		return false;
	*out = (struct gateway_return){.order_id = talloc_strdup(ctx, order),
				       .token = talloc_strdup(ctx, ref_id),
				       .ref = "",
				       .card_mask = bank_card_mask(ctx, bank_field(in, "CardHolderPan")),
				       .card_hash = "",
				       .code = (int)strtol(code, NULL, 10),
				       .said = ""};
	out->says_paid = out->code == 0;
	if (bank_only(ref, MAX_REFERENCE_DIGITS, BANK_DIGITS) && strspn(ref, "0") != strlen(ref))
		out->ref = talloc_strdup(ctx, ref);
	if (bank_only(bank_field(in, "CardHolderInfo"), 128, BANK_WORD_LETTERS))
		out->card_hash = talloc_strdup(ctx, bank_field(in, "CardHolderInfo"));
	c = bank_code_find(mellat_codes, mellat_n_codes, out->code);
	if (c && !out->says_paid)
		out->said = c->said;
	return true;
}

struct gateway *gateway_mellat(void *ctx, const struct gateway_mellat_options *o)
{
	struct mellat *m = talloc_zero(ctx, struct mellat);

	if (!m)
		abort();
	m->url = talloc_strdup(m, o->url);
	m->pay_url = talloc_strdup(m, o->pay_url);
	m->terminal = talloc_strdup(m, o->terminal);
	m->username = talloc_strdup(m, o->username);
	m->password = talloc_strdup(m, o->password);
	m->find_lost = o->find_lost;
	m->gateway = (struct gateway){
		.self = m,
		.name = "mellat",
		.ops = GATEWAY_CAN(GATEWAY_START) | GATEWAY_CAN(GATEWAY_VERIFY) | GATEWAY_CAN(GATEWAY_SETTLE) |
		       GATEWAY_CAN(GATEWAY_INQUIRY) | GATEWAY_CAN(GATEWAY_REVERSE),
		.needs_ref = true,
		.finds_lost = o->find_lost,
		.page_ms = PAGE_MS,
		.lost_ms = LOST_MS,
		.reverse_ms = REVERSE_MS,
		.request = make_request,
		.result = read_result,
		.redirect = make_redirect,
		.returned = read_return,
	};
	if (o->refund)
		m->gateway.ops |= GATEWAY_CAN(GATEWAY_REFUND) | GATEWAY_CAN(GATEWAY_REFUND_INQUIRY);
	return &m->gateway;
}
