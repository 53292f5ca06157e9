/* Takes due work rows, submits their requests, and records messages' outcomes in groups: see worker.h. */
#include "worker_inside.h"

#include "log.h"
#include "qr.h"
#include "repo_deal.h"
#include "repo_inbox.h"
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
	return w->n_taken - w->n_begun;
}

static bool in_flight(const struct worker *w, int64_t id)
{
	for (size_t i = 0; i < w->max_flights; i++)
		if (w->flights[i].busy && w->flights[i].work.id == id)
			return true;
	for (size_t i = 0; i < w->n_outcomes; i++)
		if (w->outcomes[i].work.id == id)
			return true;
	return false;
}

static struct flight *free_flight(struct worker *w)
{
	for (size_t i = 0; i < w->max_flights; i++)
		if (!w->flights[i].busy)
			return &w->flights[i];
	return NULL;
}

static void submit(struct worker *w, struct flight *f, struct http_request *request, enum owner owner)
{
	request->owner = owner;
	request->tag = f - w->flights;
	f->busy = true;
	w->n_flights++;
	w->app->port->submit(w->app->port->self, request);
}

/* A row's outcome that needed no request: too late, unreadable, postponed. */
static void settle_without_sending(struct worker *w, struct flight *f, enum send_verdict verdict, int64_t retry_ms,
				   const char *reason, int64_t now_ms)
{
	assert(w->n_outcomes < WORKER_MAX_OUTCOMES);
	if (!w->n_outcomes)
		w->oldest_outcome_ms = now_ms;
	w->outcomes[w->n_outcomes++] = (struct recorded){
		.ctx = f->ctx,
		.work = f->work,
		.message = f->message,
		.outcome = {.verdict = verdict, .retry_ms = retry_ms, .reason = reason},
	};
	f->ctx = NULL;
}

/* The id that a group has now; its waiting rows were written with the old one. */
static int64_t present_chat(struct db_tx *tx, void *ctx, int64_t chat_id)
{
	if (chat_id >= 0)
		return chat_id;
	return fact_number(tx, talloc_asprintf(ctx, "moved:%" PRId64, chat_id), chat_id);
}

/* A redraw finds the newest card now, not when it was decided: by now it may have been sent. */
static void find_card(struct db_tx *tx, struct flight *f)
{
	struct card card;

	if (f->message.kind != OUT_EDIT || !f->work.subject_id || f->message.message_id)
		return;
	if (card_get(tx, card_subject_deal(f->work.subject_id), card_subject_place(f->work.subject_id), &card) &&
	    card.chat_id == f->message.chat_id)
		f->message.message_id = card.message_id;
	else
		f->message.kind = OUT_TEXT;
}

static void draw_picture(struct flight *f)
{
	struct picture picture;

	if (f->message.kind != OUT_PHOTO || !f->message.qr || f->message.file_id)
		return;
	if (qr_png(f->ctx, f->message.qr, &picture)) {
		f->message.picture = picture.bytes;
		f->message.picture_bytes = picture.n;
	}
}

static void send_one(struct worker *w, struct flight *f, int64_t now_ms)
{
	bool bulk = f->work.lane == LANE_BULK, group = f->message.chat_id < 0;
	bool counts = f->message.kind != OUT_ANSWER; /* answers to buttons are no messages */
	struct http_request request = {0};
	int64_t when_ms = counts ? limiter_when(w->limiter, f->message.chat_id, group, bulk, now_ms) : now_ms;

	if (!counts && now_ms - f->work.created_ms > answer_lives_ms) {
		settle_without_sending(w, f, SEND_STALE, 0, "", now_ms);
		return;
	}
	if (when_ms > now_ms) {
		settle_without_sending(w, f, SEND_SLOW_DOWN, when_ms - now_ms, "waits its turn", now_ms);
		return;
	}
	if (counts)
		limiter_took(w->limiter, f->message.chat_id, group, bulk, now_ms);
	draw_picture(f);
	w->app->channel->request(w->app->channel->self, f->ctx, &f->message, &request);
	submit(w, f, &request, OWNER_SEND);
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

	job->n = work_due(tx, job->ctx, job->now_ms, LANE_BULK, job->rows, job->most);
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
		if (!in_flight(w, job.rows[i].id))
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

	f->message.chat_id = present_chat(tx, f->ctx, f->message.chat_id);
	find_card(tx, f);
	return DB_DONE;
}

static enum db_result prepare_bank(struct db_tx *tx, void *arg)
{
	struct start_job *job = arg;

	job->useful = worker_bank_call(job->worker, tx, job->flight, job->now_ms);
	if (job->useful)
		work_started(tx, job->flight->work.id); /* after a crash from here on its outcome is uncertain */
	else
		work_dead(tx, job->flight->work.id, job->flight->work.edition, "nothing to call about");
	return DB_DONE;
}

/* It could not be begun now and waits in the store for another look. */
static void put_back(struct worker *w, struct flight *f, int64_t now_ms)
{
	talloc_free(f->ctx);
	f->ctx = NULL;
	if (now_ms + SECOND_MS < w->next_due_ms)
		w->next_due_ms = now_ms + SECOND_MS;
}

static void start_send(struct worker *w, struct flight *f, int64_t now_ms)
{
	bool useful = outmsg_from_json(f->ctx, f->work.payload, &f->message);
	bool settled = f->message.chat_id > 0 && f->message.kind != OUT_EDIT;

	if (!useful)
		settle_without_sending(w, f, SEND_REFUSED, 0, "unreadable payload", now_ms);
	else if (settled || db_read(w->app->db, "place a message", find_place, f) == DB_DONE)
		send_one(w, f, now_ms);
	else
		put_back(w, f, now_ms);
}

static void start_bank(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct start_job job = {w, f, now_ms, false};
	struct http_request request = {0};

	if (db_tx(w->app->db, "start a bank call", prepare_bank, &job) != DB_DONE) {
		put_back(w, f, now_ms);
		return;
	}
	if (!job.useful) {
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true; /* what waited behind it can go */
		return;
	}
	f->gateway->request(f->gateway->self, f->ctx, &f->call, &request);
	submit(w, f, &request, OWNER_BANK);
}

/* The row's texts belong to the batch's ctx: a flight gets its own copies. */
static void copy_work(struct flight *f, const struct work *row)
{
	f->ctx = talloc_new(NULL);
	f->work = *row;
	f->work.chain = talloc_strdup(f->ctx, row->chain);
	f->work.collapse = talloc_strdup(f->ctx, row->collapse);
	f->work.payload = talloc_strdup(f->ctx, row->payload);
	f->work.reason = talloc_strdup(f->ctx, row->reason);
}

static void start_taken(struct worker *w, int64_t now_ms)
{
	while (w->n_begun < w->n_taken && !w->look) {
		struct flight *f = free_flight(w);

		if (!f || w->n_outcomes + w->n_flights + 2 >= WORKER_MAX_OUTCOMES)
			return;
		copy_work(f, &w->taken[w->n_begun++]);
		if (f->work.kind == WORK_BANK)
			start_bank(w, f, now_ms);
		else
			start_send(w, f, now_ms);
	}
}

int64_t worker_step(struct worker *w, int64_t now_ms)
{
	if (now_ms >= w->forget_ms) {
		limiter_forget(w->limiter, now_ms);
		w->forget_ms = now_ms + forget_every_ms;
	}
	if (w->n_flights == w->max_flights)
		return INT64_MAX; /* an answer will wake us */
	if (w->more && w->n_begun == w->n_taken)
		w->look = true;
	if ((w->look || now_ms >= w->next_due_ms) && !take_due(w, now_ms))
		return now_ms + SECOND_MS;
	start_taken(w, now_ms);
	return w->look ? now_ms : w->next_due_ms;
}

static void take_outcome(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct send_outcome outcome = {0};
	struct channel *channel = w->app->channel;

	channel->outcome(channel->self, f->ctx, &f->message, answer, &outcome);
	if (outcome.verdict == SEND_SLOW_DOWN)
		limiter_slow_down(w->limiter, f->message.chat_id, f->work.lane == LANE_BULK, now_ms + outcome.retry_ms);
	settle_without_sending(w, f, outcome.verdict, outcome.retry_ms, outcome.reason, now_ms);
	w->outcomes[w->n_outcomes - 1].outcome = outcome;
}

void worker_answer(struct worker *w, const struct http_event *event, int64_t now_ms)
{
	struct flight *f = &w->flights[event->tag];

	assert(event->tag >= 0 && event->tag < WORKER_MAX_FLIGHTS && f->busy);
	f->busy = false;
	w->n_flights--;
	if (event->owner == OWNER_BANK) {
		worker_bank_answer(w, f, &event->answer, now_ms);
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true;
		return;
	}
	take_outcome(w, f, &event->answer, now_ms);
}

int64_t worker_record_due(const struct worker *w)
{
	bool busy = w->n_flights || worker_waiting(w);

	return w->n_outcomes ? w->oldest_outcome_ms + (busy ? record_busy_ms : record_idle_ms) : INT64_MAX;
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

void worker_record(struct worker *w, int64_t now_ms, bool last)
{
	struct record_job job = {w, now_ms};

	if (!w->n_outcomes)
		return;
	if (!last && w->n_outcomes < RECORD_AT && now_ms < worker_record_due(w))
		return;
	/* When the store cannot take it now, the rows stay as they were and are sent again: a notice twice, never none.
	 */
	if (db_tx(w->app->db, "record", record_all, &job) != DB_DONE)
		log_error("outcomes of %zu messages could not be recorded; they may be sent again", w->n_outcomes);
	forget_outcomes(w);
}
