/* The PostgreSQL driver's statements: prepared once in each connection, bound and answered as text. See db_driver.h. */
#include "db_postgres_inside.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

/* FETCH_ROWS: what a tool holds of an answer at a time, so that its memory does not grow with the store. */
enum { FETCH_ROWS = 1000, NAME_BYTES = 24, FETCH_BYTES = 64 };

/* Types by their numbers in the catalogue pg_type, which never change (src/include/catalog/pg_type.dat). */
enum {
	PG_BOOL = 16,
	PG_BYTEA = 17,
	PG_CHAR = 18,
	PG_NAME = 19,
	PG_INT8 = 20,
	PG_INT2 = 21,
	PG_INT4 = 23,
	PG_TEXT = 25,
	PG_UNKNOWN = 705,
	PG_VARCHAR = 1043,
	PG_NUMERIC = 1700,
};

struct pg_stmt {
	struct postgres *c;
	const char *sql;
	char name[NAME_BYTES];
	unsigned life; /* of the connection that knows the name */
	int n_params;
	Oid *types; /* of the parameters */
	const char **values;
	int *lengths, *formats;
	PGresult *answer; /* NULL before the first step and after the end */
	int row;
	int64_t changes;
	bool by_cursor, cursor_open;
	unsigned char *blobs[DB_MAX_COLUMNS]; /* of the columns that were read last */
};

/* ---- preparing ---- */

static enum db_result fail(struct postgres *c, struct db_shape *shape, const char *why)
{
	shape->bad_sql = true;
	snprintf(c->error, sizeof c->error, "%s", why);
	return DB_FAIL;
}

/* A statement that does not compile is our bug (class 42 of the SQLSTATEs); all else is the server's state. */
static enum db_result cannot_prepare(struct postgres *c, PGresult *r, struct db_shape *shape)
{
	const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	shape->bad_sql = code && !strncmp(code, "42", 2);
	return postgres_judge(c, r);
}

static enum db_result name_it(struct pg_stmt *s, struct db_shape *shape)
{
	PGresult *r = PQprepare(s->c->pg, s->name, s->sql, s->n_params, s->types);

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return cannot_prepare(s->c, r, shape);
	s->life = s->c->life;
	return postgres_judge(s->c, r);
}

/* What the server made of the parameters. Where it guesses a small integer (beside a literal, as in `? - 1`), a moment
 * in milliseconds would not fit: then true, and the types hold what to ask for instead. */
static bool take_params(struct pg_stmt *s, const PGresult *about)
{
	bool widen = false;

	s->n_params = PQnparams(about);
	s->types = talloc_realloc(s, s->types, Oid, (unsigned)s->n_params + 1);
	for (int i = 0; i < s->n_params; i++) {
		s->types[i] = PQparamtype(about, i);
		widen |= s->types[i] == PG_INT4 || s->types[i] == PG_INT2;
		if (s->types[i] == PG_INT4 || s->types[i] == PG_INT2)
			s->types[i] = PG_INT8;
	}
	return widen;
}

static void deallocate(struct pg_stmt *s)
{
	char sql[NAME_BYTES + 16];
	PGTransactionStatusType now = PQtransactionStatus(s->c->pg);

	if (s->life != s->c->life || (now != PQTRANS_IDLE && now != PQTRANS_INTRANS))
		return; /* it went with its connection, or goes with this one */
	snprintf(sql, sizeof sql, "DEALLOCATE %s", s->name);
	PQclear(PQexec(s->c->pg, sql));
}

static enum db_result describe(struct pg_stmt *s, const void *ctx, struct db_shape *shape, bool *widen)
{
	PGresult *about = PQdescribePrepared(s->c->pg, s->name);

	if (PQresultStatus(about) != PGRES_COMMAND_OK)
		return cannot_prepare(s->c, about, shape);
	*widen = take_params(s, about);
	shape->n_params = s->n_params;
	shape->n_columns = PQnfields(about);
	if (shape->n_columns > DB_MAX_COLUMNS) {
		PQclear(about);
		return fail(s->c, shape, "too many columns");
	}
	shape->columns = talloc_array(ctx, const char *, (unsigned)shape->n_columns + 1);
	for (int i = 0; i < shape->n_columns; i++)
		shape->columns[i] = talloc_strdup(shape->columns, PQfname(about, i));
	PQclear(about);
	return DB_DONE;
}

static enum db_result prepare_wide(struct pg_stmt *s, const void *ctx, struct db_shape *shape)
{
	bool widen = false;
	enum db_result r = name_it(s, shape);

	if (r == DB_DONE)
		r = describe(s, ctx, shape, &widen);
	if (r != DB_DONE || !widen)
		return r;
	deallocate(s);
	r = name_it(s, shape);
	return r == DB_DONE ? describe(s, ctx, shape, &widen) : r;
}

static bool begins_with(const char *sql, const char *word)
{
	while (isspace((unsigned char)*sql))
		sql++;
	return !strncasecmp(sql, word, strlen(word)) && !isalnum((unsigned char)sql[strlen(word)]);
}

static int free_stmt(struct pg_stmt *s)
{
	PQclear(s->answer);
	for (int i = 0; i < DB_MAX_COLUMNS; i++)
		PQfreemem(s->blobs[i]);
	return 0;
}

enum db_result postgres_prepare(void *conn, const void *ctx, const char *sql, void **handle, struct db_shape *shape)
{
	struct postgres *c = conn;
	struct pg_stmt *s;
	enum db_result r = postgres_connected(c);

	memset(shape, 0, sizeof *shape);
	if (r != DB_DONE)
		return r;
	s = talloc_zero(c, struct pg_stmt);
	talloc_set_destructor(s, free_stmt);
	s->c = c;
	s->sql = talloc_strdup(s, sql);
	snprintf(s->name, sizeof s->name, "s%u", ++c->named);
	r = prepare_wide(s, ctx, shape);
	if (r != DB_DONE) {
		talloc_free(s);
		return r;
	}
	shape->readonly = begins_with(sql, "SELECT");
	s->by_cursor = c->streams && shape->readonly && !strstr(sql, " LIMIT ");
	s->values = talloc_zero_array(s, const char *, (unsigned)s->n_params + 1);
	s->lengths = talloc_zero_array(s, int, (unsigned)s->n_params + 1);
	s->formats = talloc_zero_array(s, int, (unsigned)s->n_params + 1);
	*handle = s;
	return DB_DONE;
}

/* ---- binding ---- */

/* Texts and numbers as text, bytes as they are. */
enum db_result postgres_bind(void *conn, void *handle, int index, const struct db_value *v)
{
	struct pg_stmt *s = handle;
	char *text = NULL;

	(void)conn;
	index--;
	s->formats[index] = v->kind == DB_V_BLOB;
	s->lengths[index] = v->n > INT32_MAX ? INT32_MAX : (int)v->n;
	if (v->kind == DB_V_INT)
		text = talloc_asprintf(s->values, "%lld", (long long)v->i);
	else if (v->kind == DB_V_TEXT)
		text = talloc_strndup(s->values, v->p, v->n);
	else if (v->kind == DB_V_BLOB)
		text = v->n ? talloc_memdup(s->values, v->p, v->n) : talloc_strdup(s->values, "");
	s->values[index] = text;
	return DB_DONE;
}

/* ---- stepping ---- */

static enum db_result take_answer(struct pg_stmt *s, PGresult *r)
{
	PQclear(s->answer);
	s->answer = NULL;
	s->row = -1;
	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK)
		return postgres_judge(s->c, r);
	s->answer = r;
	s->changes = *PQcmdTuples(r) ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
	return DB_DONE;
}

static enum db_result fetch(struct pg_stmt *s)
{
	char sql[FETCH_BYTES];

	snprintf(sql, sizeof sql, "FETCH %d FROM c%s", (int)FETCH_ROWS, s->name);
	return take_answer(s, PQexec(s->c->pg, sql));
}

static enum db_result open_cursor(struct pg_stmt *s)
{
	char *sql = talloc_asprintf(s, "DECLARE c%s NO SCROLL CURSOR FOR %s", s->name, s->sql);
	enum db_result r = postgres_judge(
		s->c, PQexecParams(s->c->pg, sql, s->n_params, s->types, s->values, s->lengths, s->formats, 0));

	talloc_free(sql);
	s->cursor_open = r == DB_DONE;
	return r == DB_DONE ? fetch(s) : r;
}

static enum db_result execute(struct pg_stmt *s)
{
	struct db_shape unused;
	enum db_result r = s->life == s->c->life ? DB_DONE : name_it(s, &unused);

	if (r != DB_DONE)
		return r;
	if (s->by_cursor)
		return open_cursor(s);
	return take_answer(s, PQexecPrepared(s->c->pg, s->name, s->n_params, s->values, s->lengths, s->formats, 0));
}

enum db_result postgres_step(void *conn, void *handle)
{
	struct postgres *c = conn;
	struct pg_stmt *s = handle;
	enum db_result r = s->answer ? DB_DONE : execute(s);

	if (r != DB_DONE)
		return r;
	if (++s->row == FETCH_ROWS && s->cursor_open) {
		r = fetch(s);
		if (r != DB_DONE)
			return r;
		s->row = 0;
	}
	if (s->row < PQntuples(s->answer))
		return DB_ROW;
	c->changes = s->changes;
	return DB_DONE;
}

/* ---- columns ---- */

/* Sums of 64 bit numbers are of a type without end; ours fit, or the books would have said so. */
static void take_number(const char *text, struct db_value *out)
{
	char *end;

	errno = 0;
	out->i = strtoll(text, &end, 10);
	out->kind = errno || *end ? DB_V_OTHER : DB_V_INT;
}

static void take_bytes(unsigned char **blob, const char *text, struct db_value *out)
{
	PQfreemem(*blob);
	*blob = PQunescapeBytea((const unsigned char *)text, &out->n);
	if (!*blob)
		abort();
	out->kind = DB_V_BLOB;
	out->p = *blob;
}

void postgres_column(void *handle, int index, struct db_value *out)
{
	struct pg_stmt *s = handle;
	const char *text = PQgetvalue(s->answer, s->row, index);

	memset(out, 0, sizeof *out);
	out->kind = DB_V_NULL;
	if (PQgetisnull(s->answer, s->row, index))
		return;
	switch (PQftype(s->answer, index)) {
	case PG_BOOL:
		out->kind = DB_V_INT;
		out->i = *text == 't';
		return;
	case PG_INT2:
	case PG_INT4:
	case PG_INT8:
	case PG_NUMERIC:
		take_number(text, out);
		return;
	case PG_BYTEA:
		take_bytes(&s->blobs[index], text, out);
		return;
	case PG_TEXT:
	case PG_VARCHAR:
	case PG_NAME:
	case PG_CHAR:
	case PG_UNKNOWN:
		out->kind = DB_V_TEXT;
		out->p = text;
		out->n = (size_t)PQgetlength(s->answer, s->row, index);
		return;
	default: /* nothing of ours is of another type */
		out->kind = DB_V_OTHER;
		return;
	}
}

/* ---- the end ---- */

static void close_cursor(struct pg_stmt *s)
{
	char sql[NAME_BYTES + 16];

	if (!s->cursor_open)
		return;
	s->cursor_open = false;
	snprintf(sql, sizeof sql, "CLOSE c%s", s->name);
	if (s->life == s->c->life && PQtransactionStatus(s->c->pg) == PQTRANS_INTRANS)
		PQclear(PQexec(s->c->pg, sql));
}

void postgres_release(void *handle, bool keep)
{
	struct pg_stmt *s = handle;

	close_cursor(s);
	PQclear(s->answer);
	s->answer = NULL;
	if (!keep) {
		deallocate(s);
		talloc_free(s);
		return;
	}
	for (int i = 0; i < s->n_params; i++) {
		talloc_free((void *)(uintptr_t)s->values[i]);
		s->values[i] = NULL;
	}
}
