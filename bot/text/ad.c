/* Reading advertisements line by line: see ad.h. */
#include "ad.h"
#include "ad_line.h"
#include "amount.h"
#include "buf.h"
#include "contacts.h"
#include "link_read.h"
#include "safe_name.h"
#include "utf8.h"
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum { ONE_LINE_LEAST = 40 /* characters of a single line that is an advertisement */ };

struct lines {
	size_t n;
	struct ad_line at[AD_MAX_LINES];
};

/* The text without what is behind AD_TEXT_BYTES, cleaned line by line. */
static char *clean_text(const void *ctx, const char *text)
{
	const char *s = text ? text : "";
	char *head = talloc_strndup(ctx, s, AD_TEXT_BYTES);

	if (!head)
		abort();
	return safe_text(ctx, head, AD_TEXT_BYTES, true);
}

static void read_lines(void *ctx, char *text, struct lines *lines)
{
	bool named = false;
	char *line;

	while (lines->n < AD_MAX_LINES && (line = strsep(&text, "\n")) != NULL) {
		struct ad_line *l = &lines->at[lines->n];

		ad_line_read(ctx, contacts_mask(ctx, line), !named, l);
		named |= l->title[0] && !l->tags_only;
		lines->n += l->text[0] != '\0';
	}
}

static void read_prices(void *ctx, const struct lines *lines, struct ad *out)
{
	struct buf *all = buf_new(ctx, (size_t)4 * AD_TEXT_BYTES);
	struct amount_reading r[AD_MAX_PRICES];

	for (size_t i = 0; i < lines->n; i++)
		buf_printf(all, "%s\n", lines->at[i].text);
	out->n_prices = amount_all(all->data, r, AD_MAX_PRICES);
	for (size_t i = 0; i < out->n_prices; i++)
		out->prices[i] = (struct ad_price){.rial = r[i].rial, .confirm = r[i].confirm};
	talloc_free(all);
}

/* The first line that says what it is; else the first that is only hashtags. lines->n when there is none. */
static size_t title_line(const struct lines *lines)
{
	for (int tags = 0; tags < 2; tags++) {
		for (size_t i = 0; i < lines->n; i++) {
			if (lines->at[i].tags_only == (tags == 1) && lines->at[i].title[0])
				return i;
		}
	}
	return lines->n;
}

static char *describe(void *ctx, const struct lines *lines, size_t title)
{
	struct buf *rest = buf_new(ctx, (size_t)4 * AD_TEXT_BYTES);
	char *text;

	for (size_t i = 0; i < lines->n; i++) {
		const struct ad_line *l = &lines->at[i];
		bool whole = i == title && !l->title_is_whole;

		if (!l->tags_only && (i != title || whole))
			buf_printf(rest, "%s\n", l->text);
	}
	text = safe_text(ctx, rest->data, AD_DESCRIPTION_CODEPOINTS, true);
	talloc_free(rest);
	return text;
}

static size_t count_codepoints(const char *s)
{
	size_t n = 0;

	while (utf8_next(&s))
		n++;
	return n;
}

bool ad_read(void *ctx, const char *text, struct ad *out)
{
	void *work = talloc_new(ctx);
	struct lines *lines = talloc_zero(work, struct lines);
	char *clean = clean_text(work, text);
	size_t length = count_codepoints(clean), title;

	if (!lines)
		abort();
	*out = (struct ad){0};
	read_lines(work, clean, lines);
	read_prices(work, lines, out);
	title = title_line(lines);
	/* What was between two parts of a number may have been left out: now it shows. */
	out->title = contacts_mask(ctx, title < lines->n ? lines->at[title].title : "");
	out->description = contacts_mask(ctx, describe(work, lines, title));
	title = lines->n;
	talloc_free(work);
	return out->title[0] && (title > 1 || (length >= ONE_LINE_LEAST && out->n_prices > 0));
}
