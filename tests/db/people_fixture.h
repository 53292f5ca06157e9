/* The store that the facade's tests share: a few tables, one row, and short ways to write and to count. */
#ifndef SEPAREX_PEOPLE_FIXTURE_H
#define SEPAREX_PEOPLE_FIXTURE_H

#include "store_fixture.h"

static const char schema[] = "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
			     " age INTEGER CHECK (age >= 0), photo BLOB) STRICT;"
			     "CREATE TABLE pet (id INTEGER PRIMARY KEY,"
			     " person_id INTEGER NOT NULL REFERENCES person (id)) STRICT;"
			     "CREATE TABLE ledger (id INTEGER PRIMARY KEY, rial INTEGER NOT NULL) STRICT;"
			     "CREATE TRIGGER ledger_keep BEFORE DELETE ON ledger"
			     " BEGIN SELECT RAISE(ABORT, 'ledger rows stay'); END;"
			     "CREATE TRIGGER pet_pays AFTER INSERT ON pet"
			     " BEGIN UPDATE ledger SET rial = rial + 1 WHERE id = 1; END;"
			     "INSERT INTO ledger (id, rial) VALUES (1, 5);";

/* A store with the schema, and its path for a second look. */
static struct db *db;
static const char *path;

static inline void setup(void)
{
	path = file_path();
	db = open_or_fail(path);
	ck_assert_int_eq(script(db, schema), DB_DONE);
}

static inline void teardown(void)
{
	db_close(&db);
	ck_assert_ptr_null(db);
}

static inline enum db_result insert_person(struct db_tx *tx, const char *name, int64_t age)
{
	static struct db_query q = DB_QUERY("INSERT INTO person (name, age) VALUES (?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, name);
	db_int(s, age);
	return db_exec(s);
}

static inline enum db_result count_fn(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM person");
	enum db_result r = db_one_int(db_stmt(tx, &q), arg);

	return r == DB_ROW ? DB_DONE : r;
}

static inline int64_t count(struct db *store)
{
	int64_t n = -1;

	ck_assert_int_eq(db_read(store, "count", count_fn, &n), DB_DONE);
	return n;
}

static inline enum db_result add_fn(struct db_tx *tx, void *name)
{
	return insert_person(tx, name, 30);
}

static inline enum db_result add(const char *name)
{
	return db_tx(db, "add", add_fn, (void *)(uintptr_t)name);
}

static inline enum db_result one_statement(struct db_tx *tx, void *text)
{
	struct db_query q = {.sql = text, .file = __FILE__, .line = __LINE__};
	struct db_stmt *s = db_stmt(tx, &q);
	enum db_result r;

	while ((r = db_step(s)) == DB_ROW)
		;
	db_free(&s);
	return r;
}

#endif
