/* What a person wishes: the language. */
#include "steps.h"
#include "tell.h"
#include <string.h>

void language_command(struct turn *t, const char *args)
{
	struct outmsg m = tell_here(t, MINE(t, "language.ask"));

	(void)args;
	outmsg_button(&m, true, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "language.fa"), "lang:fa");
	outmsg_button(&m, false, BUTTON_DATA, BUTTON_PLAIN, MINE_PLAIN(t, "language.en"), "lang:en");
	tell(t, &m, LANE_REPLY);
}

void language_press(struct turn *t, const char *language)
{
	const char *const *languages;
	size_t n = catalog_languages(t->house->texts, &languages);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(languages[i], language)) {
			person_set_language(t->tx, t->me.id, languages[i]);
			t->me.language = languages[i];
			reply(t, MINE(t, "language.set"));
			return;
		}
	refuse(t, REFUSAL_NOT_NOW);
}

void settings_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}

void settings_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}
