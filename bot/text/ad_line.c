/* What a line of an advertisement is about. Words that name nothing are a table, ad_words.def. */
#include "ad_line.h"
#include "ad.h"
#include "amount.h"
#include "buf.h"
#include "link_read.h"
#include "safe_name.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>

enum {
	MAX_WORDS = 1024, /* of a line */
	MAX_AMOUNTS = 8, /* taken out of a title */
	WORD_BYTES = 64,
	LETTERS_LEAST = 2 /* of a title */
};

static const char *const noise[] = {
#define NOISE(word) word,
#define LABEL(word)
#include "ad_words.def"
#undef NOISE
#undef LABEL
};

static const char *const labels[] = {
#define NOISE(word)
#define LABEL(word) word,
#include "ad_words.def"
#undef NOISE
#undef LABEL
};

static const char dot[] = "\xE2\x80\xA2"; /* contacts_mask */

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

/* The next word of the line, cut at blanks; NULL at the end. */
static char *next_word(const void *ctx, const char **line)
{
	size_t n;
	char *word;

	*line += strspn(*line, " ");
	n = strcspn(*line, " ");
	if (n == 0)
		return NULL;
	word = talloc_strndup(ctx, *line, n);
	if (!word)
		abort();
	*line += n;
	return word;
}

/* Letters and digits of a word, lower case, with a colon when one follows; "" for pictures and marks. */
static void plain_word(const char *word, char out[WORD_BYTES])
{
	size_t n = 0;
	uint32_t c;

	while ((c = utf8_next(&word)) != 0 && n + 5 < WORD_BYTES) {
		if (u_isalnum((UChar32)c))
			n += utf8_put(out + n, (uint32_t)u_tolower((UChar32)c));
		else if (c == 0x200C && n > 0 && u_isalpha((UChar32)utf8_next(&(const char *){word})))
			n += utf8_put(out + n, c);
		else if (c == ':' && n > 0 && !utf8_next(&(const char *){word}))
			out[n++] = ':';
	}
	out[n] = '\0';
}

static void cut_colon(char *word)
{
	size_t n = strlen(word);

	if (n > 0 && word[n - 1] == ':')
		word[n - 1] = '\0';
}

/* A label counts with or without its colon; those that are words of titles too are listed with it. */
static bool is_label(const char *word)
{
	char bare[WORD_BYTES];

	memcpy(bare, word, strlen(word) + 1);
	cut_colon(bare);
	return is_one_of(word, labels, sizeof labels / sizeof *labels) ||
	       is_one_of(bare, labels, sizeof labels / sizeof *labels);
}

/* A hashtag becomes its words: "#iphone_13". */
static void add_tag(struct buf *out, const char *tag)
{
	for (; *tag; tag++)
		buf_putc(out, *tag == '_' || *tag == '#' ? ' ' : *tag);
}

/* Takes links out of the line. */
static char *without_links(void *ctx, const char *line, struct ad_line *out)
{
	struct buf *kept = buf_new(ctx, 2 * strlen(line) + 2);
	size_t tags = 0, others = 0;
	char *word, plain[WORD_BYTES];

	for (size_t i = 0; i < MAX_WORDS && (word = next_word(ctx, &line)) != NULL; i++) {
		struct link l = {.host = ""};

		if (strpbrk(word, ".:/"))
			link_read(ctx, word, &l);
		if (l.host[0] || (l.kind == LINK_TELEGRAM && word[0] != '@'))
			continue;
		plain_word(word, plain);
		tags += word[0] == '#';
		others += word[0] != '#' && plain[0];
		buf_putc(kept, ' ');
		if (word[0] == '#')
			add_tag(kept, word);
		else
			buf_puts(kept, word);
	}
	out->tags_only = tags > 0 && others == 0;
	return safe_text(ctx, kept->data, AD_TEXT_BYTES, false);
}

static char *without_amounts(const void *ctx, const char *line)
{
	char *rest = talloc_strdup(ctx, line);
	struct amount_reading r[1];

	for (size_t i = 0; i < MAX_AMOUNTS && amount_all(rest, r, 1) == 1; i++)
		rest = amount_title(ctx, rest, r);
	return rest;
}

/* A word of a title: no name, no masked number. */
static bool names_something(const char *word)
{
	return word[0] != '@' && !strstr(word, dot);
}

/* Cuts pictures, marks and blanks off both ends; brackets and quotes stay where they are closed. */
static char *trim_marks(const void *ctx, const char *s)
{
	const char *start = s, *end = s, *at = s;
	uint32_t c;
	char *out;

	while ((c = utf8_next(&at)) != 0) {
		bool counts = u_isalnum((UChar32)c);

		if (end == s && !counts && c != '(' && c != 0xAB)
			start = at;
		if (counts || c == ')' || c == 0xBB || c == '+' || c == '%' || c == '"' || (c >= 0x300 && c < 0x370))
			end = at;
	}
	out = talloc_strndup(ctx, start, end > start ? (size_t)(end - start) : 0);
	if (!out)
		abort();
	return out;
}

static size_t count_letters(const char *s)
{
	size_t n = 0;
	uint32_t c;

	while ((c = utf8_next(&s)) != 0)
		n += u_isalpha((UChar32)c);
	return n;
}

/* "Title: …", "Model: …": the word says only that the thing's name follows. */
static bool announces(const char *word)
{
	static const char *const words[] = {"عنوان:", "نام:",   "محصول:", "کالا:", "مدل:",   "آگهی:",    "اگهی:",
					    "فروش:",  "فروشی:", "title:", "item:", "model:", "product:", "selling:"};

	return is_one_of(word, words, sizeof words / sizeof *words);
}

/* Keeps the words that name something. "" when the line begins with a label, or when all its words are noise. */
static char *naming_words(const void *ctx, const char *line)
{
	struct buf *kept = buf_new(ctx, strlen(line) + 2);
	static const char *const callers[] = {"تماس", "تلفن", "شماره", "آیدی", "call", "contact", "dm", "tel"};
	size_t telling = 0, n = 0, end = 0;
	char *word, plain[WORD_BYTES];

	for (size_t i = 0; i < MAX_WORDS && (word = next_word(ctx, &line)) != NULL; i++) {
		plain_word(word, plain);
		if (plain[0] && n++ == 0 && is_label(plain))
			return talloc_strdup(ctx, "");
		if (!names_something(word) || (n == 1 && announces(plain)))
			continue;
		buf_printf(kept, " %s", word);
		cut_colon(plain);
		end = is_one_of(plain, callers, sizeof callers / sizeof *callers) ? end : kept->len;
		telling += count_letters(plain) > 0 && !is_one_of(plain, noise, sizeof noise / sizeof *noise);
	}
	return talloc_strndup(ctx, kept->data, telling > 0 ? end : 0); /* without "call" at its end */
}

/* At most AD_TITLE_CODEPOINTS, cut between words where that leaves enough. */
static char *shorten(const void *ctx, const char *title, bool *whole)
{
	char *cut = safe_text(ctx, title, AD_TITLE_CODEPOINTS, false), *blank;

	*whole = strcmp(cut, safe_text(ctx, title, AD_TEXT_BYTES, false)) == 0;
	blank = strrchr(cut, ' ');
	if (!*whole && blank && (size_t)(blank - cut) > strlen(cut) / 2)
		*blank = '\0';
	return cut;
}

void ad_line_read(void *ctx, const char *line, bool name_it, struct ad_line *out)
{
	char *naming;

	*out = (struct ad_line){.title = ""};
	out->text = without_links(ctx, line, out);
	if (!name_it)
		return;
	naming = naming_words(ctx, out->text);
	naming = naming[0] ? naming_words(ctx, without_amounts(ctx, naming)) : naming;
	out->title = shorten(ctx, trim_marks(ctx, naming), &out->title_is_whole);
	if (count_letters(out->title) < LETTERS_LEAST)
		out->title = "";
}
