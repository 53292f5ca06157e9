/* What Telegram finds in a text by itself: commands, links, mentions, hashtags. See html.h. */
#include "html.h"
#include "js.h"

#include <ctype.h>
#include <string.h>

static bool word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t run_of(const char *s, const char *also)
{
	size_t n = 0;

	while (s[n] && ((isalnum((unsigned char)s[n]) || s[n] == '_') || strchr(also, s[n])))
		n++;
	return n;
}

static size_t hashtag(const char *s)
{
	size_t n = 1;

	while (word(s[n]))
		n++;
	return n > 1 ? n : 0;
}

static size_t command(const char *s)
{
	size_t n = run_of(s + 1, "");

	if (n == 0 || n > 64)
		return 0;
	if (s[n + 1] == '@')
		n += 1 + run_of(s + n + 2, "");
	return s[n + 1] == '/' || word(s[n + 1]) ? 0 : n + 1;
}

static size_t link_length(const char *s)
{
	size_t n = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7 : 0;
	size_t end = n;

	if (!n)
		return 0;
	while (s[end] && !isspace((unsigned char)s[end]) && !strchr("<>\"", s[end]) && (unsigned char)s[end] < 0x80)
		end++;
	while (end > n && strchr(".,;:!?)'", s[end - 1]))
		end--;
	return end > n ? end : 0;
}

/* The entity that starts at s, its type and bytes; 0 for none. */
static size_t found(const char *s, const char **type)
{
	size_t n;

	switch (*s) {
	case '/':
		*type = "bot_command";
		return command(s);
	case '@':
		*type = "mention";
		n = run_of(s + 1, "");
		return n >= 3 && n <= 32 ? n + 1 : 0;
	case '#':
		*type = "hashtag";
		return hashtag(s);
	case 'h':
		*type = "url";
		return link_length(s);
	default:
		return 0;
	}
}

static bool covered(const json_t *entities, size_t at)
{
	size_t i;
	json_t *e;

	json_array_foreach((json_t *)entities, i, e)
	{
		int64_t o = js_int(e, "offset", 0);
		const char *type = js_str(e, "type", "");

		if (strcmp(type, "code") != 0 && strcmp(type, "pre") != 0 && strcmp(type, "text_link") != 0 &&
		    strcmp(type, "text_mention") != 0)
			continue;
		if ((int64_t)at >= o && (int64_t)at < o + js_int(e, "length", 0))
			return true;
	}
	return false;
}

static void insert_in_order(json_t *entities, json_t *e)
{
	size_t i = 0;

	while (i < json_array_size(entities) &&
	       js_int(json_array_get(entities, i), "offset", 0) <= js_int(e, "offset", 0))
		i++;
	json_array_insert_new(entities, i, e);
}

void entities_find(struct rich_text *t)
{
	size_t n = strlen(t->text), units = 0;

	for (size_t i = 0; i < n;) {
		const char *type = NULL;
		bool edge = i == 0 || !(word(t->text[i - 1]) || t->text[i - 1] == '/');
		size_t length = edge ? found(t->text + i, &type) : 0;

		if (length && !covered(t->entities, units) && json_array_size(t->entities) < ENTITIES_MAX) {
			size_t wide = utf16_units(t->text + i, length);

			insert_in_order(t->entities, json_pack("{sssIsI}", "type", type, "offset", (json_int_t)units,
							       "length", (json_int_t)wide));
			units += wide;
			i += length;
			continue;
		}
		units += utf16_units(t->text + i, 1);
		i++;
	}
}
