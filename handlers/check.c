/* "Is this really Separex?": codes, links, names, numbers and forwarded messages. Nothing is opened or asked anywhere:
 * the answer comes from our own store and from the text itself. */
#include "deal_faces.h"
#include "deal_public.h"
#include "deal_step.h"
#include "guess.h"
#include "link_read.h"
#include "repo_inbox.h"
#include "repo_picture.h"
#include "steps.h"
#include "tell.h"
#include "trust.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

static const unsigned tricks = LINK_IDN | LINK_USERINFO | LINK_IP | LINK_SHORTENER | LINK_IMITATES;

static const char *our_bot(struct turn *t)
{
	return talloc_asprintf(t->ctx, "@%s", t->house->bot_username);
}

static const char *lines(struct turn *t, const char *first, const char *second)
{
	return talloc_asprintf(t->ctx, "%s\n%s", first, second);
}

/* --- codes --- */

static const char *unknown_code(struct turn *t, const char *code)
{
	return guess_wrong(t, MINE(t, "check.unknown_code", ARG_CODE("code", code)));
}

static bool is_mine(struct turn *t, const struct deal_file *f)
{
	return t->update->chat_kind == CHAT_PRIVATE && role_of(&f->deal, t->me.id) != ROLE_NOBODY;
}

/* How far a deal is, for a stranger: what a public card says, but that an offer is not joined by a button here. */
static const char *public_state(struct turn *t, const struct deal_file *f)
{
	if (f->deal.state == DEAL_OFFERED)
		return MINE(t, "check.offered");
	return deal_public_progress(t, f, &t->me);
}

/* A draft is its maker's secret. */
static const char *judge_deal(struct turn *t, const char *code)
{
	struct deal_file f;

	if (!guess_allowed(t) || !deal_by_code(t->tx, t->ctx, code, &f) ||
	    (f.deal.state == DEAL_DRAFT && !is_mine(t, &f)))
		return unknown_code(t, code);
	if (is_mine(t, &f))
		return MINE(t, "check.deal_mine", ARG_TEXT("title", f.title), MONEY_ARG("price", f.deal.terms.price),
			    ARG_RAW("state", MINE(t, deal_state_key(f.deal.state))));
	return MINE(t, "check.deal_true", ARG_CODE("code", f.code), ARG_RAW("state", public_state(t, &f)),
		    ARG_CODE("bot", our_bot(t)));
}

/* Codes are printed in capitals; links pass through many hands. */
static const char *capitals(struct turn *t, const char *code)
{
	char *out = talloc_strndup(t->ctx, code, RECEIPT_CODE_LETTERS + 1);

	for (char *p = out; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	return out;
}

static const char *name_of(struct turn *t, int64_t person_id)
{
	struct person who;

	return person_by_id(t->tx, t->ctx, person_id, &who) ? who.name : "";
}

static const char *judge_receipt(struct turn *t, const char *code)
{
	int64_t deal_id = guess_allowed(t) ? receipt_deal(t->tx, code) : 0;
	struct deal_file f;
	const char *html;

	if (!deal_id || !deal_by_id(t->tx, t->ctx, deal_id, &f))
		return unknown_code(t, code);
	html = MINE(t, "check.receipt", ARG_TEXT("title", f.title), MONEY_ARG("price", f.deal.terms.price),
		    ARG_RAW("date", format_date(t->ctx, t->house->texts, t->me.language,
						f.deal.closed_ms ? f.deal.closed_ms : f.changed_ms)),
		    ARG_RAW("result", MINE(t, deal_state_key(f.deal.state))));
	if (!is_mine(t, &f))
		return html;
	return lines(t, html,
		     MINE(t, "check.parties", ARG_TEXT("seller", name_of(t, f.deal.seller_id)),
			  ARG_TEXT("buyer", name_of(t, f.deal.buyer_id))));
}

/* --- names and links --- */

/* The answer is the same for a person known here and for anybody else: it tells nobody who uses us. */
static const char *judge_telegram(struct turn *t, const struct link *l)
{
	const char *name = talloc_asprintf(t->ctx, "@%s", l->value);

	if (!l->value[0])
		return MINE(t, "check.web_foreign", ARG_CODE("host", l->host));
	if (!strcasecmp(l->value, t->house->bot_username)) {
		if (!strncmp(l->start, "d_", 2))
			return judge_deal(t, capitals(t, l->start + 2));
		if (!strncmp(l->start, "r_", 2))
			return judge_receipt(t, capitals(t, l->start + 2));
		return MINE(t, "check.bot_ours", ARG_CODE("bot", our_bot(t)));
	}
	if (says_our_name(t, l->value))
		return MINE(t, "check.alike", ARG_CODE("name", name), ARG_CODE("bot", our_bot(t)));
	return MINE(t, "check.account_foreign", ARG_CODE("name", name), ARG_CODE("bot", our_bot(t)));
}

/* The host of our own pages, without scheme and port. */
static const char *own_host(struct turn *t)
{
	const char *url = t->house->public_url, *scheme = strstr(url, "://");

	if (scheme)
		url = scheme + 3;
	return talloc_strndup(t->ctx, url, strcspn(url, ":/"));
}

/* An address of ours has none of the tricks, unless our own pages have a number for a name (practice), and is not
 * weaker than what we give out. */
static bool is_own_page(struct turn *t, const struct link *l)
{
	bool weaker = l->flags & LINK_INSECURE && !strncmp(t->house->public_url, "https:", 6);

	return !(l->flags & tricks & ~(unsigned)LINK_IP) && !weaker && !strcasecmp(l->value, own_host(t));
}

static const char *judge_web(struct turn *t, const struct link *l)
{
	const char *other;

	if (is_own_page(t, l))
		return MINE(t, "check.web_ours");
	other = MINE(t, "check.web_foreign", ARG_CODE("host", l->value));
	return l->flags & tricks ? lines(t, other, MINE(t, "check.trick")) : other;
}

static const char *judge_bank(struct turn *t, const struct link *l)
{
	return MINE(t, "check.web_bank", ARG_CODE("host", l->value));
}

static const char *judge_market(struct turn *t, const struct link *l)
{
	if (l->flags & LINK_SECRET)
		return MINE(t, "check.secret");
	return MINE(t, "check.market");
}

static const char *judge_number(struct turn *t, const struct link *l)
{
	(void)l;
	return MINE(t, "check.number");
}

static const char *judge_deal_link(struct turn *t, const struct link *l)
{
	return judge_deal(t, l->value);
}

static const char *judge_receipt_link(struct turn *t, const struct link *l)
{
	return judge_receipt(t, l->value);
}

static const char *judge_plain(struct turn *t, const struct link *l)
{
	(void)l;
	return MINE(t, "check.nothing");
}

static const struct {
	enum link_kind kind;
	const char *(*judge)(struct turn *t, const struct link *l);
} judges[] = {
	{LINK_PLAIN, judge_plain},       {LINK_DEAL, judge_deal_link},  {LINK_RECEIPT, judge_receipt_link},
	{LINK_TELEGRAM, judge_telegram}, {LINK_WEB, judge_web},         {LINK_BANK, judge_bank},
	{LINK_DIVAR, judge_market},      {LINK_SHEYPOOR, judge_market}, {LINK_CARD, judge_number},
	{LINK_IBAN, judge_number},       {LINK_PHONE, judge_number},
};

static const char *judge(struct turn *t, const char *text)
{
	struct link l;
	const char *html = "";

	link_read(t->ctx, text, &l);
	for (size_t i = 0; i < sizeof judges / sizeof *judges; i++)
		if (judges[i].kind == l.kind)
			html = judges[i].judge(t, &l);
	return l.flags & LINK_MORE ? lines(t, html, MINE(t, "check.more")) : html;
}

/* --- messages --- */

/* A forwarded message is true when this bot wrote it. What others wrote is false when it speaks for us, and else as
 * good as the links in it. */
static const char *judge_forward(struct turn *t)
{
	const char *text = t->update->text;
	int64_t bot = fact_number(t->tx, "bot", 0);
	struct link l;

	if (bot && t->update->forwarded_from_id == bot)
		return MINE(t, "check.forward_ours");
	if (says_our_name(t, text))
		return MINE(t, "check.forward_imitates", ARG_CODE("bot", our_bot(t)));
	if (link_read(t->ctx, text, &l) == LINK_PLAIN)
		return MINE(t, "check.forward_foreign");
	return lines(t, MINE(t, "check.forward_foreign"), judge(t, text));
}

static void ask(struct turn *t)
{
	talk_begin(t, "check", "{}");
	reply(t, MINE(t, "check.ask"));
}

void check_receipt_code(struct turn *t, const char *code)
{
	reply(t, judge_receipt(t, capitals(t, code)));
}

void check_command(struct turn *t, const char *args)
{
	if (args[0])
		reply(t, judge(t, args));
	else if (t->update->reply_to_message_id)
		reply(t, judge(t, t->update->reply_to_text));
	else if (t->update->chat_kind == CHAT_PRIVATE)
		ask(t);
	else
		reply(t, MINE(t, "check.ask_group"));
}

void check_press(struct turn *t, const char *rest)
{
	(void)rest;
	if (t->update->chat_kind == CHAT_PRIVATE)
		ask(t);
	else
		object(t, MINE_PLAIN(t, "check.ask_group"));
}

void check_talk(struct turn *t, const char *data)
{
	(void)data;
	conversation_end(t->tx, t->me.id);
	reply(t, t->update->forwarded ? judge_forward(t) : judge(t, t->update->text));
}
