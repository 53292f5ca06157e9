/* What the three cards are drawn with: a canvas, tints, letters, and the parts that cards have in common. All lengths
 * are pixels; x counts from the side where reading begins, so that nothing but this header's functions knows whether
 * the card is mirrored. */
#ifndef SEPAREX_CARD_H
#define SEPAREX_CARD_H

#include "recipe.h"

#include <cairo.h>
#include <pango/pango.h>

enum {
	CARD_WIDTH = 800,
	CARD_MOST_HEIGHT = 2 * CARD_WIDTH, /* a card that would be higher is drawn dense */
	CARD_MARGIN = 56,
	CARD_INSIDE = CARD_WIDTH - 2 * CARD_MARGIN
};

enum tint {
	TINT_PAPER,
	TINT_PANEL,
	TINT_INK,
	TINT_SOFT,
	TINT_LINE,
	TINT_MAIN,
	TINT_MAIN_INK, /* on TINT_MAIN and TINT_BAD */
	TINT_BAD,
	TINT_TILE, /* under an emblem, light in both themes: an emblem must look the same everywhere */
	TINT_WHITE, /* under a QR code, as readers want it */
	TINT_BLACK,
	TINT_COUNT
};

/* The colours of a theme as 0xRRGGBB. */
const unsigned *card_tints(bool dark);

struct card {
	cairo_t *cr;
	PangoContext *letters;
	const unsigned *tints;
	bool rtl;
	bool dense; /* one line where there may be two, rows closer together: the fullest recipe fits like this */
	int guests; /* see tame.h */
	double y; /* where the next part begins */
};

enum side { SIDE_START, SIDE_MIDDLE, SIDE_END };

struct style {
	int size, line; /* height of the letters and of a line */
	bool bold, mono;
	enum tint tint;
	enum side side;
	int lines; /* more are cut with an ellipsis; 1 line that is too wide becomes smaller first, to 3/5 of its size
		    */
};

struct box {
	double x, y, width, height;
};

/* Draws a text into `width` and returns its height, 0 for "". Nothing is drawn outside of that height. */
double card_text(struct card *c, const struct style *s, const char *text, double x, double y, double width);
/* The height that card_text will return. */
double card_text_height(struct card *c, const struct style *s, const char *text, double width);

/* A filled box with round corners. */
void card_box(struct card *c, struct box box, double radius, enum tint tint);
/* The same as a line of 2 pixels inside the box. */
void card_frame(struct card *c, struct box box, double radius, enum tint tint);
void card_emblem(struct card *c, int emblem, struct box box);
void card_tint(struct card *c, enum tint tint);
/* Where a box of this width begins on the canvas. */
double card_left(const struct card *c, double x, double width);

struct qr_look {
	int goal; /* most pixels of a side, with the quiet zone; passed only where a module would be below 3 pixels */
	double radius; /* of the white box under it */
	enum side side; /* where it stands in the width that it is given */
	bool firm; /* bears an emblem in the middle: error level H, seldom Q; else M */
	int emblem; /* 0 for none */
};

/* Draws a QR code on white with its top at c->y, and returns its side; 0 when there is none to draw: "" or too long. */
double card_qr(struct card *c, const char *text, const struct qr_look *look, double x, double width);

/* Parts in the order in which they may stand; each begins at c->y, moves it down, and leaves out what is empty. */
void card_head(struct card *c, const struct recipe *r);
void card_title(struct card *c, const struct recipe *r);
void card_sum(struct card *c, const struct recipe *r);
void card_rows(struct card *c, const struct recipe *r);
void card_foot(struct card *c, const struct recipe *r);

/* The cards, each in its own file. */
void card_payment(struct card *c, const struct recipe *r);
void card_status(struct card *c, const struct recipe *r);
void card_receipt(struct card *c, const struct recipe *r);

#endif
