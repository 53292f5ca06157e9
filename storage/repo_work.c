/* Work rows: see repo_work.h. */
#include "repo_work.h"

#include "log.h"

#define WORK_COLUMNS                                                                                                   \
	"id, kind, lane, chain, collapse, subject_id, payload, edition, state, due_ms, tries, reason, created_ms, "    \
	"origin "

static void take_work(struct db_stmt *s, void *ctx, struct work *out)
{
	*out = (struct work){
		.id = db_col_int(s, "id"),
		.kind = (enum work_kind)db_col_int(s, "kind"),
		.lane = (enum work_lane)db_col_int(s, "lane"),
		.chain = db_col_text(ctx, s, "chain"),
		.collapse = db_col_text(ctx, s, "collapse"),
		.subject_id = db_col_int(s, "subject_id"),
		.payload = db_col_text(ctx, s, "payload"),
		.edition = db_col_int(s, "edition"),
		.state = (enum work_state)db_col_int(s, "state"),
		.due_ms = db_col_int(s, "due_ms"),
		.tries = db_col_int(s, "tries"),
		.reason = db_col_text(ctx, s, "reason"),
		.created_ms = db_col_int(s, "created_ms"),
		.origin = db_col_text(ctx, s, "origin"),
	};
}

static size_t take_all(struct db_stmt *s, void *ctx, struct work *out, size_t most)
{
	size_t n = 0;

	while (n < most && db_step(s) == DB_ROW)
		take_work(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

/* The id of the waiting row that `w` replaces, after replacing its payload; 0 when there is none. */
static int64_t collapse_into(struct db_tx *tx, const struct work *w)
{
	static struct db_query q = DB_QUERY("UPDATE work SET payload = ?, lane = ?, origin = ?, edition = edition + 1, "
					    "due_ms = CASE WHEN kind = 2 AND due_ms > ? THEN ? ELSE due_ms END "
					    "WHERE chain = ? AND state = 1 AND collapse = ? RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_text(s, w->payload);
	db_int(s, w->lane);
	db_text(s, log_scope_now());
	db_int(s, w->due_ms);
	db_int(s, w->due_ms);
	db_text(s, w->chain);
	db_text(s, w->collapse);
	db_one_int(s, &id);
	return id;
}

int64_t work_add(struct db_tx *tx, const struct work *w)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO work (kind, lane, chain, collapse, subject_id, payload, state, due_ms, tries, "
			 "reason, created_ms, origin) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0, '', ?, ?) RETURNING id");
	struct db_stmt *s;
	int64_t id = w->collapse[0] ? collapse_into(tx, w) : 0;

	if (id)
		return id;
	s = db_stmt(tx, &q);
	db_int(s, w->kind);
	db_int(s, w->lane);
	db_text(s, w->chain);
	db_text(s, w->collapse);
	db_int(s, w->subject_id);
	db_text(s, w->payload);
	db_int(s, w->due_ms);
	db_int(s, w->created_ms);
	db_text(s, log_scope_now());
	db_one_int(s, &id);
	return id;
}

size_t work_due(struct db_tx *tx, void *ctx, int64_t now_ms, enum work_lane first, struct work *out, size_t most)
{
	static struct db_query q = DB_QUERY(
		"SELECT " WORK_COLUMNS
		"FROM work WHERE state = 1 AND due_ms <= ? AND lane >= ? AND NOT EXISTS (SELECT 1 "
		"FROM work AS older WHERE older.chain = work.chain AND older.state IN (1, 2) AND older.id < work.id "
		"AND (older.lane < 3 OR work.lane = 3)) "
		"ORDER BY lane, id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, now_ms);
	db_int(s, first);
	db_int(s, (int64_t)most);
	return take_all(s, ctx, out, most);
}

int64_t work_next_due(struct db_tx *tx, int64_t after_ms)
{
	static struct db_query q =
		DB_QUERY("SELECT due_ms FROM work WHERE state = 1 AND due_ms > ? AND NOT EXISTS (SELECT 1 FROM "
			 "work AS older WHERE older.chain = work.chain AND older.state IN (1, 2) AND "
			 "older.id < work.id AND (older.lane < 3 OR work.lane = 3)) ORDER BY due_ms LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t due_ms = INT64_MAX;

	db_int(s, after_ms);
	db_one_int(s, &due_ms);
	return due_ms;
}

void work_started(struct db_tx *tx, int64_t id)
{
	static struct db_query q = DB_QUERY("UPDATE work SET state = 2 WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	db_exec(s);
}

void work_done(struct db_tx *tx, int64_t id, int64_t edition)
{
	static struct db_query q = DB_QUERY("DELETE FROM work WHERE id = ? AND edition = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	db_int(s, edition);
	db_exec(s);
}

bool work_has_younger(struct db_tx *tx, const struct work *w)
{
	static struct db_query q = DB_QUERY("SELECT id FROM work WHERE chain = ? AND state = 1 AND id > ? LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_text(s, w->chain);
	db_int(s, w->id);
	db_one_int(s, &id);
	return id != 0;
}

void work_retry(struct db_tx *tx, int64_t id, int64_t due_ms, int64_t tries, const char *reason)
{
	static struct db_query q =
		DB_QUERY("UPDATE work SET state = 1, due_ms = ?, tries = ?, reason = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, due_ms);
	db_int(s, tries);
	db_text(s, reason);
	db_int(s, id);
	db_exec(s);
}

void work_dead(struct db_tx *tx, int64_t id, int64_t edition, const char *reason)
{
	static struct db_query q = DB_QUERY("UPDATE work SET state = 3, reason = ? WHERE id = ? AND edition = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, reason);
	db_int(s, id);
	db_int(s, edition);
	db_exec(s);
}

void work_set_payload(struct db_tx *tx, int64_t id, int64_t edition, const char *payload)
{
	static struct db_query q = DB_QUERY("UPDATE work SET payload = ? WHERE id = ? AND edition = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, payload);
	db_int(s, id);
	db_int(s, edition);
	db_exec(s);
}

void work_void(struct db_tx *tx, const char *chain, const char *collapse)
{
	static struct db_query q = DB_QUERY("UPDATE work SET payload = '{}', edition = edition + 1 WHERE chain = ? AND "
					    "state = 1 AND collapse = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, chain);
	db_text(s, collapse);
	db_exec(s);
}

void work_drop_chain(struct db_tx *tx, const char *chain)
{
	static struct db_query q = DB_QUERY("DELETE FROM work WHERE chain = ? AND state = 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, chain);
	db_exec(s);
}

void work_move_chain(struct db_tx *tx, const char *from, const char *to)
{
	static struct db_query q = DB_QUERY("UPDATE work SET chain = ? WHERE chain = ? AND state = 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, to);
	db_text(s, from);
	db_exec(s);
}

size_t work_list(struct db_tx *tx, void *ctx, enum work_state state, struct work *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT " WORK_COLUMNS "FROM work WHERE state = ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, state);
	db_int(s, (int64_t)most);
	return take_all(s, ctx, out, most);
}

void work_hurry(struct db_tx *tx, const char *chain, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE work SET due_ms = ? WHERE chain = ? AND state = 1 AND due_ms > ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, now_ms);
	db_text(s, chain);
	db_int(s, now_ms);
	db_exec(s);
}

size_t work_bank_rows(struct db_tx *tx, void *ctx, enum work_state state, int64_t after, struct work *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " WORK_COLUMNS
			 "FROM work WHERE state = ? AND lane = 0 AND kind = 2 AND id > ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, state);
	db_int(s, after);
	db_int(s, (int64_t)most);
	return take_all(s, ctx, out, most);
}

struct work_queue work_queue(struct db_tx *tx, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("SELECT lane, COUNT(*) AS n, MIN(due_ms) AS since_ms FROM work "
					    "WHERE state = 1 AND due_ms <= ? GROUP BY lane");
	struct db_stmt *s = db_stmt(tx, &q);
	struct work_queue out = {0};

	db_int(s, now_ms);
	while (db_step(s) == DB_ROW) {
		int64_t lane = db_col_int(s, "lane");

		if (lane < 0 || lane > LANE_BULK)
			continue;
		out.n[lane] = db_col_int(s, "n");
		out.since_ms[lane] = db_col_int(s, "since_ms");
	}
	db_free(&s);
	return out;
}

int64_t work_count(struct db_tx *tx, enum work_state state)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) AS n FROM work WHERE state = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, state);
	db_one_int(s, &n);
	return n;
}
