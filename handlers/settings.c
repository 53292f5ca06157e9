/* What a person wishes: the language, which news, when quiet, which pictures. One message, changed in place. */
#include "buf.h"
#include "clock.h"
#include "screen.h"
#include "steps.h"
#include "tell.h"
#include "wishes.h"
#include <string.h>
#include <talloc.h>

enum { SETTINGS_BYTES = 8192, DAY_H = 24 };

static const int64_t tehran_ms = 3 * HOUR_MS + 30 * MINUTE_MS; /* no summer time since 1401 */

static const struct {
	const char *code, *name, *data, *set;
} languages[] = {
	{"fa", "language.fa", "lang:fa", "set:lang.fa"},
	{"en", "language.en", "lang:en", "set:lang.en"},
};

/* The quiet hours that can be chosen. */
static const struct {
	int from_h, to_h;
	const char *label, *data;
} nights[] = {
	{0, 0, "settings.never", "set:quiet.0"},
	{23, 7, "settings.from_23", "set:quiet.1"},
	{22, 8, "settings.from_22", "set:quiet.2"},
	{0, 9, "settings.from_0", "set:quiet.3"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

bool quiet_now(const struct person *p, int64_t now_ms)
{
	int hour = (int)((now_ms + tehran_ms) / HOUR_MS % DAY_H);

	if (p->quiet_from_h == p->quiet_to_h)
		return false;
	if (p->quiet_from_h < p->quiet_to_h)
		return hour >= p->quiet_from_h && hour < p->quiet_to_h;
	return hour >= p->quiet_from_h || hour < p->quiet_to_h;
}

int64_t quiet_until(const struct person *p, int64_t now_ms)
{
	int64_t end_ms = now_ms - (now_ms + tehran_ms) % HOUR_MS;

	if (!quiet_now(p, now_ms))
		return now_ms;
	for (int h = 0; h < DAY_H && quiet_now(p, end_ms); h++)
		end_ms += HOUR_MS;
	return end_ms;
}

/* False for a language that has no catalogue. */
static bool choose_language(struct turn *t, const char *code)
{
	const char *const *known;
	size_t n = catalog_languages(t->house->texts, &known);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(known[i], code)) {
			person_set_language(t->tx, t->me.id, known[i]);
			t->me.language = known[i];
			return true;
		}
	return false;
}

void language_command(struct turn *t, const char *args)
{
	struct outmsg m = screen(t, MINE(t, "language.ask"));

	(void)args;
	if (!screen_is_private(t))
		return;
	for (size_t i = 0; i < COUNT(languages); i++)
		screen_button(&m, i == 0, MINE_PLAIN(t, languages[i].name), languages[i].data);
	tell(t, &m, LANE_REPLY);
}

/* The message that asked answers, with what can be begun and the way back to the other language. */
void language_press(struct turn *t, const char *language)
{
	struct outmsg m;

	if (!screen_is_private(t))
		return;
	if (!choose_language(t, language)) {
		refuse(t, REFUSAL_NOT_NOW);
		return;
	}
	m = screen(t, MINE(t, "language.set"));
	start_buttons(t, &m);
	for (size_t i = 0; i < COUNT(languages); i++)
		if (strcmp(languages[i].code, t->me.language))
			screen_button(&m, false, MINE_PLAIN(t, languages[i].name), languages[i].data);
	tell(t, &m, LANE_REPLY);
}

static const char *sms_line(struct turn *t)
{
	if (!t->me.mobile[0])
		return MINE(t, "settings.sms_no_number");
	return t->me.sms_off ? MINE(t, "settings.sms_money") : MINE(t, "settings.sms_all");
}

static const char *text(struct turn *t)
{
	struct buf *b = buf_new(t->ctx, SETTINGS_BYTES);
	const struct person *me = &t->me;

	buf_printf(b, "%s\n%s\n%s\n", MINE(t, "settings.head"), MINE(t, "settings.language"),
		   me->few_notices ? MINE(t, "settings.few") : MINE(t, "settings.all"));
	if (me->quiet_from_h == me->quiet_to_h)
		buf_printf(b, "%s\n", MINE(t, "settings.quiet_off"));
	else
		buf_printf(b, "%s\n",
			   MINE(t, "settings.quiet", ARG_INT("from", me->quiet_from_h), ARG_INT("to", me->quiet_to_h)));
	if (t->house->sms)
		buf_printf(b, "%s\n", sms_line(t));
	buf_printf(b, "%s\n%s\n%s", me->dark_pictures ? MINE(t, "settings.dark") : MINE(t, "settings.light"),
		   MINE(t, "settings.emblem"),
		   MINE(t, "settings.blocked", ARG_INT("n", persons_blocked_count(t->tx, me->id))));
	return b->data;
}

static void show(struct turn *t)
{
	struct outmsg m = screen(t, text(t));
	const struct person *me = &t->me;

	for (size_t i = 0; i < COUNT(languages); i++)
		screen_choice(t, &m, i == 0, MINE_PLAIN(t, languages[i].name), !strcmp(languages[i].code, me->language),
			      languages[i].set);
	screen_choice(t, &m, true, MINE_PLAIN(t, "settings.choose_all"), !me->few_notices, "set:notices.all");
	screen_choice(t, &m, false, MINE_PLAIN(t, "settings.choose_few"), me->few_notices, "set:notices.few");
	for (size_t i = 0; i < COUNT(nights); i++)
		screen_choice(t, &m, i % 2 == 0, MINE_PLAIN(t, nights[i].label),
			      nights[i].from_h == me->quiet_from_h && nights[i].to_h == me->quiet_to_h, nights[i].data);
	if (t->house->sms && me->mobile[0]) {
		screen_choice(t, &m, true, MINE_PLAIN(t, "settings.choose_sms"), !me->sms_off, "set:sms.on");
		screen_choice(t, &m, false, MINE_PLAIN(t, "settings.choose_no_sms"), me->sms_off, "set:sms.off");
	} else if (t->house->sms) {
		screen_button(&m, true, MINE_PLAIN(t, "settings.give_mobile"), "profile:mobile");
	}
	screen_choice(t, &m, true, MINE_PLAIN(t, "settings.choose_light"), !me->dark_pictures, "set:pictures.light");
	screen_choice(t, &m, false, MINE_PLAIN(t, "settings.choose_dark"), me->dark_pictures, "set:pictures.dark");
	screen_button(&m, true, MINE_PLAIN(t, "settings.choose_emblem"), "emblem:choose");
	screen_button(&m, false, MINE_PLAIN(t, "settings.see_blocked"), "block:list");
	tell(t, &m, LANE_REPLY);
}

void settings_command(struct turn *t, const char *args)
{
	(void)args;
	if (screen_is_private(t))
		show(t);
}

static bool choose_quiet(struct person *me, const char *which)
{
	size_t i = (size_t)(which[0] - '0');

	if (which[0] < '0' || i >= COUNT(nights) || which[1])
		return false;
	me->quiet_from_h = nights[i].from_h;
	me->quiet_to_h = nights[i].to_h;
	return true;
}

/* One of two words; *value is whether it is the second. */
static bool choose_word(const char *word, const char *no, const char *yes, bool *value)
{
	if (strcmp(word, no) && strcmp(word, yes))
		return false;
	*value = !strcmp(word, yes);
	return true;
}

static bool choose(struct turn *t, const char *rest)
{
	struct person *me = &t->me;
	bool known = false;

	if (!strncmp(rest, "lang.", 5))
		return choose_language(t, rest + 5);
	if (!strncmp(rest, "notices.", 8))
		known = choose_word(rest + 8, "all", "few", &me->few_notices);
	else if (!strncmp(rest, "pictures.", 9))
		known = choose_word(rest + 9, "light", "dark", &me->dark_pictures);
	else if (!strncmp(rest, "sms.", 4))
		known = choose_word(rest + 4, "on", "off", &me->sms_off);
	else if (!strncmp(rest, "quiet.", 6))
		known = choose_quiet(me, rest + 6);
	if (known)
		person_set_wishes(t->tx, me);
	return known;
}

/* "show", or what is chosen and how: "quiet.2". */
void settings_press(struct turn *t, const char *rest)
{
	if (!screen_is_private(t))
		return;
	if (!strcmp(rest, "show")) {
		show(t);
	} else if (choose(t, rest)) {
		t->toast = MINE_PLAIN(t, "settings.saved");
		show(t);
	} else {
		refuse(t, REFUSAL_NOT_NOW);
	}
}
