/* Proof of sending: waybill, packing, goods with a code slip. */
#include "steps.h"
#include "tell.h"

void proof_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void proof_done_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void see_proof_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void proof_talk(struct turn *t, const char *data)
{
	(void)data;
	reply(t, MINE(t, "help.loose"));
}
