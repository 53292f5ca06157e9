/* `separex reconcile`: our books beside the banks' statements, and money whose owner is not known. */
#ifndef SEPAREX_RECONCILE_H
#define SEPAREX_RECONCILE_H

#include "db.h"

#include <stdio.h>

struct reconcile {
	FILE *to;
	int64_t now_ms;
	int64_t found; /* out: what a person must look at */
};

/* For each account with a statement: what the bank has and we have not, what we have and the bank has not, and the two
 * sums; then the suspense account by age. `arg` is a struct reconcile. For db_read. */
enum db_result reconcile_print(struct db_tx *tx, void *arg);

#endif
