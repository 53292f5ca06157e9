/* Recipes drawn, as PNG and as PDF: see recipe.h. What a card looks like is in card_*.c. */
#include "recipe.h"

#include "buf.h"
#include "card.h"
#include "few_colours.h"
#include "letters.h"
#include "png_file.h"
#include "tame.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unicode/uloc.h>

enum { PNG_MAX_BYTES = 1 << 20, PDF_MAX_BYTES = 8 << 20 };

static const double pdf_scale = 420.0 / CARD_WIDTH; /* as wide as an A5 sheet, in points */

/* Draws r and returns its height in pixels. */
static double draw(cairo_t *cr, const struct recipe *r, bool dense)
{
	static void (*const kinds[])(struct card *, const struct recipe *) = {
		[RECIPE_PAYMENT] = card_payment, [RECIPE_STATUS] = card_status, [RECIPE_RECEIPT] = card_receipt};
	bool rtl = uloc_isRightToLeft(r->language);
	struct card c = {
		.cr = cr, .tints = card_tints(r->dark), .rtl = rtl, .dense = dense, .guests = TAME_MOST_GUESTS};

	c.letters = letters_for(r->language);
	pango_cairo_update_context(cr, c.letters);
	card_tint(&c, TINT_PAPER);
	cairo_paint(cr);
	card_box(&c, (struct box){0, 0, CARD_WIDTH, 8}, 0, TINT_MAIN);
	kinds[r->kind](&c, r);
	return c.y;
}

/* Draws r, dense when it would be too high; returns its height. */
static unsigned draw_fitting(cairo_t *cr, const struct recipe *r, bool *dense)
{
	double height = draw(cr, r, false);

	*dense = height > CARD_MOST_HEIGHT;
	if (*dense)
		height = draw(cr, r, true);
	assert(height <= CARD_MOST_HEIGHT);
	return (unsigned)height;
}

static bool can_be_drawn(const struct recipe *r)
{
	assert(r->n_rows <= RECIPE_MAX_ROWS && r->n_steps <= RECIPE_MAX_STEPS);
	return r->kind >= RECIPE_PAYMENT && r->kind <= RECIPE_RECEIPT && strnlen(r->qr, QR_MAX_TEXT + 1) <= QR_MAX_TEXT;
}

enum { CANVAS_STRIDE = CARD_WIDTH * 2 };

/* The process's one canvas, of the greatest height: a picture takes its upper part, for a card's height is known when
 * it is drawn. It is kept, because 2.5 MB of fresh memory for each picture take longer than drawing on them, and the
 * heap would stay as large anyway. */
static cairo_surface_t *canvas(void)
{
	static cairo_surface_t *surface;
	static uint16_t pixels[CARD_MOST_HEIGHT][CARD_WIDTH];

	_Static_assert(CARD_WIDTH * sizeof pixels[0][0] == CANVAS_STRIDE && CANVAS_STRIDE % 4 == 0,
		       "as cairo wants it");
	if (!surface)
		surface = cairo_image_surface_create_for_data((unsigned char *)pixels, CAIRO_FORMAT_RGB16_565,
							      CARD_WIDTH, CARD_MOST_HEIGHT, CANVAS_STRIDE);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		abort();
	return surface;
}

struct page {
	struct pixels pixels;
	struct few_colours few;
	unsigned char row[CARD_WIDTH];
};

static const unsigned char *page_row(void *self, unsigned y)
{
	struct page *page = self;

	if (!few_colours_same_row(&page->pixels, y))
		few_colours_row(&page->few, &page->pixels, y, page->row);
	return page->row;
}

static bool write_png(unsigned height, const struct recipe *r, struct buf *file)
{
	struct page *page = talloc(NULL, struct page);
	struct png_file png = {.width = CARD_WIDTH, .height = height, .row = page_row, .self = page};
	bool written;

	if (!page)
		abort();
	cairo_surface_flush(canvas());
	page->pixels = (struct pixels){(const uint16_t *)(const void *)cairo_image_surface_get_data(canvas()),
				       CARD_WIDTH, height};
	few_colours_choose(&page->few, card_tints(r->dark), TINT_COUNT, &page->pixels);
	png.bits = page->few.bits;
	png.colours = page->few.colours;
	png.n_colours = page->few.n;
	written = png_file_write(&png, file);
	talloc_free(page);
	return written;
}

/* Draws r on the canvas; returns its height, 0 when cairo could not. */
static unsigned draw_on_canvas(const struct recipe *r, bool *dense)
{
	cairo_t *cr = cairo_create(canvas());
	unsigned height = draw_fitting(cr, r, dense);
	bool drawn = cairo_status(cr) == CAIRO_STATUS_SUCCESS;

	cairo_destroy(cr);
	return drawn ? height : 0;
}

bool recipe_png(void *ctx, const struct recipe *r, struct picture *out)
{
	struct buf *file;
	unsigned height;
	bool dense;

	*out = (struct picture){0};
	if (!can_be_drawn(r))
		return false;
	height = draw_on_canvas(r, &dense);
	file = buf_new(ctx, PNG_MAX_BYTES);
	if (!height || !write_png(height, r, file))
		return false;
	*out = (struct picture){file->data, file->len, CARD_WIDTH, height};
	return true;
}

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned n)
{
	return buf_add(closure, bytes, n) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

bool recipe_pdf(void *ctx, const struct recipe *r, struct picture *out)
{
	struct buf *file;
	unsigned height;
	cairo_surface_t *surface;
	cairo_t *cr;
	bool written, dense;

	*out = (struct picture){0};
	if (!can_be_drawn(r))
		return false;
	/* The page must have its size before anything is on it. */
	height = draw_on_canvas(r, &dense);
	if (!height)
		return false;
	file = buf_new(ctx, PDF_MAX_BYTES);
	surface = cairo_pdf_surface_create_for_stream(take_bytes, file, CARD_WIDTH * pdf_scale, height * pdf_scale);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
	cr = cairo_create(surface);
	cairo_scale(cr, pdf_scale, pdf_scale);
	draw(cr, r, dense);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	written = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && !file->failed;
	cairo_surface_destroy(surface);
	if (!written)
		return false;
	*out = (struct picture){file->data, file->len, (unsigned)(CARD_WIDTH * pdf_scale),
				(unsigned)(height * pdf_scale)};
	return true;
}
