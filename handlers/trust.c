/* What a person can go by: see trust.h. */
#include "trust.h"
#include "clock.h"
#include "look_alike.h"
#include "repo_deal.h"
#include "safe_name.h"
#include "staff.h"
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

enum {
	PERCENT = 100 /* basis points */,
	WORDS_MOST = 200 /* of a text that are compared */,
	NAMES_MOST = 1 + CATALOG_MAX_LANGUAGES
};

static const int64_t new_name_ms = 24 * HOUR_MS;

const char *fee_percent(struct turn *t, const char *language)
{
	const struct fee_plan *fees = &t->house->fees;
	const struct person reader = {.language = language};
	const char *part;
	int most = 0;

	for (size_t i = 0; i < fees->n; i++)
		most = fees->tiers[i].basis_points > most ? fees->tiers[i].basis_points : most;
	if (most % PERCENT == 0)
		return THEIRS_PLAIN(t, &reader, "trust.percent", ARG_INT("whole", most / PERCENT));
	part = format_int(t->ctx, t->house->texts, language, most % PERCENT / 10);
	if (most % 10)
		part = talloc_asprintf(t->ctx, "%s%s", part, format_int(t->ctx, t->house->texts, language, most % 10));
	return THEIRS_PLAIN(t, &reader, "trust.percent_part", ARG_INT("whole", most / PERCENT), ARG_RAW("part", part));
}

/* The deal by whose link they came is one. */
const char *newcomer_line(struct turn *t)
{
	struct deal_file two[2];

	if (deals_of(t->tx, t->ctx, t->me.id, false, 0, two, 2) > 1)
		return "";
	return MINE(t, "trust.newcomer", ARG_RAW("percent", fee_percent(t, t->me.language)));
}

static bool same_or_alike(const char *a, const char *b)
{
	return a[0] && b[0] && (!strcasecmp(a, b) || look_alike(a, b));
}

/* The name of this bot and ours in each language; returns how many. */
static size_t our_names(struct turn *t, const char *out[NAMES_MOST])
{
	const char *const *languages;
	size_t n = catalog_languages(t->house->texts, &languages), names = 0;

	if (t->house->bot_username[0])
		out[names++] = t->house->bot_username;
	for (size_t i = 0; i < n && names < NAMES_MOST; i++)
		out[names++] = SAY_PLAIN(t->ctx, t->house->texts, languages[i], "picture.brand");
	return names;
}

/* Words end at blanks, at signs and at what is typed between words of user names. */
static bool ends_word(uint32_t cp)
{
	static const uint32_t signs[] = {
		0xAB,  0xBB,  0x60C,
		0x61B, 0x61F, 0x2026}; /* guillemets, Persian comma, semicolon and question mark, ellipsis */

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (cp == signs[i])
			return true;
	return cp < 0x80 && !isalnum((int)cp);
}

/* How our names look. */
struct ours {
	const struct look *looks[NAMES_MOST];
	size_t n;
};

static bool looks_ours(void *ctx, const struct ours *ours, const char *text)
{
	struct look *look = look_of(ctx, text);
	bool same = false;

	for (size_t i = 0; i < ours->n && !same; i++)
		same = looks_same(look, ours->looks[i]);
	talloc_free(look);
	return same;
}

/* Whether one of the text's words could be taken for a name of ours. */
static bool word_is_ours(void *ctx, const struct ours *ours, const char *text)
{
	for (int words = 0; *text && words < WORDS_MOST;) {
		const char *word = text, *end = text;

		while (*text && !ends_word(utf8_next(&text)))
			end = text;
		if (end > word && looks_ours(ctx, ours, talloc_strndup(ctx, word, (size_t)(end - word))))
			return true;
		words += end > word;
	}
	return false;
}

bool says_our_name(struct turn *t, const char *text)
{
	void *ctx = talloc_new(t->ctx);
	const char *clean = safe_text(ctx, text, SAY_LINES_CODEPOINTS, true), *names[NAMES_MOST];
	struct ours ours = {.n = our_names(t, names)};
	bool says = false;

	for (size_t i = 0; i < ours.n; i++) {
		says = says || strcasestr(clean, names[i]);
		ours.looks[i] = look_of(ctx, names[i]);
	}
	says = says || looks_ours(ctx, &ours, clean) || word_is_ours(ctx, &ours, clean);
	talloc_free(ctx);
	return says;
}

/* A first name alone belongs to many. */
static bool is_full_name(const char *name)
{
	return strchr(name, ' ') != NULL;
}

static bool resembles(const struct person *other, const struct person *known)
{
	const char *name = known->name;

	return (is_full_name(name) && same_or_alike(other->name, name)) ||
	       (known->username[0] && same_or_alike(other->username, known->username));
}

/* Staff themselves trade too, under their own names. */
static bool resembles_staff(struct turn *t, const struct person *other)
{
	bool alike = false;
	struct person known;

	if (staff_listed(t->house, other->outside_id))
		return false;
	for (int role = 0; role < STAFF_ROLES; role++)
		for (size_t i = 0; i < t->house->staff[role].n; i++)
			alike = alike || (person_by_outside_id(t->tx, t->ctx, t->house->channel,
							       t->house->staff[role].ids[i], &known) &&
					  resembles(other, &known));
	return alike || says_our_name(t, other->name) || says_our_name(t, other->username);
}

const char *name_warning(struct turn *t, const struct person *reader, const struct person *other)
{
	if (resembles_staff(t, other))
		return THEIRS(t, reader, "trust.name_alike", ARG_TEXT("name", other->name));
	if (mixed_script(other->name))
		return THEIRS(t, reader, "trust.name_mixed", ARG_TEXT("name", other->name));
	if (other->renamed_ms && t->now_ms - other->renamed_ms < new_name_ms)
		return THEIRS(t, reader, "trust.name_new", ARG_TEXT("name", other->name),
			      ARG_TEXT("was", other->former_name));
	return "";
}
