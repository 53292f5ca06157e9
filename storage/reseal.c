/* Sealing anew: see reseal.h. */
#include "reseal.h"

#include <string.h>
#include <talloc.h>

enum { ROWS_A_STEP = 200 };

/* What a private column asks of the store: its values that are not under the key, and a new one. */
struct column {
	const char *name; /* as the repository that binds and reads it says */
	struct db_stmt *(*find)(struct db_tx *tx);
	struct db_stmt *(*write)(struct db_tx *tx);
};

#define COLUMN(table, column)                                                                                          \
	static struct db_stmt *find_##table##_##column(struct db_tx *tx)                                               \
	{                                                                                                              \
		static struct db_query q = DB_QUERY("SELECT id, " #column " AS v FROM " #table " WHERE " #column       \
						    " <> '' AND " #column " NOT LIKE ? LIMIT ?");                      \
		return db_stmt(tx, &q);                                                                                \
	}                                                                                                              \
	static struct db_stmt *write_##table##_##column(struct db_tx *tx)                                              \
	{                                                                                                              \
		static struct db_query q = DB_QUERY("UPDATE " #table " SET " #column " = ? WHERE id = ?");             \
		return db_stmt(tx, &q);                                                                                \
	}

COLUMN(person, iban)
COLUMN(person, mobile)
COLUMN(person, national_id)
COLUMN(person, owner_name)
COLUMN(settlement, iban)
COLUMN(payment, card_hash)
COLUMN(statement_row, words)
COLUMN(statement_row, reference)
COLUMN(sms, mobile)
COLUMN(secret, text)

#define ROW(table, column)                                                                                             \
	{                                                                                                              \
#table "." #column, find_##table##_##column, write_##table##_##column                                  \
	}

static const struct column columns[] = {
	ROW(person, iban),     ROW(person, mobile),     ROW(person, national_id),  ROW(person, owner_name),
	ROW(settlement, iban), ROW(payment, card_hash), ROW(statement_row, words), ROW(statement_row, reference),
	ROW(sms, mobile),      ROW(secret, text),
};

struct step {
	const struct column *column;
	int64_t ids[ROWS_A_STEP];
	const char *texts[ROWS_A_STEP];
	size_t n;
};

static void write_one(struct db_tx *tx, const struct column *c, int64_t id, const char *text)
{
	struct db_stmt *s = c->write(tx);

	db_text_sealed(s, c->name, text);
	db_int(s, id);
	db_exec(s);
}

static enum db_result seal_some(struct db_tx *tx, void *arg)
{
	struct step *step = arg;
	void *ctx = talloc_new(NULL);
	struct db_stmt *s = step->column->find(tx);

	step->n = 0;
	db_text(s, talloc_asprintf(ctx, "s1:%s:%%", db_seal_key(db_of(tx))));
	db_int(s, ROWS_A_STEP);
	while (step->n < ROWS_A_STEP && db_step(s) == DB_ROW) {
		step->ids[step->n] = db_col_int(s, "id");
		step->texts[step->n++] = db_col_text_sealed(ctx, s, "v", step->column->name);
	}
	db_free(&s);
	for (size_t i = 0; i < step->n; i++)
		write_one(tx, step->column, step->ids[i], step->texts[i]);
	talloc_free(ctx);
	return DB_DONE;
}

bool reseal_run(struct db *db, int64_t *n)
{
	struct step *step = talloc_zero(NULL, struct step);
	bool fine = true;

	*n = 0;
	for (size_t i = 0; i < sizeof columns / sizeof *columns && fine; i++) {
		step->column = &columns[i];
		do {
			fine = db_tx(db, "seal", seal_some, step) == DB_DONE;
			*n += fine ? (int64_t)step->n : 0;
		} while (fine && step->n == ROWS_A_STEP);
	}
	talloc_free(step);
	return fine;
}
