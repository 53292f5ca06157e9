/* The SQLite driver: every call of libsqlite3 is here and in db_sqlite_copy.c; the lock is in db_sqlite_lock.c. See
 * db_driver.h. */
#include "db_sqlite_inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

/* "SPRX" in the file's header: a file of another program is not touched. */
enum { APPLICATION_ID = 0x53505258, BUSY_MS = 5000, VALUE_MAX_BYTES = 16 << 20 };

/* Which of our results an engine's code is, and the plain word for it. What is not here is DB_FAIL in the engine's own
 * words. */
static const struct {
	int code;
	enum db_result result;
	const char *word;
} kinds[] = {
	{SQLITE_ROW, DB_ROW, ""},
	{SQLITE_DONE, DB_DONE, ""},
	{SQLITE_OK, DB_DONE, ""},
	{SQLITE_CONSTRAINT, DB_CONFLICT, "conflict"},
	{SQLITE_BUSY, DB_RETRY, "busy"},
	{SQLITE_LOCKED, DB_RETRY, "busy"},
	{SQLITE_SCHEMA, DB_RETRY, "schema changed"},
	{SQLITE_FULL, DB_FAIL, "disk full"},
	{SQLITE_READONLY, DB_FAIL, "read-only"},
	{SQLITE_IOERR, DB_FAIL, "I/O error"},
	{SQLITE_CANTOPEN, DB_FAIL, "I/O error"},
	{SQLITE_CORRUPT, DB_FAIL, "damaged file"},
	{SQLITE_NOTADB, DB_FAIL, "damaged file"},
};

enum db_result sqlite_judge(struct sqlite *c, int code)
{
	if ((code & 0xff) == SQLITE_NOMEM || (code & 0xff) == SQLITE_MISUSE)
		abort(); /* no memory, or a mistake of this file */
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i].code != (code & 0xff))
			continue;
		if (*kinds[i].word)
			snprintf(c->error, sizeof c->error, "%s: %s (%d)", kinds[i].word, sqlite3_errmsg(c->db), code);
		return kinds[i].result;
	}
	snprintf(c->error, sizeof c->error, "%s (%d)", sqlite3_errmsg(c->db), code);
	return DB_FAIL;
}

static const char *sqlite_error(void *conn)
{
	return ((struct sqlite *)conn)->error;
}

/* ---- opening ---- */

bool sqlite_folder_fits(const char *path, bool readonly, struct err *e)
{
	char copy[PATH_MAX];
	const char *folder;
	struct stat st;

	if (strlen(path) >= sizeof copy)
		return err_set(e, "the store: the file name is longer than %d bytes", PATH_MAX - 1);
	memcpy(copy, path, strlen(path) + 1);
	folder = dirname(copy);
	if (stat(folder, &st) || !S_ISDIR(st.st_mode))
		return err_set(e, "the store: there is no folder %s; create it or correct the store URL", folder);
	if (!readonly && faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS))
		return err_set(e,
			       "the store: the folder %s is read-only for this user (%s); SQLite writes its log there",
			       folder, strerror(errno));
	return true;
}

/* Makes a missing file, readable by its owner only. An existing one is not opened: closing it again would drop the
 * locks that another connection of this process holds on it. */
static bool file_fits(const char *path, bool readonly, struct err *e)
{
	struct stat st;
	int fd;

	if (stat(path, &st)) {
		if (readonly)
			return err_set(e, "the store: there is no file %s; start the bot once to create it", path);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0)
			return err_set(e, "the store: cannot create %s: %s", path, strerror(errno));
		close(fd);
		return true;
	}
	if (!S_ISREG(st.st_mode))
		return err_set(e, "the store: %s is not a file; correct the store URL", path);
	if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS))
		return err_set(e, "the store: this user may not read %s; change its owner or mode", path);
	if (!readonly && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS))
		return err_set(e, "the store: %s is read-only for this user; change its owner or mode", path);
	return true;
}

/* A PRAGMA's number in *out. */
static int ask(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		*out = sqlite3_column_int64(s, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc;
}

static bool cannot_open(const struct sqlite *c, int rc, struct err *e)
{
	if ((rc & 0xff) == SQLITE_NOTADB || (rc & 0xff) == SQLITE_CORRUPT)
		return err_set(e,
			       "the store: %s is not a database, or it is damaged (%s); correct the store URL or "
			       "restore a backup",
			       c->path, sqlite3_errstr(rc));
	if ((rc & 0xff) == SQLITE_BUSY)
		return err_set(e, "the store: %s is locked by another program; stop that first", c->path);
	return err_set(e, "the store: cannot open %s: %s (%d)", c->path, sqlite3_errstr(rc), rc);
}

/* A new file becomes ours, another program's is refused before anything is changed in it. */
static bool claim(struct sqlite *c, bool readonly, struct err *e)
{
	int64_t id = 0, schema = 0;
	char sql[64];
	int rc = ask(c->db, "PRAGMA schema_version", &schema);

	if (rc == SQLITE_OK)
		rc = ask(c->db, "PRAGMA application_id", &id);
	if (rc != SQLITE_OK)
		return cannot_open(c, rc, e);
	if (id == APPLICATION_ID)
		return true;
	if (id || schema)
		return err_set(e, "the store: %s is the database of another program; correct the store URL", c->path);
	if (readonly)
		return true;
	snprintf(sql, sizeof sql, "PRAGMA application_id = %d", APPLICATION_ID);
	rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || cannot_open(c, rc, e);
}

static bool use_wal(struct sqlite *c, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(c->db, "PRAGMA journal_mode = WAL", -1, &s, NULL);
	bool wal = false;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		wal = !strcmp((const char *)sqlite3_column_text(s, 0), "wal");
	sqlite3_finalize(s);
	if (rc != SQLITE_ROW)
		return cannot_open(c, rc, e);
	return wal || err_set(e,
			      "the store: %s lies on a file system without shared memory (a network folder?), which "
			      "SQLite's log needs; use a local disk",
			      c->path);
}

/* Durable at every commit, strict about foreign keys and quotes, a small memory. Recursive triggers make REPLACE fire
 * the DELETE triggers that keep the ledger append-only. */
static bool settings(struct sqlite *c, struct err *e)
{
	static const char sql[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; "
				  "PRAGMA secure_delete = FAST;"
				  "PRAGMA recursive_triggers = ON; PRAGMA cache_size = -4096; PRAGMA mmap_size = 0;"
				  "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 16777216;";
	int rc;

	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(c->db, SQLITE_LIMIT_LENGTH, VALUE_MAX_BYTES);
	sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 0);
	rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || cannot_open(c, rc, e);
}

static bool prepare_controls(struct sqlite *c, struct err *e)
{
	static const char *const sql[DB_CONTROLS] = {
		[DB_BEGIN_WRITE] = "BEGIN IMMEDIATE",
		[DB_BEGIN_READ] = "BEGIN",
		[DB_COMMIT] = "COMMIT",
		[DB_ROLLBACK] = "ROLLBACK",
		[DB_SAVEPOINT] = "SAVEPOINT step",
		[DB_RELEASE] = "RELEASE step",
		[DB_ROLLBACK_TO] = "ROLLBACK TO step",
	};

	for (int i = 0; i < DB_CONTROLS; i++) {
		int rc = sqlite3_prepare_v3(c->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &c->controls[i], NULL);

		if (rc != SQLITE_OK)
			return cannot_open(c, rc, e);
	}
	return true;
}

static bool open_file(struct sqlite *c, bool readonly, struct err *e)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int rc = sqlite3_open_v2(c->path, &c->db, flags | (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE),
				 NULL);

	if (!c->db)
		abort();
	if (rc != SQLITE_OK)
		return cannot_open(c, rc, e);
	sqlite3_busy_timeout(c->db, BUSY_MS);
	if (!claim(c, readonly, e))
		return false;
	if (!readonly && sqlite3_db_readonly(c->db, "main"))
		return err_set(e, "the store: %s is read-only; change its owner, mode or disk", c->path);
	return (readonly || use_wal(c, e)) && settings(c, e) && prepare_controls(c, e);
}

static void sqlite_close(void *conn)
{
	struct sqlite *c = conn;

	for (int i = 0; i < DB_CONTROLS; i++)
		sqlite3_finalize(c->controls[i]);
	if (sqlite3_close(c->db) != SQLITE_OK)
		abort(); /* a handle was not released: a mistake of the facade */
	sqlite_unlock(c);
	talloc_free(c);
}

static void *sqlite_open(const void *ctx, const char *where, bool readonly, struct err *e)
{
	char absolute[PATH_MAX];
	struct sqlite *c;

	if (!*where) {
		err_set(e, "the store URL names no file; write sqlite:FILE");
		return NULL;
	}
	if (!sqlite_folder_fits(where, readonly, e) || !file_fits(where, readonly, e))
		return NULL;
	if (!realpath(where, absolute)) {
		err_set(e, "the store: cannot find %s: %s", where, strerror(errno));
		return NULL;
	}
	c = talloc_zero(ctx, struct sqlite);
	if (!c || !(c->path = talloc_strdup(c, absolute)))
		abort();
	c->lock_fd = -1;
	if (!open_file(c, readonly, e)) {
		sqlite_close(c);
		return NULL;
	}
	return c;
}

/* ---- transactions and scripts ---- */

static enum db_result sqlite_control(void *conn, enum db_control what)
{
	struct sqlite *c = conn;
	enum db_result r;

	assert(what < DB_CONTROLS);
	/* A full disk or an I/O error may have rolled back already. */
	if (what == DB_ROLLBACK && sqlite3_get_autocommit(c->db))
		return DB_DONE;
	r = sqlite_judge(c, sqlite3_step(c->controls[what]));
	sqlite3_reset(c->controls[what]);
	return r;
}

static enum db_result lost_transaction(struct sqlite *c)
{
	if (!c->error[0])
		snprintf(c->error, sizeof c->error, "the transaction was ended from within");
	return DB_FAIL;
}

static enum db_result sqlite_script(void *conn, const char *text)
{
	struct sqlite *c = conn;
	enum db_result r;

	c->error[0] = '\0';
	r = sqlite_judge(c, sqlite3_exec(c->db, text, NULL, NULL, NULL));
	return sqlite3_get_autocommit(c->db) ? lost_transaction(c) : r;
}

/* ---- statements ---- */

static const char **column_names(const void *ctx, sqlite3_stmt *handle, int n)
{
	const char **names = talloc_array(ctx, const char *, (unsigned)n);

	if (!names)
		abort();
	for (int i = 0; i < n; i++) {
		names[i] = talloc_strdup(names, sqlite3_column_name(handle, i));
		if (!names[i])
			abort();
	}
	return names;
}

static enum db_result bad_sql(struct sqlite *c, struct db_shape *shape, const char *why)
{
	shape->bad_sql = true;
	snprintf(c->error, sizeof c->error, "%s", why);
	return DB_FAIL;
}

static enum db_result sqlite_prepare(void *conn, const void *ctx, const char *sql, void **handle,
				     struct db_shape *shape)
{
	struct sqlite *c = conn;
	sqlite3_stmt *s = NULL;
	const char *tail = "";
	int rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, &tail);

	memset(shape, 0, sizeof *shape);
	if ((rc & 0xff) == SQLITE_ERROR)
		return bad_sql(c, shape, sqlite3_errmsg(c->db));
	if (rc != SQLITE_OK)
		return sqlite_judge(c, rc);
	shape->n_columns = sqlite3_column_count(s);
	if (!s || *tail || shape->n_columns > DB_MAX_COLUMNS) {
		sqlite3_finalize(s);
		return bad_sql(c, shape, "not exactly one statement, or too many columns");
	}
	shape->readonly = sqlite3_stmt_readonly(s);
	shape->n_params = sqlite3_bind_parameter_count(s);
	shape->columns = column_names(ctx, s, shape->n_columns);
	*handle = s;
	return DB_DONE;
}

static enum db_result sqlite_bind(void *conn, void *handle, int index, const struct db_value *v)
{
	int rc = SQLITE_MISUSE;

	switch (v->kind) {
	case DB_V_NULL:
		rc = sqlite3_bind_null(handle, index);
		break;
	case DB_V_INT:
		rc = sqlite3_bind_int64(handle, index, v->i);
		break;
	case DB_V_TEXT:
		rc = sqlite3_bind_text64(handle, index, v->p, v->n, SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case DB_V_BLOB:
		rc = sqlite3_bind_blob64(handle, index, v->p, v->n, SQLITE_TRANSIENT);
		break;
	case DB_V_OTHER:
		break;
	}
	return sqlite_judge(conn, rc);
}

static enum db_result sqlite_step(void *conn, void *handle)
{
	struct sqlite *c = conn;
	enum db_result r = sqlite_judge(c, sqlite3_step(handle));

	/* A trigger's RAISE(ROLLBACK) or an engine that gave up: what was written is gone, and the rest must not be
	 * committed piece by piece. */
	if (r != DB_ROW && r != DB_DONE && sqlite3_get_autocommit(c->db))
		return r == DB_RETRY ? DB_RETRY : DB_FAIL;
	return r;
}

static void sqlite_column(void *handle, int index, struct db_value *out)
{
	memset(out, 0, sizeof *out);
	switch (sqlite3_column_type(handle, index)) {
	case SQLITE_NULL:
		out->kind = DB_V_NULL;
		return;
	case SQLITE_INTEGER:
		out->kind = DB_V_INT;
		out->i = sqlite3_column_int64(handle, index);
		return;
	case SQLITE_TEXT:
		out->kind = DB_V_TEXT;
		out->p = sqlite3_column_text(handle, index);
		break;
	case SQLITE_BLOB:
		out->kind = DB_V_BLOB;
		out->p = sqlite3_column_blob(handle, index);
		break;
	default: /* a real number: nothing of ours stores one */
		out->kind = DB_V_OTHER;
		return;
	}
	out->n = (size_t)sqlite3_column_bytes(handle, index);
	if (out->n && !out->p)
		abort(); /* no memory */
	if (!out->n)
		out->p = ""; /* bound again it is still empty; the engine's own NULL would be nothing */
}

static void sqlite_release(void *handle, bool keep)
{
	if (!keep) {
		sqlite3_finalize(handle);
		return;
	}
	sqlite3_reset(handle);
	sqlite3_clear_bindings(handle);
}

static int64_t sqlite_changes(void *conn)
{
	return sqlite3_changes64(((struct sqlite *)conn)->db);
}

/* Its answers are never held whole. */
static void sqlite_stream(void *conn)
{
	(void)conn;
}

const struct db_driver db_driver_sqlite = {
	.scheme = "sqlite",
	.numbered = false,
	.ddl = {.id = "INTEGER PRIMARY KEY", .integer = "INTEGER", .blob = "BLOB", .strict = "STRICT"},
	.tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@'",
	.open = sqlite_open,
	.close = sqlite_close,
	.control = sqlite_control,
	.script = sqlite_script,
	.prepare = sqlite_prepare,
	.bind = sqlite_bind,
	.step = sqlite_step,
	.column = sqlite_column,
	.release = sqlite_release,
	.changes = sqlite_changes,
	.error = sqlite_error,
	.compact = sqlite_compact,
	.copy = sqlite_copy,
	.check = sqlite_check,
	.reserve = sqlite_reserve,
	.lock = sqlite_lock,
	.retire = sqlite_retire,
	.stream = sqlite_stream,
};
