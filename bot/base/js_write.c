/* JSON without a tree: see js_write.h. */
#include "js_write.h"

#include "utf8.h"

#include <inttypes.h>
#include <string.h>

/* What stands before a value: a comma unless it is the first, and its name. */
static void lead_in(struct buf *b, const char *name)
{
	char last = b->len ? b->data[b->len - 1] : '{';

	if (last != '{' && last != '[')
		buf_putc(b, ',');
	if (name)
		buf_printf(b, "\"%s\":", name);
}

void js_write_open(struct buf *b, const char *name, char bracket)
{
	lead_in(b, name);
	buf_putc(b, bracket);
}

void js_write_close(struct buf *b, char bracket)
{
	buf_putc(b, bracket);
}

/* One byte that cannot stand in a JSON string as it is. */
static void escape(struct buf *b, unsigned char c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = strchr(from, c);

	if (c >= 0x80)
		buf_puts(b, "\xEF\xBF\xBD");
	else if (at)
		buf_printf(b, "\\%c", to[at - from]);
	else
		buf_printf(b, "\\u%04X", (unsigned)c);
}

/* Bytes at the beginning of `s` that can be copied as they are. */
static size_t plain_bytes(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		unsigned char c = (unsigned char)s[i];
		size_t step = c < 0x80 ? c >= 0x20 && c != '"' && c != '\\' : utf8_step(s + i, n - i);

		if (!step)
			break;
		i += step;
	}
	return i;
}

void js_write_text(struct buf *b, const char *name, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (!text)
		return;
	lead_in(b, name);
	buf_putc(b, '"');
	for (;;) {
		size_t plain = plain_bytes(text, n);

		buf_add(b, text, plain);
		if (plain == n)
			break;
		escape(b, (unsigned char)text[plain]);
		text += plain + 1;
		n -= plain + 1;
	}
	buf_putc(b, '"');
}

void js_write_int(struct buf *b, const char *name, int64_t value)
{
	lead_in(b, name);
	buf_printf(b, "%" PRId64, value);
}

void js_write_true(struct buf *b, const char *name)
{
	lead_in(b, name);
	buf_puts(b, "true");
}
