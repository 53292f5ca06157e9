/* The QR codes of cards, read back by zbar: with every emblem in their middle, in both themes, at half the size, and
 * after the loss that a chat's JPEG brings. */
#include "emblem.h"
#include "picture_check.h"
#include "recipe.h"
#include "recipe_samples.h"
#include "tap.h"

enum { SHORT_URL = 60, LONG_URL = 200 };

static const char *url_of(void *ctx, int length, int number)
{
	char *url = talloc_asprintf(ctx, "https://separex.example/p/%02d", number);

	while ((int)strlen(url) < length)
		url = talloc_asprintf_append(url, "%c", "Zr8v1Tn5Yx0aBcDeFgHiJkLmNoPq"[strlen(url) % 28]);
	return url;
}

/* Draws the card of each emblem and theme into files that sort in this order; returns the lines that a reader shall
 * print for them. */
static char *draw_all(void *ctx, const char *dir, int length)
{
	char *lines = talloc_strdup(ctx, "");

	for (int i = 0; i < 2 * EMBLEM_COUNT; i++) {
		void *own = talloc_new(ctx);
		struct recipe r = i % 2 ? sample_payment_en() : sample_payment_fa();
		struct picture p;

		r.emblem = 1 + i / 2;
		r.qr = url_of(own, length, i);
		ck_assert_int_eq((int)strlen(r.qr), length);
		ck_assert(recipe_png(own, &r, &p));
		write_file(talloc_asprintf(own, "%s/%02d.png", dir, i), p.bytes, p.n);
		lines = talloc_asprintf_append(lines, "%s\n", r.qr);
		talloc_free(own);
	}
	return lines;
}

static void check_read_back(int length)
{
	void *ctx = talloc_new(NULL);
	char *dir = new_folder(ctx), *lines = draw_all(ctx, dir, length);
	const char *read = "zbarimg -q --raw '%s'/*.%s 2>/dev/null";

	ck_assert_str_eq(output_of(ctx, talloc_asprintf(ctx, read, dir, "png")), lines);
	if (installed("mogrify")) {
		output_of(ctx, talloc_asprintf(ctx, "mogrify -format jpg -quality 60 '%s'/*.png", dir));
		ck_assert_str_eq(output_of(ctx, talloc_asprintf(ctx, read, dir, "jpg")), lines);
		output_of(ctx, talloc_asprintf(ctx, "mogrify -resize 50%% '%s'/*.png", dir));
		ck_assert_str_eq(output_of(ctx, talloc_asprintf(ctx, read, dir, "png")), lines);
	}
	folder_gone(dir);
	talloc_free(ctx);
}

START_TEST(short_links_are_read_with_every_emblem)
{
	if (installed("zbarimg"))
		check_read_back(SHORT_URL);
}
END_TEST

START_TEST(long_links_are_read_with_every_emblem)
{
	if (installed("zbarimg"))
		check_read_back(LONG_URL);
}
END_TEST

START_TEST(the_receipts_small_code_is_read)
{
	void *ctx = talloc_new(NULL);
	struct recipe r = sample_receipt_fa();
	char *dir = new_folder(ctx), *command = talloc_asprintf(ctx, "zbarimg -q --raw '%s/a.png' 2>/dev/null", dir);
	struct picture p;

	ck_assert(recipe_png(ctx, &r, &p));
	write_file(talloc_asprintf(ctx, "%s/a.png", dir), p.bytes, p.n);
	if (installed("zbarimg"))
		ck_assert_str_eq(output_of(ctx, command), talloc_asprintf(ctx, "%s\n", r.qr));
	folder_gone(dir);
	talloc_free(ctx);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("recipe_qr");
	TCase *cases = tcase_create("recipe_qr");

	tcase_set_timeout(cases, 120);
	tcase_add_test(cases, short_links_are_read_with_every_emblem);
	tcase_add_test(cases, long_links_are_read_with_every_emblem);
	tcase_add_test(cases, the_receipts_small_code_is_read);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
