/* What the audit_*.c files share. Nobody else includes it. */
#ifndef SEPAREX_AUDIT_INSIDE_H
#define SEPAREX_AUDIT_INSIDE_H

#include "audit.h"
#include "deal.h"

enum { AUDIT_MAX_BANKS = 64, AUDIT_NUMBER_BYTES = 32 };

/* The accounts that are not of one deal: the banks, and our income. */
struct bank_sum {
	int64_t id, sum;
	bool has_row; /* in ledger_balance */
};

/* One audit at work. */
struct audit {
	struct db_tx *tx;
	const void *ctx; /* of the report's lines */
	struct audit_report *out;
	void *scratch; /* for texts of one row; emptied by audit_sweep */
	size_t n_banks;
	struct bank_sum banks[AUDIT_MAX_BANKS];
	struct bank_sum fee_income, cost;
	int64_t asset_rows, other_rows; /* sums of ledger_balance for I8 */
};

/* A statement whose rows come in a rising key, for walking several side by side. */
struct walk {
	struct db_stmt *s;
	const char *key; /* its column's name */
	bool more; /* a row is there */
	int64_t at; /* the key of that row */
};

/* Steps to the next row. */
void walk_next(struct walk *w);
/* Begins with a statement whose parameters are bound. */
struct walk walk_begin(struct db_stmt *s, const char *key);

/* Counts a disagreement, and keeps its line while there is room. */
void audit_flaw(struct audit *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Frees what a row needed. */
void audit_sweep(struct audit *a);

/* Adds without ever wrapping: a sum that does not fit stays at the end of the range, where it equals nothing true. */
void audit_add(int64_t *sum, int64_t by);
int64_t audit_minus(int64_t n);

/* "25,000,000". Returns room. */
const char *audit_number(int64_t n, char room[AUDIT_NUMBER_BYTES]);

/* A column that holds a member of an enum whose members are 1 to `end` - 1; 0 for any other number. */
int audit_member(struct db_stmt *s, const char *column, int end);
/* The current row of a walk over ledger_transfer. */
struct transfer audit_transfer(struct db_stmt *s);

/* audit_sets.c: sets and transfers one by one, and their payments and settlements (I1, I6, I7, I10). */
void audit_sets(struct audit *a);
/* audit_deals.c: each deal with its transfers, history, clocks and balances (I2, I3, I4, I5, I6, I9, I10). */
void audit_deals(struct audit *a);

/* What the transfers of one deal's sets make. */
struct deal_sums {
	int64_t account[ACCOUNT_KIND_END];
	bool used[ACCOUNT_KIND_END];
	int64_t code[TRANSFER_CODE_END];
	int64_t release_sets, last_release; /* how many sets release, and the newest of them */
};

/* What a deal's history says at its end. */
struct deal_past {
	int64_t version; /* 0: no history */
	enum deal_state state;
	int64_t at_ms;
	bool payout_ripe; /* the wait before the payout is over (row 110), and no payout came back since */
};

/* One deal with all that was found of it. */
struct deal_look {
	struct deal deal;
	struct deal_sums sums;
	struct deal_past past;
	uint32_t timers; /* bit 1 << kind */
};

/* audit_state.c: whether one deal is what its own transfers, history and clocks make it. */
void audit_history_row(struct audit *a, int64_t deal_id, struct deal_past *past, struct db_stmt *s);
void audit_state(struct audit *a, const struct deal_look *l);

#endif
