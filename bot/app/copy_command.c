/* `separex copy`: see copy_command.h. */
#include "copy_command.h"

#include "clock.h"
#include "store_copy.h"
#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

static void tell_next(const struct store_copied *done)
{
	puts("\nNext: let store.url name the new store; write store.key_file and store.files into the configuration "
	     "too\n"
	     "(they stay where they are), and start the bot.\n"
	     "The old store must not run again: it would send money that the new one sends too.");
	if (done->unmarked.text[0])
		printf("IT COULD NOT BE MARKED: %s.\n", done->unmarked.text);
	else
		puts("It is marked, and a bot refuses it.");
}

static void tell(const struct store_copied *done)
{
	printf("%" PRId64 " tables with %" PRId64 " rows: the same on both sides, by number and SHA-256\n",
	       done->tables, done->rows);
	printf("%" PRId64 " transfers of the ledger, together %" PRId64 " rial: the same on both sides\n",
	       done->transfers, done->ledger_sum);
	audit_print(&done->audit, stdout);
	printf("ok: the copy is proven\n");
	tell_next(done);
}

int copy_command(const char *from, const char *to)
{
	void *ctx = talloc_new(NULL);
	struct clock clock = clock_system();
	struct store_copied *done = talloc_zero(ctx, struct store_copied);
	struct err e = {""};
	bool fine = store_copy(ctx, from, to, clock_now_ms(&clock), done, &e);

	if (fine)
		tell(done);
	else
		fprintf(stderr, "%s\nThe old store is as it was.\n", e.text);
	talloc_free(ctx);
	return fine ? 0 : 1;
}
