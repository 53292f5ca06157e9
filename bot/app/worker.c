/* Takes due work rows, submits their requests, and records messages' outcomes in groups: see worker.h. */
#include "worker_inside.h"

#include "dispatch.h"
#include "log.h"
#include "recipe.h"
#include "repo_deal.h"
#include "repo_inbox.h"
#include "repo_picture.h"
#include "tell.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

/* Outcomes of messages are recorded together, best of all with the next batch of updates: the message has already left,
 * so a few ms later costs nobody anything, and a crash in between repeats at most a notice. While nothing else is to be
 * done it is sooner, because the next message into the same chat waits for it. */
enum { RECORD_AT = 192 };
static const int64_t record_busy_ms = 50, record_idle_ms = 10;
static const int64_t answer_lives_ms = 60 * SECOND_MS; /* a button's answer is worthless later */
static const int64_t forget_every_ms = MINUTE_MS;

struct worker *worker_new(void *ctx, struct app *a)
{
	struct worker *w = talloc_zero(ctx, struct worker);
	const struct config *c = a->config;

	w->app = a;
	w->max_flights = (size_t)c->send.workers < WORKER_MAX_FLIGHTS ? (size_t)c->send.workers : WORKER_MAX_FLIGHTS;
	w->limiter = limiter_new(w, &(struct limiter_options){.on = c->telegram.rate_limits,
							      .chat_per_s = c->send.chat_per_s,
							      .chat_burst = c->send.chat_burst,
							      .group_per_minute = c->send.group_per_minute,
							      .bulk_per_s = c->send.bulk_per_s});
	w->look = true;
	worker_bank_recover(w, app_now_ms(a));
	return w;
}

void worker_look(struct worker *w)
{
	w->look = true;
}

size_t worker_out(const struct worker *w)
{
	return w->n_flights;
}

size_t worker_waiting(const struct worker *w)
{
	return w->n_taken - w->n_begun + (w->more ? WORKER_TAKE : 0);
}

bool worker_in_flight(const struct worker *w, int64_t id)
{
	for (size_t i = 0; i < w->max_flights; i++)
		if (w->flights[i].busy && w->flights[i].work.id == id)
			return true;
	for (size_t i = 0; i < w->n_outcomes; i++)
		if (w->outcomes[i].work.id == id)
			return true;
	return false;
}

/* Calls to a bank that hangs must not hold every flight: people would wait for its time-outs. */
static bool bank_full(const struct worker *w)
{
	size_t most = w->max_flights > 1 ? w->max_flights / 2 : 1, n = 0;

	for (size_t i = 0; i < w->max_flights; i++)
		n += w->flights[i].busy && w->flights[i].work.kind == WORK_BANK;
	return n >= most;
}

static struct flight *free_flight(struct worker *w)
{
	for (size_t i = 0; i < w->max_flights; i++)
		if (!w->flights[i].busy)
			return &w->flights[i];
	return NULL;
}

void worker_submit(struct worker *w, struct flight *f, struct http_request *request, enum owner owner)
{
	request->owner = owner;
	request->tag = f - w->flights;
	f->busy = true;
	f->out_ms = app_now_ms(w->app);
	w->n_flights++;
	w->app->port->submit(w->app->port->self, request);
}

/* A row's outcome that needed no request: too late, unreadable, postponed. */
void worker_settle(struct worker *w, struct flight *f, enum send_verdict verdict, int64_t retry_ms, const char *reason,
		   int64_t now_ms)
{
	assert(w->n_outcomes < WORKER_MAX_OUTCOMES);
	if (!w->n_outcomes)
		w->oldest_outcome_ms = now_ms;
	w->outcomes[w->n_outcomes++] = (struct recorded){
		.ctx = f->ctx,
		.work = f->work,
		.message = f->message,
		.recipe_sha256 = *f->recipe_sha256 ? talloc_strdup(f->ctx, f->recipe_sha256) : NULL,
		.outcome = {.verdict = verdict, .retry_ms = retry_ms, .reason = reason},
	};
	f->ctx = NULL;
}

/* A redraw finds the newest card now, not when it was decided: by now it may have been sent. A public card that was
 * removed is not sent again: somebody did not want it there. */
static void find_card(struct db_tx *tx, struct flight *f)
{
	enum card_place place = card_subject_place(f->work.subject_id);
	struct outmsg *m = &f->message;
	struct card card;

	if (m->kind != OUT_EDIT || !f->work.subject_id || m->message_id)
		return;
	if (card_get(tx, f->ctx, card_subject_deal(f->work.subject_id), place, &card) && card.chat_id == m->chat_id) {
		m->message_id = card.message_id;
		m->inline_id = card.inline_id;
	} else if (place == CARD_GROUP || place == CARD_INLINE) {
		f->nothing_to_do = true;
	} else {
		m->kind = OUT_TEXT;
	}
}

/* The picture may have been uploaded before. */
static void find_picture(struct db_tx *tx, struct flight *f)
{
	struct outmsg *m = &f->message;

	f->recipe_sha256[0] = '\0';
	if (!m->recipe || m->file_id)
		return;
	sha256_hex(m->recipe, strlen(m->recipe), f->recipe_sha256);
	if (m->kind == OUT_DOCUMENT) /* the same recipe as a PDF is another file */
		f->recipe_sha256[0] = 'p';
	m->file_id = picture_file(tx, f->ctx, f->recipe_sha256);
}

/* What cannot be drawn goes out as its words alone. */
static void draw_picture(struct worker *w, struct flight *f)
{
	struct outmsg *m = &f->message;
	struct picture picture;
	struct recipe recipe;

	if (!m->recipe || m->file_id || !recipe_from_json(f->ctx, m->recipe, &recipe))
		return;
	w->drew = true;
	if (m->kind == OUT_DOCUMENT ? recipe_pdf(f->ctx, &recipe, &picture) : recipe_png(f->ctx, &recipe, &picture)) {
		m->picture = picture.bytes;
		m->picture_bytes = picture.n;
	}
}

/* Answers to buttons and to inline queries are no messages: no limit counts them, and late ones are worthless. */
static bool is_answer(const struct outmsg *m)
{
	return m->kind == OUT_ANSWER || m->kind == OUT_RESULTS;
}

/* Whose limit a message counts against: a chat's, or that of an inline message, which has no chat. */
static int64_t limit_key(const struct outmsg *m)
{
	uint64_t key = 0;

	if (!m->inline_id || !*m->inline_id)
		return m->chat_id;
	for (const char *p = m->inline_id; *p; p++)
		key = key * 31 + (unsigned char)*p;
	return (int64_t)(key & INT64_MAX);
}

static void send_one(struct worker *w, struct flight *f, int64_t now_ms)
{
	bool bulk = f->work.lane == LANE_BULK, group = f->message.chat_id < 0, counts = !is_answer(&f->message);
	int64_t key = limit_key(&f->message);
	struct http_request request = {0};
	int64_t when_ms = counts ? limiter_when(w->limiter, key, group, bulk, now_ms) : now_ms;

	if (!counts && now_ms - f->work.created_ms > answer_lives_ms) {
		worker_settle(w, f, SEND_STALE, 0, "", now_ms);
		return;
	}
	if (when_ms > now_ms) {
		worker_settle(w, f, SEND_SLOW_DOWN, when_ms - now_ms, "waits its turn", now_ms);
		return;
	}
	if (counts)
		limiter_took(w->limiter, key, group, bulk, now_ms);
	draw_picture(w, f);
	w->app->channel->request(w->app->channel->self, f->ctx, &f->message, &request);
	worker_submit(w, f, &request, OWNER_SEND);
}

struct take_job {
	struct worker *worker;
	int64_t now_ms;
	void *ctx;
	struct work *rows;
	size_t n, most;
};

static enum db_result read_due(struct db_tx *tx, void *arg)
{
	struct take_job *job = arg;

	enum work_lane first = bank_full(job->worker) ? LANE_REPLY : LANE_BANK;

	job->n = work_due(tx, job->ctx, job->now_ms, first, job->rows, job->most);
	job->worker->next_due_ms = work_next_due(tx, job->now_ms);
	return DB_DONE;
}

/* Rows that are out or not yet recorded keep their place in the store, so as many more are read. */
static bool take_due(struct worker *w, int64_t now_ms)
{
	struct take_job job = {.worker = w, .now_ms = now_ms, .most = WORKER_TAKE + w->n_flights + w->n_outcomes};

	talloc_free(w->taken_ctx);
	w->n_taken = w->n_begun = 0;
	w->taken_ctx = job.ctx = talloc_new(w);
	w->taken = job.rows = talloc_array(job.ctx, struct work, (unsigned)job.most);
	if (db_read(w->app->db, "due work", read_due, &job) != DB_DONE)
		return false;
	for (size_t i = 0; i < job.n; i++)
		if (!worker_in_flight(w, job.rows[i].id))
			w->taken[w->n_taken++] = job.rows[i];
	w->look = false;
	w->more = job.n == job.most;
	return true;
}

struct start_job {
	struct worker *worker;
	struct flight *flight;
	int64_t now_ms;
	bool useful;
};

static enum db_result find_place(struct db_tx *tx, void *arg)
{
	struct flight *f = arg;

	f->message.chat_id = dispatch_present_chat(tx, f->ctx, f->message.chat_id);
	find_card(tx, f);
	find_picture(tx, f);
	return DB_DONE;
}

static enum db_result prepare_bank(struct db_tx *tx, void *arg)
{
	struct start_job *job = arg;

	job->useful = worker_bank_call(job->worker, tx, job->flight, job->now_ms);
	if (job->useful)
		work_started(tx, job->flight->work.id); /* after a crash from here on its outcome is uncertain */
	return DB_DONE;
}

/* It could not be begun now and waits in the store for another look. */
void worker_put_back(struct worker *w, struct flight *f, int64_t now_ms)
{
	talloc_free(f->ctx);
	f->ctx = NULL;
	if (now_ms + SECOND_MS < w->next_due_ms)
		w->next_due_ms = now_ms + SECOND_MS;
}

static void start_send(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct outmsg *m = &f->message;
	bool as_it_is;

	f->nothing_to_do = false;
	f->recipe_sha256[0] = '\0';
	if (!strcmp(f->work.payload, "{}")) { /* made void: nothing to say any more */
		worker_settle(w, f, SEND_STALE, 0, "", now_ms);
		return;
	}
	if (!outmsg_from_json(f->ctx, f->work.payload, m)) {
		worker_settle(w, f, SEND_REFUSED, 0, "unreadable payload", now_ms);
		return;
	}
	as_it_is = m->chat_id > 0 && m->kind != OUT_EDIT && !m->recipe;
	if (!as_it_is && db_read(w->app->db, "place a message", find_place, f) != DB_DONE)
		worker_put_back(w, f, now_ms);
	else if (f->nothing_to_do)
		worker_settle(w, f, SEND_STALE, 0, "", now_ms);
	else
		send_one(w, f, now_ms);
}

static void start_bank(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct start_job job = {w, f, now_ms, false};
	struct http_request request = {0};

	if (db_tx(w->app->db, "start a bank call", prepare_bank, &job) != DB_DONE) {
		worker_put_back(w, f, now_ms);
		return;
	}
	if (!job.useful) {
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true; /* what waited behind it can go */
		return;
	}
	f->gateway->request(f->gateway->self, f->ctx, &f->call, &request);
	worker_submit(w, f, &request, OWNER_BANK);
}

/* The row's texts belong to the batch's ctx: a flight gets its own copies. */
static void copy_work(struct worker *w, struct flight *f, const struct work *row)
{
	f->ctx = talloc_new(w);
	f->work = *row;
	f->work.chain = talloc_strdup(f->ctx, row->chain);
	f->work.collapse = talloc_strdup(f->ctx, row->collapse);
	f->work.payload = talloc_strdup(f->ctx, row->payload);
	f->work.reason = talloc_strdup(f->ctx, row->reason);
	f->work.origin = talloc_strdup(f->ctx, row->origin);
}

static void start_kind(struct worker *w, struct flight *f, int64_t now_ms)
{
	switch (f->work.kind) {
	case WORK_SEND:
		start_send(w, f, now_ms);
		return;
	case WORK_BANK:
		start_bank(w, f, now_ms);
		return;
	case WORK_FETCH:
		worker_fetch_start(w, f, now_ms);
		return;
	case WORK_IDENTITY:
		worker_identity_start(w, f, now_ms);
		return;
	case WORK_SMS:
		worker_sms_start(w, f, now_ms);
		return;
	}
	worker_settle(w, f, SEND_REFUSED, 0, "unknown kind", now_ms);
}

static void start(struct worker *w, struct flight *f, int64_t now_ms)
{
	log_scope(f->work.origin);
	start_kind(w, f, now_ms);
	log_scope(NULL);
}

/* At most one picture is drawn a step, for that takes as long as many messages: who speaks next does not wait for a
 * row of them. */
static void start_taken(struct worker *w, int64_t now_ms)
{
	w->drew = false;
	while (w->n_begun < w->n_taken && !w->look && !w->drew) {
		struct flight *f = free_flight(w);

		if (!f || w->n_outcomes + w->n_flights + 2 >= WORKER_MAX_OUTCOMES)
			return;
		if (w->taken[w->n_begun].kind == WORK_BANK && bank_full(w)) {
			w->look = true; /* for the rows that are no bank calls; an answer of the bank looks for these */
			return;
		}
		copy_work(w, f, &w->taken[w->n_begun++]);
		start(w, f, now_ms);
	}
}

int64_t worker_step(struct worker *w, int64_t now_ms)
{
	if (now_ms >= w->forget_ms) {
		limiter_forget(w->limiter, now_ms);
		w->forget_ms = now_ms + forget_every_ms;
	}
	if (w->doubtful)
		worker_bank_recover(w, now_ms);
	if (w->n_flights == w->max_flights)
		return INT64_MAX; /* an answer will wake us */
	if (w->more && w->n_begun == w->n_taken)
		w->look = true;
	if ((w->look || now_ms >= w->next_due_ms) && !take_due(w, now_ms))
		return now_ms + SECOND_MS;
	start_taken(w, now_ms);
	return w->look || (w->drew && w->n_begun < w->n_taken) ? now_ms : w->next_due_ms;
}

static void take_outcome(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct send_outcome outcome = {0};
	struct channel *channel = w->app->channel;

	channel->outcome(channel->self, f->ctx, &f->message, answer, &outcome);
	if (outcome.verdict == SEND_SLOW_DOWN)
		limiter_slow_down(w->limiter, limit_key(&f->message), f->work.lane == LANE_BULK,
				  now_ms + outcome.retry_ms);
	w->app->metrics.sends[outcome.verdict]++;
	if (outcome.verdict == SEND_DONE && f->work.lane == LANE_REPLY)
		metrics_took(&w->app->metrics.reply, now_ms - f->work.created_ms);
	worker_settle(w, f, outcome.verdict, outcome.retry_ms, outcome.reason, now_ms);
	w->outcomes[w->n_outcomes - 1].outcome = outcome;
}

/* True when the flight has ended with it; a message's or file's lives on until its outcome is recorded. */
static bool take_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	switch (f->work.kind) {
	case WORK_SEND:
		take_outcome(w, f, answer, now_ms);
		return false;
	case WORK_FETCH:
		worker_fetch_answer(w, f, answer, now_ms);
		return false;
	case WORK_BANK:
		worker_bank_answer(w, f, answer, now_ms);
		return true;
	case WORK_IDENTITY:
		worker_identity_answer(w, f, answer, now_ms);
		return true;
	case WORK_SMS:
		worker_sms_answer(w, f, answer, now_ms);
		return true;
	}
	return true;
}

static const enum metrics_other others[] = {
	[WORK_SEND] = METRICS_CHAT,         [WORK_BANK] = METRICS_BANKS, [WORK_FETCH] = METRICS_FILES,
	[WORK_IDENTITY] = METRICS_IDENTITY, [WORK_SMS] = METRICS_SMS,
};

void worker_answer(struct worker *w, const struct http_event *event, int64_t now_ms)
{
	struct flight *f;

	assert(event->tag >= 0 && event->tag < WORKER_MAX_FLIGHTS);
	f = &w->flights[event->tag];
	assert(f->busy);
	f->busy = false;
	w->n_flights--;
	metrics_took(&w->app->metrics.calls[others[f->work.kind]], now_ms - f->out_ms);
	log_scope(f->work.origin);
	if (take_answer(w, f, &event->answer, now_ms)) {
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true;
	}
	log_scope(NULL);
}

int64_t worker_record_due(const struct worker *w)
{
	bool busy = w->n_flights || worker_waiting(w);
	int64_t due_ms = w->oldest_outcome_ms + (busy ? record_busy_ms : record_idle_ms);

	if (!w->n_outcomes)
		return INT64_MAX;
	return due_ms > w->record_again_ms ? due_ms : w->record_again_ms;
}

struct record_job {
	struct worker *worker;
	int64_t now_ms;
};

static enum db_result record_all(struct db_tx *tx, void *arg)
{
	struct record_job *job = arg;

	for (size_t i = 0; i < job->worker->n_outcomes; i++)
		worker_send_outcome(job->worker, tx, &job->worker->outcomes[i], job->now_ms);
	return DB_DONE;
}

void worker_record_with(struct worker *w, struct db_tx *tx, int64_t now_ms)
{
	struct record_job job = {w, now_ms};

	w->n_riding = 0;
	if (!w->n_outcomes)
		return;
	db_savepoint(tx, "outcomes");
	record_all(tx, &job);
	if (db_savepoint_release(tx) == DB_DONE)
		w->n_riding = w->n_outcomes;
	else
		db_savepoint_rollback(tx);
}

static void forget_outcomes(struct worker *w)
{
	for (size_t i = 0; i < w->n_outcomes; i++)
		talloc_free(w->outcomes[i].ctx);
	w->n_outcomes = w->n_riding = 0;
	w->look = true;
}

void worker_recorded(struct worker *w)
{
	assert(!w->n_riding || w->n_riding == w->n_outcomes); /* nothing is answered inside a transaction */
	if (w->n_riding)
		forget_outcomes(w);
}

/* While the store cannot take outcomes (a full disk) they are kept: forgotten, their messages would be sent again and
 * again. When there is no more room for them nothing more is sent. Only a crash then repeats a notice. */
static bool record_waits(const struct worker *w, int64_t now_ms)
{
	return now_ms < w->record_again_ms && w->record_again_ms - now_ms <= SECOND_MS;
}

void worker_record(struct worker *w, int64_t now_ms, bool last)
{
	struct record_job job = {w, now_ms};

	if (!w->n_outcomes || (!last && record_waits(w, now_ms)))
		return;
	if (!last && w->n_outcomes < RECORD_AT && now_ms < worker_record_due(w))
		return;
	if (db_tx(w->app->db, "record", record_all, &job) == DB_DONE || last) {
		forget_outcomes(w);
		return;
	}
	log_error("outcomes of %zu messages could not be recorded; tried again in a second", w->n_outcomes);
	w->record_again_ms = now_ms + SECOND_MS;
}
