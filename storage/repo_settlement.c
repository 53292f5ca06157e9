/* Settlements: see repo_settlement.h. */
#include "repo_settlement.h"

#define SETTLEMENT_COLUMNS                                                                                             \
	"id, deal_id, kind, track_id, payment_id, person_id, rail, gateway, ref, iban, amount, state, reason, "        \
	"changed_ms "

int64_t settlement_insert(struct db_tx *tx, const struct settlement *t, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO settlement (deal_id, kind, track_id, payment_id, person_id, rail, gateway, iban, "
		"amount, state, reason, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?) "
		"RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, t->deal_id);
	db_int(s, t->kind);
	db_text(s, t->track_id);
	if (t->payment_id)
		db_int(s, t->payment_id);
	else
		db_null(s);
	db_int(s, t->person_id);
	db_text(s, t->rail);
	db_text(s, t->gateway);
	db_text_sealed(s, "settlement.iban", t->iban);
	db_int(s, rial_raw(t->amount));
	db_int(s, t->state);
	db_int(s, now_ms);
	db_int(s, now_ms);
	db_one_int(s, &id);
	return id;
}

static void take_settlement(struct db_stmt *s, void *ctx, struct settlement *out)
{
	*out = (struct settlement){
		.id = db_col_int(s, "id"),
		.deal_id = db_col_int(s, "deal_id"),
		.kind = (enum settlement_kind)db_col_int(s, "kind"),
		.track_id = db_col_text(ctx, s, "track_id"),
		.payment_id = db_col_int(s, "payment_id"),
		.person_id = db_col_int(s, "person_id"),
		.rail = db_col_text(ctx, s, "rail"),
		.gateway = db_col_text(ctx, s, "gateway"),
		.ref = db_col_text(ctx, s, "ref"),
		.iban = db_col_text_sealed(ctx, s, "iban", "settlement.iban"),
		.amount = rial_of(db_col_int(s, "amount")),
		.state = (enum settlement_state)db_col_int(s, "state"),
		.reason = db_col_text(ctx, s, "reason"),
		.changed_ms = db_col_int(s, "changed_ms"),
	};
}

static bool take_one(struct db_stmt *s, void *ctx, struct settlement *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		take_settlement(s, ctx, out);
	db_free(&s);
	return found;
}

bool settlement_by_id(struct db_tx *tx, void *ctx, int64_t id, struct settlement *out)
{
	static struct db_query q = DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	return take_one(s, ctx, out);
}

bool settlement_by_track(struct db_tx *tx, void *ctx, const char *track_id, struct settlement *out)
{
	static struct db_query q = DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE track_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, track_id);
	return take_one(s, ctx, out);
}

void settlement_save(struct db_tx *tx, const struct settlement *t, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("UPDATE settlement SET rail = ?, gateway = ?, ref = ?, iban = ?, changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, t->rail);
	db_text(s, t->gateway);
	db_text(s, t->ref);
	db_text_sealed(s, "settlement.iban", t->iban);
	db_int(s, now_ms);
	db_int(s, t->id);
	db_exec(s);
}

void settlement_set_state(struct db_tx *tx, int64_t id, enum settlement_state state, const char *reason, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE settlement SET state = ?, reason = ?, changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, state);
	db_text(s, reason);
	db_int(s, now_ms);
	db_int(s, id);
	db_exec(s);
}

static size_t take_all(struct db_stmt *s, void *ctx, struct settlement *out, size_t most)
{
	size_t n = 0;

	while (n < most && db_step(s) == DB_ROW)
		take_settlement(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

size_t settlements_without_iban(struct db_tx *tx, void *ctx, int64_t person_id, struct settlement *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE person_id = ? AND state = 1 "
			 "AND rail <> 'along' AND iban = '' ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_int(s, (int64_t)most);
	return take_all(s, ctx, out, most);
}

size_t settlements_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct settlement *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE deal_id = ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	return take_all(s, ctx, out, most);
}

struct waiting settlements_waiting(struct db_tx *tx, enum settlement_state state, const char *rail)
{
	static struct db_query q =
		DB_QUERY("SELECT COUNT(*) AS n, MIN(changed_ms) AS since_ms FROM settlement WHERE rail IN (?, ?) "
			 "AND state = ? AND iban <> ''");
	struct db_stmt *s = db_stmt(tx, &q);
	struct waiting w = {0};

	db_text(s, rail ? rail : RAIL_BANK);
	db_text(s, rail ? rail : RAIL_FILE);
	db_int(s, state);
	if (db_step(s) == DB_ROW)
		w = (struct waiting){db_col_int(s, "n"), db_col_null(s, "since_ms") ? 0 : db_col_int(s, "since_ms")};
	db_free(&s);
	return w;
}
