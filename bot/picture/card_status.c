/* The status card: the steps of a deal, one below the other, and where it stands. */
#include "card.h"

enum { MARK_SIDE = 40, MARK_X = CARD_MARGIN + MARK_SIDE / 2, TEXT_X = CARD_MARGIN + MARK_SIDE + 28, STEP_GAP = 26 };

static void trace_lines(struct card *c, const double (*points)[2], int n)
{
	for (int i = 0; i < n; i++)
		cairo_line_to(c->cr, points[i][0], points[i][1]);
}

/* Signs are not mirrored: a tick is a tick in Persian too. */
static void draw_sign(struct card *c, enum recipe_mark mark, double x, double y)
{
	const double tick[][2] = {{x - 9, y + 1}, {x - 3, y + 8}, {x + 10, y - 7}};
	const double cross[2][2][2] = {{{x - 7, y - 7}, {x + 7, y + 7}}, {{x - 7, y + 7}, {x + 7, y - 7}}};

	card_tint(c, TINT_MAIN_INK);
	cairo_set_line_width(c->cr, 4.5);
	cairo_set_line_cap(c->cr, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(c->cr, CAIRO_LINE_JOIN_ROUND);
	if (mark == MARK_DONE) {
		trace_lines(c, tick, 3);
	} else if (mark == MARK_STOPPED) {
		trace_lines(c, cross[0], 2);
		cairo_new_sub_path(c->cr);
		trace_lines(c, cross[1], 2);
	}
	cairo_stroke(c->cr);
}

static void disc(struct card *c, double y, double radius, enum tint tint)
{
	card_box(c, (struct box){MARK_X - radius, y - radius, 2 * radius, 2 * radius}, radius, tint);
}

static void draw_mark(struct card *c, enum recipe_mark mark, double y)
{
	switch (mark) {
	case MARK_DONE:
	case MARK_STOPPED:
		disc(c, y, MARK_SIDE / 2.0, mark == MARK_DONE ? TINT_MAIN : TINT_BAD);
		draw_sign(c, mark, card_left(c, MARK_X, 0), y);
		return;
	case MARK_NOW:
		disc(c, y, MARK_SIDE / 2.0, TINT_MAIN);
		disc(c, y, MARK_SIDE / 2.0 - 5, TINT_PAPER);
		disc(c, y, MARK_SIDE / 2.0 - 11, TINT_MAIN);
		return;
	case MARK_AHEAD:
		disc(c, y, MARK_SIDE / 2.0 - 5, TINT_LINE);
		disc(c, y, MARK_SIDE / 2.0 - 9, TINT_PAPER);
		return;
	}
}

static double draw_words(struct card *c, const struct recipe_step *step)
{
	struct style label = {.size = 30, .line = 46, .tint = TINT_INK, .lines = 1};
	static const struct style detail = {.size = 25, .line = 38, .tint = TINT_SOFT, .lines = 2};
	double width = CARD_WIDTH - CARD_MARGIN - TEXT_X, height;

	label.bold = step->mark == MARK_NOW || step->mark == MARK_STOPPED;
	if (step->mark == MARK_AHEAD)
		label.tint = TINT_SOFT;
	else if (step->mark == MARK_STOPPED)
		label.tint = TINT_BAD;
	height = card_text(c, &label, step->label, TEXT_X, c->y, width);
	height += card_text(c, &detail, step->detail, TEXT_X, c->y + height, width);
	return height > label.line ? height : label.line;
}

static void draw_steps(struct card *c, const struct recipe *r)
{
	for (size_t i = 0; i < r->n_steps; i++) {
		const struct recipe_step *step = &r->steps[i];
		double middle = c->y + 23, height = draw_words(c, step) + STEP_GAP;

		if (i + 1 < r->n_steps)
			card_box(c, (struct box){MARK_X - 2, middle, 4, height}, 0,
				 step->mark == MARK_DONE ? TINT_MAIN : TINT_LINE);
		draw_mark(c, step->mark, middle);
		c->y += height;
	}
}

void card_status(struct card *c, const struct recipe *r)
{
	card_head(c, r);
	card_title(c, r);
	draw_steps(c, r);
	c->y += STEP_GAP / 2.0;
	card_foot(c, r);
}
