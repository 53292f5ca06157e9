/* From the outside into one transaction: see dispatch.h. */
#include "dispatch.h"

#include "log.h"
#include "repo_inbox.h"
#include "repo_picture.h"
#include "repo_work.h"
#include "routes.h"
#include "safe_name.h"
#include "tell.h"
#include "web_pay.h"
#include "worker.h"
#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

enum { MAX_MOVES = 8 }; /* of one group, that are followed */

static const int64_t remember_updates_ms =
	8 * DAY_MS; /* after a week of silence update ids start anew (telegram.md 1.2) */
static const int64_t remember_pictures_ms = 30 * DAY_MS; /* older ones are rarely asked for, and drawn again then */

struct batch_job {
	struct app *app;
	const struct telegram_batch *batch;
	int64_t now_ms;
};

/* Who speaks. False when nobody can be held responsible for the update. */
static bool meet(struct turn *t)
{
	const struct update *u = t->update;
	const char *guess = catalog_pick(t->house->texts, u->from_language[0] ? u->from_language : t->house->language);

	if (!u->from_id || u->from_is_bot)
		return false;
	if (!person_meet(t->tx, t->ctx, t->house->channel, u->from_id, safe_name(t->ctx, u->from_name),
			 u->from_username, guess, t->now_ms, &t->me))
		return false;
	if (u->chat_kind == CHAT_PRIVATE && !t->me.reachable && u->kind != UPDATE_MEMBERSHIP) {
		person_set_reachable(t->tx, t->house->channel, u->from_id, true);
		t->me.reachable = true;
	}
	conversation_load(t->tx, t->ctx, t->me.id, &t->talk);
	return true;
}

/* A group's new id: everything that waits for the old one goes to the new one. The same news can come twice. */
void dispatch_moved(struct app *a, struct turn *t, int64_t from, int64_t to)
{
	chat_moved(t->tx, from, to);
	work_move_chain(t->tx, chat_chain(t->ctx, t->house->channel, from), chat_chain(t->ctx, t->house->channel, to));
	fact_set(t->tx, talloc_asprintf(t->ctx, "moved:%" PRId64, from), to, "");
	if (a->house.staff_chat == from)
		a->house.staff_chat = to;
}

int64_t dispatch_present_chat(struct db_tx *tx, void *ctx, int64_t chat_id)
{
	int64_t to = chat_id;

	for (int i = 0; i < MAX_MOVES && chat_id < 0 && to; i++) {
		chat_id = to;
		to = fact_number(tx, talloc_asprintf(ctx, "moved:%" PRId64, chat_id), 0);
	}
	return chat_id;
}

static void handle(struct app *a, struct turn *t)
{
	const struct update *u = t->update;

	if (u->kind == UPDATE_MIGRATED) {
		dispatch_moved(a, t, u->chat_id, u->new_chat_id);
		return;
	}
	if (u->kind == UPDATE_MEMBERSHIP) {
		if (u->chat_kind == CHAT_PRIVATE)
			person_set_reachable(t->tx, t->house->channel, u->chat_id, u->bot_can_write);
		return;
	}
	if (u->kind != UPDATE_OTHER && u->chat_kind != CHAT_CHANNEL && meet(t))
		routes_handle(t);
}

/* What one update wrote is kept whole, or undone and apologised for. */
static void handle_kept_or_undone(struct app *a, struct db_tx *tx, const struct update *u, int64_t now_ms)
{
	struct turn t = app_turn(a, NULL, tx, now_ms);
	char scope[40];

	snprintf(scope, sizeof scope, "update %" PRId64, u->id);
	log_scope(scope);
	t.update = u;
	db_savepoint(tx, "update");
	handle(a, &t);
	if (!t.failed && db_savepoint_release(tx) == DB_DONE) {
		talloc_free(t.ctx);
		log_scope(NULL);
		return;
	}
	db_savepoint_rollback(tx);
	a->metrics.updates_undone++;
	log_error("this update could not be handled and changed nothing");
	if (t.me.id) {
		struct turn sorry = app_turn(a, t.ctx, tx, now_ms);

		sorry.update = u;
		sorry.me = t.me;
		routes_apologise(&sorry);
	}
	talloc_free(t.ctx);
	log_scope(NULL);
}

static enum db_result run_batch(struct db_tx *tx, void *arg)
{
	const struct batch_job *job = arg;
	const struct telegram_batch *b = job->batch;

	worker_record_with(job->app->worker, tx, job->now_ms);
	for (size_t i = 0; i < b->n && !db_tx_failed(tx); i++) {
		if (!inbox_first_time(tx, job->app->house.channel, b->updates[i].id, job->now_ms)) {
			job->app->metrics.updates_again++;
			continue;
		}
		job->app->metrics.updates++;
		handle_kept_or_undone(job->app, tx, &b->updates[i], job->now_ms);
	}
	cursor_set(tx, job->app->house.channel, b->next_offset);
	inbox_prune(tx, job->now_ms - remember_updates_ms);
	picture_prune(tx, job->now_ms - remember_pictures_ms);
	fact_set(tx, "heard", job->now_ms, "");
	return DB_DONE;
}

bool dispatch_batch(struct app *a, const struct telegram_batch *batch, int64_t now_ms)
{
	struct batch_job job = {a, batch, now_ms};

	if (db_tx(a->db, "updates", run_batch, &job) != DB_DONE)
		return false;
	worker_recorded(a->worker);
	return true;
}

struct web_job {
	struct app *app;
	const struct http_event *event;
	int64_t now_ms;
	void *ctx;
	struct http_reply reply;
};

static enum db_result run_web(struct db_tx *tx, void *arg)
{
	struct web_job *job = arg;
	struct turn t = app_turn(job->app, job->ctx, tx, job->now_ms);

	job->reply = (struct http_reply){0};
	web_answer(&t, &job->event->inbound, job->app->gateways, job->app->n_gateways, &job->reply);
	return t.failed ? DB_FAIL : DB_DONE;
}

void dispatch_web(struct app *a, const struct http_event *event, int64_t now_ms)
{
	struct web_job job = {.app = a, .event = event, .now_ms = now_ms, .ctx = talloc_new(NULL)};
	char scope[40];

	snprintf(scope, sizeof scope, "web %" PRIu64, event->id);
	log_scope(scope);
	if (db_tx(a->db, "web", run_web, &job) != DB_DONE) {
		struct turn t = app_turn(a, job.ctx, NULL, now_ms);

		web_answer_broken(&t, &event->inbound, &job.reply);
	}
	a->metrics.webs[job.reply.status / 100]++;
	a->port->reply(a->port->self, event->id, &job.reply);
	log_scope(NULL);
	talloc_free(job.ctx);
}
