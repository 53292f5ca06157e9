/* Bank statements: see statement.h. */
#include "statement.h"

#include "repo_ledger.h"
#include "safe_name.h"
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { NUMBERS_MOST = 16, DIGITS_LEAST = 5, DIGITS_MOST = 30, HAND_OVER_DAYS = 5 };

/* The numbers that stand in a text, which may be ours. */
struct numbers {
	char list[NUMBERS_MOST][DIGITS_MOST + 1];
	size_t n;
};

static void find_numbers(struct turn *t, const char *text, struct numbers *out)
{
	const char *p = digits_fold(t->ctx, text);

	while (*p && out->n < NUMBERS_MOST) {
		size_t n = strspn(p, "0123456789");

		if (n >= DIGITS_LEAST && n <= DIGITS_MOST) {
			memcpy(out->list[out->n], p, n);
			out->list[out->n++][n] = '\0';
		}
		p += n;
		p += strcspn(p, "0123456789");
	}
}

static bool begins_with_word(const char *text, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = word[i] == '_' ? ' ' : word[i];

		if (!text[i] || (text[i] != c && strncasecmp(&text[i], &c, 1)))
			return false;
	}
	return true;
}

static bool has_word(const char *text, const char *word, size_t n)
{
	for (; *text; text++)
		if (begins_with_word(text, word, n))
			return true;
	return false;
}

/* The account that a credit of ours was handed over from, 0 for none. */
static int64_t handed_over_by(const struct statement_rules *rules, const char *words)
{
	for (size_t i = 0; i < rules->n_clearing; i++) {
		const char *colon = strrchr(rules->clearing[i], ':');

		if (colon && has_word(words, rules->clearing[i], (size_t)(colon - rules->clearing[i])))
			return bank_account(colon + 1);
	}
	return 0;
}

static bool is_cost(const struct statement_rules *rules, const struct statement_row *row)
{
	if (row->amount_rial >= 0 || -row->amount_rial > rial_raw(rules->cost_most))
		return false;
	for (size_t i = 0; i < rules->n_cost; i++)
		if (has_word(row->words, rules->cost[i], strlen(rules->cost[i])))
			return true;
	return false;
}

static bool is_payment(struct turn *t, const struct statement_row *row, const char *number, int64_t *id)
{
	struct payment p;

	if (row->amount_rial < 0 || !statement_find_payment(t->tx, t->ctx, row->account, number, &p))
		return false;
	*id = p.id;
	return rial_raw(p.paid) == row->amount_rial && !statement_has(t->tx, STATEMENT_PAYMENT, p.id, true);
}

/* It left, or it came back; each once. A row reopens nothing: whoever pays into our account chooses its words and sum,
 * so that a payout came back after it was done is believed of the bank's results alone (batch.c). */
static bool is_this(struct turn *t, const struct statement_row *row, const struct settlement *s)
{
	bool came_in = row->amount_rial > 0;

	if (rial_raw(s->amount) != (came_in ? row->amount_rial : -row->amount_rial) ||
	    statement_has(t->tx, STATEMENT_SETTLEMENT, s->id, came_in))
		return false;
	return !came_in || s->state == SETTLEMENT_RETURNED;
}

/* A payout or refund by its own number, or a refund along a payment by the payment's. */
static bool is_settlement(struct turn *t, const struct statement_row *row, const char *number, int64_t *id)
{
	struct settlement all[SETTLEMENTS_MOST];
	struct payment p;
	size_t n = statement_find_settlement(t->tx, t->ctx, row->account, number, &all[0]) ? 1 : 0;

	if (!n && statement_find_payment(t->tx, t->ctx, row->account, number, &p)) {
		size_t of_deal = settlements_of(t->tx, t->ctx, p.deal_id, all, SETTLEMENTS_MOST);

		for (size_t i = 0; i < of_deal; i++)
			if (all[i].payment_id == p.id && !strcmp(all[i].rail, RAIL_ALONG))
				all[n++] = all[i];
	}
	for (size_t i = 0; i < n; i++)
		if (is_this(t, row, &all[i])) {
			*id = all[i].id;
			return true;
		}
	return false;
}

static enum statement_said marked(struct turn *t, struct statement_row *row, enum statement_state state, int64_t id,
				  enum statement_said said)
{
	row->state = state;
	row->matched_id = id;
	statement_save(t->tx, row);
	return t->failed ? STATEMENT_SAID_FAILED : said;
}

static enum statement_said book(struct turn *t, struct statement_row *row, const struct transfer *transfer,
				enum statement_state state, int64_t id, enum statement_said said)
{
	const char *key = talloc_asprintf(t->ctx, "statement:%s:%s", row->account, row->key);

	if (ledger_post(t->tx, key, 0, transfer, 1, t->now_ms) != LEDGER_POSTED)
		t->failed = true;
	return marked(t, row, state, id, said);
}

/* The gateway whose money came into our own account, 0 for none. Anybody can write its words into a transfer; but then
 * it would hand over more than it holds for us, or be short of it for good, which the reconciliation names. */
static int64_t handed_over(struct turn *t, const struct statement_rules *rules, const struct statement_row *row)
{
	int64_t gateway = 0;

	if (row->amount_rial > 0 && !strcmp(row->account, "bank"))
		gateway = handed_over_by(rules, row->words);
	if (!gateway || gateway == bank_account("bank") ||
	    rial_raw(ledger_balance(t->tx, (struct account){ACCOUNT_BANK, gateway})) < row->amount_rial)
		return 0;
	return gateway;
}

/* By its numbers. */
static enum statement_said match_ours(struct turn *t, struct statement_row *row)
{
	struct numbers numbers = {.n = 0};
	int64_t id;

	find_numbers(t, row->reference, &numbers);
	find_numbers(t, row->words, &numbers);
	for (size_t i = 0; i < numbers.n; i++) {
		if (is_payment(t, row, numbers.list[i], &id))
			return marked(t, row, STATEMENT_PAYMENT, id, STATEMENT_SAID_PAYMENT);
		if (is_settlement(t, row, numbers.list[i], &id))
			return marked(t, row, STATEMENT_SETTLEMENT, id, STATEMENT_SAID_SETTLEMENT);
	}
	return STATEMENT_SAID_UNKNOWN;
}

enum statement_said statement_match(struct turn *t, const struct statement_rules *rules, struct statement_row *row)
{
	struct account here = {ACCOUNT_BANK, bank_account(row->account)};
	int64_t gateway = handed_over(t, rules, row), other;
	struct rial sum = rial_of(row->amount_rial < 0 ? -row->amount_rial : row->amount_rial);
	enum statement_said ours = match_ours(t, row);

	if (ours != STATEMENT_SAID_UNKNOWN)
		return ours;
	if (gateway)
		return book(t, row, &(struct transfer){here, {ACCOUNT_BANK, gateway}, sum, TRANSFER_CLEARING},
			    STATEMENT_CLEARING, gateway, STATEMENT_SAID_CLEARING);
	if (is_cost(rules, row))
		return book(t, row, &(struct transfer){{ACCOUNT_COST, 0}, here, sum, TRANSFER_COST}, STATEMENT_COST, 0,
			    STATEMENT_SAID_COST);
	if (row->amount_rial > 0 || here.id == bank_account("bank"))
		return STATEMENT_SAID_UNKNOWN;
	other = statement_find_clearing(t->tx, here.id, rial_raw(sum), row->day, HAND_OVER_DAYS);
	return other ? marked(t, row, STATEMENT_HANDED, other, STATEMENT_SAID_HANDED) : STATEMENT_SAID_UNKNOWN;
}

enum statement_said statement_take(struct turn *t, const struct statement_rules *rules, struct statement_row *row)
{
	struct statement_row known;

	row->id = statement_insert(t->tx, row, t->now_ms);
	row->state = STATEMENT_OPEN;
	if (row->id)
		return statement_match(t, rules, row);
	if (!statement_by_key(t->tx, t->ctx, row->account, row->key, &known))
		return STATEMENT_SAID_FAILED;
	if (known.amount_rial != row->amount_rial)
		return STATEMENT_SAID_CLASH;
	if (known.state == STATEMENT_OPEN && statement_match(t, rules, &known) != STATEMENT_SAID_UNKNOWN)
		return t->failed ? STATEMENT_SAID_FAILED : STATEMENT_SAID_AGAIN;
	return STATEMENT_SAID_AGAIN;
}
