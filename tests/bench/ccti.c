/* How long a payout file of 1,000 rows takes to compose and prove: prints one line. */
#include "ccti.h"

#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>
#include <time.h>

enum { ROUNDS = 100 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(void)
{
	static struct ccti_row rows[CCTI_MAX_ROWS];
	void *ctx = talloc_new(NULL);
	struct ccti_variant v = {.xmlns = true, .othr = true, .remittance = true, .end_to_end = true};
	struct ccti_file f = {.debtor_name = "Separex",
			      .debtor_iban = "IR840120000000000123456789",
			      .bic = "BMJIIRTHXXX",
			      .serial = 1,
			      .made_ms = INT64_C(1795684507000),
			      .remittance = "Separex",
			      .rows = rows,
			      .n = CCTI_MAX_ROWS};
	size_t bytes = 0;
	double began;

	for (size_t i = 0; i < CCTI_MAX_ROWS; i++)
		rows[i] = (struct ccti_row){talloc_asprintf(ctx, "17956845070%08zu", i), rial_of(1000000 + (int64_t)i),
					    "سارا کریمی", "IR820540102680020817909002", "0499370899"};
	began = now_ms();
	for (int i = 0; i < ROUNDS; i++) {
		struct buf *b = buf_new(ctx, CCTI_MAX_BYTES);
		struct err e = {""};

		if (!ccti_write(&f, &v, b, &e)) {
			fprintf(stderr, "%s\n", e.text);
			return EXIT_FAILURE;
		}
		bytes = b->len;
		talloc_free(b);
	}
	printf("payout file of %d rows  %.2f ms, %zu kB\n", CCTI_MAX_ROWS, (now_ms() - began) / ROUNDS, bytes / 1000);
	talloc_free(ctx);
	return EXIT_SUCCESS;
}
