/* A folder for the real SQLite files of one test program, and short ways to run one thing in a transaction. */
#ifndef SEPAREX_STORE_FIXTURE_H
#define SEPAREX_STORE_FIXTURE_H

#include "db.h"
#include "db_driver.h"
#include "tap.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

enum { NOBODY = 65534, FOLDER_MAX = 1024, NAME_MAX_BYTES = FOLDER_MAX + 128 };

static char folder[FOLDER_MAX];

static inline void folder_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/separex-db-XXXXXX", base && *base ? base : P_tmpdir);
	if (!mkdtemp(folder) || chmod(folder, 0755))
		exit(EXIT_FAILURE);
}

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void folder_remove(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* A file name in the folder that no other test of this program has: Check runs each test in a process of its own. */
static inline const char *file_path(void)
{
	static char path[NAME_MAX_BYTES];
	static int n;

	snprintf(path, sizeof path, "%s/%d-%d.db", folder, (int)getpid(), n++);
	return path;
}

static inline const char *url_of(const char *path)
{
	static char url[NAME_MAX_BYTES + 32];

	snprintf(url, sizeof url, "sqlite:%s", path);
	return url;
}

static inline struct db *open_or_fail(const char *path)
{
	struct err e = {""};
	struct db *db = db_open(NULL, url_of(path), &e);

	ck_assert_msg(db != NULL, "%s", e.text);
	return db;
}

static inline enum db_result script_fn(struct db_tx *tx, void *text)
{
	return db_script(tx, text);
}

/* Runs statements in a transaction. Also good for a PRAGMA of this connection. */
static inline enum db_result script(struct db *db, const char *text)
{
	return db_tx(db, "script", script_fn, (void *)(uintptr_t)text);
}

/* The lines of a test that is meant to end in abort() or in a logged failure need not be seen. */
static inline void quiet(void)
{
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
}

/* Root may write anywhere, so what modes forbid is tried as somebody else. Each test has its own process. */
static inline void drop_root(void)
{
	if (geteuid() == 0)
		ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
}

#endif
