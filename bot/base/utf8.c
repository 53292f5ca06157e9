/* UTF-8: see utf8.h. */
#include "utf8.h"

#include "buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MEND_GROWS = 3 /* bytes of U+FFFD, which may stand for one bad byte */ };

/* What may follow a lead byte: the table of well-formed sequences in RFC 3629, section 4. */
static const struct {
	unsigned char lead_from, lead_to, second_from, second_to, bytes;
} forms[] = {
	{0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
	{0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
	{0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static bool tail_ok(const unsigned char *s, size_t bytes)
{
	for (size_t i = 2; i < bytes; i++)
		if ((s[i] & 0xC0) != 0x80)
			return false;
	return true;
}

size_t utf8_step(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; n && i < sizeof forms / sizeof forms[0]; i++) {
		if (s[0] < forms[i].lead_from || s[0] > forms[i].lead_to)
			continue;
		if (forms[i].bytes == 1)
			return 1;
		if (n < forms[i].bytes || s[1] < forms[i].second_from || s[1] > forms[i].second_to)
			return 0;
		return tail_ok(s, forms[i].bytes) ? forms[i].bytes : 0;
	}
	return 0;
}

bool utf8_valid(const char *s, size_t n)
{
	while (n) {
		size_t step = utf8_step(s, n);

		if (!step)
			return false;
		s += step;
		n -= step;
	}
	return true;
}

const char *utf8_mend(const void *ctx, const char *s)
{
	size_t n = strlen(s);
	struct buf *out;

	if (utf8_valid(s, n))
		return s;
	if (n > SIZE_MAX / MEND_GROWS)
		abort();
	out = buf_new(ctx, n * MEND_GROWS);
	while (n) {
		size_t step = utf8_step(s, n);

		if (step)
			buf_add(out, s, step);
		else
			buf_puts(out, "\xEF\xBF\xBD");
		s += step ? step : 1;
		n -= step ? step : 1;
	}
	return out->data;
}

size_t utf8_fit_utf16(const char *s, size_t units)
{
	size_t at = 0, used = 0;

	while (s[at]) {
		size_t step = utf8_step(s + at, strnlen(s + at, 4));
		size_t costs = step == 4 ? 2 : 1; /* beyond U+FFFF UTF-16 needs a pair */

		if (used + costs > units)
			break;
		used += costs;
		at += step ? step : 1;
	}
	return at;
}
