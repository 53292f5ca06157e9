/* How long a picture takes and how large it is: picture [FOLDER], where FOLDER gets each picture as a file. Prints a
 * table of processor time, so that neighbours on the machine count less. The first picture of all is apart: it reads
 * the fonts. */
#include "recipe.h"
#include "unit/recipe_samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 200 };

typedef bool draw_function(void *ctx, const struct recipe *r, struct picture *out);

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double resident_mb(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (f) {
		if (fscanf(f, "%*d %ld", &pages) != 1)
			pages = 0;
		fclose(f);
	}
	return (double)(pages * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

static struct picture draw_once(void *ctx, draw_function *draw, const struct recipe *r)
{
	struct picture p;

	if (!draw(ctx, r, &p)) {
		fputs("picture: cannot be drawn\n", stderr);
		exit(1);
	}
	return p;
}

static void keep(const char *folder, const char *file, const struct picture *p)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, file);
	f = fopen(path, "wb");
	if (!f || fwrite(p->bytes, 1, p->n, f) != p->n || fclose(f)) {
		perror(path);
		exit(1);
	}
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(const char *folder, const char *file, draw_function *draw, const struct recipe *r)
{
	double took[ROUNDS], kb = 0;

	for (int i = 0; i < ROUNDS; i++) {
		void *ctx = talloc_new(NULL);
		double begun = now_ms();
		struct picture p = draw_once(ctx, draw, r);

		took[i] = now_ms() - begun;
		kb = (double)p.n / 1024;
		if (folder && !i)
			keep(folder, file, &p);
		talloc_free(ctx);
	}
	qsort(took, ROUNDS, sizeof took[0], ascending);
	printf("%-16s best %5.2f ms, half below %5.2f ms, 99 %% below %5.2f ms, %5.1f KB\n", file, took[0],
	       took[ROUNDS / 2], took[ROUNDS * 99 / 100], kb);
}

int main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : NULL;
	struct recipe payment = sample_payment_fa(), dark = sample_payment_en(), status = sample_status_fa(),
		      receipt = sample_receipt_fa();
	double before = resident_mb(), begun = now_ms();
	void *ctx = talloc_new(NULL);

	draw_once(ctx, recipe_png, &payment);
	printf("%-16s %7.2f ms, resident %.1f MB before and %.1f MB after it\n", "first picture", now_ms() - begun,
	       before, resident_mb());
	talloc_free(ctx);
	measure(folder, "payment-fa.png", recipe_png, &payment);
	measure(folder, "payment-en.png", recipe_png, &dark);
	measure(folder, "status-fa.png", recipe_png, &status);
	measure(folder, "receipt-fa.png", recipe_png, &receipt);
	measure(folder, "receipt-fa.pdf", recipe_pdf, &receipt);
	printf("%-16s resident %.1f MB\n", "at the end", resident_mb());
	return 0;
}
