/* The safety emblem: given at the first deal, picked anew at any time. */
#include "emblem.h"
#include "emblem_words.h"
#include "safe_name.h"
#include "steps.h"
#include "tell.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum { PICKER_COLUMNS = 4 };

const char *emblem_name(struct turn *t, const char *language, int emblem)
{
	static const char *const keys[EMBLEM_COUNT] = {
		"emblem.1", "emblem.2",  "emblem.3",  "emblem.4",  "emblem.5",  "emblem.6",  "emblem.7",  "emblem.8",
		"emblem.9", "emblem.10", "emblem.11", "emblem.12", "emblem.13", "emblem.14", "emblem.15", "emblem.16",
	};

	if (emblem < 1 || emblem > EMBLEM_COUNT)
		return "";
	return SAY_PLAIN(t->ctx, t->house->texts, language, keys[emblem - 1]);
}

static const char *my_name_for_it(struct turn *t)
{
	return emblem_name(t, t->me.language, t->me.emblem);
}

const char *emblem_line(struct turn *t, const struct person *reader)
{
	if (!emblem_sign(reader->emblem)[0])
		return "";
	return THEIRS(t, reader, "emblem.line", ARG_RAW("sign", emblem_sign(reader->emblem)),
		      ARG_RAW("name", emblem_name(t, reader->language, reader->emblem)));
}

static void show_picker(struct turn *t, const char *html)
{
	struct outmsg m = tell_to(&t->me, html);

	for (int i = 0; i < EMBLEM_COUNT; i++)
		outmsg_button(&m, i % PICKER_COLUMNS == 0, BUTTON_DATA, BUTTON_PLAIN, emblem_sign(i + 1),
			      talloc_asprintf(t->ctx, "emblem:%d", i + 1));
	tell(t, &m, LANE_REPLY);
}

static void set_emblem(struct turn *t, int emblem, bool picked)
{
	person_set_emblem(t->tx, t->me.id, emblem, picked);
	t->me.emblem = emblem;
	t->me.emblem_picked = picked;
}

void emblem_ensure(struct turn *t)
{
	uint32_t random;

	if (!t->me.id || t->me.emblem || !t->me.reachable)
		return;
	t->house->rnd.fill(t->house->rnd.arg, &random, sizeof random);
	set_emblem(t, (int)(random % EMBLEM_COUNT) + 1, false);
	show_picker(t, MINE(t, "emblem.given", ARG_RAW("sign", emblem_sign(t->me.emblem)),
			    ARG_RAW("name", my_name_for_it(t))));
}

/* What was typed: a sign, or its name in the person's language; 0 for neither. */
static int emblem_typed(struct turn *t, const char *text)
{
	const char *word = safe_text(t->ctx, text, SAFE_NAME_CODEPOINTS, false);

	for (int i = 1; i <= EMBLEM_COUNT; i++)
		if (!strcmp(word, emblem_sign(i)) || !strcasecmp(word, emblem_name(t, t->me.language, i)))
			return i;
	return 0;
}

void emblem_command(struct turn *t, const char *args)
{
	int emblem = emblem_typed(t, args);

	if (t->update->chat_kind != CHAT_PRIVATE) {
		reply(t, MINE(t, "emblem.in_private"));
		return;
	}
	if (!emblem) {
		show_picker(t, MINE(t, "emblem.ask"));
		return;
	}
	set_emblem(t, emblem, true);
	reply(t,
	      MINE(t, "emblem.picked", ARG_RAW("sign", emblem_sign(t->me.emblem)), ARG_RAW("name", my_name_for_it(t))));
}

/* The message that was pressed becomes the confirmation. Its number is the presser's word only, so this happens in
 * their own chat alone: elsewhere it could be anybody's card. */
static void confirm(struct turn *t)
{
	struct outmsg m = tell_here(t, MINE(t, "emblem.picked", ARG_RAW("sign", emblem_sign(t->me.emblem)),
					    ARG_RAW("name", my_name_for_it(t))));

	m.message_id = t->update->message_id;
	m.kind = m.message_id ? OUT_EDIT : OUT_TEXT;
	tell(t, &m, LANE_REPLY);
	t->toast = MINE_PLAIN(t, "emblem.toast", ARG_RAW("name", my_name_for_it(t)));
}

void emblem_press(struct turn *t, const char *rest)
{
	size_t digits = strspn(rest, "0123456789");
	long emblem = digits && digits <= 2 && !rest[digits] ? strtol(rest, NULL, 10) : 0;

	if (t->update->chat_kind != CHAT_PRIVATE) {
		object(t, MINE_PLAIN(t, "emblem.in_private"));
		return;
	}
	if (!strcmp(rest, "choose")) {
		show_picker(t, MINE(t, "emblem.ask"));
		return;
	}
	if (emblem < 1 || emblem > EMBLEM_COUNT) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	set_emblem(t, (int)emblem, true);
	confirm(t);
}
