/* The staff's log: see repo_staff.h. */
#include "repo_staff.h"

void staff_act_add(struct db_tx *tx, const struct staff_act *a)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO staff_act (person_id, second_id, deal_id, act, detail, at_ms) VALUES (?, ?, ?, ?, ?, ?)");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, a->person_id);
	db_int(s, a->second_id);
	if (a->deal_id)
		db_int(s, a->deal_id);
	else
		db_null(s);
	db_text(s, a->act);
	db_text(s, a->detail);
	db_int(s, a->at_ms);
	db_exec(s);
}

size_t staff_acts(struct db_tx *tx, void *ctx, int64_t deal_id, struct staff_act *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT person_id, second_id, deal_id, act, detail, at_ms FROM staff_act "
					    "WHERE deal_id = ? ORDER BY id DESC LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		out[n++] = (struct staff_act){.person_id = db_col_int(s, "person_id"),
					      .second_id = db_col_int(s, "second_id"),
					      .deal_id = db_col_int(s, "deal_id"),
					      .act = db_col_text(ctx, s, "act"),
					      .detail = db_col_text(ctx, s, "detail"),
					      .at_ms = db_col_int(s, "at_ms")};
	db_free(&s);
	return n;
}
