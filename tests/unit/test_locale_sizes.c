/* The catalogues as what they become on a phone: no message is a wall of text, no label is cut, and a card never tells
 * a time that its state does not have. */
#include "buf.h"
#include "catalog.h"
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

int main(void)
{
	Suite *s = suite_create("locale_sizes");
	TCase *real = tcase_create("repository"), *sample = tcase_create("samples");

	tcase_add_checked_fixture(real, load, finish);
	tcase_add_test(real, texts_fit_a_phone);
	tcase_add_test(real, cards_say_only_what_they_know);
	tcase_add_test(real, persian_is_written_with_persian_letters);
	tcase_add_checked_fixture(sample, NULL, finish);
	tcase_add_test(sample, finds_what_does_not_fit);
	suite_add_tcase(s, real);
	suite_add_tcase(s, sample);
	return tap_run(s);
}
