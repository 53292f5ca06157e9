/* Deals that begin in a group: see deal_group.h. Words for one side only are said in private, never here. */
#include "deal_group.h"

#include "ad.h"
#include "amount.h"
#include "deal_card.h"
#include "deal_draft.h"
#include "deal_public.h"
#include "deal_step.h"
#include "emblem_words.h"
#include "invite.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { NAME_LEAST = 4, NAME_MOST = 32 }; /* letters of a username */

/* For whom the other seat is meant; all empty for whoever reads the group. A username is compared when somebody joins:
 * whoever has it then is meant, not whoever we once knew by it. */
struct target {
	int64_t id;
	const char *name; /* a username in lower case */
};

static size_t name_letters(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

/* Takes the first "@name" out of the line. */
static const char *take_mention(struct turn *t, const char *line, struct target *out)
{
	const char *at = strchr(line, '@');
	size_t n = at ? name_letters(at + 1) : 0;
	char *name;

	if (n < NAME_LEAST || n > NAME_MOST)
		return line;
	name = talloc_strndup(t->ctx, at + 1, n);
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	out->name = name;
	return talloc_asprintf(t->ctx, "%.*s%s", (int)(at - line), line, at + 1 + n);
}

static void answer_names_target(struct turn *t, struct target *out)
{
	if (!out->name[0] && t->update->reply_to_id && t->update->reply_to_id != t->me.outside_id)
		out->id = t->update->reply_to_id;
}

static bool names_nobody_else(const struct turn *t, const struct target *who)
{
	return who->id == t->me.outside_id || (who->name[0] && (!strcasecmp(who->name, t->me.username) ||
								!strcasecmp(who->name, t->house->bot_username)));
}

/* What is offered: the line itself, or the message that it answers, which then is an ad. */
static bool read_offer(struct turn *t, const char *line, struct draft *d, bool *doubtful)
{
	struct amount_reading r;
	struct ad ad;

	if (amount_find(line, &r)) {
		d->title = safe_line(t->ctx, amount_title(t->ctx, line, &r), TITLE_CODEPOINTS);
		d->price = rial_of(r.rial);
		*doubtful = r.confirm;
	} else {
		d->title = safe_line(t->ctx, line, TITLE_CODEPOINTS);
	}
	ad_read(t->ctx, t->update->reply_to_text, &ad);
	if (!rial_is_positive(d->price) && ad.n_prices == 1) {
		d->price = rial_of(ad.prices[0].rial);
		*doubtful = ad.prices[0].confirm;
	}
	if (!d->title[0])
		d->title = safe_line(t->ctx, ad.title, TITLE_CODEPOINTS);
	d->about = safe_text(t->ctx, ad.description, ABOUT_CODEPOINTS, true);
	d->photo = t->update->reply_to_file_id;
	return rial_is_positive(d->price) && d->title[0];
}

/* Questions and answers belong in private. */
static void show_how(struct turn *t, enum role seat)
{
	struct outmsg m = tell_here(t, MINE(t, "group.how"));

	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, MINE_PLAIN(t, "button.open_private"),
		      talloc_asprintf(t->ctx, "https://t.me/%s?start=%s", t->house->bot_username,
				      seat == ROLE_BUYER ? "buy" : "sell"));
	tell(t, &m, LANE_REPLY);
}

void group_tell_target(struct turn *t, const struct deal_file *f)
{
	const char *key = f->deal.creator == ROLE_SELLER ? "group.invitation_sell" : "group.invitation_buy";
	const char *text;
	struct person p;
	struct outmsg m;

	bool known = f->invited_id ? person_by_outside_id(t->tx, t->ctx, t->house->channel, f->invited_id, &p)
				   : person_by_username(t->tx, t->ctx, t->house->channel, f->invited_name, &p);

	if (!known || !invite_allowed(t, &p))
		return;
	text = THEIRS(t, &p, key, ARG_TEXT("title", f->title), MONEY_ARG("price", f->deal.terms.price));
	/* Unasked news is what deceivers send too: their sign tells people that it is ours. */
	m = tell_to(&p, p.emblem ? talloc_asprintf(t->ctx, "%s\n%s", emblem_line(t, &p), text) : text);
	outmsg_button(&m, true, BUTTON_URL, BUTTON_GOOD, THEIRS_PLAIN(t, &p, "button.join"), deal_link(t, f));
	tell(t, &m, LANE_NOTICE);
}

/* What is doubtful is read back to the group, and only its writer can confirm it. */
static void ask_writer(struct turn *t, const struct deal_file *f, bool which_side)
{
	struct outmsg m =
		tell_here(t, MINE(t, which_side ? "group.which_side" : "group.doubtful", ARG_TEXT("title", f->title),
				  MONEY_ARG("price", f->deal.terms.price), MONEY_ARG("words", f->deal.terms.price)));

	m.reply_to = t->update->message_id;
	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, which_side ? "button.i_sell" : "button.yes_right"), f->code,
		    "publish");
	if (which_side)
		deal_button(t, &m, false, BUTTON_GOOD, MINE_PLAIN(t, "button.i_buy"), f->code, "publish.swap");
	else
		deal_button(t, &m, false, BUTTON_PLAIN, MINE_PLAIN(t, "button.drop"), f->code, "cancel");
	tell(t, &m, LANE_REPLY);
}

static void offer(struct turn *t, enum role seat, const char *line, bool which_side)
{
	struct draft d = {.seat = seat, .title = "", .about = "", .photo = "", .album = ""};
	struct target target = {.name = ""};
	bool doubtful = false;
	struct deal_file f;

	line = take_mention(t, line, &target);
	answer_names_target(t, &target);
	if (names_nobody_else(t, &target)) {
		reply(t, MINE(t, "group.not_with_yourself"));
		return;
	}
	if (!read_offer(t, line, &d, &doubtful)) {
		show_how(t, seat);
		return;
	}
	if (!draft_price_fits(t, d.price) || !draft_make(t, &d, &f))
		return;
	f.origin_chat = t->update->chat_id;
	f.invited_id = target.id;
	f.invited_name = target.name;
	deal_set_invitation(t->tx, f.deal.id, f.origin_chat, f.invited_id, f.invited_name);
	if (which_side || doubtful) {
		ask_writer(t, &f, which_side);
		return;
	}
	publish_act(t, &f, "");
}

void group_offer(struct turn *t, enum role seat, const char *line)
{
	offer(t, seat, line, false);
}

/* "/deal" in reply to somebody's ad: its writer sells and we buy. With a line or an ad of one's own the side is asked.
 */
void group_deal(struct turn *t, const char *line)
{
	struct amount_reading own, theirs;
	bool theirs_priced =
		t->update->reply_to_id != t->me.outside_id && amount_find(t->update->reply_to_text, &theirs);

	if (!amount_find(line, &own) && theirs_priced)
		offer(t, ROLE_BUYER, line, false);
	else
		offer(t, ROLE_SELLER, line, true);
}
