/* One reader for each kind of configuration value: text in, typed field out, or the reason why not. */
#include "config_table.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#define TOMAN_MAX INT64_C(1000000000000) /* far above any price, far below overflow */

enum { ITEM_BYTES = 400, SHOWN_BYTES = 60 };

typedef bool reader(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why);

static const char *keep(struct config *c, const char *text)
{
	char *copy = talloc_strdup(c, text);

	if (!copy)
		abort();
	return copy;
}

/* The whole text as a number from low to high. */
static bool number(const char *text, int64_t low, int64_t high, int64_t *out)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (end == text || *end || errno || isspace((unsigned char)*text) || v < low || v > high)
		return false;
	*out = v;
	return true;
}

/* The next item of a list divided by spaces or commas into `item`; false at the end. An overlong item is cut, which
 * every reader then refuses or, being longer than any allowed value, cannot meet. */
static bool next_item(const char **at, char item[ITEM_BYTES])
{
	size_t n;

	*at += strspn(*at, " \t\r\n,");
	n = strcspn(*at, " \t\r\n,");
	if (!n)
		return false;
	snprintf(item, ITEM_BYTES, "%.*s", (int)(n < ITEM_BYTES ? n : ITEM_BYTES - 1), *at);
	*at += n;
	return true;
}

static bool only(const char *text, const char *also)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(also, *text))
			return false;
	return true;
}

static bool has_space_or_control(const char *text)
{
	for (; *text; text++)
		if (isspace((unsigned char)*text) || iscntrl((unsigned char)*text))
			return true;
	return false;
}

static bool read_text(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	size_t n = strlen(value);

	if (n < (size_t)row->low)
		return err_set(why, "must not be empty");
	if (n > (size_t)row->high)
		return err_set(why, "is longer than %" PRId64 " bytes", row->high);
	for (const char *p = value; *p; p++)
		if (iscntrl((unsigned char)*p))
			return err_set(why, "has a control character in it");
	*(const char **)field = keep(c, value);
	return true;
}

static bool read_token(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	if (*value && (!only(value, ":_-") || !strchr(value, ':')))
		return err_set(why,
			       "is no bot token: copy it as @BotFather gave it, like 123456:ABC-def, without quotes");
	return read_text(c, row, value, field, why);
}

static bool read_url(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	size_t n = strlen(value), scheme = 0;
	char *copy;

	if (n && !strncmp(value, "http://", 7))
		scheme = 7;
	else if (n && !strncmp(value, "https://", 8))
		scheme = 8;
	while (n > scheme && value[n - 1] == '/')
		n--;
	if (*value && (!scheme || n == scheme || n > (size_t)row->high || has_space_or_control(value) ||
		       strpbrk(value, "?#\"'<>")))
		return err_set(why, "must be an address that begins with http:// or https://");
	copy = talloc_strndup(c, value, n);
	if (!copy)
		abort();
	*(const char **)field = copy;
	return true;
}

static bool read_listen(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	const char *colon = strrchr(value, ':');
	int64_t port;

	if (*value && (!colon || colon == value || !number(colon + 1, 0, 65535, &port) || has_space_or_control(value) ||
		       (memchr(value, ':', (size_t)(colon - value)) && (*value != '[' || colon[-1] != ']'))))
		return err_set(why, "must be ADDRESS:PORT, like 127.0.0.1:8088 or [::1]:8088");
	return read_text(c, row, value, field, why);
}

static bool read_store(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	static const char *const begins[] = {"sqlite:", "postgres://", "postgresql://"};

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (!strncmp(value, begins[i], strlen(begins[i])) && value[strlen(begins[i])])
			return read_text(c, row, value, field, why);
	return err_set(why, "must be sqlite:FILE, like sqlite:/var/lib/separex/separex.db, or "
			    "postgres://USER:PASSWORD@HOST:PORT/DATABASE");
}

static bool read_word(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	const char *at = row->words;
	size_t n = strlen(value);

	(void)c;
	for (unsigned place = (unsigned)row->low; *at; place++) {
		size_t word = strcspn(at, "|");

		if (word == n && !strncmp(at, value, n)) {
			static_assert(sizeof(enum fee_payer) == sizeof place, "every word is kept as one of these");
			memcpy(field, &place, sizeof place);
			return true;
		}
		at += word + (at[word] == '|');
	}
	return err_set(why, "must be one of %s", row->words);
}

static bool read_bool(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	static const char *const on[] = {"on", "true", "yes", "1"}, *const off[] = {"off", "false", "no", "0"};

	(void)c;
	(void)row;
	for (size_t i = 0; i < sizeof on / sizeof on[0]; i++)
		if (!strcasecmp(value, on[i]) || !strcasecmp(value, off[i])) {
			*(bool *)field = !strcasecmp(value, on[i]);
			return true;
		}
	return err_set(why, "must be on or off");
}

static bool read_int(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	int64_t v;

	(void)c;
	if (!number(value, row->low, row->high, &v))
		return err_set(why, "must be a whole number from %" PRId64 " to %" PRId64, row->low, row->high);
	*(int64_t *)field = v * row->unit;
	return true;
}

static bool read_toman(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	int64_t v;

	(void)c;
	if (!number(value, row->low, row->high, &v))
		return err_set(why, "must be whole toman from %" PRId64 " to %" PRId64 ", in digits only", row->low,
			       row->high);
	*(struct rial *)field = rial_of_toman(v);
	return true;
}

static bool read_ids(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	struct config_ids ids = {.n = 0};
	char item[ITEM_BYTES];

	(void)c;
	(void)row;
	while (next_item(&value, item)) {
		if (ids.n == CONFIG_MAX_IDS)
			return err_set(why, "has more than %d ids", CONFIG_MAX_IDS);
		if (!number(item, 1, INT64_C(1) << 52, &ids.ids[ids.n++]))
			return err_set(why, "must be ids in digits with spaces between them, but one is \"%.*s\"",
				       SHOWN_BYTES, item);
	}
	*(struct config_ids *)field = ids;
	return true;
}

static bool read_list(struct config *c, const char *value, struct config_list *field, bool (*good)(const char *),
		      const char *wanted, struct err *why)
{
	struct config_list list = {.n = 0};
	char item[ITEM_BYTES];

	while (next_item(&value, item)) {
		if (list.n == CONFIG_MAX_LIST)
			return err_set(why, "has more than %d items", CONFIG_MAX_LIST);
		/* The item is not shown: a proxy's address may hold a password. */
		if (!good(item))
			return err_set(why, "item %zu: %s", list.n + 1, wanted);
		list.items[list.n++] = keep(c, item);
	}
	*field = list;
	return true;
}

static bool good_name(const char *item)
{
	return strlen(item) <= 30 && only(item, "_-");
}

static bool read_names(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	(void)row;
	return read_list(c, value, field, good_name, "must be a name of letters, digits, \"_\" and \"-\"", why);
}

static bool good_word(const char *item)
{
	return strlen(item) <= 60;
}

static bool read_words(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	(void)row;
	return read_list(c, value, field, good_word, "must be shorter than 60 bytes", why);
}

static bool read_cycles(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	struct bank_cycles cycles = {.n = 0};
	char item[ITEM_BYTES];

	(void)c;
	(void)row;
	while (next_item(&value, item))
		if (!bank_cycle_add(&cycles, item))
			return err_set(why, "must be at most %d times like 12:45 18:45, each later than the one before",
				       (int)BANK_CYCLES_MAX);
	*(struct bank_cycles *)field = cycles;
	return true;
}

static bool read_days(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	struct bank_closed closed = {.n = 0};
	char item[ITEM_BYTES];

	(void)c;
	(void)row;
	while (next_item(&value, item))
		if (closed.n == BANK_CLOSED_MAX || !bank_day_read(item, &closed.days[closed.n++]))
			return err_set(why, "must be at most %d dates like 2026-03-01", (int)BANK_CLOSED_MAX);
	*(struct bank_closed *)field = closed;
	return true;
}

static bool good_proxy(const char *item)
{
	static const char *const schemes[] = {"http://", "https://", "socks5://", "socks5h://"};

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (!strncmp(item, schemes[i], strlen(schemes[i])))
			return item[strlen(schemes[i])] && strlen(item) < ITEM_BYTES - 1;
	return false;
}

static bool read_proxies(struct config *c, const struct config_row *row, const char *value, void *field,
			 struct err *why)
{
	(void)row;
	return read_list(c, value, field, good_proxy,
			 "must begin with http://, https://, socks5:// or socks5h:// and be shorter than 400 bytes",
			 why);
}

/* "FROM-TOMAN:BASIS-POINTS". */
static bool tier(char *item, int64_t *from, int *basis_points)
{
	char *colon = strchr(item, ':');
	int64_t rate;

	if (!colon)
		return false;
	*colon = '\0';
	if (!number(item, 0, TOMAN_MAX, from) || !number(colon + 1, 0, FEE_MAX_BASIS_POINTS, &rate))
		return false;
	*basis_points = (int)rate;
	return true;
}

/* People write where a tier begins, which needs no word for "the rest"; the plan wants where it ends. */
static bool read_tiers(struct config *c, const struct config_row *row, const char *value, void *field, struct err *why)
{
	struct fee_plan plan = {.n = 0};
	char item[ITEM_BYTES];
	int64_t from, before = -1;

	(void)c;
	(void)row;
	for (; next_item(&value, item); before = from) {
		if (plan.n == FEE_MAX_TIERS)
			return err_set(why, "has more than %d tiers", FEE_MAX_TIERS);
		if (!tier(item, &from, &plan.tiers[plan.n].basis_points))
			return err_set(why, "tier %zu must be TOMAN:RATE, the rate from 0 to %d (1 percent)",
				       plan.n + 1, FEE_MAX_BASIS_POINTS);
		if (from <= before || (!plan.n && from))
			return err_set(why, "must begin with a tier from 0 toman, and each tier must begin higher");
		if (plan.n)
			plan.tiers[plan.n - 1].up_to = rial_of_toman(from);
		plan.n++;
	}
	if (!plan.n)
		return err_set(why, "must have at least one tier, like 0:100 for one percent");
	assert(fee_plan_valid(&plan));
	*(struct fee_plan *)field = plan;
	return true;
}

bool config_is_list(const struct config_row *row)
{
	return row->kind == CONFIG_IDS || row->kind == CONFIG_NAMES || row->kind == CONFIG_WORDS ||
	       row->kind == CONFIG_PROXIES || row->kind == CONFIG_TIERS || row->kind == CONFIG_CYCLES ||
	       row->kind == CONFIG_DAYS;
}

bool config_value_read(struct config *c, const struct config_row *row, const char *value, struct err *why)
{
	static reader *const readers[CONFIG_KINDS] = {
		[CONFIG_TEXT] = read_text,       [CONFIG_TOKEN] = read_token,   [CONFIG_URL] = read_url,
		[CONFIG_WORD] = read_word,       [CONFIG_LISTEN] = read_listen, [CONFIG_STORE] = read_store,
		[CONFIG_BOOL] = read_bool,       [CONFIG_TOMAN] = read_toman,   [CONFIG_INT] = read_int,
		[CONFIG_IDS] = read_ids,         [CONFIG_NAMES] = read_names,   [CONFIG_WORDS] = read_words,
		[CONFIG_PROXIES] = read_proxies, [CONFIG_TIERS] = read_tiers,   [CONFIG_CYCLES] = read_cycles,
		[CONFIG_DAYS] = read_days,
	};
	struct err reason = {""};

	assert(row->kind < CONFIG_KINDS);
	if (readers[row->kind](c, row, value, (char *)c + row->at, &reason))
		return true;
	if (row->info.is_secret || row->kind == CONFIG_PROXIES || row->kind == CONFIG_STORE ||
	    row->kind == CONFIG_TIERS || !*value) /* the first three may hold a password */
		return err_set(why, "%s", reason.text);
	return err_set(why, "\"%.*s\": %s", SHOWN_BYTES, value, reason.text);
}
