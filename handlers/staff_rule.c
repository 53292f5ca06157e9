/* Rulings and questions: what a mediator decides, with the reason that both sides read, and what they ask a side. */
#include "amount.h"
#include "deal_card.h"
#include "deal_step.h"
#include "js.h"
#include "safe_name.h"
#include "staff.h"
#include "staff_card.h"
#include "steps.h"
#include "tell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { WORDS_CODEPOINTS = 600 };

static void ask_split(struct turn *t, const struct deal_file *f)
{
	if (f->deal.state != DEAL_DISPUTED) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	talk_begin(t, "split", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, "staff.ask_split", MONEY_ARG("price", f->deal.terms.price)));
}

/* "release", "refund", "return", "split-RIAL"; anything else is no ruling, which the rules refuse. */
static struct event ruling_event(struct turn *t, const char *word)
{
	static const struct {
		const char *word;
		enum ruling ruling;
	} rulings[] = {{"release", RULING_RELEASE}, {"refund", RULING_REFUND}, {"return", RULING_RETURN}};
	struct event e = staff_event(t, EVENT_RULE);

	if (!strncmp(word, "split-", 6)) {
		e.ruling = RULING_SPLIT;
		e.amount = rial_of(strtoll(word + 6, NULL, 10));
	}
	for (size_t i = 0; i < sizeof rulings / sizeof *rulings; i++)
		if (!strcmp(rulings[i].word, word))
			e.ruling = rulings[i].ruling;
	return e;
}

/* {"deal":ID,"rule":"release","why":"…"}: a ruling on its way, until its reason is written and the yes pressed. */
static const char *ruling_data(struct turn *t, const struct deal_file *f, const char *word, const char *why)
{
	json_t *o = js_own(t->ctx, json_object());

	json_object_set_new(o, "deal", json_integer(f->deal.id));
	json_object_set_new(o, "rule", json_string(word));
	json_object_set_new(o, "why", json_string(why));
	return js_text(t->ctx, o);
}

static const char *ruling_words(struct turn *t, const struct event *e)
{
	struct deal_file as_ruled = {.deal = {.ruling = e->ruling, .ruling_to_buyer = e->amount}};

	return deal_ruling(t, &as_ruled, t->me.language);
}

/* One tap decides nothing: first the reason is asked for. Where the rules refuse anyway, they do so at once. */
void rule_act(struct turn *t, struct deal_file *f, const char *extra)
{
	struct event e = ruling_event(t, extra);
	struct outcome o;

	if (!strcmp(extra, "split")) {
		ask_split(t, f);
		return;
	}
	deal_apply(&f->deal, &e, &t->house->policy, t->now_ms, &o);
	if (o.refusal != REFUSAL_NONE && o.refusal != REFUSAL_SECOND_PERSON) {
		refuse(t, o.refusal);
		return;
	}
	talk_begin(t, "rule_why", ruling_data(t, f, extra, ""));
	reply(t, MINE(t, "staff.ask_why", ARG_RAW("ruling", ruling_words(t, &e)), ARG_TEXT("title", f->title)));
}

static void ask_rule_sure(struct turn *t, const struct deal_file *f, const char *word, const char *why)
{
	struct event e = ruling_event(t, word);
	struct outmsg m =
		tell_here(t, MINE(t, "sure.rule", ARG_RAW("ruling", ruling_words(t, &e)), ARG_LINES("why", why)));

	deal_button(t, &m, true, BUTTON_DANGER, MINE_PLAIN(t, "button.yes"), f->code,
		    talloc_asprintf(t->ctx, "rule_do.%s", word));
	tell(t, &m, LANE_REPLY);
}

void rule_why_talk(struct turn *t, const char *data)
{
	const char *word = js_str(js_parse(t->ctx, data, strlen(data)), "rule", "");
	const char *why = safe_text(t->ctx, t->update->text, WORDS_CODEPOINTS, true);
	struct event e = ruling_event(t, word);
	struct deal_file f;

	if (!staff_may(t, STAFF_MEDIATOR) || !talk_deal(t, data, &f))
		return;
	if (!why[0]) {
		reply(t, MINE(t, "staff.ask_why", ARG_RAW("ruling", ruling_words(t, &e)), ARG_TEXT("title", f.title)));
		return;
	}
	talk_begin(t, "rule_why", ruling_data(t, &f, word, why));
	ask_rule_sure(t, &f, word, why);
}

/* The yes counts for the ruling and the reason that this mediator just wrote; a forgotten button finds none. */
void rule_do_act(struct turn *t, struct deal_file *f, const char *extra)
{
	const json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	const char *why = js_str(o, "why", "");
	struct event e = ruling_event(t, extra);

	if (strcmp(t->talk.step, "rule_why") || js_int(o, "deal", 0) != f->deal.id ||
	    strcmp(js_str(o, "rule", ""), extra) || !why[0]) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	conversation_end(t->tx, t->me.id);
	staff_do_with_approval(t, f, &e, extra, why);
}

/* What is too small for the rail would never arrive; a fee may still be taken from the seller's part. */
static bool too_small(const struct turn *t, const struct deal_terms *terms, struct rial to_buyer)
{
	struct rial least = t->house->payout_least, to_seller = rial_take(terms->price, to_buyer);

	if (!rial_is_positive(least))
		return false;
	return (rial_is_positive(to_buyer) && rial_cmp(to_buyer, least) < 0) ||
	       rial_cmp(to_seller, rial_add(least, terms->fee)) < 0;
}

/* The typed sum is read back with what it means, and then the reason is asked for like with any ruling. */
void split_talk(struct turn *t, const char *data)
{
	struct amount_reading r;
	struct deal_file f;

	if (!staff_may(t, STAFF_MEDIATOR) || !talk_deal(t, data, &f))
		return;
	if (!amount_read(t->update->text, &r) || r.rial >= rial_raw(f.deal.terms.price)) {
		reply(t, MINE(t, "staff.ask_split", MONEY_ARG("price", f.deal.terms.price)));
		return;
	}
	if (too_small(t, &f.deal.terms, rial_of(r.rial))) {
		reply(t, MINE(t, "staff.split_small", MONEY_ARG("least", t->house->payout_least)));
		return;
	}
	conversation_end(t->tx, t->me.id);
	rule_act(t, &f, talloc_asprintf(t->ctx, "split-%" PRId64, r.rial));
}

/* What is asked is typed next, in the group; it goes to the party word for word. */
void ask_info_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool buyer = !strcmp(extra, "buyer");
	struct event e = staff_event(t, EVENT_ASK_INFO);
	struct outcome o;

	e.asked = buyer ? ROLE_BUYER : (!strcmp(extra, "seller") ? ROLE_SELLER : ROLE_NOBODY);
	deal_apply(&f->deal, &e, &t->house->policy, t->now_ms, &o);
	if (o.refusal != REFUSAL_NONE) {
		refuse(t, o.refusal);
		return;
	}
	talk_begin(t, buyer ? "ask_buyer" : "ask_seller", talk_deal_data(t, f->deal.id));
	reply(t, MINE(t, buyer ? "staff.ask_buyer" : "staff.ask_seller", ARG_TEXT("title", f->title)));
}

void ask_info_talk(struct turn *t, const char *data)
{
	struct event e = staff_event(t, EVENT_ASK_INFO);
	const char *question = safe_text(t->ctx, t->update->text, WORDS_CODEPOINTS, true);
	struct deal_file f;

	if (!staff_may(t, STAFF_MEDIATOR) || !talk_deal(t, data, &f))
		return;
	e.asked = !strcmp(t->talk.step, "ask_buyer") ? ROLE_BUYER : ROLE_SELLER;
	if (!question[0]) {
		reply(t, MINE(t, e.asked == ROLE_BUYER ? "staff.ask_buyer" : "staff.ask_seller",
			      ARG_TEXT("title", f.title)));
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (staff_do(t, &f, &e, question) == REFUSAL_NONE)
		reply(t, MINE(t, "staff.asked"));
}
