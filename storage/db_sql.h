/* Pure functions over SQL text: what differs between engines is rewritten here and nowhere else. */
#ifndef SEPAREX_DB_SQL_H
#define SEPAREX_DB_SQL_H

#include "err.h"

#include <stdbool.h>
#include <stddef.h>

/* What the tokens of a migration become on one engine. */
struct db_ddl {
	const char *id; /* @ID: a primary key the engine numbers */
	const char *integer; /* @INT: 64 bits */
	const char *blob; /* @BLOB */
	const char *strict; /* @STRICT, after the closing bracket of CREATE TABLE */
	bool trigger_functions; /* a trigger calls a function: see db_sql_expand */
};

/* The text with each `?` outside quotes and comments as $1, $2, … left to right. talloc'd on ctx. */
char *db_sql_numbered(const void *ctx, const char *sql);

/* How many `?` stand outside quotes and comments; -1 when one has a number (`?1`), which PostgreSQL does not know. */
int db_sql_count(const char *sql);

/* The text of a migration with its tokens expanded outside quotes and comments. A migration's triggers all look like
 *	CREATE TRIGGER name BEFORE UPDATE ON table
 *	BEGIN SELECT RAISE(ABORT, 'words'); END;
 * and go by DROP TRIGGER name; where a trigger calls a function they become one of the same name and its trigger.
 *talloc'd on ctx; NULL and a message naming the token for an unknown one. */
char *db_sql_expand(const void *ctx, const char *text, size_t n, const struct db_ddl *ddl, struct err *e);

#endif
