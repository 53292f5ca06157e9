/* Telegram's HTML as its server reads it: a text and its entities, or the error that Telegram would give. */
#ifndef SANDBOX_HTML_H
#define SANDBOX_HTML_H

#include "utf8.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { ENTITIES_MAX = 100 }; /* reference/telegram.md 1.5 */

struct rich_text {
	char *text; /* trimmed, control characters cleaned, never NULL; on the ctx given */
	size_t units; /* its length in UTF-16 code units: what the limits count */
	json_t *entities; /* array, tied to the ctx given; empty when there are none */
};

/* Parses the HTML of a message. False when Telegram would refuse it; *error (on ctx) is then the text that follows
 * "can't parse entities: ". Offsets in errors are bytes of `html`, offsets of entities are UTF-16 units of the text. */
bool html_parse(void *ctx, const char *html, struct rich_text *out, char **error);

/* The same for a text without markup: only cleaned and trimmed. */
void plain_parse(void *ctx, const char *text, struct rich_text *out);

/* Adds what Telegram finds by itself: commands, links, mentions and hashtags that lie in no other entity. */
void entities_find(struct rich_text *t);

/* UTF-16 code units of the first `bytes` bytes of a valid UTF-8 text. */
size_t utf16_units(const char *text, size_t bytes);

#endif
