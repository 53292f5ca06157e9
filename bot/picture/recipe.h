/* What a picture is made of, as a value: a recipe is written by the transaction that decided to send it, kept as JSON
 * in the work row, and drawn when the row is sent. The words in it are finished: a picture phrases and formats nothing.
 */
#ifndef SEPAREX_RECIPE_H
#define SEPAREX_RECIPE_H

#include "picture.h"

#include <stdbool.h>
#include <stddef.h>

/* Numbers are stored in work rows: only add. */
enum recipe_kind {
	RECIPE_PAYMENT = 1, /* sum, deadline and the QR code of the payment page */
	RECIPE_STATUS = 2, /* the steps of a deal */
	RECIPE_RECEIPT = 3 /* what was settled, with the code by which /check confirms it */
};

/* Numbers are stored in work rows: only add. */
enum recipe_mark { MARK_DONE = 1, MARK_NOW = 2, MARK_AHEAD = 3, MARK_STOPPED = 4 };

enum {
	RECIPE_MAX_ROWS = 8,
	RECIPE_MAX_STEPS = 8,
	RECIPE_MAX_BYTES = 8192, /* of its JSON */
	QR_MAX_TEXT = 512 /* bytes; a worn phone camera still reads the code on its card */
};

struct recipe_row {
	const char *label, *value;
	bool strong; /* the sum that the eye looks for */
};

struct recipe_step {
	const char *label, *detail; /* detail "" for none */
	enum recipe_mark mark;
};

/* Texts are plain UTF-8 (isolates FSI…PDI allowed), "" where there is nothing to say, never NULL. Long ones are cut
 * with an ellipsis by the drawing, which takes only so much of a text as tame.h says. Rows are shown by payment and
 * receipt, steps by status. */
struct recipe {
	enum recipe_kind kind;
	const char *language; /* "fa", "en": decides direction and glyphs */
	bool dark;
	int emblem; /* see emblem.h; 0 for none */
	const char *emblem_name;
	const char *brand; /* our name */
	const char *heading; /* what kind of picture it is */
	const char *title; /* of the deal: a person's words */
	const char *sum, *sum_words;
	size_t n_rows;
	struct recipe_row rows[RECIPE_MAX_ROWS];
	size_t n_steps;
	struct recipe_step steps[RECIPE_MAX_STEPS];
	const char *qr; /* what the QR code says, at most QR_MAX_TEXT bytes */
	const char *code; /* of the deal or the receipt, shown in Latin letters */
	const char *foot;
};

/* JSON of `r`, and back; texts on ctx. Where all would pass RECIPE_MAX_BYTES the longest texts are cut, the QR code's
 * never. recipe_from_json is false for what is no recipe. */
char *recipe_to_json(const void *ctx, const struct recipe *r);
bool recipe_from_json(void *ctx, const char *json, struct recipe *out);

/* An indexed PNG 800 pixels wide and at most twice as high. The same recipe always gives the same bytes on one machine
 * (fonts differ between them). False, and `out` empty, when it cannot be drawn (a QR text too long). */
bool recipe_png(void *ctx, const struct recipe *r, struct picture *out);
/* One page, with text that can be searched; picture.width and height in points. */
bool recipe_pdf(void *ctx, const struct recipe *r, struct picture *out);

#endif
