/* The public card: see deal_public.h. */
#include "deal_public.h"

#include "deal_card.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

/* How far a deal is, for those who are not part of it: no sums but the price that was offered, no names but the
 * maker's, no reason for an end. */
static const char *progress_key(const struct deal_file *f)
{
	const struct deal *d = &f->deal;

	if (d->state == DEAL_OFFERED && (!d->buyer_id || !d->seller_id))
		return f->invited_id || f->invited_name[0] ? "public.kept" : "public.open";
	switch (d->state) {
	case DEAL_OFFERED:
	case DEAL_COUNTERED:
	case DEAL_AGREED:
		return "public.talking";
	case DEAL_AWAIT_PAY:
	case DEAL_PAY_REVIEW:
	case DEAL_PART_PAID:
		return "public.await_pay";
	case DEAL_FUNDED:
		return "public.funded";
	case DEAL_SHIPPED:
		return "public.shipped";
	case DEAL_DELIVERED:
		return "public.delivered";
	case DEAL_PAYOUT_DUE:
	case DEAL_COMPLETED:
		return "public.completed";
	case DEAL_ISSUE:
	case DEAL_RETURN_DUE:
	case DEAL_RETURN_SENT:
	case DEAL_RETURN_CHECK:
	case DEAL_DISPUTED:
	case DEAL_RULED:
		return "public.held";
	case DEAL_NONE:
	case DEAL_DRAFT:
	case DEAL_REFUND_DUE:
	case DEAL_SPLIT_DUE:
	case DEAL_REFUNDED:
	case DEAL_SPLIT_CLOSED:
	case DEAL_CANCELLED:
	case DEAL_EXPIRED:
	case DEAL_STATE_END:
		break;
	}
	return "public.ended";
}

static void find_maker(struct turn *t, const struct deal_file *f, struct person *out)
{
	int64_t id = f->deal.creator == ROLE_BUYER ? f->deal.buyer_id : f->deal.seller_id;

	if (!person_by_id(t->tx, t->ctx, id, out))
		*out = (struct person){.name = "", .language = t->house->language};
}

/* Somebody named by a reply may have no username, and may never have been met. */
static const char *kept_for(struct turn *t, const struct deal_file *f, const struct person *reader)
{
	struct person p;

	if (f->invited_name[0])
		return THEIRS(t, reader, "public.kept", ARG_ACCOUNT("invited", f->invited_name));
	if (person_by_outside_id(t->tx, t->ctx, t->house->channel, f->invited_id, &p))
		return THEIRS(t, reader, "public.kept", ARG_TEXT("invited", p.name));
	return THEIRS(t, reader, "public.kept_answered");
}

const char *deal_public_progress(struct turn *t, const struct deal_file *f, const struct person *reader)
{
	const char *key = progress_key(f);

	return strcmp(key, "public.kept") ? THEIRS(t, reader, key) : kept_for(t, f, reader);
}

static const char *text_for(struct turn *t, const struct deal_file *f, const struct person *maker)
{
	const char *head = f->deal.creator == ROLE_SELLER ? "public.sells" : "public.buys";
	bool published = rial_is_positive(f->public_price); /* deals from before there were public cards were not */
	struct rial price = published ? f->public_price : f->deal.terms.price;
	enum fee_payer payer = published ? f->public_payer : f->deal.terms.fee_payer;

	return talloc_asprintf(t->ctx, "%s\n%s",
			       THEIRS(t, maker, head, ARG_TEXT("who", maker->name), ARG_TEXT("title", f->title),
				      MONEY_ARG("price", price),
				      ARG_RAW("payer", THEIRS(t, maker, fee_payer_key(payer)))),
			       deal_public_progress(t, f, maker));
}

const char *deal_public_text(struct turn *t, const struct deal_file *f)
{
	struct person maker;

	find_maker(t, f, &maker);
	return text_for(t, f, &maker);
}

/* Whoever may still join, and afterwards the two, go on in private by the same link. */
static void add_link(struct turn *t, const struct deal_file *f, const struct person *maker, struct outmsg *m)
{
	bool open = f->deal.state == DEAL_OFFERED && (!f->deal.buyer_id || !f->deal.seller_id);

	if (deal_is_final(f->deal.state))
		return;
	outmsg_button(m, true, BUTTON_URL, open ? BUTTON_GOOD : BUTTON_PLAIN,
		      THEIRS_PLAIN(t, maker, open ? "button.join" : "button.my_part"), deal_link(t, f));
}

static void show(struct turn *t, const struct deal_file *f, enum card_place place, struct outmsg *m)
{
	struct person maker;

	find_maker(t, f, &maker);
	m->text = text_for(t, f, &maker);
	add_link(t, f, &maker, m);
	tell_card(t, m, f->deal.id, place);
}

void deal_public_post(struct turn *t, const struct deal_file *f)
{
	struct outmsg m = {.kind = OUT_TEXT, .chat_id = f->origin_chat};

	if (t->update && t->update->chat_id == f->origin_chat) {
		m.thread_id = t->update->thread_id;
		m.reply_to = t->update->kind == UPDATE_BUTTON ? 0 : t->update->message_id;
	}
	show(t, f, CARD_GROUP, &m);
}

/* In the group the card is found when it is sent: the message that posts it may still wait in the same chain. */
void deal_public_redraw(struct turn *t, const struct deal_file *f)
{
	struct outmsg group = {.kind = OUT_EDIT, .chat_id = f->origin_chat}, elsewhere = {.kind = OUT_EDIT};
	struct card card;

	if (f->deal.state == DEAL_DRAFT || !rial_is_positive(f->public_price))
		return;
	if (f->origin_chat)
		show(t, f, CARD_GROUP, &group);
	if (!card_get(t->tx, t->ctx, f->deal.id, CARD_INLINE, &card))
		return;
	elsewhere.inline_id = card.inline_id;
	show(t, f, CARD_INLINE, &elsewhere);
}
