/* One table's rows from store to store: see rows_copy.h. The SQL is made of names that the engine itself gave. */
#include "rows_copy.h"

#include "buf.h"
#include "crypto.h"
#include "db_driver.h"

#include <assert.h>
#include <string.h>
#include <talloc.h>

/* A row is hashed as a whole; the engines take no value near its maximum. ROWS_AT_ONCE: each statement is a way to the
 * server and back. */
enum { ROW_MAX_BYTES = 64 << 20, ROWS_AT_ONCE = 50, SQL_MAX_BYTES = 1 << 16 };

/* ---- summing up ---- */

static void add_number(struct buf *b, uint64_t n)
{
	unsigned char bytes[8];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(n >> (8 * i));
	buf_add(b, bytes, sizeof bytes);
}

/* Its kind and its length come first, so that no two different values look alike. */
static void add_value(struct buf *b, const char *name, const struct db_value *v)
{
	buf_puts(b, name);
	buf_putc(b, '\0');
	buf_putc(b, (char)('0' + (int)v->kind));
	add_number(b, v->kind == DB_V_INT ? (uint64_t)v->i : v->n);
	if (v->n)
		buf_add(b, v->p, v->n);
}

static void add_row(struct rows_sum *sum, const struct buf *row)
{
	unsigned char hash[SHA256_BYTES];
	unsigned char carry = 0;

	sha256_raw(row->data, row->len, hash);
	sum->rows++;
	for (size_t i = 0; i < ROWS_SUM_WORDS; i++) {
		uint64_t word;
		bool over;

		memcpy(&word, hash + i * sizeof word, sizeof word);
		over = __builtin_add_overflow(sum->sum[i], carry, &sum->sum[i]);
		carry = __builtin_add_overflow(sum->sum[i], word, &sum->sum[i]) || over;
	}
}

bool rows_same(const struct rows_sum *a, const struct rows_sum *b)
{
	return a->rows == b->rows && !memcmp(a->sum, b->sum, sizeof a->sum);
}

/* ---- reading ---- */

struct reading {
	const struct db *db;
	const char *table;
	struct db_stmt *s;
	const char *const *names;
	int n;
	struct db_value values[DB_MAX_COLUMNS]; /* of the row that is there */
	struct buf *row;
	struct rows_sum *sum;
	struct err *e;
};

static void begin(struct reading *r, struct db_tx *tx, const char *table, struct rows_sum *sum, struct err *e)
{
	memset(sum, 0, sizeof *sum);
	*r = (struct reading){.db = db_of(tx), .table = table, .sum = sum, .e = e, .row = buf_new(NULL, ROW_MAX_BYTES)};
	r->s = db_stmt_made(tx, talloc_asprintf(r->row, "SELECT * FROM %s", table));
	r->names = db_columns(r->s, &r->n);
	assert(r->n <= DB_MAX_COLUMNS);
}

static void end(struct reading *r)
{
	db_free(&r->s);
	talloc_free(r->row);
}

/* Takes the row that is there. */
static bool take(struct reading *r)
{
	buf_clear(r->row);
	for (int i = 0; i < r->n; i++) {
		db_value(r->s, i, &r->values[i]);
		if (r->values[i].kind == DB_V_OTHER)
			return err_set(r->e, "%s.%s holds what no store of Separex holds", r->table, r->names[i]);
		add_value(r->row, r->names[i], &r->values[i]);
	}
	if (r->row->failed)
		return err_set(r->e, "a row of %s is longer than %d bytes", r->table, (int)ROW_MAX_BYTES);
	add_row(r->sum, r->row);
	return true;
}

static bool unread(const struct reading *r)
{
	return err_set(r->e, "%s cannot be read: %s", r->table, db_last_error(r->db));
}

bool rows_read(struct db_tx *tx, const char *table, struct rows_sum *sum, struct err *e)
{
	struct reading r;
	enum db_result last = DB_DONE;
	bool fine = true;

	begin(&r, tx, table, sum, e);
	while (fine && (last = db_step(r.s)) == DB_ROW)
		fine = take(&r);
	fine = fine && (last == DB_DONE || unread(&r));
	end(&r);
	return fine;
}

/* ---- writing ---- */

/* How many rows will come: the answer is of the same view of the store. */
static bool count(struct db_tx *from, const struct reading *r, int64_t *n)
{
	return db_one_int(db_stmt_made(from, talloc_asprintf(r->row, "SELECT COUNT(*) AS n FROM %s", r->table)), n) ==
		       DB_ROW ||
	       unread(r);
}

static bool next(const struct reading *r)
{
	enum db_result got = db_step(r->s);

	return got == DB_ROW ||
	       (got == DB_DONE ? err_set(r->e, "%s has fewer rows than were counted", r->table) : unread(r));
}

static bool at_end(const struct reading *r)
{
	enum db_result got = db_step(r->s);

	return got == DB_DONE ||
	       (got == DB_ROW ? err_set(r->e, "%s has more rows than were counted", r->table) : unread(r));
}

static struct db_stmt *insert_of(const struct reading *r, struct db_tx *to, int rows)
{
	struct buf *sql = buf_new(r->row, SQL_MAX_BYTES);

	buf_printf(sql, "INSERT INTO %s (", r->table);
	for (int i = 0; i < r->n; i++)
		buf_printf(sql, "%s%s", i ? ", " : "", r->names[i]);
	buf_puts(sql, ") VALUES ");
	for (int i = 0; i < r->n * rows; i++)
		buf_puts(sql, i % r->n ? ", ?" : i ? "), (?" : "(?");
	buf_puts(sql, ")");
	assert(!sql->failed);
	return db_stmt_made(to, sql->data);
}

static bool put(const struct reading *r, struct db_tx *to, struct db_stmt *insert)
{
	return db_exec_again(insert) == DB_DONE ||
	       err_set(r->e, "%s cannot be written into the new store: %s", r->table, db_last_error(db_of(to)));
}

/* Writes what is left of the answer with a statement of so many rows, as long as so many are left. */
static bool put_by(struct reading *r, struct db_tx *to, int rows, int64_t *left)
{
	struct db_stmt *insert = *left >= rows ? insert_of(r, to, rows) : NULL;
	bool fine = true;

	for (; fine && *left >= rows; *left -= rows) {
		for (int i = 0; i < rows && fine; i++) {
			fine = next(r) && take(r);
			for (int j = 0; j < r->n && fine; j++)
				db_bind(insert, &r->values[j]);
		}
		fine = fine && put(r, to, insert);
	}
	db_free(&insert);
	return fine;
}

bool rows_copy(struct db_tx *from, struct db_tx *to, const char *table, struct rows_sum *sum, struct err *e)
{
	struct reading r;
	int64_t left = 0;
	bool fine;

	begin(&r, from, table, sum, e);
	fine = count(from, &r, &left) && put_by(&r, to, ROWS_AT_ONCE, &left) && put_by(&r, to, 1, &left) && at_end(&r);
	end(&r);
	return fine;
}
