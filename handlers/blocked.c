/* Whom a person wants no deal with. */
#include "steps.h"
#include "tell.h"

void blocked_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}

void blocked_press(struct turn *t, const char *rest)
{
	(void)rest;
	refuse(t, REFUSAL_NOT_NOW);
}

void block_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}
