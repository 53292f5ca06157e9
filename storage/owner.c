/* The store's single writer: see owner.h. */
#include "owner.h"

#include "db_driver.h"
#include "foundation.h"

#include <assert.h>
#include <unistd.h>

struct taking {
	int64_t now_ms;
	int64_t epoch;
};

static enum db_result raise_epoch(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO store_owner (id, epoch, pid, at_ms) VALUES (1, 1, ?, ?) "
					    "ON CONFLICT (id) DO UPDATE SET epoch = store_owner.epoch + 1, "
					    "pid = excluded.pid, at_ms = excluded.at_ms RETURNING epoch");
	struct taking *t = arg;
	struct db_stmt *s = db_stmt(tx, &q);
	enum db_result r;

	db_int(s, getpid());
	db_int(s, t->now_ms);
	r = db_one_int(s, &t->epoch);
	return r == DB_ROW ? DB_DONE : r;
}

bool owner_take(struct db *db, int64_t now_ms, struct err *e)
{
	struct taking t = {.now_ms = now_ms};

	assert(!db_epoch(db));
	if (!db_lock(db, true, e))
		return false;
	if (!foundation_lay(db, e)) {
		db_lock(db, false, NULL);
		return false;
	}
	if (db_tx(db, "take the store", raise_epoch, &t) != DB_DONE) {
		db_lock(db, false, NULL);
		return err_set(e, "the store could not be taken: %s", db_last_error(db));
	}
	assert(t.epoch > 0);
	db_set_epoch(db, t.epoch);
	return true;
}

void owner_release(struct db *db)
{
	db_set_epoch(db, 0);
	db_lock(db, false, NULL);
}

int64_t owner_epoch(const struct db *db)
{
	return db_epoch(db);
}
