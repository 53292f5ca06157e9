/* Putting a message together. Formats use the catalogue themselves ("format.toman"), so a language decides alone. */
#include "format.h"
#include "buf.h"
#include "clock.h"
#include "log.h"
#include "markup.h"
#include "message.h"
#include "safe_name.h"
#include "tongue.h"
#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* First strong isolate and its end: what is between them does not move what is around them. */
#define FSI "\xE2\x81\xA8"
#define PDI "\xE2\x81\xA9"
#define WORD_JOINER "\xE2\x81\xA0"

enum { RIAL_PER_TOMAN = 10 };

/* One message on its way. */
struct saying {
	const struct catalog *cat;
	const char *lang;
	struct buf *out;
	bool plain;
	bool in_tag; /* plain only: the text so far ended inside a tag, as in <a href="{{link}}"> */
};

static void put_message(struct saying *s, const char *key, const struct arg *args);

/* Adds HTML of ours. */
static void put_html(struct saying *s, const char *html)
{
	if (s->plain)
		markup_plain(html, &s->in_tag, s->out);
	else
		buf_puts(s->out, html);
}

/* Adds plain words. */
static void put_words(struct saying *s, const char *words)
{
	char *escaped;

	if (s->in_tag)
		return;
	if (s->plain) {
		buf_puts(s->out, words);
		return;
	}
	escaped = html_escape(NULL, words);
	buf_puts(s->out, escaped);
	talloc_free(escaped);
}

/* Whether a client finds something to tap at this sign: a link, an account, a command (telegram.md 1.12). */
static bool is_tapped(const char *words, const char *at)
{
	unsigned char before = at > words ? (unsigned char)at[-1] : ' ', after = (unsigned char)at[1];

	if (*at == '.')
		return before > ' ' && after > ' ';
	if (*at == ':')
		return after == '/';
	if (*at == '@')
		return isalnum(after) || after == '_';
	return *at == '/' && !isalnum(before) && isalnum(after);
}

/* Adds words that look the same and in which nothing can be tapped: under our name a stranger's link would be trusted.
 */
static void put_untapped(struct saying *s, const char *words)
{
	struct buf *shown = buf_new(NULL, SAY_MAX_BYTES);

	for (const char *at = words; *at; at++) {
		buf_putc(shown, *at);
		if (is_tapped(words, at))
			buf_puts(shown, WORD_JOINER);
	}
	put_words(s, shown->data);
	talloc_free(shown);
}

static void put_isolated(struct saying *s, const char *words)
{
	if (!*words || s->in_tag)
		return;
	buf_puts(s->out, FSI);
	if (s->plain)
		put_words(s, words);
	else
		put_untapped(s, words);
	buf_puts(s->out, PDI);
}

/* A line break ends every isolate, so each line gets its own. */
static void put_lines(struct saying *s, char *lines)
{
	char *line = lines, *end;

	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		put_isolated(s, line);
		put_words(s, "\n");
		line = end + 1;
	}
	put_isolated(s, line);
}

/* What stands between the isolates was made by Telegram, so it may be tapped. */
static void put_account(struct saying *s, const char *username)
{
	if (!*username || s->in_tag)
		return;
	buf_puts(s->out, FSI "@");
	put_words(s, username);
	buf_puts(s->out, PDI);
}

static void put_text(struct saying *s, const struct arg *a)
{
	bool lines = a->kind == ARG_KIND_LINES;
	char *clean = safe_text(NULL, a->text, lines ? SAY_LINES_CODEPOINTS : SAY_TEXT_CODEPOINTS, lines);

	if (lines)
		put_lines(s, clean);
	else if (a->kind == ARG_KIND_TEXT)
		put_isolated(s, clean);
	else if (a->kind == ARG_KIND_ACCOUNT)
		put_account(s, clean);
	else
		put_words(s, clean);
	talloc_free(clean);
}

static void put_int(struct saying *s, int64_t n, bool grouped)
{
	if (!s->in_tag)
		tongue_int(catalog_tongue(s->cat, s->lang), n, grouped, s->out);
}

/* "{{amount}} toman": the sum in digits or in words under a unit's name. */
static void put_unit(struct saying *s, const char *unit_key, int64_t n, bool words)
{
	struct buf *amount = buf_new(NULL, SAY_MAX_BYTES);

	if (words)
		tongue_words(catalog_tongue(s->cat, s->lang), n, amount);
	else
		tongue_int(catalog_tongue(s->cat, s->lang), n, true, amount);
	put_message(s, unit_key, (const struct arg[]){ARG_RAW("amount", amount->data), ARG_NONE});
	talloc_free(amount);
}

/* Two formatted parts under "format.and". */
static void put_pair(struct saying *s, struct saying *first, struct saying *second)
{
	put_message(s, "format.and",
		    (const struct arg[]){ARG_RAW("first", first->out->data), ARG_RAW("second", second->out->data),
					 ARG_NONE});
}

/* The same language and manner into a buffer of its own. In plain text, ARG_RAW would take markup out of it again, but
 * a number and a unit hold none. */
static struct saying part_of(const struct saying *s)
{
	struct saying part = *s;

	part.out = buf_new(NULL, SAY_MAX_BYTES);
	return part;
}

static void put_money(struct saying *s, int64_t rial, bool words)
{
	int64_t toman = rial / RIAL_PER_TOMAN, rest = rial % RIAL_PER_TOMAN;
	struct saying first, second;

	if (rest == 0) {
		put_unit(s, "format.toman", toman, words);
		return;
	}
	if (toman == 0) {
		put_unit(s, "format.rial", rest, words);
		return;
	}
	first = part_of(s);
	second = part_of(s);
	put_unit(&first, "format.toman", toman, words);
	put_unit(&second, "format.rial", rest < 0 ? -rest : rest, words);
	put_pair(s, &first, &second);
	talloc_free(first.out);
	talloc_free(second.out);
}

static void put_moment(struct saying *s, enum tongue_pattern slot, int64_t ms)
{
	static const char *const patterns[TONGUE_PATTERNS] = {
		[TONGUE_TIME] = "format.pattern_time",
		[TONGUE_DATE] = "format.pattern_date",
		[TONGUE_CLOCK] = "format.pattern_clock",
	};
	const struct message *m = catalog_message(s->cat, s->lang, patterns[slot], NULL);

	if (!m || m->n_pieces != 1 || m->pieces[0].format != PIECE_TEXT) {
		log_error("text: %s is missing in %s or has arguments", patterns[slot], s->lang);
		return;
	}
	if (!s->in_tag)
		tongue_time(catalog_tongue(s->cat, s->lang), slot, m->pieces[0].text, ms, s->out);
}

/* Without a format the words stay ours (the Jalali day); the app adds the moment by the reader's own clock. */
static void put_marked_moment(struct saying *s, int64_t ms)
{
	bool marked = catalog_marks_times(s->cat) && !s->plain && !s->in_tag;

	if (marked)
		buf_printf(s->out, "<tg-time unix=\"%" PRId64 "\">", ms / SECOND_MS);
	put_moment(s, TONGUE_TIME, ms);
	if (marked)
		buf_puts(s->out, "</tg-time>");
}

static const struct unit {
	const char *key;
	int64_t ms;
} units[] = {{"format.days", DAY_MS}, {"format.hours", HOUR_MS}, {"format.minutes", MINUTE_MS}};

static void put_count(struct saying *s, const struct unit *unit, int64_t n)
{
	put_message(s, unit->key, (const struct arg[]){ARG_INT("count", n), ARG_NONE});
}

/* Two units next to each other, rounded half up to the smaller: a deadline two days ahead stays "2 days" a second
 * later. */
static void put_two_units(struct saying *s, const struct unit *unit, int64_t ms)
{
	int64_t smaller = ms / unit[1].ms + (ms % unit[1].ms >= unit[1].ms / 2);
	int64_t per = unit[0].ms / unit[1].ms;
	struct saying first, second;

	if (smaller % per == 0) {
		put_count(s, &unit[0], smaller / per);
		return;
	}
	first = part_of(s);
	second = part_of(s);
	put_count(&first, &unit[0], smaller / per);
	put_count(&second, &unit[1], smaller % per);
	put_pair(s, &first, &second);
	talloc_free(first.out);
	talloc_free(second.out);
}

static void put_span(struct saying *s, int64_t ms)
{
	if (ms >= DAY_MS - MINUTE_MS / 2)
		put_two_units(s, &units[0], ms);
	else if (ms >= HOUR_MS - MINUTE_MS / 2)
		put_two_units(s, &units[1], ms);
	else if (ms >= MINUTE_MS)
		put_count(s, &units[2], ms / MINUTE_MS + (ms % MINUTE_MS >= MINUTE_MS / 2));
	else
		put_message(s, "format.less_than_a_minute", (const struct arg[]){ARG_NONE});
}

/* The formats a kind of argument can take; the first is what {{name}} means. */
static const enum piece_format allowed[][4] = {
	[ARG_KIND_END] = {PIECE_PLAIN},
	[ARG_KIND_TEXT] = {PIECE_PLAIN},
	[ARG_KIND_LINES] = {PIECE_PLAIN},
	[ARG_KIND_CODE] = {PIECE_PLAIN},
	[ARG_KIND_ACCOUNT] = {PIECE_PLAIN},
	[ARG_KIND_RAW] = {PIECE_PLAIN},
	[ARG_KIND_INT] = {PIECE_NUMBER, PIECE_DIGITS},
	[ARG_KIND_MONEY] = {PIECE_MONEY, PIECE_RIAL, PIECE_WORDS},
	[ARG_KIND_TIME] = {PIECE_TIME, PIECE_DATE, PIECE_CLOCK},
	[ARG_KIND_SPAN] = {PIECE_SPAN},
};

static enum piece_format format_for(const struct piece *p, const struct arg *a)
{
	if (p->format == PIECE_PLAIN)
		return allowed[a->kind][0];
	for (size_t i = 0; i < sizeof(allowed[0]) / sizeof(allowed[0][0]); i++) {
		if (allowed[a->kind][i] == p->format)
			return p->format;
	}
	log_error("text: {{%s, %s}} cannot show the argument it got", p->text, message_format_name(p->format));
	return allowed[a->kind][0];
}

static void put_value(struct saying *s, enum piece_format format, const struct arg *a)
{
	switch (format) {
	case PIECE_TEXT:
	case PIECE_PLAIN:
		if (a->kind == ARG_KIND_RAW)
			put_html(s, a->text ? a->text : "");
		else
			put_text(s, a);
		break;
	case PIECE_NUMBER:
	case PIECE_DIGITS:
		put_int(s, a->n, format == PIECE_NUMBER);
		break;
	case PIECE_MONEY:
	case PIECE_WORDS:
		put_money(s, a->n, format == PIECE_WORDS);
		break;
	case PIECE_RIAL:
		put_unit(s, "format.rial", a->n, false);
		break;
	case PIECE_TIME:
		put_marked_moment(s, a->n);
		break;
	case PIECE_DATE:
		put_moment(s, TONGUE_DATE, a->n);
		break;
	case PIECE_CLOCK:
		put_moment(s, TONGUE_CLOCK, a->n);
		break;
	case PIECE_SPAN:
		put_span(s, a->n);
		break;
	}
}

static const struct arg *find_arg(const struct arg *args, const char *name)
{
	for (size_t i = 0; args && args[i].kind != ARG_KIND_END && i < SAY_MAX_ARGS; i++) {
		if (strcmp(args[i].name, name) == 0)
			return &args[i];
	}
	return NULL;
}

static void put_argument(struct saying *s, const char *key, const struct piece *p, const struct arg *args)
{
	const struct arg *a = find_arg(args, p->text);

	if (a) {
		put_value(s, format_for(p, a), a);
		return;
	}
	log_error("text: %s was said without its argument %s", key, p->text);
	buf_printf(s->out, "{%s}", p->text);
}

static void put_message(struct saying *s, const char *key, const struct arg *args)
{
	const struct arg *count = find_arg(args, "count");
	const int64_t *n = count && count->kind == ARG_KIND_INT ? &count->n : NULL;
	const struct message *m = catalog_message(s->cat, s->lang, key, n);

	if (!m) {
		log_error("text: no catalogue has the key %s", key);
		put_words(s, key);
		return;
	}
	for (size_t i = 0; i < m->n_pieces; i++) {
		if (m->pieces[i].format == PIECE_TEXT)
			put_html(s, m->pieces[i].text);
		else
			put_argument(s, key, &m->pieces[i], args);
	}
}

static struct saying begin(const void *ctx, const struct catalog *cat, const char *lang, bool plain)
{
	return (struct saying){
		.cat = cat, .lang = catalog_pick(cat, lang), .out = buf_new(ctx, SAY_MAX_BYTES), .plain = plain};
}

/* The text alone, without the buffer around it. */
static char *end(const void *ctx, struct saying *s)
{
	char *text = talloc_steal(ctx, s->out->data);

	if (s->out->failed)
		log_error("text: a message was longer than %d bytes and was cut", SAY_MAX_BYTES);
	s->out->data = NULL;
	talloc_free(s->out);
	talloc_set_name_const(text, "char");
	return text;
}

char *say(const void *ctx, const struct catalog *cat, const char *lang, const char *key, const struct arg *args)
{
	struct saying s = begin(ctx, cat, lang, false);

	put_message(&s, key, args);
	return end(ctx, &s);
}

char *say_plain(const void *ctx, const struct catalog *cat, const char *lang, const char *key, const struct arg *args)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_message(&s, key, args);
	return end(ctx, &s);
}

char *format_int(const void *ctx, const struct catalog *cat, const char *lang, int64_t n)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_int(&s, n, true);
	return end(ctx, &s);
}

char *format_money(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_money(&s, rial, false);
	return end(ctx, &s);
}

char *format_rial(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_unit(&s, "format.rial", rial, false);
	return end(ctx, &s);
}

char *money_words(const void *ctx, const struct catalog *cat, const char *lang, int64_t rial)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_money(&s, rial, true);
	return end(ctx, &s);
}

char *format_time(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_moment(&s, TONGUE_TIME, ms);
	return end(ctx, &s);
}

char *format_date(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_moment(&s, TONGUE_DATE, ms);
	return end(ctx, &s);
}

char *format_clock(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_moment(&s, TONGUE_CLOCK, ms);
	return end(ctx, &s);
}

char *format_span(const void *ctx, const struct catalog *cat, const char *lang, int64_t ms)
{
	struct saying s = begin(ctx, cat, lang, true);

	put_span(&s, ms);
	return end(ctx, &s);
}
