/* Cleaning what people type. ICU says what a code point is; which ones we keep is decided here. */
#include "safe_name.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>

enum {
	REPLACEMENT = 0xFFFD,
	ZWNJ = 0x200C,
	ZWJ = 0x200D,
	BRAILLE_BLANK = 0x2800, /* drawn as nothing, yet a symbol to Unicode */
	MAX_MARKS = 3, /* on one letter; Persian needs two */
	MAX_NEWLINES = 2
};

/* Bytes of the character at s, 0 for none. The shortest form only: any other would slip past a later check. */
static size_t utf8_length(const unsigned char *s)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xC2 && s[0] <= 0xDF)
		return (s[1] & 0xC0) == 0x80 ? 2 : 0;
	if (s[0] >= 0xE0 && s[0] <= 0xEF) {
		if ((s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
			return 0;
		return (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ? 0 : 3;
	}
	if (s[0] >= 0xF0 && s[0] <= 0xF4) {
		if ((s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 || (s[3] & 0xC0) != 0x80)
			return 0;
		return (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F) ? 0 : 4;
	}
	return 0;
}

uint32_t utf8_next(const char **s)
{
	static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	const unsigned char *u = (const unsigned char *)*s;
	size_t n = utf8_length(u);
	uint32_t cp;

	if (!*u)
		return 0;
	if (n == 0) {
		*s += 1;
		return REPLACEMENT;
	}
	cp = u[0] & first_bits[n];
	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (u[i] & 0x3FU);
	*s += n;
	return cp;
}

size_t utf8_put(char out[4], uint32_t cp)
{
	assert(cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF));
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

/* The cleaner's state between two code points. */
struct cleaner {
	char *out; /* has room for the whole input: no step writes more bytes than it read */
	size_t len, count, max;
	uint32_t before; /* the last code point written, 0 at the start of the text or a line, or after a blank */
	uint32_t joiner; /* a ZWNJ or ZWJ that is written only when the next character deserves it */
	size_t newlines; /* waiting to be written: trims the end and thins runs */
	bool blank;
	size_t marks; /* in a row */
};

enum kind { KIND_DROP, KIND_KEEP, KIND_BLANK, KIND_NEWLINE, KIND_MARK, KIND_JOINER, KIND_SELECTOR };

static bool is_emoji(uint32_t cp)
{
	return u_hasBinaryProperty((UChar32)cp, UCHAR_EXTENDED_PICTOGRAPHIC) ||
	       u_hasBinaryProperty((UChar32)cp, UCHAR_EMOJI_MODIFIER) || cp == 0xFE0F;
}

static enum kind kind_of_special(uint32_t cp)
{
	uint32_t mask;

	if (cp == ZWNJ || cp == ZWJ)
		return KIND_JOINER;
	if (cp == 0xFE0E || cp == 0xFE0F)
		return KIND_SELECTOR;
	if (cp == REPLACEMENT || u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
		return KIND_DROP;
	if (cp == 0x2028 || cp == 0x2029 || cp == 0x85)
		return KIND_NEWLINE;
	if (u_isUWhiteSpace((UChar32)cp) || cp == BRAILLE_BLANK)
		return KIND_BLANK;
	mask = U_GET_GC_MASK((UChar32)cp);
	if (mask & (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK))
		return KIND_DROP;
	if (U_IS_UNICODE_NONCHAR((UChar32)cp))
		return KIND_DROP;
	return mask & (U_GC_MN_MASK | U_GC_ME_MASK) ? KIND_MARK : KIND_KEEP;
}

static enum kind kind_of(uint32_t cp)
{
	if (cp > ' ' && cp < 0x7F)
		return KIND_KEEP;
	if (cp == ' ' || cp == '\t')
		return KIND_BLANK;
	if (cp >= '\n' && cp <= '\r')
		return KIND_NEWLINE;
	return kind_of_special(cp);
}

static void write_cp(struct cleaner *c, uint32_t cp)
{
	c->len += utf8_put(c->out + c->len, cp);
	c->count++;
	c->before = cp;
}

/* Writes the blanks that were waiting; they count too. */
static void write_waiting(struct cleaner *c)
{
	if (c->len > 0) {
		for (size_t i = 0; i < c->newlines; i++)
			write_cp(c, '\n');
		if (c->newlines == 0 && c->blank)
			write_cp(c, ' ');
	}
	c->newlines = 0;
	c->blank = false;
}

static bool joiner_belongs(const struct cleaner *c, uint32_t next)
{
	if (c->joiner == 0 || c->newlines || c->blank || c->len == 0)
		return false;
	if (c->joiner == ZWJ)
		return is_emoji(c->before) && is_emoji(next);
	return u_isalpha((UChar32)c->before) && u_isalpha((UChar32)next);
}

/* False when the character does not fit any more. */
static bool take(struct cleaner *c, uint32_t cp)
{
	size_t waiting = c->newlines ? c->newlines : c->blank;
	bool join = joiner_belongs(c, cp);

	if (c->count + (c->len > 0 ? waiting : 0) + join + 1 > c->max)
		return false;
	write_waiting(c);
	if (join)
		write_cp(c, c->joiner);
	write_cp(c, cp);
	c->joiner = 0;
	c->marks = 0;
	return true;
}

static bool take_mark(struct cleaner *c, uint32_t cp)
{
	if (c->len == 0 || c->blank || c->newlines || c->marks >= MAX_MARKS)
		return true;
	if (c->count + 1 > c->max)
		return false;
	write_cp(c, cp);
	c->marks++;
	return true;
}

static bool take_selector(struct cleaner *c, uint32_t cp)
{
	if (c->len == 0 || c->blank || c->newlines || !u_hasBinaryProperty((UChar32)c->before, UCHAR_EMOJI))
		return true;
	return take_mark(c, cp);
}

/* Arabic keyboards write these two letters with other code points; searches and names should not differ by it. */
static uint32_t fold_letter(uint32_t cp)
{
	if (cp == 0x064A)
		return 0x06CC;
	return cp == 0x0643 ? 0x06A9 : cp;
}

static bool step(struct cleaner *c, uint32_t cp, bool keep_newlines)
{
	switch (kind_of(cp)) {
	case KIND_DROP:
		return true;
	case KIND_NEWLINE:
		if (!keep_newlines)
			c->blank = true;
		else if (c->newlines < MAX_NEWLINES)
			c->newlines++;
		return true;
	case KIND_BLANK:
		c->blank = true;
		return true;
	case KIND_JOINER:
		c->joiner = cp;
		return true;
	case KIND_MARK:
		return take_mark(c, cp);
	case KIND_SELECTOR:
		return take_selector(c, cp);
	case KIND_KEEP:
		return take(c, fold_letter(cp));
	}
	return true;
}

char *safe_text(const void *ctx, const char *text, size_t max_codepoints, bool keep_newlines)
{
	struct cleaner c = {.max = max_codepoints};
	const char *s = text ? text : "";
	uint32_t cp;

	c.out = talloc_size(ctx, strlen(s) + 1);
	if (!c.out)
		abort();
	talloc_set_name_const(c.out, "char");
	while ((cp = utf8_next(&s)) != 0) {
		if (cp == '\r' && *s == '\n')
			continue;
		if (!step(&c, cp, keep_newlines))
			break;
	}
	c.out[c.len] = '\0';
	return c.out;
}

char *safe_line(const void *ctx, const char *text, size_t max_codepoints)
{
	char *line = safe_text(ctx, text, max_codepoints, false);

	if (!strcmp(line, safe_text(ctx, text, max_codepoints + 1, false)))
		return line;
	return talloc_asprintf(ctx, "%s…", safe_text(ctx, text, max_codepoints - 1, false));
}

char *safe_name(const void *ctx, const char *name)
{
	return safe_text(ctx, name, SAFE_NAME_CODEPOINTS, false);
}

/* U+0660-0669 are D9 A0-A9 and U+06F0-06F9 are DB B0-B9 in UTF-8. */
static bool is_folded_digit(const unsigned char *s, unsigned char *digit)
{
	if (s[0] == 0xD9 && s[1] >= 0xA0 && s[1] <= 0xA9) {
		*digit = (unsigned char)(s[1] - 0xA0);
		return true;
	}
	if (s[0] == 0xDB && s[1] >= 0xB0 && s[1] <= 0xB9) {
		*digit = (unsigned char)(s[1] - 0xB0);
		return true;
	}
	return false;
}

char *digits_fold(const void *ctx, const char *text)
{
	char *copy = talloc_strdup(ctx, text ? text : ""), *to = copy;
	unsigned char digit;

	if (!copy)
		abort();
	for (const char *from = copy; *from; from++) {
		if (is_folded_digit((const unsigned char *)from, &digit)) {
			*to++ = (char)('0' + digit);
			from++;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return copy;
}

const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

char *html_escape(const void *ctx, const char *text)
{
	const char *s = text ? text : "";
	size_t n = 0;
	char *out, *to;

	for (const char *p = s; *p; p++)
		n += html_entity(*p) ? strlen(html_entity(*p)) : 1;
	out = to = talloc_size(ctx, n + 1);
	if (!out)
		abort();
	talloc_set_name_const(out, "char");
	for (const char *p = s; *p; p++) {
		const char *entity = html_entity(*p);

		if (entity) {
			memcpy(to, entity, strlen(entity));
			to += strlen(entity);
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	assert((size_t)(to - out) == n);
	return out;
}
