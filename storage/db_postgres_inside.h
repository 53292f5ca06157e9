/* What the files of the PostgreSQL driver share. Nobody else includes it. */
#ifndef SEPAREX_DB_POSTGRES_INSIDE_H
#define SEPAREX_DB_POSTGRES_INSIDE_H

#include "db_driver.h"

#include <libpq-fe.h>

/* What is between BEGIN and COMMIT, as we know it. */
enum pg_phase { PG_IDLE, PG_READING, PG_WRITING };

struct postgres {
	PGconn *pg;
	char *url; /* holds a password: never logged */
	bool streams; /* answers come by cursors */
	unsigned life; /* counts the connections: what was prepared in an earlier one is gone */
	unsigned named; /* statements that were given a name */
	enum pg_phase phase;
	bool locked; /* the owner's lock is ours, and is taken again after a reconnection */
	int64_t changes;
	char error[240];
};

/* Our result for what the server said; keeps the words when it is an error, without a data value. Frees `r`. */
enum db_result postgres_judge(struct postgres *c, PGresult *r);

/* Runs one command without parameters. */
enum db_result postgres_run(struct postgres *c, const char *sql);

/* A connection that works: the one there is, or after a loss a new one with the owner's lock. DB_DONE, or DB_FAIL when
 * the server cannot be reached now: it does not wait longer than connect_timeout. */
enum db_result postgres_connected(struct postgres *c);

/* Connects anew. */
enum db_result postgres_connect(struct postgres *c);

/* What db_postgres_stmt.c gives the driver. */
enum db_result postgres_prepare(void *conn, const void *ctx, const char *sql, void **handle, struct db_shape *shape);
enum db_result postgres_bind(void *conn, void *handle, int index, const struct db_value *v);
enum db_result postgres_step(void *conn, void *handle);
void postgres_column(void *handle, int index, struct db_value *out);
void postgres_release(void *handle, bool keep);

#endif
