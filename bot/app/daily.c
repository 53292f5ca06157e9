/* Once a day and once an hour: see daily.h. */
#include "daily.h"

#include "bank_files.h"
#include "books_proof.h"
#include "payout_watch.h"
#include "repo_inbox.h"
#include "statements.h"
#include "worker.h"
#include <talloc.h>

static const char last_day[] = "proof_day";

struct daily_job {
	struct app *app;
	int64_t now_ms, day;
	bool new_day; /* whose work was not done yet */
};

/* The day is noted with what is done on it: after a crash it is done once. */
static enum db_result do_daily(struct db_tx *tx, void *arg)
{
	struct daily_job *job = arg;
	struct turn t = app_turn(job->app, NULL, tx, job->now_ms);
	bool first = fact_number(tx, last_day, 0) == 0;

	job->new_day = fact_number(tx, last_day, 0) < job->day;
	if (job->new_day) {
		statements_match_open(job->app, tx, job->now_ms);
		if (!first) /* a house that opened today has nothing to prove yet */
			books_proof_post(&t);
		fact_set(tx, last_day, job->day, "");
	}
	talloc_free(t.ctx);
	return DB_DONE;
}

/* Days that begin at the proof's hour, counted from 1970. */
static int64_t proof_day(const struct config *c, int64_t ms)
{
	return bank_day_of(ms - c->books.proof_hour * HOUR_MS);
}

static enum db_result do_hourly(struct db_tx *tx, void *arg)
{
	struct daily_job *job = arg;
	struct turn t = app_turn(job->app, NULL, tx, job->now_ms);

	payout_watch(&t);
	talloc_free(t.ctx);
	return DB_DONE;
}

int64_t daily_step(struct app *a, int64_t now_ms)
{
	struct daily_job job = {a, now_ms, proof_day(a->config, now_ms), false};
	bool proof = a->config->books.proof_hour >= 0 && job.day != a->proof_day;

	if (!proof && now_ms < a->watch_ms)
		return a->watch_ms;
	if ((proof && db_tx(a->db, "the daily proof", do_daily, &job) != DB_DONE) ||
	    db_tx(a->db, "payouts that wait", do_hourly, &job) != DB_DONE)
		return now_ms + MINUTE_MS;
	bank_files_sweep(a->config, now_ms);
	if (job.new_day)
		watch_audit(a);
	a->proof_day = job.day;
	a->watch_ms = now_ms + HOUR_MS;
	worker_look(a->worker);
	return a->watch_ms;
}
