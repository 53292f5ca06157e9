/* The tables under the migrations: see foundation.h. */
#include "foundation.h"

#include "db_driver.h"

#include <assert.h>
#include <string.h>
#include <talloc.h>

static const char tables[] = "CREATE TABLE IF NOT EXISTS migration ("
			     " number @INT NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
			     " sha256 TEXT NOT NULL CHECK (length(sha256) = 64), at_ms @INT NOT NULL) @STRICT;"
			     "CREATE TABLE IF NOT EXISTS store_owner ("
			     " id @INT NOT NULL PRIMARY KEY CHECK (id = 1), epoch @INT NOT NULL,"
			     " pid @INT NOT NULL, at_ms @INT NOT NULL) @STRICT;";

static enum db_result lay(struct db_tx *tx, void *arg)
{
	struct err unused;
	char *text = db_sql_expand(NULL, tables, strlen(tables), &db_driver_of(db_of(tx))->ddl, &unused);
	enum db_result r;

	(void)arg;
	assert(text);
	r = db_script(tx, text);
	talloc_free(text);
	return r;
}

bool foundation_lay(struct db *db, struct err *e)
{
	static const char probe[] = "SELECT m.at_ms, o.pid FROM migration AS m, store_owner AS o";

	if (db_query_check(db, probe, NULL))
		return true;
	if (db_tx(db, "lay the foundation", lay, NULL) == DB_DONE)
		return true;
	return err_set(e, "the store could not be set up: %s", db_last_error(db));
}
