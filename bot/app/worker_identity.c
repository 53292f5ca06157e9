/* Questions of who owns what: asked of the identity provider as often as it takes, since asking changes nothing. */
#include "worker_inside.h"

#include "log.h"
#include "profile.h"
#include "vandar_keys.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { MOST_QUICK_TRIES = 20 };

struct identity_job {
	struct worker *worker;
	struct flight *flight;
	const struct identity_result *result;
	int64_t now_ms;
	bool useful;
};

static enum db_result prepare(struct db_tx *tx, void *arg)
{
	struct identity_job *job = arg;
	struct flight *f = job->flight;
	struct turn t = app_turn(job->worker->app, f->ctx, tx, job->now_ms);

	job->useful = job->worker->app->identity && profile_call(&t, &f->work, &f->identity);
	if (!job->useful)
		work_done(tx, f->work.id, f->work.edition);
	return DB_DONE;
}

void worker_identity_start(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct identity_job job = {.worker = w, .flight = f, .now_ms = now_ms};
	const struct identity_provider *provider = w->app->identity;
	struct http_request request = {0};

	if (db_tx(w->app->db, "an identity question", prepare, &job) != DB_DONE) {
		worker_put_back(w, f, now_ms);
		return;
	}
	if (!job.useful) {
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true;
		return;
	}
	provider->request(provider->self, f->ctx, &f->identity, &request);
	worker_submit(w, f, &request, OWNER_IDENTITY);
}

static enum db_result take_answer(struct db_tx *tx, void *arg)
{
	struct identity_job *job = arg;
	struct flight *f = job->flight;
	struct turn t = app_turn(job->worker->app, f->ctx, tx, job->now_ms);
	bool known = profile_answer(&t, &f->work, &f->identity, job->result);
	int64_t pause_ms = f->work.tries < MOST_QUICK_TRIES ? MINUTE_MS : HOUR_MS;

	if (t.failed)
		return DB_FAIL;
	if (known)
		work_done(tx, f->work.id, f->work.edition);
	else
		work_retry(tx, f->work.id, job->now_ms + pause_ms, f->work.tries + 1, job->result->reason);
	return DB_DONE;
}

void worker_identity_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct identity_result result;
	struct identity_job job = {.worker = w, .flight = f, .result = &result, .now_ms = now_ms};
	const struct identity_provider *provider = w->app->identity;

	provider->result(provider->self, f->ctx, &f->identity, answer, &result);
	log_info("work %" PRId64 ": identity question %d, verdict %d, code %d (%s)", f->work.id,
		 (int)f->identity.question, (int)result.verdict, result.code, result.reason);
	if (result.code == 401)
		vandar_keys_refused(w->app, now_ms);
	db_tx(w->app->db, "an identity answer", take_answer, &job); /* not kept: the row is asked again */
}
