/* What a text is: Persian, an English sentence, SQL, well-formed Telegram HTML. */
#ifndef SEPAREX_TEXT_CHECK_H
#define SEPAREX_TEXT_CHECK_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

static inline bool ends_with(const char *s, const char *end)
{
	return strlen(s) >= strlen(end) && strcmp(s + strlen(s) - strlen(end), end) == 0;
}

static inline bool starts_with(const char *s, const char *start)
{
	return strncmp(s, start, strlen(start)) == 0;
}

static inline bool is_persian(uint32_t cp)
{
	return (cp >= 0x0600 && cp <= 0x06FF) || (cp >= 0x0750 && cp <= 0x077F) || (cp >= 0xFB50 && cp <= 0xFDFF) ||
	       (cp >= 0xFE70 && cp <= 0xFEFC);
}

/* Two words of three letters or more with a blank between them, outside of tags, is a sentence. */
static inline bool is_sentence(const char *s)
{
	size_t word = 0, before = 0;
	bool in_tag = false;
	char last = ' ';

	for (; *s; last = *s++) {
		if (*s == '<' || *s == '>')
			in_tag = *s == '<';
		if (isalpha((unsigned char)*s) && !in_tag &&
		    (word > 0 || last == ' ' || ispunct((unsigned char)last)) && last != '-' && last != '_' &&
		    last != '%') {
			word++;
			continue;
		}
		if (word >= 3 && before >= 3 && !strchr("-=:_", *s))
			return true;
		before = *s == ' ' ? word : 0;
		word = 0;
	}
	return word >= 3 && before >= 3;
}

static inline bool is_sql(const char *s)
{
	static const char *const verbs[] = {"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "BEGIN", "PRAGMA "};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (starts_with(s, verbs[i]))
			return true;
	}
	return false;
}

static inline bool takes_english(const char *call)
{
	return starts_with(call, "log_") || strcmp(call, "assert") == 0 || strcmp(call, "static_assert") == 0 ||
	       strcmp(call, "_Static_assert") == 0 || strcmp(call, "err_set") == 0;
}

/* telegram.md 1.12 */
static const char html_tags[] = " b strong i em u ins s strike del tg-spoiler a code pre blockquote tg-emoji tg-time ";

/* The tag or entity at s is fine: returns what is wrong with it, or NULL; `open` is the list of open tags. */
static inline const char *check_tag(void *ctx, const char *s, char **open)
{
	bool closes = s[1] == '/';
	const char *name = s + 1 + closes;
	char *word = talloc_asprintf(ctx, " %.*s ", (int)strspn(name, "abcdefghijklmnopqrstuvwxyz-"), name);

	if (!strchr(s, '>') || !strstr(html_tags, word))
		return "an unknown or unended tag";
	if (!closes) {
		*open = talloc_asprintf(ctx, "%s%s", *open, word);
		return NULL;
	}
	if (!ends_with(*open, word))
		return "a tag that is closed out of order";
	*open = talloc_strndup(ctx, *open, strlen(*open) - strlen(word));
	return NULL;
}

static inline const char *check_entity(const char *s)
{
	static const char *const entities[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#"};

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (starts_with(s, entities[i]))
			return NULL;
	}
	return "a bare &";
}

static inline const char *check_html(void *ctx, const char *s)
{
	char *open = talloc_strdup(ctx, "");
	const char *wrong = NULL;

	for (; *s && !wrong; s++) {
		if (*s == '<')
			wrong = check_tag(ctx, s, &open);
		else if (*s == '&')
			wrong = check_entity(s);
	}
	return wrong ? wrong : *open ? "a tag that is never closed" : NULL;
}

#endif
