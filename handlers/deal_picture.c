/* Pictures of a deal: the payment card, where it stands, the receipt. */
#include "steps.h"
#include "tell.h"

void status_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}

void receipt_act(struct turn *t, struct deal_file *f, const char *extra)
{
	(void)f;
	(void)extra;
	refuse(t, REFUSAL_NOT_NOW);
}
