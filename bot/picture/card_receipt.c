/* The receipt: what was settled, its code, and where it can be checked. */
#include "card.h"

enum { CODE_HEIGHT = 108, PADDING = 24 };

static const struct qr_look look = {.goal = 220};

/* The code beside its small QR, both in one frame. */
static void draw_code(struct card *c, const struct recipe *r)
{
	static const struct style code = {
		.size = 44, .line = 60, .bold = true, .mono = true, .tint = TINT_INK, .side = SIDE_MIDDLE, .lines = 1};
	double side = card_qr_side(r->qr, &look);
	double height = side > 0 ? side + 2 * PADDING : CODE_HEIGHT, width = CARD_INSIDE - 2 * PADDING;

	if (!*r->code && side == 0)
		return;
	card_frame(c, (struct box){CARD_MARGIN, c->y, CARD_INSIDE, height}, 24, TINT_LINE);
	if (side > 0) {
		double x = CARD_MARGIN + CARD_INSIDE - PADDING - side;

		card_box(c, (struct box){x, c->y + PADDING, side, side}, 12, TINT_WHITE);
		card_qr(c, r->qr, &look, x, c->y + PADDING);
		width -= side + PADDING;
	}
	card_text(c, &code, r->code, CARD_MARGIN + PADDING, c->y + (height - code.line) / 2, width);
	c->y += height + 28;
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
