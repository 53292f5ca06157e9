/* Looking after the house: see watch.h. */
#include "watch.h"

#include "app.h"
#include "books.h"
#include "log.h"
#include "repo_work.h"
#include "worker.h"
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <talloc.h>

enum { SILENT_CALLS = 5, NAMES_BYTES = 200 };

static const int64_t look_every_ms = MINUTE_MS, poll_silent_ms = 5 * MINUTE_MS, bank_silent_ms = 10 * MINUTE_MS;

struct watch_job {
	struct app *app;
	int64_t now_ms;
	struct alarm_state now[ALARMS];
	char names[NAMES_BYTES];
};

void watch_bank(struct app *a, size_t place, const struct gateway_result *result, int64_t now_ms)
{
	bool silent = result->verdict == GATEWAY_RETRY || result->verdict == GATEWAY_UNKNOWN;

	if (!silent) {
		a->watch.silent[place].in_a_row = 0;
		a->watch.silent[place].answered_ms = now_ms;
		return;
	}
	if (!a->watch.silent[place].in_a_row++)
		a->watch.silent[place].since_ms = now_ms;
}

void watch_audit(struct app *a)
{
	if (!a->net) /* somebody else's world has no processes */
		return;
	if (!self_audit_begin(&a->watch.audit, a->config->store.url))
		log_error("the nightly audit cannot be started; run: separex audit");
}

static void take_audit(struct app *a)
{
	struct watch *w = &a->watch;
	long flaws;

	if (!self_audit_ended(&w->audit, &flaws, w->audit_line))
		return;
	w->audit_known = true;
	w->audited = (struct alarm_state){.on = flaws != 0, .n = flaws, .what = w->audit_line};
	if (flaws)
		log_error("the nightly audit found %ld (-1: it could not look): %s", flaws, w->audit_line);
	else
		log_info("the nightly audit found nothing wrong");
}

/* ---- how things are ---- */

static struct alarm_state queue(struct watch_job *job, struct db_tx *tx)
{
	struct work_queue q = work_queue(tx, job->now_ms);
	int64_t age_ms = 0;

	for (enum work_lane lane = LANE_REPLY; lane <= LANE_NOTICE; lane++)
		if (q.n[lane] && job->now_ms - q.since_ms[lane] > age_ms)
			age_ms = job->now_ms - q.since_ms[lane];
	return (struct alarm_state){.on = age_ms > job->app->config->watch.queue_ms, .n = age_ms};
}

static struct alarm_state banks(struct watch_job *job)
{
	const struct app *a = job->app;
	int64_t said_ms = a->watch.said[ALARM_BANK].ms;
	struct alarm_state now = {.what = job->names};
	bool answered = false;
	size_t n = 0;

	for (size_t i = 0; i < a->n_gateways; i++) {
		answered |= a->watch.silent[i].answered_ms > said_ms;
		if (a->watch.silent[i].in_a_row < SILENT_CALLS ||
		    job->now_ms - a->watch.silent[i].since_ms < bank_silent_ms)
			continue;
		n += (size_t)snprintf(job->names + n, n < sizeof job->names ? sizeof job->names - n : 0, "%s%s",
				      now.on ? " " : "", a->gateways[i]->name);
		now.on = true;
	}
	/* It is over when one has answered, not because this program has just been started. */
	now.on = now.on || (said_ms && !answered);
	return now;
}

static struct alarm_state audit(const struct watch *w)
{
	const struct alarm_said *said = &w->said[ALARM_AUDIT];

	return w->audit_known ? w->audited : (struct alarm_state){.on = said->ms != 0, .n = said->n};
}

static struct alarm_state poll_silence(const struct watch_job *job)
{
	int64_t age_ms = job->now_ms - job->app->heard_ms;

	return (struct alarm_state){.on = age_ms > poll_silent_ms, .n = age_ms};
}

/* The least of the two places where something of ours grows, in megabytes. */
static struct alarm_state disk(const struct watch_job *job)
{
	const struct app *a = job->app;
	int64_t least_mb = INT64_MAX;
	const char *places[] = {a->config->store.files, strchr(a->config->store.url, ':') + 1};
	struct statvfs v;

	for (size_t i = 0; a->net && i < sizeof places / sizeof *places; i++)
		if (!statvfs(places[i], &v) && (int64_t)(v.f_bavail * v.f_frsize >> 20) < least_mb)
			least_mb = (int64_t)(v.f_bavail * v.f_frsize >> 20);
	return (struct alarm_state){.on = least_mb < a->config->watch.disk_mb, .n = least_mb};
}

static struct alarm_state agreement(struct db_tx *tx)
{
	struct books b;

	return (struct alarm_state){.on = books_read(tx, &b) && !books_agree(&b)};
}

static enum db_result look_around(struct db_tx *tx, void *arg)
{
	struct watch_job *job = arg;
	struct watch *w = &job->app->watch;

	if (!w->remembers)
		for (size_t i = 0; i < ALARMS; i++)
			w->said[i] = alarm_said(tx, (enum alarm)i);
	job->now[ALARM_QUEUE] = queue(job, tx);
	job->now[ALARM_DEAD].n = work_count(tx, WORK_DEAD);
	job->now[ALARM_BANK] = banks(job);
	job->now[ALARM_POLL] = poll_silence(job);
	job->now[ALARM_DISK] = disk(job);
	job->now[ALARM_BOOKS] = agreement(tx);
	job->now[ALARM_AUDIT] = audit(w);
	return DB_DONE;
}

static bool anything_due(const struct watch_job *job)
{
	for (size_t i = 0; i < ALARMS; i++)
		if (alarm_due((enum alarm)i, &job->now[i], &job->app->watch.said[i], job->now_ms))
			return true;
	return false;
}

static enum db_result say_alarms(struct db_tx *tx, void *arg)
{
	struct watch_job *job = arg;
	struct turn t = app_turn(job->app, NULL, tx, job->now_ms);

	for (size_t i = 0; i < ALARMS; i++) {
		struct alarm_said said = job->app->watch.said[i];

		if (alarm_due((enum alarm)i, &job->now[i], &said, job->now_ms))
			alarm_say(&t, (enum alarm)i, &job->now[i], &said);
	}
	talloc_free(t.ctx);
	return DB_DONE;
}

int64_t watch_step(struct app *a, int64_t now_ms)
{
	struct watch_job job = {.app = a, .now_ms = now_ms};
	struct watch *w = &a->watch;

	if (now_ms < w->next_ms && w->next_ms - now_ms <= look_every_ms)
		return w->next_ms;
	w->next_ms = now_ms + look_every_ms;
	take_audit(a);
	if (db_read(a->db, "watch", look_around, &job) != DB_DONE)
		return w->next_ms;
	w->remembers = true;
	if (!anything_due(&job))
		return w->next_ms;
	w->remembers = false; /* what the store then has is read anew, whether or not this is kept */
	if (db_tx(a->db, "alarms", say_alarms, &job) == DB_DONE)
		worker_look(a->worker);
	return w->next_ms;
}
