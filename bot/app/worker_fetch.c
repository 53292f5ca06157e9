/* Files that people showed: their path is asked for, they are downloaded, and kept in the folder. The row waits in the
 * store all the while, so whatever happens in between, it only begins anew. */
#include "worker_inside.h"

#include "file_store.h"
#include "log.h"
#include "repo_deal.h"
#include "telegram_file.h"
#include <inttypes.h>
#include <talloc.h>

/* A file is in memory while it comes, and messages need the other flights: so few at once. */
enum { MOST_FETCHES = 2, FLIGHTS_FOR_MOST = 8 };

static const int64_t turn_ms = SECOND_MS, store_trouble_ms = MINUTE_MS;

/* How long another file must wait before it may begin; 0 for not at all. */
static int64_t must_wait_ms(const struct worker *w, int64_t now_ms)
{
	size_t most = w->max_flights < FLIGHTS_FOR_MOST ? 1 : MOST_FETCHES, n = 0;

	if (now_ms < w->fetch_after_ms)
		return w->fetch_after_ms - now_ms;
	for (size_t i = 0; i < w->max_flights; i++)
		n += w->flights[i].busy && w->flights[i].work.kind == WORK_FETCH;
	return n < most ? 0 : turn_ms;
}

struct fetch_job {
	struct flight *flight;
	const char *file_id;
	const char *sha256;
	size_t bytes;
};

static enum db_result find_file(struct db_tx *tx, void *arg)
{
	struct fetch_job *job = arg;

	job->file_id = evidence_file(tx, job->flight->ctx, job->flight->work.subject_id);
	return DB_DONE;
}

void worker_fetch_start(struct worker *w, struct flight *f, int64_t now_ms)
{
	struct fetch_job job = {.flight = f};
	struct http_request request = {0};
	int64_t wait_ms = must_wait_ms(w, now_ms);

	f->message = (struct outmsg){.text = ""};
	f->downloading = false;
	if (wait_ms) {
		worker_settle(w, f, SEND_SLOW_DOWN, wait_ms, "waits its turn", now_ms);
	} else if (db_read(w->app->db, "file to fetch", find_file, &job) != DB_DONE) {
		worker_put_back(w, f, now_ms);
	} else if (!*job.file_id) {
		worker_settle(w, f, SEND_REFUSED, 0, "there is no file to fetch", now_ms);
	} else {
		telegram_file_request(f->ctx, &w->app->telegram, job.file_id, &request);
		worker_submit(w, f, &request, OWNER_FETCH);
	}
}

static void take_path(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct telegram_download download = {.bytes = 0};
	struct send_outcome outcome;

	telegram_file_answer(f->ctx, &w->app->telegram, answer, &download, &outcome);
	if (outcome.verdict != SEND_DONE) {
		worker_settle(w, f, outcome.verdict, outcome.retry_ms, outcome.reason, now_ms);
	} else if (w->app->stopping) {
		worker_put_back(w, f, now_ms);
	} else {
		f->downloading = true;
		f->download_bytes = download.bytes;
		worker_submit(w, f, &download.request, OWNER_FETCH);
	}
}

static enum db_result note_kept(struct db_tx *tx, void *arg)
{
	const struct fetch_job *job = arg;
	const struct work *row = &job->flight->work;

	evidence_kept(tx, row->subject_id, job->sha256, (int64_t)job->bytes);
	work_done(tx, row->id, row->edition);
	return DB_DONE;
}

/* Our own trouble is never the file's fault: no try is counted, and no other file is begun either until it may be over.
 */
static void cannot_keep(struct worker *w, struct flight *f, const char *why, int64_t now_ms)
{
	log_error("evidence %" PRId64 ": its file cannot be kept (%s); tried again in a minute", f->work.subject_id,
		  why);
	w->fetch_after_ms = now_ms + store_trouble_ms;
	worker_settle(w, f, SEND_SLOW_DOWN, store_trouble_ms, talloc_strdup(f->ctx, why), now_ms);
}

static void keep(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	char sha256[SHA256_HEX_BYTES];
	struct fetch_job job = {.flight = f, .sha256 = sha256, .bytes = answer->body_bytes};
	struct err e = {""};

	if (!file_store_keep(w->app->config->store.files, answer->body, answer->body_bytes, sha256, &e)) {
		cannot_keep(w, f, e.text, now_ms);
		return;
	}
	if (db_tx(w->app->db, "file kept", note_kept, &job) != DB_DONE) {
		cannot_keep(w, f, "the store refused", now_ms);
		return;
	}
	log_info("evidence %" PRId64 ": its file is kept, %zu bytes", f->work.subject_id, job.bytes);
	talloc_free(f->ctx);
	f->ctx = NULL;
	w->look = true;
}

void worker_fetch_answer(struct worker *w, struct flight *f, const struct http_answer *answer, int64_t now_ms)
{
	struct send_outcome outcome;

	if (!f->downloading) {
		take_path(w, f, answer, now_ms);
		return;
	}
	telegram_file_came(f->ctx, answer, f->download_bytes, &outcome);
	if (outcome.verdict == SEND_DONE)
		keep(w, f, answer, now_ms);
	else
		worker_settle(w, f, outcome.verdict, outcome.retry_ms, outcome.reason, now_ms);
}
