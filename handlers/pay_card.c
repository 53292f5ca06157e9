/* With which card a buyer pays: its last four digits, said once in the chat and compared with what the bank says (row
 * 15, fraud.md: a third person deceived into paying for somebody else's goods). */
#include "deal_card.h"
#include "deal_picture.h"
#include "deal_step.h"
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

bool card_by_words(struct turn *t)
{
	struct deal_file *mine;
	char last[LAST_DIGITS + 1];
	size_t n;

	if (!t->house->ask_card || t->update->kind != UPDATE_TEXT || !read_last_four(t, last))
		return false;
	mine = talloc_array(t->ctx, struct deal_file, DEALS_MOST);
	n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, DEALS_MOST);
	if (!awaits_my_money(t, mine, n))
		return false;
	person_set_card_said(t->tx, t->me.id, last);
	t->me.card_said = talloc_strdup(t->ctx, last);
	reply(t, MINE(t, "pay.card_saved", ARG_CODE("last", last)));
	redraw(t, mine, n);
	return true;
}
