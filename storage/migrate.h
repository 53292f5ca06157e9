/* Brings a store to this program's version: numbered SQL files, forward only, checksummed. */
#ifndef SEPAREX_MIGRATE_H
#define SEPAREX_MIGRATE_H

#include "db.h"
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One file of storage/migrations, embedded by migrations.S in the order of its numbers. */
struct migration {
	const char *name; /* "0001_house.sql": the number is its first four digits */
	const char *text;
	const char *end; /* one past the text's last byte */
};

/* A list of them: the program's own, or a test's. */
struct migration_list {
	const struct migration *items;
	size_t n;
};

/* The files this program was built with. */
struct migration_list migrate_builtin(void);

/* Applies what is missing, each file in a transaction of its own, recorded in the table
 * migration(number, name, sha256, at_ms). False with the file's name and what to do in `e`: the text of an applied file
 * changed, the store is of a newer version, a file fails (the store is as before that file). Take the owner first, so
 * that two programs do not migrate at once. */
bool migrate_run(struct db *db, int64_t now_ms, struct err *e);

/* True when the store is exactly of this program's version. Writes nothing: for a store opened for reading. */
bool migrate_check(struct db *db, struct err *e);

/* True when this program knows the store's version: its own or an earlier one, whose newest file's name is in *newest
 * ("" for none; it is the program's or lives as long). *current: whether it is its own. Writes nothing. */
bool migrate_known(struct db *db, bool *current, const char **newest, struct err *e);

/* migrate_run and migrate_check with a list of one's own, for tests. */
bool migrate_run_list(struct db *db, struct migration_list list, int64_t now_ms, struct err *e);
bool migrate_check_list(struct db *db, struct migration_list list, struct err *e);

#endif
