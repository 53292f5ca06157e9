/* The store's facade: one connection, transactions, typed statements. It knows nothing of deals or people. */
#ifndef SEPAREX_DB_H
#define SEPAREX_DB_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a store is used: the tx handle is a parameter of every repository function, so no query runs outside a
 * transaction. These are bugs of ours and end the process with a log line, in every build: a `?` left unbound, a value
 * too many, a column name that is not in the query, a column read as the wrong type, a statement not freed when its
 * transaction ends well, a write inside db_read, a transaction inside a transaction, SQL that does not compile. */

/* What happened, as a closed set. A step error is never "end of rows". */
enum db_result {
	DB_ROW, /* a row can be read */
	DB_DONE, /* finished; no (more) rows */
	DB_CONFLICT, /* a constraint said no: UNIQUE, CHECK, foreign key, a trigger's RAISE(ABORT). As in PostgreSQL the
		      * transaction cannot go on: roll it back, or the savepoint. Where a clash is expected, write ON
		      * CONFLICT in the SQL instead. */
	DB_RETRY, /* another connection was in the way; the transaction must be run again from its start */
	DB_FAIL, /* disk full, read-only, I/O, damaged file, lost ownership: the transaction can only be rolled back */
};

struct db; /* one open store */
struct db_tx; /* one running transaction; lives inside db_tx() or db_read() */
struct db_stmt; /* one running statement; lives inside its transaction */

/* Opens "sqlite:FILE", creating FILE (mode 0600) when it is not there, or "postgres://USER:PASSWORD@HOST:PORT/DATABASE"
 * (libpq's URL, PostgreSQL documentation 34.1.1.2; the database is there), for reading and writing. NULL and a message
 * that says what to do in `e`: unknown scheme, no such folder, read-only file or folder, not a database, another
 * program's database, a server that cannot be reached. The version is checked by migrate_run (migrate.h), the second
 * process is refused by owner_take (owner.h). The store is talloc'd on `ctx`; freeing that closes it too. */
struct db *db_open(void *ctx, const char *url, struct err *e);

/* The same for reading only, also beside a running bot; a missing file is an error. db_tx on it ends the process.
 * Call migrate_check next: it refuses a store of another version. */
struct db *db_open_readonly(void *ctx, const char *url, struct err *e);

/* Closes and sets the pointer to NULL. Fine on NULL. Not inside a transaction. */
void db_close(struct db **db);

/* ---- statements ---- */

/* A query, written once beside its use:
 *	static struct db_query q = DB_QUERY("SELECT id, name FROM person WHERE id = ?");
 * SQL is the subset that SQLite and PostgreSQL share; parameters are plain `?`. Each connection keeps its prepared
 * handle from the first use on. */
struct db_query {
	const char *sql;
	const char *file;
	int line;
	unsigned slot; /* this query's place in every connection's cache; 0 before its first use */
};

/* What a query leaves in the program's list of queries: see db_each_query. */
struct db_query_text {
	const char *sql;
	const char *file;
	int line;
};

/* The second and third declaration put the text into a linker section, so that a test finds every query of the program
 * without having to run it. Pointers, because the gap between larger objects in a section is the compiler's choice. */
#define DB_QUERY_N2(text, n)                                                                                           \
	{.sql = text, .file = __FILE__, .line = __LINE__};                                                             \
	static const struct db_query_text db_query_text_##n = {text, __FILE__, __LINE__};                              \
	static const struct db_query_text *const db_query_at_##n __attribute__((section("db_queries"), used)) =        \
		&db_query_text_##n
#define DB_QUERY_N1(text, n) DB_QUERY_N2(text, n)
#define DB_QUERY(text) DB_QUERY_N1(text, __COUNTER__)

/* Calls fn for every DB_QUERY linked into this program. */
void db_each_query(void (*fn)(const struct db_query_text *q, void *arg), void *arg);

/* True when the text is one statement that compiles on this store (also with its `?` rewritten to `$n`), names no
 * column twice and its `?` are counted alike by us and by the engine. False and why in `e`. Runs nothing. */
bool db_query_check(struct db *db, const char *sql, struct err *e);

/* Starts a statement. Never NULL: when it could not be prepared (I/O, a failed transaction) its step says so. The same
 * query may be in use several times at once (the second gets a handle of its own). At most 32 at once. */
struct db_stmt *db_stmt(struct db_tx *tx, struct db_query *q);

/* Bind the next `?`, left to right. Text and bytes are copied. db_text(s, NULL) and db_blob(s, NULL, 0) bind NULL. */
void db_int(struct db_stmt *s, int64_t v);
void db_text(struct db_stmt *s, const char *v);
void db_blob(struct db_stmt *s, const void *bytes, size_t n);
void db_null(struct db_stmt *s);

/* The next row or the end. After anything but DB_ROW every further step gives the same result again. */
enum db_result db_step(struct db_stmt *s);

/* Ends the statement in any state and sets the pointer to NULL. Fine on NULL. */
void db_free(struct db_stmt **s);

/* Columns of the row that is there after DB_ROW, by the name the query gives them (use AS for expressions). */
int64_t db_col_int(struct db_stmt *s, const char *name); /* 0 for NULL */
bool db_col_null(struct db_stmt *s, const char *name);
const char *db_col_text(const void *ctx, struct db_stmt *s, const char *name); /* talloc'd copy, "" for NULL */
/* talloc'd copy and its length; NULL and 0 for NULL, a non-NULL pointer for an empty value. */
const void *db_col_blob(const void *ctx, struct db_stmt *s, const char *name, size_t *n);

/* The keys by which private columns are sealed from now on; they and `rnd` must outlive the store. Without them (tools
 * that only read) private texts are bound as they are, and sealed ones read as "". */
struct seal;
struct rnd;
void db_set_seal(struct db *db, const struct seal *keys, const struct rnd *rnd);
/* The name of the newest key, "" without any. */
const char *db_seal_key(const struct db *db);
/* A text of a private column; `column` is "table.column". One that no key opens dooms the transaction. */
void db_text_sealed(struct db_stmt *s, const char *column, const char *v);
const char *db_col_text_sealed(const void *ctx, struct db_stmt *s, const char *name, const char *column);

/* Steps once, frees. For statements that give no row (a row ends the process). DB_DONE, DB_CONFLICT, DB_RETRY or
 * DB_FAIL. */
enum db_result db_exec(struct db_stmt *s);

/* Steps once, frees. DB_ROW and the first column (0 for NULL) in *out; DB_DONE and *out untouched when no row came
 * (INSERT … ON CONFLICT DO NOTHING RETURNING id of a row that was there). For "RETURNING id", "SELECT COUNT(*) AS n".
 */
enum db_result db_one_int(struct db_stmt *s, int64_t *out);

/* Rows that the last finished INSERT, UPDATE or DELETE of this transaction changed. */
int64_t db_changes(const struct db_tx *tx);

/* ---- transactions ---- */

/* Runs fn inside one write transaction and commits when it returned DB_DONE; anything else rolls back and is returned.
 * On DB_RETRY all of it runs again, at most 5 times: fn may touch only the store and memory that it can redo (memory
 * allocated by a failed attempt stays on its context). Fails with DB_FAIL and a log line when this connection holds the
 * owner's epoch (owner.h) and another process took over. A DB_CONFLICT (outside a savepoint that was rolled back),
 * DB_RETRY or DB_FAIL that fn saw and swallowed is returned all the same: nothing is committed after it. Statements
 * that fn left open on its way out with an error are freed. DB_FAIL and DB_CONFLICT are logged here with `name` and
 * db_last_error. DB_DONE means: on the disk (synchronous=FULL). A DB_FAIL of the commit itself (power, I/O) may have
 * reached the disk; read the store again before repeating the work. */
enum db_result db_tx(struct db *db, const char *name, enum db_result (*fn)(struct db_tx *tx, void *arg), void *arg);

/* The same for reading only: one consistent view, no epoch check, never waits for the writer. */
enum db_result db_read(struct db *db, const char *name, enum db_result (*fn)(struct db_tx *tx, void *arg), void *arg);

/* One level inside a transaction, for one update of a batch: `release` keeps what was written since, `rollback` undoes
 * it, also after a DB_CONFLICT. No statement may be open at `db_savepoint` and at `release`; `rollback` frees those
 * that are. DB_DONE, or the result that the transaction is stuck with. */
enum db_result db_savepoint(struct db_tx *tx, const char *name);
enum db_result db_savepoint_release(struct db_tx *tx);
enum db_result db_savepoint_rollback(struct db_tx *tx);

/* True after a DB_CONFLICT, DB_RETRY or DB_FAIL in this transaction: each further statement gives the same result
 * again. A conflict is forgotten by db_savepoint_rollback, the others only by the transaction's end. */
bool db_tx_failed(const struct db_tx *tx);

/* Writes the whole store anew, so that nothing that was deleted or overwritten can be read from the disk; takes as much
 * room again for a while. Outside transactions, by the owner. DB_DONE or DB_FAIL. */
enum db_result db_compact(struct db *db);

/* Writes the store as it is at this moment into the file `path`, which must be there and empty, beside running readers
 * and a running writer, none of whom waits: without what was deleted, and in one file without a log. A reader this long
 * keeps the writer's log from being cut, so it gives up (DB_FAIL) after most_ms. The file is not synced. Outside
 * transactions. DB_DONE, DB_RETRY or DB_FAIL. */
enum db_result db_copy(struct db *db, const char *path, int64_t most_ms);

/* Reads all of the store: DB_DONE when every page, index and reference is as it must be; DB_FAIL and what is wrong for
 * db_last_error. Outside transactions. */
enum db_result db_check(struct db *db);

/* Keeps every other process from becoming the owner of a store (owner.h) that need not be there, nor whole, until the
 * result is freed. Its file in *path, links resolved. NULL and who holds it in `e`. */
struct db_reserved;
struct db_reserved *db_reserve(void *ctx, const char *url, const char **path, struct err *e);

/* The store of a transaction. */
struct db *db_of(const struct db_tx *tx);

/* The last DB_CONFLICT, DB_RETRY or DB_FAIL of the newest transaction in words for the log, with the query's file:line:
 * "disk full", "read-only", "I/O error", "damaged file" or the engine's message. Holds no data values. "" when there
 * was none. */
const char *db_last_error(const struct db *db);

/* True once a write transaction found that another process took the store over: this one must stop. */
bool db_fenced(const struct db *db);

#endif
