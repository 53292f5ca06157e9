/* Codes and foreign texts that all banks share: see bank_code.h. */
#include "bank_code.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { MOST_DIGITS = 18 };

const struct bank_code *bank_code_find(const struct bank_code *codes, size_t n, int code)
{
	for (size_t i = 0; i < n; i++)
		if (codes[i].code == code)
			return &codes[i];
	return NULL;
}

bool bank_only(const char *text, size_t most, const char *letters)
{
	size_t n = strlen(text);

	return n > 0 && n <= most && strspn(text, letters) == n;
}

const char *bank_card_mask(void *ctx, const char *card)
{
	size_t n = strlen(card);

	if (n < 13 || !bank_only(card, 19, BANK_DIGITS "*xX-") || strspn(card, BANK_DIGITS) < 6 ||
	    strspn(card + n - 4, BANK_DIGITS) != 4)
		return "";
	return talloc_asprintf(ctx, "%.6s******%s", card, card + n - 4);
}

const char *bank_field(const struct http_inbound *in, const char *name)
{
	for (size_t i = 0; i < in->n_fields; i++)
		if (!strcasecmp(in->fields[i].name, name))
			return in->fields[i].value;
	return "";
}

int64_t bank_number(const char *text)
{
	int64_t n = 0;
	int digits = 0;

	for (; *text; text++) {
		if (*text == ',' || *text == ' ')
			continue;
		if (*text < '0' || *text > '9' || ++digits > MOST_DIGITS)
			return 0;
		n = n * 10 + (*text - '0');
	}
	return n;
}

const char *bank_base_url(void *ctx, const char *url)
{
	size_t n = strlen(url);

	while (n > 0 && url[n - 1] == '/')
		n--;
	return talloc_strndup(ctx, url, n);
}

enum gateway_verdict bank_unread(enum gateway_op op)
{
	bool asks = op == GATEWAY_INQUIRY || op == GATEWAY_REFUND_INQUIRY || op == GATEWAY_PAYOUT_INQUIRY;

	return asks ? GATEWAY_RETRY : GATEWAY_UNKNOWN;
}

struct gateway_result bank_nothing_known(void)
{
	return (struct gateway_result){.verdict = GATEWAY_UNKNOWN,
				       .token = "",
				       .pay_url = "",
				       .ref = "",
				       .card_mask = "",
				       .card_hash = "",
				       .code = -1,
				       .said = "",
				       .reason = ""};
}
