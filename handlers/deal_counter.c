/* Counter-offers. */
#include "steps.h"
#include "tell.h"

void counter_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void amend_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void amend_ok_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void counter_price_talk(struct turn *t, const char *data)
{
	(void)data;
	reply(t, MINE(t, "help.loose"));
}
