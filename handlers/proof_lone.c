/* A picture that nobody asked for, without a word: is it proof of sending? See deal_proof.h. */
#include "deal_proof.h"
#include "deal_step.h"
#include "evidence.h"
#include "js.h"
#include "safe_name.h"
#include "ship_wait.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <strings.h>

enum { LABEL_CODEPOINTS = 32 };

static const char step[] = "proof_pick";

static void ask(struct turn *t, const struct deal_file *f)
{
	struct outmsg m =
		tell_to(&t->me, MINE(t, "proof.is_it", ARG_TEXT("title", f->title), ARG_CODE("code", f->code)));

	deal_button(t, &m, true, BUTTON_GOOD, MINE_PLAIN(t, "proof.button_yes"), f->code, "proof.yes" /* no key */);
	deal_button(t, &m, false, BUTTON_PLAIN, MINE_PLAIN(t, "proof.button_no"), f->code, "proof.no" /* no key */);
	tell(t, &m, LANE_REPLY);
}

void proof_lone_ask(struct turn *t, const struct deal_file *f)
{
	ship_wait_begin(t, step, f->code);
	ask(t, f);
}

/* The question may be an old one: its pictures are gone with its step. */
void proof_lone_answer(struct turn *t, struct deal_file *f, const char *answer)
{
	json_t *o = js_parse(t->ctx, t->talk.data, strlen(t->talk.data));
	enum role mine = role_of(&f->deal, t->me.id);

	if (strcmp(t->talk.step, step) || strcmp(js_str(o, "code", ""), f->code) || !proof_welcome(&f->deal, mine)) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	conversation_end(t->tx, t->me.id);
	if (!strcmp(answer, "no"))
		proof_say_in_place(t, MINE(t, "proof.not_kept"));
	else if (ship_wait_take(t, f, step, f->code))
		proof_ask(t, f);
	else
		object(t, MINE_PLAIN(t, "proof.full_already"));
}

static bool says(struct turn *t, const char *label)
{
	return !strcasecmp(safe_text(t->ctx, label, LABEL_CODEPOINTS, false),
			   safe_text(t->ctx, t->update->text, LABEL_CODEPOINTS, false));
}

/* Another picture belongs to the question; it is asked again below, but for those of the same album. */
void proof_pick_talk(struct turn *t, const char *data)
{
	const char *code = js_str(js_parse(t->ctx, data, strlen(data)), "code", "");
	bool known;
	struct deal_file f;

	known = deal_by_code(t->tx, t->ctx, code, &f);
	if (known && evidence_has_file(t->update) && !t->update->text[0] && ship_wait_add(t)) {
		if (!t->update->album[0])
			ask(t, &f);
	} else if (known && says(t, MINE_PLAIN(t, "proof.button_yes"))) {
		proof_lone_answer(t, &f, "yes");
	} else if (known && says(t, MINE_PLAIN(t, "proof.button_no"))) {
		proof_lone_answer(t, &f, "no");
	} else {
		conversation_end(t->tx, t->me.id);
		loose_words(t);
	}
}
