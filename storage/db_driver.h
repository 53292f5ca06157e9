/* What an engine gives the facade, and what migrate.c, owner.c and the copy between stores may ask of the facade. Not
 * for repositories. */
#ifndef SEPAREX_DB_DRIVER_H
#define SEPAREX_DB_DRIVER_H

#include "db.h"
#include "db_sql.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DB_MAX_COLUMNS = 64, DB_MAX_LIVE = 32, DB_CACHE_MAX = 512, DB_TX_ATTEMPTS = 5 };

enum db_value_kind { DB_V_NULL, DB_V_INT, DB_V_TEXT, DB_V_BLOB, DB_V_OTHER };

/* One value on its way in or out. `p` of a column is valid until the next step or release, and of a text or blob never
 * NULL. */
struct db_value {
	enum db_value_kind kind;
	int64_t i;
	const void *p;
	size_t n; /* bytes of a text (without NUL) or blob */
};

/* What the engine says of a prepared statement. `columns` and its names are talloc'd on the ctx given to prepare. */
struct db_shape {
	bool bad_sql; /* it does not compile: our bug, not the engine's state */
	bool readonly;
	int n_params;
	int n_columns;
	const char **columns;
};

enum db_control {
	DB_BEGIN_WRITE,
	DB_BEGIN_READ,
	DB_COMMIT,
	DB_ROLLBACK,
	DB_SAVEPOINT,
	DB_RELEASE,
	DB_ROLLBACK_TO,
	DB_CONTROLS,
};

struct db_driver {
	const char *scheme; /* "sqlite" */
	bool numbered; /* parameters are $1, $2, … */
	struct db_ddl ddl;
	const char *tables; /* a query: the `name` of each table that is there */
	/* A script to run after rows were put in with their numbers, so that new rows are numbered after them; NULL
	 * where that goes by itself. */
	const char *numbers_go_on;

	/* NULL and a message in `e`. `where` is the URL after "scheme:". */
	void *(*open)(const void *ctx, const char *where, bool readonly, struct err *e);
	void (*close)(void *conn);
	/* Rolling back when no transaction is open any more is fine. */
	enum db_result (*control)(void *conn, enum db_control what);
	/* Several statements without parameters; leaves the transaction it runs in open, or fails. */
	enum db_result (*script)(void *conn, const char *text);
	/* The handle in *handle on DB_DONE. DB_RETRY or DB_FAIL otherwise; `shape->bad_sql` goes with DB_FAIL. */
	enum db_result (*prepare)(void *conn, const void *ctx, const char *sql, void **handle, struct db_shape *shape);
	/* `index` counts from 1. The value is copied. DB_DONE, or DB_FAIL when it is too big for the engine. */
	enum db_result (*bind)(void *conn, void *handle, int index, const struct db_value *v);
	enum db_result (*step)(void *conn, void *handle);
	void (*column)(void *handle, int index, struct db_value *out);
	/* Makes the handle ready for its next use (keep), or frees it. */
	void (*release)(void *handle, bool keep);
	int64_t (*changes)(void *conn);
	/* The last result that was not DB_ROW or DB_DONE, in words, without data values. */
	const char *(*error)(void *conn);
	/* Writes the store anew, without anything that was deleted. Outside transactions. */
	enum db_result (*compact)(void *conn);
	/* Writes the whole store into the empty file `path`; gives up after most_ms. */
	enum db_result (*copy)(void *conn, const char *path, int64_t most_ms);
	/* Reads every page: DB_FAIL and what is wrong for error() when one does not fit the others. */
	enum db_result (*check)(void *conn);
	/* Holds the lock of a store that need not be there, nor whole; *path is its file. What it gives is closed with
	 * `close`, and good for nothing else. */
	void *(*reserve)(const void *ctx, const char *where, const char **path, struct err *e);
	/* Takes or gives back the lock that keeps other processes from writing; false and a message when one has it. */
	bool (*lock)(void *conn, bool take, struct err *e);
	/* Leaves a word at the lock, which this connection holds: from now on nobody is given it. False and why not. */
	bool (*retire)(void *conn, struct err *e);
	/* From now on answers come piece by piece, also inside a write transaction. Before any statement is prepared.
	 */
	void (*stream)(void *conn);
};

extern const struct db_driver db_driver_sqlite, db_driver_postgres;

/* The driver in use, for its DDL words. */
const struct db_driver *db_driver_of(const struct db *db);

/* Runs several statements in a write transaction. */
enum db_result db_script(struct db_tx *tx, const char *text);

/* Forgets every prepared handle: after the schema changed, column names may mean something else. */
void db_forget_handles(struct db *db);

/* The driver's lock, and the epoch each write transaction compares (0: compares nothing). */
bool db_lock(struct db *db, bool take, struct err *e);
void db_set_epoch(struct db *db, int64_t epoch);
int64_t db_epoch(const struct db *db);

/* ---- for the copy between stores (store_copy.h) ---- */

/* However long an answer is, memory holds a piece of it. Call it before the store is used. */
void db_stream(struct db *db);

/* A statement of SQL that was made at run time; the text is copied, the handle is not kept. */
struct db_stmt *db_stmt_made(struct db_tx *tx, const char *sql);

/* As db_exec, but instead of being freed the statement can be bound and run anew. */
enum db_result db_exec_again(struct db_stmt *s);

/* The names of a statement's columns, living as long as it; none for one that could not be prepared. */
const char *const *db_columns(const struct db_stmt *s, int *n);

/* Column `index`, from 0, of the row that is there, whatever its kind; valid until the next step. */
void db_value(struct db_stmt *s, int index, struct db_value *out);

/* Binds the next `?`. */
void db_bind(struct db_stmt *s, const struct db_value *v);

/* Nobody becomes the owner of this store again, whose lock this connection holds, until a person takes the mark away.
 * False and what is to be done instead. */
bool db_retire(struct db *db, struct err *e);

#endif
