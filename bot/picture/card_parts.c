/* What more than one card shows: head, title, sum, rows and foot. See card.h. */
#include "card.h"

enum { TILE = 92, TILE_PADDING = 12, GAP = 32, PANEL_PADDING = 26, ROW_PADDING = 12, DENSE_PADDING = 6 };

void card_head(struct card *c, const struct recipe *r)
{
	static const struct style brand = {.size = 34, .line = 52, .bold = true, .tint = TINT_INK, .lines = 1};
	static const struct style name = {.size = 25, .line = 40, .tint = TINT_SOFT, .lines = 1};
	static const struct style heading = {
		.size = 31, .line = 52, .bold = true, .tint = TINT_MAIN, .side = SIDE_END, .lines = 1};
	static const struct style code = {
		.size = 25, .line = 40, .mono = true, .tint = TINT_SOFT, .side = SIDE_END, .lines = 1};
	double start = CARD_MARGIN, half = CARD_INSIDE / 2.0;

	c->y = 48;
	if (r->emblem) {
		double inner = TILE - 2 * TILE_PADDING;

		card_box(c, (struct box){start, c->y, TILE, TILE}, 22, TINT_TILE);
		card_emblem(c, r->emblem, (struct box){start + TILE_PADDING, c->y + TILE_PADDING, inner, inner});
		start += TILE + 20;
	}
	card_text(c, &brand, r->brand, start, c->y, CARD_MARGIN + half - GAP / 2.0 - start);
	card_text(c, &name, r->emblem_name, start, c->y + brand.line, CARD_MARGIN + half - GAP / 2.0 - start);
	card_text(c, &heading, r->heading, CARD_MARGIN + half, c->y, half);
	if (r->kind != RECIPE_RECEIPT) /* a receipt shows it large */
		card_text(c, &code, r->code, CARD_MARGIN + half, c->y + heading.line, half);
	c->y += TILE + GAP;
	card_box(c, (struct box){CARD_MARGIN, c->y, CARD_INSIDE, 2}, 0, TINT_LINE);
	c->y += GAP;
}

void card_title(struct card *c, const struct recipe *r)
{
	static const struct style title = {.size = 36, .line = 58, .bold = true, .tint = TINT_INK, .lines = 2};
	double height = card_text(c, &title, r->title, CARD_MARGIN, c->y, CARD_INSIDE);

	if (height > 0)
		c->y += height + GAP - 8;
}

void card_sum(struct card *c, const struct recipe *r)
{
	static const struct style sum = {
		.size = 62, .line = 96, .bold = true, .tint = TINT_MAIN, .side = SIDE_MIDDLE, .lines = 1};
	static const struct style words = {.size = 27, .line = 44, .tint = TINT_SOFT, .side = SIDE_MIDDLE, .lines = 2};
	double x = CARD_MARGIN + PANEL_PADDING, width = CARD_INSIDE - 2 * PANEL_PADDING;
	double height = 2 * PANEL_PADDING - 8;

	if (!*r->sum)
		return;
	height += sum.line + card_text_height(c, &words, r->sum_words, width);
	card_box(c, (struct box){CARD_MARGIN, c->y, CARD_INSIDE, height}, 24, TINT_PANEL);
	card_text(c, &sum, r->sum, x, c->y + PANEL_PADDING - 8, width);
	card_text(c, &words, r->sum_words, x, c->y + PANEL_PADDING - 8 + sum.line, width);
	c->y += height + GAP - 12;
}

static double draw_row(struct card *c, const struct recipe_row *row)
{
	static const struct style label = {.size = 27, .line = 44, .tint = TINT_SOFT, .lines = 2};
	static const struct style plain = {.size = 28, .line = 44, .tint = TINT_INK, .side = SIDE_END, .lines = 2};
	static const struct style strong = {
		.size = 32, .line = 44, .bold = true, .tint = TINT_INK, .side = SIDE_END, .lines = 2};
	const double middle = CARD_INSIDE * 0.4;
	double left = card_text(c, &label, row->label, CARD_MARGIN, c->y, middle - 16);
	double right = card_text(c, row->strong ? &strong : &plain, row->value, CARD_MARGIN + middle, c->y,
				 CARD_INSIDE - middle);

	return left > right ? left : right;
}

void card_rows(struct card *c, const struct recipe *r)
{
	int padding = c->dense ? DENSE_PADDING : ROW_PADDING;

	for (size_t i = 0; i < r->n_rows; i++) {
		if (i)
			card_box(c, (struct box){CARD_MARGIN, c->y, CARD_INSIDE, 2}, 0, TINT_LINE);
		c->y += padding;
		c->y += draw_row(c, &r->rows[i]) + padding;
	}
	if (r->n_rows)
		c->y += GAP - ROW_PADDING;
}

void card_foot(struct card *c, const struct recipe *r)
{
	static const struct style foot = {.size = 24, .line = 40, .tint = TINT_SOFT, .side = SIDE_MIDDLE, .lines = 3};

	c->y += card_text(c, &foot, r->foot, CARD_MARGIN, c->y, CARD_INSIDE) + 44;
}
