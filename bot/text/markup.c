/* Only for HTML of ours: what a person typed never comes here, it is escaped or plain already. */
#include "markup.h"
#include <string.h>

static const struct {
	const char *entity;
	char c;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

/* The bytes of the entity at s, 0 for none. */
static size_t decode(const char *s, char *c)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		size_t n = strlen(entities[i].entity);

		if (strncmp(s, entities[i].entity, n) == 0) {
			*c = entities[i].c;
			return n;
		}
	}
	return 0;
}

void markup_plain(const char *html, bool *in_tag, struct buf *out)
{
	const char *s = html;

	while (*s) {
		char c = *s;
		size_t n = c == '&' ? decode(s, &c) : 0;

		s += n ? n : 1;
		if (n == 0 && c == '<')
			*in_tag = true;
		else if (n == 0 && c == '>')
			*in_tag = false;
		else if (!*in_tag)
			buf_putc(out, c);
	}
}
