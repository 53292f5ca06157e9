/* Short messages: see repo_sms.h. */
#include "repo_sms.h"

#include "repo_work.h"
#include <inttypes.h>
#include <talloc.h>

int64_t sms_insert(struct db_tx *tx, const struct sms *m, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO sms (person_id, deal_id, natural_key, event, money, token1, token2, mobile, "
			 "state, created_ms, changed_ms) "
			 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (natural_key) DO NOTHING RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, m->person_id);
	db_int(s, m->deal_id);
	db_text(s, m->natural_key);
	db_text(s, m->event);
	db_int(s, m->money);
	db_text(s, m->tokens[0]);
	db_text(s, m->tokens[1]);
	db_text_sealed(s, "sms.mobile", m->mobile);
	db_int(s, now_ms);
	db_int(s, now_ms);
	db_one_int(s, &id);
	return id;
}

bool sms_by_id(struct db_tx *tx, void *ctx, int64_t id, struct sms *out)
{
	static struct db_query q =
		DB_QUERY("SELECT id, person_id, deal_id, natural_key, event, money, token1, token2, mobile, state, "
			 "provider, message_id, cost, created_ms FROM sms WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_int(s, id);
	found = db_step(s) == DB_ROW;
	if (found)
		*out = (struct sms){.id = db_col_int(s, "id"),
				    .person_id = db_col_int(s, "person_id"),
				    .deal_id = db_col_int(s, "deal_id"),
				    .natural_key = db_col_text(ctx, s, "natural_key"),
				    .event = db_col_text(ctx, s, "event"),
				    .money = db_col_int(s, "money") != 0,
				    .tokens = {db_col_text(ctx, s, "token1"), db_col_text(ctx, s, "token2")},
				    .mobile = db_col_text_sealed(ctx, s, "mobile", "sms.mobile"),
				    .state = (enum sms_state)db_col_int(s, "state"),
				    .provider = db_col_text(ctx, s, "provider"),
				    .message_id = db_col_text(ctx, s, "message_id"),
				    .cost_rial = db_col_int(s, "cost"),
				    .created_ms = db_col_int(s, "created_ms")};
	db_free(&s);
	return found;
}

void sms_save(struct db_tx *tx, const struct sms *m, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE sms SET state = ?, provider = ?, message_id = ?, mobile = ?, cost "
					    "= ?, changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, m->state);
	db_text(s, m->provider);
	db_text(s, m->message_id);
	db_text_sealed(s, "sms.mobile", m->state == SMS_STATE_QUEUED || m->state == SMS_STATE_SENDING ? m->mobile : "");
	db_int(s, m->cost_rial);
	db_int(s, now_ms);
	db_int(s, m->id);
	db_exec(s);
}

void sms_work(struct db_tx *tx, void *ctx, const struct sms *m, int64_t due_ms)
{
	work_add(tx, &(struct work){.kind = WORK_SMS,
				    .lane = LANE_NOTICE,
				    .chain = talloc_asprintf(ctx, "sms:%" PRId64, m->id),
				    .collapse = "",
				    .subject_id = m->id,
				    .payload = "{}",
				    .due_ms = due_ms,
				    .created_ms = due_ms});
}

int64_t sms_sent_since(struct db_tx *tx, int64_t person_id, const char *event, int64_t since_ms)
{
	static struct db_query q =
		DB_QUERY("SELECT COUNT(*) FROM sms WHERE person_id = ? AND created_ms >= ? AND state IN "
			 "(2, 3, 4, 5, 7) AND (event = ? OR ? = '')");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, person_id);
	db_int(s, since_ms);
	db_text(s, event ? event : "");
	db_text(s, event ? event : "");
	db_one_int(s, &n);
	return n;
}
