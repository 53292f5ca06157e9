/* QR codes on cards, with an emblem in their middle: see card.h. */
#include "card.h"

#include <math.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUIET = 4, /* modules of white on each side, as the standard asks */
	LEAST_SCALE = 3, /* pixels a module */
	HIDDEN_PERCENT = 20 /* of the side under the emblem: 4 % of the modules, of which level H bears 30 % */
};

static QRcode *encode_as(const char *text, int least_version, QRecLevel level)
{
	QRcode *code = QRcode_encodeString(text, least_version, level, QR_MODE_8, 1);

	if (!code)
		abort(); /* a bounded text always fits: only memory can be missing */
	return code;
}

/* Versions 7 to 13, 21 to 27 … have a pattern in the very middle by which readers straighten the code. Below an emblem
 * some take a part of the emblem for it and read nothing (cherries at version 7, a mushroom at 9). */
static bool middle_is_taken(const QRcode *code)
{
	return code->version / 7 % 2 == 1;
}

/* A code that bears an emblem in its middle. A link somewhat too long for version 6 stays there with level Q, which
 * still bears 25 %; a longer one takes a greater version than it needs. */
static QRcode *encode_firm(const char *text)
{
	QRcode *code = encode_as(text, 0, QR_ECLEVEL_H);
	int next = (code->version / 7 + 1) * 7;

	if (!middle_is_taken(code))
		return code;
	QRcode_free(code);
	code = encode_as(text, 0, QR_ECLEVEL_Q);
	if (code->version < 7)
		return code;
	QRcode_free(code);
	return encode_as(text, next, QR_ECLEVEL_H);
}

/* NULL for a text that is empty or too long. */
static QRcode *encode(const char *text, const struct qr_look *look)
{
	size_t n = strnlen(text, QR_MAX_TEXT + 1);

	if (n == 0 || n > QR_MAX_TEXT)
		return NULL;
	return look->firm ? encode_firm(text) : encode_as(text, 0, QR_ECLEVEL_M);
}

static int scale_of(int width, const struct qr_look *look)
{
	int scale = look->goal / (width + 2 * QUIET);

	return scale < LEAST_SCALE ? LEAST_SCALE : scale;
}

/* Runs of dark modules as rectangles on whole pixels. */
static void draw_modules(struct card *c, const QRcode *code, double left, double top, int scale)
{
	for (int y = 0; y < code->width; y++) {
		const unsigned char *row = code->data + (ptrdiff_t)y * code->width;

		for (int x = 0, from; x < code->width; x++) {
			for (from = x; x < code->width && (row[x] & 1); x++)
				;
			if (x > from)
				cairo_rectangle(c->cr, left + from * scale, top + y * scale, (x - from) * scale, scale);
		}
	}
	card_tint(c, TINT_BLACK);
	cairo_fill(c->cr);
}

/* A white square of whole modules around the very middle, with the emblem inside. */
static void draw_middle(struct card *c, int emblem, struct box code, int modules, int scale)
{
	int hidden = modules * HIDDEN_PERCENT / 100;
	double side, padding;

	hidden -= hidden % 2 == 0; /* a code's width is odd, so is what lies in its middle */
	side = hidden * scale;
	padding = side * 0.07;
	code.x += (code.width - side) / 2;
	code.y += (code.height - side) / 2;
	card_box(c, (struct box){code.x, code.y, side, side}, side * 0.2, TINT_WHITE);
	card_emblem(c, emblem,
		    (struct box){code.x + padding, code.y + padding, side - 2 * padding, side - 2 * padding});
}

static double start_of(enum side side, double x, double width, double qr)
{
	switch (side) {
	case SIDE_START:
		return x;
	case SIDE_MIDDLE:
		return x + (width - qr) / 2;
	case SIDE_END:
		return x + width - qr;
	}
	abort();
}

double card_qr(struct card *c, const char *text, const struct qr_look *look, double x, double width)
{
	QRcode *code = encode(text, look);
	double side, quiet, inner;
	int scale;

	if (!code)
		return 0;
	scale = scale_of(code->width, look);
	quiet = QUIET * scale;
	inner = code->width * scale;
	side = inner + 2 * quiet;
	x = floor(start_of(look->side, x, width, side));
	card_box(c, (struct box){x, c->y, side, side}, look->radius, TINT_WHITE);
	draw_modules(c, code, card_left(c, x + quiet, inner), c->y + quiet, scale);
	if (look->emblem)
		draw_middle(c, look->emblem, (struct box){x + quiet, c->y + quiet, inner, inner}, code->width, scale);
	QRcode_free(code);
	return side;
}
