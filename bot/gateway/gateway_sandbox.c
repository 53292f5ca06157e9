/* The practice bank's protocol as requests and verdicts: see gateway_sandbox.h. Wrong wire data is GATEWAY_UNKNOWN. */
#include "gateway_sandbox.h"
#include "js.h"
#include "utf8.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum {
	TIMEOUT_MS = 15000,
	MAX_ANSWER_BYTES = 16384,
	MAX_TOKEN_BYTES = 128,
	MAX_URL_BYTES = 1024,
	MAX_REF_BYTES = 64,
	MAX_ORDER_BYTES = 19, /* an int64 in digits */
	NO_CODE = -1,
	OPS = GATEWAY_PAYOUT_INQUIRY + 1
};

/* More than all the money of the country: an amount past it is no amount. */
#define MAX_AMOUNT_RIAL (INT64_C(1000000000000000))

/* The practice bank keeps a page, and what was paid on it, for a day. */
#define PAGE_MS (INT64_C(24) * 3600000)
#define LOST_MS (INT64_C(26) * 3600000)
#define ALL_OPS (((1U << OPS) - 1) & ~1U)

static_assert(OPS == 10, "a new operation needs a row in `ops` and a column in `codes`");

struct sandbox {
	struct gateway gateway;
	const char *url, *terminal, *password;
};

enum field { ORDER = 1, AMOUNT = 2, CALLBACK = 4, TRACK = 8, PAYEE = 16 };

/* What each operation sends, and what an answer that cannot be read leaves us knowing. */
static const struct op {
	const char *path;
	unsigned fields;
	enum gateway_verdict unread; /* the work may have been done: unknown; an inquiry is simply asked again */
} ops[OPS] = {
	[GATEWAY_START] = {"token", ORDER | AMOUNT | CALLBACK, GATEWAY_UNKNOWN},
	[GATEWAY_VERIFY] = {"verify", ORDER, GATEWAY_UNKNOWN},
	[GATEWAY_SETTLE] = {"settle", ORDER, GATEWAY_UNKNOWN},
	[GATEWAY_INQUIRY] = {"inquiry", ORDER, GATEWAY_RETRY},
	[GATEWAY_REVERSE] = {"reverse", ORDER, GATEWAY_UNKNOWN},
	[GATEWAY_REFUND] = {"refund", ORDER | TRACK | AMOUNT, GATEWAY_UNKNOWN},
	[GATEWAY_REFUND_INQUIRY] = {"refund_inquiry", TRACK, GATEWAY_RETRY},
	[GATEWAY_PAYOUT] = {"payout", TRACK | AMOUNT | PAYEE, GATEWAY_UNKNOWN},
	[GATEWAY_PAYOUT_INQUIRY] = {"payout_inquiry", TRACK, GATEWAY_RETRY},
};

/* One letter an operation, in the order of enum gateway_op:
 * Y yes, N no, C no and our id clashes, W waiting, R retry, H no and unheard, S as the answer's "state" says, ? unread
 * (see `ops`). */
static const struct code {
	int code;
	const char *verdicts; /* start verify settle inquiry reverse refund refund_inquiry payout payout_inquiry */
	const char *reason;
} codes[] = {
	{0, "YYYSYSSSS", "done"},
	{17, "?N???????", "payer cancelled"},
	{21, "RRRRRRRRR", "bad terminal or password"}, /* ours to mend; what was paid stays paid */
	{41, "N????????", "order id already used"},
	{42, "?NNHNN???", "no such payment"},
	{43, "?Y???????", "already verified"},
	{44, "?W???N???", "not paid"}, /* a forged return must not close a payment that may still come */
	{45, "??Y??????", "already settled"},
	{46, "?????N???", "not verified yet"}, /* to a settle or reverse: our books say it was, so look it up */
	{48, "?NN?YN???", "already reversed"},
	{49, "????N????", "too late to reverse"},
	{50, "?????C???", "refund id used with other content"},
	{51, "?????N???", "over the paid amount"},
	{54, "??????H?H", "no such track id"},
	{55, "???????N?", "bad IBAN"},
	{56, "???????C?", "track id used with other content"},
	{61, "N????N?R?", "amount out of limits"}, /* to a payout: ours to mend; the account is not at fault */
	{113, "RRRRRRRRR", "bank is busy"},
};

/* What a state proves; payments first, then refunds and payouts. */
static const struct state {
	const char *name;
	bool transfer; /* of a refund or payout, else of a payment */
	enum gateway_verdict verdict;
	bool verified, settled, reversed;
} states[] = {
	{"created", false, GATEWAY_WAITING, false, false, false},
	{"paid", false, GATEWAY_YES, false, false, false},
	{"verified", false, GATEWAY_YES, true, false, false},
	{"settled", false, GATEWAY_YES, true, true, false},
	{"refunded", false, GATEWAY_YES, true, true, false},
	{"refused", false, GATEWAY_NO, false, false, false},
	{"reversed", false, GATEWAY_NO, false, false, true},
	{"queued", true, GATEWAY_WAITING, false, false, false},
	{"sent", true, GATEWAY_WAITING, false, false, false},
	{"done", true, GATEWAY_YES, false, false, false},
	{"returned", true, GATEWAY_NO, false, false, false},
};

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

/* --- the request --- */

static void put_text(void *ctx, json_t *body, const char *name, const char *text)
{
	assert(text);
	if (json_object_set_new(body, name, json_string(utf8_mend(ctx, text))) != 0)
		abort();
}

static void put_call(void *ctx, json_t *body, unsigned fields, const struct gateway_call *call)
{
	if (fields & ORDER)
		put_text(ctx, body, "order_id", call->order_id);
	if (fields & TRACK)
		put_text(ctx, body, "track_id", call->track_id);
	if (fields & CALLBACK)
		put_text(ctx, body, "callback", call->callback_url);
	if (fields & PAYEE) {
		put_text(ctx, body, "iban", call->iban);
		put_text(ctx, body, "name", call->payee ? call->payee : "");
	}
	if (!(fields & AMOUNT))
		return;
	assert(call->amount_rial > 0 && call->amount_rial <= MAX_AMOUNT_RIAL);
	if (json_object_set_new(body, "amount", json_integer(call->amount_rial)) != 0)
		abort();
}

static const struct op *op_of(const struct gateway_call *call)
{
	assert(call->op >= GATEWAY_START && call->op < (int)OPS);
	return &ops[call->op];
}

static void make_request(void *self, void *ctx, const struct gateway_call *call, struct http_request *out)
{
	const struct sandbox *s = self;
	const struct op *op = op_of(call);
	json_t *body = must(js_own(ctx, json_object()));
	const char *text;

	put_text(ctx, body, "terminal", s->terminal);
	put_text(ctx, body, "password", s->password);
	put_call(ctx, body, op->fields, call);
	text = js_text(ctx, body);
	*out = (struct http_request){
		.method = "POST",
		.url = must(talloc_asprintf(ctx, "%s/api/%s", s->url, op->path)),
		.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
		.n_headers = 2,
		.body = text,
		.body_bytes = strlen(text),
		.timeout_ms = TIMEOUT_MS,
		.max_answer = MAX_ANSWER_BYTES,
		.fresh = true,
	};
}

/* --- reading what came back; every text is checked before anyone sees it --- */

static bool only(const char *s, size_t most, bool (*allowed)(char c))
{
	size_t n = strlen(s);

	if (n == 0 || n > most)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!allowed(s[i]))
			return false;
	return true;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool id_letter(char c)
{
	return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool card_letter(char c)
{
	return digit(c) || c == '*' || c == 'x' || c == 'X';
}

static bool url_letter(char c)
{
	return c > ' ' && c < 0x7F && !strchr("\"'<>\\^`{|}", c);
}

static const char *clean_ref(void *ctx, const char *ref)
{
	return only(ref, MAX_REF_BYTES, id_letter) ? must(talloc_strdup(ctx, ref)) : "";
}

/* First six and last four, whatever stood between: a bank that sends the whole number must not make us keep it. */
static const char *clean_card(void *ctx, const char *card)
{
	size_t n = strlen(card);

	if (n < 13 || !only(card, 19, card_letter))
		return "";
	return must(talloc_asprintf(ctx, "%.6s******%s", card, card + n - 4));
}

static bool web_address(const char *url)
{
	size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;

	return scheme && only(url, MAX_URL_BYTES, url_letter) && id_letter(url[scheme]);
}

/* Integer member `amount` within bounds, else 0: texts, fractions, negatives and absurd sums prove nothing. */
static int64_t answered_amount(const json_t *j)
{
	int64_t amount = js_int(j, "amount", 0);

	return amount > 0 && amount <= MAX_AMOUNT_RIAL ? amount : 0;
}

static const struct code *find_code(int code)
{
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i].code == code)
			return &codes[i];
	return NULL;
}

static const struct state *find_state(enum gateway_op op, const json_t *j)
{
	const char *name = js_str(j, "state", "");

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (states[i].transfer == (op != GATEWAY_INQUIRY) && strcmp(states[i].name, name) == 0)
			return &states[i];
	return NULL;
}

static void unread(const struct gateway_call *call, struct gateway_result *out, const char *reason)
{
	out->verdict = op_of(call)->unread;
	out->reason = reason;
}

static void take_state(const struct gateway_call *call, const json_t *j, struct gateway_result *out)
{
	const struct state *s = find_state(call->op, j);

	if (!s) {
		unread(call, out, "no known state in the answer");
		return;
	}
	out->verdict = s->verdict;
	out->verified = s->verified;
	out->settled = s->settled;
	out->reversed = s->reversed;
	out->reason = s->name;
}

static void take_start(void *ctx, const struct gateway_call *call, const json_t *j, struct gateway_result *out)
{
	const char *token = js_str(j, "token", ""), *url = js_str(j, "pay_url", "");

	if (!only(token, MAX_TOKEN_BYTES, id_letter) || !web_address(url)) {
		unread(call, out, "no usable token or address in the answer");
		return;
	}
	out->token = must(talloc_strdup(ctx, token));
	out->pay_url = must(talloc_strdup(ctx, url));
}

static void take_payment(void *ctx, const struct gateway_call *call, const json_t *j, struct gateway_result *out)
{
	out->amount_rial = answered_amount(j);
	out->ref = clean_ref(ctx, js_str(j, "ref", ""));
	out->card_mask = clean_card(ctx, js_str(j, "card", ""));
	if (out->verdict == GATEWAY_YES && out->amount_rial == 0)
		unread(call, out, "paid, but the amount is unreadable");
}

static void take_code(const struct gateway_call *call, const struct code *c, const json_t *j,
		      struct gateway_result *out)
{
	out->reason = c->reason;
	switch (c->verdicts[call->op - GATEWAY_START]) {
	case 'Y':
		out->verdict = GATEWAY_YES;
		return;
	case 'C':
		out->clash = true;
		out->verdict = GATEWAY_NO;
		return;
	case 'N':
		out->verdict = GATEWAY_NO;
		return;
	case 'W':
		out->verdict = GATEWAY_WAITING;
		return;
	case 'R':
		out->verdict = GATEWAY_RETRY;
		return;
	case 'H':
		out->verdict = GATEWAY_NO;
		out->unheard = true;
		return;
	case 'S':
		take_state(call, j, out);
		return;
	default: /* '?': the code makes no sense for this operation */
		out->verdict = op_of(call)->unread;
	}
}

static void take_answer(void *ctx, const struct gateway_call *call, const json_t *j, struct gateway_result *out)
{
	int64_t code = js_int(j, "code", NO_CODE);
	const struct code *c;

	if (code < 0 || code > INT_MAX) {
		unread(call, out, "no code in the answer");
		return;
	}
	out->code = (int)code;
	c = find_code(out->code);
	if (!c) {
		unread(call, out, "a code that the protocol does not know");
		return;
	}
	take_code(call, c, j, out);
	if (call->op == GATEWAY_START && out->verdict == GATEWAY_YES)
		take_start(ctx, call, j, out);
	if (call->op == GATEWAY_VERIFY || call->op == GATEWAY_INQUIRY)
		take_payment(ctx, call, j, out);
}

static void read_result(void *self, void *ctx, const struct gateway_call *call, const struct http_answer *a,
			struct gateway_result *out)
{
	const json_t *j;

	(void)self;
	*out = (struct gateway_result){.verdict = GATEWAY_UNKNOWN,
				       .token = "",
				       .pay_url = "",
				       .ref = "",
				       .card_mask = "",
				       .card_hash = "",
				       .code = NO_CODE,
				       .said = ""};
	if (a->result == HTTP_UNSENT) {
		out->verdict = GATEWAY_RETRY;
		out->reason = "not sent";
		return;
	}
	if (a->result != HTTP_ANSWERED) {
		unread(call, out, "no whole answer");
		return;
	}
	if (a->status != 200) {
		unread(call, out, "an HTTP error instead of an answer");
		return;
	}
	j = js_parse(ctx, a->body, a->body_bytes);
	if (!json_is_object(j)) {
		unread(call, out, "the answer is no JSON object");
		return;
	}
	take_answer(ctx, call, j, out);
	assert(out->verdict != GATEWAY_YES || call->op != GATEWAY_VERIFY || out->amount_rial > 0);
}

static bool read_return(void *self, void *ctx, const struct http_inbound *in, struct gateway_return *out)
{
	const char *order = http_field(in, "order_id"), *status = http_field(in, "status");
	const char *ref = http_field(in, "ref");

	(void)self;
	if (!order || !status || !http_field(in, "token") || !only(order, MAX_ORDER_BYTES, digit))
		return false;
	*out = (struct gateway_return){.order_id = must(talloc_strdup(ctx, order)),
				       .token = "", /* the practice bank knows the order alone */
				       .ref = ref ? clean_ref(ctx, ref) : "",
				       .card_mask = "",
				       .card_hash = "",
				       .says_paid = strcmp(status, "0") == 0,
				       .code = NO_CODE,
				       .said = strcmp(status, "17") == 0 ? "cancelled" : ""};
	return true;
}

static void read_redirect(void *self, void *ctx, const struct gateway_call *call, const char *pay_url,
			  struct gateway_redirect *out)
{
	(void)self;
	(void)call;
	*out = (struct gateway_redirect){.url = must(talloc_strdup(ctx, pay_url))};
}

static const char *without_last_slashes(void *ctx, const char *url)
{
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return must(talloc_strndup(ctx, url, n));
}

struct gateway *gateway_sandbox(void *ctx, const struct gateway_sandbox_options *options)
{
	struct sandbox *s = must(talloc_zero(ctx, struct sandbox));

	assert(options->url[0] && options->terminal[0] && options->password[0]);
	s->url = without_last_slashes(s, options->url);
	s->terminal = must(talloc_strdup(s, options->terminal));
	s->password = must(talloc_strdup(s, options->password));
	s->gateway = (struct gateway){
		.self = s,
		.name = "sandbox",
		.ops = ALL_OPS,
		.finds_lost = true,
		.tells_amount = true,
		.page_ms = PAGE_MS,
		.lost_ms = LOST_MS,
		.reverse_ms = PAGE_MS,
		.redirect = read_redirect,
		.request = make_request,
		.result = read_result,
		.returned = read_return,
	};
	return &s->gateway;
}
