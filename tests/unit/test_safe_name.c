/* What people type becomes safe to keep and to show. */
#include "rnd.h"
#include "safe_name.h"
#include "tap.h"
#include "utf8.h"
#include <string.h>
#include <talloc.h>

static const struct {
	const char *dirty, *clean;
} lines[] = {
	{"", ""},
	{NULL, ""},
	{"iPhone 13", "iPhone 13"},
	{"  \t many   blanks \n here ", "many blanks here"},
	{"علي كريمي", "علی کریمی"},
	{"می‌شود", "می‌شود"}, /* a ZWNJ between letters is spelling */
	{"می\u200c شود\u200c", "می شود"},
	{"\u200cشود\u200c\u200c\u200cمی", "شود\u200cمی"},
	{"a\u202Egnp.exe", "agnp.exe"},
	{"\u2066\u2067\u2068x\u2069\u200E\u200F\u061C\u202A\u202B\u202C\u202D", "x"},
	{"p\u200Ba\u2060y\uFEFF\u00AD", "pay"},
	{"flag\U000E0067\U000E0062\U000E007F", "flag"},
	{"bad\xFF\xC0\x80 bytes\xED\xA0\x80", "bad bytes"},
	{"cut \xF0\x9F\x98", "cut"},
	{"\xF4\x90\x80\x80x\uFFFD", "x"},
	{"bell\x07\x1B[31m", "bell[31m"},
	{"👨\u200D👩\u200D👧 family", "👨\u200D👩\u200D👧 family"},
	{"a\u200Db", "ab"},
	{"❤️ 1️⃣", "❤️ 1️⃣"},
	{"x\uFE0F", "x"},
	{"H\u0336\u0336\u0336\u0336\u0336\u0336i", "H\u0336\u0336\u0336i"},
	{"\u0301start", "start"},
	{"\u3164\u2800\u115F", ""},
	{"private \uE000", "private"},
	{"\u2068علی\u2069", "علی"}, /* our own isolates would end early */
	{"🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F", "🏴"},
	{"ع\u200cلی۱\u200c۲", "ع\u200cلی۱۲"},
	{"one\r\ntwo\u2028three", "one two three"},
	{"<b>&", "<b>&"}, /* escaping is another step */
};

START_TEST(one_line)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(safe_text(ctx, lines[_i].dirty, 100, false), lines[_i].clean);
	/* Cleaning what is clean changes nothing. */
	ck_assert_str_eq(safe_text(ctx, lines[_i].clean, 100, false), lines[_i].clean);
	talloc_free(ctx);
}
END_TEST

START_TEST(several_lines)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(safe_text(ctx, "\n one \r\n\n\n\n two\rthree  \n", 100, true), "one\n\ntwo\nthree");
	ck_assert_str_eq(safe_text(ctx, "a\x0B\x0C\xC2\x85z", 100, true), "a\n\nz");
	talloc_free(ctx);
}
END_TEST

START_TEST(cut_between_characters)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(safe_text(ctx, "سلام دنیا", 6, false), "سلام د");
	ck_assert_str_eq(safe_text(ctx, "سلام دنیا", 5, false), "سلام");
	ck_assert_str_eq(safe_text(ctx, "😀😀😀", 2, false), "😀😀");
	ck_assert_str_eq(safe_text(ctx, "abc", 0, false), "");
	ck_assert_uint_eq(
		strlen(safe_name(ctx, "0123456789012345678901234567890123456789012345678901234567890123456789")),
		SAFE_NAME_CODEPOINTS);
	talloc_free(ctx);
}
END_TEST

/* Whatever the bytes: valid UTF-8 comes out, within the limit, and a second cleaning changes nothing. */
START_TEST(any_bytes)
{
	void *ctx = talloc_new(NULL);
	uint32_t state = 12345;

	for (int round = 0; round < 3000; round++) {
		static const char *const parts[] = {"\u200c", "\u200d",       "م",      "\xF0\x9F", "😀",      " ",
						    "\n",     "\uFE0F",       "a",      "\u0301",   "\u202E", "ي",
						    "1",      "\xED\xB0\x80", "\u0301", "\u0301",   "\u0301"};
		char dirty[200] = "";
		const char *clean, *again, *s;
		size_t n = 0;

		for (int i = 0; i < 20; i++) {
			state = state * 1664525 + 1013904223;
			strcat(dirty, parts[(state >> 16) % (sizeof(parts) / sizeof(parts[0]))]);
		}
		clean = safe_text(ctx, dirty, 15, round & 1);
		again = safe_text(ctx, clean, 15, round & 1);
		ck_assert_str_eq(clean, again);
		for (s = clean; *s; n++)
			ck_assert_uint_ne(utf8_next(&s), 0xFFFD);
		ck_assert_uint_le(n, 15);
		ck_assert_ptr_null(strstr(clean, "\u0301\u0301\u0301\u0301")); /* a stack of marks is thinned */
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}
END_TEST

/* Half of them from the places where trouble lives. */
static uint32_t any_code_point(const struct rnd *r)
{
	static const uint32_t first[] = {0x0,    0x80,   0x300,  0x5F0,   0x600,  0x2000,
					 0x2060, 0xFE00, 0xFFF0, 0xE0000, 0x1F3F0};
	uint32_t x[2];

	do {
		r->fill(r->arg, x, sizeof x);
		x[1] = x[0] % 2 ? x[1] % 0x110000
				: first[(x[0] >> 8) % (sizeof(first) / sizeof(first[0]))] + x[1] % 128;
	} while (x[1] == 0 || (x[1] >= 0xD800 && x[1] <= 0xDFFF));
	return x[1];
}

static bool is_trouble(uint32_t cp)
{
	return cp == 0x061C || cp == 0x200B || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF || (cp >= 0xE0000 && cp <= 0xE0FFF) ||
	       (cp < ' ' && cp != '\n') || (cp >= 0x7F && cp < 0xA0) || cp == 0xFFFD || cp == 0xAD;
}

static void check_cleaned(void *ctx, const char *dirty, size_t most, bool keep)
{
	const char *clean = safe_text(ctx, dirty, most, keep), *s = clean;
	size_t n = 0;

	ck_assert_str_eq(safe_text(ctx, clean, most, keep), clean);
	ck_assert_uint_le(strlen(clean), strlen(dirty));
	ck_assert(utf8_valid(clean, strlen(clean)));
	for (; *s; n++) {
		uint32_t cp = utf8_next(&s);

		ck_assert_msg(!is_trouble(cp) && (keep || cp != '\n'), "U+%04X survived", cp);
	}
	ck_assert_uint_le(n, most);
	ck_assert(clean[0] != ' ' && (n == 0 || clean[strlen(clean) - 1] != ' '));
}

/* Every code point, at the edges and between letters and emoji, and in crowds; then bytes that are no text at all. */
START_TEST(promises)
{
	uint64_t state = 2025;
	struct rnd rnd = rnd_seeded(&state);
	static const uint32_t letters[] = {'a', 0x1F600, 0x645, 0x1F468, 0x6CC};
	void *ctx = talloc_new(NULL);

	for (int round = 0; round < 20000; round++) {
		char dirty[100] = "";
		size_t n = 0;

		if (round % 4 == 0)
			rnd.fill(rnd.arg, dirty, n = 60);
		for (int i = 0; round % 4 != 0 && i < 15; i++)
			n += i % 3 ? utf8_put(dirty + n, any_code_point(&rnd)) : utf8_put(dirty + n, letters[i / 3]);
		dirty[n] = '\0';
		check_cleaned(ctx, dirty, (size_t)round % 20, round & 1);
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(digits)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(digits_fold(ctx, "۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩ abc ۔"), "0123456789 0123456789 abc ۔");
	ck_assert_str_eq(digits_fold(ctx, NULL), "");
	ck_assert_str_eq(digits_fold(ctx, "\xDB"), "\xDB");
	talloc_free(ctx);
}
END_TEST

START_TEST(escaping)
{
	void *ctx = talloc_new(NULL);

	ck_assert_str_eq(html_escape(ctx, "<a href=\"x\">'&'</a>"),
			 "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
	ck_assert_str_eq(html_escape(ctx, "سلام"), "سلام");
	ck_assert_str_eq(html_escape(ctx, NULL), "");
	talloc_free(ctx);
}
END_TEST

START_TEST(line_that_was_cut_says_so)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"abcde", "abcde"}, {"abcdef", "abcd…"}, {"", ""}, {"  abcde  ", "abcde"}, {"a\nb", "a b"}};
	void *ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_str_eq(safe_line(ctx, rows[i].in, 5), rows[i].out);
	ck_assert_str_eq(safe_line(ctx, "ab", 1), "…");
	talloc_free(ctx);
}
END_TEST

START_TEST(utf8_both_ways)
{
	for (uint32_t cp = 1; cp <= 0x10FFFF; cp += cp < 0x3000 ? 1 : 97) {
		char bytes[5] = "";
		const char *s = bytes;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		bytes[utf8_put(bytes, cp)] = '\0';
		ck_assert_uint_eq(utf8_next(&s), cp);
		ck_assert_uint_eq(utf8_next(&s), 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("safe_name");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, one_line, 0, (int)(sizeof(lines) / sizeof(lines[0])));
	tcase_add_test(t, several_lines);
	tcase_add_test(t, cut_between_characters);
	tcase_add_test(t, any_bytes);
	tcase_add_test(t, promises);
	tcase_add_test(t, digits);
	tcase_add_test(t, escaping);
	tcase_add_test(t, line_that_was_cut_says_so);
	tcase_add_test(t, utf8_both_ways);
	suite_add_tcase(s, t);
	return tap_run(s);
}
