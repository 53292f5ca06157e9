/* The safety emblem: given at the first deal, picked anew at any time. */
#include "steps.h"
#include "tell.h"

void emblem_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}

void emblem_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}
