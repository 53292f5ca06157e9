/* The wire: requests travel in virtual time to Telegram and the banks, answers travel back, and the weather is bad on
 * order. It is the only clock that moves: the program waits here. */
#include "simulator.h"

#include "http_fields.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { EVENTS_MAX = 16384, READY_MAX = 1024, HOSTS = 1 + HOSTS_OF_BANKS, TELEGRAM_HOST = HOSTS_OF_BANKS };

enum kind { ARRIVES, ANSWERS, COMES_IN, CALLS };

/* What a request is, as far as the other side reads it. */
struct sent {
	int host, owner;
	int64_t tag, life, timeout_ms;
	uint64_t id;
	bool poll;
	enum trouble trouble; /* TROUBLES: none */
	char *method, *path, *type, *action, *authorization, *body;
	size_t n;
};

struct event {
	int64_t due_ms, number; /* in the order of time, then as they were made */
	enum kind kind;
	struct sent *sent; /* ARRIVES, ANSWERS */
	struct wire_answer answer;
	enum http_result result;
	char *method, *path, *form; /* COMES_IN */
	void (*fn)(struct sim *s, int64_t arg);
	int64_t arg;
};

struct wire {
	struct sim *sim;
	struct http_port port;
	struct event *heap[EVENTS_MAX];
	size_t n;
	int64_t number;
	uint64_t ids;
	struct event *ready[READY_MAX]; /* for the program to take */
	size_t ready_first, n_ready;
	struct sent *poll; /* the long poll that waits */
	struct event *poll_end;
	int64_t down_until_ms[HOSTS];
};

/* --- the order of events --- */

static bool before(const struct event *a, const struct event *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->number < b->number;
}

static void push(struct wire *w, struct event *e)
{
	size_t i = w->n++;

	assert(w->n <= EVENTS_MAX);
	e->number = ++w->number;
	for (; i && before(e, w->heap[(i - 1) / 2]); i = (i - 1) / 2)
		w->heap[i] = w->heap[(i - 1) / 2];
	w->heap[i] = e;
}

static struct event *pop(struct wire *w)
{
	struct event *first = w->heap[0], *last = w->heap[--w->n];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < w->n; i = child) {
		if (child + 1 < w->n && before(w->heap[child + 1], w->heap[child]))
			child++;
		if (!before(w->heap[child], last))
			break;
		w->heap[i] = w->heap[child];
	}
	w->heap[i] = last;
	return first;
}

static struct event *event_new(struct wire *w, enum kind kind, int64_t delay_ms)
{
	struct event *e = talloc_zero(w, struct event);

	e->kind = kind;
	e->due_ms = w->sim->now_ms + delay_ms;
	return e;
}

static int event_gone(struct event *e)
{
	free(e->answer.body);
	return 0;
}

void wire_later(struct wire *w, int64_t delay_ms, void (*fn)(struct sim *s, int64_t arg), int64_t arg)
{
	struct event *e = event_new(w, CALLS, delay_ms);

	e->fn = fn;
	e->arg = arg;
	push(w, e);
}

void wire_inbound(struct wire *w, int64_t delay_ms, const char *method, const char *path, const char *form)
{
	struct event *e = event_new(w, COMES_IN, delay_ms);

	e->method = talloc_strdup(e, method);
	e->path = talloc_strdup(e, path);
	e->form = talloc_strdup(e, form);
	push(w, e);
}

/* --- out --- */

/* "http://H.sim/PATH": which host that is. */
static int host_of(const char *url, const char **path)
{
	static const char *const names[HOSTS] = {"main", "mellat", "parsian", "zarinpal", "telegram"};

	if (!strncmp(url, "http://", 7))
		url += 7;
	*path = url + strcspn(url, "/");
	for (int i = 0; i < HOSTS; i++)
		if (!strncmp(url, names[i], strlen(names[i])) && url[strlen(names[i])] == '.')
			return i;
	return -1;
}

static const char *header(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_headers; i++)
		if (!strcasecmp(r->headers[i].name, name))
			return r->headers[i].value;
	return "";
}

/* The plain fields of a multipart body as a JSON text of strings is all that Telegram's side reads of it. */
static char *fields_of(void *ctx, const struct http_request *r, size_t *n)
{
	char *out = talloc_strdup(ctx, "");

	for (size_t i = 0; i < r->n_parts; i++)
		if (!r->parts[i].filename)
			out = talloc_asprintf_append(out, "%s%s\x1f%.*s", i ? "\x1e" : "", r->parts[i].name,
						     (int)r->parts[i].n, (const char *)r->parts[i].bytes);
	*n = strlen(out);
	return out;
}

static struct sent *sent_new(struct wire *w, const struct http_request *r, uint64_t id)
{
	struct sent *s = talloc_zero(w, struct sent);
	const char *path;

	s->host = host_of(r->url, &path);
	s->owner = r->owner;
	s->tag = r->tag;
	s->life = w->sim->life;
	s->id = id;
	s->timeout_ms = r->timeout_ms;
	s->trouble = TROUBLES;
	s->method = talloc_strdup(s, r->method);
	s->path = talloc_strdup(s, path);
	s->type = talloc_strdup(s, header(r, "Content-Type"));
	s->action = talloc_strdup(s, header(r, "SOAPAction"));
	s->authorization = talloc_strdup(s, header(r, "Authorization"));
	s->n = r->body_bytes;
	s->body = r->n_parts ? fields_of(s, r, &s->n) : talloc_strndup(s, r->body ? r->body : "", r->body_bytes);
	s->poll = strstr(path, "/getUpdates") != NULL;
	return s;
}

static const struct {
	enum trouble trouble;
	int per_100000;
} weather[] = {
	{TROUBLE_SEND_UNSENT, 500}, {TROUBLE_SEND_LOST, 600},  {TROUBLE_SEND_HANG, 300}, {TROUBLE_SEND_500, 300},
	{TROUBLE_SEND_HTML, 200},   {TROUBLE_SEND_EMPTY, 200}, {TROUBLE_SEND_CUT, 200},  {TROUBLE_SEND_429, 300},
};

static enum trouble weather_for(struct wire *w, const struct sent *r)
{
	struct sim *s = w->sim;
	/* Calls of banks are few, and what goes wrong with them matters most. */
	int64_t luck = s->weather ? sim_below(s, r->host == TELEGRAM_HOST ? 100000 : 20000) : 100000;

	if (s->now_ms < w->down_until_ms[r->host])
		return TROUBLE_SEND_UNSENT;
	for (size_t i = 0; i < sizeof weather / sizeof *weather; i++) {
		luck -= weather[i].per_100000;
		if (luck < 0)
			return weather[i].trouble;
	}
	return TROUBLES;
}

static void answer_later(struct wire *w, struct sent *r, int64_t delay_ms, enum http_result result,
			 struct wire_answer a)
{
	struct event *e = event_new(w, ANSWERS, delay_ms);

	talloc_set_destructor(e, event_gone);
	e->sent = r;
	e->result = result;
	e->answer = a;
	push(w, e);
}

static struct wire_answer text_answer(int status, const char *text)
{
	return (struct wire_answer){status, strdup(text), strlen(text)};
}

static uint64_t submit(void *self, const struct http_request *request)
{
	struct wire *w = self;
	struct sim *s = w->sim;
	struct sent *r = sent_new(w, request, ++w->ids);
	int64_t way_ms = sim_between(s, 15, 120);

	s->tally->requests += !s->dead;
	if (s->dead) {
		talloc_free(r);
		return w->ids;
	}
	assert(r->host >= 0);
	r->trouble = weather_for(w, r);
	if (r->trouble != TROUBLES)
		sim_trouble(s, r->trouble);
	sim_note(s, "> %d %s %s%s", r->host,
		 r->path[0] == '/' && strstr(r->path, BOT_TOKEN) ? strrchr(r->path, '/') : r->path,
		 r->poll ? "" : r->body, r->trouble == TROUBLES ? "" : trouble_names[r->trouble]);
	if (r->trouble == TROUBLE_SEND_UNSENT) {
		answer_later(w, r, way_ms, HTTP_UNSENT, (struct wire_answer){0});
	} else if (r->trouble == TROUBLE_SEND_HANG) {
		answer_later(w, r, r->timeout_ms, HTTP_BROKEN, (struct wire_answer){0});
	} else {
		struct event *e = event_new(w, ARRIVES, way_ms);

		e->sent = r;
		push(w, e);
	}
	return w->ids;
}

static void cancel(void *self, uint64_t id)
{
	(void)self, (void)id; /* its event comes as it would have */
}

/* --- at the other side --- */

static void spoil(struct wire *w, struct sent *r, struct wire_answer a)
{
	int64_t back_ms = sim_between(w->sim, 15, 400);

	if (r->trouble == TROUBLE_SEND_LOST) {
		free(a.body);
		answer_later(w, r, r->timeout_ms, HTTP_BROKEN, (struct wire_answer){0});
		return;
	}
	if (r->trouble == TROUBLE_SEND_EMPTY) {
		free(a.body);
		a = text_answer(200, "");
	}
	if (r->trouble == TROUBLE_SEND_CUT && a.body) {
		a.n /= 2;
		a.body[a.n] = '\0';
	}
	if (a.status)
		answer_later(w, r, back_ms, HTTP_ANSWERED, a);
	else
		answer_later(w, r, r->timeout_ms, HTTP_BROKEN, a);
}

static struct wire_answer ask(struct wire *w, struct sent *r, bool *poll)
{
	struct sim *s = w->sim;

	if (r->host != TELEGRAM_HOST)
		return banks_call(s->banks, r->host, r->method, r->path, r->type, r->action, r->authorization, r->body,
				  r->n);
	return chats_call(s->chats, strrchr(r->path, '/') + 1, r->body, poll);
}

static void end_poll(struct sim *s, int64_t id)
{
	struct wire *w = s->wire;

	if (w->poll && (int64_t)w->poll->id == id)
		wire_answer_poll(w);
}

static void arrives(struct wire *w, struct sent *r)
{
	struct wire_answer a;
	bool poll = false;

	if (r->trouble == TROUBLE_SEND_500) {
		spoil(w, r,
		      text_answer(500, "{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error\"}"));
		return;
	}
	if (r->trouble == TROUBLE_SEND_HTML) {
		spoil(w, r, text_answer(200, "<html><h1>Maintenance</h1></html>"));
		return;
	}
	if (r->trouble == TROUBLE_SEND_429) {
		spoil(w, r,
		      r->host == TELEGRAM_HOST ? text_answer(429, "{\"ok\":false,\"error_code\":429,\"description\":"
								  "\"Too Many Requests: retry after 3\","
								  "\"parameters\":{\"retry_after\":3}}")
					       : text_answer(429, ""));
		return;
	}
	a = ask(w, r, &poll);
	if (!poll) {
		spoil(w, r, a);
		return;
	}
	if (w->poll) { /* the older one is ended by the newer, as Telegram does */
		struct sent *old = w->poll;

		w->poll = NULL;
		spoil(w, old,
		      text_answer(409, "{\"ok\":false,\"error_code\":409,\"description\":\"Conflict: terminated by "
				       "other getUpdates request\"}"));
	}
	w->poll = r;
	wire_later(w, r->timeout_ms - 5000, end_poll, (int64_t)r->id);
}

void wire_answer_poll(struct wire *w)
{
	struct sent *r = w->poll;

	if (!r)
		return;
	w->poll = NULL;
	spoil(w, r, chats_poll(w->sim->chats));
}

/* --- in --- */

static void make_ready(struct wire *w, struct event *e)
{
	assert(w->n_ready < READY_MAX);
	w->ready[(w->ready_first + w->n_ready++) % READY_MAX] = e;
}

/* One event; true when the program has something to take. */
static bool happen(struct wire *w)
{
	struct event *e = pop(w);
	struct sim *s = w->sim;

	if (e->due_ms > s->now_ms)
		s->now_ms = e->due_ms;
	s->n_events++;
	switch (e->kind) {
	case ARRIVES:
		arrives(w, e->sent);
		break;
	case CALLS:
		e->fn(s, e->arg);
		break;
	case ANSWERS:
		if (e->sent->life != s->life || !s->app || s->dead) {
			talloc_free(e->sent);
			break;
		}
		make_ready(w, e);
		return true;
	case COMES_IN:
		if (!s->app || s->dead)
			break; /* a browser that finds nobody */
		make_ready(w, e);
		return true;
	}
	talloc_free(e);
	return false;
}

static void wait_for(void *self, int64_t at_most_ms)
{
	struct wire *w = self;
	struct sim *s = w->sim;
	int64_t until_ms = s->now_ms + at_most_ms;

	while (!s->dead && !w->n_ready && w->n && w->heap[0]->due_ms <= until_ms)
		if (happen(w))
			return;
	if (!s->dead && !w->n_ready && s->now_ms < until_ms)
		s->now_ms = until_ms;
}

void wire_pass(struct wire *w, int64_t ms)
{
	int64_t until_ms = w->sim->now_ms + ms;

	while (w->n && w->heap[0]->due_ms <= until_ms)
		happen(w);
	w->sim->now_ms = until_ms;
}

static bool take(void *self, void *ctx, struct http_event *out)
{
	struct wire *w = self;
	struct event *e;

	if (!w->n_ready || w->sim->dead)
		return false;
	e = w->ready[w->ready_first];
	w->ready_first = (w->ready_first + 1) % READY_MAX;
	w->n_ready--;
	talloc_steal(ctx, e);
	*out = (struct http_event){.kind = HTTP_EVENT_INBOUND, .id = ++w->ids};
	if (e->kind == COMES_IN) {
		out->inbound = (struct http_inbound){
			.method = e->method, .path = e->path, .peer = "10.0.0.1", .language = "fa", .body = ""};
		http_fields_form(e, &out->inbound, e->form, strlen(e->form));
		sim_note(w->sim, "< %s %s %s", e->method, e->path, e->form);
		return true;
	}
	talloc_steal(e, e->sent);
	out->kind = HTTP_EVENT_ANSWER;
	out->id = e->sent->id;
	out->owner = e->sent->owner;
	out->tag = e->sent->tag;
	out->answer = (struct http_answer){.result = e->result,
					   .status = e->result == HTTP_ANSWERED ? e->answer.status : 0,
					   .body = e->answer.body ? e->answer.body : "",
					   .body_bytes = e->answer.n,
					   .retry_after_s = -1,
					   .sandbox_ahead_ms = -1,
					   .trouble = e->result == HTTP_ANSWERED ? "" : "the weather"};
	return true;
}

static void reply(void *self, uint64_t id, const struct http_reply *r)
{
	struct wire *w = self;

	(void)id;
	if (!w->sim->dead)
		sim_note(w->sim, "= %d", r->status);
}

struct wire *wire_new(struct sim *s)
{
	struct wire *w = talloc_zero(NULL, struct wire);

	w->sim = s;
	w->port = (struct http_port){w, submit, cancel, wait_for, take, reply};
	return w;
}

void wire_free(struct wire *w)
{
	talloc_free(w);
}

void *wire_port(struct wire *w)
{
	return &w->port;
}

void wire_cut(struct wire *w)
{
	while (w->n_ready) {
		talloc_free(w->ready[w->ready_first]);
		w->ready_first = (w->ready_first + 1) % READY_MAX;
		w->n_ready--;
	}
	w->poll = NULL;
}

void wire_host_down(struct wire *w, int host, int64_t until_ms)
{
	w->down_until_ms[host] = until_ms;
}
