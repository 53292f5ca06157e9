/* How much of a message a person sees. */
#ifndef SEPAREX_SEEN_TEXT_H
#define SEPAREX_SEEN_TEXT_H

#include "safe_name.h"

#include <stdbool.h>
#include <stddef.h>

/* Code points without tags. */
static inline size_t characters(const char *html)
{
	bool in_tag = false;
	size_t n = 0;
	uint32_t cp;

	while ((cp = utf8_next(&html)) != 0) {
		n += !in_tag && cp != '<';
		if (cp == '<' || cp == '>')
			in_tag = cp == '<';
	}
	return n;
}

#endif
