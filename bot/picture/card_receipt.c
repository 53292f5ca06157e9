/* The receipt: what was settled, its code, and where it can be checked. */
#include "card.h"

#include <math.h>

enum { CODE_HEIGHT = 108, PADDING = 24 };

/* The code beside its small QR, both in one frame. */
static void draw_code(struct card *c, const struct recipe *r)
{
	static const struct qr_look look = {.goal = 220, .radius = 12, .side = SIDE_END};
	static const struct style code = {
		.size = 44, .line = 60, .bold = true, .mono = true, .tint = TINT_INK, .side = SIDE_MIDDLE, .lines = 1};
	double top = c->y, width = CARD_INSIDE - 2 * PADDING, height = CODE_HEIGHT, side;

	c->y += PADDING;
	side = card_qr(c, r->qr, &look, CARD_MARGIN + PADDING, width);
	c->y = top;
	if (side > 0) {
		height = side + 2 * PADDING;
		width -= side + PADDING;
	}
	if (!*r->code && side == 0)
		return;
	card_frame(c, (struct box){CARD_MARGIN, top, CARD_INSIDE, height}, 24, TINT_LINE);
	card_text(c, &code, r->code, CARD_MARGIN + PADDING, top + floor((height - code.line) / 2), width);
	c->y = top + height + 28;
}

void card_receipt(struct card *c, const struct recipe *r)
{
	card_head(c, r);
	card_title(c, r);
	card_sum(c, r);
	card_rows(c, r);
	draw_code(c, r);
	card_foot(c, r);
}
