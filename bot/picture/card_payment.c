/* The payment card: what is to be paid, and the code that leads to the payment page. */
#include "card.h"

void card_payment(struct card *c, const struct recipe *r)
{
	const struct qr_look look = {.goal = 480, .firm = true, .emblem = r->emblem};
	double side = card_qr_side(r->qr, &look), x = (CARD_WIDTH - side) / 2;

	card_head(c, r);
	card_title(c, r);
	card_sum(c, r);
	card_rows(c, r);
	if (side > 0) {
		card_box(c, (struct box){x, c->y, side, side}, 28, TINT_WHITE);
		if (!r->dark)
			card_frame(c, (struct box){x, c->y, side, side}, 28, TINT_LINE);
		card_qr(c, r->qr, &look, x, c->y);
		c->y += side + 28;
	}
	card_foot(c, r);
}
