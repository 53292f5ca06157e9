/* The terms of use, and what this program is. */
#include "steps.h"
#include "tell.h"

void terms_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}

void about_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}

void terms_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}
