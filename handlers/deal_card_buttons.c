/* The buttons of a card: see deal_drawing.h. */
#include "deal_drawing.h"

#include "deal_counter.h"
#include "deal_proof.h"
#include "deal_step.h"
#include "money_in.h"
#include "money_out.h"
#include "tell.h"
#include <talloc.h>

static bool has_agreed(const struct deal *d, enum role role)
{
	return role == ROLE_BUYER ? d->buyer_agreed : d->seller_agreed;
}

bool card_asks(const struct deal *d, enum role role)
{
	return (d->state == DEAL_OFFERED || d->state == DEAL_COUNTERED) && !has_agreed(d, role);
}

bool drawing_shows(const struct drawing *d, enum face_when when)
{
	const struct deal *deal = &d->f->deal;

	switch (when) {
	case WHEN_ALWAYS:
		return true;
	case WHEN_MINE:
		return deal->creator == d->role;
	case WHEN_THEIRS:
		return deal->creator != d->role;
	case WHEN_JOINED:
		return d->has_other && deal->creator == d->role && has_agreed(deal, d->role);
	case WHEN_GROUP_MAKER:
		return deal->in_group && d->has_other && deal->creator == d->role;
	case WHEN_ASKED:
		return d->has_other && card_asks(deal, d->role);
	case WHEN_CHANGEABLE:
		return deal->amended_by == ROLE_NOBODY && deal->cancel_asked == ROLE_NOBODY;
	case WHEN_NOT_EXTENDED:
		return !deal->payment_extended;
	case WHEN_CANCEL_ASKED:
		return deal->cancel_asked == ROLE_BUYER;
	case WHEN_CANCEL_NOT_ASKED:
		return deal->cancel_asked == ROLE_NOBODY;
	case WHEN_EXTENSION_FREE:
		return !deal->extension_used && !deal->extension_asked;
	case WHEN_EXTENSION_ASKED:
		return deal->extension_asked;
	case WHEN_UNPROVEN:
		return !deal->delivery_proven;
	case WHEN_NOT_ANSWERED:
		return !deal->seller_answered;
	case WHEN_NO_IBAN:
		return !money_payee_ready(d->t, &d->reader);
	case WHEN_APPEAL_LEFT:
		return !deal->appealed;
	case WHEN_LATE_MONEY:
		return card_may_revive(deal) && !(d->role == ROLE_BUYER ? deal->late_ok_buyer : deal->late_ok_seller);
	}
	return false;
}

/* Where the parcel is, what was shown, and what has happened, as a list and as a picture. */
static void add_look_back(struct drawing *d, struct outmsg *m)
{
	enum deal_state s = d->f->deal.state;

	if (s < DEAL_AWAIT_PAY || s >= DEAL_CANCELLED)
		return;
	proof_buttons(d->t, d->f, d->role, &d->reader, m);
	deal_button(d->t, m, true, BUTTON_PLAIN, SAYS_PLAIN(d, "button.timeline"), d->f->code, "timeline");
	deal_button(d->t, m, false, BUTTON_PLAIN, SAYS_PLAIN(d, "button.status"), d->f->code, "status");
}

/* What ends or frightens comes last, behind the harmless looks back. */
static void add_face_buttons(struct drawing *d, const struct face *face, struct outmsg *m)
{
	bool looked_back = false;

	for (size_t i = 0; i < FACE_MAX_BUTTONS && face->buttons[i].label; i++) {
		const struct face_button *b = &face->buttons[i];

		if (!drawing_shows(d, b->when))
			continue;
		if (b->style == BUTTON_DANGER && !looked_back) {
			add_look_back(d, m);
			looked_back = true;
		}
		deal_button(d->t, m, !b->beside || !m->n_rows, b->style, SAYS_PLAIN(d, b->label), d->f->code, b->act);
	}
	if (!looked_back)
		add_look_back(d, m);
}

/* "agree" carries the beginning of the hash of the terms on the screen: a later change makes the old button refuse. */
static void add_agree_button(struct drawing *d, struct outmsg *m)
{
	const char *act = talloc_asprintf(d->t->ctx, "agree.%.*s", TERMS_HASH_SHOWN, d->f->deal.terms.hash);

	deal_button(d->t, m, true, BUTTON_GOOD, SAYS_PLAIN(d, "button.agree"), d->f->code, act);
}

/* A change of a paid deal that the other side proposed is taken or refused; one's own can be taken back. */
static void add_amend_buttons(struct drawing *d, struct outmsg *m)
{
	const struct deal *deal = &d->f->deal;
	bool mine = deal->amended_by == d->role;

	if (!mine && !deal->topup_wanted)
		deal_button(d->t, m, true, BUTTON_GOOD, SAYS_PLAIN(d, "button.amend_ok"), d->f->code,
			    talloc_asprintf(d->t->ctx, "amend_ok.%.*s", TERMS_HASH_SHOWN, deal->amended.hash));
	deal_button(d->t, m, true, BUTTON_PLAIN, SAYS_PLAIN(d, mine ? "button.amend_back" : "button.amend_no"),
		    d->f->code, "amend_no");
}

static void add_share_buttons(struct drawing *d, struct outmsg *m)
{
	const char *link = deal_link(d->t, d->f);
	const char *share = talloc_asprintf(d->t->ctx, "https://t.me/share/url?url=%s", link);

	outmsg_button(m, true, BUTTON_INLINE, BUTTON_MAIN, SAYS_PLAIN(d, "button.show_in_chat"), d->f->code);
	outmsg_button(m, true, BUTTON_URL, BUTTON_PLAIN, SAYS_PLAIN(d, "button.share"), share);
	outmsg_button(m, false, BUTTON_COPY, BUTTON_PLAIN, SAYS_PLAIN(d, "button.copy_link"), link);
}

static void add_pay_button(struct drawing *d, struct outmsg *m)
{
	struct payment all[PARTS_MAX];
	size_t n = payments_by_part(d->t->tx, d->t->ctx, d->f->deal.id, all, PARTS_MAX);
	const char *bank = money_pay_now_url(d->t, d->f);

	if (!bank || money_card_wanted(d->t, &d->reader))
		return;
	if (n < 2 || all[0].parts < 2 || d->f->deal.topup_wanted) {
		outmsg_button(m, true, BUTTON_URL, BUTTON_GOOD, SAYS_PLAIN(d, "button.pay"), bank);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!money_credited(&all[i]))
			outmsg_button(m, true, BUTTON_URL, BUTTON_GOOD,
				      SAYS_PLAIN(d, "button.pay_part", ARG_INT("part", all[i].part),
						 ARG_INT("parts", all[i].parts), MONEY_ARG("sum", all[i].amount)),
				      money_page_of(d->t, &all[i]));
}

void drawing_buttons(struct drawing *d, struct outmsg *m)
{
	const struct face *face = deal_face(d->f->deal.state, d->role);
	const struct deal *deal = &d->f->deal;

	if (deal->frozen)
		return;
	if (card_asks(deal, d->role))
		add_agree_button(d, m);
	if (deal->state == DEAL_OFFERED && !d->has_other)
		add_share_buttons(d, m);
	if (d->role == ROLE_BUYER && money_awaited(deal))
		add_pay_button(d, m);
	if (deal->state == DEAL_FUNDED && deal->amended_by != ROLE_NOBODY)
		add_amend_buttons(d, m);
	add_face_buttons(d, face, m);
	if (deal_is_final(deal->state) && d->has_other)
		deal_button(d->t, m, true, BUTTON_PLAIN, SAYS_PLAIN(d, "button.block"), d->f->code, "block");
}
