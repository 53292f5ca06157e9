/* The lock of an SQLite store: FILE.lock, held for life by the process that may write. See db_driver.h. */
#include "db_sqlite_inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <talloc.h>
#include <unistd.h>

void sqlite_unlock(struct sqlite *c)
{
	if (c->lock_fd < 0)
		return;
	/* The number in the file is only a hint; the lock itself goes with the descriptor. */
	if (!c->retired)
		(void)!ftruncate(c->lock_fd, 0);
	close(c->lock_fd);
	c->lock_fd = -1;
}

/* What a lock file says of a store that was copied away. */
static const char moved[] = "copied to another store\n";

static bool says_moved(int fd)
{
	char text[sizeof moved] = "";

	return pread(fd, text, sizeof moved - 1, 0) == sizeof moved - 1 && !memcmp(text, moved, sizeof moved - 1);
}

/* The number in a lock file, for the message only; 0 when there is none. */
static long holder(int fd)
{
	char text[24] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);

	return n > 0 ? strtol(text, NULL, 10) : 0;
}

static bool refuse(int fd, int why, const char *name, struct err *e)
{
	long pid = holder(fd);

	close(fd);
	if (why != EWOULDBLOCK)
		return err_set(e, "the store: cannot lock %s: %s", name, strerror(why));
	if (pid > 0)
		return err_set(e, "another separex process (pid %ld) uses this store; stop it first", pid);
	return err_set(e, "another separex process uses this store; stop it first");
}

static bool lock_file(struct sqlite *c, const char *name, struct err *e)
{
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int n;

	if (fd < 0)
		return err_set(e, "the store: cannot write the lock file %s: %s", name, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB))
		return refuse(fd, errno, name, e);
	if (says_moved(fd)) {
		close(fd);
		return err_set(
			e,
			"this store was copied to another one: a bot on both would send money twice. Let store.url "
			"name the "
			"new one; only if that is not in use, delete %s and try again",
			name);
	}
	n = ftruncate(fd, 0) ? -1 : dprintf(fd, "%ld\n", (long)getpid());
	if (n < 0) {
		n = errno;
		close(fd);
		return err_set(e, "the store: cannot write the lock file %s: %s", name, strerror(n));
	}
	c->lock_fd = fd;
	return true;
}

bool sqlite_lock(void *conn, bool take, struct err *e)
{
	struct sqlite *c = conn;
	char *name;
	bool ok;

	if (!take) {
		sqlite_unlock(c);
		return true;
	}
	assert(c->lock_fd < 0);
	name = talloc_asprintf(c, "%s.lock", c->path);
	if (!name)
		abort();
	ok = lock_file(c, name, e);
	talloc_free(name);
	return ok;
}

bool sqlite_retire(void *conn, struct err *e)
{
	struct sqlite *c = conn;

	assert(c->lock_fd >= 0);
	if (ftruncate(c->lock_fd, 0) || pwrite(c->lock_fd, moved, sizeof moved - 1, 0) != sizeof moved - 1 ||
	    fsync(c->lock_fd))
		return err_set(e, "rename its file (%s.lock cannot be written: %s)", c->path, strerror(errno));
	c->retired = true;
	return true;
}

/* The file that a name means, also where there is none yet. */
static char *file_meant(const void *ctx, const char *where, struct err *e)
{
	char absolute[PATH_MAX], copy[PATH_MAX];
	const char *slash = strrchr(where, '/');

	if (!*where || !sqlite_folder_fits(where, false, e)) {
		if (!*where)
			err_set(e, "the store URL names no file; write sqlite:FILE");
		return NULL;
	}
	if (realpath(where, absolute))
		return talloc_strdup(ctx, absolute);
	memcpy(copy, where, strlen(where) + 1);
	if (errno != ENOENT || !realpath(dirname(copy), absolute)) {
		err_set(e, "the store: cannot find %s: %s", where, strerror(errno));
		return NULL;
	}
	return talloc_asprintf(ctx, "%s/%s", absolute, slash ? slash + 1 : where);
}

void *sqlite_reserve(const void *ctx, const char *where, const char **path, struct err *e)
{
	struct sqlite *c = talloc_zero(ctx, struct sqlite);

	if (!c)
		abort();
	c->lock_fd = -1;
	c->path = file_meant(c, where, e);
	if (!c->path || !sqlite_lock(c, true, e)) {
		talloc_free(c);
		return NULL;
	}
	*path = c->path;
	return c;
}
