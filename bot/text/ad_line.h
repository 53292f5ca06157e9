/* One line of an advertisement. */
#ifndef SEPAREX_AD_LINE_H
#define SEPAREX_AD_LINE_H

#include <stdbool.h>

struct ad_line {
	const char *text; /* without links; hashtags are words */
	const char *title; /* what of it can name the thing; "" when it is about something else */
	bool tags_only; /* hashtags and nothing else */
	bool title_is_whole; /* but for the price the title says all that the line says */
};

/* Reads a line that safe_text cleaned and whose contacts are masked. All on ctx. Without `name_it` the title is "". */
void ad_line_read(void *ctx, const char *line, bool name_it, struct ad_line *out);

#endif
