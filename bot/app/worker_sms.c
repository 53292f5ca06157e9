/* Short messages: sent at most once, by the next provider when one does not take it, and asked about until it is known
 * whether they arrived. Before a request leaves, its row says "sending"; a row found so later may have been sent and is
 * not sent again: a message too few is better than one too many. */
#include "worker_inside.h"

#include "log.h"
#include "sms_tell.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { TRIES_EACH = 5, ASKS = 6, SHARE = 4 /* one flight of so many: nobody waits for a provider that hangs */ };

static const int64_t full_ms = 5 * SECOND_MS, retry_ms = 20 * SECOND_MS, ask_ms = 2 * MINUTE_MS;

struct sms_job {
	struct worker *worker;
	struct flight *flight;
	const struct http_answer *answer;
	int64_t now_ms;
	bool useful;
};

static bool all_seats_taken(const struct worker *w)
{
	size_t most = w->max_flights > SHARE ? w->max_flights / SHARE : 1, n = 0;

	for (size_t i = 0; i < w->max_flights; i++)
		n += w->flights[i].busy && w->flights[i].work.kind == WORK_SMS;
	return n >= most;
}

/* The place of a provider; the first's for a name that is not in use any more, or none yet. */
static size_t place_of(const struct app *a, const char *name)
{
	for (size_t i = 0; i < a->n_sms; i++)
		if (!strcmp(a->sms[i]->name, name))
			return i;
	return 0;
}

/* --- out --- */

static bool prepare_row(struct sms_job *job, struct db_tx *tx)
{
	struct flight *f = job->flight;
	struct app *a = job->worker->app;
	struct turn t = app_turn(a, f->ctx, tx, job->now_ms);

	f->asking = f->sms.state == SMS_STATE_SENT;
	f->provider = a->sms[place_of(a, f->sms.provider)];
	if (f->asking)
		return !strcmp(f->provider->name, f->sms.provider);
	if (f->sms.state == SMS_STATE_SENDING)
		f->sms.state = SMS_STATE_UNKNOWN;
	else if (f->sms.state == SMS_STATE_QUEUED)
		f->sms.state = sms_call(&t, &f->sms, &f->sms_call) ? SMS_STATE_SENDING : SMS_STATE_SKIPPED;
	else
		return false;
	f->sms.provider = f->provider->name;
	sms_save(tx, &f->sms, job->now_ms);
	return f->sms.state == SMS_STATE_SENDING;
}

static enum db_result prepare(struct db_tx *tx, void *arg)
{
	struct sms_job *job = arg;
	struct flight *f = job->flight;

	job->useful = false;
	if (all_seats_taken(job->worker)) {
		work_retry(tx, f->work.id, job->now_ms + full_ms, f->work.tries, "waits its turn");
		return DB_DONE;
	}
	job->useful =
		job->worker->app->n_sms && sms_by_id(tx, f->ctx, f->work.subject_id, &f->sms) && prepare_row(job, tx);
	if (!job->useful)
		work_done(tx, f->work.id, f->work.edition);
	return DB_DONE;
}

void worker_sms_start(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct sms_job job = {.worker = w, .flight = f, .now_ms = now_ms};
	struct http_request request = {0};

	if (db_tx(w->app->db, "a short message", prepare, &job) != DB_DONE) {
		worker_put_back(w, f, now_ms);
		return;
	}
	if (!job.useful) {
		talloc_free(f->ctx);
		f->ctx = NULL;
		w->look = true;
		return;
	}
	if (f->asking)
		f->provider->ask(f->provider->self, f->ctx, f->sms.message_id, &request);
	else
		f->provider->send(f->provider->self, f->ctx, &f->sms_call, &request);
	worker_submit(w, f, &request, OWNER_SMS);
}

/* --- back --- */

static void ends(struct sms_job *job, struct db_tx *tx, enum sms_state state)
{
	job->flight->sms.state = state;
	work_done(tx, job->flight->work.id, job->flight->work.edition);
}

/* Tried again: by the same provider, or by the one behind it, which starts anew. */
static void again(struct sms_job *job, struct db_tx *tx, bool next, const char *reason)
{
	struct app *a = job->worker->app;
	struct flight *f = job->flight;
	size_t place = place_of(a, f->provider->name) + (next ? 1 : 0);
	int64_t tries = next ? 0 : f->work.tries + 1;

	if (place >= a->n_sms) {
		ends(job, tx, SMS_STATE_FAILED);
		return;
	}
	f->sms.state = SMS_STATE_QUEUED;
	f->sms.provider = a->sms[place]->name;
	work_retry(tx, f->work.id, job->now_ms + (next ? 0 : retry_ms << (tries - 1)), tries, reason);
}

static void take_sent(struct sms_job *job, struct db_tx *tx)
{
	struct flight *f = job->flight;
	struct sms_result r;

	f->provider->sent(f->provider->self, f->ctx, job->answer, &r);
	log_info("sms %" PRId64 " (%s): %s, verdict %d, code %d (%s)", f->sms.id, f->sms.event, f->provider->name,
		 (int)r.verdict, r.code, r.reason);
	switch (r.verdict) {
	case SMS_TAKEN:
		f->sms.message_id = r.message_id;
		f->sms.cost_rial = r.cost_rial;
		ends(job, tx, SMS_STATE_SENT);
		if (r.message_id[0])
			sms_work(tx, f->ctx, &f->sms, job->now_ms + ask_ms);
		return;
	case SMS_RETRY:
		again(job, tx, f->work.tries + 1 >= TRIES_EACH, r.reason);
		return;
	case SMS_OFF:
		log_error("%s takes no short messages, code %d: look at its key, credit and templates (docs/sms.md)",
			  f->provider->name, r.code);
		again(job, tx, true, r.reason);
		return;
	case SMS_REFUSED:
		ends(job, tx, SMS_STATE_FAILED);
		return;
	case SMS_UNKNOWN:
		ends(job, tx, SMS_STATE_UNKNOWN);
		return;
	}
}

static void take_told(struct sms_job *job, struct db_tx *tx)
{
	struct flight *f = job->flight;

	switch (f->provider->told(f->provider->self, f->ctx, job->answer)) {
	case SMS_DELIVERED:
		ends(job, tx, SMS_STATE_DELIVERED);
		return;
	case SMS_FAILED:
		ends(job, tx, SMS_STATE_FAILED);
		return;
	case SMS_NOBODY_KNOWS:
		ends(job, tx, SMS_STATE_SENT);
		return;
	case SMS_ON_ITS_WAY:
		break;
	}
	if (f->work.tries + 1 < ASKS)
		work_retry(tx, f->work.id, job->now_ms + (ask_ms << f->work.tries), f->work.tries + 1, "on its way");
	else
		ends(job, tx, SMS_STATE_SENT);
}

static enum db_result take_answer(struct db_tx *tx, void *arg)
{
	struct sms_job *job = arg;

	if (job->flight->asking)
		take_told(job, tx);
	else
		take_sent(job, tx);
	sms_save(tx, &job->flight->sms, job->now_ms);
	return DB_DONE;
}

void worker_sms_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct sms_job job = {.worker = w, .flight = f, .answer = answer, .now_ms = now_ms};

	db_tx(w->app->db, "a short message's answer", take_answer, &job); /* not kept: the row says "sending" */
}
