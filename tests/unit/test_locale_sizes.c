/* The catalogues as what they become on a phone: no message is a wall of text, no label is cut, and a card never tells
 * a time that its state does not have. */
#include "buf.h"
#include "catalog.h"
#include "format.h"
#include "locale_folder.h"
#include "message.h"
#include "safe_name.h"
#include "seen_text.h"
#include "tap.h"
#include "text_check.h"

/* The first row that a key begins with decides. Telegram's own limits: 512 and 120 characters of a profile, 200 of a
 * window over a button (Bot API: setMyDescription, setMyShortDescription, answerCallbackQuery). A card is news, a blank
 * line, head, a blank line and body: 12 lines. */
static const struct size {
	const char *begins;
	size_t lines, characters;
} sizes[] = {
	{"button.", 1, 32},   {"menu.", 1, 60},        {"profile.description", 12, 512}, {"profile.short", 1, 120},
	{"refused.", 1, 200}, {"trouble.", 1, 200},    {"staff.done", 1, 200},           {"news.", 1, 120},
	{"reminder", 1, 120}, {"card.frozen", 1, 200}, {"card.head.", 4, 300},           {"card.late_", 2, 400},
	{"card.", 5, 500},    {"", 12, 1000},
};

/* What deal_card.c gives to the texts of a state. */
static const char given[] =
	" due payout held left refund payable other until carrier tracking look ruling payout_min payout_max link "
	"changes carriage ";

/* States in which no clock runs against anybody (deal_steps.c sets none, or only one that takes nothing). */
static const char *const timeless[] = {
	"card.agreed",      "card.pay_review.", "card.unproven.",  "card.disputed.", "card.payout_due.",
	"card.refund_due.", "card.split_due",   "card.completed.", "card.refunded.", "card.split_closed",
	"card.cancelled",   "card.expired",     "card.frozen",
};

static void *ctx;
static struct catalog *cat;
static struct buf *report;

static void begin(void)
{
	ctx = talloc_new(NULL);
	report = buf_new(ctx, 1 << 18);
}

static void load(void)
{
	struct err e = {""};

	begin();
	cat = catalog_load(ctx, talloc_asprintf(ctx, "%s/locales", source_folder()), &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
}

static void load_sample(const char *fa)
{
	struct err e = {""};

	begin();
	cat = catalog_of(ctx, (const struct locale_file[]){{"fa.json", fa}, {NULL, NULL}}, &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
}

static void finish(void)
{
	talloc_free(ctx);
}

static size_t breaks(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void check_size(void *arg, const char *key, const struct message *m)
{
	const struct size *s = sizes;
	size_t lines = 1, n = 0;

	while (!starts_with(key, s->begins))
		s++;
	for (size_t i = 0; i < m->n_pieces; i++) {
		if (m->pieces[i].format != PIECE_TEXT)
			continue;
		lines += breaks(m->pieces[i].text);
		n += characters(m->pieces[i].text);
	}
	if (lines > s->lines)
		buf_printf(report, "%s: %s: %zu lines, more than %zu\n", (const char *)arg, key, lines, s->lines);
	if (n > s->characters)
		buf_printf(report, "%s: %s: %zu characters, more than %zu\n", (const char *)arg, key, n, s->characters);
}

/* ---- with the longest values ---- */

enum {
	MESSAGE_LINES = 12,
	NAME = 64,
	TITLE = 100,
	ABOUT = 600,
	OUR_WORDS = 100,
	STAFF_WORDS = 700,
	YEAR_DAYS = 366,
	LABEL = 32
};

static const int64_t most_rial = 499999990; /* 49,999,999 toman: no sum has more words */
static const int64_t spans_h[] = {23, 47, 143, 719, 1439}; /* hours, and 59 minutes of the next one */

/* What Telegram shows of a message of this kind: 4,096 characters, 1,024 of a caption, 200 of a window over a button; a
 * label is cut on a narrow phone after about 32. */
static const struct limit {
	const char *begins;
	size_t characters;
} limits[] = {
	{"button.", LABEL},
	{"help.topic_", LABEL},
	{"settings.choose_", LABEL},
	{"settings.from_", LABEL},
	{"proof.button_", LABEL},
	{"picture.button_", LABEL},
	{"list.tab_", LABEL},
	{"list.drop_", LABEL},
	{"blocked.free", LABEL},
	{"blocked.to_", LABEL},
	{"check.press", LABEL},
	{"start.how", LABEL},
	{"help.open", LABEL},
	{"timeline.open", LABEL},
	{"terms.accepted", 4096},
	{"terms.accept", LABEL},
	{"pay.qr", 1024},
	{"picture.", 1024},
	{"proof.caption", 1024},
	{"proof.staff_", 1024},
	{"join.goods", 1024},
	{"refused.", 200},
	{"trouble.", 200},
	{"blocked.already", 200},
	{"blocked.done", 200},
	{"blocked.freed", 200},
	{"blocked.too_", 200},
	{"counter.same", 200},
	{"counter.sent", 200},
	{"emblem.in_", 200},
	{"emblem.toast", 200},
	{"help.in_private", 200},
	{"list.dropped", 200},
	{"proof.full_already", 200},
	{"proof.none", 200},
	{"settings.saved", 200},
	{"staff.done", 200},
	{"talk.noted", 200},
	{"terms.thanks", 200},
	{"check.ask_group", 200},
	{"", 4096},
};

/* Arguments that are no names: how many letters they can have, or the texts of which one is put there. A label is
 * counted without people's own words, which may be cut. */
static const struct value {
	const char *key, *argument; /* the first row that fits both decides; "" fits all */
	size_t letters;
	const char *one_of;
} values[] = {
	{"", "title", TITLE, NULL},
	{"", "about", ABOUT, NULL},
	{"", "words", STAFF_WORDS, NULL},
	{"", "code", 8, NULL},
	{"", "tracking", 30, NULL},
	{"", "percent", 5, NULL},
	{"", "part", 2, NULL},
	{"", "version", 8, NULL},
	{"", "last", 4, NULL},
	{"", "sign", 2, NULL},
	{"", "amount", 11, NULL},
	{"", "link", 80, NULL},
	{"", "hours", OUR_WORDS, NULL},
	{"", "where", OUR_WORDS, NULL},
	{"", "carrier", 0, "carrier."},
	{"", "state", 0, "state."},
	{"", "result", 0, "picture.result."},
	{"", "ruling", 0, "ruling."},
	{"", "payer", 0, "fee.by_"},
	{"", "carriage", 0, "carriage."},
	{"", "changes", 0, "counter.price"},
	{"", "deal", 0, "list.line"},
	{"", "side", 0, "proof.side_"},
	{"", "step", 0, "button."},
	{"", "button", 0, "button.block"},
	{"", "under", 0, "proof.under"},
	{"", "next", 0, "proof.next_"},
	{"help.", "what", 0, "help.await_"},
	{"proof.line", "what", 0, "proof.what_waybill"},
	{"proof.", "what", 0, "proof.what_slip"},
	{"timeline.", "what", 0, "timeline.propose_money"},
	{"counter.carriage", "", 0, "carriage."},
	{"counter.fee", "", 0, "fee.by_"},
	{"emblem.", "name", 0, "emblem.1"},
	{"web.", "name", 0, "emblem.1"},
	{"", "", NAME, NULL},
};

static int64_t longest_moment(const char *lang)
{
	int64_t longest = 0;
	size_t most = 0;

	for (int day = 0; day < YEAR_DAYS; day++) {
		int64_t at = (INT64_C(20454) + day) * 86400000;
		size_t n = characters(format_time(ctx, cat, lang, at));

		if (n > most) {
			most = n;
			longest = at;
		}
	}
	return longest;
}

static int64_t longest_span(const char *lang)
{
	int64_t longest = 0;
	size_t most = 0;

	for (size_t i = 0; i < sizeof spans_h / sizeof *spans_h; i++) {
		int64_t ms = (spans_h[i] * 60 + 59) * 60000;
		size_t n = characters(format_span(ctx, cat, lang, ms));

		if (n > most) {
			most = n;
			longest = ms;
		}
	}
	return longest;
}

/* Of one language: how it is called, its longest moment and span, and whether people's own words count. */
struct world {
	const char *lang;
	int64_t moment, span;
	bool label;
	int depth; /* an argument may be a text of ours, but a text in that is not filled again */
};

static char *longest_text(const struct world *w, const char *key, const struct message *m);

struct search {
	const struct world *w;
	const char *begins, *best;
};

static void note_longest(void *arg, const char *key, const struct message *m)
{
	struct search *s = arg;
	struct world inner = *s->w;
	const char *text;

	if (!starts_with(key, s->begins) || inner.depth > 2)
		return;
	inner.depth++;
	text = longest_text(&inner, key, m);
	if (characters(text) > characters(s->best))
		s->best = text;
}

static const char *value_of(const struct world *w, const char *key, const char *argument)
{
	struct search s = {w, NULL, ""};
	const struct value *v = values;
	char *letters = talloc_strdup(ctx, "");

	while (!starts_with(key, v->key) || (v->argument[0] && strcmp(argument, v->argument) != 0))
		v++;
	if (v->one_of) {
		s.begins = v->one_of;
		catalog_each(cat, w->lang, note_longest, &s);
		return s.best;
	}
	for (size_t i = 0; i < v->letters && !(w->label && v->letters > 8); i++)
		letters = talloc_strdup_append_buffer(letters, "ش");
	return letters;
}

/* Ten photos, each on its line; one of them says what its slip must have. */
static const char *ten_lines(const struct world *w)
{
	struct search s = {w, "proof.line", ""};
	char *all = talloc_strdup(ctx, "");

	catalog_each(cat, w->lang, note_longest, &s);
	for (int i = 0; i < 10; i++)
		all = talloc_asprintf_append_buffer(all, "\n%s", s.best);
	s = (struct search){w, "proof.what_slip", ""};
	catalog_each(cat, w->lang, note_longest, &s);
	return talloc_strdup_append_buffer(all, s.best);
}

static const char *piece_value(const struct world *w, const char *key, const struct piece *p)
{
	switch (p->format) {
	case PIECE_TEXT:
		return p->text;
	case PIECE_NUMBER:
	case PIECE_DIGITS:
		return format_int(ctx, cat, w->lang, 240);
	case PIECE_MONEY:
		return format_money(ctx, cat, w->lang, most_rial);
	case PIECE_RIAL:
		return format_rial(ctx, cat, w->lang, most_rial);
	case PIECE_WORDS:
		return money_words(ctx, cat, w->lang, most_rial);
	case PIECE_TIME:
		return format_time(ctx, cat, w->lang, w->moment);
	case PIECE_DATE:
		return format_date(ctx, cat, w->lang, w->moment);
	case PIECE_CLOCK:
		return format_clock(ctx, cat, w->lang, w->moment);
	case PIECE_SPAN:
		return format_span(ctx, cat, w->lang, w->span);
	case PIECE_PLAIN:
		break;
	}
	return strcmp(p->text, "lines") ? value_of(w, key, p->text) : ten_lines(w);
}

static char *longest_text(const struct world *w, const char *key, const struct message *m)
{
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < m->n_pieces; i++)
		text = talloc_strdup_append_buffer(text, piece_value(w, key, &m->pieces[i]));
	return text;
}

static void check_longest(void *arg, const char *key, const struct message *m)
{
	struct world *w = arg;
	const struct limit *l = limits;
	size_t lines, n;
	const char *text;

	if (starts_with(key, "format.pattern_") || starts_with(key, "web."))
		return;
	while (!starts_with(key, l->begins))
		l++;
	w->label = l->characters == LABEL;
	w->span = w->label ? INT64_C(7) * 86400000 : longest_span(w->lang);
	text = longest_text(w, key, m);
	lines = 1 + breaks(text);
	n = characters(text);
	if (lines > MESSAGE_LINES)
		buf_printf(report, "%s: %s: %zu lines with the longest values\n", w->lang, key, lines);
	if (n > l->characters)
		buf_printf(report, "%s: %s: %zu characters with the longest values, more than %zu\n", w->lang, key, n,
			   l->characters);
}

static void check_all_longest(void)
{
	const char *const *languages;
	size_t n = catalog_languages(cat, &languages);

	for (size_t i = 0; i < n; i++) {
		struct world w = {.lang = languages[i],
				  .moment = longest_moment(languages[i]),
				  .span = longest_span(languages[i])};

		catalog_each(cat, w.lang, check_longest, &w);
	}
}

static bool is_timeless(const char *key)
{
	for (size_t i = 0; i < sizeof(timeless) / sizeof(timeless[0]); i++) {
		if (starts_with(key, timeless[i]))
			return true;
	}
	return false;
}

static void check_card(void *arg, const char *key, const struct message *m)
{
	if (!starts_with(key, "card.") || starts_with(key, "card.head.") || starts_with(key, "card.late_"))
		return;
	for (size_t i = 0; i < m->n_pieces; i++) {
		if (m->pieces[i].format == PIECE_TEXT)
			continue;
		if (!strstr(given, talloc_asprintf(ctx, " %s ", m->pieces[i].text)))
			buf_printf(report, "%s: %s: deal_card.c gives no %s\n", (const char *)arg, key,
				   m->pieces[i].text);
		if (strcmp(m->pieces[i].text, "until") == 0 && is_timeless(key))
			buf_printf(report, "%s: %s: no clock runs in this state\n", (const char *)arg, key);
	}
}

/* A wrong keyboard writes yeh, kaf and digits that look alike and are found by no search. */
static void check_letters(void *arg, const char *key, const struct message *m)
{
	for (size_t i = 0; i < m->n_pieces; i++) {
		const char *s = m->pieces[i].text;
		uint32_t cp;

		while (m->pieces[i].format == PIECE_TEXT && (cp = utf8_next(&s)) != 0) {
			if (cp == 0x064A || cp == 0x0643 || (cp >= 0x0660 && cp <= 0x0669))
				buf_printf(report, "%s: %s: an Arabic letter U+%04X\n", (const char *)arg, key, cp);
		}
	}
}

static void check_all(void (*check)(void *, const char *, const struct message *))
{
	const char *const *languages;
	size_t n = catalog_languages(cat, &languages);

	for (size_t i = 0; i < n; i++)
		catalog_each(cat, languages[i], check, (void *)languages[i]);
}

#define CLEAN() ck_assert_msg(report->len == 0, "\n%s", report->data)

START_TEST(texts_fit_a_phone)
{
	check_all(check_size);
	CLEAN();
}
END_TEST

START_TEST(texts_fit_with_the_longest_values)
{
	check_all_longest();
	CLEAN();
}
END_TEST

START_TEST(cards_say_only_what_they_know)
{
	check_all(check_card);
	CLEAN();
}
END_TEST

START_TEST(persian_is_written_with_persian_letters)
{
	check_all(check_letters);
	CLEAN();
}
END_TEST

START_TEST(finds_what_does_not_fit)
{
	load_sample(
		"{\"button\": {\"a\": \"a label of more than thirty-two letters\", \"b\": \"<b>{{x}}</b>\"},"
		" \"card\": {\"agreed\": \"{{until, time}} {{price, money}}\", \"draft\": \"1\\n2\\n3\\n4\\n5\\n6\"},"
		" \"x\": \"علي\"}");
	check_all(check_size);
	check_all(check_card);
	check_all(check_letters);
	ck_assert_str_eq(report->data, "fa: button.a: 39 characters, more than 32\n"
				       "fa: card.draft: 6 lines, more than 5\n"
				       "fa: card.agreed: no clock runs in this state\n"
				       "fa: card.agreed: deal_card.c gives no price\n"
				       "fa: x: an Arabic letter U+064A\n");
}
END_TEST

START_TEST(finds_what_grows_too_long)
{
	void *mine = talloc_new(NULL);
	char *texts = with_formats(mine, "fa",
				   "{\"button\": {\"a\": \"{{name}}\", \"b\": \"{{price, money}} {{price, words}}\"},"
				   " \"refused\": {\"a\": \"{{title}}{{name}}\", \"b\": \"{{title}}{{title}}{{x}}\"},"
				   " \"x\": \"1\\n2{{lines}}\", \"proof\": {\"line\": \"a\"}}");

	load_sample(texts);
	talloc_free(mine);
	check_all_longest();
	ck_assert_str_eq(report->data, "fa: button.b: 79 characters with the longest values, more than 32\n"
				       "fa: refused.b: 264 characters with the longest values, more than 200\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("locale_sizes");
	TCase *real = tcase_create("repository"), *sample = tcase_create("samples");

	tcase_add_checked_fixture(real, load, finish);
	tcase_add_test(real, texts_fit_a_phone);
	tcase_set_timeout(real, 120);
	tcase_add_test(real, texts_fit_with_the_longest_values);
	tcase_add_test(real, cards_say_only_what_they_know);
	tcase_add_test(real, persian_is_written_with_persian_letters);
	tcase_add_checked_fixture(sample, NULL, finish);
	tcase_add_test(sample, finds_what_does_not_fit);
	tcase_add_test(sample, finds_what_grows_too_long);
	suite_add_tcase(s, real);
	suite_add_tcase(s, sample);
	return tap_run(s);
}
