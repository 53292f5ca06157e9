/* The practice bank's books and its protocol for shops: see bank.h. */
#include "bank.h"

#include "faults.h"
#include "js.h"
#include "reply.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const char *const state_names[] = {
	[PAY_CREATED] = "created", [PAY_PAID] = "paid",         [PAY_VERIFIED] = "verified", [PAY_SETTLED] = "settled",
	[PAY_REFUSED] = "refused", [PAY_REVERSED] = "reversed", [PAY_REFUNDED] = "refunded",
};

static const struct {
	enum bank_code code;
	const char *text;
} messages[] = {
	{BANK_OK, "ok"},
	{BANK_CANCELLED, "the payer cancelled"},
	{BANK_BAD_TERMINAL, "bad terminal or password"},
	{BANK_ORDER_USED, "order id already used"},
	{BANK_NO_PAYMENT, "no such payment"},
	{BANK_VERIFIED_ALREADY, "already verified"},
	{BANK_NOT_PAID, "not paid, nothing to verify"},
	{BANK_SETTLED_ALREADY, "already settled"},
	{BANK_NOT_VERIFIED, "not verified yet"},
	{BANK_REVERSED_ALREADY, "already reversed"},
	{BANK_TOO_LATE, "too late to reverse: settled"},
	{BANK_REFUND_DIFFERS, "refund id used with other content"},
	{BANK_OVER_AMOUNT, "over the paid amount"},
	{BANK_NO_TRACK, "no such track id"},
	{BANK_BAD_IBAN, "bad IBAN"},
	{BANK_PAYOUT_DIFFERS, "track id used with other content"},
	{BANK_BAD_AMOUNT, "amount out of limits"},
	{BANK_BUSY, "busy, try again"},
};

struct bank *bank_new(void *ctx)
{
	struct bank *b = talloc_zero(ctx, struct bank);

	b->payments = talloc_zero_array(b, struct payment *, PAYMENTS_MAX);
	b->payouts = talloc_zero_array(b, struct transfer *, TRANSFERS_MAX);
	b->refunds = talloc_zero_array(b, struct transfer *, TRANSFERS_MAX);
	return b;
}

const char *payment_state_name(enum payment_state s)
{
	return state_names[s];
}

/* Newest first: the payments asked for are nearly always the last ones. */
struct payment *bank_payment(struct world *w, const char *wish)
{
	struct bank *b = w->bank;

	if (strcmp(wish, "newest") == 0)
		return b->n_payments ? b->payments[b->n_payments - 1] : NULL;
	for (size_t i = b->n_payments; i-- > 0;)
		if (strcmp(b->payments[i]->order_id, wish) == 0 || strcmp(b->payments[i]->token, wish) == 0)
			return b->payments[i];
	return NULL;
}

static struct payment *order(struct world *w, const json_t *p)
{
	const char *id = js_str(p, "order_id", "");

	for (size_t i = w->bank->n_payments; i-- > 0;)
		if (strcmp(w->bank->payments[i]->order_id, id) == 0)
			return w->bank->payments[i];
	return NULL;
}

static enum bank_code call_token(struct world *w, const json_t *in, json_t *out)
{
	struct bank *b = w->bank;
	const char *id = js_str(in, "order_id", ""), *callback = js_str(in, "callback", "");
	int64_t amount = js_int(in, "amount", 0);
	struct payment *p;

	if (amount < AMOUNT_MIN || amount > AMOUNT_MAX)
		return BANK_BAD_AMOUNT;
	if (!*id || strlen(id) > ID_MAX || strlen(callback) > CALLBACK_MAX || strncmp(callback, "http", 4) != 0)
		return BANK_NO_PAYMENT;
	if (order(w, in))
		return BANK_ORDER_USED;
	if (b->n_payments == PAYMENTS_MAX)
		return BANK_BUSY;
	p = b->payments[b->n_payments++] = talloc_zero(b, struct payment);
	p->amount = amount;
	snprintf(p->order_id, sizeof p->order_id, "%s", id);
	snprintf(p->callback, sizeof p->callback, "%s", callback);
	p->created_ms = world_now_ms(w);
	snprintf(p->token, sizeof p->token, "%s", rnd_token(p, &w->rnd, 16));
	snprintf(p->card, sizeof p->card, "603799******%04zu", 1000 + b->n_payments % 9000);
	json_object_set_new(out, "token", json_string(p->token));
	json_object_set_new(out, "pay_url", json_sprintf("%s/bank/pay?token=%s", w->url, p->token));
	world_changed(w);
	return BANK_OK;
}

static void tell_payment(const struct payment *p, json_t *out)
{
	json_object_set_new(out, "amount", json_integer(p->amount));
	json_object_set_new(out, "ref", json_string(p->ref));
	json_object_set_new(out, "card", json_string(*p->ref ? p->card : ""));
}

static enum bank_code call_verify(struct world *w, const json_t *in, json_t *out)
{
	struct payment *p = order(w, in);

	if (!p)
		return BANK_NO_PAYMENT;
	switch (p->state) {
	case PAY_CREATED:
		return BANK_NOT_PAID;
	case PAY_REVERSED:
		return BANK_REVERSED_ALREADY;
	case PAY_REFUSED:
		return BANK_CANCELLED;
	case PAY_PAID:
		p->state = PAY_VERIFIED;
		tell_payment(p, out);
		world_changed(w);
		return BANK_OK;
	case PAY_VERIFIED:
	case PAY_SETTLED:
	case PAY_REFUNDED:
		tell_payment(p, out);
		return BANK_VERIFIED_ALREADY;
	}
	return BANK_NO_PAYMENT;
}

static enum bank_code call_settle(struct world *w, const json_t *in, json_t *out)
{
	struct payment *p = order(w, in);

	(void)out;
	if (!p)
		return BANK_NO_PAYMENT;
	switch (p->state) {
	case PAY_CREATED:
	case PAY_PAID:
		return BANK_NOT_VERIFIED;
	case PAY_REFUSED:
		return BANK_NOT_PAID;
	case PAY_REVERSED:
		return BANK_REVERSED_ALREADY;
	case PAY_VERIFIED:
		p->state = PAY_SETTLED;
		world_changed(w);
		return BANK_OK;
	case PAY_SETTLED:
	case PAY_REFUNDED:
		return BANK_SETTLED_ALREADY;
	}
	return BANK_NO_PAYMENT;
}

static enum bank_code call_inquiry(struct world *w, const json_t *in, json_t *out)
{
	const struct payment *p = order(w, in);

	if (!p)
		return BANK_NO_PAYMENT;
	tell_payment(p, out);
	json_object_set_new(out, "state", json_string(state_names[p->state]));
	return BANK_OK;
}

static enum bank_code call_reverse(struct world *w, const json_t *in, json_t *out)
{
	struct payment *p = order(w, in);

	(void)out;
	if (!p)
		return BANK_NO_PAYMENT;
	switch (p->state) {
	case PAY_CREATED:
	case PAY_REFUSED:
		return BANK_NOT_PAID;
	case PAY_PAID:
	case PAY_VERIFIED:
		p->state = PAY_REVERSED;
		world_changed(w);
		return BANK_OK;
	case PAY_SETTLED:
	case PAY_REFUNDED:
		return BANK_TOO_LATE;
	case PAY_REVERSED:
		return BANK_REVERSED_ALREADY;
	}
	return BANK_NO_PAYMENT;
}

static struct transfer *track(struct transfer **list, size_t n, const json_t *in)
{
	const char *id = js_str(in, "track_id", "");

	for (size_t i = n; i-- > 0;)
		if (strcmp(list[i]->track_id, id) == 0)
			return list[i];
	return NULL;
}

/* An account that was closed sends the money back: here, every IBAN that ends in 000. */
static const char *transfer_state(const struct world *w, const struct transfer *t)
{
	int64_t age_ms = world_now_ms(w) - t->at_ms;
	size_t n = strlen(t->iban);

	if (age_ms < SENT_AFTER_MS)
		return "queued";
	if (age_ms < DONE_AFTER_MS)
		return "sent";
	return n >= 3 && strcmp(t->iban + n - 3, "000") == 0 ? "returned" : "done";
}

static void tell_transfer(const struct world *w, const struct transfer *t, json_t *out)
{
	const char *state = transfer_state(w, t);

	json_object_set_new(out, "state", json_string(state));
	json_object_set_new(out, "reason", json_string(strcmp(state, "returned") == 0 ? "account closed" : ""));
}

static struct transfer *transfer_new(struct world *w, struct transfer **list, size_t *n, const json_t *in)
{
	struct transfer *t = list[(*n)++] = talloc_zero(w->bank, struct transfer);

	snprintf(t->track_id, sizeof t->track_id, "%s", js_str(in, "track_id", ""));
	snprintf(t->order_id, sizeof t->order_id, "%s", js_str(in, "order_id", ""));
	snprintf(t->iban, sizeof t->iban, "%s", js_str(in, "iban", ""));
	snprintf(t->name, sizeof t->name, "%.120s", js_str(in, "name", ""));
	t->amount = js_int(in, "amount", 0);
	t->at_ms = world_now_ms(w);
	world_changed(w);
	return t;
}

static bool track_usable(const json_t *in)
{
	size_t n = strlen(js_str(in, "track_id", ""));

	return n > 0 && n <= ID_MAX;
}

static enum bank_code call_refund(struct world *w, const json_t *in, json_t *out)
{
	struct bank *b = w->bank;
	struct payment *p = order(w, in);
	const struct transfer *old = track(b->refunds, b->n_refunds, in);
	int64_t amount = js_int(in, "amount", 0);

	if (old) {
		tell_transfer(w, old, out);
		return old->amount == amount && strcmp(old->order_id, js_str(in, "order_id", "")) == 0
			       ? BANK_OK
			       : BANK_REFUND_DIFFERS;
	}
	if (!p)
		return BANK_NO_PAYMENT;
	if (p->state == PAY_PAID)
		return BANK_NOT_VERIFIED;
	if (p->state == PAY_REVERSED)
		return BANK_REVERSED_ALREADY;
	if (p->state != PAY_VERIFIED && p->state != PAY_SETTLED && p->state != PAY_REFUNDED)
		return BANK_NOT_PAID;
	if (amount < 1 || !track_usable(in))
		return BANK_BAD_AMOUNT;
	if (amount > p->amount - p->refunded)
		return BANK_OVER_AMOUNT;
	if (b->n_refunds == TRANSFERS_MAX)
		return BANK_BUSY;
	p->refunded += amount;
	if (p->refunded == p->amount)
		p->state = PAY_REFUNDED;
	tell_transfer(w, transfer_new(w, b->refunds, &b->n_refunds, in), out);
	return BANK_OK;
}

/* ISO 13616: the letters as numbers, the first four characters last, the rest of the division by 97 is one. */
static bool iban_valid(const char *iban)
{
	int rest = 0;

	if (strlen(iban) != 26 || strncmp(iban, "IR", 2) != 0 || strspn(iban + 2, "0123456789") != 24)
		return false;
	for (int i = 4; i < 26; i++)
		rest = (rest * 10 + iban[i] - '0') % 97;
	rest = (rest * 100 + 18) % 97; /* I */
	rest = (rest * 100 + 27) % 97; /* R */
	for (int i = 2; i < 4; i++)
		rest = (rest * 10 + iban[i] - '0') % 97;
	return rest == 1;
}

static enum bank_code call_payout(struct world *w, const json_t *in, json_t *out)
{
	struct bank *b = w->bank;
	const struct transfer *old = track(b->payouts, b->n_payouts, in);
	const char *iban = js_str(in, "iban", "");
	int64_t amount = js_int(in, "amount", 0);

	if (old) {
		tell_transfer(w, old, out);
		return old->amount == amount && strcmp(old->iban, iban) == 0 ? BANK_OK : BANK_PAYOUT_DIFFERS;
	}
	if (amount < 1 || !track_usable(in))
		return BANK_BAD_AMOUNT;
	if (!iban_valid(iban))
		return BANK_BAD_IBAN;
	if (b->n_payouts == TRANSFERS_MAX)
		return BANK_BUSY;
	tell_transfer(w, transfer_new(w, b->payouts, &b->n_payouts, in), out);
	return BANK_OK;
}

static enum bank_code call_payout_inquiry(struct world *w, const json_t *in, json_t *out)
{
	const struct transfer *t = track(w->bank->payouts, w->bank->n_payouts, in);

	if (!t)
		return BANK_NO_TRACK;
	tell_transfer(w, t, out);
	return BANK_OK;
}

static enum bank_code call_refund_inquiry(struct world *w, const json_t *in, json_t *out)
{
	const struct transfer *t = track(w->bank->refunds, w->bank->n_refunds, in);

	if (!t)
		return BANK_NO_TRACK;
	tell_transfer(w, t, out);
	return BANK_OK;
}

static const struct {
	const char *name;
	enum bank_code (*call)(struct world *w, const json_t *in, json_t *out);
} calls[] = {
	{"token", call_token},
	{"verify", call_verify},
	{"settle", call_settle},
	{"inquiry", call_inquiry},
	{"reverse", call_reverse},
	{"refund", call_refund},
	{"refund_inquiry", call_refund_inquiry},
	{"payout", call_payout},
	{"payout_inquiry", call_payout_inquiry},
};

static bool known_shop(const struct world *w, const json_t *in)
{
	const char *password = js_str(in, "password", "");

	if (!*js_str(in, "terminal", "") || !*password)
		return false;
	return w->bank_password ? strcmp(password, w->bank_password) == 0 : strcmp(password, "wrong") != 0;
}

static const char *message_of(enum bank_code code)
{
	size_t i = 0;

	while (messages[i].code != code)
		i++;
	return messages[i].text;
}

static void serve_call(struct world *w, struct request *r, size_t i)
{
	struct fault f = fault_take(w, talloc_asprintf(r, "bank.%s", calls[i].name), "bank.*", false);
	json_t *out = json_object();
	enum bank_code code;

	if (reply_fault(w, r, &f)) {
		json_decref(out);
		return;
	}
	bank_tick(w);
	code = f.kind == FAULT_BUSY        ? BANK_BUSY
	       : r->bad || !r->typed       ? BANK_BAD_TERMINAL
	       : !known_shop(w, r->params) ? BANK_BAD_TERMINAL
					   : calls[i].call(w, r->params, out);
	json_object_set_new(out, "code", json_integer(code));
	json_object_set_new(out, "message", json_string(message_of(code)));
	reply_json(w, r, 200, out);
}

void bank_serve(struct world *w, struct request *r)
{
	if (strcmp(r->path, "/bank/pay") == 0) {
		bank_page(w, r);
		return;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strncmp(r->path, "/bank/api/", 10) == 0 && strcmp(r->path + 10, calls[i].name) == 0 &&
		    strcmp(r->verb, "POST") == 0) {
			serve_call(w, r, i);
			return;
		}
	reply_sim_error(w, r, "the bank has no %s %s; docs/sandbox.md lists what it has", r->verb, r->path);
}

json_t *bank_payment_json(const struct payment *p)
{
	return json_pack("{sssssssssssIsIsIsI}", "order_id", p->order_id, "token", p->token, "state",
			 state_names[p->state], "ref", p->ref, "callback", p->callback, "amount", (json_int_t)p->amount,
			 "refunded", (json_int_t)p->refunded, "created_ms", (json_int_t)p->created_ms, "paid_ms",
			 (json_int_t)p->paid_ms);
}

static json_t *transfers_json(const struct world *w, struct transfer *const *list, size_t n)
{
	json_t *out = json_array();

	for (size_t i = n > 500 ? n - 500 : 0; i < n; i++)
		json_array_append_new(out, json_pack("{sssssssssIss}", "track_id", list[i]->track_id, "order_id",
						     list[i]->order_id, "iban", list[i]->iban, "name", list[i]->name,
						     "amount", (json_int_t)list[i]->amount, "state",
						     transfer_state(w, list[i])));
	return out;
}

void bank_state(const struct world *w, json_t *state)
{
	const struct bank *b = w->bank;
	json_t *payments = json_array();

	for (size_t i = b->n_payments > 500 ? b->n_payments - 500 : 0; i < b->n_payments; i++)
		json_array_append_new(payments, bank_payment_json(b->payments[i]));
	json_object_set_new(state, "payments", payments);
	json_object_set_new(state, "payouts", transfers_json(w, b->payouts, b->n_payouts));
	json_object_set_new(state, "refunds", transfers_json(w, b->refunds, b->n_refunds));
}
