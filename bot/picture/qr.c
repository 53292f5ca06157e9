/* libqrencode makes the modules, png_file.c the file: see qr.h. */
#include "qr.h"
#include "buf.h"
#include "png_file.h"

#include <assert.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum {
	QUIET = 4, /* modules of white on each side, as the standard asks */
	GOAL_PIXELS = 500,
	LEAST_SCALE = 4, /* pixels a module */
	MOST_MODULES = 177 + 2 * QUIET,
	ROW_BYTES = (MOST_MODULES * LEAST_SCALE + GOAL_PIXELS) / 8 + 1
};

struct drawing {
	const QRcode *code;
	int scale;
	unsigned char row[ROW_BYTES];
};

/* One row of pixels: a set bit is black. */
static const unsigned char *draw_row(void *self, unsigned at_y)
{
	struct drawing *d = self;
	int width = d->code->width, y = (int)at_y / d->scale - QUIET;
	bool inside = y >= 0 && y < width;
	const unsigned char *modules = inside ? d->code->data + (ptrdiff_t)y * width : NULL;

	if (at_y % (unsigned)d->scale) /* the same row of modules as before */
		return d->row;
	memset(d->row, 0, sizeof d->row);
	for (int x = 0; modules && x < width * d->scale; x++) {
		int at = x + QUIET * d->scale;

		if (modules[x / d->scale] & 1)
			d->row[at / 8] |= (unsigned char)(0x80 >> at % 8);
	}
	return d->row;
}

static bool write_png(const QRcode *code, int scale, struct buf *file)
{
	static const unsigned white_black[] = {0xffffff, 0x000000};
	struct drawing drawing = {.code = code, .scale = scale};
	unsigned side = (unsigned)((code->width + 2 * QUIET) * scale);

	return png_file_write(&(struct png_file){.width = side,
						 .height = side,
						 .bits = 1,
						 .colours = white_black,
						 .n_colours = 2,
						 .row = draw_row,
						 .self = &drawing},
			      file);
}

static int scale_of(int modules)
{
	int scale = (GOAL_PIXELS + modules / 2) / modules;

	return scale < LEAST_SCALE ? LEAST_SCALE : scale;
}

bool qr_png(void *ctx, const char *text, struct picture *out)
{
	size_t n = text ? strnlen(text, QR_MAX_TEXT + 1) : 0;
	struct buf *file;
	QRcode *code;
	int modules, scale;
	bool drawn;

	*out = (struct picture){0};
	if (n == 0 || n > QR_MAX_TEXT)
		return false;
	code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!code)
		abort(); /* a bounded text always fits: only memory can be missing */
	modules = code->width + 2 * QUIET;
	scale = scale_of(modules);
	assert(modules <= MOST_MODULES && (size_t)(modules * scale) <= (size_t)ROW_BYTES * 8);
	file = buf_new(ctx, QR_MAX_PNG);
	drawn = write_png(code, scale, file);
	QRcode_free(code);
	if (!drawn)
		return false;
	*out = (struct picture){file->data, file->len, (unsigned)(modules * scale), (unsigned)(modules * scale)};
	return true;
}
