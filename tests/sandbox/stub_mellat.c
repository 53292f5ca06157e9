/* Behpardakht Mellat as rails.md 1.2 to 1.7 describes it: strict about names, their order and their namespaces. */
#include "stub.h"

#include "reply.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* The parameters of an operation in schema order. */
struct ask {
	struct world *w;
	void *ctx;
	const struct xml_doc *doc;
	const char *operation;
};

static const char *field(const struct ask *a, const char *name)
{
	const char *text = xml_text(a->ctx, a->doc, talloc_asprintf(a->ctx, "Body/%s/%s", a->operation, name));

	return text ? text : "";
}

static bool all_digits(const char *s, size_t least, size_t most)
{
	size_t n = strlen(s);

	return n >= least && n <= most && strspn(s, "0123456789") == n;
}

static const char *pay(const struct ask *a)
{
	int64_t amount = strtoll(field(a, "amount"), NULL, 10);
	const char *date = field(a, "localDate"), *time = field(a, "localTime"), *callback = field(a, "callBackUrl");
	struct stub_payment *p;

	if (!all_digits(date, 8, 8) || !all_digits(time, 6, 6) || strncmp(date, "20", 2))
		return "35";
	if (amount <= 0 || amount > 500000000)
		return "25";
	if (strncmp(callback, "http", 4) || strlen(callback) > 500)
		return "62";
	p = stub_open(a->w, STUB_MELLAT, field(a, "orderId"), amount, callback);
	return p ? talloc_asprintf(a->ctx, "0,%s", p->token) : "41";
}

/* The sale that the two numbers name together; NULL for an unknown pair. */
static struct stub_payment *sale(const struct ask *a)
{
	struct stub_payment *p = stub_by_order(a->w, STUB_MELLAT, field(a, "saleOrderId"));

	return p && p->ref[0] && !strcmp(p->ref, field(a, "saleReferenceId")) ? p : NULL;
}

static const char *verify(const struct ask *a)
{
	struct stub_payment *p = sale(a);

	if (!p)
		return "42";
	if (p->state == STUB_REVERSED)
		return "48";
	if (p->state != STUB_SOLD)
		return "43";
	p->state = STUB_VERIFIED;
	p->verified_ms = world_now_ms(a->w);
	world_changed(a->w);
	return "0";
}

static const char *settle(const struct ask *a)
{
	struct stub_payment *p = sale(a);

	if (!p)
		return "47";
	switch ((int)p->state) {
	case STUB_VERIFIED:
		p->state = STUB_SETTLED;
		world_changed(a->w);
		return "0";
	case STUB_SETTLED:
		return "45";
	case STUB_REVERSED:
		return "48";
	default:
		return "44";
	}
}

static const char *inquiry(const struct ask *a)
{
	static const char *const says[] = {"42", "44", "43", "45", "48", "42"};
	struct stub_payment *p = sale(a);

	return p ? says[p->state] : "42";
}

static const char *reversal(const struct ask *a)
{
	struct stub_payment *p = sale(a);

	if (!p)
		return "42";
	if (p->state == STUB_SETTLED)
		return "45";
	if (p->state == STUB_REVERSED)
		return "48";
	if (p->state != STUB_VERIFIED)
		return "44";
	p->state = STUB_REVERSED;
	world_changed(a->w);
	return "0";
}

static const char *lost(const struct ask *a)
{
	struct stub_payment *p = stub_by_order(a->w, STUB_MELLAT, field(a, "saleOrderId"));

	return p && p->ref[0] ? p->ref : "42";
}

static const char *refund(const struct ask *a)
{
	struct stub_payment *p = sale(a);
	int64_t amount = strtoll(field(a, "refundAmount"), NULL, 10);

	if (!p || p->state != STUB_SETTLED)
		return "42";
	if (amount <= 0 || p->refunded + amount > p->amount)
		return "19";
	p->refunded += amount;
	return talloc_asprintf(a->ctx, "0,%s%03d", p->ref, 1);
}

static const char *refund_inquiry(const struct ask *a)
{
	return strlen(field(a, "refundReferenceId")) > 6 ? "0" : "49";
}

#define WHO "terminalId,userName,userPassword,"
#define SALE WHO "orderId,saleOrderId,saleReferenceId"

static const struct operation {
	const char *name, *fields;
	const char *(*run)(const struct ask *a);
} operations[] = {
	{"bpPayRequest", WHO "orderId,amount,localDate,localTime,additionalData,callBackUrl,payerId", pay},
	{"bpVerifyRequest", SALE, verify},
	{"bpSettleRequest", SALE, settle},
	{"bpInquiryRequest", SALE, inquiry},
	{"bpReversalRequest", SALE, reversal},
	{"bpSaleReferenceIdRequest", WHO "orderId,saleOrderId", lost},
	{"bpRefundRequest", SALE ",refundAmount", refund},
	{"bpRefundInquiryRequest", WHO "orderId,refundOrderId,refundReferenceId", refund_inquiry},
};

/* Each name once, in the schema's order, without a namespace (elementFormDefault=unqualified). */
static bool in_order(const char *body, const char *names)
{
	const char *at = body;

	while (*names) {
		size_t n = strcspn(names, ",");
		char open[64];

		snprintf(open, sizeof open, "<%.*s>", (int)n, names);
		at = strstr(at, open);
		if (!at)
			return false;
		at += strlen(open);
		names += n + (names[n] == ',');
	}
	return true;
}

static const char *run(const struct ask *a, const struct operation *op)
{
	if (!all_digits(field(a, "terminalId"), 1, 12))
		return "21";
	if (strcmp(field(a, "userPassword"), "wrong") == 0 || !field(a, "userName")[0])
		return "24";
	return op->run(a);
}

static void soap(struct world *w, struct request *r)
{
	struct ask a = {.w = w, .ctx = r, .doc = xml_parse(r, r->body->data, r->body->len)};
	const struct operation *op = NULL;

	for (size_t i = 0; i < sizeof operations / sizeof *operations && a.doc; i++)
		if (xml_text(r, a.doc, talloc_asprintf(r, "Body/%s", operations[i].name)))
			op = &operations[i];
	if (!op || !strstr(r->body->data, "http://interfaces.core.sw.bps.com/") ||
	    !in_order(r->body->data, op->fields)) {
		stub_soap_fault(w, r, "Unmarshalling Error");
		return;
	}
	if (stub_fault(w, r, STUB_MELLAT, op->name))
		return;
	a.operation = op->name;
	stub_xml(w, r, 200,
		 talloc_asprintf(r,
				 "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
				 "<ns2:%sResponse xmlns:ns2=\"http://interfaces.core.sw.bps.com/\"><return>%s</return>"
				 "</ns2:%sResponse></soap:Body></soap:Envelope>",
				 op->name, run(&a, op), op->name));
}

void stub_mellat_serve(struct world *w, struct request *r)
{
	const char *token = request_text(r, "RefId");

	if (!strcmp(r->path, "/pgwchannel/services/pgw") && !strcmp(r->verb, "POST"))
		soap(w, r);
	else if (!strcmp(r->path, "/pgwchannel/startpay.mellat"))
		stub_page(w, r, token ? stub_by_token(w, STUB_MELLAT, token) : NULL);
	else
		reply_bytes(w, r, 404, "text/plain", "not found\n", 10);
}
