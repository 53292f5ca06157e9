/* `separex restore FILE`: see restore.h. All is done to STORE.restoring; the last step is one rename. */
#include "restore.h"

#include "backup.h"
#include "clock.h"
#include "migrate.h"
#include "money_work.h"
#include "repo_batch.h"
#include "repo_restored.h"
#include "store_keys.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK_BYTES = 1 << 16, ROWS_A_PAGE = 200, BATCHES_NAMED = 20, STAMP_BYTES = 32 };

struct restore {
	const struct config *config;
	void *ctx;
	const char *file, *store, *fresh, *aside; /* the backup, the store, the copy, where the old store goes */
	bool nothing_since;
	bool had_store;
	int64_t now_ms;
	struct audit_report audit;
	int64_t doubted; /* bank calls that will be looked up */
	struct restored_owed owed;
	int64_t n_cancelled, n_written;
	struct batch written[BATCHES_NAMED];
};

/* --- the copy --- */

static bool copy_bytes(int from, int to)
{
	static char room[CHUNK_BYTES];
	ssize_t n;

	while ((n = read(from, room, sizeof room)) > 0)
		for (ssize_t at = 0, took; at < n; at += took)
			if ((took = write(to, room + at, (size_t)(n - at))) < 0)
				return false;
	return n == 0 && !fsync(to);
}

static bool copy_file(const char *from, const char *to, struct err *e)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool fine = out >= 0 && !fchmod(out, 0600) && copy_bytes(in, out);

	if (!fine)
		err_set(e, "%s cannot be copied to %s: %s", from, to, strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return fine;
}

static const char *beside(const struct restore *r, const char *path, const char *suffix)
{
	return talloc_asprintf(r->ctx, "%s%s", path, suffix);
}

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

/* Root restores for the user who runs the bot: whose the old store is, or else the folder. */
static bool give(const struct restore *r, struct err *e)
{
	struct stat st;
	const char *lock = beside(r, r->store, ".lock");

	if (geteuid())
		return true;
	if (stat(r->had_store ? r->store : dirname(talloc_strdup(r->ctx, r->store)), &st) ||
	    lchown(r->fresh, st.st_uid, st.st_gid) || lchown(lock, st.st_uid, st.st_gid))
		return err_set(e, "%s cannot be given to its owner: %s", r->fresh, strerror(errno));
	return true;
}

static void drop_fresh(const struct restore *r)
{
	unlink(r->fresh);
	unlink(beside(r, r->fresh, "-wal"));
	unlink(beside(r, r->fresh, "-shm"));
}

/* A store that was moved aside may have its log beside it; a backup has none. */
static bool copy_backup(struct restore *r, struct err *e)
{
	const char *log = beside(r, r->file, "-wal");
	struct stat a, b;

	if (stat(r->file, &a))
		return err_set(e, "%s cannot be read: %s", r->file, strerror(errno));
	r->had_store = !stat(r->store, &b);
	if (r->had_store && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
		return err_set(e, "%s is the store itself", r->file);
	drop_fresh(r); /* of a restore that was killed */
	return copy_file(r->file, r->fresh, e) && (!exists(log) || copy_file(log, beside(r, r->fresh, "-wal"), e));
}

/* --- what may have happened since --- */

static void doubt_calls(struct restore *r, struct db_tx *tx, enum work_state state)
{
	struct work *rows = talloc_array(r->ctx, struct work, ROWS_A_PAGE);
	size_t n = ROWS_A_PAGE;

	for (int64_t after = 0; n == ROWS_A_PAGE; after = n ? rows[n - 1].id : after) {
		n = work_bank_rows(tx, r->ctx, state, after, rows, ROWS_A_PAGE);
		for (size_t i = 0; i < n; i++)
			r->doubted += money_work_doubt(tx, r->ctx, &rows[i], rows[i].due_ms, "the store was restored");
	}
}

/* A batch that was not written may have been since; its payouts are free for another one when their deals are
 * released. */
static void cancel_batches(struct restore *r, struct db_tx *tx, enum batch_state state)
{
	struct batch b;

	while (!db_tx_failed(tx) && batch_oldest(tx, r->ctx, state, &b)) {
		b.state = BATCH_CANCELLED;
		batch_save(tx, &b);
		batch_free_rows(tx, b.id);
		r->n_cancelled++;
	}
}

static enum db_result doubt(struct db_tx *tx, void *arg)
{
	struct restore *r = arg;

	r->doubted = r->n_cancelled = 0;
	r->n_written = (int64_t)batches_in(tx, r->ctx, BATCH_WRITTEN, r->written, BATCHES_NAMED);
	r->owed = restored_owed(tx);
	doubt_calls(r, tx, WORK_WAITING);
	doubt_calls(r, tx, WORK_STARTED); /* they become waiting ones */
	if (r->nothing_since)
		return DB_DONE;
	cancel_batches(r, tx, BATCH_OPEN);
	cancel_batches(r, tx, BATCH_APPROVED);
	restored_hold_all(tx);
	return DB_DONE;
}

static bool prove(struct restore *r, struct db *db, struct err *e)
{
	struct rnd rnd = rnd_system();
	bool current;
	const char *newest;

	if (db_check(db) != DB_DONE)
		return err_set(e, "%s is damaged: %s", r->file, db_last_error(db));
	if (!migrate_known(db, &current, &newest, e) || !migrate_run(db, r->now_ms, e) ||
	    !store_keys_fit(db, r->config, &rnd, e) || !backup_audit(r->ctx, db, &r->audit, e))
		return false;
	if (!r->audit.flaws)
		return true;
	audit_print(&r->audit, stderr);
	return err_set(e, "the books of %s do not agree; nothing was changed. Take an older backup", r->file);
}

/* Closing the copy folds its log in: one file is left. */
static bool make_fresh(struct restore *r, struct err *e)
{
	struct db *db = copy_backup(r, e) ? db_open(r->ctx, beside(r, "sqlite:", r->fresh), e) : NULL;
	bool fine = db && prove(r, db, e) &&
		    (db_tx(db, "doubt what may have been sent", doubt, r) == DB_DONE ||
		     err_set(e, "%s could not be made ready: %s", r->fresh, db_last_error(db)));

	if (db)
		db_close(&db);
	if (fine && exists(beside(r, r->fresh, "-wal")))
		fine = err_set(e, "%s-wal cannot be folded in; is the disk full?", r->fresh);
	return fine;
}

/* --- into its place --- */

static void name_aside(struct restore *r)
{
	time_t s = (time_t)(r->now_ms / SECOND_MS);
	char stamp[STAMP_BYTES];
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	r->aside = talloc_asprintf(r->ctx, "%s.before-restore-%s", r->store, stamp);
	for (int i = 2; exists(r->aside); i++)
		r->aside = talloc_asprintf(r->ctx, "%s.before-restore-%s-%d", r->store, stamp, i);
}

/* The old store's log would be taken for the new one's. Opening and closing the store folds it in; that of a store that
 * cannot be opened any more goes aside with it, as it is: before the engine sees it, it has its second name. */
static bool clear_log(struct restore *r, struct err *e)
{
	const char *log = beside(r, r->store, "-wal"), *kept = beside(r, r->aside, "-wal");
	bool linked = exists(log) && !link(log, kept);
	struct db *db = r->had_store && (linked || !exists(log)) ? db_open(r->ctx, r->config->store.url, NULL) : NULL;
	bool opened = db != NULL;

	if (db)
		db_close(&db);
	unlink(beside(r, r->store, "-shm"));
	if (linked && exists(log))
		return !unlink(log) || err_set(e, "%s cannot be moved aside: %s", log, strerror(errno));
	if (linked && opened)
		unlink(kept); /* all of it is in the store now */
	return !exists(log) || !rename(log, kept) || err_set(e, "%s cannot be moved aside: %s", log, strerror(errno));
}

/* The old store keeps its own name until the new one takes it, so that a stop in between leaves one that can run. */
static bool swap(struct restore *r, struct err *e)
{
	name_aside(r);
	if (!clear_log(r, e))
		return false;
	if (r->had_store && link(r->store, r->aside) && rename(r->store, r->aside))
		return err_set(e, "%s cannot be moved aside: %s", r->store, strerror(errno));
	if (!backup_sync_folder(r->ctx, r->store, e))
		return false;
	if (rename(r->fresh, r->store))
		return err_set(e, "%s cannot get the name %s: %s", r->fresh, r->store, strerror(errno));
	return backup_sync_folder(r->ctx, r->store, e);
}

/* --- the words --- */

static void tell_held(const struct restore *r)
{
	printf("\nWhat the bot did after this backup was made is unknown to it now. So:\n");
	printf("- %" PRId64
	       " payouts and refunds that waited are looked up at their bank, and sent only if it never heard "
	       "of them\n",
	       r->doubted);
	printf("- the money of every deal in the backup is held; %" PRId64 " sums, together %" PRId64
	       " rial, are on their way out.\n"
	       "  Look into the bank's list of what left since; then two treasurers release a deal with the button on "
	       "its "
	       "card\n"
	       "  (/deal CODE in the operators' group)\n",
	       r->owed.n, r->owed.sum);
	if (r->n_cancelled)
		printf("- %" PRId64
		       " batches that were not written yet are cancelled; a file of theirs may be at the bank\n",
		       r->n_cancelled);
	if (!r->config->telegram.operators_chat)
		printf("- telegram.operators_chat is not set: nobody can release anything until it is\n");
}

static void tell(const struct restore *r)
{
	audit_print(&r->audit, stdout);
	printf("%s is now the store %s\n", r->file, r->store);
	if (r->had_store)
		printf("the store that was there is %s; delete it when nobody needs it any more\n", r->aside);
	if (r->nothing_since)
		printf("%" PRId64 " payouts and refunds that waited are looked up at their bank before they are sent\n",
		       r->doubted);
	else
		tell_held(r);
	for (int64_t i = 0; i < r->n_written; i++)
		printf("- batch %" PRId64 ", %s, %" PRId64 " payouts: ask the bank whether it has it before anybody "
		       "brings it\n",
		       r->written[i].id, r->written[i].file_name, r->written[i].rows);
	printf("\nNext: put the folder %s back too, start the bot, import the banks' statements and results since "
	       "then,\nand see `separex reconcile` (docs/operations.md).\n",
	       r->config->store.files);
}

int restore_command(const struct config *c, const char *file, bool nothing_since)
{
	struct clock clock = clock_system();
	struct restore *r = talloc_zero(NULL, struct restore);
	struct err e = {""};
	struct db_reserved *held;
	bool fine;

	r->ctx = r;
	r->config = c;
	r->file = file;
	r->nothing_since = nothing_since;
	r->now_ms = clock_now_ms(&clock);
	held = db_reserve(r, c->store.url, &r->store, &e);
	r->fresh = held ? beside(r, r->store, ".restoring") : NULL;
	fine = held && make_fresh(r, &e) && give(r, &e) && swap(r, &e);
	if (fine)
		tell(r);
	else
		fprintf(stderr, "%s\n", e.text);
	if (held && !fine)
		drop_fresh(r);
	talloc_free(r);
	return fine ? 0 : 1;
}
