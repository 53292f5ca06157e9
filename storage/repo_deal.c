/* Deals and their history: see repo_deal.h. Clocks, evidence and cards are in repo_deal_parts.c. */
#include "repo_deal.h"

#include "js.h"
#include "repo_deal_rest.h"
#include <assert.h>
#include <string.h>
#include <talloc.h>

#define DEAL_COLUMNS                                                                                                   \
	"deal.id, code, version, state, creator, buyer_id, seller_id, title, origin_chat, price, fee, fee_payer, "     \
	"inspection_h, ship_h, ship_payer, terms_hash, held, suspense, payable, refund, inflight, rest, carrier, "     \
	"tracking, invited_id, invited_name, public_price, public_payer, description, album, created_ms, changed_ms, " \
	"closed_ms "

static void take_terms(struct db_stmt *s, void *ctx, struct deal_terms *t)
{
	const char *hash = db_col_text(ctx, s, "terms_hash");

	t->price = rial_of(db_col_int(s, "price"));
	t->fee = rial_of(db_col_int(s, "fee"));
	t->fee_payer = (enum fee_payer)db_col_int(s, "fee_payer");
	t->inspection_h = (int)db_col_int(s, "inspection_h");
	t->ship_h = (int)db_col_int(s, "ship_h");
	t->ship_payer = (enum ship_payer)db_col_int(s, "ship_payer");
	assert(strlen(hash) < sizeof t->hash);
	strncpy(t->hash, hash, sizeof t->hash - 1);
}

static void take_deal(struct db_stmt *s, void *ctx, struct deal_file *out)
{
	struct deal *d = &out->deal;

	memset(out, 0, sizeof *out);
	deal_rest_read(db_col_text(ctx, s, "rest"), d);
	d->id = db_col_int(s, "id");
	d->version = db_col_int(s, "version");
	d->state = (enum deal_state)db_col_int(s, "state");
	d->creator = (enum role)db_col_int(s, "creator");
	d->buyer_id = db_col_int(s, "buyer_id");
	d->seller_id = db_col_int(s, "seller_id");
	take_terms(s, ctx, &d->terms);
	d->held = rial_of(db_col_int(s, "held"));
	d->suspense = rial_of(db_col_int(s, "suspense"));
	d->payable = rial_of(db_col_int(s, "payable"));
	d->refund = rial_of(db_col_int(s, "refund"));
	d->inflight = rial_of(db_col_int(s, "inflight"));
	d->closed_ms = db_col_int(s, "closed_ms");
	out->code = db_col_text(ctx, s, "code");
	out->title = db_col_text(ctx, s, "title");
	out->origin_chat = db_col_int(s, "origin_chat");
	out->invited_id = db_col_int(s, "invited_id");
	out->invited_name = db_col_text(ctx, s, "invited_name");
	out->public_price = rial_of(db_col_int(s, "public_price"));
	out->public_payer = (enum fee_payer)db_col_int(s, "public_payer");
	out->description = db_col_text(ctx, s, "description");
	out->album = db_col_text(ctx, s, "album");
	out->carrier = (int)db_col_int(s, "carrier");
	out->tracking = db_col_text(ctx, s, "tracking");
	out->created_ms = db_col_int(s, "created_ms");
	out->changed_ms = db_col_int(s, "changed_ms");
}

static bool take_one(struct db_stmt *s, void *ctx, struct deal_file *out)
{
	bool found = db_step(s) == DB_ROW;

	if (found)
		take_deal(s, ctx, out);
	db_free(&s);
	return found;
}

bool deal_by_id(struct db_tx *tx, void *ctx, int64_t id, struct deal_file *out)
{
	static struct db_query q = DB_QUERY("SELECT " DEAL_COLUMNS "FROM deal WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, id);
	return take_one(s, ctx, out);
}

bool deal_by_code(struct db_tx *tx, void *ctx, const char *code, struct deal_file *out)
{
	static struct db_query q = DB_QUERY("SELECT " DEAL_COLUMNS "FROM deal WHERE code = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, code);
	return take_one(s, ctx, out);
}

bool deal_by_album(struct db_tx *tx, void *ctx, int64_t person_id, const char *album, struct deal_file *out)
{
	static struct db_query q =
		DB_QUERY("SELECT " DEAL_COLUMNS "FROM deal JOIN (SELECT id AS mine FROM deal WHERE buyer_id = ? "
			 "UNION ALL SELECT id FROM deal WHERE seller_id = ?) AS own ON mine = deal.id "
			 "WHERE state = 1 AND album = ? ORDER BY deal.id DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, person_id);
	db_int(s, person_id);
	db_text(s, album);
	return take_one(s, ctx, out);
}

static void bind_seat(struct db_stmt *s, int64_t person)
{
	if (person)
		db_int(s, person);
	else
		db_null(s);
}

/* Binds what INSERT and UPDATE share, in this order: version, state, creator, seats, terms, money, rest, changed,
 * closed. */
static void bind_deal(struct db_stmt *s, const struct deal *d, int64_t now_ms)
{
	void *scratch = talloc_new(NULL);

	db_int(s, d->version);
	db_int(s, d->state);
	db_int(s, d->creator);
	bind_seat(s, d->buyer_id);
	bind_seat(s, d->seller_id);
	db_int(s, rial_raw(d->terms.price));
	db_int(s, rial_raw(d->terms.fee));
	db_int(s, d->terms.fee_payer);
	db_int(s, d->terms.inspection_h);
	db_int(s, d->terms.ship_h);
	db_int(s, d->terms.ship_payer);
	db_text(s, d->terms.hash);
	db_int(s, rial_raw(d->held));
	db_int(s, rial_raw(d->suspense));
	db_int(s, rial_raw(d->payable));
	db_int(s, rial_raw(d->refund));
	db_int(s, rial_raw(d->inflight));
	db_text(s, deal_rest_text(scratch, d));
	db_int(s, now_ms);
	db_int(s, d->closed_ms);
	talloc_free(scratch);
}

int64_t deal_insert(struct db_tx *tx, const struct deal_file *f)
{
	static struct db_query q = DB_QUERY(
		"INSERT INTO deal (version, state, creator, buyer_id, seller_id, price, fee, fee_payer, inspection_h, "
		"ship_h, ship_payer, terms_hash, held, suspense, payable, refund, inflight, rest, changed_ms, "
		"closed_ms, code, title, origin_chat, created_ms) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
		"ON CONFLICT (code) DO NOTHING RETURNING id");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t id = 0;

	bind_deal(s, &f->deal, f->created_ms);
	db_text(s, f->code);
	db_text(s, f->title);
	db_int(s, f->origin_chat);
	db_int(s, f->created_ms);
	db_one_int(s, &id);
	return id;
}

bool deal_save(struct db_tx *tx, const struct deal *before, const struct deal *after, int64_t now_ms)
{
	static struct db_query q = DB_QUERY(
		"UPDATE deal SET version = ?, state = ?, creator = ?, buyer_id = ?, seller_id = ?, price = ?, fee = ?, "
		"fee_payer = ?, inspection_h = ?, ship_h = ?, ship_payer = ?, terms_hash = ?, held = ?, suspense = ?, "
		"payable = ?, refund = ?, inflight = ?, rest = ?, changed_ms = ?, closed_ms = ? "
		"WHERE id = ? AND state = ? AND version = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	assert(before->id == after->id && after->version == before->version + 1);
	bind_deal(s, after, now_ms);
	db_int(s, before->id);
	db_int(s, before->state);
	db_int(s, before->version);
	return db_exec(s) == DB_DONE && db_changes(tx) == 1;
}

void deal_set_title(struct db_tx *tx, int64_t id, const char *title)
{
	static struct db_query q = DB_QUERY("UPDATE deal SET title = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_text(s, title);
	db_int(s, id);
	db_exec(s);
}

void deal_set_tracking(struct db_tx *tx, int64_t id, int carrier, const char *tracking)
{
	static struct db_query q = DB_QUERY("UPDATE deal SET carrier = ?, tracking = ? WHERE id = ?");
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, carrier);
	db_text(s, tracking);
	db_int(s, id);
	db_exec(s);
}

bool tracking_claim(struct db_tx *tx, const char *code, int64_t deal_id, int64_t now_ms)
{
	static struct db_query claim = DB_QUERY("INSERT INTO tracking_code (code, deal_id, at_ms) VALUES (?, ?, ?) "
						"ON CONFLICT (code) DO NOTHING");
	static struct db_query whose = DB_QUERY("SELECT deal_id FROM tracking_code WHERE code = ?");
	struct db_stmt *s = db_stmt(tx, &claim);
	int64_t owner = 0;

	db_text(s, code);
	db_int(s, deal_id);
	db_int(s, now_ms);
	db_exec(s);
	s = db_stmt(tx, &whose);
	db_text(s, code);
	db_one_int(s, &owner);
	return owner == deal_id;
}

/* Time in a deal's history never goes back (I10; see repo_ledger.c). */
static int64_t not_before_last(struct db_tx *tx, int64_t deal_id, int64_t at_ms)
{
	static struct db_query q =
		DB_QUERY("SELECT at_ms FROM deal_history WHERE deal_id = ? ORDER BY version DESC LIMIT 1");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t last_ms = 0;

	db_int(s, deal_id);
	db_one_int(s, &last_ms);
	return last_ms > at_ms ? last_ms : at_ms;
}

void history_add(struct db_tx *tx, int64_t deal_id, const struct deal_history *h)
{
	static struct db_query q =
		DB_QUERY("INSERT INTO deal_history (deal_id, version, table_row, event, role, actor_id, second_id, "
			 "state_before, "
			 "state_after, amount, note, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	int64_t at_ms = not_before_last(tx, deal_id, h->at_ms);
	struct db_stmt *s = db_stmt(tx, &q);

	db_int(s, deal_id);
	db_int(s, h->version);
	db_int(s, h->row);
	db_int(s, h->event);
	db_int(s, h->role);
	db_int(s, h->actor_id);
	db_int(s, h->second_id);
	db_int(s, h->before);
	db_int(s, h->after);
	db_int(s, rial_raw(h->amount));
	db_text(s, h->note);
	db_int(s, at_ms);
	db_exec(s);
}

size_t history_list(struct db_tx *tx, void *ctx, int64_t deal_id, struct deal_history *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT version, table_row, event, role, actor_id, second_id, state_before, "
			 "state_after, amount, note, at_ms FROM deal_history WHERE deal_id = ? "
			 "ORDER BY version DESC LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, deal_id);
	db_int(s, (int64_t)most);
	for (; n < most && db_step(s) == DB_ROW; n++)
		out[n] = (struct deal_history){
			.version = db_col_int(s, "version"),
			.row = (int)db_col_int(s, "table_row"),
			.event = (enum event_kind)db_col_int(s, "event"),
			.role = (enum role)db_col_int(s, "role"),
			.actor_id = db_col_int(s, "actor_id"),
			.second_id = db_col_int(s, "second_id"),
			.before = (enum deal_state)db_col_int(s, "state_before"),
			.after = (enum deal_state)db_col_int(s, "state_after"),
			.amount = rial_of(db_col_int(s, "amount")),
			.note = db_col_text(ctx, s, "note"),
			.at_ms = db_col_int(s, "at_ms"),
		};
	db_free(&s);
	return n;
}

size_t deals_of(struct db_tx *tx, void *ctx, int64_t person_id, bool open_only, size_t skip, struct deal_file *out,
		size_t most)
{
	static struct db_query q = DB_QUERY(
		"SELECT " DEAL_COLUMNS "FROM deal JOIN (SELECT id AS mine FROM deal WHERE buyer_id = ? UNION ALL "
		"SELECT id FROM deal WHERE seller_id = ?) AS own ON mine = deal.id WHERE state < ? "
		"ORDER BY deal.id DESC LIMIT ? OFFSET ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, person_id);
	db_int(s, person_id);
	db_int(s, open_only ? DEAL_COMPLETED : DEAL_STATE_END);
	db_int(s, (int64_t)most);
	db_int(s, (int64_t)skip);
	while (n < most && db_step(s) == DB_ROW)
		take_deal(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

#define IS_LIVE "(state < 20 OR suspense > 0)"
#define IS_OVER "(state >= 20 AND suspense <= 0)"

#define OF_CLASS(condition)                                                                                            \
	"SELECT " DEAL_COLUMNS "FROM deal JOIN (SELECT id AS mine FROM deal WHERE buyer_id = ? UNION ALL "             \
	"SELECT id FROM deal WHERE seller_id = ?) AS own ON mine = deal.id WHERE " condition                           \
	" ORDER BY deal.id DESC LIMIT ? OFFSET ?"

size_t deals_of_class(struct db_tx *tx, void *ctx, int64_t person_id, enum deals_class which, size_t skip,
		      struct deal_file *out, size_t most)
{
	static struct db_query live = DB_QUERY(OF_CLASS(IS_LIVE));
	static struct db_query over = DB_QUERY(OF_CLASS(IS_OVER));
	struct db_stmt *s = db_stmt(tx, which == DEALS_LIVE ? &live : &over);
	size_t n = 0;

	db_int(s, person_id);
	db_int(s, person_id);
	db_int(s, (int64_t)most);
	db_int(s, (int64_t)skip);
	while (n < most && db_step(s) == DB_ROW)
		take_deal(s, ctx, &out[n++]);
	db_free(&s);
	return n;
}

#define COUNT_CLASS(condition)                                                                                         \
	"SELECT (SELECT COUNT(*) FROM deal WHERE buyer_id = ? AND " condition ") + "                                   \
	"(SELECT COUNT(*) FROM deal WHERE seller_id = ? AND " condition ") AS n"

int64_t deals_class_count(struct db_tx *tx, int64_t person_id, enum deals_class which)
{
	static struct db_query live = DB_QUERY(COUNT_CLASS(IS_LIVE));
	static struct db_query over = DB_QUERY(COUNT_CLASS(IS_OVER));
	struct db_stmt *s = db_stmt(tx, which == DEALS_LIVE ? &live : &over);
	int64_t n = 0;

	db_int(s, person_id);
	db_int(s, person_id);
	db_one_int(s, &n);
	return n;
}

int64_t deals_open_count(struct db_tx *tx, int64_t person_id)
{
	static struct db_query q = DB_QUERY("SELECT (SELECT COUNT(*) FROM deal WHERE buyer_id = ? AND state < 20) + "
					    "(SELECT COUNT(*) FROM deal WHERE seller_id = ? AND state < 20) AS n");
	struct db_stmt *s = db_stmt(tx, &q);
	int64_t n = 0;

	db_int(s, person_id);
	db_int(s, person_id);
	db_one_int(s, &n);
	return n;
}

size_t deals_open_ids(struct db_tx *tx, int64_t after, int64_t *out, size_t most)
{
	static struct db_query q =
		DB_QUERY("SELECT id AS deal_id FROM deal WHERE id > ? AND state < 20 ORDER BY id LIMIT ?");
	struct db_stmt *s = db_stmt(tx, &q);
	size_t n = 0;

	db_int(s, after);
	db_int(s, (int64_t)most);
	while (n < most && db_step(s) == DB_ROW)
		out[n++] = db_col_int(s, "deal_id");
	db_free(&s);
	return n;
}
