/* The brushes of cards: boxes, tints and texts. See card.h. */
#include "card.h"

#include "emblem_draw.h"
#include "tame.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { LEAST_SIZE_PERCENT = 60 };

static const unsigned themes[2][TINT_COUNT] = {
	{
		[TINT_PAPER] = 0xffffff,
		[TINT_PANEL] = 0xeef3f2,
		[TINT_INK] = 0x16211f,
		[TINT_SOFT] = 0x52635f,
		[TINT_LINE] = 0xd9e2e0,
		[TINT_MAIN] = 0x0a6b5e,
		[TINT_MAIN_INK] = 0xffffff,
		[TINT_BAD] = 0xb3352b,
		[TINT_TILE] = 0xeef3f2,
		[TINT_WHITE] = 0xffffff,
		[TINT_BLACK] = 0x000000,
	},
	{
		[TINT_PAPER] = 0x182120,
		[TINT_PANEL] = 0x0f1514,
		[TINT_INK] = 0xe9efed,
		[TINT_SOFT] = 0xa3b3af,
		[TINT_LINE] = 0x33423f,
		[TINT_MAIN] = 0x4cc2ac,
		[TINT_MAIN_INK] = 0x06231e,
		[TINT_BAD] = 0xf08a80,
		[TINT_TILE] = 0xeef3f2,
		[TINT_WHITE] = 0xffffff,
		[TINT_BLACK] = 0x000000,
	},
};

const unsigned *card_tints(bool dark)
{
	return themes[dark];
}

void card_tint(struct card *c, enum tint tint)
{
	unsigned rgb = c->tints[tint];

	cairo_set_source_rgb(c->cr, (rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
}

double card_left(const struct card *c, double x, double width)
{
	return c->rtl ? CARD_WIDTH - x - width : x;
}

static void trace_box(struct card *c, struct box b, double radius)
{
	double left = card_left(c, b.x, b.width), right = left + b.width;

	cairo_new_path(c->cr);
	cairo_arc(c->cr, right - radius, b.y + radius, radius, -M_PI / 2, 0);
	cairo_arc(c->cr, right - radius, b.y + b.height - radius, radius, 0, M_PI / 2);
	cairo_arc(c->cr, left + radius, b.y + b.height - radius, radius, M_PI / 2, M_PI);
	cairo_arc(c->cr, left + radius, b.y + radius, radius, M_PI, 3 * M_PI / 2);
	cairo_close_path(c->cr);
}

void card_box(struct card *c, struct box box, double radius, enum tint tint)
{
	card_tint(c, tint);
	if (radius > 0)
		trace_box(c, box, radius);
	else
		cairo_rectangle(c->cr, card_left(c, box.x, box.width), box.y, box.width, box.height);
	cairo_fill(c->cr);
}

void card_frame(struct card *c, struct box box, double radius, enum tint tint)
{
	card_tint(c, tint);
	trace_box(c, (struct box){box.x + 1, box.y + 1, box.width - 2, box.height - 2}, radius);
	cairo_set_line_width(c->cr, 2);
	cairo_stroke(c->cr);
}

void card_emblem(struct card *c, int emblem, struct box box)
{
	emblem_draw(c->cr, emblem, card_left(c, box.x, box.width), box.y, box.width);
}

/* The direction of a text's first letter that has one, else the card's. `text` is valid UTF-8. */
static PangoDirection direction_of(const struct card *c, const char *text)
{
	int32_t n = (int32_t)strlen(text);

	for (int32_t i = 0; i < n;) {
		UChar32 letter;
		UCharDirection direction;

		U8_NEXT_UNSAFE(text, i, letter);
		direction = u_charDirection(letter);
		if (direction == U_LEFT_TO_RIGHT)
			return PANGO_DIRECTION_LTR;
		if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
			return PANGO_DIRECTION_RTL;
	}
	return c->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR;
}

static void set_font(PangoLayout *layout, const struct card *c, const struct style *s, int size)
{
	PangoFontDescription *font = pango_font_description_new();
	PangoAttrList *attributes = pango_attr_list_new();
	const char *plain = c->rtl ? "Noto Sans Arabic,Noto Sans,Vazirmatn,DejaVu Sans,sans-serif"
				   : "Noto Sans,Noto Sans Arabic,DejaVu Sans,sans-serif";

	pango_font_description_set_family_static(font, s->mono ? "Noto Sans Mono,DejaVu Sans Mono,monospace" : plain);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_font_description_set_weight(font, s->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
}

static void shrink_to(PangoLayout *layout, const struct card *c, const struct style *s, double width)
{
	int needed, least = s->size * LEAST_SIZE_PERCENT / 100, size;

	pango_layout_get_pixel_size(layout, &needed, NULL);
	if (needed <= width)
		return;
	size = (int)(s->size * width / needed);
	set_font(layout, c, s, size > least ? size : least);
}

/* Lines of about the same length where the last would be a lonely word. */
static void balance(PangoLayout *layout, double width)
{
	int lines = pango_layout_get_line_count(layout), longest;
	PangoRectangle last;

	if (lines < 2 || pango_layout_is_ellipsized(layout))
		return;
	pango_layout_get_pixel_size(layout, &longest, NULL);
	pango_layout_line_get_pixel_extents(pango_layout_get_line_readonly(layout, lines - 1), NULL, &last);
	if (last.width > longest / 2)
		return;
	longest = (longest * (lines - 1) + last.width) / lines + longest / 6;
	pango_layout_set_width(layout, longest * PANGO_SCALE);
	if (pango_layout_get_line_count(layout) > lines || pango_layout_is_ellipsized(layout))
		pango_layout_set_width(layout, (int)width * PANGO_SCALE);
}

static PangoAlignment alignment(const struct card *c, enum side side)
{
	if (side == SIDE_MIDDLE)
		return PANGO_ALIGN_CENTER;
	return (side == SIDE_START) == c->rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

static PangoLayout *lay_out(struct card *c, const struct style *s, const char *text, double width)
{
	int lines = c->dense && s->lines > 1 ? s->lines - 1 : s->lines;
	void *ctx = talloc_new(NULL);
	const char *tamed = tame(ctx, text, &c->guests);
	PangoLayout *layout;

	/* Brackets, dots and the ellipsis stand as the text's own language wants them, wherever the card begins. */
	pango_context_set_base_dir(c->letters, direction_of(c, tamed));
	layout = pango_layout_new(c->letters);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_text(layout, tamed, -1);
	talloc_free(ctx);
	set_font(layout, c, s, s->size);
	if (lines == 1)
		shrink_to(layout, c, s, width);
	pango_layout_set_width(layout, (int)width * PANGO_SCALE);
	pango_layout_set_height(layout, -lines);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(layout, alignment(c, s->side));
	balance(layout, width);
	return layout;
}

static double height_of(const struct style *s, PangoLayout *layout)
{
	return s->line * pango_layout_get_line_count(layout);
}

/* Lines stand at fixed distances, whatever font a rare character comes from. */
static void show_lines(struct card *c, const struct style *s, PangoLayout *layout, double left, double top)
{
	PangoLayoutIter *at = pango_layout_get_iter(layout);
	double baseline = top + floor(s->line / 2.0 + s->size * 0.33);

	do {
		PangoRectangle line;

		pango_layout_iter_get_line_extents(at, NULL, &line);
		cairo_move_to(c->cr, left + (double)line.x / PANGO_SCALE, baseline);
		pango_cairo_show_layout_line(c->cr, pango_layout_iter_get_line_readonly(at));
		baseline += s->line;
	} while (pango_layout_iter_next_line(at));
	pango_layout_iter_free(at);
}

static void show(struct card *c, const struct style *s, PangoLayout *layout, struct box box)
{
	double width = (double)pango_layout_get_width(layout) / PANGO_SCALE, spare = box.width - width, left;

	left = card_left(c,
			 box.x + (s->side == SIDE_START ? 0
				  : s->side == SIDE_END ? spare
							: floor(spare / 2)),
			 width);
	cairo_save(c->cr);
	cairo_rectangle(c->cr, left - s->size * 0.25, box.y, width + s->size * 0.5, box.height);
	cairo_clip(c->cr);
	card_tint(c, s->tint);
	show_lines(c, s, layout, left, box.y);
	cairo_restore(c->cr);
}

double card_text(struct card *c, const struct style *s, const char *text, double x, double y, double width)
{
	PangoLayout *layout;
	double height;

	if (!*text)
		return 0;
	layout = lay_out(c, s, text, width);
	height = height_of(s, layout);
	show(c, s, layout, (struct box){x, y, width, height});
	g_object_unref(layout);
	return height;
}

double card_text_height(struct card *c, const struct style *s, const char *text, double width)
{
	PangoLayout *layout;
	double height;

	if (!*text)
		return 0;
	layout = lay_out(c, s, text, width);
	height = height_of(s, layout);
	g_object_unref(layout);
	return height;
}
