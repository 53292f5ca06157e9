/* With which card a buyer pays: its last four digits, or the IBAN of its account, said once in the chat and compared
 * with what the bank says (row 15, fraud.md: a third person deceived into paying for somebody else's goods). What was
 * said is kept as "5443", or as "IR017:9002": the bank of an IBAN and its last four digits. */
#include "pay_card.h"

#include "deal_card.h"
#include "deal_picture.h"
#include "deal_step.h"
#include "identity.h"
#include "money_in.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { LAST_DIGITS = 4, DEALS_MOST = 20, READ_CODEPOINTS = 40 };

/* Four digits and nothing else but blanks and dashes, whatever script they are in. A whole card number is not asked
 * for, so of one only the end is taken. */
static bool read_last_four(struct turn *t, char out[LAST_DIGITS + 1])
{
	const char *text = digits_fold(t->ctx, safe_text(t->ctx, t->update->text, READ_CODEPOINTS, false));
	char digits[READ_CODEPOINTS + 1];
	size_t n = 0;

	for (const char *p = text; *p; p++) {
		if (*p >= '0' && *p <= '9' && n < READ_CODEPOINTS)
			digits[n++] = *p;
		else if (*p != ' ' && *p != '-')
			return false;
	}
	if (n != LAST_DIGITS && n != 16)
		return false;
	memcpy(out, digits + n - LAST_DIGITS, LAST_DIGITS);
	out[LAST_DIGITS] = '\0';
	return true;
}

/* A deal of theirs that waits for their money. */
static bool awaits_my_money(struct turn *t, struct deal_file *mine, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (role_of(&mine[i].deal, t->me.id) == ROLE_BUYER && money_awaited(&mine[i].deal))
			return true;
	return false;
}

static void redraw(struct turn *t, struct deal_file *mine, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (role_of(&mine[i].deal, t->me.id) == ROLE_BUYER && money_awaited(&mine[i].deal)) {
			deal_card_fresh(t, &mine[i], ROLE_BUYER);
			deal_send_payment_card(t, &mine[i], &t->me);
		}
}

/* What a text says of the payer's card, on the turn's ctx; NULL when it says nothing. */
static const char *read_card(struct turn *t)
{
	char last[LAST_DIGITS + 1], iban[IBAN_BYTES], bank[BANK_CODE_BYTES];

	if (t->update->kind != UPDATE_TEXT)
		return NULL;
	if (read_last_four(t, last))
		return talloc_strdup(t->ctx, last);
	if (iban_read(t->update->text, iban) == IBAN_OK && iban_bank(iban, bank))
		return talloc_asprintf(t->ctx, "IR%s:%s", bank, iban + strlen(iban) - LAST_DIGITS);
	return NULL;
}

const char *card_said_end(const char *said)
{
	const char *colon = strchr(said, ':');

	return colon ? colon + 1 : said;
}

bool card_fits(const char *said, const char *mask)
{
	size_t n = strlen(mask);
	const char *bank = card_bank(mask);

	if (strncmp(said, "IR", 2))
		return n >= LAST_DIGITS && !strcmp(mask + n - LAST_DIGITS, said);
	return !bank[0] || !strncmp(said + 2, bank, BANK_CODE_BYTES - 1);
}

bool card_by_words(struct turn *t)
{
	struct deal_file *mine;
	const char *said = t->house->ask_card ? read_card(t) : NULL;
	size_t n;

	if (!said)
		return false;
	mine = talloc_array(t->ctx, struct deal_file, DEALS_MOST);
	n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, DEALS_MOST);
	if (!awaits_my_money(t, mine, n))
		return false;
	person_set_card_said(t->tx, t->me.id, said);
	t->me.card_said = said;
	reply(t, strchr(said, ':') ? MINE(t, "pay.iban_saved", ARG_CODE("last", card_said_end(said)))
				   : MINE(t, "pay.card_saved", ARG_CODE("last", said)));
	redraw(t, mine, n);
	return true;
}
