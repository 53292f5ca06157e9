/* QR pictures: their form, their modules, and that a reader reads them, also from half the size. */
#include "qr.h"
#include "tap.h"

#include <png.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

enum { QUIET = 4 };

static const char link_text[] = "https://t.me/separex_bot?start=d_7Q9FKX2MPT4ZB6_k3Jw9QmZr8v1Tn5Yx";

/* The picture as grey bytes, one a pixel, on ctx. */
static unsigned char *pixels_of(void *ctx, const struct picture *p)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	unsigned char *grey = talloc_size(ctx, (size_t)p->width * p->height);

	ck_assert(png_image_begin_read_from_memory(&image, p->bytes, p->n));
	ck_assert_uint_eq(image.width, p->width);
	ck_assert_uint_eq(image.height, p->height);
	image.format = PNG_FORMAT_GRAY;
	ck_assert(png_image_finish_read(&image, NULL, grey, (png_int_32)p->width, NULL));
	return grey;
}

static struct picture drawn(void *ctx, const char *text)
{
	struct picture p;

	ck_assert(qr_png(ctx, text, &p));
	ck_assert_uint_eq(p.width, p.height);
	ck_assert_uint_le(p.n, QR_MAX_PNG);
	return p;
}

/* Every pixel must be the module that the encoder chose, or white around them. */
static void check_modules(void *ctx, const char *text)
{
	struct picture p = drawn(ctx, text);
	unsigned char *grey = pixels_of(ctx, &p);
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	unsigned modules = (unsigned)code->width + 2 * QUIET, scale = p.width / modules;

	ck_assert_uint_eq(p.width, modules * scale);
	for (unsigned y = 0; y < p.height; y++)
		for (unsigned x = 0; x < p.width; x++) {
			int mx = (int)(x / scale) - QUIET, my = (int)(y / scale) - QUIET;
			bool inside = mx >= 0 && my >= 0 && mx < code->width && my < code->width;
			bool black = inside && (code->data[my * code->width + mx] & 1);

			ck_assert_uint_eq(grey[y * p.width + x], black ? 0 : 255);
		}
	QRcode_free(code);
}

START_TEST(modules_are_the_encoders)
{
	void *ctx = talloc_new(NULL);
	char longest[QR_MAX_TEXT + 1];

	memset(longest, 'x', QR_MAX_TEXT);
	longest[QR_MAX_TEXT] = '\0';
	check_modules(ctx, "1");
	check_modules(ctx, link_text);
	check_modules(ctx, longest);
	talloc_free(ctx);
}
END_TEST

START_TEST(a_link_is_small_and_about_500_pixels)
{
	void *ctx = talloc_new(NULL);
	struct picture p = drawn(ctx, link_text);
	const unsigned char *head = p.bytes;

	ck_assert_uint_lt(p.n, 3072);
	ck_assert_uint_ge(p.width, 450);
	ck_assert_uint_le(p.width, 550);
	ck_assert_int_eq(memcmp(head, "\x89PNG\r\n\x1a\n", 8), 0);
	ck_assert_uint_eq(head[24], 1); /* bits a pixel */
	ck_assert_uint_eq(head[25], PNG_COLOR_TYPE_PALETTE);
	talloc_free(ctx);
}
END_TEST

START_TEST(texts_out_of_bounds)
{
	struct picture p = {"x", 1, 1, 1};
	void *ctx = talloc_new(NULL);
	char text[QR_MAX_TEXT + 2];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	ck_assert(!qr_png(ctx, text, &p));
	ck_assert(p.bytes == NULL && p.n == 0 && p.width == 0);
	ck_assert(!qr_png(ctx, "", &p));
	ck_assert(!qr_png(ctx, NULL, &p));
	text[QR_MAX_TEXT] = '\0';
	ck_assert(qr_png(ctx, text, &p));
	ck_assert_uint_ge(p.width, 400);
	talloc_free(ctx);
}
END_TEST

/* --- read back by zbar, where it is installed --- */

/* What zbarimg prints of the file; false when it is not installed. */
static bool zbar_reads(const char *path, char *out, size_t size)
{
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(STDERR_FILENO); /* it complains about a desktop bus that is not there */
		close(ends[0]);
		close(ends[1]);
		execlp("zbarimg", "zbarimg", "-q", "--raw", path, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	n = read(ends[0], out, size - 1); /* one short line: it comes whole */
	close(ends[0]);
	out[n > 0 ? n : 0] = '\0';
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 127;
}

/* Writes a grey picture as PGM, `shrink` times smaller in each direction by averaging. */
static void write_pgm(FILE *f, const unsigned char *grey, unsigned side, unsigned shrink)
{
	unsigned small = side / shrink;

	fprintf(f, "P5\n%u %u\n255\n", small, small);
	for (unsigned y = 0; y < small; y++)
		for (unsigned x = 0; x < small; x++) {
			unsigned sum = 0;

			for (unsigned i = 0; i < shrink * shrink; i++)
				sum += grey[(y * shrink + i / shrink) * side + x * shrink + i % shrink];
			fputc((int)(sum / (shrink * shrink)), f);
		}
}

static void check_read_back(const char *text, unsigned shrink)
{
	void *ctx = talloc_new(NULL);
	struct picture p = drawn(ctx, text);
	char path[] = P_tmpdir "/separex-qr-XXXXXX", seen[QR_MAX_TEXT + 2] = "";
	int fd = mkstemp(path);
	bool installed;
	FILE *f;

	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "wb");
	write_pgm(f, pixels_of(ctx, &p), p.width, shrink);
	fclose(f);
	installed = zbar_reads(path, seen, sizeof seen);
	remove(path);
	seen[strcspn(seen, "\n")] = '\0';
	if (installed) /* else modules_are_the_encoders stands in for it */
		ck_assert_str_eq(seen, text);
	talloc_free(ctx);
}

START_TEST(a_reader_reads_it)
{
	check_read_back(link_text, 1);
	check_read_back(link_text, 2);
	check_read_back("https://separex.example/p/Zr8v1Tn5Yx0aBcDeFgHiJk", 1);
	check_read_back("https://separex.example/p/Zr8v1Tn5Yx0aBcDeFgHiJk", 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("qr");
	TCase *cases = tcase_create("qr");

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, modules_are_the_encoders);
	tcase_add_test(cases, a_link_is_small_and_about_500_pixels);
	tcase_add_test(cases, texts_out_of_bounds);
	tcase_add_test(cases, a_reader_reads_it);
	suite_add_tcase(suite, cases);
	return tap_run(suite);
}
