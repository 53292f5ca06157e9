/* What the staff did: who, when, with whom, about which deal. Written once. */
#ifndef SEPAREX_REPO_STAFF_H
#define SEPAREX_REPO_STAFF_H

#include "db.h"

struct staff_act {
	int64_t person_id;
	int64_t second_id; /* the first of two who approved, 0 for none */
	int64_t deal_id; /* 0: about no single deal */
	const char *act; /* "rule", "freeze" */
	const char *detail;
	int64_t at_ms;
};

void staff_act_add(struct db_tx *tx, const struct staff_act *a);

/* Those of a deal, the newest first; texts on ctx. */
size_t staff_acts(struct db_tx *tx, void *ctx, int64_t deal_id, struct staff_act *out, size_t most);

#endif
