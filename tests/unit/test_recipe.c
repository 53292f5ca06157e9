/* Recipes: as JSON, and as pictures that hold their form whatever is written on them. */
#include "card.h"
#include "emblem.h"
#include "emblem_draw.h"
#include "picture_check.h"
#include "recipe.h"
#include "recipe_samples.h"
#include "tap.h"
#include "utf8.h"

static struct recipe (*const samples[])(void) = {sample_payment_fa, sample_payment_en, sample_status_fa,
						 sample_receipt_fa};
enum { SAMPLES = 4 };

/* --- JSON --- */

static void check_same(const struct recipe *a, const struct recipe *b)
{
	ck_assert_int_eq(a->kind, b->kind);
	ck_assert_int_eq(a->dark, b->dark);
	ck_assert_int_eq(a->emblem, b->emblem);
	ck_assert_str_eq(a->language, b->language);
	ck_assert_str_eq(a->emblem_name, b->emblem_name);
	ck_assert_str_eq(a->brand, b->brand);
	ck_assert_str_eq(a->heading, b->heading);
	ck_assert_str_eq(a->title, b->title);
	ck_assert_str_eq(a->sum, b->sum);
	ck_assert_str_eq(a->sum_words, b->sum_words);
	ck_assert_str_eq(a->qr, b->qr);
	ck_assert_str_eq(a->code, b->code);
	ck_assert_str_eq(a->foot, b->foot);
	ck_assert_uint_eq(a->n_rows, b->n_rows);
	ck_assert_uint_eq(a->n_steps, b->n_steps);
	for (size_t i = 0; i < a->n_rows; i++) {
		ck_assert_str_eq(a->rows[i].label, b->rows[i].label);
		ck_assert_str_eq(a->rows[i].value, b->rows[i].value);
		ck_assert_int_eq(a->rows[i].strong, b->rows[i].strong);
	}
	for (size_t i = 0; i < a->n_steps; i++) {
		ck_assert_str_eq(a->steps[i].label, b->steps[i].label);
		ck_assert_str_eq(a->steps[i].detail, b->steps[i].detail);
		ck_assert_int_eq(a->steps[i].mark, b->steps[i].mark);
	}
}

START_TEST(json_brings_a_recipe_back)
{
	for (int i = 0; i < SAMPLES; i++) {
		void *ctx = talloc_new(NULL);
		struct recipe r = samples[i](), back;

		r.rows[0].value = "a \"quoted\" \\ value";
		ck_assert(recipe_from_json(ctx, recipe_to_json(ctx, &r), &back));
		check_same(&r, &back);
		talloc_free(ctx);
	}
}
END_TEST

START_TEST(json_of_a_huge_recipe_fits_and_keeps_its_link)
{
	void *ctx = talloc_new(NULL);
	struct recipe r = sample_receipt_fa(), back;
	char *huge = talloc_strdup(ctx, ""), *link = talloc_size(ctx, QR_MAX_TEXT + 1), *json;

	for (int i = 0; i < 600; i++)
		huge = talloc_strdup_append(huge, i % 2 ? "\x01" : "😀");
	memset(link, 'x', QR_MAX_TEXT);
	link[QR_MAX_TEXT] = '\0';
	r.n_rows = RECIPE_MAX_ROWS;
	r.n_steps = RECIPE_MAX_STEPS;
	r.qr = link;
	r.title = r.foot = r.brand = r.heading = r.code = r.sum = r.sum_words = r.emblem_name = huge;
	for (int i = 0; i < RECIPE_MAX_ROWS; i++) {
		r.rows[i] = (struct recipe_row){huge, huge, true};
		r.steps[i] = (struct recipe_step){huge, huge, MARK_AHEAD};
	}
	json = recipe_to_json(ctx, &r);
	ck_assert_uint_le(strlen(json), RECIPE_MAX_BYTES);
	ck_assert(recipe_from_json(ctx, json, &back));
	ck_assert_str_eq(back.qr, link);
	ck_assert_uint_gt(strlen(back.title), 0);
	ck_assert_uint_eq(back.n_steps, RECIPE_MAX_STEPS);
	talloc_free(ctx);
}
END_TEST

START_TEST(garbage_is_no_recipe)
{
	static const char *const garbage[] = {
		"",
		"{",
		"[]",
		"{}",
		"null",
		"{\"kind\":0}",
		"{\"kind\":4}",
		"{\"kind\":\"1\"}",
		"{\"kind\":1,\"emblem\":17}",
		"{\"kind\":1,\"emblem\":-1}",
		"{\"kind\":1,\"rows\":{}}",
		"{\"kind\":1,\"rows\":[1]}",
		"{\"kind\":1,\"rows\":[{},{},{},{},{},{},{},{},{}]}",
		"{\"kind\":2,\"steps\":[{\"mark\":0}]}",
		"{\"kind\":2,\"steps\":[{\"mark\":5}]}",
		"{\"kind\":2,\"steps\":[{}]}",
		"{\"kind\":2,\"steps\":[7]}",
	};
	void *ctx = talloc_new(NULL);
	struct recipe r;
	char *long_json = talloc_strdup(ctx, "{\"kind\":1}");

	for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++)
		ck_assert_msg(!recipe_from_json(ctx, garbage[i], &r), "taken: %s", garbage[i]);
	ck_assert(!recipe_from_json(ctx, NULL, &r));
	ck_assert(recipe_from_json(ctx, long_json, &r));
	ck_assert_str_eq(r.title, "");
	ck_assert_str_eq(r.language, "");
	while (strlen(long_json) <= RECIPE_MAX_BYTES)
		long_json = talloc_strdup_append(long_json, "                ");
	ck_assert(!recipe_from_json(ctx, long_json, &r));
	talloc_free(ctx);
}
END_TEST

/* --- pictures --- */

static struct picture drawn(void *ctx, const struct recipe *r)
{
	struct picture p;
	struct rgb_image image;

	ck_assert(recipe_png(ctx, r, &p));
	image = decoded(ctx, p.bytes, p.n);
	ck_assert_uint_eq(image.width, p.width);
	ck_assert_uint_eq(image.height, p.height);
	ck_assert_uint_eq(p.width, CARD_WIDTH);
	ck_assert_uint_le(p.height, 2 * p.width);
	return p;
}

START_TEST(ordinary_cards_are_small_indexed_and_always_the_same)
{
	for (int i = 0; i < SAMPLES; i++) {
		void *ctx = talloc_new(NULL);
		struct recipe r = samples[i]();
		struct picture p = drawn(ctx, &r), again;
		const unsigned char *head = p.bytes;

		ck_assert_uint_le(p.n, 25 * 1024);
		ck_assert_uint_ge(p.height, p.width);
		ck_assert_int_eq(memcmp(head, "\x89PNG\r\n\x1a\n", 8), 0);
		ck_assert_uint_eq(head[24], 4); /* bits a pixel */
		ck_assert_uint_eq(head[25], PNG_COLOR_TYPE_PALETTE);
		/* Nothing of another card may stay on the canvas. */
		drawn(ctx, &(struct recipe){.kind = RECIPE_RECEIPT,
					    .dark = true,
					    .language = "fa",
					    .emblem_name = "",
					    .brand = "x",
					    .heading = "",
					    .title = "",
					    .sum = "",
					    .sum_words = "",
					    .qr = "",
					    .code = "",
					    .foot = ""});
		ck_assert(recipe_png(ctx, &r, &again));
		ck_assert_uint_eq(again.n, p.n);
		ck_assert_int_eq(memcmp(again.bytes, p.bytes, p.n), 0);
		talloc_free(ctx);
	}
}
END_TEST

START_TEST(what_cannot_be_drawn_is_said)
{
	void *ctx = talloc_new(NULL);
	struct recipe r = sample_payment_fa();
	struct picture p = {"x", 1, 1, 1};
	char *text = talloc_size(ctx, QR_MAX_TEXT + 2);

	memset(text, 'x', QR_MAX_TEXT + 1);
	text[QR_MAX_TEXT + 1] = '\0';
	r.qr = text;
	ck_assert(!recipe_png(ctx, &r, &p));
	ck_assert(p.bytes == NULL && p.n == 0 && p.width == 0);
	ck_assert(!recipe_pdf(ctx, &r, &p));
	text[QR_MAX_TEXT] = '\0';
	drawn(ctx, &r);
	r.kind = (enum recipe_kind)7;
	ck_assert(!recipe_png(ctx, &r, &p));
	talloc_free(ctx);
}
END_TEST

static const char *repeated(void *ctx, const char *piece, int times)
{
	char *all = talloc_strdup(ctx, "");

	for (int i = 0; i < times; i++)
		all = talloc_strdup_append(all, piece);
	return all;
}

enum { HOSTILE = 16 };

static const char *hostile(void *ctx, int i)
{
	switch (i) {
	case 0:
		return repeated(ctx, "😀🎉", 100);
	case 1:
		return repeated(ctx, "ا", 600);
	case 2:
		return repeated(ctx, "W", 600);
	case 3:
		return "\u202eRLO سلام \u2067abc (x) \u2069\u2069\u2069 [علی] 12,500 «x» \u202d\u202a";
	case 4:
		return repeated(ctx, "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u0310", 60);
	case 5:
		return repeated(ctx, "👨‍👩‍👧‍👦", 50);
	case 6:
		return repeated(ctx, "漢हไעሀქΩЖবગਗதతಕമසမខລབ", 12);
	case 7:
		return repeated(ctx, "line\nline\r\u2028\u2029\xc2\x85\t\v\f\x1b[31m", 20);
	case 8:
		return repeated(ctx, "\xff\xfe\xc0\x80\xed\xa0\x80\xf5", 40);
	case 9:
		return repeated(ctx, "\u0301\u064b\u0670\u06d6", 150);
	case 10:
		return repeated(ctx, "\u200d\u200c\u200b\ufeff", 150);
	case 11:
		return repeated(ctx, "كـ", 300);
	case 12:
		return repeated(ctx, "\uffff\U0010ffff\ue000", 80);
	case 13:
		return repeated(ctx, "ﷺ﷽", 300);
	case 14:
		return repeated(ctx, "<b>&amp;%s%n{}\\", 40);
	default:
		return " ";
	}
}

START_TEST(hostile_texts_anywhere_are_drawn_within_bounds)
{
	for (int i = 0; i < HOSTILE * SAMPLES; i++) {
		void *ctx = talloc_new(NULL);
		struct recipe r = samples[i / HOSTILE]();
		const char *text = hostile(ctx, i % HOSTILE);

		r.title = r.foot = r.brand = r.heading = r.code = r.sum = r.sum_words = r.emblem_name = text;
		r.n_rows = RECIPE_MAX_ROWS;
		r.n_steps = RECIPE_MAX_STEPS;
		for (int n = 0; n < RECIPE_MAX_ROWS; n++) {
			r.rows[n] = (struct recipe_row){text, text, n % 2};
			r.steps[n] = (struct recipe_step){text, text, (enum recipe_mark)(1 + n % 4)};
		}
		if (i % 3 == 0)
			r.qr = repeated(ctx, "x", QR_MAX_TEXT);
		ck_assert_uint_le(drawn(ctx, &r).n, 200 * 1024);
		talloc_free(ctx);
	}
}
END_TEST

/* Whether two pixels look alike: palettes differ a little from picture to picture. */
static bool alike(const unsigned char *a, const unsigned char *b)
{
	for (int i = 0; i < 3; i++)
		if (abs(a[i] - b[i]) > 96)
			return false;
	return true;
}

/* A hostile title of two lines may change nothing but its two lines: all else is where it is with a good one. */
START_TEST(a_hostile_title_stays_in_its_place)
{
	void *ctx = talloc_new(NULL);
	struct recipe r = sample_payment_fa();
	struct picture p = drawn(ctx, &r);
	struct rgb_image good = decoded(ctx, p.bytes, p.n);
	static const int two_lines[] = {1, 2, 11, 14};
	const unsigned top = 206, bottom = 206 + 2 * 58;

	for (int i = 0; i < 4; i++) {
		struct rgb_image bad;
		unsigned differ = 0;

		r.title = hostile(ctx, two_lines[i]);
		p = drawn(ctx, &r);
		bad = decoded(ctx, p.bytes, p.n);
		ck_assert_uint_eq(bad.height, good.height);
		for (unsigned at = 0; at < good.width * good.height; at++) {
			unsigned y = at / good.width;

			if (y < top || y >= bottom)
				differ += !alike(good.rgb + 3 * (size_t)at, bad.rgb + 3 * (size_t)at);
		}
		/* Some shades of an edge may go another way; a moved hair line alone would be 1400 pixels. */
		ck_assert_msg(differ < 300, "title %d changes %u pixels elsewhere", two_lines[i], differ);
	}
	talloc_free(ctx);
}
END_TEST

/* --- PDF --- */

START_TEST(pdfs_have_one_page_and_text)
{
	void *ctx = talloc_new(NULL);
	char *dir = new_folder(ctx), *file = talloc_asprintf(ctx, "%s/a.pdf", dir);
	struct recipe fa = sample_receipt_fa(), en = sample_payment_en();
	struct picture p, again;

	ck_assert(recipe_pdf(ctx, &en, &p));
	ck_assert(recipe_pdf(ctx, &en, &again));
	ck_assert_int_eq(memcmp(p.bytes, "%PDF-", 5), 0);
	ck_assert_uint_eq(p.n, again.n);
	ck_assert_int_eq(memcmp(p.bytes, again.bytes, p.n), 0);
	ck_assert_uint_le(p.height, 2 * p.width);
	write_file(file, p.bytes, p.n);
	if (installed("pdftotext")) {
		const char *info, *text = output_of(ctx, talloc_asprintf(ctx, "pdftotext -raw '%s' -", file));

		ck_assert_ptr_nonnull(strstr(text, "Samsung Galaxy A54"));
		ck_assert_ptr_nonnull(strstr(text, "18,685,000 toman"));
		ck_assert(recipe_pdf(ctx, &fa, &p));
		write_file(file, p.bytes, p.n);
		text = output_of(ctx, talloc_asprintf(ctx, "pdftotext '%s' -", file));
		ck_assert_ptr_nonnull(strstr(text, fa.code));
		ck_assert_ptr_nonnull(strstr(text, "سپارکس"));
		info = output_of(ctx, talloc_asprintf(ctx, "pdfinfo '%s'", file));
		ck_assert_ptr_nonnull(strstr(info, "Pages:           1\n"));
	}
	folder_gone(dir);
	talloc_free(ctx);
}
END_TEST

/* --- golden pictures, which were looked at --- */

/* How many of a thousand pixels may differ: none do with the same fonts; another version of a font moves the edges of
 * letters, which are some percent of a card, while a broken letter, a lost part or a moved line is more than this. */
enum { MOST_PER_MILLE = 15 };

static void compare_golden(void *ctx, const char *name, const void *bytes, size_t n)
{
	const char *root = getenv("SEPAREX_SOURCE"), *renew = getenv("GOLDEN");
	char *path = talloc_asprintf(ctx, "%s/tests/unit/golden/%s.png", root ? root : ".", name), *golden;
	struct rgb_image a = decoded(ctx, bytes, n), b;
	unsigned differ = 0, all = a.width * a.height;

	if (renew && !strcmp(renew, "renew"))
		write_file(path, bytes, n);
	golden = read_whole(ctx, path, &n);
	ck_assert_msg(golden, "%s is missing; GOLDEN=renew makes it", path);
	b = decoded(ctx, golden, n);
	ck_assert_uint_eq(a.width, b.width);
	ck_assert_uint_eq(a.height, b.height);
	for (unsigned at = 0; at < all; at++)
		differ += !alike(a.rgb + 3 * (size_t)at, b.rgb + 3 * (size_t)at);
	ck_assert_msg(differ <= all / 1000 * MOST_PER_MILLE, "%s: %u of %u pixels differ; look, then GOLDEN=renew",
		      name, differ, all);
}

static cairo_status_t add_bytes(void *file, const unsigned char *bytes, unsigned n)
{
	return fwrite(bytes, 1, n, file) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* All emblems, large and at 48 pixels, as a PNG on ctx. */
static char *emblem_sheet(void *ctx, size_t *n)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 8 * 100, 2 * 100 + 56);
	cairo_t *cr = cairo_create(surface);
	char *bytes = NULL, *copy;
	FILE *f = open_memstream(&bytes, n);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	for (int i = 0; i <= EMBLEM_COUNT + 1; i++) { /* the first and last are none */
		emblem_draw(cr, i, (i + 7) % 8 * 100 + 8, (i + 7) / 8 * 100 - 92, 84);
		emblem_draw(cr, i, (i - 1) * 50 + 1, 204, 48);
	}
	ck_assert_int_eq(cairo_surface_write_to_png_stream(surface, add_bytes, f), CAIRO_STATUS_SUCCESS);
	fclose(f);
	copy = talloc_memdup(ctx, bytes, *n);
	free(bytes);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return copy;
}

START_TEST(pictures_look_as_they_were_seen)
{
	static const char *const names[SAMPLES] = {"payment-fa", "payment-en-dark", "status-fa", "receipt-fa"};
	void *ctx = talloc_new(NULL);
	size_t n;
	char *sheet = emblem_sheet(ctx, &n);

	compare_golden(ctx, "emblems", sheet, n);
	for (int i = 0; i < SAMPLES; i++) {
		struct recipe r = samples[i]();
		struct picture p = drawn(ctx, &r);

		compare_golden(ctx, names[i], p.bytes, p.n);
	}
	talloc_free(ctx);
}
END_TEST

START_TEST(emblems_have_signs)
{
	for (int i = 1; i <= EMBLEM_COUNT; i++) {
		ck_assert_str_ne(emblem_sign(i), "");
		ck_assert(utf8_valid(emblem_sign(i), strlen(emblem_sign(i))));
		for (int other = 1; other < i; other++)
			ck_assert_str_ne(emblem_sign(i), emblem_sign(other));
	}
	ck_assert_str_eq(emblem_sign(0), "");
	ck_assert_str_eq(emblem_sign(-1), "");
	ck_assert_str_eq(emblem_sign(EMBLEM_COUNT + 1), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recipe");
	TCase *cases = tcase_create("recipe");

	tcase_set_timeout(cases, 180);
	tcase_add_test(cases, json_brings_a_recipe_back);
	tcase_add_test(cases, json_of_a_huge_recipe_fits_and_keeps_its_link);
	tcase_add_test(cases, garbage_is_no_recipe);
	tcase_add_test(cases, ordinary_cards_are_small_indexed_and_always_the_same);
	tcase_add_test(cases, what_cannot_be_drawn_is_said);
	tcase_add_test(cases, hostile_texts_anywhere_are_drawn_within_bounds);
	tcase_add_test(cases, a_hostile_title_stays_in_its_place);
	tcase_add_test(cases, pdfs_have_one_page_and_text);
	tcase_add_test(cases, pictures_look_as_they_were_seen);
	tcase_add_test(cases, emblems_have_signs);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
