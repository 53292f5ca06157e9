/* A deal's clocks, evidence and cards: see repo_deal.h. */
#include "repo_deal.h"

static int64_t stage_ms(int64_t set_ms, int64_t due_ms, int stage)
{
	int64_t span = due_ms - set_ms;

	if (stage == 0)
		return set_ms + span / 2;
	return stage == 1 ? set_ms + span / 10 * 9 : due_ms;
}

static void timer_stop(struct db_tx *tx, int64_t deal_id, enum timer_kind kind)
{
	static struct db_query q = DB_QUERY("DELETE FROM deal_timer WHERE deal_id = ? AND kind = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_int(s, kind);
	db_exec(s);
}

void timer_set(struct db_tx *tx, int64_t deal_id, enum timer_kind kind, int64_t now_ms, int64_t due_ms, bool reminds)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO deal_timer (deal_id, kind, set_ms, due_ms, stage, next_ms) VALUES (?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (deal_id, kind) DO UPDATE SET set_ms = excluded.set_ms, due_ms = excluded.due_ms, "
		"stage = excluded.stage, next_ms = excluded.next_ms");
	struct db_stmt *s;
	int stage = reminds ? 0 : 2;

	if (!due_ms) {
		timer_stop(tx, deal_id, kind);
		return;
	}
	s = db_stmt(tx, &q);
	db_int(s, deal_id);
	db_int(s, kind);
	db_int(s, now_ms);
	db_int(s, due_ms);
	db_int(s, stage);
	db_int(s, stage_ms(now_ms, due_ms, stage));
	db_exec(s);
}

void timers_stop(struct db_tx *tx, int64_t deal_id)
{
	static struct db_query q = DB_QUERY("DELETE FROM deal_timer WHERE deal_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_exec(s);
}

void timers_shift(struct db_tx *tx, int64_t deal_id, int64_t by_ms)
{
	/* While a deal was frozen its clocks were looked at now and then (timers.c): next_ms says when, not when a
	 * reminder or the end is due, so it follows from the stage again (stage_ms). */
	static struct db_query q =
		DB_QUERY("UPDATE deal_timer SET set_ms = set_ms + ?, due_ms = due_ms + ?, next_ms = ? + CASE stage "
			 "WHEN 0 THEN set_ms + (due_ms - set_ms) / 2 WHEN 1 THEN set_ms + (due_ms - set_ms) / 10 * 9 "
			 "ELSE due_ms END WHERE deal_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, by_ms);
	db_int(s, by_ms);
	db_int(s, by_ms);
	db_int(s, deal_id);
	db_exec(s);
}

void timer_stage(struct db_tx *tx, const struct deal_timer *t, int stage, int64_t next_ms)
{
	static struct db_query q =
		DB_QUERY("UPDATE deal_timer SET stage = ?, next_ms = ? WHERE deal_id = ? AND kind = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, stage);
	db_int(s, next_ms ? next_ms : stage_ms(t->set_ms, t->due_ms, stage));
	db_int(s, t->deal_id);
	db_int(s, t->kind);
	db_exec(s);
}

static void take_timer(struct db_stmt *s, struct deal_timer *out)
{
	*out = (struct deal_timer){
		.deal_id = db_col_int(s, "deal_id"),
		.kind = (enum timer_kind)db_col_int(s, "kind"),
		.set_ms = db_col_int(s, "set_ms"),
		.due_ms = db_col_int(s, "due_ms"),
		.stage = (int)db_col_int(s, "stage"),
		.next_ms = db_col_int(s, "next_ms"),
	};
}

bool timer_get(struct db_tx *tx, int64_t deal_id, enum timer_kind kind, struct deal_timer *out)
{
	static struct db_query q = DB_QUERY("SELECT deal_id, kind, set_ms, due_ms, stage, next_ms FROM deal_timer "
					    "WHERE deal_id = ? AND kind = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_int(s, deal_id);
	db_int(s, kind);
	found = db_step(s) == DB_ROW;
	if (found)
		take_timer(s, out);
	db_free(&s);
	return found;
}

bool timer_nearest(struct db_tx *tx, int64_t deal_id, struct deal_timer *out)
{
	static struct db_query q = DB_QUERY("SELECT deal_id, kind, set_ms, due_ms, stage, next_ms FROM deal_timer "
					    "WHERE deal_id = ? ORDER BY due_ms");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found = false;

	db_int(s, deal_id);
	while (!found && db_step(s) == DB_ROW) {
		take_timer(s, out);
		found = timer_is_punitive(out->kind);
	}
	db_free(&s);
	return found;
}

size_t timers_due(struct db_tx *tx, int64_t now_ms, struct deal_timer *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT deal_id, kind, set_ms, due_ms, stage, next_ms FROM deal_timer "
					    "WHERE next_ms <= ? ORDER BY next_ms LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, now_ms);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		take_timer(s, &out[n++]);
	db_free(&s);
	return n;
}

int64_t timers_next(struct db_tx *tx)
{
	static struct db_query q = DB_QUERY("SELECT next_ms FROM deal_timer ORDER BY next_ms LIMIT 1");
	int64_t next_ms = INT64_MAX;

	db_one_int(db_stmt(tx, &q), &next_ms);
	return next_ms;
}

/* One UPDATE for a kind: moves by the outage, and not before the grace where the kind is punitive. */
static void stretch_kind(struct db_tx *tx, enum timer_kind kind, int64_t length_ms, int64_t earliest_ms)
{
	static struct db_query q = DB_QUERY(
		"UPDATE deal_timer SET due_ms = CASE WHEN due_ms + ? < ? THEN ? ELSE due_ms + ? END, "
		"next_ms = CASE WHEN stage = 2 AND next_ms + ? < ? THEN ? ELSE next_ms + ? END WHERE kind = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	for (int column = 0; column < 2; column++) {
		db_int(s, length_ms);
		db_int(s, earliest_ms);
		db_int(s, earliest_ms);
		db_int(s, length_ms);
	}
	db_int(s, kind);
	db_exec(s);
}

void timers_after_outage(struct db_tx *tx, int64_t now_ms, int64_t length_ms, int64_t grace_ms)
{
	for (int kind = TIMER_DRAFT; kind < TIMER_KIND_END; kind++)
		if (timer_is_punitive((enum timer_kind)kind))
			stretch_kind(tx, (enum timer_kind)kind, length_ms, now_ms + grace_ms);
}

int64_t evidence_add(struct db_tx *tx, int64_t deal_id, const struct evidence *e)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO evidence (deal_id, person_id, role, text, file_id, file_kind, purpose, "
			 "message_id, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, deal_id);
	db_int(s, e->person_id);
	db_int(s, e->role);
	db_text(s, e->text);
	db_text(s, e->file_id);
	db_text(s, e->file_kind);
	db_int(s, e->purpose ? e->purpose : PURPOSE_STORY);
	db_int(s, e->message_id);
	db_int(s, e->at_ms);
	db_one_int(s, &id);
	return id;
}

const char *evidence_file(struct db_tx *tx, void *ctx, int64_t id)
{
	static struct db_query q = DB_QUERY("SELECT file_id FROM evidence WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	const char *file_id = "";

	db_int(s, id);
	if (db_step(s) == DB_ROW)
		file_id = db_col_text(ctx, s, "file_id");
	db_free(&s);
	return file_id;
}

void evidence_kept(struct db_tx *tx, int64_t id, const char *sha256, int64_t bytes)
{
	static struct db_query q = DB_QUERY("UPDATE evidence SET file_sha256 = ?, file_bytes = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, sha256);
	db_int(s, bytes);
	db_int(s, id);
	db_exec(s);
}

static void take_evidence(struct db_stmt *s, void *ctx, struct evidence *out)
{
	*out = (struct evidence){
		.person_id = db_col_int(s, "person_id"),
		.role = (enum role)db_col_int(s, "role"),
		.text = db_col_text(ctx, s, "text"),
		.file_id = db_col_text(ctx, s, "file_id"),
		.file_kind = db_col_text(ctx, s, "file_kind"),
		.purpose = (enum evidence_purpose)db_col_int(s, "purpose"),
		.message_id = db_col_int(s, "message_id"),
		.at_ms = db_col_int(s, "at_ms"),
	};
}

size_t evidence_list(struct db_tx *tx, void *ctx, int64_t deal_id, struct evidence *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT person_id, role, text, file_id, file_kind, purpose, message_id, at_ms FROM evidence "
			 "WHERE deal_id = ? AND purpose <> 5 ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	for (; n < most && db_step(s) == DB_ROW; n++)
		take_evidence(s, ctx, &out[n]);
	db_free(&s);
	return n;
}

int64_t evidence_count(struct db_tx *tx, int64_t deal_id, enum role role, int64_t since_ms)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM evidence WHERE deal_id = ? AND role = ? AND "
					    "purpose = 1 AND file_id <> '' AND at_ms >= ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, deal_id);
	db_int(s, role);
	db_int(s, since_ms);
	db_one_int(s, &n);
	return n;
}

int64_t proof_count(struct db_tx *tx, int64_t deal_id, enum role role)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM evidence WHERE deal_id = ? AND role IN (?, "
					    "?) AND purpose BETWEEN 2 AND 4 AND file_id <> ''");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, deal_id);
	db_int(s, role == ROLE_NOBODY ? ROLE_BUYER : role);
	db_int(s, role == ROLE_NOBODY ? ROLE_SELLER : role);
	db_one_int(s, &n);
	return n;
}

int64_t proof_ever(struct db_tx *tx, int64_t deal_id, enum role role)
{
	static struct db_query q =
		DB_QUERY("SELECT COUNT(*) AS n FROM evidence WHERE deal_id = ? AND role = ? AND purpose > 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, deal_id);
	db_int(s, role);
	db_one_int(s, &n);
	return n;
}

size_t proof_hide(struct db_tx *tx, int64_t deal_id, enum role role, int64_t after, int64_t since_ms)
{
	static struct db_query q = DB_QUERY("UPDATE evidence SET purpose = 5 WHERE deal_id = ? AND id > ? AND role = ? "
					    "AND at_ms >= ? AND purpose BETWEEN 2 AND 4 RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, after);
	db_int(s, role);
	db_int(s, since_ms);
	while (db_step(s) == DB_ROW)
		n++;
	db_free(&s);
	return n;
}

size_t proof_list(struct db_tx *tx, void *ctx, int64_t deal_id, enum role role, int64_t after, struct evidence *out,
		  size_t most, int64_t *newest)
{
	static struct db_query q = DB_QUERY(
		"SELECT id, person_id, role, text, file_id, file_kind, purpose, message_id, at_ms FROM "
		"evidence WHERE deal_id = ? AND id > ? AND role = ? AND purpose BETWEEN 2 AND 4 AND file_id <> '' "
		"ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	*newest = after;
	db_int(s, deal_id);
	db_int(s, after);
	db_int(s, role);
	db_int(s, (int64_t)most);
	for (; n < most && db_step(s) == DB_ROW; n++) {
		take_evidence(s, ctx, &out[n]);
		*newest = db_col_int(s, "id");
	}
	db_free(&s);
	return n;
}

bool card_get(struct db_tx *tx, void *ctx, int64_t deal_id, enum card_place place, struct card *out)
{
	static struct db_query q =
		DB_QUERY("SELECT chat_id, message_id, inline_id FROM card WHERE deal_id = ? AND place = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_int(s, deal_id);
	db_int(s, place);
	found = db_step(s) == DB_ROW;
	if (found)
		*out = (struct card){db_col_int(s, "chat_id"), db_col_int(s, "message_id"),
				     db_col_text(ctx, s, "inline_id")};
	db_free(&s);
	return found;
}

void card_set(struct db_tx *tx, int64_t deal_id, enum card_place place, struct card card)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO card (deal_id, place, chat_id, message_id, inline_id) VALUES (?, ?, ?, ?, ?) "
			 "ON CONFLICT (deal_id, place) DO UPDATE SET chat_id = excluded.chat_id, "
			 "message_id = excluded.message_id, inline_id = excluded.inline_id");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_int(s, place);
	db_int(s, card.chat_id);
	db_int(s, card.message_id);
	db_text(s, card.inline_id ? card.inline_id : "");
	db_exec(s);
}

void card_forget(struct db_tx *tx, int64_t deal_id, enum card_place place)
{
	static struct db_query q = DB_QUERY("DELETE FROM card WHERE deal_id = ? AND place = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_int(s, place);
	db_exec(s);
}

void chat_moved(struct db_tx *tx, int64_t from, int64_t to)
{
	static struct db_query cards = DB_QUERY("UPDATE card SET chat_id = ? WHERE chat_id = ?");
	static struct db_query origins = DB_QUERY("UPDATE deal SET origin_chat = ? WHERE origin_chat = ?");
	struct db_query *all[] = {&cards, &origins};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct db_stmt *s = db_stmt(tx, all[i]);

		db_int(s, to);
		db_int(s, from);
		db_exec(s);
	}
}
