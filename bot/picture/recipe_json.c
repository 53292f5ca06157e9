/* Recipes as JSON for work rows, and back: see recipe.h. */
#include "recipe.h"

#include "emblem.h"
#include "js.h"
#include "js_write.h"
#include "tame.h"
#include "utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* The texts of a recipe by their names, which are stored: only add. */
static const struct text_place {
	const char *name;
	size_t offset;
} places[] = {
	{"lang", offsetof(struct recipe, language)},   {"emblem_name", offsetof(struct recipe, emblem_name)},
	{"brand", offsetof(struct recipe, brand)},     {"heading", offsetof(struct recipe, heading)},
	{"title", offsetof(struct recipe, title)},     {"sum", offsetof(struct recipe, sum)},
	{"words", offsetof(struct recipe, sum_words)}, {"code", offsetof(struct recipe, code)},
	{"foot", offsetof(struct recipe, foot)},
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* Leaves "" out; the reader puts it back. */
static void put_text(struct buf *b, const char *name, const char *text, size_t units)
{
	void *ctx;
	const char *whole;

	if (!*text)
		return;
	ctx = talloc_new(NULL);
	whole = utf8_mend(ctx, text);
	js_write_text(b, name, talloc_strndup(ctx, whole, utf8_fit_utf16(whole, units)));
	talloc_free(ctx);
}

static void put_rows(struct buf *b, const struct recipe *r, size_t units)
{
	js_write_open(b, "rows", '[');
	for (size_t i = 0; i < r->n_rows; i++) {
		js_write_open(b, NULL, '{');
		put_text(b, "label", r->rows[i].label, units);
		put_text(b, "value", r->rows[i].value, units);
		if (r->rows[i].strong)
			js_write_true(b, "strong");
		js_write_close(b, '}');
	}
	js_write_close(b, ']');
}

static void put_steps(struct buf *b, const struct recipe *r, size_t units)
{
	js_write_open(b, "steps", '[');
	for (size_t i = 0; i < r->n_steps; i++) {
		js_write_open(b, NULL, '{');
		put_text(b, "label", r->steps[i].label, units);
		put_text(b, "detail", r->steps[i].detail, units);
		js_write_int(b, "mark", r->steps[i].mark);
		js_write_close(b, '}');
	}
	js_write_close(b, ']');
}

/* Writes `r` with each text cut to `units` UTF-16 units; the QR's text is whole or useless. */
static void put_recipe(struct buf *b, const struct recipe *r, size_t units)
{
	js_write_open(b, NULL, '{');
	js_write_int(b, "kind", r->kind);
	if (r->dark)
		js_write_true(b, "dark");
	if (r->emblem)
		js_write_int(b, "emblem", r->emblem);
	for (size_t i = 0; i < COUNT(places); i++) {
		const char *text;

		memcpy(&text, (const char *)r + places[i].offset, sizeof text);
		put_text(b, places[i].name, text, units);
	}
	put_text(b, "qr", r->qr, QR_MAX_TEXT + 1);
	put_rows(b, r, units);
	put_steps(b, r, units);
	js_write_close(b, '}');
}

char *recipe_to_json(const void *ctx, const struct recipe *r)
{
	struct buf *b = buf_new(ctx, RECIPE_MAX_BYTES);

	assert(r->n_rows <= RECIPE_MAX_ROWS && r->n_steps <= RECIPE_MAX_STEPS);
	for (size_t units = TAME_MOST_UNITS; units; units /= 2) {
		buf_clear(b);
		put_recipe(b, r, units);
		if (!b->failed)
			return b->data;
	}
	abort(); /* one unit for each text and the longest QR text stay far below the maximum */
}

static bool read_rows(const json_t *rows, struct recipe *r)
{
	const json_t *row;
	size_t i;

	if ((rows && !json_is_array(rows)) || json_array_size(rows) > RECIPE_MAX_ROWS)
		return false;
	json_array_foreach(rows, i, row)
	{
		if (!json_is_object(row))
			return false;
		r->rows[r->n_rows++] = (struct recipe_row){js_str(row, "label", ""), js_str(row, "value", ""),
							   js_bool(row, "strong", false)};
	}
	return true;
}

static bool read_steps(const json_t *steps, struct recipe *r)
{
	const json_t *step;
	size_t i;

	if ((steps && !json_is_array(steps)) || json_array_size(steps) > RECIPE_MAX_STEPS)
		return false;
	json_array_foreach(steps, i, step)
	{
		int64_t mark = js_int(step, "mark", 0);

		if (mark < MARK_DONE || mark > MARK_STOPPED)
			return false;
		r->steps[r->n_steps++] = (struct recipe_step){js_str(step, "label", ""), js_str(step, "detail", ""),
							      (enum recipe_mark)mark};
	}
	return true;
}

bool recipe_from_json(void *ctx, const char *json, struct recipe *out)
{
	size_t n = json ? strnlen(json, RECIPE_MAX_BYTES + 1) : 0;
	json_t *j = n <= RECIPE_MAX_BYTES ? js_parse(ctx, json, n) : NULL;
	int64_t kind = js_int(j, "kind", 0), emblem = js_int(j, "emblem", 0);

	if (kind < RECIPE_PAYMENT || kind > RECIPE_RECEIPT || emblem < 0 || emblem > EMBLEM_COUNT)
		return false;
	*out = (struct recipe){.kind = (enum recipe_kind)kind, .emblem = (int)emblem};
	out->dark = js_bool(j, "dark", false);
	out->qr = js_str(j, "qr", "");
	for (size_t i = 0; i < COUNT(places); i++) {
		const char *text = js_str(j, places[i].name, "");

		memcpy((char *)out + places[i].offset, &text, sizeof text);
	}
	return read_rows(js_at(j, "rows"), out) && read_steps(js_at(j, "steps"), out);
}
