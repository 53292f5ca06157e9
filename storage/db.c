/* The store's facade: opening, transactions, savepoints. Statements are in db_stmt.c. See db.h. */
#include "db_inside.h"
#include "seal.h"

#include "log.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

enum { BACKOFF_FIRST_MS = 2 };

static const struct db_driver *const drivers[] = {&db_driver_sqlite, &db_driver_postgres};

void db_bug(const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	log_error("the store was used wrongly, this is a mistake in the program: %s", text);
	abort();
}

enum db_result db_note(struct db *db, enum db_result r, const char *file, int line)
{
	const char *why = db->driver->error(db->conn);

	if (file)
		snprintf(db->error, sizeof db->error, "%s (%s:%d)", why, file, line);
	else
		snprintf(db->error, sizeof db->error, "%s", why);
	return r;
}

/* ---- opening ---- */

static int close_store(struct db *db)
{
	if (db->tx)
		db_bug("the store was closed inside the transaction %s", db->tx->name);
	db_forget_handles(db);
	db->driver->close(db->conn);
	return 0;
}

/* The driver of a URL and, in *where, what follows its scheme. */
static const struct db_driver *driver_for(const char *url, const char **where, struct err *e)
{
	size_t n = strcspn(url, ":");

	*where = url + n + (url[n] != '\0');
	for (size_t i = 0; i < sizeof drivers / sizeof drivers[0] && url[n]; i++)
		if (strlen(drivers[i]->scheme) == n && !strncmp(drivers[i]->scheme, url, n))
			return drivers[i];
	if (!strncmp(url, "postgresql:", 11))
		return &db_driver_postgres;
	/* The URL may hold a password: only its scheme is shown. */
	if (url[n])
		err_set(e, "the store URL: there is no kind of store called \"%.*s\"; use sqlite:FILE or postgres://…",
			(int)(n < 32 ? n : 32), url);
	else
		err_set(e, "the store URL must look like sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE");
	return NULL;
}

static struct db *open_store(const void *ctx, const char *url, bool readonly, struct err *e)
{
	const char *where;
	const struct db_driver *driver = driver_for(url, &where, e);
	struct db *db;

	if (!driver)
		return NULL;
	db = talloc_zero(ctx, struct db);
	if (!db)
		abort();
	db->driver = driver;
	db->readonly = readonly;
	db->conn = driver->open(db, where, readonly, e);
	if (!db->conn) {
		talloc_free(db);
		return NULL;
	}
	talloc_set_destructor(db, close_store);
	return db;
}

struct db *db_open(void *ctx, const char *url, struct err *e)
{
	return open_store(ctx, url, false, e);
}

struct db *db_open_readonly(void *ctx, const char *url, struct err *e)
{
	return open_store(ctx, url, true, e);
}

void db_close(struct db **db)
{
	talloc_free(*db);
	*db = NULL;
}

/* ---- transactions ---- */

typedef enum db_result (*tx_fn)(struct db_tx *tx, void *arg);

/* DB_DONE when this connection holds no epoch, or still the newest. */
static enum db_result check_epoch(struct db_tx *tx)
{
	static struct db_query q = DB_QUERY("SELECT epoch FROM store_owner WHERE id = 1");
	struct db *db = tx->db;
	int64_t found = 0;
	enum db_result r;

	if (!tx->write || !db->epoch)
		return DB_DONE;
	r = db_one_int(db_stmt(tx, &q), &found);
	if (r != DB_ROW && r != DB_DONE)
		return r;
	if (found == db->epoch)
		return DB_DONE;
	db->fenced = true;
	snprintf(db->error, sizeof db->error,
		 "another process took this store over (epoch %lld here, %lld there); this one must stop",
		 (long long)db->epoch, (long long)found);
	return DB_FAIL;
}

static enum db_result body(struct db_tx *tx, tx_fn fn, void *arg)
{
	enum db_result r = check_epoch(tx);

	if (r == DB_DONE)
		r = fn(tx, arg);
	if (tx->broken != DB_DONE)
		return tx->broken;
	if (r == DB_ROW)
		db_bug("the transaction %s ended with a row", tx->name);
	if (r == DB_DONE && tx->n_live)
		db_bug("the transaction %s left a statement open", tx->name);
	if (r == DB_DONE && tx->in_savepoint)
		db_bug("the transaction %s left a savepoint open", tx->name);
	return r;
}

static enum db_result attempt(struct db *db, const char *name, bool write, tx_fn fn, void *arg)
{
	struct db_tx tx = {.db = db, .name = name, .write = write, .broken = DB_DONE};
	enum db_result r = db->driver->control(db->conn, write ? DB_BEGIN_WRITE : DB_BEGIN_READ);

	if (r != DB_DONE)
		return db_note(db, r, NULL, 0);
	db->tx = &tx;
	r = body(&tx, fn, arg);
	if (r == DB_DONE) {
		r = db->driver->control(db->conn, DB_COMMIT);
		if (r != DB_DONE)
			db_note(db, r, NULL, 0);
	}
	if (r != DB_DONE) {
		db_free_live(&tx);
		if (db->driver->control(db->conn, DB_ROLLBACK) != DB_DONE)
			r = db_note(db, DB_FAIL, NULL, 0);
	}
	db->tx = NULL;
	return r;
}

static void back_off(int attempts_so_far)
{
	struct timespec pause = {.tv_nsec = (BACKOFF_FIRST_MS << attempts_so_far) * 1000000L};

	nanosleep(&pause, NULL);
}

static enum db_result run(struct db *db, const char *name, bool write, tx_fn fn, void *arg)
{
	enum db_result r = DB_RETRY;

	if (db->tx)
		db_bug("the transaction %s inside the transaction %s", name, db->tx->name);
	if (write && db->readonly)
		db_bug("the transaction %s writes to a store opened for reading", name);
	db->error[0] = '\0';
	for (int i = 0; i < DB_TX_ATTEMPTS && r == DB_RETRY; i++) {
		if (i)
			back_off(i - 1);
		r = attempt(db, name, write, fn, arg);
	}
	if (r == DB_FAIL)
		log_error("transaction %s failed: %s", name, db->error[0] ? db->error : "given up by its function");
	if (r == DB_CONFLICT && db->error[0])
		log_warn("transaction %s met a conflict: %s", name, db->error);
	if (r == DB_RETRY)
		log_warn("transaction %s gave up after %d attempts: %s", name, DB_TX_ATTEMPTS, db->error);
	return r;
}

enum db_result db_tx(struct db *db, const char *name, tx_fn fn, void *arg)
{
	return run(db, name, true, fn, arg);
}

enum db_result db_read(struct db *db, const char *name, tx_fn fn, void *arg)
{
	return run(db, name, false, fn, arg);
}

/* ---- savepoints ---- */

static enum db_result savepoint_control(struct db_tx *tx, enum db_control what)
{
	enum db_result r;

	if (tx->broken != DB_DONE)
		return tx->broken;
	r = tx->db->driver->control(tx->db->conn, what);
	if (r != DB_DONE)
		tx->broken = db_note(tx->db, r, NULL, 0);
	return r;
}

enum db_result db_savepoint(struct db_tx *tx, const char *name)
{
	if (tx->in_savepoint)
		db_bug("the savepoint %s inside another in %s", name, tx->name);
	if (tx->n_live)
		db_bug("a statement is open at the savepoint %s", name);
	tx->in_savepoint = true;
	tx->broken_before = tx->broken;
	return savepoint_control(tx, DB_SAVEPOINT);
}

enum db_result db_savepoint_release(struct db_tx *tx)
{
	enum db_result r;

	if (!tx->in_savepoint)
		db_bug("no savepoint to release in %s", tx->name);
	if (tx->n_live)
		db_bug("a statement is open at the end of a savepoint in %s", tx->name);
	r = savepoint_control(tx, DB_RELEASE);
	tx->in_savepoint = r != DB_DONE; /* what could not be released is still to be rolled back */
	return r;
}

enum db_result db_savepoint_rollback(struct db_tx *tx)
{
	enum db_result r;

	if (!tx->in_savepoint)
		db_bug("no savepoint to roll back in %s", tx->name);
	db_free_live(tx);
	tx->in_savepoint = false;
	if (tx->broken == DB_CONFLICT)
		tx->broken = tx->broken_before;
	r = savepoint_control(tx, DB_ROLLBACK_TO);
	return r == DB_DONE ? savepoint_control(tx, DB_RELEASE) : r;
}

/* ---- questions ---- */

int64_t db_changes(const struct db_tx *tx)
{
	return tx->changes;
}

bool db_tx_failed(const struct db_tx *tx)
{
	return tx->broken != DB_DONE;
}

struct db *db_of(const struct db_tx *tx)
{
	return tx->db;
}

const char *db_last_error(const struct db *db)
{
	return db->error;
}

bool db_fenced(const struct db *db)
{
	return db->fenced;
}

/* ---- for migrate.c, owner.c and store_copy.c ---- */

const struct db_driver *db_driver_of(const struct db *db)
{
	return db->driver;
}

enum db_result db_script(struct db_tx *tx, const char *text)
{
	enum db_result r;

	if (!tx->write)
		db_bug("a script inside the reading transaction %s", tx->name);
	if (tx->broken != DB_DONE)
		return tx->broken;
	r = tx->db->driver->script(tx->db->conn, text);
	if (r != DB_DONE)
		tx->broken = db_note(tx->db, r, NULL, 0);
	return r;
}

enum db_result db_compact(struct db *db)
{
	return db_note(db, db->driver->compact(db->conn), NULL, 0);
}

enum db_result db_copy(struct db *db, const char *path, int64_t most_ms)
{
	return db_note(db, db->driver->copy(db->conn, path, most_ms), NULL, 0);
}

enum db_result db_check(struct db *db)
{
	return db_note(db, db->driver->check(db->conn), NULL, 0);
}

struct db_reserved {
	const struct db_driver *driver;
	void *conn;
};

static int let_go(struct db_reserved *r)
{
	r->driver->close(r->conn);
	return 0;
}

struct db_reserved *db_reserve(void *ctx, const char *url, const char **path, struct err *e)
{
	const char *where;
	const struct db_driver *driver = driver_for(url, &where, e);
	struct db_reserved *r;

	if (!driver)
		return NULL;
	r = talloc_zero(ctx, struct db_reserved);
	if (!r)
		abort();
	r->driver = driver;
	r->conn = driver->reserve(r, where, path, e);
	if (!r->conn) {
		talloc_free(r);
		return NULL;
	}
	talloc_set_destructor(r, let_go);
	return r;
}

bool db_lock(struct db *db, bool take, struct err *e)
{
	return db->driver->lock(db->conn, take, e);
}

bool db_retire(struct db *db, struct err *e)
{
	return db->driver->retire(db->conn, e);
}

void db_stream(struct db *db)
{
	db->driver->stream(db->conn);
}

void db_set_seal(struct db *db, const struct seal *keys, const struct rnd *rnd)
{
	db->seal = keys;
	db->rnd = rnd;
}

const char *db_seal_key(const struct db *db)
{
	return db->seal ? seal_newest(db->seal) : "";
}

void db_set_epoch(struct db *db, int64_t epoch)
{
	db->epoch = epoch;
}

int64_t db_epoch(const struct db *db)
{
	return db->epoch;
}
