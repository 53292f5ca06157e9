/* Parsian PEC as rails.md 2 describes it: three ASMX services that want their SOAPAction, and a pay page by a plain
 * link. */
#include "stub.h"

#include "reply.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct ask {
	struct world *w;
	void *ctx;
	const struct xml_doc *doc;
	const char *operation;
};

static const char *field(const struct ask *a, const char *name)
{
	const char *text =
		xml_text(a->ctx, a->doc, talloc_asprintf(a->ctx, "Body/%s/requestData/%s", a->operation, name));

	return text ? text : "";
}

static bool wrong_pin(const struct ask *a)
{
	return !field(a, "LoginAccount")[0] || !strcmp(field(a, "LoginAccount"), "wrong");
}

static const char *sale(const struct ask *a)
{
	int64_t amount = strtoll(field(a, "Amount"), NULL, 10);
	struct stub_payment *p = NULL;
	int status = 0;

	if (wrong_pin(a))
		status = -101;
	else if (amount < 1000)
		status = -132;
	else if (amount > 500000000)
		status = -111;
	else if (!(p = stub_open(a->w, STUB_PARSIAN, field(a, "OrderId"), amount, field(a, "CallBackUrl"))))
		status = -112;
	return talloc_asprintf(a->ctx, "<Token>%s</Token><Message>%s</Message><Status>%d</Status>", p ? p->token : "0",
			       p ? "" : "refused", status);
}

static int confirm_status(const struct ask *a, struct stub_payment *p, bool with_amount)
{
	if (wrong_pin(a))
		return -101;
	if (!p)
		return -131;
	if (with_amount &&
	    (strcmp(field(a, "OrderId"), p->order) || strtoll(field(a, "Amount"), NULL, 10) != p->amount))
		return 13;
	if (p->state == STUB_NEW || p->state == STUB_FAILED)
		return -1531;
	if (p->state == STUB_REVERSED)
		return -1531;
	if (p->state != STUB_SOLD)
		return -1533;
	p->state = STUB_VERIFIED;
	p->verified_ms = world_now_ms(a->w);
	world_changed(a->w);
	return 0;
}

static const char *confirm(const struct ask *a)
{
	struct stub_payment *p = stub_by_token(a->w, STUB_PARSIAN, field(a, "Token"));
	int status = confirm_status(a, p, !strcmp(a->operation, "ConfirmPaymentWithAmount"));

	return talloc_asprintf(
		a->ctx, "<Status>%d</Status><CardNumberMasked>%s</CardNumberMasked><RRN>%s</RRN><Token>%s</Token>",
		status, status == 0 ? talloc_asprintf(a->ctx, "%.6s******%s", p->card, p->card + 12) : "",
		status == 0 ? p->ref : "0", field(a, "Token"));
}

static const char *reversal(const struct ask *a)
{
	struct stub_payment *p = stub_by_token(a->w, STUB_PARSIAN, field(a, "Token"));
	int status = 0;

	if (wrong_pin(a))
		status = -101;
	else if (!p || p->state == STUB_NEW || p->state == STUB_SOLD || p->state == STUB_FAILED)
		status = -1550;
	else if (p->state == STUB_REVERSED)
		status = -1551;
	else if (world_now_ms(a->w) - p->verified_ms > 3 * HOUR_MS)
		status = -1549;
	else
		p->state = STUB_REVERSED;
	return talloc_asprintf(a->ctx, "<Status>%d</Status><Message></Message><Token>%s</Token>", status,
			       field(a, "Token"));
}

static const struct operation {
	const char *path, *space, *name;
	const char *(*run)(const struct ask *a);
} operations[] = {
	{"/NewIPGServices/Sale/SaleService.asmx", "Sale/SaleService", "SalePaymentRequest", sale},
	{"/NewIPGServices/Confirm/ConfirmService.asmx", "Confirm/ConfirmService", "ConfirmPaymentWithAmount", confirm},
	{"/NewIPGServices/Confirm/ConfirmService.asmx", "Confirm/ConfirmService", "ConfirmPayment", confirm},
	{"/NewIPGServices/Reverse/ReversalService.asmx", "Reversal/ReversalService", "ReversalRequest", reversal},
};

static const struct operation *operation_of(struct request *r)
{
	const char *action = request_header(r, "SOAPAction");

	for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
		const struct operation *op = &operations[i];
		const char *wanted =
			talloc_asprintf(r, "\"https://pec.Shaparak.ir/NewIPGServices/%s/%s\"", op->space, op->name);

		if (!strcmp(r->path, op->path) && !strcmp(action, wanted))
			return op;
	}
	return NULL;
}

static void soap(struct world *w, struct request *r)
{
	struct ask a = {.w = w, .ctx = r, .doc = xml_parse(r, r->body->data, r->body->len)};
	const struct operation *op = operation_of(r);
	const char *space;

	if (!op) {
		stub_soap_fault(w, r, "Server did not recognize the value of HTTP Header SOAPAction");
		return;
	}
	space = talloc_asprintf(r, "https://pec.Shaparak.ir/NewIPGServices/%s", op->space);
	a.operation = op->name;
	if (!a.doc || !strstr(r->body->data, talloc_asprintf(r, "<%s xmlns=\"%s\"", op->name, space))) {
		stub_soap_fault(w, r, "Server was unable to read request");
		return;
	}
	if (stub_fault(w, r, STUB_PARSIAN, op->name))
		return;
	stub_xml(w, r, 200,
		 talloc_asprintf(r,
				 "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "
				 "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><%sResponse "
				 "xmlns=\"%s\"><%sResult>%s</%sResult></%sResponse></soap:Body></soap:Envelope>",
				 op->name, space, op->name, op->run(&a), op->name, op->name));
}

void stub_parsian_serve(struct world *w, struct request *r)
{
	const char *token = request_text(r, "Token");

	if (!strncmp(r->path, "/NewIPGServices/", 16) && !strcmp(r->verb, "POST"))
		soap(w, r);
	else if (!strncmp(r->path, "/NewIPG/", 8))
		stub_page(w, r, token ? stub_by_token(w, STUB_PARSIAN, token) : NULL);
	else
		reply_bytes(w, r, 404, "text/plain", "not found\n", 10);
}
