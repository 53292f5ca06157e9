/* The payment card: what is to be paid, and the code that leads to the payment page. */
#include "card.h"

#include <math.h>

void card_payment(struct card *c, const struct recipe *r)
{
	const struct qr_look look = {.goal = 480, .radius = 28, .side = SIDE_MIDDLE, .firm = true, .emblem = r->emblem};
	double side;

	card_head(c, r);
	card_title(c, r);
	card_sum(c, r);
	card_rows(c, r);
	side = card_qr(c, r->qr, &look, CARD_MARGIN, CARD_INSIDE);
	if (side > 0) {
		struct box box = {floor((CARD_WIDTH - side) / 2), c->y, side, side};

		if (!r->dark) /* white on white needs an edge */
			card_frame(c, box, look.radius, TINT_LINE);
		c->y += side + 28;
	}
	card_foot(c, r);
}
