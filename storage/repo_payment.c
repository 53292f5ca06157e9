/* Payments and settlements: see repo_payment.h. */
#include "repo_payment.h"

#define PAYMENT_COLUMNS                                                                                                \
	"id, deal_id, page, gateway, order_id, amount, state, pay_url, ref, card_mask, paid, refunded, created_ms "
#define SETTLEMENT_COLUMNS "id, deal_id, kind, track_id, payment_id, person_id, iban, amount, state, reason "

int64_t payment_insert(struct db_tx *tx, const struct payment *p, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO payment (deal_id, page, gateway, order_id, amount, state, pay_url, ref, card_mask, paid, "
		"refunded, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?, '', '', '', 0, 0, ?, ?) "
		"RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, p->deal_id);
	db_text(s, p->page);
	db_text(s, p->gateway);
	db_text(s, p->order_id);
	db_int(s, rial_raw(p->amount));
	db_int(s, p->state);
	db_int(s, now_ms);
	db_int(s, now_ms);
	db_one_int(s, &id);
	return id;
}

static void take_payment(struct db_stmt *s, void *ctx, struct payment *out)
{
	*out = (struct payment){
		.id = db_col_int(s, "id"),
		.deal_id = db_col_int(s, "deal_id"),
		.page = db_col_text(ctx, s, "page"),
		.gateway = db_col_text(ctx, s, "gateway"),
		.order_id = db_col_text(ctx, s, "order_id"),
		.amount = rial_of(db_col_int(s, "amount")),
		.state = (enum payment_state)db_col_int(s, "state"),
		.pay_url = db_col_text(ctx, s, "pay_url"),
		.ref = db_col_text(ctx, s, "ref"),
		.card_mask = db_col_text(ctx, s, "card_mask"),
		.paid = rial_of(db_col_int(s, "paid")),
		.refunded = rial_of(db_col_int(s, "refunded")),
		.created_ms = db_col_int(s, "created_ms"),
	};
}

static bool take_one_payment(struct db_stmt *s, void *ctx, struct payment *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		take_payment(s, ctx, out);
	db_free(&s);
	return found;
}

bool payment_by_id(struct db_tx *tx, void *ctx, int64_t id, struct payment *out)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	return take_one_payment(s, ctx, out);
}

bool payment_by_page(struct db_tx *tx, void *ctx, const char *page, struct payment *out)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE page = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, page);
	return take_one_payment(s, ctx, out);
}

bool payment_by_order(struct db_tx *tx, void *ctx, const char *order_id, struct payment *out)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE order_id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, order_id);
	return take_one_payment(s, ctx, out);
}

bool payment_newest(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out)
{
	static struct db_query q =
		DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? ORDER BY id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	return take_one_payment(s, ctx, out);
}

static size_t take_payments(struct db_stmt *s, void *ctx, int64_t deal_id, struct payment *out, size_t most)
{
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		take_payment(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

size_t payments_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? ORDER BY id LIMIT ?");

	return take_payments(db_stmt(tx, &q), ctx, deal_id, out, most);
}

size_t payments_with_money(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? "
					    "AND paid > refunded ORDER BY id LIMIT ?");

	return take_payments(db_stmt(tx, &q), ctx, deal_id, out, most);
}

void payment_save(struct db_tx *tx, const struct payment *p, int64_t now_ms)
{
	static struct db_query q = DB_QUERY("UPDATE payment SET state = ?, pay_url = ?, ref = ?, card_mask = ?, "
					    "paid = ?, refunded = ?, changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, p->state);
	db_text(s, p->pay_url);
	db_text(s, p->ref);
	db_text(s, p->card_mask);
	db_int(s, rial_raw(p->paid));
	db_int(s, rial_raw(p->refunded));
	db_int(s, now_ms);
	db_int(s, p->id);
	db_exec(s);
}

int64_t settlement_insert(struct db_tx *tx, const struct settlement *t, int64_t now_ms)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO settlement (deal_id, kind, track_id, payment_id, person_id, iban, amount, state, "
			 "reason, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?) RETURNING id");
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
	db_text(s, t->iban);
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
		.iban = db_col_text(ctx, s, "iban"),
		.amount = rial_of(db_col_int(s, "amount")),
		.state = (enum settlement_state)db_col_int(s, "state"),
		.reason = db_col_text(ctx, s, "reason"),
	};
}

bool settlement_by_id(struct db_tx *tx, void *ctx, int64_t id, struct settlement *out)
{
	static struct db_query q = DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	bool found;

	db_int(s, id);
	found = db_step(s) == DB_ROW;
	if (found)
		take_settlement(s, ctx, out);
	db_free(&s);
	return found;
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

size_t settlements_of(struct db_tx *tx, void *ctx, int64_t deal_id, struct settlement *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " SETTLEMENT_COLUMNS "FROM settlement WHERE deal_id = ? ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		take_settlement(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}
