/* The fold of what people type as a code: see typed.h. */
#include "typed.h"
#include "utf8.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { NOTHING = 0, STRANGE = '?' };

struct fold {
	uint32_t first, last;
	char to; /* NOTHING: vanishes */
};

/* Characters outside ASCII that phones and office programs put among digits. */
static const struct fold folds[] = {
	{0x00A0, 0x00A0, NOTHING}, /* no-break space */
	{0x00AD, 0x00AD, NOTHING}, /* soft hyphen */
	{0x061C, 0x061C, NOTHING}, /* Arabic letter mark */
	{0x0640, 0x0640, NOTHING}, /* tatweel */
	{0x066B, 0x066B, '.'},     {0x066C, 0x066C, NOTHING},
	{0x2000, 0x200F, NOTHING}, /* spaces, zero width, direction marks */
	{0x2010, 0x2015, '-'},     {0x2028, 0x202F, NOTHING}, /* separators, bidi embeddings */
	{0x205F, 0x206F, NOTHING}, /* word joiner, bidi isolates */
	{0x2212, 0x2212, '-'},     {0x3000, 0x3000, NOTHING},
	{0xFE0F, 0xFE0F, NOTHING}, /* emoji selector */
	{0xFEFF, 0xFEFF, NOTHING},
};

/* Decodes one character of the `left` bytes; returns its bytes. A broken byte counts as one STRANGE character. */
static size_t next_char(const char *s, size_t left, uint32_t *c)
{
	size_t n = utf8_step(s, left);
	uint32_t value = n > 1 ? (unsigned char)s[0] & (0x7Fu >> n) : (unsigned char)s[0];

	for (size_t i = 1; i < n; i++)
		value = value << 6 | ((unsigned char)s[i] & 0x3Fu);
	*c = n ? value : STRANGE;
	return n ? n : 1;
}

static char plain(uint32_t c)
{
	if (c >= 0x06F0 && c <= 0x06F9)
		return (char)('0' + (c - 0x06F0));
	if (c >= 0x0660 && c <= 0x0669)
		return (char)('0' + (c - 0x0660));
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return NOTHING;
	if (c > ' ' && c < 0x7F)
		return (char)c;
	for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++)
		if (c >= folds[i].first && c <= folds[i].last)
			return folds[i].to;
	return STRANGE;
}

size_t typed_fold(const char *text, const char *drop, char *out, size_t size)
{
	const char *s = text ? text : "", *end = s + strlen(s);
	size_t len = 0;

	assert(drop && out && size > 0);
	while (s < end) {
		uint32_t c;
		char to;

		s += next_char(s, (size_t)(end - s), &c);
		to = plain(c);
		if (to == NOTHING || strchr(drop, to))
			continue;
		if (len + 1 >= size) {
			out[len] = '\0';
			return size;
		}
		out[len++] = to;
	}
	out[len] = '\0';
	assert(len < size);
	return len;
}

bool typed_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

bool typed_one_digit_only(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && typed_digits(s, n) && strspn(s, (char[]){s[0], '\0'}) == n;
}
