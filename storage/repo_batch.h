/* Batches of payouts that leave in a file for the bank. */
#ifndef SEPAREX_REPO_BATCH_H
#define SEPAREX_REPO_BATCH_H

#include "db.h"
#include "money.h"
#include "repo_settlement.h"

/* Numbers are stored: only add. */
enum batch_state {
	BATCH_OPEN = 1, /* waits for two treasurers */
	BATCH_APPROVED = 2, /* its file is to be written */
	BATCH_WRITTEN = 3,
	BATCH_SENT = 4, /* brought to the bank */
	BATCH_CANCELLED = 5
};

struct batch {
	int64_t id;
	enum batch_state state;
	int64_t rows;
	struct rial sum;
	const char *file_name, *file_sha256; /* "" until known */
	int64_t made_by, first_by, second_by;
	int64_t made_ms, approved_ms, sent_ms;
};

/* Which settlements a batch takes. */
struct batch_wish {
	struct rial least, largest; /* of each sum */
	size_t most; /* rows */
	bool proven; /* the house has payees checked: only those whose mobile and IBAN are known to be theirs */
	int64_t made_by;
};

/* Gathers queued settlements of the file rail whose payee is known and that are in no live batch. Returns the new
 * batch's id, 0 when there are none. */
int64_t batch_make(struct db_tx *tx, const struct batch_wish *wish, int64_t now_ms);

bool batch_by_id(struct db_tx *tx, void *ctx, int64_t id, struct batch *out);
/* The oldest in that state. */
bool batch_oldest(struct db_tx *tx, void *ctx, enum batch_state state, struct batch *out);
/* Those in that state, oldest first. */
size_t batches_in(struct db_tx *tx, void *ctx, enum batch_state state, struct batch *out, size_t most);
/* Writes state, file_name, file_sha256, first_by, second_by, approved_ms and sent_ms. */
void batch_save(struct db_tx *tx, const struct batch *b);

/* The settlements of a batch in their order; texts on ctx. */
size_t batch_rows(struct db_tx *tx, void *ctx, int64_t batch_id, struct settlement *out, size_t most);
/* A cancelled batch's settlements are free again. */
void batch_free_rows(struct db_tx *tx, int64_t batch_id);
/* The batch that a settlement is in, 0 for none. */
int64_t batch_of_settlement(struct db_tx *tx, int64_t settlement_id);
/* Whether a deal of the batch is frozen: then it must not leave. */
bool batch_has_frozen(struct db_tx *tx, int64_t batch_id);
/* Whether that person is a party to a deal of the batch. */
bool batch_has_party(struct db_tx *tx, int64_t batch_id, int64_t person_id);

#endif
