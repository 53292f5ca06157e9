/* Damaged JSON: see telegram_json.h. */
#include "telegram_json.h"

#include "buf.h"
#include "js.h"
#include "utf8.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEND_GROWS = 6, /* one bad byte becomes at most the six of \ufffd */
	LONGEST_NUMBER = 400 /* characters; a longer one is no number anybody sent on purpose */
};

static const char replacement[] = "\\ufffd";

/* The code unit of an escape \uXXXX at `s`, -1 when there is none. */
static int code_unit(const char *s, size_t n)
{
	int unit = 0;

	if (n < 6 || s[0] != '\\' || s[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		const char *digits = "0123456789abcdef";
		const char *found = s[i] ? strchr(digits, tolower((unsigned char)s[i])) : NULL;

		if (!found)
			return -1;
		unit = unit * 16 + (int)(found - digits);
	}
	return unit;
}

static bool is_high(int unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Copies one escape, mended; returns how many bytes of `s` it was. */
static size_t mend_escape(struct buf *out, const char *s, size_t n)
{
	int unit = code_unit(s, n);

	if (unit < 0) {
		size_t plain = n < 2 ? n : 2;

		buf_add(out, s, plain);
		return plain;
	}
	if (is_high(unit) && is_low(code_unit(s + 6, n - 6))) {
		buf_add(out, s, 12);
		return 12;
	}
	if (unit == 0 || is_high(unit) || is_low(unit))
		buf_puts(out, replacement);
	else
		buf_add(out, s, 6);
	return 6;
}

static size_t mend_in_string(struct buf *out, const char *s, size_t n)
{
	size_t step;

	if (*s == '\\')
		return mend_escape(out, s, n);
	step = utf8_step(s, n);
	if (!step || (unsigned char)*s < 0x20) {
		buf_puts(out, replacement);
		return 1;
	}
	buf_add(out, s, step);
	return step;
}

static bool number_fits(const char *s, size_t n)
{
	char copy[LONGEST_NUMBER + 1];

	if (n > LONGEST_NUMBER)
		return false;
	memcpy(copy, s, n);
	copy[n] = '\0';
	if (strpbrk(copy, ".eE"))
		return isfinite(strtod(copy, NULL));
	errno = 0;
	strtoll(copy, NULL, 10);
	return errno == 0;
}

static size_t mend_outside(struct buf *out, const char *s, size_t n)
{
	size_t digits = 0;

	while (digits < n && s[digits] && strchr("0123456789+-.eE", s[digits]))
		digits++;
	if (digits && (isdigit((unsigned char)*s) || *s == '-')) {
		if (number_fits(s, digits))
			buf_add(out, s, digits);
		else
			buf_puts(out, "null");
		return digits;
	}
	buf_putc(out, *s);
	return 1;
}

static struct buf *mend(void *ctx, struct span text)
{
	struct buf *out = buf_new(ctx, text.n * MEND_GROWS + 8);
	bool in_string = false;

	for (size_t i = 0; i < text.n;) {
		const char *s = text.at + i;

		if (*s == '"') {
			in_string = !in_string;
			buf_putc(out, *s);
			i++;
		} else {
			i += in_string ? mend_in_string(out, s, text.n - i) : mend_outside(out, s, text.n - i);
		}
	}
	assert(!out->failed);
	return out;
}

json_t *telegram_parse(void *ctx, struct span text)
{
	json_t *j = js_parse(ctx, text.at, text.n);
	struct buf *mended;

	if (j || !text.n)
		return j;
	mended = mend(ctx, text);
	return js_parse(ctx, mended->data, mended->len);
}

static void skip_space(struct span *s)
{
	while (s->n && strchr(" \t\r\n", *s->at) && *s->at) {
		s->at++;
		s->n--;
	}
}

static struct span trimmed(struct span s)
{
	skip_space(&s);
	while (s.n && s.at[s.n - 1] && strchr(" \t\r\n", s.at[s.n - 1]))
		s.n--;
	return s;
}

/* Bytes of the string that begins at `s` with its quotes, 0 when it does not end. */
static size_t string_bytes(const char *s, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (s[i] == '\\')
			i++;
		else if (s[i] == '"')
			return i + 1;
	}
	return 0;
}

static size_t nested_bytes(const char *s, size_t n)
{
	size_t depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"') {
			size_t step = string_bytes(s + i, n - i);

			if (!step)
				return 0;
			i += step - 1;
		} else if (s[i] == '{' || s[i] == '[') {
			depth++;
		} else if ((s[i] == '}' || s[i] == ']') && --depth == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* Bytes of the value that begins at `s`, 0 when it does not end or is none. */
static size_t value_bytes(struct span s)
{
	size_t n = 0;

	if (!s.n)
		return 0;
	if (*s.at == '"')
		return string_bytes(s.at, s.n);
	if (*s.at == '{' || *s.at == '[')
		return nested_bytes(s.at, s.n);
	while (n < s.n && s.at[n] && !strchr(",]}: \t\r\n", s.at[n]))
		n++;
	return n;
}

/* Takes a value and the separator behind it (if it is there) off `rest`. */
static bool take_value(struct span *rest, char separator, struct span *value)
{
	skip_space(rest);
	*value = (struct span){rest->at, value_bytes(*rest)};
	if (!value->n)
		return false;
	rest->at += value->n;
	rest->n -= value->n;
	skip_space(rest);
	if (!rest->n)
		return true;
	if (*rest->at != separator)
		return false;
	rest->at++;
	rest->n--;
	return true;
}

static bool is_named(struct span key, const char *name)
{
	size_t n = strlen(name);

	return key.n == n + 2 && *key.at == '"' && !memcmp(key.at + 1, name, n);
}

bool span_members(struct span object, const char *const *names, struct span *values, size_t n)
{
	struct span rest = trimmed(object), key, value;

	memset(values, 0, n * sizeof *values);
	if (rest.n < 2 || *rest.at != '{' || rest.at[rest.n - 1] != '}')
		return false;
	rest = trimmed((struct span){rest.at + 1, rest.n - 2});
	while (rest.n) {
		if (!take_value(&rest, ':', &key) || !take_value(&rest, ',', &value))
			return false;
		for (size_t i = 0; i < n; i++)
			if (is_named(key, names[i]))
				values[i] = value;
	}
	return true;
}

bool span_says(struct span s, const char *text)
{
	return s.n == strlen(text) && !memcmp(s.at, text, s.n);
}

bool span_inside(struct span array, struct span *inside)
{
	if (array.n < 2 || *array.at != '[' || array.at[array.n - 1] != ']')
		return false;
	*inside = trimmed((struct span){array.at + 1, array.n - 2});
	return true;
}

bool span_next(struct span *inside, struct span *element)
{
	return take_value(inside, ',', element);
}

void telegram_put(json_t *into, const char *name, json_t *value)
{
	if (!value || json_object_set_new(into, name, value) < 0)
		abort();
}

void telegram_put_text(void *ctx, json_t *into, const char *name, const char *text)
{
	if (text)
		telegram_put(into, name, json_string(utf8_mend(ctx, text)));
}
