/* The banks: those of the sandbox, without their sockets. A request is handed to them whole and answered at once; their
 * clock is the true one, whatever the program's machine believes. */
#include "simulator.h"

#include "bank.h"
#include "clock.h"
#include "http_fields.h"
#include "js.h"
#include "stub.h"
#include "stub_vandar.h"
#include "waiters.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct server {
	void (*handle)(void *arg, struct request *r);
	void *arg;
};

struct banks {
	struct sim *sim;
	struct world *world;
};

/* The request that is being served: a bank answers before banks_call returns, or never. */
static struct {
	const char *type, *action, *authorization;
	struct wire_answer answer;
} now;

/* --- the server's interface (server.h), without a server --- */

struct server *server_start(const void *ctx, const char *host, uint16_t port,
			    void (*handle)(void *arg, struct request *r), void *arg)
{
	struct server *s = talloc_zero(ctx, struct server);

	(void)host, (void)port;
	s->handle = handle;
	s->arg = arg;
	return s;
}

uint16_t server_port(const struct server *s)
{
	(void)s;
	return 80;
}

void server_answer(struct request *r, const struct answer *a)
{
	(void)r;
	if (a->cut == ANSWER_CUT)
		return; /* as if there were none: what the wire does to answers is the wire's */
	now.answer = (struct wire_answer){(int)a->status, malloc(a->n + 1), a->n};
	if (!now.answer.body)
		abort();
	memcpy(now.answer.body, a->bytes, a->n);
	now.answer.body[a->n] = '\0';
}

void server_drop(struct request *r)
{
	r->drop = true;
}

const char *request_text(const struct request *r, const char *name)
{
	return js_str(r->params, name, NULL);
}

const char *request_header(const struct request *r, const char *name)
{
	(void)r;
	if (!strcmp(name, "Content-Type"))
		return now.type;
	if (!strcmp(name, "SOAPAction"))
		return now.action;
	return strcmp(name, "Authorization") ? "" : now.authorization;
}

/* --- the browser's way back is ours (bank.h) --- */

void callback_post(struct world *w, const struct payment *p, const char *fields, int times, struct request *r)
{
	(void)w, (void)p, (void)fields, (void)times, (void)r;
}

void bank_release(struct world *w)
{
	(void)w;
}

/* --- requests --- */

static void read_pairs(struct request *r, const char *form)
{
	struct http_inbound in = {0};

	http_fields_form(r, &in, form, strlen(form));
	for (size_t i = 0; i < in.n_fields; i++)
		json_object_set_new(r->params, in.fields[i].name, json_string(in.fields[i].value));
}

static void read_body(struct request *r, const char *type)
{
	json_t *j;

	if (!r->body->len)
		return;
	if (!strncmp(type, "application/json", 16) || r->body->data[0] == '{') {
		j = json_loadb(r->body->data, r->body->len, 0, NULL);
		json_object_update(r->params, j);
		json_decref(j);
		r->typed = true;
	} else if (r->body->data[0] != '<') {
		read_pairs(r, r->body->data);
	}
}

static void serve_main(struct world *w, struct request *r)
{
	if (!strncmp(r->path, "/vandar/", 8))
		vandar_serve(w, r);
	else
		bank_serve(w, r);
}

struct wire_answer banks_call(struct banks *b, int host, const char *method, const char *path, const char *type,
			      const char *soap_action, const char *authorization, const char *body, size_t n)
{
	struct world *w = b->world;
	struct server *s = host == BANK_MAIN ? NULL : w->stub_servers[host - BANK_MELLAT];
	struct request *r = talloc_zero(w, struct request);
	size_t query = strcspn(path, "?");

	r->server = s;
	r->verb = talloc_strdup(r, method);
	r->path = talloc_strndup(r, path, query);
	r->body = buf_new(r, BODY_MAX);
	buf_add(r->body, body, n);
	r->params = js_own(r, json_object());
	read_pairs(r, path + query + (path[query] == '?'));
	read_body(r, type);
	now.type = type;
	now.action = soap_action;
	now.authorization = authorization;
	now.answer = (struct wire_answer){0};
	banks_tick(b);
	if (s)
		s->handle(s->arg, r);
	else
		serve_main(w, r);
	talloc_free(r);
	return now.answer;
}

/* --- payers --- */

static void comes_back(struct sim *s, const char *callback, const char *fields, int times)
{
	const char *path = strstr(callback, "://");

	path = path ? strchr(path + 3, '/') : NULL;
	for (int i = 0; path && i < times; i++)
		wire_inbound(s->wire, sim_between(s, 200, i ? 90000 : 4000), "POST", path, fields);
}

/* How the browser comes back: at once, late, twice, or never. */
static void carries(struct banks *b, const char *callback, const char *fields)
{
	struct sim *s = b->sim;
	int64_t luck = s->weather ? sim_below(s, 100) : 99;

	if (luck < 5) {
		sim_trouble(s, TROUBLE_CALLBACK_NEVER);
	} else if (luck < 12) {
		sim_trouble(s, TROUBLE_CALLBACK_TWICE);
		comes_back(s, callback, fields, 2);
	} else if (luck < 16) {
		const char *path = strchr(strstr(callback, "://") + 3, '/');

		sim_trouble(s, TROUBLE_CALLBACK_LATE);
		wire_inbound(s->wire, sim_between(s, 60000, 3 * 3600000), "POST", path, fields);
	} else {
		comes_back(s, callback, fields, 1);
	}
}

static void pay_at_main(struct banks *b, const char *order_id, const char *act)
{
	struct payment *p = bank_payment(b->world, order_id);
	void *ctx = talloc_new(NULL);

	if (p && !bank_decide(b->world, p, act))
		carries(b, p->callback, bank_fields(b->world, ctx, p, !strcmp(act, "forge")));
	talloc_free(ctx);
}

void banks_pay(struct banks *b, const char *gateway, const char *order_id, const char *act, const char *card)
{
	static const char *const names[] = {"mellat", "parsian", "zarinpal"};
	void *ctx = talloc_new(NULL);

	banks_tick(b);
	if (!strcmp(gateway, "sandbox"))
		pay_at_main(b, order_id, act);
	for (int i = 0; i < STUB_BANKS; i++) {
		struct stub_payment *p =
			strcmp(names[i], gateway) ? NULL : stub_by_order(b->world, (enum stub_bank)i, order_id);

		if (p && !stub_decide(b->world, p, strcmp(act, "refuse") ? act : "cancel", card, 51))
			carries(b, p->callback, stub_fields(b->world, ctx, p, act));
	}
	talloc_free(ctx);
}

void banks_tick(struct banks *b)
{
	bank_tick(b->world);
	stubs_tick(b->world);
}

/* What Vandar has sent or is about to send. */
static int64_t sent_by_vandar(struct world *w)
{
	json_t *state = json_object(), *one;
	int64_t sum = 0;
	size_t i;

	vandar_state(w, state);
	json_array_foreach(json_object_get(json_object_get(state, "vandar"), "settlements"), i,
			   one) if (strcmp(json_string_value(json_object_get(one, "status")), "FAILED") != 0) sum +=
		json_integer_value(json_object_get(one, "amount"));
	json_decref(state);
	return sum;
}

void banks_set_tokens(struct banks *b, int number)
{
	struct request *r = talloc_zero(b->world, struct request);

	r->params = js_own(r, json_pack("{sisi}", "token", number, "least", 1));
	vandar_act(b->world, r);
	free(now.answer.body);
	now.answer = (struct wire_answer){0};
	talloc_free(r);
}

int64_t banks_hold(struct banks *b, int64_t *paid_out)
{
	struct world *w = b->world;
	int64_t held = 0;

	banks_tick(b);
	*paid_out = sent_by_vandar(b->world);
	held -= *paid_out;
	for (size_t i = 0; i < w->bank->n_payments; i++) {
		const struct payment *p = w->bank->payments[i];

		if (p->state == PAY_VERIFIED || p->state == PAY_SETTLED || p->state == PAY_REFUNDED)
			held += p->amount;
	}
	for (size_t i = 0; i < w->stubs->n; i++) {
		const struct stub_payment *p = w->stubs->payments[i];

		if (p->state == STUB_VERIFIED || p->state == STUB_SETTLED)
			held += p->amount - p->refunded;
	}
	for (size_t i = 0; i < w->bank->n_refunds; i++)
		held -= w->bank->refunds[i]->amount;
	for (size_t i = 0; i < w->bank->n_payouts; i++) {
		const char *iban = w->bank->payouts[i]->iban;

		if (strcmp(iban + strlen(iban) - 3, "000")) {
			held -= w->bank->payouts[i]->amount;
			*paid_out += w->bank->payouts[i]->amount;
		}
	}
	return held;
}

static int64_t true_time(void *arg)
{
	return ((const struct sim *)arg)->now_ms;
}

struct banks *banks_new(struct sim *s)
{
	static const uint16_t ports[STUB_BANKS];
	struct banks *b = talloc_zero(NULL, struct banks);
	struct world *w = b->world = talloc_zero(b, struct world);

	b->sim = s;
	w->clock = (struct clock){true_time, s, 0, NULL};
	w->rnd = rnd_seeded(&s->chance);
	w->version = 1;
	w->waiters = waiters_new(w);
	world_populate(w);
	stubs_listen(w, "bank", ports);
	snprintf(w->url, sizeof w->url, "http://main.sim");
	return b;
}

void banks_free(struct banks *b)
{
	world_clear(b->world);
	talloc_free(b);
}
