/* Reading {{name, format}} as i18next writes it. Only the formats of the table exist: anything else is a mistake. */
#include "message.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static const struct {
	const char *name;
	enum piece_format format;
} formats[] = {
	{"number", PIECE_NUMBER}, {"digits", PIECE_DIGITS}, {"money", PIECE_MONEY},
	{"rial", PIECE_RIAL},     {"words", PIECE_WORDS},   {"time", PIECE_TIME},
	{"date", PIECE_DATE},     {"clock", PIECE_CLOCK},   {"duration", PIECE_SPAN},
};

const char *message_format_name(enum piece_format f)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i].format == f)
			return formats[i].name;
	}
	return "";
}

static bool find_format(const char *name, enum piece_format *out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0) {
			*out = formats[i].format;
			return true;
		}
	}
	return false;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		s[--n] = '\0';
	return s;
}

/* Reads what stands between the braces; `inside` is cut up in place. */
static bool parse_argument(char *inside, struct piece *out, const char **why)
{
	char *comma = strchr(inside, ',');
	char *name;

	out->format = PIECE_PLAIN;
	if (comma) {
		*comma = '\0';
		if (!find_format(trim(comma + 1), &out->format)) {
			*why = "an unknown format after the comma in {{…}}";
			return false;
		}
	}
	name = trim(inside);
	if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name)) {
		*why = "a name in {{…}} that is not made of a-z, 0-9 and _";
		return false;
	}
	out->text = name;
	return true;
}

static size_t count_pieces(const char *text)
{
	size_t n = 1;

	for (const char *p = text; (p = strstr(p, "{{")) != NULL; p += 2)
		n += 2;
	return n;
}

static bool cut_pieces(char *rest, struct piece *pieces, size_t *n, const char **why)
{
	char *open, *close;

	while ((open = strstr(rest, "{{")) != NULL) {
		close = strstr(open, "}}");
		if (!close) {
			*why = "{{ without }}";
			return false;
		}
		*open = *close = '\0';
		if (*rest)
			pieces[(*n)++] = (struct piece){PIECE_TEXT, rest};
		if (!parse_argument(open + 2, &pieces[(*n)++], why))
			return false;
		rest = close + 2;
	}
	if (*rest)
		pieces[(*n)++] = (struct piece){PIECE_TEXT, rest};
	return true;
}

static bool texts_are_clean(const struct message *m)
{
	for (size_t i = 0; i < m->n_pieces; i++) {
		const struct piece *p = &m->pieces[i];

		if (p->format == PIECE_TEXT && (strstr(p->text, "}}") || strstr(p->text, "$t(")))
			return false;
	}
	return true;
}

bool message_parse(void *ctx, const char *text, struct message *out, const char **why)
{
	size_t room = count_pieces(text);
	struct piece *pieces;
	char *copy;

	if (!*text) {
		*why = "an empty text";
		return false;
	}
	if (room > CATALOG_MAX_PIECES) {
		*why = "too many {{…}} in one text";
		return false;
	}
	pieces = talloc_array(ctx, struct piece, (unsigned)room);
	copy = talloc_strdup(pieces, text);
	if (!pieces || !copy)
		abort();
	*out = (struct message){.pieces = pieces};
	if (!cut_pieces(copy, pieces, &out->n_pieces, why))
		return false;
	if (!texts_are_clean(out)) {
		*why = "}} without {{, or $t(…), which is not supported";
		return false;
	}
	return true;
}

static bool has_argument(const struct message *m, const struct piece *wanted)
{
	for (size_t i = 0; i < m->n_pieces; i++) {
		const struct piece *p = &m->pieces[i];

		if (p->format == wanted->format && strcmp(p->text, wanted->text) == 0)
			return true;
	}
	return false;
}

bool message_arguments_within(const struct message *a, const struct message *b)
{
	for (size_t i = 0; i < a->n_pieces; i++) {
		if (a->pieces[i].format != PIECE_TEXT && !has_argument(b, &a->pieces[i]))
			return false;
	}
	return true;
}
