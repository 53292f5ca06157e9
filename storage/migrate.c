/* Migrations: see migrate.h. */
#include "migrate.h"

#include "crypto.h"
#include "db_driver.h"
#include "foundation.h"
#include "log.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { NUMBER_DIGITS = 4, MIGRATIONS_MAX = 9999 };

extern const struct migration storage_migrations[], storage_migrations_end[];

struct migration_list migrate_builtin(void)
{
	return (struct migration_list){storage_migrations, (size_t)(storage_migrations_end - storage_migrations)};
}

/* What the functions inside the transactions share. */
struct run {
	struct migration_list list;
	struct err *e;
	size_t n_applied;
	const struct migration *one; /* the file being applied */
	int64_t now_ms;
	bool refused; /* `e` says why */
};

/* The numbers are 1, 2, 3, … without a gap: a forgotten line in migrations.S must not start anywhere. */
static void list_must_be_whole(struct migration_list list)
{
	assert(list.n <= MIGRATIONS_MAX);
	for (size_t i = 0; i < list.n; i++) {
		const char *name = list.items[i].name;

		if (strspn(name, "0123456789") == NUMBER_DIGITS && name[NUMBER_DIGITS] == '_' &&
		    strtoul(name, NULL, 10) == i + 1)
			continue;
		log_error("storage/migrations.S: file %zu of the list is %s", i + 1, name);
		abort();
	}
}

static void checksum(const struct migration *m, char out[SHA256_HEX_BYTES])
{
	sha256_hex(m->text, (size_t)(m->end - m->text), out);
}

static enum db_result refuse(struct run *run)
{
	run->refused = true;
	return DB_CONFLICT;
}

/* One row of the table against the file of that number. */
static enum db_result compare(struct run *run, int64_t number, const char *name, const char *sha256)
{
	char ours[SHA256_HEX_BYTES];
	const struct migration *m;

	if (number > (int64_t)run->list.n) {
		err_set(run->e,
			"the store is of a newer version: it has migration %s, this program ends at %s; start the "
			"newer "
			"program, or restore the backup made before the upgrade",
			name, run->list.n ? run->list.items[run->list.n - 1].name : "none");
		return refuse(run);
	}
	if (number != (int64_t)run->n_applied + 1) {
		err_set(run->e, "the store lacks migration %zu although it has %s; restore a backup",
			run->n_applied + 1, name);
		return refuse(run);
	}
	m = &run->list.items[number - 1];
	checksum(m, ours);
	if (strcmp(ours, sha256) || strcmp(m->name, name)) {
		err_set(run->e,
			"storage/migrations/%s was changed after it was applied to this store (there as %s); put its "
			"text "
			"back, and make the change in a new file",
			m->name, name);
		return refuse(run);
	}
	run->n_applied++;
	return DB_DONE;
}

static enum db_result compare_all(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("SELECT number, name, sha256 FROM migration ORDER BY number");
	struct run *run = arg;
	struct db_stmt *s = db_stmt(tx, &q);
	void *ctx = talloc_new(NULL);
	enum db_result r;

	run->n_applied = 0;
	while ((r = db_step(s)) == DB_ROW) {
		r = compare(run, db_col_int(s, "number"), db_col_text(ctx, s, "name"), db_col_text(ctx, s, "sha256"));
		if (r != DB_DONE)
			break;
	}
	talloc_free(ctx);
	db_free(&s);
	return r;
}

static bool check_applied(struct db *db, struct run *run)
{
	if (db_read(db, "check migrations", compare_all, run) == DB_DONE)
		return true;
	if (!run->refused)
		err_set(run->e, "the store's version could not be read: %s", db_last_error(db));
	return false;
}

static enum db_result apply(struct db_tx *tx, void *arg)
{
	static struct db_query q = DB_QUERY("INSERT INTO migration (number, name, sha256, at_ms) VALUES (?, ?, ?, ?)");
	struct run *run = arg;
	const struct migration *m = run->one;
	char sha256[SHA256_HEX_BYTES];
	struct db_stmt *s;
	struct err why;
	char *text = db_sql_expand(NULL, m->text, (size_t)(m->end - m->text), &db_driver_of(db_of(tx))->ddl, &why);
	enum db_result r;

	if (!text) {
		err_set(run->e, "storage/migrations/%s: %s", m->name, why.text);
		return refuse(run);
	}
	r = db_script(tx, text);
	talloc_free(text);
	if (r != DB_DONE)
		return r;
	checksum(m, sha256);
	s = db_stmt(tx, &q);
	db_int(s, (int64_t)run->n_applied + 1);
	db_text(s, m->name);
	db_text(s, sha256);
	db_int(s, run->now_ms);
	return db_exec(s);
}

static bool apply_missing(struct db *db, struct run *run)
{
	while (run->n_applied < run->list.n) {
		run->one = &run->list.items[run->n_applied];
		if (db_tx(db, run->one->name, apply, run) != DB_DONE) {
			if (!run->refused)
				err_set(run->e,
					"storage/migrations/%s could not be applied: %s; the store is as it was before",
					run->one->name, db_last_error(db));
			return false;
		}
		log_info("the store now has migration %s", run->one->name);
		run->n_applied++;
	}
	return true;
}

bool migrate_run_list(struct db *db, struct migration_list list, int64_t now_ms, struct err *e)
{
	struct run run = {.list = list, .e = e, .now_ms = now_ms};
	bool ok;

	list_must_be_whole(list);
	ok = foundation_lay(db, e) && check_applied(db, &run) && apply_missing(db, &run);
	db_forget_handles(db);
	return ok;
}

static bool has_version(struct db *db, struct err *e)
{
	return db_query_check(db, "SELECT number, name, sha256 FROM migration", NULL) ||
	       err_set(e, "the store is empty or cannot be read; start the bot once, it sets the store up");
}

bool migrate_known(struct db *db, bool *current, const char **newest, struct err *e)
{
	struct run run = {.list = migrate_builtin(), .e = e};

	list_must_be_whole(run.list);
	if (!has_version(db, e) || !check_applied(db, &run))
		return false;
	*current = run.n_applied == run.list.n;
	*newest = run.n_applied ? run.list.items[run.n_applied - 1].name : "";
	return true;
}

bool migrate_check_list(struct db *db, struct migration_list list, struct err *e)
{
	struct run run = {.list = list, .e = e};

	list_must_be_whole(list);
	if (!has_version(db, e) || !check_applied(db, &run))
		return false;
	if (run.n_applied < list.n)
		return err_set(e, "the store is of an older version (it lacks %s); start this version of the bot once",
			       list.items[run.n_applied].name);
	return true;
}

bool migrate_run(struct db *db, int64_t now_ms, struct err *e)
{
	return migrate_run_list(db, migrate_builtin(), now_ms, e);
}

bool migrate_check(struct db *db, struct err *e)
{
	return migrate_check_list(db, migrate_builtin(), e);
}
