/* Payments: see repo_payment.h. */
#include "repo_payment.h"

#define PAYMENT_COLUMNS                                                                                                \
	"id, deal_id, part, parts, page, gateway, order_id, amount, state, token, pay_url, ref, card_mask, "           \
	"card_hash, "                                                                                                  \
	"card_said, said, paid, refunded, created_ms, opened_ms, credited_ms "

int64_t payment_insert(struct db_tx *tx, const struct payment *p, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO payment (deal_id, part, parts, page, gateway, order_id, amount, state, pay_url, ref, "
		"card_mask, paid, refunded, created_ms, changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', '', 0, 0, "
		"?, ?) RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	db_int(s, p->deal_id);
	db_int(s, p->part ? p->part : 1);
	db_int(s, p->parts ? p->parts : 1);
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
		.part = db_col_int(s, "part"),
		.parts = db_col_int(s, "parts"),
		.page = db_col_text(ctx, s, "page"),
		.gateway = db_col_text(ctx, s, "gateway"),
		.order_id = db_col_text(ctx, s, "order_id"),
		.amount = rial_of(db_col_int(s, "amount")),
		.state = (enum payment_state)db_col_int(s, "state"),
		.token = db_col_text(ctx, s, "token"),
		.pay_url = db_col_text(ctx, s, "pay_url"),
		.ref = db_col_text(ctx, s, "ref"),
		.card_mask = db_col_text(ctx, s, "card_mask"),
		.card_hash = db_col_text_sealed(ctx, s, "card_hash", "payment.card_hash"),
		.card_said = db_col_text(ctx, s, "card_said"),
		.said = db_col_text(ctx, s, "said"),
		.paid = rial_of(db_col_int(s, "paid")),
		.refunded = rial_of(db_col_int(s, "refunded")),
		.created_ms = db_col_int(s, "created_ms"),
		.opened_ms = db_col_int(s, "opened_ms"),
		.credited_ms = db_col_int(s, "credited_ms"),
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

bool payment_by_token(struct db_tx *tx, void *ctx, const char *gateway, const char *token, struct payment *out)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS
					    "FROM payment WHERE gateway = ? AND token = ? ORDER BY id DESC LIMIT 1");
	struct db_stmt *s;

	if (!token[0])
		return false;
	s = db_stmt(tx, &q);
	db_text(s, gateway);
	db_text(s, token);
	return take_one_payment(s, ctx, out);
}

bool payment_ref_used(struct db_tx *tx, const char *gateway, const char *ref, int64_t but_id)
{
	static struct db_query q = DB_QUERY("SELECT id FROM payment WHERE gateway = ? AND ref = ? AND id <> ? LIMIT 1");
	struct db_stmt *s;
	int64_t id = 0;

	if (!ref[0])
		return false;
	s = db_stmt(tx, &q);
	db_text(s, gateway);
	db_text(s, ref);
	db_int(s, but_id);
	db_one_int(s, &id);
	return id != 0;
}

/* Of two tries at a part, the credited one counts, else the later one. */
static bool counts_more(const struct payment *later, const struct payment *than)
{
	bool credited = than->state == PAYMENT_CREDITED || than->state == PAYMENT_SETTLED;

	return !credited || later->state == PAYMENT_CREDITED || later->state == PAYMENT_SETTLED;
}

bool payment_of_part(struct db_tx *tx, void *ctx, int64_t deal_id, int64_t part, struct payment *out)
{
	static struct db_query q =
		DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? AND part = ? ORDER BY id");
	struct db_stmt *s = db_stmt(tx, &q);
	struct payment p;
	bool found = false;

	db_int(s, deal_id);
	db_int(s, part);
	while (db_step(s) == DB_ROW) {
		take_payment(s, ctx, &p);
		if (!found || counts_more(&p, out))
			*out = p;
		found = true;
	}
	db_free(&s);
	return found;
}

int64_t payment_tries(struct db_tx *tx, int64_t deal_id, int64_t part)
{
	static struct db_query q = DB_QUERY("SELECT COUNT(*) FROM payment WHERE deal_id = ? AND part = ?");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, deal_id);
	db_int(s, part);
	db_one_int(s, &n);
	return n;
}

const char *payment_card_hash(struct db_tx *tx, void *ctx, const char *gateway, int64_t buyer_id, const char *mask)
{
	static struct db_query q = DB_QUERY(
		"SELECT payment.id AS id, card_hash FROM deal JOIN payment ON payment.deal_id = deal.id WHERE buyer_id "
		"= ? "
		"AND gateway = ? AND card_mask = ? AND paid > 0 AND credited_ms > 0 AND card_hash <> '' ORDER BY "
		"payment.id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	const char *hash = "";

	db_int(s, buyer_id);
	db_text(s, gateway);
	db_text(s, mask);
	if (db_step(s) == DB_ROW)
		hash = db_col_text_sealed(ctx, s, "card_hash", "payment.card_hash");
	db_free(&s);
	return hash;
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

size_t payments_by_part(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? ORDER BY part, id");
	struct db_stmt *s = db_stmt(tx, &q);
	struct payment p;
	size_t n = 0;

	db_int(s, deal_id);
	while (db_step(s) == DB_ROW) {
		bool another = n == 0 || db_col_int(s, "part") != out[n - 1].part;

		if (another && n == most)
			break;
		take_payment(s, ctx, &p);
		n += another;
		if (another || counts_more(&p, &out[n - 1]))
			out[n - 1] = p;
	}
	db_free(&s);
	return n;
}

size_t payments_with_money(struct db_tx *tx, void *ctx, int64_t deal_id, struct payment *out, size_t most)
{
	static struct db_query q = DB_QUERY("SELECT " PAYMENT_COLUMNS "FROM payment WHERE deal_id = ? "
					    "AND paid > refunded ORDER BY id LIMIT ?");

	return take_payments(db_stmt(tx, &q), ctx, deal_id, out, most);
}

void payment_save(struct db_tx *tx, const struct payment *p, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"UPDATE payment SET gateway = ?, state = ?, token = ?, pay_url = ?, ref = ?, card_mask = ?, "
		"card_hash = ?, card_said = ?, said = ?, paid = ?, refunded = ?, opened_ms = ?, credited_ms = ?, "
		"changed_ms = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, p->gateway);
	db_int(s, p->state);
	db_text(s, p->token);
	db_text(s, p->pay_url);
	db_text(s, p->ref);
	db_text(s, p->card_mask);
	db_text_sealed(s, "payment.card_hash", p->card_hash);
	db_text(s, p->card_said);
	db_text(s, p->said);
	db_int(s, rial_raw(p->paid));
	db_int(s, rial_raw(p->refunded));
	db_int(s, p->opened_ms);
	db_int(s, p->credited_ms);
	db_int(s, now_ms);
	db_int(s, p->id);
	db_exec(s);
}
