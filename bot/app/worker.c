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

/* Outcomes of messages are recorded together: the reply has already left, so a few ms later costs nobody anything, and
 * a crash in between repeats at most a notice. */
enum { RECORD_AT = 64 };
static const int64_t record_after_ms = 20;
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
	struct work rows[WORKER_MAX_FLIGHTS * 2];
	size_t n;
};

/* Rows that are out keep their place in the store, so as many more are read as are out or not yet recorded. */
static enum db_result read_due(struct db_tx *tx, void *arg)
{
	struct take_job *job = arg;

	job->n = work_due(tx, job->ctx, job->now_ms, LANE_BULK, job->rows, sizeof job->rows / sizeof *job->rows);
	job->worker->next_due_ms = job->n ? job->now_ms : work_next_due(tx);
	return DB_DONE;
}

struct start_job {
	struct worker *worker;
	struct flight *flight;
	int64_t now_ms;
	bool useful;
};

static enum db_result prepare_send(struct db_tx *tx, void *arg)
{
	struct start_job *job = arg;
	struct flight *f = job->flight;

	job->useful = outmsg_from_json(f->ctx, f->work.payload, &f->message);
	if (!job->useful)
		return DB_DONE;
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

static void start_send(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct start_job job = {w, f, now_ms, false};

	if (db_read(w->app->db, "prepare a message", prepare_send, &job) != DB_DONE) {
		talloc_free(f->ctx);
		return;
	}
	if (job.useful)
		send_one(w, f, now_ms);
	else
		settle_without_sending(w, f, SEND_REFUSED, 0, "unreadable payload", now_ms);
}

static void start_bank(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct start_job job = {w, f, now_ms, false};
	struct http_request request = {0};

	if (db_tx(w->app->db, "start a bank call", prepare_bank, &job) != DB_DONE || !job.useful) {
		talloc_free(f->ctx);
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

static size_t start_rows(struct worker *w, const struct work *rows, size_t n, int64_t now_ms)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		struct flight *f = free_flight(w);

		if (in_flight(w, rows[i].id))
			continue;
		if (!f || w->n_outcomes + w->n_flights + 2 >= WORKER_MAX_OUTCOMES) {
			left++;
			continue;
		}
		copy_work(f, &rows[i]);
		if (rows[i].kind == WORK_BANK)
			start_bank(w, f, now_ms);
		else
			start_send(w, f, now_ms);
	}
	return left;
}

int64_t worker_step(struct worker *w, int64_t now_ms)
{
	struct take_job job = {.worker = w, .now_ms = now_ms};
	size_t left;

	if (now_ms >= w->forget_ms) {
		limiter_forget(w->limiter, now_ms);
		w->forget_ms = now_ms + forget_every_ms;
	}
	if (!w->look && now_ms < w->next_due_ms)
		return w->next_due_ms;
	if (w->n_flights == w->max_flights)
		return INT64_MAX; /* an answer will wake us */
	job.ctx = talloc_new(NULL);
	if (db_read(w->app->db, "due work", read_due, &job) != DB_DONE) {
		talloc_free(job.ctx);
		return now_ms + SECOND_MS;
	}
	w->look = false;
	left = start_rows(w, job.rows, job.n, now_ms);
	talloc_free(job.ctx);
	/* What was found is out, waits for its record, or waits for room: each of these ends with a new look. */
	if (job.n || left)
		w->next_due_ms = w->n_flights || w->n_outcomes ? INT64_MAX : now_ms + SECOND_MS;
	return w->next_due_ms;
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
	w->look = true;
}

int64_t worker_record_due(const struct worker *w)
{
	return w->n_outcomes ? w->oldest_outcome_ms + record_after_ms : INT64_MAX;
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

void worker_record(struct worker *w, int64_t now_ms, bool last)
{
	struct record_job job = {w, now_ms};

	if (!w->n_outcomes)
		return;
	if (!last && w->n_outcomes < RECORD_AT && w->n_flights && now_ms - w->oldest_outcome_ms < record_after_ms)
		return;
	/* When the store cannot take it now, the rows stay as they were and are sent again: a notice twice, never none.
	 */
	if (db_tx(w->app->db, "record", record_all, &job) != DB_DONE)
		log_error("outcomes of %zu messages could not be recorded; they may be sent again", w->n_outcomes);
	for (size_t i = 0; i < w->n_outcomes; i++)
		talloc_free(w->outcomes[i].ctx);
	w->n_outcomes = 0;
	w->look = true;
}
