/* Statements of the facade: preparing once, binding, stepping, columns by name. See db.h. */
#include "db_inside.h"
#include "log.h"
#include "seal.h"

#include "log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

struct db_stmt {
	struct db *db;
	struct db_tx *tx; /* NULL while it waits in its slot */
	const char *sql, *file;
	int line;
	void *handle; /* NULL when it could not be prepared: then `last` says why */
	struct db_shape shape;
	int n_bound;
	int next_column; /* where the last lookup ended: columns are mostly read in their order */
	enum db_result last;
	bool started;
	bool kept; /* has a slot */
};

/* The first and one past the last pointer that DB_QUERY left; both NULL in a program without queries. */
extern const struct db_query_text *const __start_db_queries[] __attribute__((weak));
extern const struct db_query_text *const __stop_db_queries[] __attribute__((weak));

void db_each_query(void (*fn)(const struct db_query_text *q, void *arg), void *arg)
{
	for (const struct db_query_text *const *at = __start_db_queries; at < __stop_db_queries; at++)
		fn(*at, arg);
}

static void *must(void *p)
{
	if (!p)
		abort(); /* without memory no promise can be kept; the last commit is the state */
	return p;
}

/* Marks the transaction as one that can only be rolled back. The first reason stays. */
static void give_up(struct db_tx *tx, enum db_result why)
{
	assert(why != DB_ROW && why != DB_DONE);
	if (tx->broken == DB_DONE)
		tx->broken = why;
}

static void names_must_differ(const struct db_shape *shape, const char *file, int line)
{
	for (int i = 0; i < shape->n_columns; i++)
		for (int j = 0; j < i; j++)
			if (!strcmp(shape->columns[i], shape->columns[j]))
				db_bug("%s:%d: two columns are called %s", file, line, shape->columns[i]);
}

/* Asks the driver, with parameters as it wants them. */
static enum db_result prepare_text(struct db *db, const void *ctx, const char *sql, void **handle,
				   struct db_shape *shape)
{
	char *numbered = NULL;
	enum db_result r;

	if (db->driver->numbered)
		sql = numbered = db_sql_numbered(ctx, sql);
	r = db->driver->prepare(db->conn, ctx, sql, handle, shape);
	talloc_free(numbered);
	return r;
}

static struct db_stmt *new_stmt(struct db *db, const struct db_query *q)
{
	struct db_stmt *s = must(talloc_zero(db, struct db_stmt));
	enum db_result r;

	s->db = db;
	s->sql = q->sql;
	s->file = q->file;
	s->line = q->line;
	s->last = DB_DONE;
	r = prepare_text(db, s, q->sql, &s->handle, &s->shape);
	if (r == DB_DONE) {
		if (s->shape.n_params != db_sql_count(q->sql))
			db_bug("%s:%d: parameters are plain ?", q->file, q->line);
		names_must_differ(&s->shape, q->file, q->line);
		return s;
	}
	db_note(db, r, q->file, q->line);
	if (s->shape.bad_sql)
		db_bug("%s", db->error);
	s->last = r;
	return s;
}

/* A place in the caches, given at a query's first use; 0 when all are taken (then it is prepared each time). */
static unsigned slot_of(struct db_query *q)
{
	static unsigned n_given = 1; /* 0 means none */

	if (!q->slot && n_given < DB_CACHE_MAX)
		q->slot = n_given++;
	return q->slot;
}

/* The kept statement of a query when it is free, else a new one, which is kept if the slot is empty. */
static struct db_stmt *find_stmt(struct db *db, struct db_query *q)
{
	unsigned slot = slot_of(q);
	struct db_stmt *s;

	assert(slot < DB_CACHE_MAX);
	if (slot && db->slots[slot] && !db->slots[slot]->tx)
		return db->slots[slot];
	s = new_stmt(db, q);
	if (slot && !db->slots[slot] && s->handle) {
		db->slots[slot] = s;
		s->kept = true;
	}
	return s;
}

/* A statement of a transaction that is over but for its rollback: each step gives the reason. */
static struct db_stmt *dead_stmt(struct db_tx *tx, const struct db_query *q)
{
	struct db_stmt *s = must(talloc_zero(tx->db, struct db_stmt));

	s->db = tx->db;
	s->sql = q->sql;
	s->file = q->file;
	s->line = q->line;
	s->last = tx->broken;
	return s;
}

static struct db_stmt *enter(struct db_tx *tx, struct db_query *q, bool keep)
{
	struct db_stmt *s;

	if (!tx || tx->db->tx != tx)
		db_bug("%s:%d: a query outside its transaction", q->file, q->line);
	if (tx->n_live == DB_MAX_LIVE)
		db_bug("%s:%d: more than %d statements at once in %s", q->file, q->line, DB_MAX_LIVE, tx->name);
	if (tx->broken != DB_DONE)
		s = dead_stmt(tx, q);
	else
		s = keep ? find_stmt(tx->db, q) : new_stmt(tx->db, q);
	if (s->handle && !s->shape.readonly && !tx->write)
		db_bug("%s:%d: a write inside the reading transaction %s", q->file, q->line, tx->name);
	if (!s->handle)
		give_up(tx, s->last);
	s->tx = tx;
	tx->live[tx->n_live++] = s;
	return s;
}

struct db_stmt *db_stmt(struct db_tx *tx, struct db_query *q)
{
	return enter(tx, q, true);
}

struct db_stmt *db_stmt_made(struct db_tx *tx, const char *sql)
{
	struct db_query q = {.sql = sql, .file = tx->name, .line = 0};
	struct db_stmt *s = enter(tx, &q, false);

	s->sql = must(talloc_strdup(s, sql));
	return s;
}

/* ---- binding ---- */

void db_bind(struct db_stmt *s, const struct db_value *v)
{
	enum db_result r;

	if (!s->handle)
		return;
	if (s->started)
		db_bug("%s:%d: bound after its first step", s->file, s->line);
	if (s->n_bound == s->shape.n_params)
		db_bug("%s:%d: more values than ?", s->file, s->line);
	r = s->db->driver->bind(s->db->conn, s->handle, ++s->n_bound, v);
	if (r != DB_DONE)
		give_up(s->tx, db_note(s->db, r, s->file, s->line));
}

void db_int(struct db_stmt *s, int64_t v)
{
	db_bind(s, &(struct db_value){.kind = DB_V_INT, .i = v});
}

void db_null(struct db_stmt *s)
{
	db_bind(s, &(struct db_value){.kind = DB_V_NULL});
}

void db_text(struct db_stmt *s, const char *v)
{
	if (v)
		db_bind(s, &(struct db_value){.kind = DB_V_TEXT, .p = v, .n = strlen(v)});
	else
		db_null(s);
}

void db_text_sealed(struct db_stmt *s, const char *column, const char *v)
{
	const struct db *db = s->db;

	db_text(s, db->seal && v ? seal_text(s, db->seal, db->rnd, column, v) : v);
}

void db_blob(struct db_stmt *s, const void *bytes, size_t n)
{
	assert(bytes || !n);
	if (bytes)
		db_bind(s, &(struct db_value){.kind = DB_V_BLOB, .p = bytes, .n = n});
	else
		db_null(s);
}

/* ---- stepping ---- */

static void must_be_bound(const struct db_stmt *s)
{
	if (s->handle && s->n_bound != s->shape.n_params)
		db_bug("%s:%d: %d of %d ? bound", s->file, s->line, s->n_bound, s->shape.n_params);
}

static enum db_result stumble(struct db_stmt *s, enum db_result r)
{
	give_up(s->tx, db_note(s->db, r, s->file, s->line));
	return r;
}

enum db_result db_step(struct db_stmt *s)
{
	enum db_result r;

	must_be_bound(s);
	if (s->tx->broken != DB_DONE)
		return s->last = s->tx->broken;
	if (s->started && s->last != DB_ROW)
		return s->last;
	assert(s->handle);
	s->started = true;
	s->next_column = 0;
	r = s->last = s->db->driver->step(s->db->conn, s->handle);
	if (r == DB_DONE && !s->shape.readonly)
		s->tx->changes = s->db->driver->changes(s->db->conn);
	return r == DB_ROW || r == DB_DONE ? r : stumble(s, r);
}

/* A write that gave a row is not over: its end must succeed too before it may be committed. */
static void finish_write(struct db_stmt *s)
{
	while (s->last == DB_ROW && !s->shape.readonly)
		db_step(s);
}

static void leave_tx(struct db_stmt *s)
{
	struct db_tx *tx = s->tx;
	size_t i = 0;

	while (i < tx->n_live && tx->live[i] != s)
		i++;
	assert(i < tx->n_live);
	tx->live[i] = tx->live[--tx->n_live];
	s->tx = NULL;
}

static void make_ready(struct db_stmt *s)
{
	s->n_bound = 0;
	s->started = false;
	s->last = DB_DONE;
}

static void release(struct db_stmt *s)
{
	leave_tx(s);
	if (s->handle)
		s->db->driver->release(s->handle, s->kept);
	if (!s->kept) {
		talloc_free(s);
		return;
	}
	make_ready(s);
}

void db_free(struct db_stmt **s)
{
	if (!*s)
		return;
	finish_write(*s);
	release(*s);
	*s = NULL;
}

void db_free_live(struct db_tx *tx)
{
	while (tx->n_live)
		release(tx->live[tx->n_live - 1]);
}

enum db_result db_exec(struct db_stmt *s)
{
	enum db_result r = db_step(s);

	if (r == DB_ROW)
		db_bug("%s:%d: a row where none was expected", s->file, s->line);
	release(s);
	return r;
}

enum db_result db_exec_again(struct db_stmt *s)
{
	enum db_result r = db_step(s);

	if (r == DB_ROW)
		db_bug("%s:%d: a row where none was expected", s->file, s->line);
	if (r == DB_DONE) {
		s->db->driver->release(s->handle, true);
		make_ready(s);
	}
	return r;
}

/* ---- columns ---- */

static int find_column(struct db_stmt *s, const char *name)
{
	int n = s->shape.n_columns;

	for (int tried = 0, i = s->next_column; tried < n; tried++, i++) {
		i = i < n ? i : 0;
		if (!strcmp(s->shape.columns[i], name)) {
			s->next_column = i + 1;
			return i;
		}
	}
	db_bug("%s:%d: no column %s", s->file, s->line, name);
}

/* The column's value, which must be of the kind or NULL. */
static struct db_value column(struct db_stmt *s, const char *name, enum db_value_kind kind)
{
	struct db_value v;

	if (!s->handle || s->last != DB_ROW)
		db_bug("%s:%d: column %s read without a row", s->file, s->line, name);
	s->db->driver->column(s->handle, find_column(s, name), &v);
	if (v.kind != kind && v.kind != DB_V_NULL && kind != DB_V_OTHER)
		db_bug("%s:%d: column %s read as another type", s->file, s->line, name);
	return v;
}

int64_t db_col_int(struct db_stmt *s, const char *name)
{
	return column(s, name, DB_V_INT).i;
}

bool db_col_null(struct db_stmt *s, const char *name)
{
	return column(s, name, DB_V_OTHER).kind == DB_V_NULL;
}

const char *db_col_text(const void *ctx, struct db_stmt *s, const char *name)
{
	struct db_value v = column(s, name, DB_V_TEXT);

	return must(v.n ? talloc_strndup(ctx, v.p, v.n) : talloc_strdup(ctx, ""));
}

const char *db_col_text_sealed(const void *ctx, struct db_stmt *s, const char *name, const char *column)
{
	struct db *db = s->db;
	const char *stored = db_col_text(s, s, name);
	char *text;

	if (!db->seal)
		return seal_is_sealed(stored) ? "" : must(talloc_strdup(ctx, stored));
	text = seal_read((void *)(uintptr_t)ctx, db->seal, column, stored);
	if (text)
		return text;
	log_error("%s: a sealed text cannot be opened: the key file lacks its key, or it was changed", column);
	if (db->tx && db->tx->broken == DB_DONE)
		db->tx->broken = DB_FAIL;
	return "";
}

const void *db_col_blob(const void *ctx, struct db_stmt *s, const char *name, size_t *n)
{
	struct db_value v = column(s, name, DB_V_BLOB);

	*n = v.n;
	if (v.kind == DB_V_NULL)
		return NULL;
	return must(v.n ? talloc_memdup(ctx, v.p, v.n) : talloc_zero_size(ctx, 1));
}

const char *const *db_columns(const struct db_stmt *s, int *n)
{
	*n = s->shape.n_columns;
	return s->shape.columns;
}

void db_value(struct db_stmt *s, int index, struct db_value *out)
{
	if (!s->handle || s->last != DB_ROW || index < 0 || index >= s->shape.n_columns)
		db_bug("%s:%d: column %d read without a row", s->file, s->line, index);
	s->db->driver->column(s->handle, index, out);
}

/* After the one row of a write: its end, which an I/O error may still spoil. */
static enum db_result end_of_one(struct db_stmt *s)
{
	enum db_result r = s->shape.readonly ? DB_DONE : db_step(s);

	if (r == DB_ROW)
		db_bug("%s:%d: more than one row", s->file, s->line);
	return r == DB_DONE ? DB_ROW : r;
}

enum db_result db_one_int(struct db_stmt *s, int64_t *out)
{
	enum db_result r = db_step(s);
	int64_t value;

	if (r == DB_ROW) {
		value = db_col_int(s, s->shape.columns[0]);
		r = end_of_one(s);
		if (r == DB_ROW)
			*out = value;
	}
	release(s);
	return r;
}

/* ---- for the facade's other half and for tests ---- */

void db_forget_handles(struct db *db)
{
	for (size_t i = 0; i < DB_CACHE_MAX; i++) {
		struct db_stmt *s = db->slots[i];

		if (!s)
			continue;
		assert(!s->tx);
		db->driver->release(s->handle, false);
		db->slots[i] = NULL;
		talloc_free(s);
	}
}

static bool check_text(struct db *db, const void *ctx, const char *sql, int n_params, struct err *e)
{
	struct db_shape shape = {0};
	void *handle;

	if (db->driver->prepare(db->conn, ctx, sql, &handle, &shape) != DB_DONE)
		return err_set(e, "%s", db->driver->error(db->conn));
	db->driver->release(handle, false);
	if (shape.n_params != n_params)
		return err_set(e, "%d parameters here, %d in the engine", n_params, shape.n_params);
	for (int i = 0; i < shape.n_columns; i++)
		for (int j = 0; j < i; j++)
			if (!strcmp(shape.columns[i], shape.columns[j]))
				return err_set(e, "two columns are called %s", shape.columns[i]);
	return true;
}

bool db_query_check(struct db *db, const char *sql, struct err *e)
{
	void *ctx = must(talloc_new(db));
	int n = db_sql_count(sql);
	bool ok = (db->driver->numbered || check_text(db, ctx, sql, n, e)) &&
		  check_text(db, ctx, db_sql_numbered(ctx, sql), n, e);

	talloc_free(ctx);
	return ok;
}
