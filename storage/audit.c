/* The audit's frame: its report, its walks over ordered rows, and the sums of the whole house. See audit.h. */
#include "audit_inside.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <talloc.h>

void walk_next(struct walk *w)
{
	w->more = db_step(w->s) == DB_ROW;
	if (w->more)
		w->at = db_col_int(w->s, w->key);
}

struct walk walk_begin(struct db_stmt *s, const char *key)
{
	struct walk w = {.s = s, .key = key};

	walk_next(&w);
	return w;
}

void audit_flaw(struct audit *a, const char *fmt, ...)
{
	struct audit_report *r = a->out;
	va_list args;

	r->flaws++;
	if (r->n_lines == AUDIT_MAX_LINES)
		return;
	va_start(args, fmt);
	r->lines[r->n_lines++] = talloc_vasprintf(a->ctx, fmt, args);
	va_end(args);
}

void audit_sweep(struct audit *a)
{
	talloc_free_children(a->scratch);
}

void audit_add(int64_t *sum, int64_t by)
{
	if (__builtin_add_overflow(*sum, by, sum))
		*sum = by > 0 ? INT64_MAX : INT64_MIN;
}

int64_t audit_minus(int64_t n)
{
	return n == INT64_MIN ? INT64_MAX : -n;
}

const char *audit_number(int64_t n, char room[AUDIT_NUMBER_BYTES])
{
	char plain[AUDIT_NUMBER_BYTES];
	int len = snprintf(plain, sizeof plain, "%" PRId64, n);
	int sign = n < 0, to = 0;

	for (int i = 0; i < len; i++) {
		if (i > sign && (len - i) % 3 == 0)
			room[to++] = ',';
		room[to++] = plain[i];
	}
	room[to] = '\0';
	return room;
}

int audit_member(struct db_stmt *s, const char *column, int end)
{
	int64_t v = db_col_int(s, column);

	return v > 0 && v < end ? (int)v : 0;
}

struct transfer audit_transfer(struct db_stmt *s)
{
	return (struct transfer){
		.debit = {(enum account_kind)audit_member(s, "debit_kind", ACCOUNT_KIND_END),
			  db_col_int(s, "debit_id")},
		.credit = {(enum account_kind)audit_member(s, "credit_kind", ACCOUNT_KIND_END),
			   db_col_int(s, "credit_id")},
		.amount = rial_of(db_col_int(s, "amount")),
		.code = (enum transfer_code)audit_member(s, "code", TRANSFER_CODE_END),
	};
}

/* The derived sum of an account that is of no deal, or NULL. */
static struct bank_sum *house_account(struct audit *a, int64_t kind, int64_t id)
{
	if (kind == ACCOUNT_FEE_INCOME && id == 0)
		return &a->fee_income;
	if (kind == ACCOUNT_COST && id == 0)
		return &a->cost;
	for (size_t i = 0; i < a->n_banks && kind == ACCOUNT_BANK; i++)
		if (a->banks[i].id == id)
			return &a->banks[i];
	return NULL;
}

static void check_house_row(struct audit *a, struct db_stmt *s)
{
	int64_t kind = db_col_int(s, "kind"), id = db_col_int(s, "id"), says = db_col_int(s, "balance");
	struct bank_sum *sum = house_account(a, kind, id);
	char name[40], x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	if (kind != ACCOUNT_BANK && kind != ACCOUNT_FEE_INCOME && kind != ACCOUNT_COST) {
		audit_flaw(a, "ledger_balance %" PRId64 ":%" PRId64 " is of no kind of account", kind, id);
		return;
	}
	audit_add(kind == ACCOUNT_FEE_INCOME ? &a->other_rows : &a->asset_rows, says);
	account_name((struct account){(enum account_kind)kind, id}, name);
	if (says < 0 && kind == ACCOUNT_FEE_INCOME)
		audit_flaw(a, "ledger_balance %s is below zero: %s", name, audit_number(says, x));
	if (sum)
		sum->has_row = true;
	if (says != (sum ? sum->sum : 0))
		audit_flaw(a, "ledger_balance %s says %s but its transfers make %s", name, audit_number(says, x),
			   audit_number(sum ? sum->sum : 0, y));
}

static void check_house_rows(struct audit *a, int64_t kind_from, int64_t kind_to)
{
	static struct db_query q = DB_QUERY(
		"SELECT kind, id, balance FROM ledger_balance WHERE kind >= ? AND kind <= ? ORDER BY kind, id");
	struct db_stmt *s = db_stmt(a->tx, &q);

	db_int(s, kind_from);
	db_int(s, kind_to);
	while (db_step(s) == DB_ROW)
		check_house_row(a, s);
	db_free(&s);
}

static void check_has_row(struct audit *a, enum account_kind kind, const struct bank_sum *sum)
{
	char name[40], x[AUDIT_NUMBER_BYTES];

	if (!sum->has_row && sum->sum)
		audit_flaw(a, "ledger_balance has no row for %s, but its transfers make %s",
			   account_name((struct account){kind, sum->id}, name), audit_number(sum->sum, x));
}

/* I2 for the accounts that are of no deal, and I8. Needs the sums of audit_sets and audit_deals. */
static void check_house(struct audit *a)
{
	char x[AUDIT_NUMBER_BYTES], y[AUDIT_NUMBER_BYTES];

	check_house_rows(a, INT64_MIN, ACCOUNT_BANK);
	check_house_rows(a, ACCOUNT_FEE_INCOME, INT64_MAX);
	check_has_row(a, ACCOUNT_FEE_INCOME, &a->fee_income);
	check_has_row(a, ACCOUNT_COST, &a->cost);
	for (size_t i = 0; i < a->n_banks; i++) {
		check_has_row(a, ACCOUNT_BANK, &a->banks[i]);
		audit_add(&a->out->banks, a->banks[i].sum);
	}
	a->out->fees = a->fee_income.sum;
	a->out->costs = a->cost.sum;
	if (a->asset_rows != a->other_rows)
		audit_flaw(a, "ledger_balance: all BANK and COST rows say %s, but what is owed and our fees say %s",
			   audit_number(a->asset_rows, x), audit_number(a->other_rows, y));
}

bool audit_run(struct db_tx *tx, const void *ctx, struct audit_report *out)
{
	struct audit a = {.tx = tx, .ctx = ctx, .out = out, .scratch = talloc_new(NULL)};

	memset(out, 0, sizeof *out);
	audit_sets(&a);
	audit_deals(&a);
	check_house(&a);
	talloc_free(a.scratch);
	return !db_tx_failed(tx);
}

int audit_print(const struct audit_report *r, FILE *to)
{
	char n[6][AUDIT_NUMBER_BYTES];

	fprintf(to, "%s deals, %s sets of %s transfers\n", audit_number(r->deals, n[0]), audit_number(r->sets, n[1]),
		audit_number(r->transfers, n[2]));
	fprintf(to,
		"in the banks %s rial: held for deals %s, to be cleared %s, owed to people %s, our fees %s, less costs "
		"%s\n",
		audit_number(r->banks, n[0]), audit_number(r->held, n[1]), audit_number(r->waiting, n[2]),
		audit_number(r->owed, n[3]), audit_number(r->fees, n[4]), audit_number(r->costs, n[5]));
	for (size_t i = 0; i < r->n_lines; i++)
		fprintf(to, "wrong: %s\n", r->lines[i]);
	if (r->flaws > (int64_t)r->n_lines)
		fprintf(to, "and %s more\n", audit_number(r->flaws - (int64_t)r->n_lines, n[0]));
	if (r->flaws)
		fprintf(to, "%s rows disagree\n", audit_number(r->flaws, n[0]));
	else
		fprintf(to, "all agree: the books and every deal are what their history makes them\n");
	return r->flaws ? 1 : 0;
}
