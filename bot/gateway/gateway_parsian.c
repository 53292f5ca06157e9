/* PEC's protocol as requests and verdicts: see gateway_parsian.h. */
#include "gateway_parsian.h"

#include "parsian_codes.h"
#include "xml.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { TIMEOUT_MS = 15000, MAX_ANSWER_BYTES = 65536, MAX_BODY_BYTES = 8192, MAX_TOKEN_DIGITS = 18 };

/* Unconfirmed sales go back by themselves; 15 to 30 minutes are cited and none is public (rails.md 2.3 [C]). */
#define PAGE_MS (INT64_C(10) * 60000)
#define LOST_MS (INT64_C(30) * 60000)
/* "Same day, before settlement" [C]: tried so long, then the money is sent back by IBAN. */
#define REVERSE_MS (INT64_C(3) * 3600000)

struct parsian {
	struct gateway gateway;
	const char *url, *pin, *terminal;
	bool confirm_amount;
};

/* --- the request --- */

static const struct service {
	const char *path, *name, *operation; /* the namespace has a capital S, the host has none (rails.md 2.1) */
} sale = {"Sale/SaleService", "Sale/SaleService", "SalePaymentRequest"},
  confirm_with_amount = {"Confirm/ConfirmService", "Confirm/ConfirmService", "ConfirmPaymentWithAmount"},
  confirm = {"Confirm/ConfirmService", "Confirm/ConfirmService", "ConfirmPayment"},
  reversal = {"Reverse/ReversalService", "Reversal/ReversalService", "ReversalRequest"};

static const struct service *service_of(const struct parsian *p, enum gateway_op op)
{
	if (op == GATEWAY_START)
		return &sale;
	if (op == GATEWAY_REVERSE)
		return &reversal;
	assert(op == GATEWAY_VERIFY || op == GATEWAY_INQUIRY);
	return p->confirm_amount ? &confirm_with_amount : &confirm;
}

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

/* In the order of the bank's own sample. */
static void put_fields(struct buf *b, const struct service *s, const struct gateway_call *call)
{
	if (s == &sale) {
		put_number(b, "Amount", call->amount_rial);
		put(b, "OrderId", call->order_id);
		put(b, "CallBackUrl", call->callback_url);
		put(b, "AdditionalData", "");
		put(b, "Originator", call->mobile);
		return;
	}
	put(b, "Token", call->token);
	if (s != &confirm_with_amount)
		return;
	put(b, "OrderId", call->order_id);
	put_number(b, "Amount", call->amount_rial);
}

static void make_request(void *self, void *ctx, const struct gateway_call *call, struct http_request *out)
{
	const struct parsian *p = self;
	const struct service *s = service_of(p, call->op);
	const char *space = talloc_asprintf(ctx, "https://pec.Shaparak.ir/NewIPGServices/%s", s->name);
	struct buf *b = buf_new(ctx, MAX_BODY_BYTES);

	buf_printf(b,
		   "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
		   "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>"
		   "<%s xmlns=\"%s\"><requestData>",
		   s->operation, space);
	put(b, "LoginAccount", p->pin);
	put_fields(b, s, call);
	buf_printf(b, "</requestData></%s></soap:Body></soap:Envelope>", s->operation);
	assert(!b->failed);
	*out = (struct http_request){
		.method = "POST",
		.url = talloc_asprintf(ctx, "%s/NewIPGServices/%s.asmx", p->url, s->path),
		.headers = {{"Content-Type", "text/xml; charset=utf-8"},
			    {"SOAPAction", talloc_asprintf(ctx, "\"%s/%s\"", space, s->operation)}},
		.n_headers = 2,
		.body = b->data,
		.body_bytes = b->len,
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* --- what came back --- */

static const char *answered(void *ctx, const struct xml_doc *doc, const struct service *s, const char *field)
{
	return xml_text(ctx, doc,
			talloc_asprintf(ctx, "Body/%sResponse/%sResult/%s", s->operation, s->operation, field));
}

static bool read_status(const char *text, int *status)
{
	char *end;
	long n;

	if (!text || !text[0] || strlen(text) > 6)
		return false;
	n = strtol(text, &end, 10);
	*status = (int)n;
	return *end == '\0';
}

static bool not_paid(int status)
{
	return status == -1531 || status == -1528 || status == -138 || status == -130 || status == -131;
}

static bool in_list(int status, const int *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == status)
			return true;
	return false;
}

static enum gateway_verdict confirm_verdict(const struct gateway_call *call, const struct bank_code *c, int status,
					    const char *rrn)
{
	if (status == 0)
		return rrn[0] ? GATEWAY_YES : bank_unread(call->op);
	if (status == -1533 || status == 2)
		return GATEWAY_YES; /* confirmed before */
	if (not_paid(status)) /* a question that nobody's return asked for must not close what may still be paid */
		return call->op == GATEWAY_INQUIRY ? GATEWAY_WAITING : GATEWAY_NO;
	if (!c)
		return bank_unread(call->op);
	switch (c->class) {
	case CODE_PAYER:
	case CODE_CANCEL:
		return call->op == GATEWAY_INQUIRY ? GATEWAY_WAITING : GATEWAY_NO;
	case CODE_CONFIG:
	case CODE_BANK:
	case CODE_RETRY:
		return GATEWAY_RETRY;
	case CODE_OK:
	case CODE_STATE:
	case CODE_DUP:
	case CODE_UNKNOWN:
		break;
	}
	return bank_unread(call->op);
}

static enum gateway_verdict reverse_verdict(const struct bank_code *c, int status)
{
	static const int done[] = {0, -102, -1551}, never[] = {-1549, -1550, -1552, -108, -1531, -1528, -131};

	if (in_list(status, done, sizeof done / sizeof *done))
		return GATEWAY_YES;
	if (in_list(status, never, sizeof never / sizeof *never))
		return GATEWAY_NO;
	return c && (c->class == CODE_RETRY || c->class == CODE_CONFIG) ? GATEWAY_RETRY : GATEWAY_UNKNOWN;
}

static void take_start(void *ctx, const struct parsian *p, const char *token, struct gateway_result *out)
{
	if (out->code != 0) {
		out->verdict = GATEWAY_NO; /* a failed attempt burns its OrderId (rails.md 2.1) */
		return;
	}
	if (!token || !bank_only(token, MAX_TOKEN_DIGITS, BANK_DIGITS) || strspn(token, "0") == strlen(token)) {
		out->reason = "no usable Token in the answer";
		return;
	}
	out->verdict = GATEWAY_YES;
	out->token = token;
	out->pay_url = talloc_asprintf(ctx, "%s/NewIPG/?Token=%s", p->url, token);
}

static void take_confirm(void *ctx, const struct gateway_call *call, const struct xml_doc *doc, const struct service *s,
			 const struct bank_code *c, struct gateway_result *out)
{
	const char *rrn = answered(ctx, doc, s, "RRN"), *card = answered(ctx, doc, s, "CardNumberMasked");

	if (rrn && bank_only(rrn, MAX_TOKEN_DIGITS, BANK_DIGITS) && strspn(rrn, "0") != strlen(rrn))
		out->ref = rrn;
	if (card)
		out->card_mask = bank_card_mask(ctx, card);
	out->verdict = confirm_verdict(call, c, out->code, out->ref);
	if (out->verdict == GATEWAY_YES)
		out->amount_rial = call->amount_rial;
	out->verified = out->settled = out->verdict == GATEWAY_YES;
}

static void take_answer(void *ctx, const struct parsian *p, const struct gateway_call *call, const struct xml_doc *doc,
			struct gateway_result *out)
{
	const struct service *s = service_of(p, call->op);
	const struct bank_code *c;

	if (!read_status(answered(ctx, doc, s, "Status"), &out->code)) {
		out->code = -1;
		out->reason = "the answer is not the one to this question";
		return;
	}
	c = bank_code_find(parsian_codes, parsian_n_codes, out->code);
	out->reason = c ? c->meaning : "a code that the bank's list does not have";
	out->said = c ? c->said : "";
	if (call->op == GATEWAY_START)
		take_start(ctx, p, answered(ctx, doc, s, "Token"), out);
	else if (call->op == GATEWAY_REVERSE)
		out->verdict = reverse_verdict(c, out->code);
	else
		take_confirm(ctx, call, doc, s, c, out);
}

static void read_result(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
			struct gateway_result *out)
{
	const struct xml_doc *doc;

	*out = bank_nothing_known();
	out->verdict = bank_unread(call->op);
	out->said = "our_bank_off";
	if (a->result == HTTP_UNSENT) {
		out->verdict = GATEWAY_RETRY;
		out->reason = "not sent";
		return;
	}
	if (a->result != HTTP_ANSWERED || a->status != 200) {
		out->reason = a->result == HTTP_ANSWERED ? "an HTTP status and no answer" : "no whole answer";
		return;
	}
	doc = xml_parse(ctx, a->body, a->body_bytes);
	if (!doc)
		out->reason = "the answer is no XML that may be read";
	else
		take_answer(ctx, self, call, doc, out);
}

/* --- the buyer's way there and back --- */

static void make_redirect(void *self, void *ctx, const struct gateway_call *call, const char *pay_url,
			  struct gateway_redirect *out)
{
	const struct parsian *p = self;

	(void)pay_url;
	*out = (struct gateway_redirect){.url = talloc_asprintf(ctx, "%s/NewIPG/?Token=%s", p->url, call->token)};
}

static bool read_return(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out)
{
	const struct parsian *p = self;
	const char *token = bank_field(in, "Token"), *order = bank_field(in, "OrderId"), *rrn = bank_field(in, "RRN");
	const char *terminal = bank_field(in, "TerminalNo"), *hash = bank_field(in, "HashCardNumber");
	const struct bank_code *c;
	int status;

	if (!bank_only(token, MAX_TOKEN_DIGITS, BANK_DIGITS) || !bank_only(order, 19, BANK_DIGITS) ||
	    !read_status(bank_field(in, "status"), &status))
		return false;
	if (p->terminal[0] && terminal[0] && strcmp(p->terminal, terminal))
		return false; /* another merchant's */
	*out = (struct gateway_return){.order_id = talloc_strdup(ctx, order),
				       .token = talloc_strdup(ctx, token),
				       .ref = "", /* VERIFY needs the token alone, and brings the RRN itself */
				       .card_mask = "",
				       .card_hash = "",
				       .amount_rial = bank_number(bank_field(in, "Amount")),
				       .says_paid = status == 0 && bank_number(rrn) > 0,
				       .code = status,
				       .said = ""};
	if (bank_only(hash, 128, BANK_WORD_LETTERS))
		out->card_hash = talloc_strdup(ctx, hash);
	c = bank_code_find(parsian_codes, parsian_n_codes, status);
	if (c && !out->says_paid)
		out->said = c->said;
	return true;
}

struct gateway *gateway_parsian(void *ctx, const struct gateway_parsian_options *o)
{
	struct parsian *p = talloc_zero(ctx, struct parsian);

	if (!p)
		abort();
	p->url = bank_base_url(p, o->url);
	p->pin = talloc_strdup(p, o->pin);
	p->terminal = talloc_strdup(p, o->terminal);
	p->confirm_amount = o->confirm_amount;
	p->gateway = (struct gateway){
		.self = p,
		.name = "parsian",
		.ops = GATEWAY_CAN(GATEWAY_START) | GATEWAY_CAN(GATEWAY_VERIFY) | GATEWAY_CAN(GATEWAY_INQUIRY) |
		       GATEWAY_CAN(GATEWAY_REVERSE),
		.finds_lost = true,
		.page_ms = PAGE_MS,
		.lost_ms = LOST_MS,
		.reverse_ms = REVERSE_MS,
		.request = make_request,
		.result = read_result,
		.redirect = make_redirect,
		.returned = read_return,
	};
	return &p->gateway;
}
