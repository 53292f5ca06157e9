/* Telegram's HTML: see html.h. The rules follow Telegram's documented tag set and the errors its server gives. */
#include "html.h"

#include "buf.h"
#include "js.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { DEEPEST = 32, TEXT_MAX = 1 << 20, VALUE_MAX = 4096, TIME_DIGITS_MAX = 10 };

/* A tag that was opened and not closed yet. */
struct open_tag {
	char name[16];
	const char *type; /* entity type; NULL when the tag makes none */
	char *argument; /* href, language or the like */
	char *format; /* of a tg-time */
	size_t at; /* UTF-16 offset where its text begins */
};

struct parser {
	void *ctx;
	const char *html;
	size_t i;
	struct buf *text;
	size_t units;
	json_t *entities;
	struct open_tag stack[DEEPEST];
	size_t depth;
	char **error;
};

/* Which tag makes which entity, and the attribute that goes into which member of it. */
static const struct tag_rule {
	const char *tag, *entity, *attribute, *member;
} tag_rules[] = {
	{"b", "bold", NULL, NULL},
	{"strong", "bold", NULL, NULL},
	{"i", "italic", NULL, NULL},
	{"em", "italic", NULL, NULL},
	{"u", "underline", NULL, NULL},
	{"ins", "underline", NULL, NULL},
	{"s", "strikethrough", NULL, NULL},
	{"strike", "strikethrough", NULL, NULL},
	{"del", "strikethrough", NULL, NULL},
	{"tg-spoiler", "spoiler", NULL, NULL},
	{"span", "spoiler", "class", NULL},
	{"a", "text_link", "href", "url"},
	{"code", "code", "class", NULL},
	{"pre", "pre", NULL, "language"},
	{"blockquote", "blockquote", "expandable", NULL},
	{"tg-emoji", "custom_emoji", "emoji-id", "custom_emoji_id"},
	{"tg-time", "date_time", "unix", "unix_time"},
};

static const struct tag_rule *rule_of(const char *tag)
{
	for (size_t i = 0; i < sizeof tag_rules / sizeof *tag_rules; i++)
		if (strcmp(tag_rules[i].tag, tag) == 0)
			return &tag_rules[i];
	return NULL;
}

static size_t sequence_bytes(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

size_t utf16_units(const char *text, size_t bytes)
{
	size_t units = 0;

	for (size_t i = 0; i < bytes; i++) {
		unsigned char c = (unsigned char)text[i];

		units += (size_t)((c & 0xC0) != 0x80) + (size_t)(c >= 0xF0);
	}
	return units;
}

static void put_point(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
	} else if (c < 0x800) {
		buf_putc(b, (char)(0xC0 | c >> 6));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_putc(b, (char)(0xE0 | c >> 12));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	} else {
		buf_putc(b, (char)(0xF0 | c >> 18));
		buf_putc(b, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_putc(b, (char)(0x80 | (c & 0x3F)));
	}
}

static bool fail(struct parser *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static bool fail(struct parser *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*p->error = talloc_vasprintf(p->ctx, fmt, ap);
	va_end(ap);
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

/* The character behind an "&…" at `s`, and the bytes it took; 0 when it is a plain ampersand. */
static uint32_t reference(const char *s, size_t *taken)
{
	static const struct {
		const char *name;
		uint32_t c;
	} named[] = {{"&lt", '<'}, {"&gt", '>'}, {"&amp", '&'}, {"&quot", '"'}};
	char *end;

	if (s[1] == '#') {
		bool hex = s[2] == 'x';
		const char *digits = s + 2 + hex;
		unsigned long c = isxdigit((unsigned char)*digits) ? strtoul(digits, &end, hex ? 16 : 10) : 0;

		if (c == 0 || c >= 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
			return 0;
		*taken = (size_t)(end - s) + (*end == ';');
		return (uint32_t)c;
	}
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		size_t n = strlen(named[i].name);

		if (strncmp(s, named[i].name, n) == 0 && !isalnum((unsigned char)s[n])) {
			*taken = n + (s[n] == ';');
			return named[i].c;
		}
	}
	return 0;
}

/* Copies one character of text, reading a reference, into `to`. */
static void take_character(struct parser *p, struct buf *to)
{
	size_t taken = 0;
	uint32_t c = p->html[p->i] == '&' ? reference(p->html + p->i, &taken) : 0;
	size_t n;

	if (c) {
		put_point(to, c);
		p->i += taken;
		return;
	}
	n = sequence_bytes((unsigned char)p->html[p->i]);
	buf_add(to, p->html + p->i, n);
	p->i += n;
}

static void skip_spaces(struct parser *p)
{
	while (is_space(p->html[p->i]))
		p->i++;
}

static bool quoted_value(struct parser *p, struct buf *value, size_t begin)
{
	char quote = p->html[p->i++];

	while (p->html[p->i] && p->html[p->i] != quote)
		take_character(p, value);
	if (!p->html[p->i])
		return fail(p, "Unclosed start tag at byte offset %zu", begin);
	p->i++;
	return true;
}

static bool bare_value(struct parser *p, struct buf *value)
{
	size_t begin = p->i;

	while (isalnum((unsigned char)p->html[p->i]) || p->html[p->i] == '.' || p->html[p->i] == '-')
		buf_putc(value, (char)tolower((unsigned char)p->html[p->i++]));
	if (!is_space(p->html[p->i]) && p->html[p->i] != '>')
		return fail(p, "Unexpected end of name token at byte offset %zu", begin);
	return true;
}

/* What a known attribute means for the tag it stands in. */
static void apply_attribute(struct parser *p, struct open_tag *t, const char *name, const char *value)
{
	const struct tag_rule *rule = rule_of(t->name);

	if (strcmp(t->name, "tg-time") == 0 && strcmp(name, "format") == 0)
		t->format = talloc_strdup(p->ctx, value);
	if (!rule->attribute || strcmp(rule->attribute, name) != 0)
		return;
	if (strcmp(t->name, "blockquote") == 0) {
		t->type = "expandable_blockquote";
	} else if (strcmp(t->name, "code") == 0) {
		if (strncmp(value, "language-", 9) == 0)
			t->argument = talloc_strdup(p->ctx, value + 9);
	} else {
		t->argument = talloc_strdup(p->ctx, value);
	}
}

static bool attribute(struct parser *p, struct open_tag *t, size_t begin)
{
	size_t at = p->i;
	char *name;
	struct buf *value = buf_new(p->ctx, VALUE_MAX);

	while (p->html[p->i] && !is_space(p->html[p->i]) && p->html[p->i] != '=' && p->html[p->i] != '>')
		p->i++;
	if (p->i == at)
		return fail(p, "Empty attribute name in the tag \"%s\" at byte offset %zu", t->name, begin);
	name = talloc_strndup(p->ctx, p->html + at, p->i - at);
	skip_spaces(p);
	if (p->html[p->i] == '=') {
		p->i++;
		skip_spaces(p);
		if (!p->html[p->i])
			return fail(p, "Unclosed start tag at byte offset %zu", begin);
		if (p->html[p->i] == '"' || p->html[p->i] == '\'') {
			if (!quoted_value(p, value, begin))
				return false;
		} else if (!bare_value(p, value)) {
			return false;
		}
	} else if (strcmp(name, "expandable") != 0) {
		return fail(p,
			    "Expected equal sign in declaration of an attribute of the tag \"%s\" at byte offset %zu",
			    t->name, begin);
	}
	apply_attribute(p, t, name, value->data);
	return true;
}

/* "r", or w, d or D, t or T in this order, each at most once. */
static bool time_format_known(const char *format)
{
	if (strcmp(format, "r") == 0)
		return true;
	format += *format == 'w';
	format += *format == 'd' || *format == 'D';
	format += *format == 't' || *format == 'T';
	return *format == '\0';
}

/* The words of these refusals are guesses. */
static bool time_complete(struct parser *p, const struct open_tag *t, size_t begin)
{
	if (!t->argument || !*t->argument)
		return fail(p, "Tag \"tg-time\" must have attribute \"unix\" at byte offset %zu", begin);
	if (strlen(t->argument) > TIME_DIGITS_MAX || t->argument[strspn(t->argument, "0123456789")])
		return fail(p, "Invalid Unix time specified at byte offset %zu", begin);
	if (t->format && !time_format_known(t->format))
		return fail(p, "Invalid date-time format specified at byte offset %zu", begin);
	return true;
}

static bool tag_complete(struct parser *p, const struct open_tag *t, size_t begin)
{
	if (strcmp(t->name, "span") == 0 && (!t->argument || strcmp(t->argument, "tg-spoiler") != 0))
		return fail(p, "Tag \"span\" must have class \"tg-spoiler\" at byte offset %zu", begin);
	if (strcmp(t->name, "tg-emoji") == 0 && (!t->argument || !*t->argument))
		return fail(p, "Tag \"tg-emoji\" must have attribute \"emoji-id\" at byte offset %zu", begin);
	return strcmp(t->name, "tg-time") != 0 || time_complete(p, t, begin);
}

static bool start_tag(struct parser *p)
{
	size_t begin = p->i++, at = p->i, n;
	struct open_tag *t;

	while (p->html[p->i] && !is_space(p->html[p->i]) && p->html[p->i] != '>')
		p->i++;
	if (!p->html[p->i])
		return fail(p, "Unclosed start tag at byte offset %zu", begin);
	n = p->i - at;
	if (p->depth == DEEPEST)
		return fail(p, "Too many nested tags at byte offset %zu", begin);
	t = &p->stack[p->depth];
	*t = (struct open_tag){.at = p->units};
	for (size_t k = 0; k < n && k < sizeof t->name - 1; k++)
		t->name[k] = (char)tolower((unsigned char)p->html[at + k]);
	if (n >= sizeof t->name || !rule_of(t->name))
		return fail(p, "Unsupported start tag \"%.*s\" at byte offset %zu", (int)(n < 64 ? n : 64),
			    p->html + at, begin);
	t->type = rule_of(t->name)->entity;
	for (skip_spaces(p); p->html[p->i] && p->html[p->i] != '>'; skip_spaces(p))
		if (!attribute(p, t, begin))
			return false;
	if (!p->html[p->i])
		return fail(p, "Unclosed start tag at byte offset %zu", begin);
	p->i++;
	p->depth++;
	return tag_complete(p, t, begin);
}

/* <pre><code class="language-x"> is one "pre" entity with a language: the inner code gives it to the outer. */
static bool gives_language(struct parser *p, const struct open_tag *t)
{
	struct open_tag *outer = p->depth ? &p->stack[p->depth - 1] : NULL;

	if (strcmp(t->name, "code") != 0 || !outer || strcmp(outer->name, "pre") != 0 || outer->at != t->at)
		return false;
	if (t->argument)
		outer->argument = t->argument;
	return true;
}

/* A link that Telegram would not accept is dropped silently, its text stays. */
static bool link_usable(const char *url)
{
	static const char *const schemes[] = {"http://", "https://", "tg://", "mailto:", "tel:", "ton://"};

	for (size_t i = 0; url && i < sizeof schemes / sizeof *schemes; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0 && url[strlen(schemes[i])])
			return true;
	return false;
}

/* What an attribute gave goes into the entity's member; a link to a user makes it a mention. */
static void add_argument(json_t *e, const struct tag_rule *rule, const char *argument)
{
	static const char user_link[] = "tg://user?id=";
	const size_t n = sizeof user_link - 1;

	if (strncmp(argument, user_link, n) == 0) {
		json_object_set_new(e, "type", json_string("text_mention"));
		json_object_set_new(e, "user",
				    json_pack("{sIsbss}", "id", (json_int_t)strtoll(argument + n, NULL, 10), "is_bot",
					      0, "first_name", ""));
	} else if (rule->member && strcmp(rule->member, "unix_time") == 0) {
		json_object_set_new(e, rule->member, json_integer(strtoll(argument, NULL, 10)));
	} else if (rule->member) {
		json_object_set_new(e, rule->member, json_string(argument));
	}
}

static void add_entity(struct parser *p, const struct open_tag *t)
{
	json_t *e;

	if (p->units == t->at || gives_language(p, t) || json_array_size(p->entities) >= ENTITIES_MAX)
		return;
	if (strcmp(t->name, "a") == 0 && !link_usable(t->argument))
		return;
	e = json_pack("{sssIsI}", "type", t->type, "offset", (json_int_t)t->at, "length",
		      (json_int_t)(p->units - t->at));
	if (t->argument)
		add_argument(e, rule_of(t->name), t->argument);
	if (strcmp(t->name, "tg-time") == 0)
		json_object_set_new(e, "date_time_format", json_string(t->format ? t->format : ""));
	json_array_append_new(p->entities, e);
}

static bool end_tag(struct parser *p)
{
	size_t begin = p->i, at = begin + 2, n;
	struct open_tag *t;
	char name[16] = "";

	if (p->depth == 0)
		return fail(p, "Unexpected end tag at byte offset %zu", begin);
	p->i = at;
	while (p->html[p->i] && !is_space(p->html[p->i]) && p->html[p->i] != '>')
		p->i++;
	n = p->i - at;
	skip_spaces(p);
	if (p->html[p->i] != '>')
		return fail(p, "Unclosed end tag at byte offset %zu", begin);
	p->i++;
	for (size_t k = 0; k < n && k < sizeof name - 1; k++)
		name[k] = (char)tolower((unsigned char)p->html[at + k]);
	t = &p->stack[p->depth - 1];
	if (n && strcmp(name, t->name) != 0)
		return fail(p, "Unmatched end tag at byte offset %zu, expected \"</%s>\", found \"</%s>\"", begin,
			    t->name, name);
	p->depth--;
	add_entity(p, t);
	return true;
}

static void take_text(struct parser *p)
{
	size_t before = p->text->len;

	take_character(p, p->text);
	p->units += utf16_units(p->text->data + before, p->text->len - before);
}

/* Telegram turns control characters into spaces and drops \r and U+2028..U+202E. Returns how many bytes a dropped
 * sequence has, 0 when it stays. */
static size_t dropped(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] == '\r')
		return 1;
	return u[0] == 0xE2 && u[1] == 0x80 && u[2] >= 0xA8 && u[2] <= 0xAE ? 3 : 0;
}

static char *cleaned(void *ctx, const char *s)
{
	char *out = talloc_size(ctx, strlen(s) + 1), *o = out;

	while (*s) {
		size_t n = dropped(s);

		if (n) {
			s += n;
			continue;
		}
		*o++ = (unsigned char)*s < 32 && *s != '\n' ? ' ' : *s;
		s++;
	}
	*o = '\0';
	return out;
}

/* Cuts an entity to the text that is left after trimming; false when nothing of it is left. */
static bool clip(json_t *e, size_t lead, size_t units)
{
	int64_t at = js_int(e, "offset", 0) - (int64_t)lead, end = at + js_int(e, "length", 0);

	at = at < 0 ? 0 : at;
	end = end > (int64_t)units ? (int64_t)units : end;
	if (end <= at)
		return false;
	json_object_set_new(e, "offset", json_integer(at));
	json_object_set_new(e, "length", json_integer(end - at));
	return true;
}

static void trim(void *ctx, const char *text, json_t *entities, struct rich_text *out)
{
	size_t lead = 0, end = strlen(text);

	while (is_space(text[lead]))
		lead++;
	while (end > lead && is_space(text[end - 1]))
		end--;
	out->text = talloc_strndup(ctx, text + lead, end - lead);
	out->units = utf16_units(out->text, end - lead);
	out->entities = entities;
	for (size_t i = json_array_size(entities); i-- > 0;)
		if (!clip(json_array_get(entities, i), lead, out->units))
			json_array_remove(entities, i);
}

/* Outer before inner, earlier before later: the order in which Telegram lists them. */
static bool comes_before(const json_t *a, const json_t *b)
{
	int64_t oa = js_int(a, "offset", 0), ob = js_int(b, "offset", 0);

	return oa < ob || (oa == ob && js_int(a, "length", 0) > js_int(b, "length", 0));
}

static void sort_entities(json_t *list)
{
	for (size_t i = 1; i < json_array_size(list); i++)
		for (size_t k = i; k > 0 && comes_before(json_array_get(list, k), json_array_get(list, k - 1)); k--) {
			json_t *a = json_incref(json_array_get(list, k)), *b = json_array_get(list, k - 1);

			json_array_set(list, k, b);
			json_array_set_new(list, k - 1, a);
		}
}

bool html_parse(void *ctx, const char *html, struct rich_text *out, char **error)
{
	struct parser p = {.ctx = ctx, .html = html, .text = buf_new(ctx, TEXT_MAX), .error = error};

	p.entities = js_own(ctx, json_array());
	while (html[p.i]) {
		size_t skip = dropped(html + p.i);

		if (skip)
			p.i += skip;
		else if (html[p.i] != '<')
			take_text(&p);
		else if (!(html[p.i + 1] == '/' ? end_tag(&p) : start_tag(&p)))
			return false;
	}
	if (p.depth)
		return fail(&p, "Can't find end tag corresponding to start tag \"%s\"", p.stack[p.depth - 1].name);
	for (size_t i = 0; i < p.text->len; i++)
		if ((unsigned char)p.text->data[i] < 32 && p.text->data[i] != '\n')
			p.text->data[i] = ' ';
	sort_entities(p.entities);
	trim(ctx, p.text->data, p.entities, out);
	return true;
}

void plain_parse(void *ctx, const char *text, struct rich_text *out)
{
	trim(ctx, cleaned(ctx, text), js_own(ctx, json_array()), out);
}
