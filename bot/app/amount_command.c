/* The command that reads an amount: for scripts, and for finding out why the bot asked. */
#include "amount_command.h"
#include "amount.h"
#include "buf.h"
#include <inttypes.h>
#include <stdio.h>
#include <talloc.h>

static const char *reason(enum amount_error error)
{
	switch (error) {
	case AMOUNT_OK:
		return "an amount";
	case AMOUNT_NONE:
		return "there is no amount in it";
	case AMOUNT_NEGATIVE:
		return "the amount is negative";
	case AMOUNT_ZERO:
		return "the amount is zero";
	case AMOUNT_TOO_BIG:
		return "the amount is too big to be meant";
	case AMOUNT_CURRENCY:
		return "the amount is in another currency";
	case AMOUNT_UNCLEAR:
		return "it can be read in more than one way: write it in digits with its currency";
	case AMOUNT_WHICH:
		return "there are several amounts, and nothing tells which is the price";
	}
	return "unknown";
}

int amount_command(int n, char **words)
{
	struct buf *text = buf_new(NULL, AMOUNT_TEXT_BYTES);
	struct amount_reading r;

	for (int i = 0; i < n; i++)
		buf_printf(text, "%s%s", i ? " " : "", words[i]);
	amount_read(text->data, &r);
	if (text->failed)
		r = (struct amount_reading){.error = AMOUNT_NONE};
	talloc_free(text);
	if (r.error != AMOUNT_OK) {
		fprintf(stderr, "No amount: %s.\n", reason(r.error));
		return 1;
	}
	printf("%" PRId64 " %s\n", r.rial, r.confirm ? "confirm" : "sure");
	return 0;
}
