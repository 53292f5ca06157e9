/* What db.c and db_stmt.c share. Nobody else includes it. */
#ifndef SEPAREX_DB_INSIDE_H
#define SEPAREX_DB_INSIDE_H

#include "db_driver.h"

struct db {
	const struct db_driver *driver;
	void *conn;
	struct db_tx *tx; /* the one that runs; NULL between transactions */
	struct db_stmt *slots[DB_CACHE_MAX]; /* by db_query.slot; a statement is kept here between its uses */
	const struct seal *seal; /* NULL: nothing is sealed */
	const struct rnd *rnd;
	int64_t epoch;
	bool readonly;
	bool fenced;
	char error[320];
};

struct db_tx {
	struct db *db;
	const char *name;
	struct db_stmt *live[DB_MAX_LIVE];
	size_t n_live;
	int64_t changes;
	/* DB_DONE while all is well; else what the transaction will end with whatever its function returns. */
	enum db_result broken;
	enum db_result broken_before; /* what `broken` was at the savepoint */
	bool write;
	bool in_savepoint;
};

/* Ends the process: the caller broke a rule of db.h. */
_Noreturn void db_bug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Keeps the driver's words for db_last_error, with the place of the query (NULL for none); returns `r`. */
enum db_result db_note(struct db *db, enum db_result r, const char *file, int line);

/* Frees the statements that are still open in a transaction that is given up. */
void db_free_live(struct db_tx *tx);

#endif
