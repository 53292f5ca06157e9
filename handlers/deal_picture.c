/* Pictures of a deal on their way: the payment card, where it stands, the receipt. What they say is in deal_recipe.c
 * and deal_progress.c. */
#include "deal_picture.h"
#include "money_in.h"
#include "repo_picture.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { RECEIPT_LETTERS = 10, RECEIPT_TRIES = 5 };

void deal_send_payment_card(struct turn *t, const struct deal_file *f, const struct person *buyer)
{
	const char *bank = money_pay_now_url(t, f);
	struct outmsg m = tell_to(buyer, "");
	struct payment next;

	if (!bank || money_card_wanted(t, buyer))
		return;
	m.kind = OUT_PHOTO;
	m.recipe = payment_recipe(t, f, buyer);
	m.text =
		THEIRS(t, buyer, "pay.qr", ARG_TEXT("title", f->title),
		       MONEY_ARG("due", money_next_part(t, &f->deal, &next) ? next.amount : terms_due(&f->deal.terms)));
	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, THEIRS_PLAIN(t, buyer, "button.pay"), bank);
	tell_card(t, &m, f->deal.id, CARD_QR);
}

void status_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct outmsg m = tell_to(&t->me, MINE(t, "picture.status_caption", ARG_TEXT("title", f->title)));

	(void)extra;
	m.kind = OUT_PHOTO;
	m.recipe = status_recipe(t, f, &t->me);
	tell(t, &m, LANE_REPLY);
}

/* --- the receipt --- */

static bool has_receipt(const struct deal *d)
{
	return d->state == DEAL_COMPLETED || d->state == DEAL_REFUNDED || d->state == DEAL_SPLIT_CLOSED;
}

/* A new receipt code, once for a deal. NULL when it had one. */
static const char *new_receipt(struct turn *t, const struct deal_file *f)
{
	for (int i = 0; i < RECEIPT_TRIES && !receipt_of(t->tx, t->ctx, f->deal.id); i++) {
		const char *code = rnd_code(t->ctx, &t->house->rnd, RECEIPT_LETTERS);

		if (receipt_add(t->tx, code, f->deal.id, t->now_ms))
			return code;
	}
	return NULL;
}

static void send_receipt(struct turn *t, const struct deal_file *f, const struct person *reader, const char *code,
			 bool pdf)
{
	struct outmsg m = tell_to(reader, THEIRS(t, reader, "picture.receipt_caption", ARG_TEXT("title", f->title),
						 ARG_CODE("code", code)));

	m.kind = pdf ? OUT_DOCUMENT : OUT_PHOTO;
	m.recipe = receipt_recipe(t, f, reader, code);
	if (pdf)
		m.file_name = talloc_asprintf(t->ctx, "separex-%s.pdf", code);
	else
		deal_button(t, &m, true, BUTTON_PLAIN, THEIRS_PLAIN(t, reader, "picture.button_pdf"), f->code,
			    "receipt.pdf");
	outmsg_button(&m, pdf, BUTTON_COPY, BUTTON_PLAIN, THEIRS_PLAIN(t, reader, "picture.button_copy"), code);
	tell(t, &m, LANE_NOTICE);
}

void deal_send_receipts(struct turn *t, const struct deal_file *f)
{
	const int64_t sides[] = {f->deal.buyer_id, f->deal.seller_id};
	const char *code = has_receipt(&f->deal) ? new_receipt(t, f) : NULL;
	struct person reader;

	for (size_t i = 0; i < 2 && code; i++)
		if (person_by_id(t->tx, t->ctx, sides[i], &reader))
			send_receipt(t, f, &reader, code, false);
}

void receipt_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool pdf = !strcmp(extra, "pdf");
	const char *code = NULL;

	if (has_receipt(&f->deal) && (pdf || !extra[0])) {
		code = receipt_of(t->tx, t->ctx, f->deal.id);
		code = code ? code : new_receipt(t, f);
	}
	if (code)
		send_receipt(t, f, &t->me, code, pdf);
	else
		refuse(t, REFUSAL_NOT_NOW);
}
