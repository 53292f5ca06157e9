/* The store's keys: see store_keys.h. The store remembers the name of the key that sealed last, so that a start without
 * it is refused before anything is read wrongly. */
#include "store_keys.h"

#include "clock.h"
#include "log.h"
#include "migrate.h"
#include "owner.h"
#include "repo_inbox.h"
#include "reseal.h"
#include "seal.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

static const char key_fact[] = "seal.key";

struct key_job {
	void *ctx;
	const char *id;
};

static enum db_result last_key(struct db_tx *tx, void *arg)
{
	struct key_job *job = arg;

	job->id = fact_text(tx, job->ctx, key_fact, "");
	return DB_DONE;
}

static enum db_result note_key(struct db_tx *tx, void *arg)
{
	const struct key_job *job = arg;

	fact_set(tx, key_fact, 0, job->id);
	return DB_DONE;
}

bool store_keys_last(void *ctx, struct db *db, const char **id, struct err *e)
{
	struct key_job job = {.ctx = ctx, .id = ""};

	if (db_read(db, "the last key", last_key, &job) != DB_DONE)
		return err_set(e, "The store cannot be read: %s", db_last_error(db));
	*id = job.id;
	return true;
}

/* The ring of the store, or NULL with what to do. */
static struct seal *open_ring(void *ctx, struct db *db, const struct config *c, const struct rnd *rnd, struct err *e)
{
	struct seal *ring;
	const char *id = "";

	if (!store_keys_last(ctx, db, &id, e))
		return NULL;
	ring = seal_open(ctx, c->store.key_file, !id[0], rnd, e);
	if (ring && id[0] && !seal_has(ring, id)) {
		err_set(e,
			"the key file %s lacks the key %s of this store: restore it from its backup. Without it IBANs "
			"and "
			"mobiles in the store cannot be read",
			c->store.key_file, id);
		return NULL;
	}
	return ring;
}

bool store_keys_fit(struct db *db, const struct config *c, const struct rnd *rnd, struct err *e)
{
	void *ctx = talloc_new(NULL);
	const char *id = "";
	bool fits = store_keys_last(ctx, db, &id, e) && (!id[0] || open_ring(ctx, db, c, rnd, e));

	talloc_free(ctx);
	return fits;
}

static bool seal_all(struct db *db, const struct seal *ring, struct err *e)
{
	struct key_job job = {.id = seal_newest(ring)};
	int64_t n = 0;

	/* First the name, then what it sealed: whatever is sealed later, the name is known. */
	if (db_tx(db, "note the key", note_key, &job) != DB_DONE || !reseal_run(db, &n))
		return err_set(e, "private columns could not be sealed: %s", db_last_error(db));
	if (n)
		log_info("%" PRId64 " private texts were sealed under key %s", n, seal_newest(ring));
	return true;
}

bool store_keys_open(void *ctx, struct db *db, const struct config *c, const struct rnd *rnd, struct err *e)
{
	struct seal *ring = open_ring(ctx, db, c, rnd, e);

	if (!ring)
		return false;
	db_set_seal(db, ring, rnd);
	return seal_all(db, ring, e);
}

int store_keys_rotate(const struct config *c, bool drop_old)
{
	void *ctx = talloc_new(NULL);
	struct rnd rnd = rnd_system();
	struct clock clock = clock_system();
	struct err e = {""};
	int64_t now_ms = clock_now_ms(&clock);
	struct db *db = db_open(ctx, c->store.url, &e);
	bool fine = db && owner_take(db, now_ms, &e) && migrate_run(db, now_ms, &e);
	struct seal *ring = fine ? open_ring(ctx, db, c, &rnd, &e) : NULL;

	if (ring)
		db_set_seal(db, ring, &rnd);
	fine = ring && seal_add_key(ring, c->store.key_file, &rnd, &e) && seal_all(db, ring, &e) &&
	       (db_compact(db) == DB_DONE ||
		err_set(&e, "the store could not be written anew: %s", db_last_error(db))) &&
	       (!drop_old || seal_drop_old_keys(ring, c->store.key_file, &e));
	if (fine)
		printf("everything private is sealed under the new key %s; back up %s now\n", seal_newest(ring),
		       c->store.key_file);
	else
		fprintf(stderr, "%s\n", e.text);
	if (db)
		db_close(&db);
	talloc_free(ctx);
	return fine ? 0 : 1;
}
