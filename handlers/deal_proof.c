/* Proof of sending: asking for it and keeping it. See deal_proof.h. */
#include "deal_proof.h"

#include "amount.h"
#include "clock.h"
#include "deal_card.h"
#include "deal_step.h"
#include "evidence.h"
#include "js.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <talloc.h>

enum { FILE_BYTES = 20 << 20 }; /* what the channel lets a bot download */

static const int64_t waits_ms = DAY_MS; /* later pictures are of something else */

static const struct {
	enum evidence_purpose purpose;
	const char *word;
} words[] = {
#define PURPOSE_WORD(purpose, text) {purpose, text},
#include "ship_words.def"
#undef PURPOSE_WORD
};

static const char *const done_words[] = {
#define DONE_WORD(text) text,
#include "ship_words.def"
#undef DONE_WORD
};

bool proof_welcome(const struct deal *d, enum role role)
{
	if (role == ROLE_SELLER)
		return d->state == DEAL_FUNDED || d->state == DEAL_SHIPPED || d->state == DEAL_DELIVERED;
	return role == ROLE_BUYER && (d->state == DEAL_RETURN_DUE || d->state == DEAL_RETURN_SENT);
}

/* 0 when the caption names nothing. */
static enum evidence_purpose named(const char *caption)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(caption, words[i].word))
			return words[i].purpose;
	return (enum evidence_purpose)0;
}

bool proof_named(const char *caption)
{
	return named(caption) != 0;
}

const char *proof_flaw(const struct update *u)
{
	if (!evidence_has_file(u) || !strncmp(u->file_mime, "audio/", 6))
		return "proof.wrong_kind";
	return u->file_bytes > FILE_BYTES ? "proof.too_big" : NULL;
}

/* What a photo without words is of: the first that is missing. */
static enum evidence_purpose by_place(const struct evidence *kept, size_t n)
{
	bool has[PURPOSE_GOODS + 1] = {false};

	for (size_t i = 0; i < n; i++)
		if (kept[i].purpose <= PURPOSE_GOODS)
			has[kept[i].purpose] = true;
	if (!has[PURPOSE_WAYBILL])
		return PURPOSE_WAYBILL;
	return has[PURPOSE_PACKING] ? PURPOSE_GOODS : PURPOSE_PACKING;
}

bool proof_add(struct turn *t, const struct deal_file *f, const struct evidence *e)
{
	struct evidence kept[PROOF_MOST], piece = *e;
	int64_t newest;
	size_t n = proof_list(t->tx, t->ctx, f->deal.id, e->role, 0, kept, PROOF_MOST, &newest);

	if (n == PROOF_MOST || proof_ever(t->tx, f->deal.id, e->role) >= PROOF_EVER)
		return false;
	piece.purpose = named(e->text);
	if (!piece.purpose)
		piece.purpose = by_place(kept, n);
	evidence_keep(t, f, &piece);
	if (n == 0) /* now there is something to see */
		deal_card_redraw(t, f, e->role);
	return true;
}

void proof_say_in_place(struct turn *t, const char *html)
{
	struct outmsg m = tell_to(&t->me, html);

	if (t->update->kind == UPDATE_BUTTON && t->update->chat_id == t->me.outside_id && t->update->message_id) {
		m.kind = OUT_EDIT;
		m.message_id = t->update->message_id;
	}
	tell(t, &m, LANE_REPLY);
}

static void say_with_done(struct turn *t, const struct deal_file *f, const char *html)
{
	struct outmsg m = tell_to(&t->me, html);

	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "proof.button_done"), f->code, "proof_done");
	tell(t, &m, LANE_REPLY);
}

bool proof_keep(struct turn *t, const struct deal_file *f)
{
	const char *flaw = proof_flaw(t->update);
	struct evidence e;

	if (flaw) {
		reply(t, MINE(t, flaw));
		return false;
	}
	e = evidence_of(t, f);
	if (proof_add(t, f, &e))
		return true;
	if (!evidence_album_answered(t, "full"))
		say_with_done(t, f, MINE(t, "proof.full"));
	return false;
}

void proof_ask(struct turn *t, const struct deal_file *f)
{
	enum role mine = role_of(&f->deal, t->me.id);
	const char *key = mine == ROLE_BUYER ? "proof.ask_back" : "proof.ask";
	json_t *o = js_own(t->ctx, json_pack("{s:I, s:I, s:I, s:s}", "deal", (json_int_t)f->deal.id, "since",
					     (json_int_t)t->now_ms, "from", (json_int_t)proof_from(t, f->deal.id),
					     "album", t->update->album));

	if (mine == ROLE_SELLER && proof_count(t->tx, f->deal.id, ROLE_SELLER))
		key = "proof.ask_more";
	talk_begin(t, "proof", js_text(t->ctx, o));
	say_with_done(t, f, MINE(t, key, ARG_TEXT("title", f->title), ARG_CODE("code", f->code)));
}

/* The message that said that pictures wait says what became of them. */
static void take_back(struct turn *t, const struct deal_file *f)
{
	size_t n = proof_take_back(t, f, role_of(&f->deal, t->me.id), 0);

	if (n)
		proof_say_in_place(t, MINE(t, "proof.taken_back", ARG_INT("number", (int64_t)n)));
	else
		refuse(t, REFUSAL_NOT_NOW);
}

void proof_act(struct turn *t, struct deal_file *f, const char *extra)
{
	enum role mine = role_of(&f->deal, t->me.id);

	if (!strcmp(extra, "drop")) {
		take_back(t, f);
		return;
	}
	if (!strcmp(extra, "yes") || !strcmp(extra, "no")) {
		proof_lone_answer(t, f, extra);
		return;
	}
	if (!proof_welcome(&f->deal, mine))
		refuse(t, REFUSAL_NOT_NOW);
	else if (proof_count(t->tx, f->deal.id, mine) >= PROOF_MOST)
		object(t, MINE_PLAIN(t, "proof.full_already"));
	else
		proof_ask(t, f);
}

static bool says_done(const char *text)
{
	for (size_t i = 0; i < sizeof done_words / sizeof *done_words; i++)
		if (!strcasecmp(text, done_words[i]))
			return true;
	return false;
}

static void done(struct turn *t, struct deal_file *f)
{
	enum role mine = role_of(&f->deal, t->me.id);
	struct person other = {.name = ""};
	int64_t all = proof_count(t->tx, f->deal.id, mine);

	if (!strcmp(t->talk.step, "proof"))
		conversation_end(t->tx, t->me.id);
	proof_show_new(t, f, mine);
	deal_other(t, f, mine, &other);
	proof_say_in_place(t, all ? MINE(t, "proof.done", ARG_INT("number", all), ARG_TEXT("other", other.name))
				  : MINE(t, "proof.done_none"));
}

int64_t proof_from(const struct turn *t, int64_t deal_id)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));

	return js_int(o, "deal", deal_id) == deal_id ? js_int(o, "from", t->now_ms) : t->now_ms;
}

/* The deal of the step in which the person is, if pictures are kept in it. */
static bool step_deal(struct turn *t, struct deal_file *f)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));

	return json_object_get(o, "from") && deal_by_id(t->tx, t->ctx, js_int(o, "deal", 0), f);
}

void proof_left(struct turn *t)
{
	struct person other = {.name = ""};
	struct deal_file f;
	struct outmsg m;
	enum role mine;
	size_t n;

	if (!step_deal(t, &f))
		return;
	mine = role_of(&f.deal, t->me.id);
	n = proof_waiting(t, &f, mine);
	if (!n)
		return;
	deal_other(t, &f, mine, &other);
	m = tell_to(&t->me, MINE(t, "proof.wait", ARG_INT("number", (int64_t)n), ARG_TEXT("title", f.title),
				 ARG_TEXT("other", other.name)));
	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "proof.button_done"), f.code, "proof_done");
	deal_button(t, &m, false, BUTTON_PLAIN, MINE_PLAIN(t, "proof.button_drop"), f.code, "proof.drop" /* no key */);
	tell(t, &m, LANE_REPLY);
}

size_t proof_taken_back(struct turn *t)
{
	struct deal_file f;

	if (!step_deal(t, &f))
		return 0;
	return proof_take_back(t, &f, role_of(&f.deal, t->me.id), proof_from(t, f.deal.id));
}

void proof_done_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)extra;
	if (proof_count(t->tx, f->deal.id, role_of(&f->deal, t->me.id)) || !strcmp(t->talk.step, "proof"))
		done(t, f);
	else
		refuse(t, REFUSAL_NOT_NOW);
}

void see_proof_act(struct turn *t, struct deal_file *f, const char *extra)
{
	bool staff = is_operator(t);
	int64_t to = staff ? t->house->staff_chat : t->me.outside_id;
	const char *language = staff ? t->house->language : t->me.language;
	size_t n;

	(void)extra;
	n = proof_show_all(t, f, ROLE_SELLER, to, language);
	n += proof_show_all(t, f, ROLE_BUYER, to, language);
	if (!n)
		object(t, MINE_PLAIN(t, "proof.none"));
}

/* What was kept, and what would help most now. */
static void say_kept(struct turn *t, const struct deal_file *f)
{
	static const char *const next[] = {[PURPOSE_WAYBILL] = "proof.next_waybill",
					   [PURPOSE_PACKING] = "proof.next_packing",
					   [PURPOSE_GOODS] = "proof.next_goods"};
	enum role mine = role_of(&f->deal, t->me.id);
	struct evidence kept[PROOF_MOST];
	int64_t newest;
	size_t n = proof_list(t->tx, t->ctx, f->deal.id, mine, 0, kept, PROOF_MOST, &newest), i = 0;
	enum evidence_purpose then = by_place(kept, n);

	while (i < n && kept[i].purpose != then)
		i++;
	say_with_done(
		t, f,
		MINE(t, "proof.kept",
		     ARG_RAW("what", MINE(t, proof_what_key(kept[n - 1].purpose), ARG_CODE("code", f->code))),
		     ARG_INT("number", (int64_t)n),
		     ARG_RAW("next", MINE(t, i < n ? "proof.next_none" : next[then], ARG_CODE("code", f->code)))));
}

/* Words in between may be anything the bot understands elsewhere: photos are no duty, and must not be in the way. */
static void take_words(struct turn *t, struct deal_file *f)
{
	const char *text = safe_text(t->ctx, t->update->text, SAFE_NAME_CODEPOINTS, false);
	struct amount_reading price;

	if (says_done(text)) {
		done(t, f);
		return;
	}
	if (amount_find(t->update->text, &price))
		loose_words(t);
	else if (!ship_by_words(t) && !iban_by_words(t)) {
		say_with_done(t, f, MINE(t, "proof.words"));
		return;
	}
	proof_left(t);
}

void proof_talk(struct turn *t, const char *data)
{
	int64_t since_ms = js_int(js_parse(t->ctx, data, strlen(data)), "since", 0);
	struct deal_file f;

	if (!talk_deal(t, data, &f))
		return;
	if (t->now_ms - since_ms > waits_ms || !proof_welcome(&f.deal, role_of(&f.deal, t->me.id))) {
		proof_left(t);
		conversation_end(t->tx, t->me.id);
		loose_words(t);
	} else if (t->update->kind == UPDATE_TEXT) {
		take_words(t, &f);
	} else if (proof_keep(t, &f) && !evidence_album_answered(t, "album")) {
		if (t->update->album[0])
			say_with_done(t, &f, MINE(t, "proof.kept_album"));
		else
			say_kept(t, &f);
	}
}
