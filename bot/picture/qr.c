/* libqrencode makes the modules, libpng the file: see qr.h. */
#include "qr.h"
#include "buf.h"

#include <assert.h>
#include <png.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

enum {
	QUIET = 4, /* modules of white on each side, as the standard asks */
	GOAL_PIXELS = 500,
	LEAST_SCALE = 4, /* pixels a module */
	MOST_MODULES = 177 + 2 * QUIET,
	ROW_BYTES = (MOST_MODULES * LEAST_SCALE + GOAL_PIXELS) / 8 + 1,
	COMPRESSION = 9
};

static void write_bytes(png_structp png, png_bytep bytes, png_size_t n)
{
	if (!buf_add(png_get_io_ptr(png), bytes, n))
		png_error(png, "the picture passes its maximum");
}

static void flush_nothing(png_structp png)
{
	(void)png;
}

/* One row of modules as pixels: a set bit is black. NULL for `modules`: the quiet zone. */
static void draw_row(png_byte row[ROW_BYTES], const unsigned char *modules, int width, int scale)
{
	memset(row, 0, ROW_BYTES);
	for (int x = 0; modules && x < width * scale; x++) {
		int at = x + QUIET * scale;

		if (modules[x / scale] & 1)
			row[at / 8] |= (png_byte)(0x80 >> at % 8);
	}
}

static void write_rows(png_structp png, const QRcode *code, int scale)
{
	png_byte row[ROW_BYTES];

	for (int y = -QUIET; y < code->width + QUIET; y++) {
		bool inside = y >= 0 && y < code->width;

		draw_row(row, inside ? code->data + y * code->width : NULL, code->width, scale);
		for (int i = 0; i < scale; i++)
			png_write_row(png, row);
	}
}

static void write_head(png_structp png, png_infop info, png_uint_32 side)
{
	static const png_color palette[] = {{255, 255, 255}, {0, 0, 0}};

	png_set_IHDR(png, info, side, side, 1, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	png_set_PLTE(png, info, palette, 2);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	png_set_compression_level(png, COMPRESSION);
	png_write_info(png, info);
}

/* libpng tells its errors by a jump to here, so this function keeps nothing that a jump could spoil. */
static bool write_png(const QRcode *code, int scale, struct buf *file)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	if (!info)
		abort();
	if (setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		return false;
	}
	png_set_write_fn(png, file, write_bytes, flush_nothing);
	write_head(png, info, (png_uint_32)((code->width + 2 * QUIET) * scale));
	write_rows(png, code, scale);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	return true;
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
