/* PNG files by libpng: see png_file.h. */
#include "png_file.h"

#include <assert.h>
#include <png.h>
#include <stdlib.h>
#include <zlib.h>

enum { MOST_COLOURS = 256 };

static void write_bytes(png_structp png, png_bytep bytes, png_size_t n)
{
	if (!buf_add(png_get_io_ptr(png), bytes, n))
		png_error(png, "the picture passes its maximum");
}

static void flush_nothing(png_structp png)
{
	(void)png;
}

static void write_head(png_structp png, png_infop info, const struct png_file *p)
{
	png_color palette[MOST_COLOURS];

	assert(p->n_colours <= MOST_COLOURS);
	for (int i = 0; i < p->n_colours; i++)
		palette[i] = (png_color){(png_byte)(p->colours[i] >> 16), (png_byte)(p->colours[i] >> 8),
					 (png_byte)p->colours[i]};
	png_set_IHDR(png, info, p->width, p->height, p->bits, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_PLTE(png, info, palette, p->n_colours);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	png_set_compression_level(png, p->effort);
	if (p->runs)
		png_set_compression_strategy(png, Z_RLE);
	png_write_info(png, info);
}

/* libpng tells its errors by a jump to here, so this function keeps nothing that a jump could spoil. */
bool png_file_write(const struct png_file *p, struct buf *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	if (!info)
		abort();
	if (setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		return false;
	}
	png_set_write_fn(png, out, write_bytes, flush_nothing);
	write_head(png, info, p);
	for (unsigned y = 0; y < p->height; y++)
		png_write_row(png, p->row(p->self, y));
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	return true;
}
