/* `separex backup FILE`: see backup.h. FILE.part is written, synced and proven; then it gets its name. */
#include "backup.h"

#include "clock.h"
#include "migrate.h"
#include "store_keys.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

/* The writer's log grows as long as the copy takes. */
static const int64_t longest_ms = 30 * MINUTE_MS;

struct backup {
	const struct config *config;
	void *ctx;
	const char *file, *part;
	int fd; /* of the part, locked */
	bool current; /* the store is of this program's version */
	const char *version, *key;
	struct audit_report audit;
	int64_t bytes;
};

bool backup_sync_folder(void *ctx, const char *path, struct err *e)
{
	const char *folder = dirname(talloc_strdup(ctx, path));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool synced = fd >= 0 && !fsync(fd);

	if (!synced)
		err_set(e, "the folder %s cannot be synced: %s", folder, strerror(errno));
	if (fd >= 0)
		close(fd);
	return synced;
}

struct audit_job {
	void *ctx;
	struct audit_report *report;
};

static enum db_result audit(struct db_tx *tx, void *arg)
{
	const struct audit_job *job = arg;

	return audit_run(tx, job->ctx, job->report) ? DB_DONE : DB_FAIL;
}

bool backup_audit(void *ctx, struct db *db, struct audit_report *report, struct err *e)
{
	struct audit_job job = {ctx, report};

	return db_read(db, "audit", audit, &job) == DB_DONE ||
	       err_set(e, "the books cannot be read: %s", db_last_error(db));
}

static bool is_free(const char *file, struct err *e)
{
	struct stat st;

	if (!lstat(file, &st))
		return err_set(e, "%s is there already; give another name, a backup is never overwritten", file);
	return errno == ENOENT || err_set(e, "%s cannot be written: %s", file, strerror(errno));
}

/* What a killed backup left is used again; a part that another process is writing is not. */
static bool open_part(struct backup *b, struct err *e)
{
	b->fd = open(b->part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (b->fd < 0)
		return err_set(e, "%s cannot be written: %s", b->part, strerror(errno));
	if (flock(b->fd, LOCK_EX | LOCK_NB))
		return err_set(e, "another backup to %s is under way", b->file);
	if (fchmod(b->fd, 0600) || ftruncate(b->fd, 0))
		return err_set(e, "%s cannot be written: %s", b->part, strerror(errno));
	unlink(talloc_asprintf(b->ctx, "%s-journal", b->part));
	return true;
}

static bool copy(struct backup *b, struct err *e)
{
	struct db *db = db_open_readonly(b->ctx, b->config->store.url, e);
	char *absolute = db ? realpath(b->part, NULL) : NULL;
	bool fine = false;

	if (db && !absolute)
		err_set(e, "%s: %s", b->part, strerror(errno));
	else if (db && migrate_known(db, &b->current, &b->version, e))
		fine = db_copy(db, absolute, longest_ms) == DB_DONE ||
		       err_set(e, "the store could not be copied: %s", db_last_error(db));
	free(absolute); /* malloc: realpath's */
	if (db)
		db_close(&db);
	return fine && (!fsync(b->fd) || err_set(e, "%s: %s", b->part, strerror(errno)));
}

/* What was written is read again, from the file. A store that an older program left is not of the shape that the audit
 * knows. */
static bool prove(struct backup *b, struct err *e)
{
	struct db *db = db_open_readonly(b->ctx, talloc_asprintf(b->ctx, "sqlite:%s", b->part), e);
	bool fine = db && (db_check(db) == DB_DONE || err_set(e, "the copy is damaged: %s", db_last_error(db))) &&
		    migrate_known(db, &b->current, &b->version, e) && store_keys_last(b->ctx, db, &b->key, e) &&
		    (!b->current || backup_audit(b->ctx, db, &b->audit, e));
	struct stat st = {0};

	if (db)
		db_close(&db);
	b->bytes = !fstat(b->fd, &st) ? st.st_size : 0;
	return fine;
}

/* Never over a file of that name, also one that came meanwhile. */
static bool give_name(struct backup *b, struct err *e)
{
	if (renameat2(AT_FDCWD, b->part, AT_FDCWD, b->file, RENAME_NOREPLACE) &&
	    (errno != EINVAL || !is_free(b->file, e) || rename(b->part, b->file)))
		return err_set(e, "%s cannot get its name: %s", b->file, strerror(errno));
	return backup_sync_folder(b->ctx, b->file, e);
}

static int tell(const struct backup *b)
{
	int code = 0;

	printf("%s is a whole copy of the store: version %s, %" PRId64 " kB\n", b->file, b->version,
	       (b->bytes + 1023) / 1024);
	if (b->current)
		code = audit_print(&b->audit, stdout);
	else
		printf("the store is of an older version than this program: its books were not proven\n");
	if (b->key[0])
		printf("what is private in it is sealed: keep %s (key %s) too, in another place\n",
		       b->config->store.key_file, b->key);
	printf("the photos and files of problems are not in it: keep a copy of the folder %s too\n",
	       b->config->store.files);
	return code;
}

int backup_command(const struct config *c, const char *file)
{
	struct backup b = {.config = c, .ctx = talloc_new(NULL), .file = file, .fd = -1, .version = "", .key = ""};
	struct err e = {""};
	bool opened, fine;
	int code = 1;

	b.part = talloc_asprintf(b.ctx, "%s.part", file);
	opened = is_free(file, &e) && open_part(&b, &e);
	fine = opened && copy(&b, &e) && prove(&b, &e) && give_name(&b, &e);
	if (fine)
		code = tell(&b);
	else
		fprintf(stderr, "%s\n", e.text);
	if (opened && !fine)
		unlink(b.part);
	if (b.fd >= 0)
		close(b.fd);
	talloc_free(b.ctx);
	return code;
}
