/* Batches for the bank, as the treasurers see them: made, approved by two, written once, brought to the bank, and ended
 * row by row by what the bank's result file says. */
#ifndef SEPAREX_BATCH_H
#define SEPAREX_BATCH_H

#include "repo_batch.h"
#include "turn.h"

/* An approved batch whose file cannot be written, because a deal in it was frozen meanwhile or the file's rules refuse
 * it, is cancelled and the group told: its payouts wait for the next one. */
void batch_withdraw(struct turn *t, struct batch *b, bool frozen);

/* The file of a batch is written: tells the operators' group where it is. */
void batch_written(struct turn *t, const struct batch *b, const char *path);

/* What the bank says of one order. */
struct batch_result {
	const char *track_id;
	bool done; /* else sent back */
	const char *reason, *reference; /* the bank's words, "" */
	int64_t amount_rial; /* 0 when the file does not say */
	const char *iban; /* "" when the file does not say */
};

/* What came of a row. From BATCH_ROW_AGAIN on nothing was changed. */
enum batch_row {
	BATCH_ROW_PAID,
	BATCH_ROW_BACK, /* it is owed again */
	BATCH_ROW_BOUNCED, /* it was done, and has come back since: owed again */
	BATCH_ROW_AGAIN, /* taken before */
	BATCH_ROW_UNKNOWN, /* no payout of ours has this number */
	BATCH_ROW_NOT_OUT, /* in no file that went to the bank */
	BATCH_ROW_AMOUNT, /* another sum than ours */
	BATCH_ROW_IBAN, /* another account than ours */
	BATCH_ROW_AGAINST, /* the bank said the contrary before: a person must look */
	BATCH_ROW_FAILED /* the books could not take it now */
};

/* Takes one row of a result file; a row that was taken before changes nothing. */
enum batch_row batch_result_take(struct turn *t, const struct batch_result *r);

#endif
