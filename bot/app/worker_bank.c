/* Bank calls: built from rows that are marked as started, their answers taken into the books in one transaction each.
 */
#include "worker_inside.h"

#include "log.h"
#include "money_work.h"
#include "vandar_keys.h"
#include <inttypes.h>
#include <string.h>
#include <talloc.h>

enum { MAX_DELAY_FACTOR = 20, MAX_RECOVER = 1000 };

static const struct gateway *find_gateway(const struct app *a, const char *name)
{
	for (size_t i = 0; i < a->n_gateways; i++)
		if (!strcmp(a->gateways[i]->name, name))
			return a->gateways[i];
	return NULL;
}

/* Its place in app.gateways, where what is known of it stands. */
static size_t place_of(const struct app *a, const struct gateway *g)
{
	size_t i = 0;

	while (a->gateways[i] != g)
		i++;
	return i;
}

/* A gateway that allows so many calls in so many seconds gets them evenly spaced. */
static bool may_call_now(struct app *a, struct db_tx *tx, const struct flight *f, int64_t now_ms)
{
	size_t i = place_of(a, f->gateway);

	if (now_ms < a->gateway_free_ms[i]) {
		work_retry(tx, f->work.id, a->gateway_free_ms[i], f->work.tries, "not so fast");
		return false;
	}
	a->gateway_free_ms[i] = now_ms + f->gateway->gap_ms;
	return true;
}

bool worker_bank_call(struct worker *w, struct db_tx *tx, struct flight *f, int64_t now_ms)
{
	struct turn t = app_turn(w->app, f->ctx, tx, now_ms);
	struct money_question q;

	switch (money_work_call(&t, &f->work, &q)) {
	case MONEY_CALL_ASK:
		break;
	case MONEY_CALL_LATER:
		work_retry(tx, f->work.id, q.until_ms, f->work.tries, q.why);
		return false;
	case MONEY_CALL_NONE:
		work_done(tx, f->work.id, f->work.edition);
		return false;
	case MONEY_CALL_GONE:
		work_dead(tx, f->work.id, f->work.edition, "nothing to call about");
		return false;
	}
	f->call = q.call;
	f->gateway = find_gateway(w->app, q.gateway);
	if (f->gateway)
		return may_call_now(w->app, tx, f, now_ms);
	log_error("work %" PRId64 ": gateway %s is not configured any more; its money waits for it", f->work.id,
		  q.gateway);
	work_retry(tx, f->work.id, now_ms + HOUR_MS, f->work.tries, "its gateway is not configured");
	return false;
}

static void set_op(struct db_tx *tx, const struct work *row, enum gateway_op op)
{
	char payload[32];

	snprintf(payload, sizeof payload, "{\"op\":%d}", (int)op);
	work_set_payload(tx, row->id, row->edition, payload);
}

struct bank_job {
	struct worker *worker;
	struct flight *flight;
	const struct gateway_result *result;
	int64_t now_ms;
};

/* A browser came back while the bank was asked: the newer row asks now, this one would only make it wait. */
static bool superseded(struct db_tx *tx, const struct work *row, const struct money_next *next)
{
	return next->what == MONEY_AGAIN && next->op == GATEWAY_INQUIRY && work_has_younger(tx, row);
}

/* Grows with the tries. A bank that is silent for days is still asked, now and then: only for a page that it never made
 * is nothing owed to anybody. */
static int64_t pause_ms(int64_t delay_ms, int64_t tries)
{
	if (tries > WORKER_BANK_TRIES)
		return HOUR_MS;
	return delay_ms * (tries < 1 ? 1 : (tries < MAX_DELAY_FACTOR ? tries : MAX_DELAY_FACTOR));
}

/* The row after the answer. Trouble makes the pauses longer and is counted; a bank that only says "not yet" is not. */
static void next_step(struct turn *t, const struct bank_job *job, const struct money_next *next)
{
	const struct work *row = &job->flight->work;
	struct db_tx *tx = t->tx;
	bool trouble = job->result->verdict == GATEWAY_RETRY || job->result->verdict == GATEWAY_UNKNOWN;
	int64_t tries = trouble ? row->tries + 1 : 0;

	if (next->what == MONEY_DONE || superseded(tx, row, next)) {
		work_done(tx, row->id, row->edition);
		return;
	}
	if (tries == WORKER_BANK_ALARM)
		money_work_stuck(t, row);
	if (tries == WORKER_BANK_TRIES)
		log_error("work %" PRId64 ": bank call %d brought nothing in %" PRId64
			  " tries (%s): a person must look",
			  row->id, (int)job->flight->call.op, tries, job->result->reason);
	if (next->what == MONEY_DEAD || (tries > WORKER_BANK_TRIES && job->flight->call.op == GATEWAY_START)) {
		log_error("work %" PRId64 ": bank call %d given up (%s); a person must look: separex work --dead",
			  row->id, (int)job->flight->call.op, job->result->reason);
		work_dead(tx, row->id, row->edition, job->result->reason);
		return;
	}
	set_op(tx, row, next->op);
	work_retry(tx, row->id, job->now_ms + pause_ms(next->delay_ms, tries), tries, job->result->reason);
}

static enum db_result take_answer(struct db_tx *tx, void *arg)
{
	struct bank_job *job = arg;
	struct flight *f = job->flight;
	struct turn t = app_turn(job->worker->app, f->ctx, tx, job->now_ms);
	struct money_next next = money_work_answer(&t, &f->work, &f->call, job->result);

	if (t.failed)
		return DB_FAIL;
	next_step(&t, job, &next);
	return DB_DONE;
}

/* What could not be taken into the books is asked again: the bank's answers are the same when asked twice. */
static enum db_result ask_again(struct db_tx *tx, void *arg)
{
	struct bank_job *job = arg;
	const struct work *row = &job->flight->work;

	set_op(tx, row, money_work_after_crash(job->flight->call.op));
	work_retry(tx, row->id, job->now_ms + MINUTE_MS, row->tries + 1, "the answer could not be recorded");
	return DB_DONE;
}

void worker_bank_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct gateway_result result = {
		.token = "", .pay_url = "", .ref = "", .card_mask = "", .card_hash = "", .said = "", .reason = ""};
	struct bank_job job = {w, f, &result, now_ms};
	size_t place = place_of(w->app, f->gateway);

	f->gateway->result(f->gateway->self, f->ctx, &f->call, answer, &result);
	w->app->metrics.banks[place][result.verdict]++;
	watch_bank(w->app, place, &result, now_ms);
	if (f->gateway == w->app->vandar && result.code == 401)
		vandar_keys_refused(w->app, now_ms);
	log_info("work %" PRId64 ": bank call %d, verdict %d, code %d (%s)", f->work.id, (int)f->call.op,
		 (int)result.verdict, result.code, result.reason);
	if (db_tx(w->app->db, "bank answer", take_answer, &job) == DB_DONE)
		return;
	w->doubtful = db_tx(w->app->db, "ask the bank again", ask_again, &job) != DB_DONE || w->doubtful;
	if (w->doubtful)
		log_error("work %" PRId64 ": stays started; the bank is asked about it when the store is back",
			  f->work.id);
}

struct recover_job {
	struct worker *worker;
	int64_t now_ms;
};

static enum db_result recover(struct db_tx *tx, void *arg)
{
	struct recover_job *job = arg;
	void *ctx = talloc_new(NULL);
	struct work *rows = talloc_array(ctx, struct work, MAX_RECOVER);
	size_t n = work_list(tx, ctx, WORK_STARTED, rows, MAX_RECOVER);

	for (size_t i = 0; i < n; i++)
		if (!worker_in_flight(job->worker, rows[i].id))
			money_work_doubt(tx, ctx, &rows[i], job->now_ms, "was under way when the program ended");
	talloc_free(ctx);
	return DB_DONE;
}

void worker_bank_recover(struct worker *w, int64_t now_ms)
{
	struct recover_job job = {w, now_ms};

	w->doubtful = db_tx(w->app->db, "recover", recover, &job) != DB_DONE;
}
