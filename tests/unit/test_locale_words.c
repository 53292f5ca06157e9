/* The voice of docs/voice.md where a machine can hear it: signs, digits and half-spaces, words to avoid, and buttons
 * that are named exactly as they are. */
#include "buf.h"
#include "catalog.h"
#include "locale_folder.h"
#include "message.h"
#include "safe_name.h"
#include "tap.h"
#include "text_check.h"

enum { TEXTS_MOST = 2048, QUOTED_BYTES = 160 };

/* Stands where an argument will be. */
#define ARGUMENT "\x01"
#define ZWNJ "\u200c"

static void *ctx;
static struct catalog *cat;
static struct buf *report;
static const char *texts[TEXTS_MOST]; /* of one language, flat */
static size_t n_texts;

struct rule {
	const char *part, *why;
};

/* Written wrong in a regular way, or another word than the glossary of locales/README.md has. */
static const struct rule persian[] = {
	{",", "a Latin comma"},
	{"?", "a Latin question mark"},
	{";", "a Latin semicolon"},
	{"\"", "a Latin quote"},
	{"'", "a Latin quote"},
	{"“", "an English quote"},
	{"!", "an exclamation mark"},
	{"؟؟", "two question marks"},
	{" می ", "«می» with a blank"},
	{" نمی ", "«نمی» with a blank"},
	{"میشو", "«می» without a half-space"},
	{"نمیشو", "«نمی» without a half-space"},
	{"میکن", "«می» without a half-space"},
	{"میخواه", "«می» without a half-space"},
	{"میده", "«می» without a half-space"},
	{"میرس", "«می» without a half-space"},
	{"میمان", "«می» without a half-space"},
	{" ها ", "«ها» with a blank"},
	{" های ", "«ها» with a blank"},
	{" هایی ", "«ها» with a blank"},
	{" هایتان", "«ها» with a blank"},
	{" تر ", "«تر» with a blank"},
	{" ترین ", "«تر» with a blank"},
	{" ام ", "«ام» with a blank"},
	{" اید ", "«اید» with a blank"},
	{" اند ", "«اند» with a blank"},
	{"این که ", "«این‌که» is one word"},
	{"همه چیز", "«همه‌چیز» is one word"},
	{"گفتگو", "«گفت‌وگو»"},
	{"لطفا ", "«لطفاً»"},
	{"مسئله", "«مشکل»"},
	{"ي", "an Arabic yeh"},
	{"ك", "an Arabic kaf"},
	{"ۀ", "«هٔ»"},
	{"ه‌ی ", "«هٔ»"},
	{"اپراتور", "«کارشناس»"},
	{"کارکنان", "«کارشناسان»"},
	{"همکاران ما", "«کارشناسان ما»"},
	{"ادمین", "«مدیر گروه»"},
	{"محفوظ", "«امن»"},
	{"شناسه", "«آیدی»"},
	{"یوزرنیم", "«آیدی»"},
	{"فرصت بررسی", "«مهلت بررسی»"},
	{"ددلاین", "«مهلت»"},
	{"کمیسیون", "«کارمزد»"},
	{"هزینهٔ ارسال", "«کرایهٔ ارسال»"},
	{"پیوند", "«لینک»"},
	{"کنسل", "«لغو»"},
	{"ریفاند", "«برگشت پول»"},
	{"بازگشت", "«برگشت»"},
	{"کد پیگیری", "«کد رهگیری»"},
	{"تراکنش", "«پرداخت» or «واریز»"},
	{"می‌باشد", "«است»"},
	{" گردید", "«شد»"},
	{"جهت ", "«برای»"},
	{"لذا", "«پس»"},
	{"متاسفانه", "no blame, no sorrow: what happened, what to do"},
	{"متأسفانه", "no blame, no sorrow: what happened, what to do"},
};

static const struct rule english[] = {
	{"!", "an exclamation mark"},
	{"'", "a straight apostrophe"},
	{"\"", "a straight quote"},
	{"safety emblem", "a sign is chosen, an emblem is ours"},
	{"emblem ", "“safety sign”"},
	{"operator", "“our staff”"},
	{"escrow", "“go-between”"},
	{"commission", "“fee”"},
	{"shipping cost", "“carriage”"},
	{"arbit", "“mediator”"},
	{"verdict", "“ruling”"},
	{"unfortunately", "no blame, no sorrow: what happened, what to do"},
	{"Unfortunately", "no blame, no sorrow: what happened, what to do"},
	{"Oops", "never chatty"},
};

static const struct rule both[] = {
	{"  ", "two blanks"},
	{" \n", "a blank at the end of a line"},
	{"\n ", "a blank before a line"},
	{" .", "a blank before a sign"},
	{" ،", "a blank before a sign"},
	{" ؛", "a blank before a sign"},
	{" :", "a blank before a sign"},
	{" ؟", "a blank before a sign"},
	{" ,", "a blank before a sign"},
	{"« ", "a blank inside quotes"},
	{" »", "a blank inside quotes"},
	{ZWNJ " ", "a half-space beside a blank"},
	{" " ZWNJ, "a half-space beside a blank"},
	{ZWNJ ZWNJ, "two half-spaces"},
	{ZWNJ "\n", "a half-space at the end"},
	{"\u00a0", "a blank that does not break"},
	{"\u00ad", "a soft hyphen"},
	{"...", "three dots: “…”"},
};

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

static void finish(void)
{
	talloc_free(ctx);
}

/* The message as it is read: no tags, arguments as one sign each. */
static char *flat(const struct message *m)
{
	struct buf *b = buf_new(ctx, 1 << 16);
	bool in_tag = false;

	for (size_t i = 0; i < m->n_pieces; i++) {
		if (m->pieces[i].format != PIECE_TEXT) {
			buf_puts(b, ARGUMENT);
			continue;
		}
		for (const char *s = m->pieces[i].text; *s; s++) {
			if (*s == '<' || *s == '>')
				in_tag = *s == '<';
			else if (!in_tag)
				buf_putc(b, *s);
		}
	}
	return b->data;
}

static void check_rules(const char *lang, const char *key, const char *text, const struct rule *rules, size_t n)
{
	const char *padded = talloc_asprintf(ctx, " %s ", text);

	for (size_t i = 0; i < n; i++) {
		bool outer = rules[i].part[0] == ' ' && rules[i].part[strlen(rules[i].part) - 1] == ' ' &&
			     strlen(rules[i].part) > 2;

		if (strstr(outer ? padded : text, rules[i].part))
			buf_printf(report, "%s: %s: %s\n", lang, key, rules[i].why);
	}
}

/* Digits of the other script, and so never two kinds in one text. */
static void check_digits(const char *lang, const char *key, const char *text)
{
	bool fa = strcmp(lang, "fa") == 0;
	uint32_t cp;

	while ((cp = utf8_next(&text)) != 0) {
		bool persian_digit = cp >= 0x06F0 && cp <= 0x06F9, latin_digit = cp >= '0' && cp <= '9';

		if ((cp >= 0x0660 && cp <= 0x0669) || (fa ? latin_digit : persian_digit)) {
			buf_printf(report, "%s: %s: digits of another script\n", lang, key);
			return;
		}
	}
}

/* Patterns of ICU are no words. */
static bool is_pattern(const char *key)
{
	return starts_with(key, "format.pattern_");
}

#define RULES(lang, key, text, rules) check_rules(lang, key, text, rules, sizeof(rules) / sizeof((rules)[0]))

static void check_words(void *arg, const char *key, const struct message *m)
{
	const char *lang = arg, *text = flat(m);

	if (is_pattern(key))
		return;
	RULES(lang, key, text, both);
	if (strcmp(lang, "fa") == 0)
		RULES(lang, key, text, persian);
	else
		RULES(lang, key, text, english);
	check_digits(lang, key, text);
}

/* ---- buttons named in texts ---- */

/* What stands in quotes and is no label: words that a person is asked to write. */
static const char *const written[] = {"تومان", "toman"};

static void note_text(void *arg, const char *key, const struct message *m)
{
	(void)arg;
	(void)key;
	ck_assert_uint_lt(n_texts, TEXTS_MOST);
	texts[n_texts++] = flat(m);
}

static bool is_label(const char *quoted)
{
	for (size_t i = 0; i < n_texts; i++)
		if (strcmp(texts[i], quoted) == 0)
			return true;
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		if (strcmp(written[i], quoted) == 0)
			return true;
	return false;
}

/* A title, a name or an example with a price is no label. */
static bool is_example(const char *quoted)
{
	uint32_t cp;

	while ((cp = utf8_next(&quoted)) != 0)
		if (cp == 1 || (cp >= '0' && cp <= '9') || (cp >= 0x06F0 && cp <= 0x06F9))
			return true;
	return false;
}

static void check_quotes(void *arg, const char *key, const struct message *m)
{
	const char *lang = arg, *text = flat(m);
	bool fa = strcmp(lang, "fa") == 0;
	const char *opens = fa ? "«" : "“", *closes = fa ? "»" : "”";

	while ((text = strstr(text, opens)) != NULL) {
		const char *start = text + strlen(opens), *end = strstr(start, closes);
		const char *quoted;

		if (!end) {
			buf_printf(report, "%s: %s: a quote that is never closed\n", lang, key);
			return;
		}
		quoted = talloc_strndup(ctx, start, (size_t)(end - start));
		if (!is_example(quoted) && !is_label(quoted))
			buf_printf(report, "%s: %s: no button is called %s\n", lang, key, quoted);
		text = end;
	}
}

static void check_all(void (*check)(void *, const char *, const struct message *))
{
	const char *const *languages;
	size_t n = catalog_languages(cat, &languages);

	for (size_t i = 0; i < n; i++) {
		n_texts = 0;
		catalog_each(cat, languages[i], note_text, NULL);
		catalog_each(cat, languages[i], check, (void *)(uintptr_t)languages[i]);
	}
}

#define CLEAN() ck_assert_msg(report->len == 0, "\n%s", report->data)

START_TEST(texts_are_written_as_the_voice_says)
{
	check_all(check_words);
	CLEAN();
}
END_TEST

START_TEST(buttons_are_named_as_they_are)
{
	check_all(check_quotes);
	CLEAN();
}
END_TEST

static void load_sample(const char *fa, const char *en)
{
	struct err e = {""};

	begin();
	cat = catalog_of(ctx, (const struct locale_file[]){{"fa.json", fa}, {"en.json", en}, {NULL, NULL}}, &e);
	ck_assert_msg(cat != NULL, "%s", e.text);
}

START_TEST(finds_what_is_written_wrong)
{
	load_sample("{\"a\": \"کتاب ها\", \"b\": \"می روم\", \"c\": \"{{x}}, نه\", \"d\": \"۲ از 3\","
		    " \"e\": \"اپراتور ما\", \"f\": \"یک\u200c دو\","
		    " \"g\": \"<a href=\\\"https://x.example/?a=1,2\\\">درست</a> است.\"}",
		    "{\"a\": \"Well!\", \"b\": \"a  b\", \"c\": \"{{x}} it's\", \"d\": \"۲\","
		    " \"e\": \"an operator\", \"f\": \"one \", \"g\": \"<a href=\\\"x\\\">right</a>, yes.\"}");
	check_all(check_words);
	ck_assert_str_eq(report->data, "fa: a: «ها» with a blank\nfa: b: «می» with a blank\nfa: c: a Latin comma\n"
				       "fa: d: digits of another script\nfa: e: «کارشناس»\n"
				       "fa: f: a half-space beside a blank\nen: a: an exclamation mark\n"
				       "en: b: two blanks\nen: c: a straight apostrophe\n"
				       "en: d: digits of another script\nen: e: “our staff”\n");
	finish();
}
END_TEST

START_TEST(finds_buttons_that_are_not_there)
{
	load_sample("{\"a\": \"پرداخت\", \"b\": \"«پرداخت» را بزنید، نه «خرید»\", \"c\": \"«{{x}}» به «۲ تومان»\","
		    " \"d\": \"«باز\"}",
		    "{\"a\": \"Pay\", \"b\": \"press “Pay”, not “Buy”\", \"c\": \"“{{x}}” for “2 toman”\","
		    " \"d\": \"“open\"}");
	check_all(check_quotes);
	ck_assert_str_eq(report->data, "fa: b: no button is called خرید\nfa: d: a quote that is never closed\n"
				       "en: b: no button is called Buy\nen: d: a quote that is never closed\n");
	finish();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("locale_words");
	TCase *real = tcase_create("repository"), *sample = tcase_create("samples");

	tcase_add_checked_fixture(real, load, finish);
	tcase_set_timeout(real, 60);
	tcase_add_test(real, texts_are_written_as_the_voice_says);
	tcase_add_test(real, buttons_are_named_as_they_are);
	tcase_add_test(sample, finds_what_is_written_wrong);
	tcase_add_test(sample, finds_buttons_that_are_not_there);
	suite_add_tcase(s, real);
	suite_add_tcase(s, sample);
	return tap_run(s);
}
