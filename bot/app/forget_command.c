/* `separex forget USER`: see forget_command.h. */
#include "forget_command.h"

#include "clock.h"
#include "db.h"
#include "forget.h"
#include "jalali.h"
#include "migrate.h"
#include "owner.h"
#include "repo_person.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

enum { DAYS_OF_YEAR = 366 };

struct forget_job {
	const struct config *config;
	void *ctx;
	const char *user;
	int64_t now_ms;
	const char **files;
	size_t n_files;
	struct err e;
};

static bool find(struct db_tx *tx, void *ctx, const char *user, struct person *out)
{
	char *end;
	int64_t id = strtoll(user, &end, 10);

	if (id > 0 && !*end)
		return person_by_outside_id(tx, ctx, "telegram", id, out);
	return user[0] == '@' && person_by_username(tx, ctx, "telegram", user + 1, out);
}

static bool may_be_forgotten(struct forget_job *job, struct db_tx *tx, const struct person *p)
{
	int64_t keep_ms = job->config->store.retention_years * DAYS_OF_YEAR * DAY_MS;
	struct forget_bar bar;
	struct jalali j;

	if (!forget_bar(tx, p->id, &bar))
		return err_set(&job->e, "The store cannot be read.");
	if (bar.live_deals)
		return err_set(&job->e, "%s has %" PRId64 " unfinished deals; when they have ended, ask again.",
			       job->user, bar.live_deals);
	j = jalali_of(bar.last_end_ms + keep_ms);
	if (keep_ms && bar.last_end_ms && bar.last_end_ms + keep_ms > job->now_ms)
		return err_set(&job->e,
			       "The records of the last deal of %s must be kept until %04d-%02d-%02d "
			       "(store.retention_years); ask again then.",
			       job->user, j.year, j.month, j.day);
	return true;
}

static enum db_result forget(struct db_tx *tx, void *arg)
{
	struct forget_job *job = arg;
	struct person p;

	if (!find(tx, job->ctx, job->user, &p)) {
		err_set(&job->e, "Nobody with \"%.60s\" is known here; give a Telegram id or a @username.", job->user);
		return DB_DONE;
	}
	if (!may_be_forgotten(job, tx, &p))
		return DB_DONE;
	job->n_files = forget_person(tx, job->ctx, p.id, job->files);
	return DB_DONE;
}

static void remove_files(const struct forget_job *job)
{
	for (size_t i = 0; i < job->n_files; i++)
		if (unlink(talloc_asprintf(job->ctx, "%s/%s", job->config->store.files, job->files[i])))
			fprintf(stderr, "the file %s/%s could not be removed; remove it yourself\n",
				job->config->store.files, job->files[i]);
}

int forget_command(const struct config *c, const char *user)
{
	void *ctx = talloc_new(NULL);
	struct clock clock = clock_system();
	struct forget_job job = {.config = c,
				 .ctx = ctx,
				 .user = user,
				 .now_ms = clock_now_ms(&clock),
				 .files = talloc_zero_array(ctx, const char *, FORGET_FILES_MOST)};
	struct db *db = db_open(ctx, c->store.url, &job.e);
	bool fine = db && owner_take(db, job.now_ms, &job.e) && migrate_run(db, job.now_ms, &job.e);

	if (fine && (db_tx(db, "forget", forget, &job) != DB_DONE || (!job.e.text[0] && db_compact(db) != DB_DONE)))
		err_set(&job.e, "The store could not be written: %s", db_last_error(db));
	fine = fine && !job.e.text[0];
	if (fine) {
		remove_files(&job);
		printf("%s is forgotten: name, numbers, words and %zu files. Deals and books stay, of nobody. Old "
		       "backups still "
		       "know them.\n",
		       user, job.n_files);
	} else {
		fprintf(stderr, "%s\n", job.e.text);
	}
	if (db)
		db_close(&db);
	talloc_free(ctx);
	return fine ? 0 : 1;
}
