/* The SQLite driver's work on the whole file: writing it anew, copying it, reading all of it. See db_driver.h. */
#include "db_sqlite_inside.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>

enum { STEPS_A_LOOK = 100000 }; /* of the engine, between two looks at the clock */

enum db_result sqlite_compact(void *conn)
{
	struct sqlite *c = conn;
	int most = sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 1); /* it attaches the copy that it writes */
	enum db_result r;

	c->error[0] = '\0';
	r = sqlite_judge(c, sqlite3_exec(c->db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL));
	sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, most);
	return r;
}

static int too_late(void *end_ms)
{
	struct clock clock = clock_system();

	return clock_now_ms(&clock) > *(const int64_t *)end_ms;
}

/* VACUUM INTO reads in one transaction, so a busy writer never makes it begin again, and it leaves out free pages, in
 * which forgotten people may still stand; the backup API would do neither. */
enum db_result sqlite_copy(void *conn, const char *path, int64_t most_ms)
{
	struct sqlite *c = conn;
	struct clock clock = clock_system();
	int64_t end_ms = clock_now_ms(&clock) + most_ms;
	int most = sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 1);
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(c->db, "VACUUM INTO ?", -1, &s, NULL);
	enum db_result r;

	c->error[0] = '\0';
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
	sqlite3_progress_handler(c->db, STEPS_A_LOOK, too_late, &end_ms);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	r = sqlite_judge(c, rc);
	sqlite3_progress_handler(c->db, 0, NULL, NULL);
	sqlite3_finalize(s);
	sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, most);
	return r;
}

/* DB_DONE when the question brings no row, or one that is the text `fine`. */
static enum db_result all_fine(struct sqlite *c, const char *sql, const char *fine)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(c->db, sql, -1, &s, NULL);
	enum db_result r;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	r = sqlite_judge(c, rc);
	if (r == DB_ROW) {
		const char *says = (const char *)sqlite3_column_text(s, 0);

		r = says && !strcmp(says, fine) ? DB_DONE : DB_FAIL;
		snprintf(c->error, sizeof c->error, "damaged file: %s %s", says ? says : "",
			 *fine ? "" : "has a row that refers to nothing");
	}
	sqlite3_finalize(s);
	return r;
}

enum db_result sqlite_check(void *conn)
{
	enum db_result r = all_fine(conn, "PRAGMA integrity_check(1)", "ok");

	return r == DB_DONE ? all_fine(conn, "PRAGMA foreign_key_check", "") : r;
}
