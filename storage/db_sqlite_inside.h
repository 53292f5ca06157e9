/* What the files of the SQLite driver share. Nobody else includes it. */
#ifndef SEPAREX_DB_SQLITE_INSIDE_H
#define SEPAREX_DB_SQLITE_INSIDE_H

#include "db_driver.h"

#include <sqlite3.h>
#include <stdbool.h>

struct sqlite {
	sqlite3 *db;
	sqlite3_stmt *controls[DB_CONTROLS];
	char *path; /* absolute, links resolved: two names of one file give one lock */
	int lock_fd; /* -1 when the lock is not held */
	bool retired; /* what the lock file says stays */
	char error[240];
};

/* Our result for an engine's code; keeps the words when it is an error. The engine's message names tables, columns and
 * our own SQL, never a bound value. */
enum db_result sqlite_judge(struct sqlite *c, int code);

/* What db_sqlite_copy.c gives the driver. */
enum db_result sqlite_compact(void *conn);
enum db_result sqlite_copy(void *conn, const char *path, int64_t most_ms);
enum db_result sqlite_check(void *conn);

/* The folder of `path` must be there and, for writing, take new files: SQLite keeps its log beside the database. */
bool sqlite_folder_fits(const char *path, bool readonly, struct err *e);

/* What db_sqlite_lock.c gives it. */
bool sqlite_lock(void *conn, bool take, struct err *e);
void sqlite_unlock(struct sqlite *c); /* fine when it is not held */
bool sqlite_retire(void *conn, struct err *e);
void *sqlite_reserve(const void *ctx, const char *where, const char **path, struct err *e);

#endif
