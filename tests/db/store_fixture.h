/* A folder for the real SQLite files of one test program, and short ways to run one thing in a transaction. */
#ifndef SEPAREX_STORE_FIXTURE_H
#define SEPAREX_STORE_FIXTURE_H

#include "db.h"
#include "db_driver.h"
#include "tap.h"

#include <ftw.h>
#include <libpq-fe.h>
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

/* With SEPAREX_TEST_POSTGRES = postgres:///DB?host=… (tests/with_postgres.sh) a test's store is a database of that
 * server, named after its file. */
static inline const char *postgres_server(void)
{
	const char *server = getenv("SEPAREX_TEST_POSTGRES");

	return server && *server ? server : NULL;
}

/* The server's URL with a database's name in it. */
static inline char *postgres_url(const char *database)
{
	const char *server = postgres_server(), *at = strstr(server, "/DB?");

	ck_assert_msg(at != NULL, "SEPAREX_TEST_POSTGRES must hold /DB?");
	return talloc_asprintf(NULL, "%.*s/%s%s", (int)(at - server), server, database, at + 3);
}

/* "42P04" is a database that is there already. */
static inline void at_server(const char *format, const char *name)
{
	char *url = postgres_url("postgres"), *sql = talloc_asprintf(url, format, name);
	PGconn *c = PQconnectdb(url);
	PGresult *r = PQexec(c, sql);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	ck_assert_msg(PQresultStatus(r) == PGRES_COMMAND_OK || (state && !strcmp(state, "42P04")), "%s: %s", sql,
		      PQerrorMessage(c));
	PQclear(r);
	PQfinish(c);
	talloc_free(url);
}

/* "b1234_0" for ".../1234-0.db". */
static inline const char *database_of(const char *path)
{
	static char name[NAME_MAX_BYTES];

	snprintf(name, sizeof name, "b%s", strrchr(path, '/') + 1);
	name[strcspn(name, ".")] = '\0';
	*strchr(name, '-') = '_';
	return name;
}

static inline const char *url_of(const char *path)
{
	static char url[NAME_MAX_BYTES + 512];
	char *there = postgres_server() ? postgres_url(database_of(path)) : NULL;

	if (there)
		snprintf(url, sizeof url, "%s", there);
	else
		snprintf(url, sizeof url, "sqlite:%s", path);
	talloc_free(there);
	return url;
}

/* The rest goes with the server. */
static inline void store_drop(const char *path)
{
	if (postgres_server())
		at_server("DROP DATABASE %s", database_of(path));
}

static inline struct db *open_or_fail(const char *path)
{
	struct err e = {""};
	struct db *db;

	if (postgres_server()) /* a file makes itself */
		at_server("CREATE DATABASE %s", database_of(path));
	db = db_open(NULL, url_of(path), &e);

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
