/* Messages for the owner: see err.h. */
#include "err.h"

#include <stdarg.h>
#include <stdio.h>

_Bool err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return 0;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	return 0;
}
