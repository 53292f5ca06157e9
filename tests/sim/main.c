/* separex-sim: histories of the whole program, one for each seed. docs/simulator.md says how to read it. */
#include "simulator.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MISSED_MOST = 256 };

static const double year_ms = 365.25 * 24 * 3600 * 1000;

static double wall_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(const struct tally *t, int64_t seeds, double seconds)
{
	int missed[MISSED_MOST];
	size_t n = check_rows_missed(t, missed, MISSED_MOST);

	printf("%" PRId64 " seeds, %.2f simulated years in %.0f s (%.0f times as fast as time), %" PRId64
	       " deals, %" PRId64 " ended\n",
	       seeds, t->simulated_ms / year_ms, seconds, t->simulated_ms / 1000 / (seconds > 0 ? seconds : 1),
	       t->deals, t->ended);
	printf("%" PRId64 " updates, %" PRId64 " requests, %" PRId64 " steps, %" PRId64 " whole audits, %" PRId64
	       " rial paid out by the banks\n",
	       t->updates, t->requests, t->steps, t->audits, t->paid_out_rial);
	for (int i = 0; i < TROUBLES; i++)
		printf("%10" PRId64 "  %s\n", t->troubles[i], trouble_names[i]);
	printf("lines of the deal table not reached: %s", n ? "" : "none");
	for (size_t i = 0; i < n; i++)
		printf("%d ", missed[i]);
	printf("\n");
}

static int usage(void)
{
	fputs("usage: separex-sim [--seed S] [--seeds N] [--days D] [--calm] [--trace]\n"
	      "  --seed S   the first seed, 1 by default; one seed is one history, byte for byte\n"
	      "  --seeds N  so many, one after the other; 1 by default\n"
	      "  --days D   how long people begin new deals in each; 10 by default\n"
	      "  --calm     nothing goes wrong\n"
	      "  --trace    tells every event (and the program's log)\n"
	      "  --once     does not play a seed twice to prove that it is the same history\n",
	      stderr);
	return 2;
}

/* Every hundredth seed is played twice: it must be the same history. */
static bool same_again(const struct history_options *o, uint64_t hash)
{
	struct tally scratch = {0};
	char wrong[2000];
	uint64_t again;

	history_play(o, &scratch, &again, wrong);
	if (again == hash)
		return true;
	printf("seed %" PRIu64 ": two plays of it differ (%016" PRIx64 ", %016" PRIx64 ")\n", o->seed, hash, again);
	return false;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"seed", required_argument, NULL, 's'},
						{"seeds", required_argument, NULL, 'n'},
						{"days", required_argument, NULL, 'd'},
						{"calm", no_argument, NULL, 'c'},
						{"trace", no_argument, NULL, 't'},
						{"once", no_argument, NULL, 'o'},
						{NULL, 0, NULL, 0}};
	struct history_options o = {.seed = 1, .days = 10, .weather = true};
	struct tally tally = {0};
	int64_t seeds = 1, failed = 0;
	bool once = false;
	double began = wall_s();
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			o.seed = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			seeds = strtoll(optarg, NULL, 10);
		else if (c == 'd')
			o.days = strtoll(optarg, NULL, 10);
		else if (c == 'c')
			o.weather = false;
		else if (c == 't')
			o.trace = stdout;
		else if (c == 'o')
			once = true;
		else
			return usage();
	}
	if (optind != argc || seeds < 1 || o.days < 1)
		return usage();
	for (int64_t i = 0; i < seeds; i++, o.seed++) {
		char wrong[2000];
		uint64_t hash;

		if (!history_play(&o, &tally, &hash, wrong)) {
			printf("%s\n", wrong);
			failed++;
		} else if (!once && i % 100 == 0 && !same_again(&o, hash)) {
			failed++;
		}
		fflush(stdout);
	}
	report(&tally, seeds, wall_s() - began);
	if (failed)
		printf("%" PRId64 " seeds FAILED\n", failed);
	return failed ? 1 : 0;
}
