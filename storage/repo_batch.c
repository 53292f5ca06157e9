/* Batches: see repo_batch.h. */
#include "repo_batch.h"

#include "repo_deal.h"
#include "repo_person.h"
#include "repo_restored.h"
#include <string.h>
#include <talloc.h>

#define BATCH_COLUMNS                                                                                                  \
	"id, state, rows, sum, file_name, file_sha256, made_by, first_by, second_by, made_ms, approved_ms, sent_ms "

static int64_t insert_batch(struct db_tx *tx, int64_t rows, int64_t sum, int64_t made_by, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO payout_batch (id, state, rows, sum, file_name, made_by, made_ms) "
		"SELECT 1 + MAX(n), 1, ?, ?, '', ?, ? FROM (SELECT id AS n FROM payout_batch UNION ALL "
		"SELECT number AS n FROM fact WHERE name = '" RESTORED_BATCH "' UNION ALL SELECT 0 AS n) AS taken "
		"RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, rows);
	db_int(s, sum);
	db_int(s, made_by);
	db_int(s, now_ms);
	db_one_int(s, &id);
	return id;
}

static void insert_row(struct db_tx *tx, int64_t batch_id, int64_t number, int64_t settlement_id)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO payout_batch_row (settlement_id, batch_id, number) VALUES (?, ?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, settlement_id);
	db_int(s, batch_id);
	db_int(s, number);
	db_exec(s);
}

static void count(struct db_tx *tx, int64_t batch_id, int64_t rows, int64_t sum)
{
	static struct db_query q = DB_QUERY("UPDATE payout_batch SET rows = ?, sum = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, rows);
	db_int(s, sum);
	db_int(s, batch_id);
	db_exec(s);
}

/* Whoever took over an account must not be paid at once (fraud.md), also where the settlement waits for a batch only.
 */
static const int64_t cool_off_ms = INT64_C(24) * 3600000;

static bool deal_is_frozen(struct db_tx *tx, void *ctx, int64_t deal_id)
{
	struct deal_file f;

	return !deal_by_id(tx, ctx, deal_id, &f) || f.deal.frozen;
}

/* Not while its deal is frozen or held since a restore, or its payee's IBAN is new or not known to be theirs; and to
 * the IBAN that the payee has now. */
static bool may_leave(struct db_tx *tx, int64_t settlement_id, bool proven, int64_t now_ms)
{
	void *ctx = talloc_new(NULL);
	struct settlement s;
	struct person p;
	bool may = settlement_by_id(tx, ctx, settlement_id, &s) && !deal_is_frozen(tx, ctx, s.deal_id) &&
		   !restored_holds(tx, s.deal_id) && strcmp(s.reason, SETTLEMENT_TOLD) &&
		   person_by_id(tx, ctx, s.person_id, &p) && p.iban[0] && (!proven || person_is_proven(&p)) &&
		   (!p.iban_changed_ms || now_ms >= p.iban_changed_ms + cool_off_ms);

	if (may && strcmp(s.iban, p.iban)) {
		s.iban = p.iban;
		settlement_save(tx, &s, now_ms);
	}
	talloc_free(ctx);
	return may;
}

bool batch_has_frozen(struct db_tx *tx, int64_t batch_id)
{
	static struct db_query q = DB_QUERY("SELECT deal_id FROM payout_batch_row JOIN settlement ON settlement.id = "
					    "settlement_id WHERE batch_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	void *ctx = talloc_new(NULL);
	bool frozen = false;

	db_int(s, batch_id);
	while (!frozen && db_step(s) == DB_ROW)
		frozen = deal_is_frozen(tx, ctx, db_col_int(s, "deal_id"));
	db_free(&s);
	talloc_free(ctx);
	return frozen;
}

int64_t batch_make(struct db_tx *tx, const struct batch_wish *wish, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"SELECT id, amount FROM settlement WHERE rail = 'file' AND state = 1 AND iban <> '' AND amount >= ? "
		"AND amount <= ? AND NOT EXISTS (SELECT 1 FROM payout_batch_row WHERE settlement_id = settlement.id) "
		"ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t batch_id = 0, n = 0, sum = 0;

	db_int(s, rial_raw(wish->least));
	db_int(s, rial_raw(wish->largest));
	db_int(s, (int64_t)wish->most);
	while (db_step(s) == DB_ROW) {
		int64_t id = db_col_int(s, "id");

		if (!may_leave(tx, id, wish->proven, now_ms))
			continue;
		if (!batch_id)
			batch_id = insert_batch(tx, 1, 1, wish->made_by, now_ms);
		sum = rial_raw(rial_add(rial_of(sum), rial_of(db_col_int(s, "amount"))));
		insert_row(tx, batch_id, ++n, id);
	}
	db_free(&s);
	if (batch_id)
		count(tx, batch_id, n, sum);
	return batch_id;
}

static void take(struct db_stmt *s, void *ctx, struct batch *out)
{
	*out = (struct batch){.id = db_col_int(s, "id"),
			      .state = (enum batch_state)db_col_int(s, "state"),
			      .rows = db_col_int(s, "rows"),
			      .sum = rial_of(db_col_int(s, "sum")),
			      .file_name = db_col_text(ctx, s, "file_name"),
			      .file_sha256 = db_col_text(ctx, s, "file_sha256"),
			      .made_by = db_col_int(s, "made_by"),
			      .first_by = db_col_int(s, "first_by"),
			      .second_by = db_col_int(s, "second_by"),
			      .made_ms = db_col_int(s, "made_ms"),
			      .approved_ms = db_col_int(s, "approved_ms"),
			      .sent_ms = db_col_int(s, "sent_ms")};
}

static bool take_one(struct db_stmt *s, void *ctx, struct batch *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		take(s, ctx, out);
	db_free(&s);
	return found;
}

bool batch_by_id(struct db_tx *tx, void *ctx, int64_t id, struct batch *out)
{
	static struct db_query q = DB_QUERY("SELECT " BATCH_COLUMNS "FROM payout_batch WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	return take_one(s, ctx, out);
}

size_t batches_in(struct db_tx *tx, void *ctx, enum batch_state state, struct batch *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " BATCH_COLUMNS "FROM payout_batch WHERE state = ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, state);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		take(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

bool batch_oldest(struct db_tx *tx, void *ctx, enum batch_state state, struct batch *out)
{
	return batches_in(tx, ctx, state, out, 1) == 1;
}

void batch_save(struct db_tx *tx, const struct batch *b)
{
	static struct db_query q =
		DB_QUERY("UPDATE payout_batch SET state = ?, file_name = ?, file_sha256 = ?, first_by = ?, "
			 "second_by = ?, approved_ms = ?, sent_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, b->state);
	db_text(s, b->file_name);
	db_text(s, b->file_sha256);
	db_int(s, b->first_by);
	db_int(s, b->second_by);
	db_int(s, b->approved_ms);
	db_int(s, b->sent_ms);
	db_int(s, b->id);
	db_exec(s);
}

size_t batch_rows(struct db_tx *tx, void *ctx, int64_t batch_id, struct settlement *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT settlement_id FROM payout_batch_row WHERE batch_id = ? ORDER BY number LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, batch_id);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		if (settlement_by_id(tx, ctx, db_col_int(s, "settlement_id"), &out[n]))
			n++;
	db_free(&s);
	return n;
}

void batch_free_rows(struct db_tx *tx, int64_t batch_id)
{
	static struct db_query q = DB_QUERY("DELETE FROM payout_batch_row WHERE batch_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, batch_id);
	db_exec(s);
}

int64_t batch_of_settlement(struct db_tx *tx, int64_t settlement_id)
{
	static struct db_query q = DB_QUERY("SELECT batch_id FROM payout_batch_row WHERE settlement_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, settlement_id);
	db_one_int(s, &id);
	return id;
}

bool batch_has_party(struct db_tx *tx, int64_t batch_id, int64_t person_id)
{
	static struct db_query q = DB_QUERY(
		"SELECT deal.id FROM payout_batch_row JOIN settlement ON settlement.id = settlement_id JOIN deal ON "
		"deal.id = settlement.deal_id WHERE batch_id = ? AND (buyer_id = ? OR seller_id = ?) LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, batch_id);
	db_int(s, person_id);
	db_int(s, person_id);
	db_one_int(s, &id);
	return id != 0;
}
