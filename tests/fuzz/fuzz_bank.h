/* A bank's answer in a fuzz target: first bytes choose the call and the HTTP status, the rest is the body. */
#ifndef SEPAREX_FUZZ_BANK_H
#define SEPAREX_FUZZ_BANK_H

#include "fuzz.h"
#include "gateway.h"

enum { BANK_TEXT_BYTES = 1 << 16 };

static inline struct gateway_call bank_call(unsigned choice)
{
	return (struct gateway_call){.op = (enum gateway_op)(GATEWAY_START + choice % GATEWAY_PAYOUT_INQUIRY),
				     .now_ms = INT64_C(1795684507000),
				     .order_id = "1795684507000123456",
				     .amount_rial = 20100000,
				     .callback_url = "https://pay.example.ir/bank/x/return",
				     .mobile = choice & 128 ? "09121234567" : "",
				     .token = choice & 64 ? "123456789" : "AF82041a2Bf6989c7fF9",
				     .ref = choice & 32 ? "" : "5142510",
				     .track_id = "1795684507000654321",
				     .iban = "IR820540102680020817909002",
				     .payee = "Sara"};
}

static inline struct http_answer bank_answer(const void *ctx, unsigned choice, const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 200, 201, 400, 401, 422, 500, 502};

	return (struct http_answer){.result = HTTP_ANSWERED,
				    .status = statuses[choice % 8],
				    .body = fuzz_text(ctx, data, size),
				    .body_bytes = size,
				    .retry_after_s = -1,
				    .sandbox_ahead_ms = -1,
				    .trouble = ""};
}

static inline bool bank_word(const char *said)
{
	for (size_t i = 0; i < sizeof gateway_words / sizeof *gateway_words; i++)
		if (!strcmp(gateway_words[i], said))
			return true;
	return !said[0];
}

/* First six and last four digits, and nothing else that could be a card's. */
static inline bool bank_mask(const char *mask)
{
	size_t digits = 0;

	for (const char *p = mask; *p; p++)
		digits += *p >= '0' && *p <= '9';
	return !mask[0] || digits == 10;
}

/* What gateway.h promises of any result, and what a YES may rest on. */
static inline void bank_result_holds(const struct gateway_call *c, const struct http_answer *a,
				     const struct gateway_result *r)
{
	HOLDS(r->verdict >= GATEWAY_YES && r->verdict <= GATEWAY_UNKNOWN, "%d", (int)r->verdict);
	HOLDS(r->token && r->pay_url && r->ref && r->card_mask && r->card_hash && r->said && r->reason, " ");
	HOLDS(bank_word(r->said), "%s", r->said);
	HOLDS(bank_mask(r->card_mask), "%s", r->card_mask);
	HOLDS(r->amount_rial >= 0, "%lld", (long long)r->amount_rial);
	HOLDS(r->verdict != GATEWAY_YES || a->body_bytes, "%d", (int)c->op);
	HOLDS(r->verdict != GATEWAY_YES || c->op != GATEWAY_VERIFY || r->amount_rial > 0, " ");
	if (c->op != GATEWAY_START || r->verdict != GATEWAY_YES)
		return;
	HOLDS(r->token[0] && !strpbrk(r->token, "<>\"' &"), "%s", r->token);
	HOLDS(!r->pay_url[0] || !strncmp(r->pay_url, "https://", 8) || !strncmp(r->pay_url, "http://", 7), "%s",
	      r->pay_url);
}

static inline void bank_redirect_holds(void *ctx, const struct gateway *g, const struct gateway_call *c,
				       const struct gateway_result *r)
{
	struct gateway_call start = *c;
	struct gateway_redirect way = {0};

	if (c->op != GATEWAY_START || r->verdict != GATEWAY_YES)
		return;
	start.token = r->token;
	g->redirect(g->self, ctx, &start, r->pay_url, &way);
	HOLDS(!strncmp(way.url, "https://", 8) || !strncmp(way.url, "http://", 7), "%s", way.url);
	HOLDS(!strpbrk(way.url, "\"'<> \r\n"), "%s", way.url);
	HOLDS(way.n_fields <= 4, "%zu", way.n_fields);
}

/* The answer to one call of a gateway. */
static inline void bank_answered(void *ctx, const struct gateway *g, const struct gateway_call *c,
				 const struct http_answer *a)
{
	struct http_request request = {0};
	struct gateway_result r;

	if (!(g->ops & GATEWAY_CAN(c->op)))
		return;
	g->request(g->self, ctx, c, &request);
	memset(&r, 0x5a, sizeof r); /* whoever answers must set everything */
	g->result(g->self, ctx, c, a, &r);
	bank_result_holds(c, a, &r);
	bank_redirect_holds(ctx, g, c, &r);
}

/* A browser's return, "name=value&…" as the form that it is. */
static inline void bank_returned(void *ctx, const struct gateway *g, const struct http_inbound *in)
{
	struct gateway_return back;

	if (g->notified)
		g->notified(g->self, ctx, in);
	memset(&back, 0x5a, sizeof back);
	if (!g->returned || !g->returned(g->self, ctx, in, &back))
		return;
	HOLDS(back.order_id && back.token && back.ref && back.card_mask && back.card_hash && back.said, " ");
	HOLDS(back.order_id[0] || back.token[0], " ");
	HOLDS(bank_word(back.said) && bank_mask(back.card_mask) && back.amount_rial >= 0, "%s", back.card_mask);
}

#endif
