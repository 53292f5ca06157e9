/* "Is this really Separex?": codes, links, names. */
#include "steps.h"
#include "tell.h"

void check_command(struct turn *t, const char *args)
{
	(void)args;
	reply(t, MINE(t, "help.unknown_command"));
}

void check_talk(struct turn *t, const char *data)
{
	(void)data;
	reply(t, MINE(t, "help.loose"));
}
