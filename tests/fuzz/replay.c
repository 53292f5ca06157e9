/* A fuzz target without a fuzzer: the program fuzz_NAME reads each file of tests/fuzz/corpus/NAME once, as TAP. What
 * was found once stays found. */
#include "fuzz.h"

#include <dirent.h>
#include <unistd.h>

enum { FILES_MOST = 1000, FILE_BYTES_MOST = 1 << 20, SECONDS_MOST = 120 };

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* One file; false when it cannot be read whole. */
static bool replay(const char *corpus, const char *name)
{
	char *path = talloc_asprintf(NULL, "%s/%s", corpus, name);
	uint8_t *bytes = talloc_array(path, uint8_t, FILE_BYTES_MOST);
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(bytes, 1, FILE_BYTES_MOST, f) : 0;
	bool fine = f && !ferror(f) && n < FILE_BYTES_MOST;
	uint8_t *exact = talloc_memdup(path, bytes, n ? n : 1);

	if (f)
		fclose(f);
	if (fine)
		LLVMFuzzerTestOneInput(exact, n);
	talloc_free(path);
	return fine;
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL, *own = slash ? slash + 1 : argv[0];
	char *corpus = talloc_asprintf(NULL, "tests/fuzz/corpus/%s", own + strlen("fuzz_"));
	struct dirent **files = NULL;
	int n = scandir(corpus, &files, no_dots, by_name), wrong = 0;

	if (n <= 0 || n > FILES_MOST) {
		printf("1..1\nnot ok 1 - %s holds no files, or too many\n", corpus);
		return EXIT_FAILURE;
	}
	alarm(SECONDS_MOST); /* a loop without end ends the test */
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		bool fine;

		fprintf(stderr, "%s/%s\n", corpus, files[i]->d_name);
		fine = replay(corpus, files[i]->d_name);
		printf("%sok %d - %s\n", fine ? "" : "not ", i + 1, files[i]->d_name);
		fflush(stdout);
		wrong += !fine;
		free(files[i]);
	}
	free(files);
	talloc_free(corpus);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
