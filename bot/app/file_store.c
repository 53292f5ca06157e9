/* Keeping files: see file_store.h. A file gets its name only when all of it is on the disk. */
#include "file_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MOST = 200, PART_BYTES = NAME_MOST + 8 };

static int open_folder(const char *folder)
{
	return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The new folder's own name must outlive a power cut too. */
static bool sync_above(int dir)
{
	int above = openat(dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool fine = above >= 0 && !fsync(above);

	if (above >= 0)
		close(above);
	return fine;
}

bool file_store_open(const char *folder, struct err *e)
{
	bool made = !mkdir(folder, 0700);
	int dir;

	if (!made && errno != EEXIST)
		return err_set(e, "the folder for files, %s, cannot be made (%s); correct store.files", folder,
			       strerror(errno));
	dir = open_folder(folder);
	if (dir < 0)
		return err_set(e, "the folder for files, %s, cannot be opened (%s); correct store.files", folder,
			       strerror(errno));
	if (faccessat(dir, ".", W_OK | X_OK, AT_EACCESS) || (made && !sync_above(dir))) {
		err_set(e, "the folder for files, %s, cannot be written to (%s); change its owner or mode", folder,
			strerror(errno));
		close(dir);
		return false;
	}
	close(dir);
	return true;
}

static bool is_there(int dir, const char *name, size_t n)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) && st.st_size == (off_t)n;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t took = write(fd, bytes, n);

		if (took < 0 && errno == EINTR)
			continue;
		if (took < 0)
			return false;
		bytes += took;
		n -= (size_t)took;
	}
	return true;
}

/* Writes FOLDER/NAME.part, which a crash may leave behind, and renames it. errno says why not. */
static bool write_new(int dir, const char *name, const void *bytes, size_t n)
{
	char part[PART_BYTES];
	bool whole;
	int fd, why;

	snprintf(part, sizeof part, "%s.part", name);
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	whole = write_all(fd, bytes, n) && !fsync(fd);
	why = errno;
	if (close(fd) && whole) {
		whole = false;
		why = errno;
	}
	if (whole && !renameat(dir, part, dir, name))
		return true;
	if (whole)
		why = errno;
	unlinkat(dir, part, 0);
	errno = why;
	return false;
}

bool file_store_put(const char *folder, const char *name, const void *bytes, size_t n, struct err *e)
{
	int dir = open_folder(folder);
	bool kept = dir >= 0 && strlen(name) <= NAME_MOST && write_new(dir, name, bytes, n) && !fsync(dir);

	if (!kept)
		err_set(e, "%s/%s: %s", folder, name, strerror(errno));
	if (dir >= 0)
		close(dir);
	return kept;
}

bool file_store_keep(const char *folder, const void *bytes, size_t n, char name[SHA256_HEX_BYTES], struct err *e)
{
	int dir = open_folder(folder);
	bool kept;

	sha256_hex(bytes, n, name);
	/* The folder is synced even for a file that was there: its name may be as young as the last crash. */
	kept = dir >= 0 && (is_there(dir, name, n) || write_new(dir, name, bytes, n)) && !fsync(dir);
	if (!kept)
		err_set(e, "%s: %s", folder, strerror(errno));
	if (dir >= 0)
		close(dir);
	return kept;
}
