/* Buttons as typed text: who writes what a button says has pressed it. */
#include "clock.h"
#include "deal_card.h"
#include "deal_step.h"
#include "js.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { MAX_MINE = 20, LABEL_CODEPOINTS = 32 /* as long as a button's label is */ };

static const int64_t sure_lives_ms = 5 * MINUTE_MS;

/* A button that says what was typed, and the deal whose card carries it. */
struct said {
	const char *data;
	const struct deal_file *f;
};

static bool same_words(struct turn *t, const char *label, const char *typed)
{
	return !strcasecmp(safe_text(t->ctx, label, LABEL_CODEPOINTS, false), typed);
}

static const char *find_label(struct turn *t, const struct outmsg *m, const char *typed)
{
	for (size_t r = 0; r < m->n_rows; r++)
		for (size_t c = 0; c < m->n_columns[r]; c++)
			if (m->buttons[r][c].kind == BUTTON_DATA && same_words(t, m->buttons[r][c].label, typed))
				return m->buttons[r][c].value;
	return NULL;
}

/* Several deals wait for the same word: one tap brings the card, which says what would be done. */
static void ask_which(struct turn *t, const struct said *said, size_t n)
{
	struct outmsg m = tell_here(t, MINE(t, "talk.which_deal"));

	for (size_t i = 0; i < n && i < OUTMSG_MAX_ROWS; i++)
		outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN,
			      MINE_PLAIN(t, "button.open_deal",
					 ARG_TEXT("title", safe_line(t->ctx, said[i].f->title, 16)),
					 ARG_CODE("code", said[i].f->code)),
			      talloc_asprintf(t->ctx, "d:%s:show", said[i].f->code));
	tell(t, &m, LANE_REPLY);
}

/* Agreement is to what is on the screen, and typed words do not say what that was: the card comes anew, to be pressed.
 */
static bool agrees_to_terms(const char *data)
{
	return strstr(data, ":agree.") || strstr(data, ":amend_ok.") || strstr(data, ":keep");
}

bool button_by_words(struct turn *t)
{
	struct deal_file *mine = talloc_array(t->ctx, struct deal_file, MAX_MINE);
	const char *typed = safe_text(t->ctx, t->update->text, LABEL_CODEPOINTS, false);
	const char *whole = safe_text(t->ctx, t->update->text, LABEL_CODEPOINTS + 1, false);
	struct said said[MAX_MINE];
	size_t n, found = 0;

	if (t->update->kind != UPDATE_TEXT || !typed[0] || strcmp(typed, whole))
		return false;
	n = deals_of(t->tx, t->ctx, t->me.id, true, 0, mine, MAX_MINE);
	for (size_t i = 0; i < n; i++) {
		struct outmsg m;

		if (!deal_card_compose(t, &mine[i], role_of(&mine[i].deal, t->me.id), &m))
			continue;
		said[found].data = find_label(t, &m, typed);
		said[found].f = &mine[i];
		found += said[found].data != NULL;
	}
	if (found > 1)
		ask_which(t, said, found);
	else if (found && agrees_to_terms(said[0].data))
		deal_card_fresh_with(t, said[0].f, role_of(&said[0].f->deal, t->me.id), MINE(t, "talk.press_it"));
	else if (found)
		press_by_words(t, said[0].data);
	return found > 0;
}

/* What a press says as a toast is said as a message. */
void press_by_words(struct turn *t, const char *data)
{
	press(t, data);
	if (t->toast && t->toast[0])
		reply(t, html_escape(t->ctx, t->toast));
	t->toast = NULL;
}

/* The question has gone off the screen: the card of its deal comes anew. */
static void show_again(struct turn *t, const char *yes)
{
	const char *act = strrchr(yes, ':');

	press_by_words(t, talloc_asprintf(t->ctx, "%.*s:show", (int)(act - yes), yes));
}

/* {"yes":"d:CODE:accept.yes.10","at":MS}: the second tap of a step that moves money, typed while the question is fresh.
 * Anything else leaves the step. */
void sure_talk(struct turn *t, const char *data)
{
	const json_t *o = js_parse(t->ctx, data, strlen(data));
	const char *yes = js_str(o, "yes", "");
	bool fresh = t->now_ms - js_int(o, "at", 0) < sure_lives_ms;
	const char *typed = safe_text(t->ctx, t->update->text, LABEL_CODEPOINTS, false);

	conversation_end(t->tx, t->me.id);
	if (!yes[0] || !same_words(t, MINE_PLAIN(t, "button.yes"), typed))
		loose_words(t);
	else if (fresh)
		press_by_words(t, yes);
	else
		show_again(t, yes);
}
