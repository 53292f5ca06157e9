/* Time passing: see clockwork.h. */
#include "clockwork.h"

#include "log.h"
#include "repo_inbox.h"
#include "timers.h"
#include "worker.h"
#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

enum { TIMERS_A_STEP = 50, REDRAWS_A_STEP = 50 };

static const int64_t remember_heard_ms = 30 * SECOND_MS;

/* Real money's clocks are nobody's toy, and no server elsewhere may move ours. */
static bool follows_sandbox(const struct app *a)
{
	return a->house.practice && a->config->telegram.on_this_machine &&
	       a->config->telegram.sandbox_clock == CONFIG_CLOCK_AUTO;
}

void clockwork_start(struct app *a, struct db_tx *tx, int64_t now_ms)
{
	a->heard_ms = fact_number(tx, "heard", now_ms);
	a->heard_stored_ms = a->heard_ms;
	a->redraw_after = fact_number(tx, "redraw", -1);
	if (follows_sandbox(a)) {
		a->clock.ahead_ms = fact_number(tx, "ahead", 0);
		a->sandbox_ahead_ms = fact_number(tx, "sandbox_ahead", 0);
	}
}

static enum db_result note_ahead(struct db_tx *tx, void *arg)
{
	const struct app *a = arg;

	fact_set(tx, "ahead", a->clock.ahead_ms, "");
	fact_set(tx, "sandbox_ahead", a->sandbox_ahead_ms, "");
	return DB_DONE;
}

struct outage_job {
	struct app *app;
	int64_t now_ms, length_ms;
};

static enum db_result note_outage(struct db_tx *tx, void *arg)
{
	const struct outage_job *job = arg;

	timers_after_outage(tx, job->now_ms, job->length_ms, job->app->config->deal.outage_grace_ms);
	fact_set(tx, "heard", job->now_ms, "");
	fact_set(tx, "redraw", 0, "");
	return DB_DONE;
}

static enum db_result note_heard(struct db_tx *tx, void *arg)
{
	fact_set(tx, "heard", *(const int64_t *)arg, "");
	return DB_DONE;
}

void clockwork_heard(struct app *a, int64_t now_ms)
{
	int64_t gap_ms = now_ms - a->heard_ms;

	if (gap_ms > OUTAGE_MS) {
		struct outage_job job = {a, now_ms, gap_ms};

		log_warn("nothing was heard from people for %" PRId64 " s: deadlines move by as much",
			 gap_ms / SECOND_MS);
		if (db_tx(a->db, "outage", note_outage, &job) != DB_DONE)
			return; /* still an outage: no clock fires before this is written */
		a->redraw_after = 0;
		a->heard_stored_ms = now_ms;
	}
	a->heard = true;
	a->heard_ms = now_ms;
	if (now_ms - a->heard_stored_ms > remember_heard_ms && db_tx(a->db, "heard", note_heard, &now_ms) == DB_DONE)
		a->heard_stored_ms = now_ms;
	clockwork_look(a);
}

/* Answers of several connections overtake one another, so an earlier clock is mostly an older answer: taking it for
 * true would count the same advance twice. Polls follow one another; two in a row cannot both be old news. */
static bool old_news(struct app *a, int64_t step_ms, bool poll)
{
	bool doubted = a->sandbox_doubted;

	if (poll || step_ms > 0)
		a->sandbox_doubted = poll && step_ms < 0 && !doubted;
	return step_ms < 0 && !(poll && doubted);
}

void clockwork_sandbox(struct app *a, int64_t ahead_ms, bool poll)
{
	int64_t step_ms = ahead_ms - a->sandbox_ahead_ms;

	if (ahead_ms < 0 || !follows_sandbox(a))
		return;
	if (old_news(a, step_ms, poll) || !step_ms)
		return;
	a->sandbox_ahead_ms = ahead_ms;
	if (step_ms > 0) /* otherwise it was started anew: our books never go back in time */
		a->clock.ahead_ms += step_ms;
	if (step_ms > 0 && a->heard)
		a->heard_ms += step_ms; /* a jump made by hand while we ran is no outage */
	db_tx(a->db, "ahead", note_ahead, a);
	clockwork_look(a);
}

void clockwork_look(struct app *a)
{
	a->timers_checked = false;
}

struct step_job {
	struct app *app;
	int64_t now_ms;
	struct deal_timer timers[TIMERS_A_STEP];
	size_t n_timers;
	int64_t redraws[REDRAWS_A_STEP];
	size_t n_redraws;
};

static enum db_result find_due(struct db_tx *tx, void *arg)
{
	struct step_job *job = arg;

	job->n_timers = timers_due(tx, job->now_ms, job->timers, TIMERS_A_STEP);
	if (job->app->redraw_after >= 0)
		job->n_redraws = deals_open_ids(tx, job->app->redraw_after, job->redraws, REDRAWS_A_STEP);
	job->app->timers_due_ms = timers_next(tx);
	return DB_DONE;
}

/* Each clock in its own savepoint: one deal that cannot go on must not stop the others. */
static void fire_one(struct app *a, struct db_tx *tx, const struct deal_timer *timer, int64_t now_ms)
{
	struct turn t = app_turn(a, NULL, tx, now_ms);
	char scope[64];

	snprintf(scope, sizeof scope, "clock %d of deal %" PRId64, (int)timer->kind, timer->deal_id);
	log_scope(scope);
	db_savepoint(tx, "timer");
	timer_fire(&t, timer);
	if (t.failed || db_savepoint_release(tx) != DB_DONE) {
		db_savepoint_rollback(tx);
		log_error("it could not be handled; tried again in an hour");
		timer_stage(tx, timer, timer->stage, now_ms + HOUR_MS);
	}
	log_scope(NULL);
	talloc_free(t.ctx);
}

static enum db_result fire_due(struct db_tx *tx, void *arg)
{
	struct step_job *job = arg;

	for (size_t i = 0; i < job->n_timers && !db_tx_failed(tx); i++)
		fire_one(job->app, tx, &job->timers[i], job->now_ms);
	for (size_t i = 0; i < job->n_redraws && !db_tx_failed(tx); i++) {
		struct turn t = app_turn(job->app, NULL, tx, job->now_ms);

		timer_redraw(&t, job->redraws[i]);
		talloc_free(t.ctx);
	}
	if (job->app->redraw_after >= 0)
		fact_set(tx, "redraw", job->n_redraws ? job->redraws[job->n_redraws - 1] : -1, "");
	return DB_DONE;
}

int64_t clockwork_step(struct app *a, int64_t now_ms)
{
	struct step_job job = {.app = a, .now_ms = now_ms};

	/* While people cannot reach us nothing may be decided against them. */
	if (!a->heard || now_ms - a->heard_ms > OUTAGE_MS)
		return INT64_MAX;
	if (a->timers_checked && now_ms < a->timers_due_ms)
		return a->timers_due_ms;
	if (db_read(a->db, "clocks", find_due, &job) != DB_DONE)
		return now_ms + SECOND_MS;
	a->timers_checked = true;
	if (!job.n_timers && a->redraw_after < 0)
		return a->timers_due_ms;
	if (db_tx(a->db, "clocks", fire_due, &job) != DB_DONE)
		return now_ms + SECOND_MS;
	if (a->redraw_after >= 0)
		a->redraw_after = job.n_redraws ? job.redraws[job.n_redraws - 1] : -1;
	a->timers_checked = false;
	worker_look(a->worker);
	return now_ms;
}
